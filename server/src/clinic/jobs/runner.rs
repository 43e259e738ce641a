//! Doing jobs: claim one, do it, until none is due.

use std::pin::pin;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;

use super::super::{Answer, Clinic};
use super::{Claim, Failure, Job, nightly, reminding, work};
use crate::store::jobs::{self as table, ClaimedRow};

/// How long a job waits for a server that has gone silent before another takes it over: a code that
/// is to be mailed is good for five minutes.
const CLAIM: TimeDelta = TimeDelta::minutes(1);
/// How often a server that works on a job says that it is still there.
const RENEW: Duration = Duration::from_secs(15);
/// How often a job is begun before it is given up: about a day with these pauses.
const TRIES: i64 = 16;
/// The first pause; it doubles each time.
const FIRST_PAUSE: i64 = 5;
/// The longest pause, in seconds.
const LONGEST_PAUSE: i64 = 2 * 3600;
/// The longest stretch without a look: for times that come by themselves, and for what another
/// process on an embedded database asked for.
const SWEEP: Duration = Duration::from_secs(5);

/// Does jobs until told to stop; a job that was begun is finished first.
pub async fn run(clinic: Clinic, mut stop: watch::Receiver<bool>) {
    let mut told = clinic.jobs.0.subscribe();
    let mut scheduler = nightly::Scheduler::default();
    let mut reminders = reminding::Scheduler::default();
    loop {
        told.mark_unchanged();
        if let Err(error) = scheduler.ask(&clinic).await {
            tracing::warn!(%error, "the night's work can't be asked for; trying again");
        }
        if let Err(error) = reminders.ask(&clinic).await {
            tracing::warn!(%error, "reminders can't be asked for; trying again");
        }
        while !*stop.borrow() {
            match run_one(&clinic).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "jobs can't be read; trying again");
                    break;
                }
            }
        }
        if *stop.borrow() {
            return;
        }
        tokio::select! {
            _ = told.changed() => {}
            _ = stop.changed() => {}
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}

/// Does every job that is due now; answers how many were begun.
///
/// # Errors
/// The database's.
pub async fn run_due(clinic: &Clinic) -> Answer<usize> {
    let mut begun = 0;
    while run_one(clinic).await? {
        begun += 1;
    }
    Ok(begun)
}

/// Does one job; false if none is due.
async fn run_one(clinic: &Clinic) -> Answer<bool> {
    let now = clinic.clock.now();
    // An embedded database has one writer: it is not asked for without need.
    let next = table::next_due(&mut clinic.db.read().await?).await?;
    if next.is_none_or(|at| at > now) {
        return Ok(false);
    }
    let mark = clinic.new_id();
    let mut tx = clinic.db.begin().await?;
    let claimed = table::claim(&mut tx, mark, now, now + CLAIM).await?;
    tx.commit().await?;
    let Some(row) = claimed else {
        return Ok(false);
    };
    let claim = Claim { id: row.id, mark };
    let renewed = || renew(clinic, &claim);
    if let Err(failure) = renewing(RENEW, renewed, attempt(clinic, &row, &claim)).await {
        settle(clinic, &row, &claim, failure).await?;
    }
    Ok(true)
}

/// Works, and meanwhile says every so often that it goes on.
async fn renewing<T, R: Future<Output = ()>>(
    every: Duration,
    renew: impl Fn() -> R,
    work: impl Future<Output = T>,
) -> T {
    let mut work = pin!(work);
    loop {
        let renewal = async {
            tokio::time::sleep(every).await;
            renew().await;
        };
        tokio::select! {
            done = &mut work => return done,
            () = renewal => {}
        }
    }
}

/// Has the claim end later. Where that fails another server may take the job over, and then nothing
/// that is done here is kept.
async fn renew(clinic: &Clinic, claim: &Claim) {
    let renewed = async {
        let mut tx = clinic.db.begin().await?;
        let until = clinic.clock.now() + CLAIM;
        table::renew(&mut tx, claim.id, claim.mark, until).await?;
        tx.commit().await
    };
    if let Err(error) = renewed.await {
        tracing::warn!(job = claim.id, %error, "a job's claim can't be renewed");
    }
}

async fn attempt(clinic: &Clinic, row: &ClaimedRow, claim: &Claim) -> Result<(), Failure> {
    if row.tries > TRIES {
        // It took its server down each time, or its claims ran out.
        return Err(Failure::Never("it never came to an end".to_owned()));
    }
    let job: Job = serde_json::from_value(row.payload.0.clone())
        .map_err(|_| Failure::Never("this version does not know this kind of job".to_owned()))?;
    Box::pin(work(clinic, job, claim)).await
}

/// Writes down that a try failed.
async fn settle(clinic: &Clinic, row: &ClaimedRow, claim: &Claim, failure: Failure) -> Answer<()> {
    let now = clinic.clock.now();
    let why = failure.to_string();
    let mut tx = clinic.db.begin().await?;
    match failure {
        Failure::Lost => return Ok(()),
        Failure::Later(_) if row.tries < TRIES => {
            let pause = pause(clinic, row.tries);
            tracing::warn!(job = row.id, tries = row.tries, seconds = pause.num_seconds(), %why, "a job failed; it is tried again");
            table::postpone(&mut tx, row.id, claim.mark, now + pause, &why).await?;
        }
        Failure::Later(_) | Failure::Never(_) => {
            tracing::error!(job = row.id, tries = row.tries, %why, "a job is given up; see `clinicd jobs list`");
            table::bury(&mut tx, row.id, claim.mark, now, &why).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// How long to wait after so many tries: doubling, with a quarter of chance so that what failed
/// together is not tried together.
fn pause(clinic: &Clinic, tries: i64) -> TimeDelta {
    let doublings = u32::try_from(tries.clamp(1, 20) - 1).unwrap_or(0);
    let seconds = FIRST_PAUSE
        .saturating_mul(2_i64.saturating_pow(doublings))
        .min(LONGEST_PAUSE);
    let most = u32::try_from(seconds * 250).unwrap_or(u32::MAX);
    TimeDelta::seconds(seconds) + TimeDelta::milliseconds(i64::from(clinic.ids.below(most)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const OFTEN: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn a_claim_is_renewed_for_as_long_as_the_work_takes() {
        let renewals = AtomicU32::new(0);
        let renew = || async {
            renewals.fetch_add(1, Ordering::Relaxed);
        };
        assert_eq!(renewing(RENEW, renew, async { "short" }).await, "short");
        assert_eq!(renewals.load(Ordering::Relaxed), 0);
        // Work that comes to an end only after the third renewal.
        let long = async {
            while renewals.load(Ordering::Relaxed) < 3 {
                tokio::time::sleep(OFTEN).await;
            }
            "long"
        };
        assert_eq!(renewing(OFTEN, renew, long).await, "long");
    }

    #[tokio::test]
    async fn a_renewal_that_hangs_holds_no_work_up() {
        let work = tokio::time::sleep(20 * OFTEN);
        let done = renewing(OFTEN, std::future::pending::<()>, work);
        let done = tokio::time::timeout(Duration::from_secs(60), done).await;
        assert!(done.is_ok());
    }
}
