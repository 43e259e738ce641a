//! What is noted of a patient who waits, beside where the appointment stands: the room, who goes
//! first, and that they were called in (API.md §7 `appointments/`).

use clinic_shared::desk::appointments::{Action, Status};
use clinic_shared::desk::queue::{CallIn, Priority, SetPriority, SetRoom};
use serde_json::json;

use super::super::{Actor, Answer, Clinic, Faults, Refusal, text};
use super::history::{self, Expected, Subject, Taken, Why, changed_by};
use super::transition::cleaned;
use super::whose::Sight;
use super::{MISSING, changed_meanwhile};
use crate::store::appointments::{self as table, AppointmentRow};
use crate::store::queue::{self, Mark};

/// The longest name of a room, in characters.
pub(in crate::clinic) const LONGEST_ROOM: usize = 50;

/// What is to be noted.
enum Note {
    /// Where the patient is seen; none: nowhere yet.
    Room(Option<String>),
    /// Who goes first, and why.
    Priority(Priority, Option<String>),
    /// That the patient was called in, into this room or the one assigned.
    Call(Option<String>),
}

impl Note {
    const fn action(&self) -> Action {
        match self {
            Note::Room(_) => Action::AssignRoom,
            Note::Priority(..) => Action::Prioritise,
            Note::Call(_) => Action::CallIn,
        }
    }

    /// Whether it means something of an appointment that stands so.
    const fn fits(&self, status: Status) -> bool {
        match (self, status) {
            (Note::Call(_), status) => matches!(status, Status::CheckedIn),
            (_, Status::Completed) => false,
            (_, status) => status.holds_time(),
        }
    }

    /// Why it does not fit.
    fn refused(&self, status: Status) -> String {
        match self {
            Note::Call(_) => format!(
                "Only a patient who waits can be called in; this appointment is {}.",
                status.in_words()
            ),
            _ => format!("This appointment is {}.", status.in_words()),
        }
    }
}

/// Gives an appointment a room, or none. For staff and its doctor.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::Forbidden`]; [`Refusal::Stale`] and [`Refusal::Conflict`] if it
/// is not what the caller saw or is over; [`Refusal::Invalid`] on `room`.
pub async fn set_room(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: SetRoom,
    expected: &Expected,
    mut faults: Faults,
) -> Answer<()> {
    let room = faults.take("room", text::optional(&form.room, LONGEST_ROOM));
    faults.refuse()?;
    note(clinic, who, id, Note::Room(room.flatten()), expected).await
}

/// Moves an appointment up or down in the queue. For staff and its doctor.
///
/// # Errors
/// As [`set_room`], but on `reason`.
pub async fn prioritise(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: SetPriority,
    expected: &Expected,
    mut faults: Faults,
) -> Answer<()> {
    let reason = cleaned("reason", form.reason.as_deref(), &mut faults);
    faults.refuse()?;
    let priority = Note::Priority(form.priority, reason);
    note(clinic, who, id, priority, expected).await
}

/// Notes that a patient who waits was called in, again if they were before. For staff and the doctor.
///
/// # Errors
/// As [`set_room`].
pub async fn call_in(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: CallIn,
    expected: &Expected,
    mut faults: Faults,
) -> Answer<()> {
    let room = form.room.as_deref();
    let room = room.map(|room| text::optional(room, LONGEST_ROOM));
    let room = room.and_then(|room| faults.take("room", room).flatten());
    faults.refuse()?;
    note(clinic, who, id, Note::Call(room), expected).await
}

async fn note(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    note: Note,
    expected: &Expected,
) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let sight = Sight::of(&mut tx, who).await?;
    let row = table::lock(&mut tx, id).await?;
    let row = row.filter(|row| sight.shows(row.doctor_id, row.patient_id));
    let row = row.ok_or(MISSING)?;
    if !sight.is_at_work(row.doctor_id) {
        return Err(Refusal::forbidden());
    }
    expected.check(clinic, &mut tx, (who, sight), &row).await?;
    let status = row.status.0;
    if !note.fits(status) {
        let last = changed_by(clinic, &mut tx, who, sight, id).await?;
        return Err(Refusal::Conflict {
            code: "invalid_transition",
            detail: format!("{} {last}", note.refused(status)),
        });
    }
    let mark = marked(&row, &note);
    let is_same = mark.room == row.room.as_deref() && mark.priority == row.priority.0;
    if is_same && !mark.is_called {
        return Ok(());
    }
    let (what, now) = ((id, row.version), clinic.clock.now());
    if !queue::mark(&mut tx, what, &mark, now).await? {
        return Err(changed_meanwhile());
    }
    let detail = json!({ "room": mark.room, "priority": mark.priority });
    let why = match &note {
        Note::Priority(_, reason) => reason.clone(),
        Note::Room(_) | Note::Call(_) => None,
    };
    let taken = Taken {
        action: note.action(),
        from: Some(status),
        to: status,
        version: row.version + 1,
        why: Why {
            text: why,
            ..Why::default()
        },
        undoes: None,
        overbooked: row.overbooked,
    };
    let step = taken.row(clinic, who);
    history::write(clinic, &mut tx, who, Subject::of(&row), step, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// How it is marked afterwards.
fn marked<'a>(row: &'a AppointmentRow, note: &'a Note) -> Mark<'a> {
    Mark {
        room: match note {
            Note::Room(room) => room.as_deref(),
            Note::Call(Some(room)) => Some(room),
            Note::Call(None) | Note::Priority(..) => row.room.as_deref(),
        },
        priority: match note {
            Note::Priority(priority, _) => *priority,
            Note::Room(_) | Note::Call(_) => row.priority.0,
        },
        is_called: matches!(note, Note::Call(_)),
    }
}
