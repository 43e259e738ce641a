//! Before it is booked: what there is to know, everything in the way, and what to do about it.

use clinic_shared::Reason;
use clinic_shared::client::{Error, Refused};
use clinic_shared::desk::appointments::{BookingCheck, NewAppointment, Reschedule};
use clinic_shared::desk::slots::FreeSlot;
use tui_input::{Input, InputRequest};

use super::{Book, Pick, Step, close, sender, slots, top_mut};
use crate::app::Model;
use crate::command::Availability;
use crate::effect::{Call, Deed, Effect, Reply, Slot};
use crate::screens::deeds::{self, About, Before};
use crate::screens::here;

/// What is to be booked.
#[derive(Debug)]
pub(crate) struct Confirm {
    pub(crate) pick: Pick,
    pub(crate) check: Option<BookingCheck>,
    /// Everything that is in the way.
    pub(crate) reasons: Vec<Reason>,
    /// What it is about.
    pub(crate) title: Input,
    /// Where it stands beside another one, or outside the hours: why it may.
    pub(crate) why: Input,
    /// Whether that is what is typed: it was chosen. Something that comes in the way while one types
    /// does not take the words that belong elsewhere.
    says_why: bool,
    pub(crate) message: Option<String>,
    /// How many of the appointments in the way were opened.
    pub(super) opened: usize,
    sent: Option<Deed>,
}

impl Confirm {
    /// Whether words would be lost.
    pub(crate) fn is_unsaved(&self) -> bool {
        [&self.title, &self.why]
            .iter()
            .any(|words| !words.value().trim().is_empty())
    }

    pub(crate) const fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    /// Whether the cursor is at why it may be; else at what it is about.
    pub(crate) fn is_at_why(&self) -> bool {
        self.says_why && self.can_overbook()
    }

    /// What waits for the server.
    pub(super) const fn sent(&self) -> Option<&Deed> {
        self.sent.as_ref()
    }

    /// Types: what it is about, or why it may be.
    pub(super) fn edit(&mut self, request: InputRequest) {
        if self.is_at_why() {
            self.why.handle(request);
        } else {
            self.title.handle(request);
        }
    }

    /// Whether something is in the way that words can move.
    pub(crate) fn can_overbook(&self) -> bool {
        let may =
            |reason: &Reason| matches!(reason.code.as_str(), "doctor_busy" | "outside_window");
        !self.reasons.is_empty() && self.reasons.iter().all(may)
    }

    /// Whether it can be sent as it is: nothing is in the way, or nothing but what words can move.
    pub(crate) fn is_possible(&self) -> bool {
        self.reasons.is_empty() || self.can_overbook()
    }

    /// These times are free now: says so if the chosen one is not among them any more.
    pub(super) fn miss(&mut self, free: &[FreeSlot], at: &str) {
        let Pick::Free(slot) = &self.pick else { return };
        // What comes after the last one that was looked for is not known.
        let when = |slot: &FreeSlot| (slot.date, slot.starts_at);
        let is_known = free.last().is_none_or(|last| when(slot) <= when(last));
        let is_free = free.iter().any(|other| slots::is_same(slot, other));
        if is_known && !is_free && !self.is_sending() && self.reasons.is_empty() {
            self.message = Some(format!(
                "Changed elsewhere at {at}: this time is not free any more."
            ));
        }
    }

    fn has(&self, code: &str) -> bool {
        self.reasons.iter().any(|reason| reason.code == code)
    }
}

/// What to do about something that is in the way.
pub(crate) fn advice(code: &str) -> &'static str {
    match code {
        "doctor_busy" => "Another time; or say why it may stand beside it.",
        "held" => "Another time; or give it to who waits for it.",
        "patient_busy" => "Another time; or move the patient's other appointment.",
        "doctor_absent" => "Another day, or another doctor.",
        "clinic_closed" => "Another day.",
        "outside_window" => "A free slot; or say why it may be outside the hours.",
        "past" => "A later time.",
        "overbook_limit" => "Another day, or another doctor.",
        _ => "Another time, or another doctor.",
    }
}

fn new(pick: Pick) -> Confirm {
    Confirm {
        pick,
        check: None,
        reasons: Vec::new(),
        title: Input::default(),
        why: Input::default(),
        says_why: false,
        message: None,
        opened: 0,
        sent: None,
    }
}

