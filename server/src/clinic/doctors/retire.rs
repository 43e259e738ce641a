//! Doctors who leave.

use serde_json::json;

use super::{OBJECT, changeable, table};
use crate::clinic::{Actor, Answer, Clinic, appointments, audit};
use crate::store::reviews;

/// Retires a doctor: nobody sees them any more, nor their reviews, and what was booked with them is
/// called off; the row stays and its number is never used again. The account may make a new profile.
///
/// # Errors
/// [`crate::clinic::Refusal::Missing`] if the caller does not see the doctor,
/// [`crate::clinic::Refusal::Forbidden`] if the doctor is not theirs to change.
pub async fn retire(clinic: &Clinic, who: &Actor, number: i64) -> Answer<()> {
    let now = clinic.clock.now();
    let mut tx = clinic.db.begin().await?;
    let row = changeable(who, table::lock_id(&mut tx, number).await?)?;
    table::retire(&mut tx, row.id, now).await?;
    appointments::cancel_all_of_doctor(clinic, &mut tx, who, row.id).await?;
    reviews::hide_of_doctor(&mut tx, row.id, now).await?;
    let detail = json!({ "account": row.account_id });
    audit::change_of(
        &mut tx,
        clinic,
        who,
        "retire_doctor",
        OBJECT,
        row.id,
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
