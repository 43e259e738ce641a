//! Whether an appointment was paid for.

use clinic_shared::desk::appointments::Action;
use serde_json::json;

use super::super::{Actor, Answer, Clinic};
use super::history::{self, Expected, Subject, Taken, Why};
use super::whose::Sight;
use super::{MISSING, changed_meanwhile};
use crate::store::appointments as table;

/// Marks an appointment as paid, or as not paid. The policy lets staff in only.
///
/// # Errors
/// [`super::Refusal::Missing`]; [`super::Refusal::Stale`] and [`super::Refusal::Conflict`] if it is
/// not what the caller saw.
pub async fn set_paid(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    is_paid: bool,
    expected: &Expected,
) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let sight = Sight::of(&mut tx, who).await?;
    let row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    expected.check(clinic, &mut tx, (who, sight), &row).await?;
    if row.is_paid == is_paid {
        return Ok(());
    }
    let (what, now) = ((id, row.version), clinic.clock.now());
    if !table::set_paid(&mut tx, what, is_paid, now).await? {
        return Err(changed_meanwhile());
    }
    let status = row.status.0;
    let taken = Taken {
        action: Action::Pay,
        from: Some(status),
        to: status,
        version: row.version + 1,
        why: Why::default(),
        undoes: None,
        overbooked: row.overbooked,
    };
    let step = taken.row(clinic, who);
    let detail = json!({ "is_paid": is_paid });
    history::write(clinic, &mut tx, who, Subject::of(&row), step, detail).await?;
    tx.commit().await?;
    Ok(())
}
