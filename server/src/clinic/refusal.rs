//! Every way a rule says no, in one enum; `api/` renders it as classic or as problem+json.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clinic_shared::FieldErrors;
use clinic_shared::desk::patients::Duplicate;

use super::Clinic;

/// Why something was not done. `Display` is the sentence the caller reads.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// 400: faulty fields, all at once.
    #[error("{}", sentence(.0))]
    Invalid(FieldErrors),
    /// 401: no session, or not a valid one.
    #[error("{detail}")]
    Unauthenticated {
        /// A stable word.
        code: &'static str,
        /// One sentence.
        detail: String,
    },
    /// 403: known, but not allowed.
    #[error("{detail}")]
    Forbidden {
        /// A stable word.
        code: &'static str,
        /// One sentence.
        detail: String,
    },
    /// 404: missing, or not the caller's to see.
    #[error("No {0} matches the given query.")]
    Missing(&'static str),
    /// 404: a page that is not there.
    #[error("Invalid page.")]
    InvalidPage,
    /// 409: the state of things forbids it.
    #[error("{detail}")]
    Conflict {
        /// A stable word.
        code: &'static str,
        /// One sentence.
        detail: String,
    },
    /// 404: the record was merged into another one.
    #[error("This record was merged into {record_number}.")]
    Merged {
        /// The record that took it in.
        into: uuid::Uuid,
        /// Its number.
        record_number: String,
    },
    /// 409: the state of things forbids it, for all these reasons.
    #[error("{}", told(.reasons))]
    Blocked {
        /// A stable word.
        code: &'static str,
        /// Everything in the way.
        reasons: Vec<Obstacle>,
    },
    /// 409: the same request under the same Idempotency-Key is still being done.
    #[error("This request is still being done; ask again in a moment.")]
    InProgress,
    /// 409 on v1 and the desk, 400 on a field in classic: a time can't be booked, for all these
    /// reasons (API.md §6).
    #[error("{}", told(.0))]
    Unbookable(Vec<Obstacle>),
    /// 409: a new person who may have a record already: these, the likeliest first.
    #[error("{}", known(.0))]
    Known(Vec<Duplicate>),
    /// 412: somebody else changed it first (`If-Match`).
    #[error("{0}")]
    Stale(String),
    /// 413: more than is taken.
    #[error("{0}")]
    TooLarge(String),
    /// 429: too often.
    #[error("Request was throttled. Expected available in {} seconds.", .0.as_secs().max(1))]
    Throttled(Duration),
    /// 503: alive, but not able now.
    #[error("{0}")]
    Unavailable(String),
    /// 500: ours. The cause goes to the log, not to the caller.
    #[error("Something went wrong on the server; it was logged.")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Refusal {
    /// A fault on one field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Refusal::Invalid(FieldErrors::one(field, message))
    }

    /// The role may not do this (API.md §1).
    pub fn forbidden() -> Self {
        Refusal::Forbidden {
            code: "permission_denied",
            detail: "You do not have permission to perform this action.".to_owned(),
        }
    }

    /// Somebody else changed it after the caller saw it, unless one of the versions that they
    /// `expected` (`If-Match`) is the current one.
    ///
    /// # Errors
    /// [`Refusal::Stale`].
    pub fn unless_current(
        clinic: &Clinic,
        expected: Option<&[i64]>,
        version: i64,
        changed_at: DateTime<Utc>,
    ) -> Answer<()> {
        if expected.is_none_or(|versions| versions.contains(&version)) {
            return Ok(());
        }
        Err(Refusal::stale(clinic, changed_at))
    }

    /// Somebody else was faster.
    pub fn stale(clinic: &Clinic, changed_at: DateTime<Utc>) -> Self {
        let ago = clinic.ago(changed_at);
        Refusal::Stale(format!(
            "This was changed {ago} by somebody else; load it again."
        ))
    }

    /// An error of ours.
    pub fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Refusal::Broken(cause.into())
    }
}

/// One thing in the way, e.g. of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// A stable word, e.g. `doctor_busy`.
    pub code: &'static str,
    /// The field of classic's form that it is about.
    pub field: &'static str,
    /// One sentence.
    pub detail: String,
    /// What it is that stands in the way, where it is a thing. Staff are told.
    pub thing: Option<Thing>,
}

