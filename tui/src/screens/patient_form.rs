//! The form that registers a person or edits a record.
//!
//! What was typed is never lost: a refusal lands on its field, a lost connection leaves the form
//! as it is, and a record that somebody else changed meanwhile is merged field by field.

mod duplicates;
pub(crate) mod field;
mod save;
mod turning;
mod view;

use clinic_shared::FieldErrors;
use clinic_shared::desk::patients::{Duplicate, Patient};
use clinic_shared::v1::events::{Event, EventKind};
use tui_input::InputRequest;
use uuid::Uuid;

use super::dialog::{Choice, Dialog};
use super::record;
use crate::app::{Model, want};
use crate::dates;
use crate::effect::{Call, Effect, Slot};
use crate::layers::Layer;
use field::{FormField, Kind};

pub(crate) use duplicates::{landed as duplicates_landed, open_candidate, open_first};
pub(crate) use save::{again, is_saving, landed, save};
pub(crate) use turning::{can_link, link_open, not_known, not_turned, open_from_contact, turned};
pub(crate) use view::draw;

/// Whom the form is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Subject {
    /// Somebody new.
    New,
    /// A record.
    Known {
        /// Whose.
        id: Uuid,
        /// Its number, for the title.
        record_number: String,
        /// The version the form is based on.
        etag: Option<String>,
    },
}

/// What comes once somebody new is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// Their record is opened.
    Open,
    /// They are booked for on the screen beneath.
    Book,
    /// They are taken in with the form beneath.
    TakeIn,
}

/// The form.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) subject: Subject,
    then: Then,
    /// The contact request that it makes a patient of, if it does.
    pub(crate) from: Option<turning::Origin>,
    pub(crate) fields: Vec<FormField>,
    /// Which field has the cursor; one more than the last is the Save button.
    pub(crate) focus: usize,
    /// Records that may be this person already.
    pub(crate) candidates: Vec<Duplicate>,
    /// Why it was not saved, if no field says so.
    pub(crate) message: Option<String>,
    /// That it is not known whether it was saved: stays until the server says.
    pub(crate) doubt: Option<String>,
    /// What was sent last, and under which key: sent again as it is, it is done once.
    sent: Option<(Call, String)>,
    /// Whether an answer to a save is awaited.
    pub(crate) is_saving: bool,
    /// It is saved as soon as it is known who may be this person.
    waits: bool,
}

impl Form {
    fn new(subject: Subject) -> Self {
        Self {
            subject,
            then: Then::Open,
            from: None,
            fields: Kind::ALL.iter().map(|kind| FormField::new(*kind)).collect(),
            focus: 0,
            candidates: Vec::new(),
            message: None,
            doubt: None,
            sent: None,
            is_saving: false,
            waits: false,
        }
    }

    /// Whether anything was typed that is not saved.
    pub(crate) fn is_changed(&self) -> bool {
        self.fields.iter().any(FormField::is_changed)
    }

    /// Whether it is being saved, or is about to be.
    pub(crate) const fn is_busy(&self) -> bool {
        self.is_saving || self.waits
    }

    /// Whether a field has the cursor, not the button.
    pub(crate) fn has_field(&self) -> bool {
        self.focus < self.fields.len()
    }

    /// Whether the field with the cursor holds line breaks.
    pub(crate) fn takes_breaks(&self) -> bool {
        self.fields
            .get(self.focus)
            .is_some_and(|field| field.kind.has_breaks())
    }

    pub(crate) fn field(&self, kind: Kind) -> Option<&FormField> {
        self.fields.iter().find(|field| field.kind == kind)
    }

    fn field_mut(&mut self, kind: Kind) -> Option<&mut FormField> {
        self.fields.iter_mut().find(|field| field.kind == kind)
    }

    /// Moves the cursor by so many fields, round the end.
    pub(crate) fn step(&mut self, fields: isize) {
        let stops = self.fields.len() + 1;
        let stops = isize::try_from(stops).unwrap_or(1);
        let focus = isize::try_from(self.focus).unwrap_or(0) + fields;
        self.focus = usize::try_from(focus.rem_euclid(stops)).unwrap_or(0);
    }

    /// Puts each message onto its field; what belongs to none becomes the form's message.
    fn show_errors(&mut self, errors: &FieldErrors, detail: &str) {
        let mut first = None;
        for (at, field) in self.fields.iter_mut().enumerate() {
            field.refusal = errors
                .0
                .get(field.kind.wire())
                .map(|messages| messages.join(" "));
            if field.refusal.is_some() && first.is_none() {
                first = Some(at);
            }
        }
        let known = |name: &str| self.fields.iter().any(|field| field.kind.wire() == name);
        let rest: Vec<&str> = errors
            .0
            .iter()
            .filter(|(name, _)| !known(name))
            .flat_map(|(_, messages)| messages.iter().map(String::as_str))
            .collect();
        self.message = match (rest.is_empty(), first) {
            (false, _) => Some(rest.join(" ")),
            (true, None) => Some(detail.to_owned()),
            (true, Some(_)) => None,
        };
        if let Some(first) = first {
            self.focus = first;
        }
    }
}

