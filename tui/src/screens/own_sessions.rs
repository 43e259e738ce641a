//! The sessions of whoever sits here: where one is signed in, and ending one of them.

mod view;

use clinic_shared::client::Error;
use clinic_shared::v1::user::Session;
use uuid::Uuid;

use super::list::{self, Arrived, LOADING, Listed, Rows, Words};
use crate::app::{Model, Tone};
use crate::command::Availability;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::place::Place;
use crate::widgets::canvas::Canvas;

/// What the screen shows.
#[derive(Debug, Default)]
pub(crate) struct OwnSessions {
    pub(crate) list: Rows<Session>,
    /// Which one the question on the screen is about.
    asked: Option<Uuid>,
}

impl Listed for Session {
    type Id = Uuid;
    type Query = ();

    const WORDS: Words = LOADING;

    fn id(&self) -> Uuid {
        self.id
    }

    fn rows(model: &Model) -> &Rows<Self> {
        &model.own_sessions.list
    }

    fn rows_mut(model: &mut Model) -> &mut Rows<Self> {
        &mut model.own_sessions.list
    }

    fn wanted(_: &Model) {}

    fn call((): (), _: Option<String>) -> Call {
        Call::Sessions
    }

    fn asked(call: Call) -> Option<()> {
        (call == Call::Sessions).then_some(())
    }

    fn arrived(reply: Reply) -> Option<Arrived<Self>> {
        match reply {
            Reply::Sessions(rows) => Some(Arrived::all(rows)),
            _ => None,
        }
    }

    fn open(model: &mut Model, _: Self) -> Vec<Effect> {
        ask(model)
    }

    fn older(_: &Model) -> String {
        "these sessions were read before".to_owned()
    }

    fn draw(canvas: &mut Canvas<'_>, on_top: bool) {
        view::draw(canvas, on_top);
    }
}

/// Whether the selected session can be ended here.
pub(crate) fn available(model: &Model) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    match model.own_sessions.list.selected() {
        _ if model.place != Place::Sessions => no("Go to your sessions first."),
        None => no("No session is selected."),
        Some(session) if session.is_current => no("This is where you are: sign out instead."),
        Some(_) => match model.link.obstacle() {
            Some(obstacle) => no(obstacle),
            None => Availability::Ok,
        },
    }
}

/// Asks whether the selected session is to end.
pub(crate) fn ask(model: &mut Model) -> Vec<Effect> {
    if let Availability::Disabled(why) = available(model) {
        model.toast(Tone::Info, &*why);
        return Vec::new();
    }
    model.own_sessions.asked = model.own_sessions.list.selected().map(|session| session.id);
    let choices = vec![
        Choice::keep("Keep"),
        Choice::new("End it", 'e', |model| match model.own_sessions.asked {
            Some(id) => vec![model.call(Slot::Account, Call::EndSession(id))],
            None => Vec::new(),
        }),
    ];
    let text = "Whoever is signed in there has to sign in again.";
    model
        .layers
        .push(Layer::Dialog(Dialog::new("End session?", text, choices)));
    Vec::new()
}

/// The end of it.
pub(crate) fn ended(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    match result {
        Ok(_) => model.toast(Tone::Done, "The session has ended."),
        Err(error) if error.status() == Some(404) => {
            model.toast(Tone::Info, "The session had ended already.");
        }
        Err(Error::SignedOut) => {}
        Err(error) => model.toast(Tone::Error, format!("The session goes on. {error}")),
    }
    if model.place == Place::Sessions {
        list::refresh(model)
    } else {
        Vec::new()
    }
}
