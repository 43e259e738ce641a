//! Asks for a day's reminders when their time has come: once a day whatever the number of servers, on
//! the clinic's clock, and caught up with after a time in which no server ran.

use chrono::NaiveDate;

use super::super::{Answer, Clinic};
use super::nightly::last_day_at;
use super::{Job, ask};

/// Asks once a day.
#[derive(Debug, Default)]
pub(super) struct Scheduler {
    /// The day that was asked for last by this server.
    asked: Option<NaiveDate>,
}

impl Scheduler {
    /// Asks for the last day's reminders unless that was done, or nobody wants any.
    pub(super) async fn ask(&mut self, clinic: &Clinic) -> Answer<()> {
        let Some(plan) = clinic.reminders else {
            return Ok(());
        };
        let day = last_day_at(clinic, plan.time);
        if self.asked == Some(day) {
            return Ok(());
        }
        let mut tx = clinic.db.begin().await?;
        let (job, key) = (Job::Remind { day }, format!("remind:{day}"));
        ask(clinic, &mut tx, &job, clinic.clock.now(), Some(&key)).await?;
        tx.commit().await?;
        self.asked = Some(day);
        Ok(())
    }
}
