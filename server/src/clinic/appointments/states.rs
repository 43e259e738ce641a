//! Where an appointment may go from where it stands (API.md §5): pure. The table itself is
//! [`Status::may_become`], which the terminal asks too.

use chrono::NaiveDate;
use clinic_shared::desk::appointments::{Action, Status};

use crate::store::appointment_history::StepRow;
use crate::store::appointments::Marks;

/// Why an appointment may not come to stand so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// It stands so already.
    #[error("It is {} already.", .0.in_words())]
    Already(Status),
    /// Never from there.
    #[error("An appointment that is {} can't become {}.", .0.in_words(), .1.in_words())]
    Never(Status, Status),
    /// Not before its day.
    #[error("This appointment is on {day}; it can't become {} before that day.", .to.in_words())]
    TooEarly {
        /// Its day.
        day: NaiveDate,
        /// What it can't become.
        to: Status,
    },
    /// Not after its day.
    #[error("This appointment was on {0}; who missed it can be checked in on that day only.")]
    TooLate(NaiveDate),
}

impl Forbidden {
    /// Not from there.
    pub(super) fn of(from: Status, to: Status) -> Self {
        match from == to {
            true => Forbidden::Already(from),
            false => Forbidden::Never(from, to),
        }
    }
}

/// What is done to an appointment that stands so, to have it stand like that, on the clinic's date
/// `today`.
///
/// # Errors
/// [`Forbidden`], whose sentence says why.
pub fn decide(
    from: Status,
    to: Status,
    date: NaiveDate,
    today: NaiveDate,
) -> Result<Action, Forbidden> {
    if !from.may_become(to) {
        return Err(Forbidden::of(from, to));
    }
    let of_its_day = matches!(to, Status::CheckedIn | Status::Running | Status::NoShow);
    if of_its_day && today < date {
        return Err(Forbidden::TooEarly { day: date, to });
    }
    if from == Status::NoShow && today != date {
        return Err(Forbidden::TooLate(date));
    }
    Ok(match (from, to) {
        (Status::Running, Status::CheckedIn) => Action::BackToWaiting,
        (_, Status::CheckedIn) => Action::CheckIn,
        (_, Status::Confirmed) => Action::Confirm,
        (_, Status::Running) => Action::Start,
        (_, Status::Completed) => Action::Complete,
        (_, Status::Cancelled) => Action::Cancel,
        (_, Status::NoShow) => Action::NoShow,
        (_, Status::Left) => Action::Leave,
        // Nothing becomes pending but by taking the next step back.
        (_, Status::Pending) => Action::Undo,
    })
}

/// The marks of an appointment after a step that was not taken back.
pub(super) fn after(mut marks: Marks, step: &StepRow) -> Marks {
    let at = Some(step.at);
    match (step.from(), step.to_status.0) {
        (from, to) if from == Some(to) => return marks,
        (_, Status::Pending) => return Marks::default(),
        (_, Status::Confirmed) => marks.confirmed_at = at,
        // Back to waiting: they have waited since they came; who went in unannounced, from now on.
        (Some(Status::Running), Status::CheckedIn) => {
            marks.started_at = None;
            marks.checked_in_at = marks.checked_in_at.or(at);
        }
        (_, Status::CheckedIn) => {
            marks.checked_in_at = at;
            marks.no_show_at = None;
        }
        (_, Status::Running) => marks.started_at = at,
        (_, Status::Completed) => marks.completed_at = at,
        (_, Status::Cancelled) => marks.cancelled_at = at,
        (_, Status::NoShow) => marks.no_show_at = at,
        (_, Status::Left) => marks.left_at = at,
    }
    marks.cancelled_by.clone_from(&step.cancelled_by);
    marks.cancelled_late = step.cancelled_late;
    marks.reason_kind.clone_from(&step.reason_kind);
    marks.reason.clone_from(&step.reason);
    marks
}

/// The marks that a history leads to: every step that was not taken back, oldest first. `without`
/// is the version of a step that is about to be taken back.
pub fn replay(steps: &[StepRow], without: Option<i64>) -> Marks {
    let taken_back = |step: &StepRow| {
        step.undoes.is_some()
            || Some(step.version) == without
            || steps.iter().any(|other| other.undoes == Some(step.version))
    };
    let kept = steps.iter().filter(|step| !taken_back(step));
    kept.fold(Marks::default(), after)
}

/// The newest step that changed where an appointment stands or when it is, taken back or not.
pub(super) fn last_move(steps: &[StepRow]) -> Option<&StepRow> {
    let moves = |step: &&StepRow| {
        step.undoes.is_some()
            || step.action.0 == Action::Reschedule
            || step.from() != Some(step.to_status.0)
    };
    steps.iter().rev().find(moves)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::store::appointments::Word;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, number).unwrap()
    }

    #[test]
    fn the_day_matters_for_who_comes_and_who_does_not() {
        for to in [Status::CheckedIn, Status::Running, Status::NoShow] {
            let from = Status::Confirmed;
            assert_eq!(
                decide(from, to, day(4), day(3)),
                Err(Forbidden::TooEarly { day: day(4), to })
            );
            assert!(decide(from, to, day(4), day(4)).is_ok());
            assert!(decide(from, to, day(4), day(5)).is_ok());
        }
        let late = |today| decide(Status::NoShow, Status::CheckedIn, day(4), today);
        assert_eq!(late(day(4)), Ok(Action::CheckIn));
        assert_eq!(late(day(5)), Err(Forbidden::TooLate(day(4))));
        assert!(decide(Status::Pending, Status::Cancelled, day(4), day(3)).is_ok());
    }

    #[test]
    fn a_refusal_says_what_is_the_matter() {
        let said = |from, to| decide(from, to, day(4), day(4)).unwrap_err().to_string();
        assert_eq!(
            said(Status::CheckedIn, Status::CheckedIn),
            "It is checked in already."
        );
        assert_eq!(
            said(Status::Completed, Status::NoShow),
            "An appointment that is completed can't become no-show."
        );
    }

    fn step(version: i64, from: Option<Status>, to: Status, undoes: Option<i64>) -> StepRow {
        let start: DateTime<Utc> = "2026-03-04T08:00:00Z".parse().unwrap();
        StepRow {
            version,
            action: Word(Action::Change),
            from_status: from.map(|from| from.as_str().to_owned()),
            to_status: Word(to),
            at: start + TimeDelta::minutes(version),
            account_id: None,
            role: None,
            cancelled_by: None,
            cancelled_late: false,
            reason_kind: None,
            reason: None,
            undoes,
            overbooked: false,
        }
    }

    #[test]
    fn what_was_taken_back_leaves_no_mark() {
        use Status::{CheckedIn, Pending, Running};
        let mut steps = vec![
            step(1, None, Pending, None),
            step(2, Some(Pending), CheckedIn, None),
            step(3, Some(CheckedIn), Running, None),
        ];
        let running = replay(&steps, None);
        assert!(running.started_at.is_some() && running.checked_in_at.is_some());
        assert_eq!(replay(&steps, Some(3)).started_at, None);
        steps.push(step(4, Some(Running), CheckedIn, Some(3)));
        assert_eq!(replay(&steps, None).started_at, None);
        assert_eq!(replay(&steps, None).checked_in_at, running.checked_in_at);
        steps.push(step(5, Some(CheckedIn), Running, None));
        steps.push(step(6, Some(Running), CheckedIn, None));
        let waiting = replay(&steps, None);
        assert_eq!(
            waiting.checked_in_at, running.checked_in_at,
            "since they came"
        );
        assert_eq!(last_move(&steps).map(|step| step.version), Some(6));
    }
}
