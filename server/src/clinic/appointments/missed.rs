//! Appointments to which nobody came and that nobody closed: the nightly run notes them.

use clinic_shared::desk::appointments::Status;

use super::super::paging::usize_of;
use super::super::{Actor, Answer, Clinic};
use super::history::Why;
use super::transition::apply;
use crate::store::appointments as table;

/// How many are closed in one transaction: others write between them.
const AT_ONCE: i64 = 100;

/// Notes of every appointment of a day before today that still is pending or confirmed that the
/// patient did not come, and answers how many there were.
///
/// # Errors
/// The database's; what was noted before it stays noted.
pub async fn close_missed(clinic: &Clinic) -> Answer<u64> {
    let nobody = Actor::nobody(None);
    let mut closed = 0;
    loop {
        let mut tx = clinic.db.begin().await?;
        let rows = table::lock_missed(&mut tx, clinic.today(), AT_ONCE).await?;
        for row in &rows {
            let (to, why) = (Status::NoShow, Why::default());
            apply(clinic, &mut tx, &nobody, row, to, why, None).await?;
            closed += 1;
        }
        tx.commit().await?;
        if rows.len() < usize_of(AT_ONCE) {
            return Ok(closed);
        }
    }
}
