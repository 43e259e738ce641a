//! Reminders of appointments by mail (docs/decisions/0017): once for each appointment and the time it
//! has, none after a cancel or a move, and one bad address stops nobody else's.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use clinic_shared::desk::appointments::Status;
use serde_json::json;

use super::jobs::{self, Claim, Failure, Job};
use super::{Actor, Clinic, audit, letters};
use crate::store::reminders::{self as table, Due, ReminderRow};

/// How many are asked for in one transaction.
const BATCH: i64 = 100;

/// When people are reminded, as the settings say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// At which time of the clinic's day.
    pub time: NaiveTime,
    /// How many days before.
    pub days: u16,
}

/// Asks for the reminders of a day: each is a job of its own.
///
/// # Errors
/// [`Failure`].
pub async fn ask_all(clinic: &Clinic, day: NaiveDate, claim: &Claim) -> Result<(), Failure> {
    // Switched off meanwhile: nobody is written to.
    let Some(plan) = clinic.reminders else {
        return claim.done(clinic).await;
    };
    let later = |days: u64| day.checked_add_days(Days::new(days)).unwrap_or(day);
    let dates = (later(1), later(u64::from(plan.days)));
    loop {
        let now = clinic.clock.now();
        let mut tx = clinic.db.begin().await?;
        let found = table::due(&mut tx, dates, now, BATCH).await?;
        for due in &found {
            if table::ask(&mut tx, *due, now).await? {
                let job = Job::SendReminder {
                    appointment: due.id,
                    at: due.at,
                };
                jobs::enqueue(clinic, &mut tx, &job, now).await?;
            }
        }
        let is_last = i64::try_from(found.len()).unwrap_or(BATCH) < BATCH;
        if is_last {
            claim.finish(clinic, &mut tx).await?;
        }
        tx.commit().await?;
        if is_last {
            return Ok(());
        }
    }
}

/// Sends one reminder, if there is still reason to.
///
/// # Errors
/// [`Failure`].
pub async fn send(
    clinic: &Clinic,
    appointment: i64,
    at: DateTime<Utc>,
    claim: &Claim,
) -> Result<(), Failure> {
    let due = Due {
        id: appointment,
        at,
    };
    let row = table::asked(&mut clinic.db.read().await?, due).await?;
    let now = clinic.clock.now();
    let wanted = row.filter(|row| row.sent_at.is_none());
    let Some(row) = wanted else {
        return claim.done(clinic).await;
    };
    let address = row.email.clone().filter(|_| is_wanted(&row, due, now));
    let Some(address) = address else {
        let mut tx = clinic.db.begin().await?;
        table::drop_unsent(&mut tx, due).await?;
        claim.finish(clinic, &mut tx).await?;
        return Ok(tx.commit().await?);
    };
    let mail = letters::of_reminder(clinic, claim.id, &address, &row);
    clinic.mailer.send(&mail, now).await?;
    let mut tx = clinic.db.begin().await?;
    table::sent(&mut tx, due, clinic.clock.now()).await?;
    let (nobody, action) = (Actor::nobody(None), "send_reminder");
    let object = ("appointment", due.id);
    let patient = row.patient_id;
    audit::change_to(&mut tx, clinic, &nobody, action, object, patient, json!({})).await?;
    claim.finish(clinic, &mut tx).await?;
    Ok(tx.commit().await?)
}

/// Whether the appointment is still to come at that time and the patient wants to be reminded.
fn is_wanted(row: &ReminderRow, due: Due, now: DateTime<Utc>) -> bool {
    let comes = matches!(row.status.0, Status::Pending | Status::Confirmed);
    let stays = row.at == due.at && row.hidden_at.is_none();
    comes && stays && row.at > now && !row.no_reminders && row.retired_at.is_none()
}
