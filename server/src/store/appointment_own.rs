//! One person's appointments with everything, as v1 lists them: newest first.

use chrono::NaiveDate;
use clinic_shared::desk::appointments::Status;

use super::Session;
use super::appointment_lists::{DetailRow, named_detail};

/// Whose appointments, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// Whether the person is the doctor, or else the patient.
    pub is_doctor: bool,
    /// Their number.
    pub number: i64,
    /// Only of this date.
    pub date: Option<NaiveDate>,
    /// Only those that stand so.
    pub status: Option<Status>,
}

/// One text for each side: an index serves each.
macro_rules! side {
    ($own:expr, $make:ident, $rest:literal) => {
        match $own.is_doctor {
            true => $make!("a.doctor_id = $1", $rest),
            false => $make!("a.patient_id = $1", $rest),
        }
    };
}

macro_rules! counted {
    ($whose:literal, $rest:literal) => {
        concat!(
            "SELECT count(*) FROM appointment a WHERE ",
            $whose,
            " AND a.hidden_at IS NULL AND ($2 OR a.date = $3) AND ($4 = '' OR a.status = $4)",
            $rest
        )
    };
}

macro_rules! listed {
    ($whose:literal, $rest:literal) => {
        named_detail!(concat!(
            "WHERE ",
            $whose,
            " AND a.hidden_at IS NULL AND ($2 OR a.date = $3) AND ($4 = '' OR a.status = $4)",
            $rest
        ))
    };
}

/// How many there are.
///
/// # Errors
/// The database's.
pub async fn count(session: &mut impl Session, own: &Own) -> sqlx::Result<i64> {
    let (count,): (i64,) = session
        .sql(side!(own, counted, ""))
        .bind(own.number)
        .bind(own.date.is_none())
        .bind(own.date.unwrap_or_default())
        .bind(own.status.map_or("", Status::as_str))
        .one()
        .await?;
    Ok(count)
}

/// A page of them, the last booked first: `limit` rows beyond the appointment `after`, after skipping
/// `offset`.
///
/// # Errors
/// The database's.
pub async fn page(
    session: &mut impl Session,
    own: &Own,
    after: Option<i64>,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<DetailRow>> {
    session
        .sql(side!(
            own,
            listed,
            " AND a.id < $5 ORDER BY a.id DESC LIMIT $6 OFFSET $7"
        ))
        .bind(own.number)
        .bind(own.date.is_none())
        .bind(own.date.unwrap_or_default())
        .bind(own.status.map_or("", Status::as_str))
        .bind(after.unwrap_or(i64::MAX))
        .bind(limit)
        .bind(offset)
        .all()
        .await
}