/// Asks whether this is to be booked.
pub(super) fn open(model: &mut Model, pick: Pick) -> Vec<Effect> {
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let mut confirm = new(pick);
    if let Some(before) = book.confirm.take() {
        // Words stay from one place to the next.
        confirm.title = before.title;
        confirm.why = before.why;
    }
    if let Pick::Taken(row, _) = &confirm.pick {
        // A taken time was chosen on purpose: all that is asked is why.
        confirm.says_why = true;
        confirm.reasons = vec![Reason {
            code: "doctor_busy".to_owned(),
            detail: format!(
                "{} has {} at {}.",
                row.doctor.full_name,
                row.patient.full_name,
                row.starts.as_deref().unwrap_or_default()
            ),
            ..Reason::default()
        }];
    }
    let form = form(book, &confirm);
    let is_moved = book.moved.is_some();
    book.confirm = Some(confirm);
    book.step = Step::Confirm;
    // What is known of a patient who is moved was known when they were booked.
    match form.filter(|_| !is_moved) {
        Some(form) => vec![model.call(Slot::Check, Call::Check(Box::new(form)))],
        None => Vec::new(),
    }
}

/// Asks again what there is to know: something changed that may concern it. What was typed stays.
pub(super) fn recheck(model: &mut Model) -> Vec<Effect> {
    let Some(book) = super::top(model).filter(|book| book.step == Step::Confirm) else {
        return Vec::new();
    };
    let Some(confirm) = book
        .confirm
        .as_ref()
        .filter(|confirm| !confirm.is_sending())
    else {
        return Vec::new();
    };
    match form(book, confirm).filter(|_| book.moved.is_none()) {
        Some(form) => {
            // As if nobody had said yet why it may be: whether something is in the way is asked.
            let form = NewAppointment {
                overbook: None,
                outside_hours: None,
                ..form
            };
            vec![model.call(Slot::Check, Call::Check(Box::new(form)))]
        }
        None => Vec::new(),
    }
}

/// Takes in what there is to know. What is in the way of a taken time is known already.
pub(super) fn checked(model: &mut Model, result: Result<Reply, Error>) {
    let at = model.now.format("%H:%M").to_string();
    let Some(confirm) = top_mut(model).and_then(|book| book.confirm.as_mut()) else {
        return;
    };
    if let Ok(Reply::Check(check)) = result {
        let was_known = confirm.check.is_some();
        let is_other = confirm.reasons != check.reasons;
        if !matches!(confirm.pick, Pick::Taken(..)) && is_other && !confirm.is_sending() {
            confirm.reasons.clone_from(&check.reasons);
            confirm.says_why = false;
            confirm.message = was_known.then(|| match check.reasons.is_empty() {
                true => format!("Changed elsewhere at {at}: nothing is in the way any more."),
                false => format!("Changed elsewhere at {at}; this is in the way now."),
            });
        }
        confirm.check = Some(*check);
    }
}

/// The board is there anew: says if the appointment that is moved is another one by now.
pub(crate) fn look_again(model: &mut Model) {
    let at = model.now.format("%H:%M").to_string();
    let moved = super::top(model).and_then(|book| book.moved.as_ref());
    let Some(id) = moved.map(|moved| moved.id) else {
        return;
    };
    let row = here::find(model, id);
    let Some((version, status)) = row.map(|row| (row.version, row.status)) else {
        return;
    };
    let Some(book) = top_mut(model) else { return };
    let is_sending = book.confirm.as_ref().is_some_and(Confirm::is_sending);
    let Some(moved) = book.moved.as_mut().filter(|moved| moved.version != version) else {
        return;
    };
    if is_sending {
        return;
    }
    moved.version = version;
    let text = format!(
        "Changed elsewhere at {at}: this appointment is {} now.",
        status.in_words()
    );
    match &mut book.confirm {
        Some(confirm) if book.step == Step::Confirm => confirm.message = Some(text),
        _ => book.message = Some(text),
    }
}

/// The booking as it stands, to be checked.
pub(super) fn checked_form(model: &Model) -> Option<NewAppointment> {
    let book = super::top(model)?;
    form(book, book.confirm.as_ref()?)
}

/// The booking; none while it is not known for whom.
fn form(book: &Book, confirm: &Confirm) -> Option<NewAppointment> {
    let said = |words: &Input| {
        let words = words.value().trim().to_owned();
        Some(words).filter(|words| !words.is_empty())
    };
    let is_beside = confirm.has("doctor_busy");
    let is_outside = confirm.has("outside_window");
    let form = NewAppointment {
        patient: Some(book.whom.as_ref()?.id),
        appointment_type: Some(book.kind),
        title: said(&confirm.title),
        overbook: said(&confirm.why).filter(|_| is_beside),
        outside_hours: is_outside.then_some(true),
        ..NewAppointment::default()
    };
    Some(match &confirm.pick {
        Pick::Free(slot) => NewAppointment {
            doctor: slot.doctor.id,
            date: slot.starts_at.is_none().then_some(slot.date),
            available_time: slot.starts_at.is_none().then_some(slot.available_time),
            starts_at: slot.starts_at,
            duration_minutes: book.length.map(i64::from).filter(|_| slot.starts.is_some()),
            ..form
        },
        Pick::Taken(row, _) => NewAppointment {
            doctor: row.doctor.id,
            starts_at: row.starts_at,
            ..form
        },
    })
}

