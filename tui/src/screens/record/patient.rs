//! A patient's record.

use clinic_shared::client::Tagged;
use clinic_shared::desk::patients::{Patient, PatientRow};
use uuid::Uuid;

use super::story::Story;
use super::view::{Sheet, born, moment};
use super::{Known, Record, Subject, acting};
use crate::app::Model;
use crate::effect::{Call, Effect, Reply};
use crate::layers::Layer;

/// Opens a record on top of what is there.
pub(crate) fn open(model: &mut Model, row: PatientRow) -> Vec<Effect> {
    super::open(model, Subject::Patient(Known::row(row.id, row)))
}

/// Opens the record of somebody who was met elsewhere: no more is known than the name.
pub(crate) fn open_named(model: &mut Model, id: Uuid, full_name: String) -> Vec<Effect> {
    let row = PatientRow {
        id,
        record_number: String::new(),
        full_name,
        birth_date: None,
        gender: None,
        phone: None,
        has_account: false,
    };
    let known = model.patients.list.rows.iter().find(|row| row.id == id);
    let row = known.cloned().unwrap_or(row);
    open(model, row)
}

/// Opens a record that is known already.
pub(crate) fn open_known(model: &mut Model, patient: Patient, etag: Option<String>) {
    // Whoever registered from beside an open record goes on with the new one.
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Record(_)));
    let known = Known {
        id: patient.id,
        row: None,
        full: Some(Tagged {
            value: patient,
            etag,
        }),
    };
    // Beneath a sign-in that came up meanwhile: nothing is shown to whoever stands there.
    let at = model
        .layers
        .iter()
        .position(|layer| matches!(layer, Layer::SignIn(_)))
        .unwrap_or(model.layers.len());
    let mut record = Record::new(Subject::Patient(known));
    record.story = Story::of_new();
    model.layers.insert(at, Layer::Record(Box::new(record)));
}

/// Shows that a record took another one in: the other one is not there any more.
pub(crate) fn took_in(model: &mut Model, patient: &Patient, etag: Option<&str>, other: Uuid) {
    model.patients.list.forget(other);
    for layer in &mut model.layers {
        if let Layer::Record(record) = layer
            && record.patient() == Some(other)
        {
            let known = Known {
                id: patient.id,
                row: None,
                full: None,
            };
            **record = Record::new(Subject::Patient(known));
        }
    }
    saved(model, patient, etag);
}

/// Opens the form for the record on top.
pub(crate) fn edit(model: &mut Model) -> Vec<Effect> {
    let known = match acting(model) {
        Some(Subject::Patient(known)) => known.full.clone(),
        _ => None,
    };
    if let Some(Tagged { value, etag }) = known {
        crate::screens::patient_form::open_edit(model, &value, etag);
    }
    Vec::new()
}

/// Shows a saved record in the list and in the drawers that show it.
pub(crate) fn saved(model: &mut Model, patient: &Patient, etag: Option<&str>) {
    let tagged = Tagged {
        value: patient.clone(),
        etag: etag.map(str::to_owned),
    };
    let reply = Reply::Patient(Box::new(tagged));
    super::show(model, &Call::Patient(patient.id), &reply);
}

pub(super) fn sheet(model: &Model, known: &Known<Uuid, PatientRow, Patient>) -> Sheet {
    match (known.value(), &known.row) {
        (Some(patient), _) => whole(model, patient),
        // Only the name is known of somebody who was met elsewhere.
        (None, Some(row)) if row.record_number.is_empty() => Sheet {
            title: "Patient".to_owned(),
            name: row.full_name.clone(),
            ..Sheet::default()
        },
        (None, Some(row)) => Sheet {
            title: row.record_number.clone(),
            name: row.full_name.clone(),
            facts: vec![
                ("Record", Some(row.record_number.clone())),
                ("Born", row.birth_date.map(|date| born(model, date))),
                ("Gender", row.gender.map(|gender| gender.to_string())),
                ("Phone", row.phone.clone()),
            ],
            body: None,
        },
        (None, None) => Sheet::default(),
    }
}

fn whole(model: &Model, patient: &Patient) -> Sheet {
    let reminders = patient
        .no_reminders
        .then(|| ("Reminders", Some("wants none".to_owned())));
    let mut facts = vec![
        ("Born", patient.birth_date.map(|date| born(model, date))),
        ("Gender", patient.gender.map(|gender| gender.to_string())),
        ("Phone", patient.phone.clone()),
        ("E-mail", patient.email.clone()),
        ("Address", patient.address.clone()),
        ("Blood group", patient.blood_group.clone()),
        ("Note", patient.note.clone()),
        ("Account", patient.username.clone()),
    ];
    facts.extend(reminders);
    facts.extend([
        ("Registered", Some(moment(model, patient.created_at))),
        ("Changed", Some(moment(model, patient.updated_at))),
    ]);
    Sheet {
        title: patient.record_number.clone(),
        name: patient.full_name.clone(),
        facts,
        body: None,
    }
}
