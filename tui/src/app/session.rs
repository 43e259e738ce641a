//! Who is signed in: at the start, when the session ends, and after the password.

use clinic_shared::Role;
use clinic_shared::client::Error;
use clinic_shared::v1::user::Me;

use super::{Model, Tone, link, lock};
use crate::credentials::{CredentialError, Kept};
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::profiles::ServerProfile;
use crate::screens::away::Days;
use crate::screens::contacts::Contacts;
use crate::screens::deeds::Deeds;
use crate::screens::doctors::Doctors;
use crate::screens::own_sessions::OwnSessions;
use crate::screens::patients::Patients;
use crate::screens::place::Place;
use crate::screens::queue::Turns;
use crate::screens::today::Today;
use crate::screens::users::Users;
use crate::screens::waitlist::Waitlist;
use crate::screens::windows::Windows;
use crate::screens::{ask, deeds, list, patient_form, signin};
use crate::screens::{audit::Audit, decisions::Decisions};

/// Whose session this is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Session {
    /// The kept session is being asked for; the name it is kept under, or none if the tokens are
    /// in the client already.
    Opening(Option<String>),
    /// Signed in.
    In(Box<Me>),
    /// It ran out; the screen stays.
    Ended(Box<Me>),
    /// The screen is covered until the password is typed again.
    Locked(Box<Me>),
    /// Nobody.
    Out,
}

impl Session {
    /// Whose screen this is, signed in or to be signed in again.
    pub(crate) fn who(&self) -> Option<&Me> {
        match self {
            Session::In(who) | Session::Ended(who) | Session::Locked(who) => Some(who),
            Session::Opening(_) | Session::Out => None,
        }
    }

    /// Whether calls can be made.
    pub(crate) const fn is_in(&self) -> bool {
        matches!(self, Session::In(_))
    }

    /// Whether the screen is covered.
    pub(crate) const fn is_locked(&self) -> bool {
        matches!(self, Session::Locked(_))
    }
}

/// The person's name as the header shows it.
pub(crate) fn display_name(me: &Me) -> String {
    let name = format!("{} {}", me.first_name.trim(), me.last_name.trim());
    let name = name.trim();
    if name.is_empty() {
        me.username.clone()
    } else {
        name.to_owned()
    }
}

pub(super) fn start(model: &mut Model) -> Vec<Effect> {
    match &model.session {
        Session::In(who) => match not_for(who) {
            Some(why) => turn_away(model, why),
            None => list::refresh(model),
        },
        Session::Opening(Some(user)) => {
            let call = Call::Restore {
                server: model.server.clone(),
                user: user.clone(),
            };
            vec![model.call(Slot::Session, call)]
        }
        Session::Opening(None) => vec![model.call(Slot::Session, Call::Me)],
        Session::Ended(_) | Session::Locked(_) | Session::Out => Vec::new(),
    }
}

/// The end of a call in [`Slot::Session`].
pub(super) fn land(model: &mut Model, call: Call, result: Result<Reply, Error>) -> Vec<Effect> {
    match result {
        Ok(Reply::SignedIn { who, kept }) => {
            let mut is_elsewhere = false;
            if let Call::SignIn { server, user, .. } | Call::VerifyCode { server, user, .. } = call
            {
                is_elsewhere = model.server != server;
                note_server(model, &server, user);
                model.server = server;
            }
            if let Some(why) = not_for(&who) {
                model.session = Session::In(who);
                let effects = sign_out(model);
                signin::say(model, why);
                return effects;
            }
            let mut effects = Vec::new();
            if is_elsewhere {
                // What was on the screen is another clinic's.
                effects = forget(model);
            }
            effects.extend(signed_in(model, who));
            say_where_kept(model, kept);
            effects
        }
        Ok(Reply::Restored(Some(who)) | Reply::Me(who)) => signed_in(model, who),
        Ok(Reply::SignedOut { forgotten }) => {
            if !forgotten {
                model.toast(
                    Tone::Warning,
                    "Signed out, but the keyring still holds the token.",
                );
            }
            Vec::new()
        }
        Ok(Reply::CodeAsked) => {
            if let Call::SignIn { server, user, .. } = call {
                ask::login_code(model, server, user);
            }
            Vec::new()
        }
        Ok(Reply::CodeSent) => {
            ask::code_sent(model, call);
            Vec::new()
        }
        Ok(Reply::PasswordSet) => {
            ask::password_set(model, call);
            Vec::new()
        }
        Err(error) if call.is_asked() => {
            ask::failed(model, &error);
            Vec::new()
        }
        // The sign-in is up already; the server ends the session by itself in time.
        Err(_) if matches!(call, Call::SignOut { .. }) => {
            model.toast(
                Tone::Warning,
                "Signed out here, but the server could not be told.",
            );
            Vec::new()
        }
        Err(error) if matches!(call, Call::SignIn { .. }) => {
            signin::failed(model, &error);
            Vec::new()
        }
        Ok(_) | Err(Error::SignedOut) => {
            model.session = Session::Out;
            signin::open(model, None);
            Vec::new()
        }
        Err(Error::Unreachable(why)) => {
            link::lost(model, Slot::Session, call, why);
            Vec::new()
        }
        Err(error) => {
            model.session = Session::Out;
            signin::open(model, Some(error.to_string()));
            Vec::new()
        }
    }
}

