//! One patient's record: a drawer beside the list where there is room, else over it.

mod view;

use clinic_shared::client::Error;
use clinic_shared::desk::patients::{Patient, PatientRow};
use uuid::Uuid;

use super::patients;
use crate::app::Model;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::layers::Layer;

pub(crate) use view::draw;

/// Why a record can't be seen or changed while the server is away.
pub(crate) const UNREAD: &str =
    "The record can't be read now; it is asked for again when the server answers.";

/// What the drawer shows.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    /// What the list knew: shown until the record is there.
    pub(crate) row: Option<PatientRow>,
    pub(crate) patient: Option<Patient>,
    /// The version, sent back with a change.
    pub(crate) etag: Option<String>,
    /// Lines scrolled past.
    pub(crate) top: usize,
    /// Why there is no record.
    pub(crate) error: Option<String>,
}

/// Opens the selected row's record.
pub(crate) fn open_selected(model: &mut Model) -> Vec<Effect> {
    match model.patients.selected().cloned() {
        Some(row) => open(model, row),
        None => Vec::new(),
    }
}

/// Opens a record on top of what is there.
pub(crate) fn open(model: &mut Model, row: PatientRow) -> Vec<Effect> {
    let id = row.id;
    let record = Record {
        id,
        row: Some(row),
        patient: None,
        etag: None,
        top: 0,
        error: None,
    };
    model.layers.push(Layer::Record(Box::new(record)));
    vec![model.call(Slot::Record, Call::Patient(id))]
}

/// Opens a record that is known already.
pub(crate) fn open_known(model: &mut Model, patient: Patient, etag: Option<String>) {
    // Whoever registered from beside an open record goes on with the new one.
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Record(_)));
    let id = patient.id;
    let record = Record {
        id,
        row: None,
        patient: Some(patient),
        etag,
        top: 0,
        error: None,
    };
    // Beneath a sign-in that came up meanwhile: nothing is shown to whoever stands there.
    let at = model
        .layers
        .iter()
        .position(|layer| matches!(layer, Layer::SignIn(_)))
        .unwrap_or(model.layers.len());
    model.layers.insert(at, Layer::Record(Box::new(record)));
}

/// Opens the form for the record on top.
pub(crate) fn edit(model: &mut Model) -> Vec<Effect> {
    let known = match model.layers.last() {
        Some(Layer::Record(record)) => record.patient.clone().map(|patient| (patient, record)),
        _ => None,
    };
    if let Some((patient, record)) = known {
        let etag = record.etag.clone();
        super::patient_form::open_edit(model, &patient, etag);
    }
    Vec::new()
}

/// Asks for the record on top again.
pub(crate) fn refresh(model: &mut Model) -> Vec<Effect> {
    match model.layers.last() {
        Some(Layer::Record(record)) => {
            let id = record.id;
            vec![model.call(Slot::Record, Call::Patient(id))]
        }
        _ => Vec::new(),
    }
}

/// Closes the record on top.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.layers.last(), Some(Layer::Record(_))) {
        return Vec::new();
    }
    model.layers.pop();
    model.abandon(Slot::Record)
}

/// Opens the neighbour in the list instead.
pub(crate) fn turn(model: &mut Model, step: isize) -> Vec<Effect> {
    let is_over_list = model.layers.len() == 1;
    if !is_over_list || patients::neighbour(model, step).is_none() {
        return Vec::new();
    }
    model.layers.pop();
    open_selected(model)
}

/// Scrolls the record on top by so many lines.
pub(crate) fn scroll(model: &mut Model, lines: isize) {
    let longest = view::overflow(model);
    if let Some(Layer::Record(record)) = model.layers.last_mut() {
        record.top = record.top.saturating_add_signed(lines).min(longest);
    }
}

/// Takes in a record.
pub(crate) fn landed(model: &mut Model, call: &Call, result: Result<Reply, Error>) {
    let Call::Patient(asked) = call else { return };
    if let Ok(Reply::Patient(tagged)) = &result {
        patients::saved(model, &tagged.value);
    }
    let open = model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Record(record) if record.id == *asked => Some(record),
        _ => None,
    });
    let Some(record) = open else { return };
    match result {
        Ok(Reply::Patient(tagged)) => {
            record.patient = Some(tagged.value);
            record.etag = tagged.etag;
            record.error = None;
        }
        Err(Error::Refused(refused)) if refused.status == 404 => {
            record.patient = None;
            record.error = Some("This record is not there any more.".to_owned());
        }
        Err(Error::Unreachable(_) | Error::SignedOut) | Ok(_) => {}
        Err(error) => record.error = Some(error.to_string()),
    }
}

/// Shows a saved record in the drawers that show it.
pub(crate) fn saved(model: &mut Model, patient: &Patient, etag: Option<&str>) {
    for layer in &mut model.layers {
        if let Layer::Record(record) = layer
            && record.id == patient.id
        {
            record.patient = Some(patient.clone());
            record.etag = etag.map(str::to_owned);
            record.error = None;
        }
    }
}
