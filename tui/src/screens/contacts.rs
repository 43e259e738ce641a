//! The contact requests: what people wrote to the clinic, to be read.

mod view;

use clinic_shared::client::ContactQuery;
use clinic_shared::desk::contacts::{Contact, Status};
use clinic_shared::v1::events::EventKind;

use super::list::{Arrived, LOADING, Listed, PAGE, Rows, Words};
use super::record;
use crate::app::Model;
use crate::effect::{Call, Effect, Reply};
use crate::widgets::canvas::Canvas;

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    /// Only those that stand so.
    pub(crate) status: Option<Status>,
    pub(crate) list: Rows<Contact>,
}

impl Listed for Contact {
    type Id = i64;
    /// The status all of them have; none: any.
    type Query = Option<Status>;

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

    fn wanted(model: &Model) -> Option<Status> {
        model.contacts.status
    }

    fn call(status: Option<Status>, cursor: Option<String>) -> Call {
        Call::Contacts(ContactQuery {
            status,
            cursor,
            limits: Some(PAGE),
            ..ContactQuery::default()
        })
    }

    fn asked(call: Call) -> Option<Option<Status>> {
        match call {
            Call::Contacts(query) => Some(query.status),
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
        "these rows are of another filter".to_owned()
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}
