//! A copy for the hour in which nothing works: the day sheets of today and tomorrow, as text files.
//!
//! Each server writes its own (`DOWNTIME_DIR` is of its machine), beside the jobs, every few minutes.
//! When the database can't be read the last copy stays: that is what it is for.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;
use tokio::sync::watch;

use super::super::{Actor, Answer, Clinic, Refusal, reports};
use crate::infra::files;
use crate::store::board;

/// How old a copy gets.
const EVERY: TimeDelta = TimeDelta::minutes(5);
/// The longest stretch without a look at the clock.
const SWEEP: Duration = Duration::from_secs(5);

/// Writes the copy until told to stop.
pub async fn keep_downtime_copy(clinic: Clinic, mut stop: watch::Receiver<bool>) {
    let Some(directory) = clinic.downtime_dir.clone() else {
        return;
    };
    let mut told = clinic.jobs.0.subscribe();
    let mut due: Option<DateTime<Utc>> = None;
    while !*stop.borrow() {
        let now = clinic.clock.now();
        if due.is_none_or(|due| due <= now) {
            match write(&clinic, &directory).await {
                Ok(()) => due = Some(now + EVERY),
                Err(error) => {
                    tracing::error!(%error, "the downtime copy can't be written; trying again");
                }
            }
        }
        tokio::select! {
            _ = told.changed() => {}
            _ = stop.changed() => {}
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}

/// Writes the sheets of today and tomorrow, and takes those of days that are over away.
async fn write(clinic: &Clinic, directory: &Path) -> Answer<()> {
    let today = clinic.today();
    let days = [Some(today), today.succ_opt()];
    for date in days.into_iter().flatten() {
        let rows = board::day(&mut clinic.db.read().await?, date, None).await?;
        let text = reports::sheet_of(clinic, "Day sheet (downtime copy)", date, &rows);
        let detail = json!({ "date": date, "count": rows.len() });
        let nobody = Actor::nobody(None);
        let action = "write_downtime_copy";
        clinic.reads.note(&nobody, action, None, detail).await;
        let written = files::replace(directory, name(date), text.into_bytes()).await;
        written.map_err(Refusal::broken)?;
    }
    let today = name(today);
    let removed = files::remove(directory, move |file| is_over(file, &today)).await;
    removed.map_err(Refusal::broken)
}

fn name(date: NaiveDate) -> String {
    format!("day-sheet-{date}.txt")
}

/// Whether it is the sheet of a day before that of another one.
fn is_over(file: &str, today: &str) -> bool {
    let date = file
        .strip_prefix("day-sheet-")
        .and_then(|rest| rest.strip_suffix(".txt"));
    let is_sheet = date.is_some_and(|date| date.parse::<NaiveDate>().is_ok());
    // Names of one length are in the order of their dates.
    is_sheet && file.len() == today.len() && file < today
}