/// Why this person can't work here, if so: the server shows the desk to who works at the clinic.
fn not_for(who: &Me) -> Option<String> {
    (who.role == Role::Patient).then(|| {
        format!(
            "The front desk is for who works at the clinic; {} is a {}.",
            who.username, who.role
        )
    })
}

/// Shows the sign-in to somebody whose kept session is none for the desk. The session itself
/// stays: the subcommands may be using it.
fn turn_away(model: &mut Model, why: String) -> Vec<Effect> {
    let effects = clear(model);
    signin::say(model, why);
    effects
}

fn signed_in(model: &mut Model, who: Box<Me>) -> Vec<Effect> {
    if let Some(why) = not_for(&who) {
        return turn_away(model, why);
    }
    let mut effects = Vec::new();
    if model
        .session
        .who()
        .is_some_and(|before| before.id != who.id)
    {
        // What was on the screen, typed, or asked for was another person's.
        effects.extend(forget(model));
        model.place = Place::home(who.role);
        model.toast(Tone::Info, format!("You are {} now.", display_name(&who)));
    }
    if !model.place.is_for(who.role) {
        effects.extend(forget(model));
        model.place = Place::home(who.role);
    }
    let was_locked = model.session.is_locked();
    model.session = Session::In(who);
    if was_locked {
        lock::uncovered(model);
    }
    model.touched = model.now;
    model.layers.retain(|layer| match layer {
        Layer::SignIn(_) => false,
        Layer::Ask(ask) => !ask.kind.is_sign_in(),
        _ => true,
    });
    effects.extend(link::answered(model));
    effects.extend(link::ask_missed(model));
    effects.extend(deeds::again(model));
    effects.extend(patient_form::again(model));
    if !model.flights.is_flying(Slot::List) {
        effects.extend(list::refresh(model));
    }
    effects
}

/// The list of servers knows who signed in last, as the file does by now.
fn note_server(model: &mut Model, url: &str, user: String) {
    let user = Some(user);
    match model.servers.iter_mut().find(|known| known.url == url) {
        Some(known) => known.user = user,
        None => model.servers.push(ServerProfile {
            name: None,
            url: url.to_owned(),
            user,
        }),
    }
}

fn say_where_kept(model: &mut Model, kept: Result<Kept, CredentialError>) {
    match kept {
        Ok(kept) if kept.outlives_this_run() => {
            model.toast(
                Tone::Done,
                format!("Signed in; the session is kept {kept}."),
            );
        }
        Ok(Kept::Memory) => model.toast(
            Tone::Info,
            "Signed in. This machine has no keyring, so Clinic will ask for the password at \
             the next start.",
        ),
        Ok(kept) => model.toast(
            Tone::Info,
            format!("Signed in; the session is kept {kept}."),
        ),
        Err(error) => {
            model.toast(
                Tone::Warning,
                format!("Signed in for this run only. {error}"),
            );
        }
    }
}

/// A call found the session at its end.
pub(super) fn ended(model: &mut Model, slot: Slot, call: Call) {
    if call.is_read() && !matches!(slot, Slot::Link | Slot::Refresh) {
        model.missed.insert(slot, call);
    }
    ended_elsewhere(model);
}

/// The session has ended: the password is asked for over the screen as it is.
pub(super) fn ended_elsewhere(model: &mut Model) {
    if let Session::In(who) = &model.session {
        model.session = Session::Ended(who.clone());
        // A message may name a patient.
        model.toasts.clear();
    }
    let asked = model
        .layers
        .iter()
        .any(|layer| matches!(layer, Layer::SignIn(_)));
    if !asked {
        signin::open(model, None);
    }
}

/// Signs out: at the server, in the keyring, and off the screen.
pub(crate) fn sign_out(model: &mut Model) -> Vec<Effect> {
    let Some(who) = model.session.who() else {
        return Vec::new();
    };
    let call = Call::SignOut {
        server: model.server.clone(),
        user: who.username.clone(),
    };
    let mut effects = clear(model);
    signin::for_anybody(model);
    effects.push(model.call(Slot::Session, call));
    effects
}

/// Takes everything off the screen and shows the sign-in.
fn clear(model: &mut Model) -> Vec<Effect> {
    let effects = forget(model);
    model.session = Session::Out;
    signin::open(model, None);
    effects
}

/// Takes everything off the screen that was somebody's.
fn forget(model: &mut Model) -> Vec<Effect> {
    let effects: Vec<Effect> = model
        .flights
        .slots()
        .into_iter()
        .flat_map(|slot| model.abandon(slot))
        .collect();
    model.missed.clear();
    model.toasts.clear();
    model.layers.clear();
    model.deeds = Deeds::default();
    model.days = Days::default();
    model.windows = Windows::default();
    model.place = Place::default();
    model.today = Today::on(model.today());
    model.turns = Turns::default();
    model.patients = Patients::default();
    model.doctors = Doctors::default();
    model.contacts = Contacts::default();
    model.users = Users::default();
    model.own_sessions = OwnSessions::default();
    model.waitlist = Waitlist::default();
    model.decisions = Decisions::default();
    model.audit = Audit::default();
    effects
}