/// The form that commands are about, if one is.
pub(crate) fn top(model: &Model) -> Option<&Form> {
    match model.acting() {
        Some(Layer::Form(form)) => Some(form),
        _ => None,
    }
}

fn top_mut(model: &mut Model) -> Option<&mut Form> {
    match model.layers.last_mut() {
        Some(Layer::Form(form)) => Some(form),
        _ => None,
    }
}

/// The uppermost form, under dialogs and records too.
fn any_mut(model: &mut Model) -> Option<&mut Form> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Form(form) => Some(form.as_mut()),
        _ => None,
    })
}

/// Opens the form for somebody new, with what was typed into the search already in its fields.
pub(crate) fn open_new(model: &mut Model) -> Vec<Effect> {
    let typed = model.patients.finder.wanted().to_owned();
    open_new_for(model, &typed, Then::Open)
}

/// Opens the form for somebody new of whom this was typed: a name, a birth date, a phone, an e-mail.
pub(crate) fn open_new_for(model: &mut Model, typed: &str, then: Then) -> Vec<Effect> {
    let typed = Typed::read(typed, model.now.date_naive());
    begin(model, typed, then)
}

/// Opens the form for somebody new who is booked for and wrote to the clinic: how they can be reached
/// is known, unless something else was typed.
pub(crate) fn open_new_reached(
    model: &mut Model,
    typed: &str,
    phone: &str,
    email: &str,
) -> Vec<Effect> {
    let mut typed = Typed::read(typed, model.now.date_naive());
    for (field, known) in [(&mut typed.phone, phone), (&mut typed.email, email)] {
        if field.is_empty() {
            known.clone_into(field);
        }
    }
    begin(model, typed, Then::Book)
}

fn begin(model: &mut Model, typed: Typed, then: Then) -> Vec<Effect> {
    let mut form = Form::new(Subject::New);
    form.then = then;
    for (kind, text) in [
        (Kind::FullName, typed.name),
        (Kind::Phone, typed.phone),
        (Kind::BirthDate, typed.birth_date),
        (Kind::Email, typed.email),
    ] {
        if let Some(field) = form.field_mut(kind) {
            field.type_in(text);
        }
    }
    // The cursor goes where something is missing.
    form.focus = form
        .fields
        .iter()
        .position(FormField::is_empty)
        .unwrap_or(0);
    model.layers.push(Layer::Form(Box::new(form)));
    duplicates::ask(model)
}

/// Opens the form for a record.
pub(crate) fn open_edit(model: &mut Model, patient: &Patient, etag: Option<String>) {
    let mut form = Form::new(Subject::Known {
        id: patient.id,
        record_number: patient.record_number.clone(),
        etag,
    });
    let dates = model.prefs.dates;
    for field in &mut form.fields {
        field.begin_with(field::text_of(field.kind, patient, dates));
    }
    model.layers.push(Layer::Form(Box::new(form)));
}

/// Changes the field with the cursor; what is typed is checked at once, and compared with the
/// people that are known.
pub(crate) fn edit(model: &mut Model, request: InputRequest) -> Vec<Effect> {
    change(model, |field| field.edit(request))
}

/// Types a text at the cursor, as [`edit`] does a character.
pub(crate) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    change(model, |field| field.insert(text))
}

fn change(model: &mut Model, by: impl FnOnce(&mut FormField)) -> Vec<Effect> {
    let today = model.now.date_naive();
    let Some(form) = top_mut(model) else {
        return Vec::new();
    };
    let at = form.focus;
    let Some(field) = form.fields.get_mut(at) else {
        return Vec::new();
    };
    let before = field.value().to_owned();
    by(field);
    if field.value() == before {
        return Vec::new();
    }
    field.refusal = None;
    field.check(today);
    let tells_apart = field.kind.tells_people_apart();
    form.message = None;
    form.waits = false;
    if tells_apart {
        duplicates::ask(model)
    } else {
        Vec::new()
    }
}

/// Goes to the next field; in doing so the one that is left is checked for good.
pub(crate) fn go(model: &mut Model, fields: isize) -> Vec<Effect> {
    let today = model.now.date_naive();
    if let Some(form) = top_mut(model) {
        if let Some(field) = form.fields.get_mut(form.focus) {
            field.leave(today);
        }
        form.step(fields);
    }
    Vec::new()
}

/// Enter: on the button it saves, elsewhere it goes on.
pub(crate) fn enter(model: &mut Model) -> Vec<Effect> {
    match top(model) {
        Some(form) if !form.has_field() => save(model),
        _ => go(model, 1),
    }
}

/// A click on a field, or on the button.
pub(crate) fn click(model: &mut Model, index: usize) -> Vec<Effect> {
    let Some(form) = top_mut(model) else {
        return Vec::new();
    };
    if index < form.fields.len() {
        form.focus = index;
        return Vec::new();
    }
    form.focus = form.fields.len();
    crate::command::find("form.save").map_or_else(Vec::new, |save| crate::app::run(model, save))
}

