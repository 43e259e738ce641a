//! The contact requests, as an inbox: what nobody has taken yet, what is one's own, and all.

pub(crate) mod acts;
mod view;

use clinic_shared::client::{ContactQuery, Error};
use clinic_shared::desk::contacts::{Contact, Show, Status, Step};
use clinic_shared::v1::events::EventKind;

use super::finder::Finder;
use super::list::{self, Arrived, LOADING, Listed, PAGE, Rows, Words};
use super::record::{self, Subject};
use crate::app::Model;
use crate::effect::{Call, Effect, InboxCall, Reply, Slot};
use crate::layers::Layer;
use crate::widgets::canvas::Canvas;

/// What the screen shows.
#[derive(Debug)]
pub(crate) struct Contacts {
    /// Which: new ones, one's own, or all.
    pub(crate) show: Show,
    /// Only those that stand so.
    pub(crate) status: Option<Status>,
    pub(crate) finder: Finder,
    pub(crate) list: Rows<Contact>,
    /// What was done about the one whose record is open.
    pub(crate) steps: Option<(i64, Vec<Step>)>,
    /// What is under way, and what was done last.
    pub(crate) acts: acts::Acts,
}

impl Default for Contacts {
    fn default() -> Self {
        Self {
            show: Show::New,
            status: None,
            finder: Finder::default(),
            list: Rows::default(),
            steps: None,
            acts: acts::Acts::default(),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    show: Show,
    status: Option<Status>,
    search: Option<String>,
}

impl Listed for Contact {
    type Id = i64;
    type Query = Wanted;

    const WORDS: Words = LOADING;
    const KINDS: &'static [EventKind] = &[EventKind::Contact];

    fn id(&self) -> i64 {
        self.id
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.contacts.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.contacts.list
    }

    fn wanted(model: &Model) -> Wanted {
        Wanted {
            show: model.contacts.show,
            status: model.contacts.status,
            search: model.contacts.finder.search(),
        }
    }

    fn call(query: Wanted, cursor: Option<String>) -> Call {
        Call::Contacts(ContactQuery {
            show: Some(query.show),
            status: query.status,
            search: query.search,
            cursor,
            limits: Some(PAGE),
        })
    }

    fn asked(call: Call) -> Option<Wanted> {
        match call {
            Call::Contacts(query) => Some(Wanted {
                show: query.show.unwrap_or(Show::All),
                status: query.status,
                search: query.search,
            }),
            _ => None,
        }
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Contacts(page) => Some((*page).into()),
            _ => None,
        }
    }

    fn open(model: &mut Model, row: Self) -> Vec<Effect> {
        record::contact::open(model, row)
    }

    fn older(_: &Model) -> String {
        "these rows answer another question".to_owned()
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// Looks at another part of the inbox, whatever its status.
pub(crate) fn view(model: &mut Model, show: Show) -> Vec<Effect> {
    model.contacts.show = show;
    model.contacts.status = None;
    model.place.list().forget_enter(model);
    list::refresh(model)
}

/// A contact request as it is known by now: in its record, else in its row.
pub(crate) fn known(model: &Model, id: i64) -> Option<&Contact> {
    // A booking or a form may stand over its record.
    let of_record = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Record(record) => match &record.subject {
            Subject::Contact(known) if known.id == id => known.value().or(known.row.as_ref()),
            _ => None,
        },
        _ => None,
    });
    let of_list = || model.contacts.list.rows.iter().find(|row| row.id == id);
    of_record.or_else(of_list)
}

/// Asks for a contact request again, and for what was done about it if its record is open.
pub(crate) fn reread(model: &mut Model, id: i64) -> Vec<Effect> {
    let mut effects = vec![model.call(Slot::Record, Call::Contact(id))];
    effects.extend(history(model));
    effects
}

/// Asks what was done about the contact request whose record is open.
pub(crate) fn history(model: &mut Model) -> Vec<Effect> {
    let open = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Record(record) => match &record.subject {
            Subject::Contact(known) => Some(known.id),
            _ => None,
        },
        _ => None,
    });
    match open {
        Some(id) => vec![model.call(Slot::History, Call::Inbox(InboxCall::History(id)))],
        None => Vec::new(),
    }
}

/// Takes in what was done. Where that can't be read, the record says no more than before.
pub(crate) fn history_landed(model: &mut Model, result: Result<Reply, Error>) {
    if let Ok(Reply::Steps(id, steps)) = result {
        model.contacts.steps = Some((id, steps));
    }
}
