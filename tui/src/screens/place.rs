//! The places one can be at: a list each, with records over it.

use clinic_shared::Role;

use super::{finder, list, today};
use crate::app::Model;
use crate::command::Scope;
use crate::effect::{Effect, Slot};

/// Where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Place {
    /// The flow board of a day.
    #[default]
    Today,
    /// Whose turn it is with a doctor.
    Queue,
    /// Everybody with a record.
    Patients,
    /// Who can be booked.
    Doctors,
    /// What people wrote to the clinic.
    Contacts,
    /// Who can sign in; for admins.
    Users,
    /// Where one is signed in oneself.
    Sessions,
    /// Who waits for an earlier time.
    Waitlist,
    /// What an admin decides.
    Decisions,
    /// Who did or read what; for admins.
    Audit,
}

impl Place {
    /// The places of the front desk, in the order of the header.
    pub(crate) const ALL: [Place; 4] = [
        Place::Today,
        Place::Patients,
        Place::Doctors,
        Place::Contacts,
    ];

    /// Where somebody of this role begins.
    pub(crate) const fn home(role: Role) -> Place {
        match role {
            Role::Doctor => Place::Queue,
            _ => Place::Today,
        }
    }

    /// Whether somebody of this role has business there.
    pub(crate) const fn is_for(self, role: Role) -> bool {
        role.is_staff() || matches!(self, Place::Queue | Place::Sessions)
    }

    /// The places that the header shows: those of the front desk, or a doctor's queue, and where
    /// one is beside them.
    pub(crate) fn shown(model: &Model) -> Vec<Place> {
        let mut shown = match super::queue::is_doctor(model) {
            true => vec![Place::Queue],
            false => Place::ALL.to_vec(),
        };
        if !shown.contains(&model.place) {
            shown.push(model.place);
        }
        shown
    }

    /// Its name in the header.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Place::Today => "Today",
            Place::Queue => "Queue",
            Place::Patients => "Patients",
            Place::Doctors => "Doctors",
            Place::Contacts => "Contacts",
            Place::Users => "Accounts",
            Place::Sessions => "Sessions",
            Place::Waitlist => "Waiting",
            Place::Decisions => "Decisions",
            Place::Audit => "Audit",
        }
    }

    /// The name of the command that goes there.
    pub(crate) const fn command(self) -> &'static str {
        match self {
            Place::Today => "go.today",
            Place::Queue => "go.queue",
            Place::Patients => "go.patients",
            Place::Doctors => "go.doctors",
            Place::Contacts => "go.contacts",
            Place::Users => "go.users",
            Place::Sessions => "go.sessions",
            Place::Waitlist => "go.waitlist",
            Place::Decisions => "go.decisions",
            Place::Audit => "go.audit",
        }
    }

    /// The scope of its keys.
    pub(crate) const fn scope(self) -> Scope {
        match self {
            Place::Today => Scope::Today,
            Place::Queue => Scope::Queue,
            Place::Patients => Scope::Patients,
            Place::Doctors => Scope::Doctors,
            Place::Contacts => Scope::Contacts,
            Place::Users => Scope::Users,
            Place::Sessions => Scope::Sessions,
            Place::Waitlist => Scope::Waitlist,
            Place::Decisions => Scope::Decisions,
            Place::Audit => Scope::Audit,
        }
    }

    /// What can be done with its list.
    pub(crate) fn list(self) -> &'static dyn list::Acts {
        list::of(self)
    }
}

/// Goes to a place, over which nothing lies then, and asks for its list anew. Its selection, its
/// search and its filter are as they were left, and what is typed is a new search; its day is today.
/// At the patients that search has the cursor, wherever it was left: a name is typed blind there.
pub(crate) fn go(model: &mut Model, place: Place) -> Vec<Effect> {
    let mut effects = Vec::new();
    for slot in [Slot::Record, Slot::Duplicates, Slot::More, Slot::Refresh] {
        effects.extend(model.abandon(slot));
    }
    model.layers.clear();
    model.place.list().forget_enter(model);
    model.place = place;
    finder::used(model);
    match place {
        Place::Today => today::choose_today(model),
        Place::Patients => finder::focus(model),
        _ => {}
    }
    effects.extend(list::refresh(model));
    effects
}
