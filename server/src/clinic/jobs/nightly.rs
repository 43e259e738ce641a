//! Work of every night: asked for once a night whatever the number of servers, on the clinic's
//! clock, and caught up with after a night in which no server ran.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::super::{Answer, Clinic, accounts, appointments, events, idempotency};
use super::{Claim, Failure, Job, ask};
use crate::store::jobs as table;

/// Nights begin at this hour of the clinic's clock.
const HOUR: u32 = 3;
/// How long done jobs are kept.
const KEPT: TimeDelta = TimeDelta::days(30);

/// What is done every night. A new one gets its line here, in [`Nightly::ALL`] and in [`work`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nightly {
    /// Accounts that were registered a week ago and never activated go.
    PurgeUnactivated,
    /// What throttling and codes remember goes when it is old.
    ForgetTries,
    /// Jobs done long ago go.
    ForgetJobs,
    /// Events of a week ago go.
    ForgetEvents,
    /// Appointments of days that are over, to which nobody came, are noted as missed.
    CloseMissed,
    /// Answers kept for requests that might come again go after a day.
    ForgetAnswers,
}

impl Nightly {
    /// All of them.
    pub const ALL: [Nightly; 6] = [
        Nightly::PurgeUnactivated,
        Nightly::ForgetTries,
        Nightly::ForgetJobs,
        Nightly::ForgetEvents,
        Nightly::CloseMissed,
        Nightly::ForgetAnswers,
    ];

    /// Its name in lists and keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Nightly::PurgeUnactivated => "purge_unactivated",
            Nightly::ForgetTries => "forget_tries",
            Nightly::ForgetJobs => "forget_jobs",
            Nightly::ForgetEvents => "forget_events",
            Nightly::CloseMissed => "close_missed",
            Nightly::ForgetAnswers => "forget_answers",
        }
    }
}

/// Asks for a night's work when its hour has come.
#[derive(Debug, Default)]
pub(super) struct Scheduler {
    /// The night that was asked for last by this server.
    asked: Option<NaiveDate>,
}

impl Scheduler {
    /// Asks for tonight's work unless that was done.
    pub(super) async fn ask(&mut self, clinic: &Clinic) -> Answer<()> {
        let begins = NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default();
        let night = last_day_at(clinic, begins);
        if self.asked == Some(night) {
            return Ok(());
        }
        let mut tx = clinic.db.begin().await?;
        for task in Nightly::ALL {
            let key = format!("{}:{night}", task.as_str());
            let now = clinic.clock.now();
            ask(clinic, &mut tx, &Job::Nightly { task }, now, Some(&key)).await?;
        }
        tx.commit().await?;
        self.asked = Some(night);
        Ok(())
    }
}

/// The date on which this time of the day came last. Compared as people read their clocks, so that a
/// night with a skipped or a doubled hour is one night too.
pub(super) fn last_day_at(clinic: &Clinic, time: NaiveTime) -> NaiveDate {
    let local = clinic.clock.now().with_timezone(&clinic.zone).naive_local();
    match local.time() >= time {
        true => local.date(),
        false => local
            .date()
            .checked_sub_days(Days::new(1))
            .unwrap_or_default(),
    }
}

/// Does one night's task.
pub(super) async fn work(clinic: &Clinic, task: Nightly, claim: &Claim) -> Result<(), Failure> {
    if task == Nightly::CloseMissed {
        // In transactions of its own, a hundred at a time: done again, it finds nothing left.
        appointments::close_missed(clinic).await?;
        return claim.done(clinic).await;
    }
    let mut tx = clinic.db.begin().await?;
    match task {
        Nightly::CloseMissed => {}
        Nightly::PurgeUnactivated => accounts::purge_unactivated(clinic, &mut tx).await?,
        Nightly::ForgetAnswers => idempotency::forget_old(clinic, &mut tx).await?,
        Nightly::ForgetTries => accounts::forget_tries(clinic, &mut tx).await?,
        Nightly::ForgetJobs => {
            table::forget_done(&mut tx, clinic.clock.now() - KEPT).await?;
        }
        Nightly::ForgetEvents => events::purge(clinic, &mut tx).await?,
    }
    claim.finish(clinic, &mut tx).await?;
    Ok(tx.commit().await?)
}
