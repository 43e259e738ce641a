//! What people say is wrong with the program, for admins to look at (API.md §4 `report-bug/`, §7).

use clinic_shared::desk::decisions as desk;
use clinic_shared::v1::portal::BugReportInput;
use clinic_shared::v1::qualifications::Decision;
use serde_json::json;

use super::decisions::{self, Verdict};
use super::paging::{Listed, Paging};
use super::{Actor, Answer, Clinic, Faults, Refusal, audit, pictures, text};
use crate::infra::media::Kind;
use crate::store::bug_reports::{self as table, BugReportRow, NewBugReport};
use crate::store::decisions::Matter;

const MISSING: Refusal = Refusal::Missing("BugReport");
/// The picture's field.
const FIELD: &str = "image";
/// The longest kind, in characters.
const LONGEST_KIND: usize = 50;
/// The longest report, in characters.
const LONGEST_ISSUE: usize = 5000;
/// The longest e-mail address, in characters.
const LONGEST_EMAIL: usize = 254;

/// Takes what somebody, signed in or not, says is wrong, with a picture if one came.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field, [`Refusal::TooLarge`].
pub async fn report(
    clinic: &Clinic,
    who: &Actor,
    input: BugReportInput,
    faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<BugReportRow> {
    let write = async |image: Option<String>, mut faults: Faults| {
        let new = checked(who, &input, image, &mut faults);
        faults.refuse()?;
        let mut tx = clinic.db.begin().await?;
        let id = table::insert(&mut tx, &new, clinic.clock.now()).await?;
        let object = Matter::BugReport.table();
        let action = "report_bug";
        audit::change_of(&mut tx, clinic, who, action, object, id, json!({})).await?;
        let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
        tx.commit().await?;
        Ok(row)
    };
    pictures::replacing(clinic, Kind::Private, picture, FIELD, None, faults, write).await
}

fn checked(
    who: &Actor,
    input: &BugReportInput,
    image: Option<String>,
    faults: &mut Faults,
) -> NewBugReport {
    let bug_type = faults.take("bug_type", text::required(&input.bug_type, LONGEST_KIND));
    let issue = faults.take("issue", text::prose(&input.issue, LONGEST_ISSUE));
    let email = input.email.as_deref();
    let email = email.map(|typed| text::optional(typed, LONGEST_EMAIL));
    let email = email.and_then(|typed| faults.take("email", typed).flatten());
    if email.as_deref().is_some_and(|email| !text::is_email(email)) {
        faults.add("email", "Enter a valid email address.");
    }
    NewBugReport {
        account: who.account_id(),
        bug_type: bug_type.unwrap_or_default(),
        issue: issue.unwrap_or_default(),
        email,
        image,
    }
}

/// A page of all reports, newest first, for admins.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    status: Option<Decision>,
    paging: &Paging,
) -> Answer<Listed<BugReportRow>> {
    let (span, count) = decisions::span(clinic, Matter::BugReport, status, paging).await?;
    let rows = table::page(&mut clinic.db.read().await?, span).await?;
    let listed = paging.listed(count, rows, |row| row.id)?;
    decisions::note_list(clinic, who, Matter::BugReport, listed.rows.len()).await;
    Ok(listed)
}

/// One report, for admins.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, who: &Actor, id: i64) -> Answer<BugReportRow> {
    let row = table::by_id(&mut clinic.db.read().await?, id).await?;
    let row = row.ok_or(MISSING)?;
    decisions::note_one(clinic, who, Matter::BugReport, id).await;
    Ok(row)
}

/// Accepts a report: somebody will see to it.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Stale`], or [`Refusal::Conflict`] if it was decided already.
pub async fn accept(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    expected: Option<&[i64]>,
) -> Answer<BugReportRow> {
    let verdict = Verdict::accepted(Matter::BugReport, id);
    decide(clinic, who, id, &verdict, expected).await
}

/// Rejects a report.
///
/// # Errors
/// As [`accept`], and [`Refusal::Invalid`] on `reason`.
pub async fn reject(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: desk::Rejection,
    expected: Option<&[i64]>,
    faults: Faults,
) -> Answer<BugReportRow> {
    let verdict = Verdict::rejected(Matter::BugReport, id, form.reason, faults)?;
    decide(clinic, who, id, &verdict, expected).await
}

async fn decide(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    verdict: &Verdict,
    expected: Option<&[i64]>,
) -> Answer<BugReportRow> {
    let mut tx = clinic.db.begin().await?;
    decisions::lock_pending(clinic, &mut tx, (Matter::BugReport, id), expected, MISSING).await?;
    decisions::write(clinic, &mut tx, who, verdict).await?;
    let row = table::by_id(&mut tx, id).await?.ok_or(MISSING)?;
    tx.commit().await?;
    Ok(row)
}

/// A report as admins see it, with the URL of the picture.
pub fn desk_wire(row: BugReportRow, image: Option<String>) -> desk::BugReport {
    desk::BugReport {
        id: row.id,
        user: row.account_uid,
        bug_type: row.bug_type,
        issue: row.issue,
        email: row.email,
        image,
        status: row.decided.status.0,
        reason: row.decided.reason,
        decided_at: row.decided.decided_at,
        version: row.decided.version,
        created_at: row.decided.created_at,
        updated_at: row.decided.updated_at,
    }
}
