//! What was done to the newest appointments of an invented clinic, by whom and when: the steps that
//! lead to how each one stands.

use chrono::{DateTime, Datelike, Days, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use clinic_shared::Role;
use clinic_shared::desk::appointments::{Action, CancelledBy, Status};

use super::dice::Dice;
use super::texts::BESIDE;
use crate::clinic::{Answer, Clinic};
use crate::store::appointment_history_bulk::{self as table, Standing, Step};

/// How many days back steps are told; of older appointments they were not kept.
const DAYS: u64 = 14;
/// Rows of one statement.
const ROWS: usize = 2000;

/// Whether the desk answers the phone: by day, but for Sundays.
fn is_open(at: DateTime<Utc>, zone: Tz) -> bool {
    let local = at.with_timezone(&zone);
    local.weekday() != Weekday::Sun && (8..18).contains(&local.hour())
}

/// The same minute of the last hour in which the desk was open.
pub(super) fn while_open(mut at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    while !is_open(at, zone) {
        at -= TimeDelta::hours(1);
    }
    at
}

/// Writes the steps of everything from two weeks ago on. Whoever works at the desk by now took those
/// of the desk; the clinic itself did where nobody does.
///
/// # Errors
/// The database's.
pub(super) async fn remember(clinic: &Clinic, seed: u64) -> Answer<()> {
    let today = clinic.today();
    let first = today.checked_sub_days(Days::new(DAYS)).unwrap_or(today);
    let mut tx = clinic.db.begin().await?;
    let desk = table::desk(&mut tx).await?;
    let all = table::standing(&mut tx, first).await?;
    let steps: Vec<Step> = all
        .iter()
        .flat_map(|one| Story::of(one, &desk, clinic.zone, seed).told())
        .collect();
    for some in steps.chunks(ROWS) {
        table::insert(&mut tx, some).await?;
    }
    table::mark(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Who took a step: an account, and as what. Neither is the clinic by itself.
type Doer = (Option<i64>, Option<Role>);
const CLINIC: Doer = (None, None);
/// On the clinic's site, for themselves.
const PATIENT: Doer = (None, Some(Role::Patient));

/// What happened to one appointment.
struct Story<'a> {
    of: &'a Standing,
    /// The colleague who sees to it.
    desk: Doer,
    zone: Tz,
    /// Its own, so that nothing else is thrown otherwise.
    dice: Dice,
}

impl<'a> Story<'a> {
    fn of(of: &'a Standing, desk: &[(i64, Role)], zone: Tz, seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ (of.id.unsigned_abs() << 20) ^ 0x57e9);
        dice.roll();
        // Mostly the first one.
        let at = if dice.chance(85) {
            0
        } else {
            dice.below(desk.len())
        };
        let desk = desk.get(at);
        Story {
            of,
            desk: desk.map_or(CLINIC, |&(account, role)| (Some(account), Some(role))),
            zone,
            dice,
        }
    }

    /// Its steps, oldest first.
    fn told(mut self) -> Vec<Step> {
        let booked = self.booked();
        let mut steps = vec![booked];
        for (version, to) in (2..).zip(way(self.of.status.0)) {
            let from = steps.last().map(|step: &Step| step.to_status);
            let (action, at, doer, reason) = self.step(*to);
            steps.push(Step {
                appointment: self.of.id,
                version,
                action,
                from_status: from,
                to_status: *to,
                at,
                account: doer.0,
                role: doer.1,
                reason,
            });
        }
        steps
    }

    fn booked(&mut self) -> Step {
        let at = self.of.created_at;
        // Beside another one is for the desk only.
        let doer = match self.of.overbooked {
            true => self.desk,
            false => self.desk_or_patient(at, 70),
        };
        let why = self.of.overbooked.then(|| self.dice.any(&BESIDE));
        Step {
            appointment: self.of.id,
            version: 1,
            action: Action::Book,
            from_status: None,
            to_status: Status::Pending,
            at,
            account: doer.0,
            role: doer.1,
            reason: why.map(str::to_owned),
        }
    }

    /// What was done to have it stand so, when, by whom and why.
    fn step(&mut self, to: Status) -> (Action, DateTime<Utc>, Doer, Option<String>) {
        let of = self.of;
        let last = of.updated_at;
        let doctor = of
            .doctor_account
            .map(|account| (Some(account), Some(Role::Doctor)));
        let doctor = doctor.unwrap_or(CLINIC);
        match to {
            Status::Confirmed => {
                let at = self.agreed();
                (Action::Confirm, at, self.desk_by_day(at), None)
            }
            Status::CheckedIn => {
                let at = of.checked_in_at.unwrap_or(last);
                (Action::CheckIn, at, self.desk, None)
            }
            Status::Running => {
                let at = of.started_at.unwrap_or(last);
                let doer = if self.desk == CLINIC {
                    doctor
                } else {
                    self.desk
                };
                (Action::Start, at, doer, None)
            }
            Status::Completed => (Action::Complete, last, doctor, None),
            Status::NoShow => (Action::NoShow, last, self.desk, None),
            Status::Left => (Action::Leave, last, self.desk, None),
            Status::Cancelled | Status::Pending => {
                let by_patient = of.cancelled_by.as_deref() == Some(CancelledBy::Patient.as_str());
                let doer = match by_patient {
                    true => self.desk_or_patient(last, 60),
                    false => self.desk_by_day(last),
                };
                (Action::Cancel, last, doer, of.cancel_reason.clone())
            }
        }
    }

    /// When it was confirmed: at the last change, or at a time between the booking and the visit at
    /// which somebody was there, if there is one.
    fn agreed(&mut self) -> DateTime<Utc> {
        let (booked, of) = (self.of.created_at, self.of);
        let Some(came) = of.checked_in_at else {
            return of.updated_at;
        };
        let minutes = usize::try_from((came - booked).num_minutes()).unwrap_or(0);
        let after = 1 + self.dice.below(minutes * 2 / 3);
        let at = booked + TimeDelta::minutes(i64::try_from(after).unwrap_or(1));
        let open = while_open(at, self.zone);
        if open > booked { open } else { at }
    }

    fn desk_by_day(&self, at: DateTime<Utc>) -> Doer {
        match is_open(at, self.zone) {
            true => self.desk,
            false => CLINIC,
        }
    }

    /// The desk in so many of 100 cases by day, else the patient.
    fn desk_or_patient(&mut self, at: DateTime<Utc>, percent: usize) -> Doer {
        match self.dice.chance(percent) && is_open(at, self.zone) {
            true => self.desk,
            false => PATIENT,
        }
    }
}

/// How it stood, one after the other, from the booking on.
const fn way(status: Status) -> &'static [Status] {
    use Status::{Cancelled, CheckedIn, Completed, Confirmed, Left, NoShow, Running};
    match status {
        Status::Pending => &[],
        Confirmed => &[Confirmed],
        Cancelled => &[Cancelled],
        NoShow => &[NoShow],
        Left => &[CheckedIn, Left],
        CheckedIn => &[Confirmed, CheckedIn],
        Running => &[Confirmed, CheckedIn, Running],
        Completed => &[Confirmed, CheckedIn, Running, Completed],
    }
}

/// The versions that an appointment has been through.
pub(super) fn versions(status: Status) -> i64 {
    1 + i64::try_from(way(status).len()).unwrap_or(0)
}
