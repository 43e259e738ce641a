//! The waiting list: who waits for an earlier time, the time that is kept for them while they are
//! asked, and what they say to it.

mod view;

use clinic_shared::client::WaitingQuery;
use clinic_shared::desk::waitlist::{Accept, Waiting, WaitingStatus};
use clinic_shared::v1::events::EventKind;

use super::book::{self, Goal, Whom};
use super::deeds::{self, About};
use super::finder::Finder;
use super::list::{self, Arrived, LOADING, Listed, Rows, Words};
use super::place::Place;
use super::record;
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Call, Deed, Effect, PeopleCall, PeopleReply, Reply};
use crate::layers::Layer;
use crate::screens::dialog::{Choice, Dialog};
use crate::widgets::canvas::Canvas;

/// What the screen shows.
#[derive(Debug)]
pub(crate) struct Waitlist {
    pub(crate) finder: Finder,
    /// Only those that stand so.
    pub(crate) status: Option<WaitingStatus>,
    pub(crate) list: Rows<Waiting>,
    /// Whom the question on the screen is about: the entry, its version, and the name.
    asked: Option<(i64, i64, String)>,
}

impl Default for Waitlist {
    fn default() -> Self {
        Self {
            finder: Finder::default(),
            status: Some(WaitingStatus::Waiting),
            list: Rows::default(),
            asked: None,
        }
    }
}

/// Who is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    status: Option<WaitingStatus>,
    search: Option<String>,
}

impl Listed for Waiting {
    type Id = i64;
    type Query = Wanted;

    const WORDS: Words = LOADING;
    const KINDS: &'static [EventKind] = &[EventKind::Waitlist, EventKind::Patient];

    fn id(&self) -> i64 {
        self.id
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.waitlist.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.waitlist.list
    }

    fn wanted(model: &Model) -> Wanted {
        Wanted {
            status: model.waitlist.status,
            search: model.waitlist.finder.search(),
        }
    }

    fn call(wanted: Wanted, page: Option<String>) -> Call {
        let page = page.and_then(|page| page.parse().ok());
        let query = WaitingQuery {
            status: wanted.status,
            search: wanted.search,
            page,
            ..WaitingQuery::default()
        };
        Call::People(PeopleCall::WaitingList(query))
    }

    fn asked(call: Call) -> Option<Wanted> {
        match call {
            Call::People(PeopleCall::WaitingList(query)) => Some(Wanted {
                status: query.status,
                search: query.search,
            }),
            _ => None,
        }
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::People(PeopleReply::WaitingList(page)) => Some(Arrived::numbered(*page)),
            _ => None,
        }
    }

    /// Who waits.
    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        record::patient::open_named(model, row.patient.id, row.patient.full_name)
    }

    fn older(_: &Model) -> String {
        "these rows answer another question".to_owned()
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// What can be done about who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// A time is kept for them.
    Offer,
    /// They take it.
    Accept,
    /// They do not take it.
    Skip,
    /// They wait no longer.
    Remove,
    /// Something else is booked for them.
    Book,
}

/// The selected entry, if nothing lies over the list and the rows are those of the filter.
fn selected(model: &Model) -> Option<&Waiting> {
    let is_here = model.place == Place::Waitlist && list::is_current::<Waiting>(model);
    model.waitlist.list.selected().filter(|_| is_here)
}

/// Whether this can be done about the selected one now.
pub(crate) fn may(model: &Model, act: Act) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    let Some(entry) = selected(model) else {
        return no("Nobody who waits is selected.");
    };
    if act == Act::Book {
        return book::can_begin(model);
    }
    match entry.status {
        WaitingStatus::Waiting => {}
        WaitingStatus::Booked => return no("They have an appointment already."),
        WaitingStatus::Withdrawn => return no("They wait no longer."),
        WaitingStatus::Expired => return no("The dates they waited for are over."),
    }
    let is_asked = entry.hold.is_some();
    match act {
        Act::Accept | Act::Skip if !is_asked => no("No time is kept for them: offer one first."),
        _ => deeds::can_send(model),
    }
}

/// Does it; taking somebody off the list asks first, an offer asks which time.
pub(crate) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    let Some(entry) = selected(model).cloned() else {
        return Vec::new();
    };
    if list::is_unchosen::<Waiting>(model, &entry.patient.full_name) {
        return Vec::new();
    }
    let about = About::who(&entry.patient.full_name);
    match act {
        Act::Offer => book::open_offer(model, &entry),
        Act::Book => book::open_for(model, Some(Whom::from(&entry))),
        Act::Accept => {
            let deed = Deed::TakeOffer(entry.id, entry.version, Accept::default());
            deeds::send(model, deed, about)
        }
        Act::Skip => deeds::send(model, Deed::SkipOffer(entry.id, entry.version), about),
        Act::Remove => {
            let text = format!(
                "{} waits no longer; what is kept for them is free again.",
                entry.patient.full_name
            );
            model.waitlist.asked = Some((entry.id, entry.version, entry.patient.full_name));
            let choices = vec![
                Choice::keep("Keep waiting"),
                Choice::new("Take off the list", 't', remove),
            ];
            let dialog = Dialog::new("Take off the waiting list?", &text, choices);
            model.layers.push(Layer::Dialog(dialog));
            Vec::new()
        }
    }
}

fn remove(model: &mut Model) -> Vec<Effect> {
    match model.waitlist.asked.take() {
        Some((id, version, name)) => {
            deeds::send(model, Deed::Withdraw(id, version), About::who(&name))
        }
        None => Vec::new(),
    }
}

/// The version that is known by now of an entry, else the one that was.
pub(crate) fn version(model: &Model, id: i64, was: i64) -> i64 {
    let mut rows = model.waitlist.list.rows.iter();
    rows.find(|row| row.id == id).map_or(was, |row| row.version)
}

/// Shows an entry in its row as it is now, without asking again.
pub(crate) fn saved(model: &mut Model, entry: &Waiting) {
    model.waitlist.list.replace(entry.clone());
}

impl From<&Waiting> for Whom {
    fn from(entry: &Waiting) -> Self {
        Self::named(entry.patient.id, &entry.patient.full_name)
    }
}

impl From<&Waiting> for Goal {
    fn from(entry: &Waiting) -> Self {
        match (&entry.doctor, &entry.specialisation) {
            (Some(doctor), _) => Goal::Doctor {
                id: doctor.id,
                name: doctor.full_name.clone(),
            },
            (None, Some(term)) => Goal::Term {
                id: term.id,
                name: term.name.clone(),
            },
            (None, None) => Goal::Anybody,
        }
    }
}
