//! A doctor's weekly hours: the windows in which they can be booked, entered and changed by a short
//! form, retired, or taken from one of several doctors who share them.

mod done;
mod draft;
pub(crate) mod form;
pub(crate) mod view;

use clinic_shared::client::etag;
use clinic_shared::desk::doctors::DoctorWindow;
use clinic_shared::v1::available_times::AvailableTimeChange;
use clinic_shared::v1::events::{Event, EventKind};
use clinic_shared::v1::lenient::PersonId;
use uuid::Uuid;

use super::ask::{self, Kind};
use super::dialog::{Choice, Dialog};
use super::record::{self, Subject};
use super::{deeds, pane, queue};
use crate::app::{Model, want};
use crate::command::Availability;
use crate::effect::{Call, Effect, Slot, WindowsCall};
use crate::layers::Layer;

pub(crate) use done::{landed, undone};

/// What is known of weekly hours.
#[derive(Debug, Default)]
pub(crate) struct Windows {
    /// Those of the doctor whose list was opened last.
    known: Option<(Uuid, Vec<DoctorWindow>)>,
    /// Why they could not be read.
    error: Option<String>,
    /// What the question on the screen is about.
    asked: Option<Asked>,
    /// What was made or changed last: it is selected once the list has it.
    made: Option<i64>,
    /// What was sent last from the form, and the key under which it is done once.
    sent: Option<(WindowsCall, String)>,
}

/// Whose hours a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Whose {
    pub(crate) doctor: Uuid,
    pub(crate) name: String,
}

/// What is asked before it is done.
#[derive(Debug, Clone)]
struct Asked {
    whose: Whose,
    window: DoctorWindow,
    /// Whether only this doctor gives them up.
    is_take: bool,
}

const RETIRE: &str = "Retire hours?";
const TAKE: &str = "Take off?";

impl Windows {
    /// Those of a doctor, in the order of the list; none before they are known.
    fn of(&self, doctor: Uuid) -> Option<&[DoctorWindow]> {
        let known = self.known.as_ref().filter(|(of, _)| *of == doctor);
        known.map(|(_, windows)| windows.as_slice())
    }
}

/// Everybody else who offers a window.
fn others(window: &DoctorWindow, doctor: Uuid) -> Vec<String> {
    let others = window.doctors.iter().filter(|one| one.id != doctor);
    others.map(|one| one.full_name.clone()).collect()
}

/// The same in a sentence, of several only how many: whether they are several, too.
fn others_in_short(window: &DoctorWindow, doctor: Uuid) -> Option<(String, bool)> {
    let others = others(window, doctor);
    match others.as_slice() {
        [] => None,
        [other] => Some((other.clone(), false)),
        others => Some((format!("{} others", others.len()), true)),
    }
}

/// Whose list commands are about.
fn here(model: &Model) -> Option<&Whose> {
    match &pane::acting(model)?.kind {
        pane::Kind::Windows(whose) => Some(whose),
        _ => None,
    }
}

/// The list that is open, whatever lies over it.
fn open_list(model: &Model) -> Option<&Whose> {
    model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Pane(pane) => match &pane.kind {
            pane::Kind::Windows(whose) => Some(whose),
            _ => None,
        },
        _ => None,
    })
}

/// The selected line.
fn selected(model: &Model) -> Option<&DoctorWindow> {
    let pane = pane::acting(model)?;
    let windows = model.windows.of(here(model)?.doctor)?;
    windows.get(pane.cursor.min(windows.len().saturating_sub(1)))
}

/// Whether hours can be entered now.
pub(crate) fn can_change(model: &Model) -> Availability {
    let no = |why: &'static str| Availability::Disabled(why.into());
    if queue::is_doctor(model) {
        return no("The front desk keeps the hours of doctors: ask there.");
    }
    match deeds::can_send(model) {
        Availability::Ok if model.flights.is_flying(Slot::Window) => {
            no("The server is still working on the last change.")
        }
        can => can,
    }
}

