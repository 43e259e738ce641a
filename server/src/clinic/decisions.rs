//! What an admin decides, each once: applications, qualifications, reports of what is wrong
//! (API.md §7).

use clinic_shared::v1::qualifications::Decision;
use serde_json::json;

use super::paging::Paging;
use super::{Actor, Answer, Clinic, Faults, Refusal, audit, text};
use crate::store::Tx;
use crate::store::decisions::{self as table, Matter, Span};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// What is decided about what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    matter: Matter,
    id: i64,
    decision: Decision,
    reason: Option<String>,
}

impl Verdict {
    /// Yes.
    pub(super) fn accepted(matter: Matter, id: i64) -> Self {
        Verdict {
            matter,
            id,
            decision: Decision::Accepted,
            reason: None,
        }
    }

    /// No, and why.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] on `reason`.
    pub(super) fn rejected(
        matter: Matter,
        id: i64,
        reason: Option<String>,
        mut faults: Faults,
    ) -> Answer<Self> {
        let reason = reason.map(|typed| text::optional(&typed, LONGEST_REASON));
        let reason = reason.and_then(|typed| faults.take("reason", typed).flatten());
        faults.refuse()?;
        Ok(Verdict {
            matter,
            id,
            decision: Decision::Rejected,
            reason,
        })
    }
}

/// Keeps something undecided to this transaction, where any of the versions `expected` will do.
///
/// # Errors
/// `missing`, [`Refusal::Stale`], or [`Refusal::Conflict`] if it was decided already.
pub(super) async fn lock_pending(
    clinic: &Clinic,
    tx: &mut Tx,
    (matter, id): (Matter, i64),
    expected: Option<&[i64]>,
    missing: Refusal,
) -> Answer<()> {
    let was = table::lock(tx, matter, id).await?.ok_or(missing)?;
    Refusal::unless_current(clinic, expected, was.version, was.updated_at)?;
    match was.status.0 {
        Decision::Pending => Ok(()),
        decided => Err(Refusal::Conflict {
            code: "already_decided",
            detail: format!("This was {decided} already."),
        }),
    }
}

/// Writes a verdict on something that [`lock_pending`] keeps.
///
/// # Errors
/// The database's.
pub(super) async fn write(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    verdict: &Verdict,
) -> Answer<()> {
    let (matter, id) = (verdict.matter, verdict.id);
    let decided = (verdict.decision, verdict.reason.as_deref());
    let (by, now) = (who.account_id(), clinic.clock.now());
    table::decide(tx, matter, id, decided, by, now).await?;
    let verb = match verdict.decision {
        Decision::Rejected => "reject",
        Decision::Accepted | Decision::Pending => "accept",
    };
    let (object, action) = (matter.table(), format!("{verb}_{}", matter.table()));
    audit::change_of(tx, clinic, who, &action, object, id, json!({})).await?;
    Ok(())
}

/// Which rows a page of a list has, and how many there are on all.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`, the database's.
pub(super) async fn span(
    clinic: &Clinic,
    matter: Matter,
    status: Option<Decision>,
    paging: &Paging,
) -> Answer<(Span, i64)> {
    let span = paging.span()?;
    let count = table::count(&mut clinic.db.read().await?, matter, status).await?;
    let span = Span {
        status,
        before: span.after.unwrap_or(i64::MAX),
        limit: span.limit,
        offset: span.offset,
    };
    Ok((span, count))
}

/// Notes that a list was read.
pub(super) async fn note_list(clinic: &Clinic, who: &Actor, matter: Matter, rows: usize) {
    let action = format!("list_{}", matter.table());
    let detail = json!({ "rows": rows });
    clinic.reads.note(who, &action, None, detail).await;
}

/// Notes that one was read.
pub(super) async fn note_one(clinic: &Clinic, who: &Actor, matter: Matter, id: i64) {
    let action = format!("show_{}", matter.table());
    let object = matter.table();
    clinic.reads.note_of(who, &action, object, id).await;
}
