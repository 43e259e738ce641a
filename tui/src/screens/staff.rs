//! Who at the desk is to see to a contact request: everybody who can, narrowed by typing.

mod view;

use clinic_shared::client::Error;
use clinic_shared::desk::contacts::{Assign, Colleague, Contact};
use tui_input::{Input, InputRequest};

use super::contacts::acts;
use crate::app::{Model, Tone};
use crate::command::Availability;
use crate::effect::{Call, Effect, InboxCall, Reply, Slot};
use crate::layers::Layer;
use crate::text;

pub(crate) use view::draw;

/// The list.
#[derive(Debug)]
pub(crate) struct Staff {
    /// What somebody is to see to, as it was on the screen.
    contact: Contact,
    pub(crate) input: Input,
    /// Who can; none before the answer.
    people: Option<Vec<Colleague>>,
    pub(crate) cursor: usize,
    /// Why they are not known.
    pub(crate) error: Option<String>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    Somebody(Colleague),
    Nobody,
}

impl Staff {
    /// Who can be chosen: what is typed narrows it.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let fits = |name: &str| text::has(name, self.input.value());
        let now = self.contact.assignee.as_ref().map(|one| one.id);
        let people = self.people.iter().flatten();
        let others = people.filter(|one| Some(one.id) != now && fits(&one.name));
        let mut lines: Vec<Line> = others.cloned().map(Line::Somebody).collect();
        if now.is_some() && self.people.is_some() && fits("nobody") {
            lines.push(Line::Nobody);
        }
        lines
    }

    /// Whether it is known who can be chosen.
    pub(crate) const fn is_loaded(&self) -> bool {
        self.people.is_some()
    }

    /// Who wrote.
    pub(crate) fn who(&self) -> &str {
        &self.contact.name
    }
}

fn top(model: &mut Model) -> Option<&mut Staff> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Staff(staff) => Some(staff.as_mut()),
        _ => None,
    })
}

/// Asks who is to see to it.
pub(crate) fn open(model: &mut Model, contact: &Contact) -> Vec<Effect> {
    let staff = Staff {
        contact: contact.clone(),
        input: Input::default(),
        people: None,
        cursor: 0,
        error: None,
    };
    model.layers.push(Layer::Staff(Box::new(staff)));
    vec![model.call(Slot::Staff, Call::Inbox(InboxCall::Colleagues))]
}

/// Takes in who can.
pub(crate) fn landed(model: &mut Model, result: Result<Reply, Error>) {
    let Some(staff) = top(model) else { return };
    match result {
        Ok(Reply::Colleagues(people)) => {
            staff.people = Some(people);
            staff.error = None;
        }
        Err(Error::SignedOut) | Ok(_) => {}
        Err(error) => staff.error = Some(error.to_string()),
    }
}

/// Types; the selection starts at the first again.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    if let Some(staff) = top(model) {
        staff.input.handle(request);
        staff.cursor = 0;
    }
    Vec::new()
}

/// Moves the selection.
pub(crate) fn step(model: &mut Model, by: isize) {
    if let Some(staff) = top(model) {
        let last = staff.lines().len().saturating_sub(1);
        staff.cursor = staff.cursor.saturating_add_signed(by).min(last);
    }
}

/// Chooses a line by a click.
pub(crate) fn choose(model: &mut Model, index: usize) -> Vec<Effect> {
    if let Some(staff) = top(model) {
        staff.cursor = index;
    }
    enter(model)
}

/// Enter: gives it to the selected one.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    if let Availability::Disabled(why) = acts::can_send(model) {
        model.toast(Tone::Info, why);
        return Vec::new();
    }
    let Some(staff) = top(model) else {
        return Vec::new();
    };
    let Some(line) = staff.lines().get(staff.cursor).cloned() else {
        return Vec::new();
    };
    let contact = staff.contact.clone();
    let to = match line {
        Line::Somebody(one) => Assign {
            assignee: Some(one.id),
            ..Assign::default()
        },
        Line::Nobody => Assign {
            nobody: Some(true),
            ..Assign::default()
        },
    };
    let mut effects = close(model);
    effects.extend(acts::assign(model, &contact, &to));
    effects
}

/// Esc: closes the list; nothing happens.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Staff(_)));
    model.abandon(Slot::Staff)
}
