//! Windows that doctors offer, people who book them, and what the booking rule forbids.

use clinic_server::clinic::{Actor, available_times, patients};
use clinic_server::clinic::{Clinic, Faults};
use clinic_server::store::Session;
use clinic_shared::desk::patients::PatientDraft;

/// A window that a label says, offered by nobody yet.
pub async fn window(clinic: &Clinic, label: &str) -> i64 {
    let nobody = Actor::nobody(None);
    let window = available_times::create(clinic, &nobody, label, Faults::new()).await;
    window.unwrap().id
}

/// Cuts a window into slots, on some weekdays (bit 0 is Monday).
pub async fn shape(clinic: &Clinic, window: i64, slot_minutes: Option<i64>, weekdays: i64) {
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql("UPDATE available_time SET slot_minutes = $2, weekdays = $3 WHERE id = $1")
        .bind(window)
        .bind(slot_minutes)
        .bind(weekdays)
        .run()
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Somebody without an account; answers the number.
pub async fn person(clinic: &Clinic, full_name: &str) -> i64 {
    let draft = PatientDraft {
        full_name: full_name.to_owned(),
        ..PatientDraft::default()
    };
    let nobody = Actor::nobody(None);
    patients::register(clinic, &nobody, draft)
        .await
        .unwrap()
        .number
}

/// Puts an appointment where no rule of ours would.
pub async fn set_status(clinic: &Clinic, appointment: i64, status: &str) -> sqlx::Result<()> {
    let mut tx = clinic.db.begin().await?;
    tx.sql("UPDATE appointment SET status = $2 WHERE id = $1")
        .bind(appointment)
        .bind(status)
        .run()
        .await?;
    tx.commit().await
}

/// Pairs of appointments that may not be: of one doctor at once without a mark, or of one patient.
pub async fn broken_pairs(clinic: &Clinic) -> i64 {
    let mut reader = clinic.db.read().await.unwrap();
    let (count,): (i64,) = reader
        .sql(
            "SELECT count(*) FROM appointment a JOIN appointment b ON a.id < b.id
             WHERE a.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
               AND b.status IN ('pending', 'confirmed', 'checked_in', 'running', 'completed')
               AND ((a.starts_at < b.ends_at AND b.starts_at < a.ends_at)
                    OR (a.starts_at IS NULL AND b.starts_at IS NULL AND a.date = b.date
                        AND a.available_time_id = b.available_time_id))
               AND (a.patient_id = b.patient_id
                    OR (a.doctor_id = b.doctor_id AND NOT a.overbooked AND NOT b.overbooked))",
        )
        .one()
        .await
        .unwrap();
    count
}
