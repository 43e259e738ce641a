//! Patients as text and as JSON.

use clinic_shared::SearchPage;
use clinic_shared::desk::patients::{Duplicate, Patient, PatientRow};
use serde_json::json;

use crate::cli::CliError;
use crate::cli::output::Output;
use crate::paging::cursor_of;

/// A page of a search; JSON carries the `cursor` for the next one.
pub(super) fn page(page: &SearchPage<PatientRow>, out: &mut Output) -> Result<(), CliError> {
    let cursor = page.next.as_deref().and_then(cursor_of);
    if out.is_json() {
        return out.json(&json!({
            "count": page.count,
            "count_capped": page.count_capped,
            "cursor": cursor,
            "corrections": page.corrections,
            "results": page.results,
        }));
    }
    for correction in &page.corrections {
        out.aside(&format!("Taken for: {correction}"))?;
    }
    out.table(&HEAD, &page.results.iter().map(row).collect::<Vec<_>>())?;
    let more = if page.count_capped { " or more" } else { "" };
    out.aside(&format!("{} of {}{more}", page.results.len(), page.count))?;
    if let Some(cursor) = cursor {
        out.aside(&format!("More: --cursor {cursor}"))?;
    }
    Ok(())
}

/// One record.
pub(super) fn patient(patient: &Patient, out: &mut Output) -> Result<(), CliError> {
    if out.is_json() {
        return out.json(patient);
    }
    let born = patient.birth_date.map(|date| match patient.age {
        Some(age) => format!("{date} ({age})"),
        None => date.to_string(),
    });
    let gender = patient.gender.map(|gender| gender.to_string());
    for (title, value) in [
        ("Record", Some(&patient.record_number)),
        ("Name", Some(&patient.full_name)),
        ("Born", born.as_ref()),
        ("Gender", gender.as_ref()),
        ("Phone", patient.phone.as_ref()),
        ("E-mail", patient.email.as_ref()),
        ("Address", patient.address.as_ref()),
        ("Blood group", patient.blood_group.as_ref()),
        ("Note", patient.note.as_ref()),
        ("Account", patient.username.as_ref()),
        ("Id", Some(&patient.id.to_string())),
    ] {
        if let Some(value) = value {
            out.pair(title, value)?;
        }
    }
    Ok(())
}

/// Records that may be the person's.
pub(super) fn duplicates(duplicates: &[Duplicate], out: &mut Output) -> Result<(), CliError> {
    if out.is_json() {
        return out.json(&json!({"duplicates": duplicates}));
    }
    let rows = duplicates
        .iter()
        .map(|duplicate| row(&duplicate.patient))
        .collect::<Vec<_>>();
    out.table(&HEAD, &rows)
}

const HEAD: [&str; 5] = ["RECORD", "NAME", "BORN", "PHONE", "ID"];

fn row(row: &PatientRow) -> [String; 5] {
    [
        row.record_number.clone(),
        row.full_name.clone(),
        row.birth_date
            .map(|date| date.to_string())
            .unwrap_or_default(),
        row.phone.clone().unwrap_or_default(),
        row.id.to_string(),
    ]
}
