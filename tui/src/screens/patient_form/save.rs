//! Saving the form, and what can come of it.

use chrono::NaiveDate;
use clinic_shared::Patch;
use clinic_shared::client::Error;
use clinic_shared::desk::patients::{
    Duplicate, DuplicateReason, Gender, Patient, PatientChange, PatientDraft,
};

use super::field::{Elsewhere, FormField, Kind, text_of};
use super::{Form, Subject, Then, any_mut, show_saved, top, top_mut, turning};
use crate::app::{Model, Tone};
use crate::command;
use crate::dates::Format;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;
use crate::screens::contacts::acts;
use crate::screens::dialog::{Choice, Dialog};
use crate::screens::{book, deeds, patients, record, walk_in};

/// Saves the form on top if nothing in it is wrong; asks first if that person seems to be here.
pub(crate) fn save(model: &mut Model) -> Vec<Effect> {
    let today = model.now.date_naive();
    let is_looking = model.flights.is_flying(Slot::Duplicates);
    let Some(form) = top_mut(model) else {
        return Vec::new();
    };
    for field in &mut form.fields {
        field.leave(today);
        field.refusal = None;
        field.elsewhere = None;
    }
    if let Some(faulty) = form.fields.iter().position(|field| field.fault.is_some()) {
        form.focus = faulty;
        return Vec::new();
    }
    if form.subject != Subject::New && !form.is_changed() {
        model.toast(Tone::Info, "Nothing was changed.");
        model.layers.pop();
        return Vec::new();
    }
    // Whether they have a record is known in a moment. Of who wrote to the clinic the server looks
    // itself.
    form.waits = is_looking && form.subject == Subject::New && form.from.is_none();
    if form.waits {
        return Vec::new();
    }
    if let Some(dialog) = turning::question(form).or_else(|| question(form, today)) {
        model.layers.push(Layer::Dialog(dialog));
        return Vec::new();
    }
    send(model)
}

/// Asks whether it is somebody who has a record: of the same birth date, and of the same name or one
/// like it. None: nobody is.
fn question(form: &Form, today: NaiveDate) -> Option<Dialog> {
    let twin = form.candidates.get(twin(form, today)?)?;
    let how = match twin.reasons.contains(&DuplicateReason::NameAndBirthDate) {
        true => "the same name and birth date",
        false => "the same birth date and a name like it",
    };
    let text = format!(
        "{} {} has {how}.",
        twin.patient.record_number, twin.patient.full_name
    );
    let choices = vec![
        Choice::keep("Keep editing"),
        Choice::new("Open theirs", 'o', open_twin),
        Choice::new("Register anyway", 'r', register_anyway),
    ];
    Some(Dialog::new("Here already?", &text, choices))
}

/// Which of those who may be the person in the form most likely is.
fn twin(form: &Form, today: NaiveDate) -> Option<usize> {
    if form.subject != Subject::New {
        return None;
    }
    let born = draft(form, today).birth_date;
    let is_twin = |candidate: &Duplicate| {
        let has = |reason| candidate.reasons.contains(&reason);
        let is_born_then = born.is_some() && candidate.patient.birth_date == born;
        has(DuplicateReason::NameAndBirthDate)
            || (has(DuplicateReason::SimilarName) && is_born_then)
    };
    form.candidates.iter().position(is_twin)
}

/// Opens the record that the question was about, over the form.
fn open_twin(model: &mut Model) -> Vec<Effect> {
    let today = model.now.date_naive();
    match top(model).and_then(|form| twin(form, today)) {
        Some(at) => super::open_candidate(model, at),
        None => Vec::new(),
    }
}

/// Registers the person although a record looks like them.
pub(super) fn register_anyway(model: &mut Model) -> Vec<Effect> {
    if matches!(model.layers.last(), Some(Layer::Dialog(_))) {
        model.layers.pop();
    }
    send(model)
}

fn send(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = turning::send(model) {
        return effects;
    }
    let today = model.now.date_naive();
    let new = model.new_key();
    let Some(form) = top_mut(model) else {
        return Vec::new();
    };
    form.is_saving = true;
    form.message = None;
    let call = saving(form, today);
    let key = match form.sent.take() {
        Some((sent, key)) if sent == call => key,
        _ => new,
    };
    form.sent = Some((call.clone(), key.clone()));
    vec![model.call_under(Slot::Save, call, &key)]
}