/// Whether the selected hours can be changed now.
pub(crate) fn has_selected(model: &Model) -> Availability {
    match selected(model) {
        None => Availability::Disabled("No hours are selected.".into()),
        Some(_) => can_change(model),
    }
}

/// Whether somebody else offers the selected hours, too.
pub(crate) fn is_shared(model: &Model) -> Availability {
    let shared = selected(model).zip(here(model));
    match shared {
        Some((window, whose)) if others(window, whose.doctor).is_empty() => {
            Availability::Disabled("Nobody shares these hours: retire them.".into())
        }
        _ => has_selected(model),
    }
}

/// Shows the hours of the doctor whose record is open.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(Subject::Doctor(known)) = record::acting(model) else {
        return Vec::new();
    };
    let of_row = known.row.as_ref().map(|row| &row.full_name);
    let name = known.value().map(|doctor| &doctor.full_name).or(of_row);
    let whose = Whose {
        doctor: known.id,
        name: name.cloned().unwrap_or_default(),
    };
    model.windows.error = None;
    pane::open(model, pane::Kind::Windows(whose));
    refresh(model)
}

/// Asks again for the list, if one is open.
pub(crate) fn refresh(model: &mut Model) -> Vec<Effect> {
    if !model.session.is_in() {
        return Vec::new();
    }
    match open_list(model).map(|whose| whose.doctor) {
        Some(doctor) => {
            let call = Call::Windows(Box::new(WindowsCall::List(doctor)));
            vec![model.call(Slot::Windows, call)]
        }
        None => Vec::new(),
    }
}

/// What happened to a doctor's hours, or to what is booked in them, has the open list read again.
pub(crate) fn happened(model: &mut Model, event: &Event) -> Vec<Effect> {
    let is_kind = matches!(event.kind, EventKind::Schedule | EventKind::Appointment);
    let doctor = open_list(model).map(|whose| whose.doctor);
    match doctor {
        Some(_) if is_kind && (event.doctor.is_none() || event.doctor == doctor) => reread(model),
        _ => Vec::new(),
    }
}

/// Reads the open list again.
pub(crate) fn reread(model: &mut Model) -> Vec<Effect> {
    match open_list(model) {
        Some(_) => want(model, Slot::Windows, refresh),
        None => Vec::new(),
    }
}

/// Asks for new hours.
pub(crate) fn new(model: &mut Model) -> Vec<Effect> {
    if let Some(whose) = here(model).cloned() {
        open_form(model, form::Form::New(whose));
    }
    Vec::new()
}

/// Asks how the selected hours are to be.
pub(crate) fn edit(model: &mut Model) -> Vec<Effect> {
    if let Some((window, whose)) = selected(model).cloned().zip(here(model).cloned()) {
        let before = Box::new(window);
        open_form(model, form::Form::Edit { whose, before });
    }
    Vec::new()
}

fn open_form(model: &mut Model, form: form::Form) {
    model.windows.sent = None;
    let (text, fields) = (form.message(), form.fields(model));
    ask::open_with(model, Kind::Windows(form), &text, fields);
}

/// Sends what is in the form; the same again goes under the same key, so that it is done once.
pub(crate) fn send(model: &mut Model, call: WindowsCall) -> Vec<Effect> {
    if let Availability::Disabled(why) = can_change(model) {
        ask::say(model, &format!("Not sent yet. {why}"));
        return Vec::new();
    }
    let key = match model.windows.sent.take() {
        Some((sent, key)) if sent == call => key,
        _ => model.new_key(),
    };
    model.windows.sent = Some((call.clone(), key.clone()));
    vec![model.call_under(Slot::Window, Call::Windows(Box::new(call)), &key)]
}

/// Asks whether the selected hours are retired.
pub(crate) fn ask_retire(model: &mut Model) -> Vec<Effect> {
    question(model, false)
}

