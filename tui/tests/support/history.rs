//! What was done to an appointment, for tests.

use clinic_shared::Role;
use clinic_shared::desk::appointments::{Action, HistoryEntry, ReasonKind, Status};

use super::clinic::{booking, doctor_row};

/// One step of the 23rd: at this time (UTC), by Eva at the desk, about 10:00 with the first doctor.
pub(crate) fn step(version: i64, at: &str, action: Action, to: Status) -> HistoryEntry {
    HistoryEntry {
        version,
        action,
        from: (version > 1).then_some(Status::Confirmed),
        to,
        at: format!("2026-11-{at}Z").parse().unwrap(),
        by: Some("Eva Empfang".to_owned()),
        role: Some(Role::Receptionist),
        reason_kind: None,
        reason: None,
        undoes: None,
        doctor: booking(1, "").doctor,
        date: "2026-11-23".parse().unwrap(),
        starts: Some("10:00".to_owned()),
        ends: Some("10:30".to_owned()),
        overbooked: false,
    }
}

/// An appointment that the patient booked, that was moved beside another one, called off, and
/// stands again; the third version of it is what the records of the tests show.
pub(crate) fn history() -> Vec<HistoryEntry> {
    let mut booked = step(1, "20T08:12:00", Action::Book, Status::Pending);
    booked.by = Some("Grace Hopper".to_owned());
    booked.role = Some(Role::Patient);
    let mut moved = step(2, "21T08:30:00", Action::Reschedule, Status::Confirmed);
    moved.reason = Some("Comes from far away, asked for mornings.".to_owned());
    moved.overbooked = true;
    moved.doctor.id = doctor_row(2).id;
    moved.doctor.full_name = doctor_row(2).full_name;
    moved.date = "2026-11-24".parse().unwrap();
    moved.starts = Some("11:20".to_owned());
    moved.ends = Some("11:50".to_owned());
    let mut off = moved.clone();
    off.version = 3;
    off.action = Action::Cancel;
    off.to = Status::Cancelled;
    off.at = "2026-11-23T07:05:00Z".parse().unwrap();
    off.reason_kind = Some(ReasonKind::Illness);
    off.reason = None;
    vec![booked, moved, off]
}

/// The same, with the last step taken back.
pub(crate) fn taken_back() -> Vec<HistoryEntry> {
    let mut steps = history();
    let mut back = steps[2].clone();
    back.version = 4;
    back.action = Action::Undo;
    back.from = Some(Status::Cancelled);
    back.to = Status::Confirmed;
    back.at = "2026-11-23T07:07:00Z".parse().unwrap();
    back.reason_kind = None;
    back.undoes = Some(3);
    steps.push(back);
    steps
}