/// What can stand in the way of a booking, by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// Another appointment.
    Appointment(i64),
    /// The doctor is away.
    Absence(i64),
    /// The clinic is closed.
    Closure(i64),
    /// Time kept for somebody on the waiting list.
    Waiting(i64),
}

impl Refusal {
    /// The refusal without the things that only the desk may know.
    pub(super) fn without_things(self) -> Self {
        match self {
            Refusal::Unbookable(mut obstacles) => {
                for obstacle in &mut obstacles {
                    obstacle.thing = None;
                }
                Refusal::Unbookable(obstacles)
            }
            other => other,
        }
    }
}

impl From<&Obstacle> for clinic_shared::Reason {
    fn from(obstacle: &Obstacle) -> Self {
        let mut reason = Self {
            code: obstacle.code.to_owned(),
            detail: obstacle.detail.clone(),
            ..Self::default()
        };
        match obstacle.thing {
            Some(Thing::Appointment(id)) => reason.appointment = Some(id),
            Some(Thing::Absence(id)) => reason.absence = Some(id),
            Some(Thing::Closure(id)) => reason.closure = Some(id),
            Some(Thing::Waiting(id)) => reason.waiting = Some(id),
            None => {}
        }
        reason
    }
}

fn told(obstacles: &[Obstacle]) -> String {
    let details: Vec<&str> = obstacles.iter().map(|one| one.detail.as_str()).collect();
    details.join(" ")
}

fn known(candidates: &[Duplicate]) -> String {
    let name = candidates.first().map(|first| {
        let (name, number) = (&first.patient.full_name, &first.patient.record_number);
        format!("{name} ({number})")
    });
    let name = name.unwrap_or_else(|| "Somebody".to_owned());
    match candidates.len() {
        0 | 1 => format!("{name} may be this person; look before another record is made."),
        many => format!(
            "{name} and {} more may be this person; look before another record is made.",
            many - 1
        ),
    }
}

fn sentence(errors: &FieldErrors) -> String {
    let Some((field, messages)) = errors.0.iter().next() else {
        return "The request is not valid.".to_owned();
    };
    let message = messages.first().map_or("Not valid.", String::as_str);
    let first = match field.as_str() {
        FieldErrors::CROSS_FIELD => message.to_owned(),
        _ => format!("{field}: {message}"),
    };
    match errors.0.len() - 1 {
        0 => first,
        more => format!("{first} (and {more} more)"),
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => {
                Refusal::Unavailable("The database is busy; try again in a moment.".to_owned())
            }
            error => Refusal::broken(error),
        }
    }
}

/// What a rule answers.
pub type Answer<T> = Result<T, Refusal>;

/// Gathers faults of several fields, then refuses once.
#[derive(Debug, Default)]
pub struct Faults {
    errors: FieldErrors,
    /// Fields found faulty before the rules looked: they hold no value to say more about.
    settled: BTreeSet<String>,
}

impl Faults {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was wrong already when the body was read; the rules add what they find on the other
    /// fields, so that the caller is told everything at once (API.md §1).
    pub fn found(errors: FieldErrors) -> Self {
        let settled = errors.0.keys().cloned().collect();
        Self { errors, settled }
    }

    /// Adds a fault.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        if !self.settled.contains(field) {
            self.errors.add(field, message);
        }
    }

    /// Adds faults that were found elsewhere.
    pub fn add_all(&mut self, found: FieldErrors) {
        for (field, messages) in found.0 {
            for message in messages {
                self.add(&field, message);
            }
        }
    }

    /// Whether something is wrong with this field.
    pub fn tell_of(&self, field: &str) -> bool {
        self.errors.0.contains_key(field)
    }

    /// Keeps the value, or notes the fault and answers none.
    pub fn take<T>(&mut self, field: &str, checked: Result<T, String>) -> Option<T> {
        checked.map_err(|message| self.add(field, message)).ok()
    }

    /// Refuses if anything was wrong.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with everything gathered.
    pub fn refuse(self) -> Answer<()> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Invalid(self.errors))
        }
    }
}
