//! The domain: what a clinic does, without HTTP and without SQL.
//!
//! Every rule is a function over a [`Clinic`] and the [`Actor`] who asks. It owns its transaction,
//! writes its audit row in it, and answers a value or a [`Refusal`].

pub mod absences;
pub mod accounts;
mod actor;
pub mod applications;
pub mod appointments;
pub mod audit;
pub mod available_times;
pub mod bug_reports;
pub mod codes;
pub mod contacts;
pub mod decisions;
pub mod doctors;
pub mod events;
mod guesses;
pub mod idempotency;
pub mod jobs;
pub mod letters;
pub mod money;
pub mod openings;
pub mod paging;
pub mod patients;
pub mod picture_moves;
pub mod pictures;
pub mod profiles;
pub mod qualifications;
pub mod queue;
mod refusal;
pub mod reminders;
pub mod reports;
pub mod reviews;
pub mod services;
pub mod taxonomies;
pub mod text;
pub mod waitlist;

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

pub use actor::{Account, Actor};
pub use refusal::{Answer, Faults, Obstacle, Refusal, Thing};

use crate::auth::codes::Hasher;
use crate::auth::passwords::{Passwords, Policy};
use crate::auth::policy::LoginCodes;
use crate::auth::sessions::Sessions;
use crate::infra::mail::Mailer;
use crate::infra::media::{Media, Signer};
use crate::infra::{Clock, Ids, Sealer};
use crate::store::Db;

/// Everything the rules need, handed in: the database, the time, chance, and the settings of this
/// clinic. Cheap to clone.
#[derive(Clone)]
pub struct Clinic {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// New ids and random bytes.
    pub ids: Ids,
    /// The queue of audited reads.
    pub reads: audit::Reads,
    /// Password hashing.
    pub passwords: Passwords,
    /// Which passwords are taken.
    pub password_policy: Policy,
    /// Whether guesses at passwords and codes are slowed down.
    pub throttles: bool,
    /// Hashes codes, and whom guesses were made at.
    pub hasher: Hasher,
    /// Encrypts answers that are kept.
    pub sealer: Sealer,
    /// Who signs in with a code.
    pub login_codes: LoginCodes,
    /// Wakes whoever does the jobs.
    pub jobs: jobs::Jobs,
    /// What happened lately, for those who follow.
    pub events: events::Hub,
    /// Sends mail.
    pub mailer: Mailer,
    /// How clients reach the clinic, if it was set: for mails.
    pub public_url: Option<String>,
    /// Sessions and their tokens.
    pub sessions: Sessions,
    /// Pictures.
    pub media: Media,
    /// Signs links to private pictures.
    pub signer: Signer,
    /// The clinic's time zone.
    pub zone: Tz,
    /// How many days ahead a booking without a date looks.
    pub booking_horizon: u16,
    /// How many appointments a doctor may have beside others on one day.
    pub overbook_limit: u16,
    /// How many appointments ahead patients may book themselves.
    pub open_bookings_limit: u16,
    /// From when on a wait is long.
    pub wait_warn: TimeDelta,
    /// From when on a wait is too long.
    pub wait_alert: TimeDelta,
    /// When people are reminded of their appointments; none: never.
    pub reminders: Option<reminders::Plan>,
    /// Where the copy for downtime goes; none: nowhere.
    pub downtime_dir: Option<PathBuf>,
    /// How long the audit is kept; none: for ever.
    pub audit_retention: Option<TimeDelta>,
    /// The clinic's name.
    pub name: String,
}

impl Clinic {
    /// How long ago that is, in one unit: `12 s ago`.
    #[must_use]
    pub fn ago(&self, at: DateTime<Utc>) -> String {
        ago(self.clock.now() - at)
    }

    /// Today's date in the clinic's zone.
    pub fn today(&self) -> NaiveDate {
        self.clock.now().with_timezone(&self.zone).date_naive()
    }

    /// A new id, ordered by time (UUID v7).
    pub fn new_id(&self) -> Uuid {
        self.ids.v7(self.clock.now())
    }
}

fn ago(since: TimeDelta) -> String {
    let seconds = since.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        86_400..172_800 => "a day ago".to_owned(),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_in_one_unit() {
        for (seconds, said) in [
            (-3, "0 s ago"),
            (12, "12 s ago"),
            (119, "1 min ago"),
            (7200, "2 h ago"),
            (100_000, "a day ago"),
            (200_000, "2 days ago"),
        ] {
            assert_eq!(ago(TimeDelta::seconds(seconds)), said);
        }
    }
}