/// Esc while it is saved: the form can be typed in again. What was sent may be done; sent again as it
/// is, it is done once.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    let key = key(model);
    let is_read = model.flights.call(Slot::Save).is_some_and(Call::is_read);
    let Some(form) = top_mut(model) else {
        return Vec::new();
    };
    form.waits = false;
    if !std::mem::take(&mut form.is_saving) {
        form.message = Some(format!("Not saved yet: {key} saves."));
        return Vec::new();
    }
    if is_read {
        form.message = Some(format!("Not saved: changed elsewhere. {key} tries again."));
        return model.abandon(Slot::Save);
    }
    form.doubt = Some(format!(
        "Not known yet whether it was saved: you did not wait for the answer. {key} sends it again; \
         it is done once."
    ));
    match form.from.is_some() {
        true => acts::stop(model),
        false => model.abandon(Slot::Save),
    }
}

/// The key that saves.
fn key(model: &Model) -> String {
    command::find("form.save")
        .and_then(|save| model.keymap.keys_of(save).next())
        .unwrap_or_else(|| "Ctrl-S".to_owned())
}

/// The server answers again: what it may not have got is sent again under its key, unless the form
/// says something else by now.
pub(crate) fn again(model: &mut Model) -> Vec<Effect> {
    let today = model.now.date_naive();
    if model.flights.is_flying(Slot::Save) || !model.session.is_in() {
        return Vec::new();
    }
    let Some(form) = any_mut(model).filter(|form| form.doubt.is_some() && !form.is_saving) else {
        return Vec::new();
    };
    let now = saving(form, today);
    match form.sent.clone().filter(|(sent, _)| *sent == now) {
        Some((call, key)) => {
            form.is_saving = true;
            vec![model.call_under(Slot::Save, call, &key)]
        }
        None => Vec::new(),
    }
}

/// Reads the record again while nothing is being saved.
pub(super) fn look_again(model: &mut Model) -> Vec<Effect> {
    let form = any_mut(model).filter(|form| !form.is_saving && form.doubt.is_none());
    match form.map(|form| &form.subject) {
        Some(Subject::Known { id, .. }) => {
            let call = Call::Patient(*id);
            vec![model.call(Slot::Save, call)]
        }
        Some(Subject::New) | None => Vec::new(),
    }
}

/// What saves the form as it is.
fn saving(form: &Form, today: NaiveDate) -> Call {
    match &form.subject {
        Subject::New => Call::Register(draft(form, today)),
        Subject::Known { id, etag, .. } => Call::Change {
            id: *id,
            change: change(form, today),
            etag: etag.clone(),
        },
    }
}

/// Whether a save is under way.
pub(crate) fn is_saving(model: &Model) -> bool {
    top(model).is_some_and(Form::is_busy)
}

/// The person in the form.
pub(super) fn draft(form: &Form, today: NaiveDate) -> PatientDraft {
    let text = |kind| {
        form.field(kind)
            .map(FormField::trimmed)
            .filter(|text| !text.is_empty())
    };
    let owned = |kind| text(kind).map(str::to_owned);
    PatientDraft {
        full_name: owned(Kind::FullName).unwrap_or_default(),
        birth_date: form
            .field(Kind::BirthDate)
            .and_then(|field| field.date(today)),
        gender: text(Kind::Gender).and_then(|text| text.parse().ok()),
        phone: owned(Kind::Phone),
        email: owned(Kind::Email),
        address: owned(Kind::Address),
        blood_group: owned(Kind::BloodGroup),
        note: owned(Kind::Note),
    }
}

/// What was changed in the form, and only that: what others change meanwhile stays.
fn change(form: &Form, today: NaiveDate) -> PatientChange {
    let changed = |kind| form.field(kind).filter(|field| field.is_changed());
    let text = |kind| match changed(kind) {
        None => Patch::Keep,
        Some(field) if field.is_empty() => Patch::Clear,
        Some(field) => Patch::Set(field.trimmed().to_owned()),
    };
    PatientChange {
        full_name: changed(Kind::FullName).map(|field| field.trimmed().to_owned()),
        birth_date: changed(Kind::BirthDate)
            .map_or(Patch::Keep, |field| Patch::from_option(field.date(today))),
        gender: changed(Kind::Gender).map_or(Patch::Keep, |field| {
            Patch::from_option(field.value().parse::<Gender>().ok())
        }),
        phone: text(Kind::Phone),
        email: text(Kind::Email),
        address: text(Kind::Address),
        blood_group: text(Kind::BloodGroup),
        note: text(Kind::Note),
        no_reminders: None,
    }
}