/// Asks whether the selected hours are taken from this doctor.
pub(crate) fn ask_take(model: &mut Model) -> Vec<Effect> {
    question(model, true)
}

fn question(model: &mut Model, is_take: bool) -> Vec<Effect> {
    let Some((window, whose)) = selected(model).cloned().zip(here(model).cloned()) else {
        return Vec::new();
    };
    let is_shared = !others(&window, whose.doctor).is_empty();
    let asked = Asked {
        whose,
        window,
        is_take,
    };
    let text = asked.text(model);
    let take = Choice::new("Take off", 't', |model| {
        if let Some(asked) = &mut model.windows.asked {
            asked.is_take = true;
        }
        confirmed(model)
    });
    let retire = Choice::new("Retire", 'r', confirmed);
    let mut choices = vec![Choice::keep("Keep")];
    match (is_take, is_shared) {
        (true, _) => choices.push(take),
        (false, true) => choices.extend([take, retire]),
        (false, false) => choices.push(retire),
    }
    let title = if is_take { TAKE } else { RETIRE };
    model.windows.asked = Some(asked);
    let dialog = Dialog::new(title, &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    Vec::new()
}

/// The answer was yes.
fn confirmed(model: &mut Model) -> Vec<Effect> {
    let Some(call) = model.windows.asked.as_ref().map(Asked::call) else {
        return Vec::new();
    };
    let key = model.new_key();
    vec![model.call_under(Slot::Window, Call::Windows(Box::new(call)), &key)]
}

impl Asked {
    /// What to know before one answers.
    fn text(&self, model: &Model) -> String {
        let window = &self.window;
        let said = view::said(model, &window.window);
        let name = &self.whose.name;
        let others = others_in_short(window, self.whose.doctor);
        let keep = others.map(|(others, are_several)| match are_several {
            true => format!("{others} keep it."),
            false => format!("{others} keeps it."),
        });
        if self.is_take {
            let stay = view::booked(window.booked, &format!(" of {name}"));
            let keep = keep.unwrap_or_default();
            return format!("{said}: {name} can't be booked in it any more, {keep} {stay}");
        }
        let stay = view::booked(window.booked_by_all, "");
        let shared = keep.map(|keep| format!(" Taken off, {keep}"));
        let shared = shared.unwrap_or_default();
        let undo = match self.can_be_undone() {
            true => "",
            false => " Retiring this can't be undone.",
        };
        format!("{said}: nobody can be booked in it any more. {stay}{shared}{undo}")
    }

    /// Entered anew, hours with a clock are what they were; of those without one, a day that is
    /// taken in the old ones would be free in the new ones.
    const fn can_be_undone(&self) -> bool {
        self.is_take || self.window.window.starts.is_some()
    }

    /// Does it.
    fn call(&self) -> WindowsCall {
        let id = self.window.window.id;
        if !self.is_take {
            return WindowsCall::Retire(id);
        }
        let rest = self.window.doctors.iter();
        let rest = rest.filter(|one| one.id != self.whose.doctor);
        let change = AvailableTimeChange {
            doctors: Some(rest.map(|one| PersonId(one.id)).collect()),
            ..AvailableTimeChange::default()
        };
        WindowsCall::Change(id, Box::new(change), Some(etag(self.window.version)))
    }

    /// Takes it back, once it was answered.
    fn back(&self, etag: Option<String>) -> Option<WindowsCall> {
        let everybody = self.window.doctors.iter().map(|one| PersonId(one.id));
        let everybody = Some(everybody.collect());
        if self.is_take {
            let change = AvailableTimeChange {
                doctors: everybody,
                ..AvailableTimeChange::default()
            };
            let id = self.window.window.id;
            return Some(WindowsCall::Change(id, Box::new(change), etag));
        }
        let again = draft::Draft::of(&self.window.window).input(everybody);
        self.can_be_undone()
            .then(|| WindowsCall::Make(Box::new(again)))
    }
}
