//! What was ever booked for one patient.

use super::Session;
use super::appointment_lists::{DetailRow, named_detail};

/// What a patient's appointments come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Sums {
    /// How many there are.
    pub count: i64,
    /// How often they did not come.
    pub no_shows: i64,
    /// How many were called off; what was booked by mistake is not held against anybody.
    pub cancelled: i64,
    /// How many of those less than a day before.
    pub cancelled_late: i64,
    /// How often they left without being seen.
    pub left_count: i64,
}

/// Counts a patient's appointments, hidden ones left out.
///
/// # Errors
/// The database's.
pub async fn sums(session: &mut impl Session, patient: i64) -> sqlx::Result<Sums> {
    session
        .sql(
            "SELECT count(*) AS count,
                    count(CASE WHEN status = 'no_show' THEN 1 END) AS no_shows,
                    count(CASE WHEN status = 'cancelled'
                               AND coalesce(reason_kind, '') <> 'mistake' THEN 1 END) AS cancelled,
                    count(CASE WHEN status = 'cancelled' AND cancelled_late
                               AND coalesce(reason_kind, '') <> 'mistake' THEN 1 END)
                        AS cancelled_late,
                    count(CASE WHEN status = 'left' THEN 1 END) AS left_count
             FROM appointment WHERE patient_id = $1 AND hidden_at IS NULL",
        )
        .bind(patient)
        .one()
        .await
}

/// A patient's appointments, the latest first, hidden ones left out.
///
/// # Errors
/// The database's.
pub async fn latest(
    session: &mut impl Session,
    patient: i64,
    limit: i64,
) -> sqlx::Result<Vec<DetailRow>> {
    session
        .sql(named_detail!(
            "WHERE a.patient_id = $1 AND a.hidden_at IS NULL \
             ORDER BY a.date DESC, a.at DESC, a.id DESC LIMIT $2"
        ))
        .bind(patient)
        .bind(limit)
        .all()
        .await
}