/// What is sent, and how it is taken back.
fn deed(book: &Book, confirm: &Confirm) -> Option<(Deed, Before)> {
    let form = form(book, confirm)?;
    let Some(moved) = &book.moved else {
        let form = Box::new(form);
        let deed = match &book.sender {
            Some(sender) => Deed::BookContact(sender.contact, sender.version, form),
            None => Deed::Book(form),
        };
        return Some((deed, Before::Nothing));
    };
    let place = Reschedule {
        doctor: (form.doctor != moved.doctor).then_some(form.doctor),
        date: form.date,
        available_time: form.available_time,
        starts_at: form.starts_at,
        duration_minutes: form.duration_minutes,
        overbook: form.overbook,
        outside_hours: form.outside_hours,
        // Of a move, words say why.
        reason: form.title,
        version: Some(moved.version),
    };
    let before = moved.before.clone().map_or(Before::Nothing, Before::Place);
    Some((Deed::Move(moved.id, Box::new(place)), before))
}

/// Books, if nothing is in the way.
pub(super) fn send(model: &mut Model) -> Vec<Effect> {
    if let Availability::Disabled(why) = deeds::can_send(model) {
        if let Some(confirm) = top_mut(model).and_then(|book| book.confirm.as_mut()) {
            confirm.message = Some(why.into_owned());
        }
        return Vec::new();
    }
    let moved = super::top(model).and_then(|book| book.moved.as_ref());
    let version = moved.and_then(|moved| here::version(model, moved.id));
    let by_now = sender::version(model);
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let Some(confirm) = &book.confirm else {
        return Vec::new();
    };
    if let (Some(sender), Some(version), Some(_)) = (&mut book.sender, by_now, &confirm.message) {
        sender.version = version;
    }
    // Who was told that it changed has seen how it is now.
    if let (Some(moved), Some(version), Some(_)) = (&mut book.moved, version, &confirm.message) {
        moved.version = version;
    }
    if confirm.is_sending() || !confirm.is_possible() {
        return Vec::new();
    }
    let has_words = !confirm.why.value().trim().is_empty();
    if confirm.can_overbook() && !(confirm.says_why && has_words) {
        if let Some(confirm) = &mut book.confirm {
            confirm.message = confirm.says_why.then(|| "Say why first.".to_owned());
            confirm.says_why = true;
        }
        return Vec::new();
    }
    if sender::ask(model) {
        return Vec::new();
    }
    let Some(book) = top_mut(model) else {
        return Vec::new();
    };
    let Some((deed, before)) = book
        .confirm
        .as_ref()
        .and_then(|confirm| deed(book, confirm))
    else {
        return Vec::new();
    };
    let who = book.whom.as_ref().map(|whom| whom.full_name.clone());
    if let Some(confirm) = &mut book.confirm {
        confirm.message = None;
        confirm.sent = Some(deed.clone());
    }
    let about = About {
        who: who.unwrap_or_default(),
        before,
    };
    deeds::send(model, deed, about)
}

/// Closes the screen that a deed came from.
pub(crate) fn done(model: &mut Model, deed: &Deed) -> Vec<Effect> {
    let is_its = |book: &Book| {
        book.confirm
            .as_ref()?
            .sent
            .as_ref()
            .map(|sent| sent == deed)
    };
    match super::top(model).and_then(is_its) {
        Some(true) => close(model),
        _ => Vec::new(),
    }
}

/// Says something on the screen that a deed came from, which goes on waiting; answers whether it is
/// still there.
pub(crate) fn say(model: &mut Model, deed: &Deed, text: &str) -> bool {
    let confirm = top_mut(model).and_then(|book| book.confirm.as_mut());
    let its = confirm.filter(|confirm| confirm.sent.as_ref() == Some(deed));
    let is_there = its.is_some();
    if let Some(confirm) = its {
        confirm.message = Some(text.to_owned());
    }
    is_there
}

/// Says on the screen that a deed came from why it was not done: everything in the way. Answers
/// whether it is still there.
pub(crate) fn failed(
    model: &mut Model,
    deed: &Deed,
    text: &str,
    refused: Option<&Refused>,
) -> bool {
    let Some(book) = top_mut(model) else {
        return false;
    };
    let Some(confirm) = &mut book.confirm else {
        return false;
    };
    if confirm.sent.as_ref() != Some(deed) {
        return false;
    }
    confirm.sent = None;
    match refused {
        Some(refused) if !refused.reasons.is_empty() => {
            // The same again keeps the cursor where it is.
            confirm.says_why &= confirm.reasons == refused.reasons;
            confirm.reasons.clone_from(&refused.reasons);
            confirm.message = None;
        }
        _ => confirm.message = Some(text.to_owned()),
    }
    true
}
