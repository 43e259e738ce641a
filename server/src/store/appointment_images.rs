//! The pictures of appointments.

use super::lists::{ids, json_ids};
use super::{Session, Sql, Tx};

/// A picture of an appointment.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ImageRow {
    /// The appointment.
    pub appointment_id: i64,
    /// The media key.
    pub image: String,
}

/// Writes the pictures of a new appointment, in their order.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, appointment: i64, keys: &[String]) -> sqlx::Result<()> {
    for (position, key) in (0_i64..).zip(keys) {
        tx.sql(
            "INSERT INTO appointment_image (appointment_id, position, image) VALUES ($1, $2, $3)",
        )
        .bind(appointment)
        .bind(position)
        .bind(key.as_str())
        .run()
        .await?;
    }
    Ok(())
}

/// The pictures of these appointments, each's in their order.
///
/// # Errors
/// The database's.
pub async fn of(session: &mut impl Session, appointments: &[i64]) -> sqlx::Result<Vec<ImageRow>> {
    session
        .sql(Sql {
            sqlite: concat!(
                "SELECT appointment_id, image FROM appointment_image WHERE appointment_id IN ",
                ids!(sqlite, "$1"),
                " ORDER BY appointment_id, position"
            ),
            postgres: concat!(
                "SELECT appointment_id, image FROM appointment_image WHERE appointment_id IN ",
                ids!(postgres, "$1"),
                " ORDER BY appointment_id, position"
            ),
        })
        .bind(json_ids(appointments))
        .all()
        .await
}
