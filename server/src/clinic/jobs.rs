//! Jobs: work that is done after the change that asked for it has committed (docs/decisions/0006).
//!
//! Whoever needs one calls [`enqueue`] inside the transaction of the change: either both are
//! there or neither. Any server on the database may do the job. What a job changes in the database
//! commits together with the job's end, so that is done exactly once; what leaves the house (mail)
//! is done at least once.

mod downtime;
mod nightly;
mod reminding;
mod runner;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use uuid::Uuid;

pub use downtime::keep_downtime_copy;
pub use nightly::Nightly;
pub use runner::{run, run_due};

use super::codes::{self, Purpose};
use super::{Answer, Clinic, Refusal, contacts, letters, reminders};
use crate::infra::mail::MailError;
use crate::store::jobs::{self as table, JobRow, NewJob};
use crate::store::{Tx, notify};

/// The channel on which PostgreSQL tells other servers that there is work.
pub const CHANNEL: &str = "job";

/// Everything that can be asked for. The payload holds ids and settings, never personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Make a one-time code and mail it. Without an account there is nobody to write to: asking for
    /// an unknown address takes the same steps as for a known one.
    SendCode {
        /// Whose.
        account: Option<i64>,
        /// What for.
        purpose: Purpose,
        /// Whether it goes to somebody who was invited and has no password yet.
        invited: bool,
    },
    /// Tell an account something by mail.
    SendNotice {
        /// Whom.
        account: i64,
        /// What.
        notice: letters::Notice,
    },
    /// Mail a reply to a contact request.
    SendReply {
        /// The step that it is.
        step: i64,
    },
    /// Ask for the reminders of a day.
    Remind {
        /// The day on which people are reminded.
        day: NaiveDate,
    },
    /// Remind somebody of an appointment.
    SendReminder {
        /// Of which.
        appointment: i64,
        /// The time that it had when this was asked for.
        at: DateTime<Utc>,
    },
    /// Work of one night.
    Nightly {
        /// Which.
        task: Nightly,
    },
}

impl Job {
    /// Its name in lists.
    pub const fn kind(&self) -> &'static str {
        match self {
            Job::SendCode { .. } => "send_code",
            Job::SendNotice { .. } => "send_notice",
            Job::SendReply { .. } => "send_reply",
            Job::Remind { .. } => "remind",
            Job::SendReminder { .. } => "send_reminder",
            Job::Nightly { task } => task.as_str(),
        }
    }
}

/// Tells the runners of this process that there is work. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Jobs(watch::Sender<()>);

impl Default for Jobs {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Jobs {
    /// There may be work.
    pub fn wake(&self) {
        self.0.send_replace(());
    }
}

/// Asks for a job, not before `run_at`, inside the caller's transaction; the runners are woken when
/// it commits.
///
/// # Errors
/// The database's.
pub async fn enqueue(
    clinic: &Clinic,
    tx: &mut Tx,
    job: &Job,
    run_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    ask(clinic, tx, job, run_at, None).await?;
    Ok(())
}

/// As [`enqueue`], at most once under a key for as long as done jobs are kept (30 days).
async fn ask(
    clinic: &Clinic,
    tx: &mut Tx,
    job: &Job,
    run_at: DateTime<Utc>,
    once_key: Option<&str>,
) -> sqlx::Result<bool> {
    let payload = serde_json::to_value(job).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let new = NewJob {
        kind: job.kind(),
        payload,
        once_key,
        run_at,
        at: clinic.clock.now(),
    };
    let is_new = table::insert(tx, &new).await?;
    if is_new {
        notify::notify(tx, CHANNEL, "").await?;
        tx.tell_on_commit(&clinic.jobs.0);
    }
    Ok(is_new)
}

/// The newest jobs, or those that stand so: `clinicd jobs list`.
///
/// # Errors
/// The database's.
pub async fn list(clinic: &Clinic, status: Option<&str>, most: i64) -> Answer<Vec<JobRow>> {
    Ok(table::list(&mut clinic.db.read().await?, status, most).await?)
}

/// Lets one dead job, or all of them, try again: `clinicd jobs retry`. Answers how many.
///
/// # Errors
/// [`Refusal::Missing`] if this one is not dead.
pub async fn retry(clinic: &Clinic, id: Option<i64>) -> Answer<u64> {
    let mut tx = clinic.db.begin().await?;
    let revived = table::revive(&mut tx, id, clinic.clock.now()).await?;
    if revived == 0 && id.is_some() {
        return Err(Refusal::Missing("dead job"));
    }
    notify::notify(&mut tx, CHANNEL, "").await?;
    tx.tell_on_commit(&clinic.jobs.0);
    tx.commit().await?;
    Ok(revived)
}

/// A job that this server may do until its claim ends.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The job's id: stable over its tries, so mails carry it.
    pub id: i64,
    mark: Uuid,
}

impl Claim {
    /// The job is done, inside the transaction that does its work.
    ///
    /// # Errors
    /// [`Failure::Lost`] if another server has taken over: then nothing here may be kept.
    pub async fn finish(&self, clinic: &Clinic, tx: &mut Tx) -> Result<(), Failure> {
        match table::finish(tx, self.id, self.mark, clinic.clock.now()).await? {
            true => Ok(()),
            false => Err(Failure::Lost),
        }
    }

    /// The job is done and changed nothing itself.
    ///
    /// # Errors
    /// As [`Claim::finish`].
    pub async fn done(&self, clinic: &Clinic) -> Result<(), Failure> {
        let mut tx = clinic.db.begin().await?;
        self.finish(clinic, &mut tx).await?;
        Ok(tx.commit().await?)
    }
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It may succeed later.
    #[error("{0}")]
    Later(String),
    /// It never will.
    #[error("{0}")]
    Never(String),
    /// Its claim ran out and another server has it.
    #[error("another server has taken this job over")]
    Lost,
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Failure::Later(error.to_string())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::Later(match refusal {
            Refusal::Broken(cause) => cause.to_string(),
            other => other.to_string(),
        })
    }
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Later(why) => Failure::Later(why),
            MailError::Never(why) => Failure::Never(why),
        }
    }
}

/// The one place that knows which rule does which job.
async fn work(clinic: &Clinic, job: Job, claim: &Claim) -> Result<(), Failure> {
    match job {
        Job::SendCode {
            account,
            purpose,
            invited,
        } => codes::send(clinic, account, purpose, invited, claim).await,
        Job::SendNotice { account, notice } => {
            letters::send_notice(clinic, account, notice, claim).await
        }
        Job::SendReply { step } => contacts::send(clinic, step, claim).await,
        Job::Remind { day } => reminders::ask_all(clinic, day, claim).await,
        Job::SendReminder { appointment, at } => {
            reminders::send(clinic, appointment, at, claim).await
        }
        Job::Nightly { task } => nightly::work(clinic, task, claim).await,
    }
}