/// Takes in the end of a save, or the record as it is now after a save that came too late.
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) -> Vec<Effect> {
    let dates = model.prefs.dates;
    let key = key(model);
    let Some(form) = any_mut(model) else {
        return Vec::new();
    };
    let was_saving = std::mem::take(&mut form.is_saving);
    if !was_saving {
        return looked(model, result);
    }
    let is_open = deeds::is_unanswered(&result) && !call.is_read();
    if !is_open && !matches!(result, Err(Error::Unreachable(_) | Error::SignedOut)) {
        form.doubt = None;
    }
    match (call, result) {
        (_, Ok(Reply::Saved(tagged))) => {
            let is_new = form.subject == Subject::New;
            close_saved(model, &tagged.value, tagged.etag.as_deref(), is_new)
        }
        (Call::Patient(_), Ok(Reply::Patient(tagged))) => {
            let etag = tagged.etag.clone();
            merge(form, &tagged.value, etag.clone(), dates);
            form.message =
                Some("Changed by somebody else meanwhile; look, then save again.".to_owned());
            show_saved(model, &tagged.value, etag.as_deref());
            Vec::new()
        }
        (Call::Change { id, .. }, Err(Error::Refused(refused))) if refused.status == 412 => {
            form.is_saving = true;
            vec![model.call(Slot::Save, Call::Patient(*id))]
        }
        (_, Err(Error::Refused(_))) if is_open => {
            form.doubt = Some(format!(
                "Not known yet whether it was saved: the server is still at it. {key} asks again."
            ));
            Vec::new()
        }
        (_, Err(Error::Refused(refused))) => {
            form.show_errors(&refused.fields, &format!("Not saved. {}", refused.detail));
            Vec::new()
        }
        (call, Err(Error::Unreachable(_))) => {
            form.doubt = Some(match call {
                Call::Register(_) => format!(
                    "Not known whether it was registered: no answer. It is sent again by itself, \
                     and done once; if you change it, press {key}."
                ),
                _ => format!(
                    "Not known whether it was saved: no answer. It is sent again by itself, \
                     and done once; if you change it, press {key}."
                ),
            });
            Vec::new()
        }
        (_, Err(Error::SignedOut)) => {
            form.message = Some("Not saved yet: sign in, then save again.".to_owned());
            Vec::new()
        }
        (_, Err(error)) => {
            form.message = Some(format!("Not saved. {error}"));
            Vec::new()
        }
        (_, Ok(_)) => Vec::new(),
    }
}

/// Takes in the record as it is now, while nothing is being saved: what was typed stays.
fn looked(model: &mut Model, result: Result<Reply, Error>) -> Vec<Effect> {
    let dates = model.prefs.dates;
    let at = model.now.format("%H:%M").to_string();
    let Some(form) = any_mut(model) else {
        return Vec::new();
    };
    match result {
        Ok(Reply::Patient(tagged)) => {
            let is_same =
                matches!(&form.subject, Subject::Known { etag, .. } if *etag == tagged.etag);
            if !is_same {
                merge(form, &tagged.value, tagged.etag.clone(), dates);
                form.message = Some(format!("Changed elsewhere at {at}; look, then save."));
                show_saved(model, &tagged.value, tagged.etag.as_deref());
            }
        }
        Err(Error::Refused(refused)) if refused.status == 404 => {
            form.message = Some(format!("{} This can't be saved any more.", refused.detail));
        }
        _ => {}
    }
    Vec::new()
}

fn close_saved(
    model: &mut Model,
    saved: &Patient,
    etag: Option<&str>,
    is_new: bool,
) -> Vec<Effect> {
    let mut then = Then::Open;
    if let Some(at) = model
        .layers
        .iter()
        .rposition(|layer| matches!(layer, Layer::Form(_)))
        && let Layer::Form(form) = model.layers.remove(at)
    {
        then = form.then;
    }
    let mut effects = model.abandon(Slot::Duplicates);
    show_saved(model, saved, etag);
    if is_new {
        patients::registered(model, saved);
        let (name, number) = (&saved.full_name, &saved.record_number);
        model.toast_final(format!("Registered {name} as {number}."));
        let is_given = match then {
            Then::Open => false,
            Then::Book => match book::give(model, book::Whom::from(saved)) {
                Some(asked) => {
                    effects.extend(asked);
                    true
                }
                None => false,
            },
            Then::TakeIn => walk_in::give(model, &patients::row_of(saved)),
        };
        if !is_given {
            record::patient::open_known(model, saved.clone(), etag.map(str::to_owned));
        }
    } else {
        model.toast_final(format!("Saved {}.", saved.record_number));
    }
    effects
}

/// Takes over what somebody else changed. The cursor goes to the first field where both did.
fn merge(form: &mut Form, theirs: &Patient, etag: Option<String>, dates: Format) {
    for field in &mut form.fields {
        field.merge(text_of(field.kind, theirs, dates));
    }
    let contested = |field: &FormField| matches!(field.elsewhere, Some(Elsewhere::Contested(_)));
    if let Some(first) = form.fields.iter().position(contested) {
        form.focus = first;
    }
    if let Subject::Known { etag: known, .. } = &mut form.subject {
        *known = etag;
    }
}