/// Breaks the line in a field that holds several.
pub(crate) fn break_line(model: &mut Model) -> Vec<Effect> {
    match top(model) {
        Some(form) if form.takes_breaks() => edit(model, InputRequest::InsertChar('\n')),
        _ => go(model, 1),
    }
}

/// Closes the form; asks first if something would be lost. While it is saved, waits no longer.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    let Some(form) = top(model) else {
        return Vec::new();
    };
    if form.is_busy() {
        return save::stop(model);
    }
    if form.is_changed() {
        let question = match &form.subject {
            _ if form.doubt.is_some() => "It is not known whether this was saved.",
            Subject::New => "This person is not registered yet.",
            Subject::Known { .. } => "The changes are not saved.",
        };
        let choices = vec![
            Choice::keep("Keep editing"),
            Choice::new("Discard changes", 'd', discard),
        ];
        model
            .layers
            .push(Layer::Dialog(Dialog::new("Discard?", question, choices)));
        return Vec::new();
    }
    discard(model)
}

/// Closes the form and what was typed into it.
fn discard(model: &mut Model) -> Vec<Effect> {
    if let Some(at) = model
        .layers
        .iter()
        .rposition(|layer| matches!(layer, Layer::Form(_)))
    {
        model.layers.remove(at);
    }
    let mut effects = model.abandon(Slot::Duplicates);
    effects.extend(model.abandon(Slot::Save));
    effects
}

/// What a search text says about a person.
#[derive(Debug, Default, PartialEq)]
struct Typed {
    name: String,
    phone: String,
    birth_date: String,
    email: String,
}

impl Typed {
    fn read(text: &str, today: chrono::NaiveDate) -> Self {
        let mut typed = Self::default();
        let mut names: Vec<&str> = Vec::new();
        let mut digits: Vec<&str> = Vec::new();
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut rest = words.as_slice();
        while let [word, after @ ..] = rest {
            let word = *word;
            // `28 Aug 2006`: with a month's name it can be no phone number.
            if let [day, month, year, after @ ..] = rest
                && month.starts_with(char::is_alphabetic)
                && day.starts_with(|c: char| c.is_ascii_digit())
                && dates::birth_date(&format!("{day} {month} {year}"), today).is_ok()
            {
                typed.birth_date = format!("{day} {month} {year}");
                rest = after;
                continue;
            }
            rest = after;
            if word.contains('@') {
                word.clone_into(&mut typed.email);
                continue;
            }
            let is_dated =
                word.contains(['.', '/', '-']) && word.starts_with(|c: char| c.is_ascii_digit());
            if is_dated && dates::birth_date(word, today).is_ok() {
                word.clone_into(&mut typed.birth_date);
            } else if word.chars().any(|c| c.is_ascii_digit()) {
                let is_phone = word
                    .chars()
                    .all(|c| c.is_ascii_digit() || "+-/().".contains(c));
                if is_phone {
                    digits.push(word);
                }
            } else {
                names.push(word);
            }
        }
        typed.phone = digits.join(" ");
        typed.name = names.join(" ");
        // Nobody holds Shift to search, but the record is for ever.
        if typed.name == typed.name.to_lowercase() {
            typed.name = names
                .iter()
                .map(|word| capitalised(word))
                .collect::<Vec<_>>()
                .join(" ");
        }
        typed
    }
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// What happened to the record in the form: it is read again, and what changed elsewhere is said.
pub(crate) fn happened(model: &mut Model, event: &Event) -> Vec<Effect> {
    let is_its = match any_mut(model).map(|form| &form.subject) {
        Some(Subject::Known { id, .. }) => event.patient == Some(*id),
        Some(Subject::New) | None => false,
    };
    match event.kind {
        EventKind::Patient if is_its => reread(model),
        _ => Vec::new(),
    }
}

/// Reads the record in the form again.
pub(crate) fn reread(model: &mut Model) -> Vec<Effect> {
    match any_mut(model).map(|form| &form.subject) {
        Some(Subject::Known { .. }) => want(model, Slot::Save, save::look_again),
        Some(Subject::New) | None => Vec::new(),
    }
}

/// Shows the saved record everywhere it is shown.
fn show_saved(model: &mut Model, patient: &Patient, etag: Option<&str>) {
    record::patient::saved(model, patient, etag);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_for_fills_the_form() {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let read = |text| Typed::read(text, today);
        let typed = read("ada lovelace 10.12.1990 030 1234-5");
        assert_eq!(typed.name, "Ada Lovelace");
        assert_eq!(typed.birth_date, "10.12.1990");
        assert_eq!(typed.phone, "030 1234-5");
        let typed = read("ada l 28 Aug 2006 ada@example.org 030 12");
        assert_eq!(typed.name, "Ada L");
        assert_eq!(typed.birth_date, "28 Aug 2006");
        assert_eq!(typed.email, "ada@example.org");
        assert_eq!(typed.phone, "030 12");
        assert_eq!(read("28 August 2006").name, "");
        assert_eq!(read("McKenzie").name, "McKenzie");
        assert_eq!(read("P-000042"), Typed::default());
        assert_eq!(
            read("élodie"),
            Typed {
                name: "Élodie".to_owned(),
                ..Typed::default()
            }
        );
    }
}
