//! The audit as a file: as long as it is, in the memory of one batch.

use clinic_shared::desk::audit::Row;
use serde_json::json;

pub use clinic_shared::desk::audit::Format;

use super::listing::{self, Asked, Meant};
use super::{row, table};
use crate::clinic::{Actor, Answer, Clinic, Refusal};
use crate::store::audit_lists as lists;

/// Rows read at once.
const BATCH: i64 = 1000;
/// The head line of the CSV.
const HEAD: &str = "id,at,kind,action,outcome,account,username,role,session,address,object_type,\
                    object_id,patient,detail\n";

/// An export on its way: its parts come one after the other from [`lines`].
pub struct Export {
    clinic: Clinic,
    meant: Option<Meant>,
    format: Format,
    is_begun: bool,
}

/// Begins an export, oldest first, of what was written up to now. That it was asked for is in the
/// audit before its first line is out.
///
/// # Errors
/// The database's.
pub async fn export(clinic: &Clinic, who: &Actor, asked: &Asked, format: Format) -> Answer<Export> {
    let now = clinic.clock.now();
    // What was read before this moment belongs to it.
    clinic.reads.flush().await;
    let mut meant = asked.meant(clinic, &mut clinic.db.read().await?).await?;
    if let Some(meant) = &mut meant {
        meant.between.1 = meant.between.1.min((now, i64::MAX));
    }
    let detail = json!({ "format": format, "asked": asked.told() });
    let mut note = row(now, who, "read", "export_audit", detail);
    note.object_type = Some("audit".to_owned());
    note.patient_id = meant.as_ref().and_then(|meant| meant.filter.patient);
    let mut tx = clinic.db.begin().await?;
    table::insert(&mut tx, &[note]).await?;
    tx.commit().await?;
    Ok(Export {
        clinic: clinic.clone(),
        meant,
        format,
        is_begun: false,
    })
}

/// The next lines of an export; none: it is done.
///
/// # Errors
/// The database's.
pub async fn lines(export: &mut Export) -> Answer<Option<String>> {
    let mut text = String::new();
    if !export.is_begun && export.format == Format::Csv {
        text.push_str(HEAD);
    }
    export.is_begun = true;
    let Some(Meant { filter, between }) = &mut export.meant else {
        return Ok(Some(text).filter(|text| !text.is_empty()));
    };
    let mut reader = export.clinic.db.read_behind().await?;
    let rows = lists::oldest(&mut reader, filter, *between, BATCH).await?;
    drop(reader);
    match rows.last() {
        Some(last) => between.0 = (last.at, last.id),
        None => export.meant = None,
    }
    for row in rows {
        let row = listing::wire(row)?;
        match export.format {
            Format::Jsonl => {
                text.push_str(&serde_json::to_string(&row).map_err(Refusal::broken)?);
            }
            Format::Csv => csv(&mut text, &row),
        }
        text.push('\n');
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn csv(line: &mut String, row: &Row) {
    let text = |value: &dyn std::fmt::Display| value.to_string();
    let account = row.account.as_ref();
    let patient = row.patient.as_ref();
    let cells = [
        Some(text(&row.id)),
        Some(row.at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
        Some(text(&row.kind)),
        Some(row.action.clone()),
        Some(text(&row.outcome)),
        account.and_then(|account| account.id).map(|id| text(&id)),
        account.and_then(|account| account.username.clone()),
        row.role.map(|role| text(&role)),
        row.session.map(|session| text(&session)),
        row.address.clone(),
        row.object_type.clone(),
        row.object_id.map(|id| text(&id)),
        patient.and_then(|patient| patient.id).map(|id| text(&id)),
        Some(row.detail.to_string()),
    ];
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        quoted(line, &cell.unwrap_or_default());
    }
}

/// A cell of a CSV line (RFC 4180). A leading sign that spreadsheets take for a formula gets an
/// apostrophe before it: usernames may begin with one.
fn quoted(line: &mut String, cell: &str) {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let needs_quotes = cell.contains([',', '"', '\n', '\r']);
    if needs_quotes {
        line.push('"');
    }
    if is_formula {
        line.push('\'');
    }
    line.push_str(&cell.replace('"', "\"\""));
    if needs_quotes {
        line.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_are_no_formulas() {
        for (cell, written) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("+cmd|x", "'+cmd|x"),
            ("@a,b", "\"'@a,b\""),
        ] {
            let mut line = String::new();
            quoted(&mut line, cell);
            assert_eq!(line, written);
        }
    }
}
