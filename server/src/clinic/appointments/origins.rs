//! What led to an appointment: an entry of the waiting list, or what somebody wrote to the clinic. One
//! that was booked by mistake never was: what led to it is open again (docs/scheduling.md). Called off
//! for any other reason it was an appointment all the same, and what led to it stays closed.

use super::super::{Actor, Answer, Clinic, contacts, waitlist};
use crate::store::Tx;

/// An appointment was called off as booked by mistake: what led to it is put back.
pub(super) async fn unbooked(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    appointment: i64,
) -> Answer<()> {
    waitlist::unbooked(clinic, tx, who, appointment).await?;
    contacts::unbooked(clinic, tx, who, appointment).await
}

/// That was taken back: what had led to the appointment of this patient leads to it again.
pub(super) async fn booked_again(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    (appointment, patient): (i64, i64),
) -> Answer<()> {
    waitlist::booked_again(clinic, tx, who, appointment).await?;
    contacts::booked_again(clinic, tx, who, (appointment, patient)).await
}
