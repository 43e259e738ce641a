//! What was done to an appointment: each step writes one row of history, one event and one audit
//! row into its own transaction, and a conflict tells the newest of them.

use clinic_shared::Role;
use clinic_shared::desk::appointments::{Action, CancelledBy, HistoryEntry, ReasonKind, Status};
use serde_json::{Value, json};

use super::super::{Actor, Answer, Clinic, Refusal, audit, events};
use super::MISSING;
use super::record::{local, person, word};
use super::whose::Sight;
use crate::store::appointment_history::{self as table, NamedStepRow, NewStep, StepRow};
use crate::store::appointments::{self, AppointmentRow, Place, Word};
use crate::store::{Session, Tx};

/// Why a step was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Why {
    /// Who calls it off.
    pub cancelled_by: Option<CancelledBy>,
    /// Whether it is called off late.
    pub late: bool,
    /// Why, in a word.
    pub kind: Option<ReasonKind>,
    /// Why, in words.
    pub text: Option<String>,
}

/// Why a step was taken, and why it may stand beside another one: neither is lost.
pub(super) fn both(reason: Option<String>, overbook: Option<String>) -> Option<String> {
    match (reason, overbook) {
        (Some(reason), Some(overbook)) if reason != overbook => {
            let reason = reason.trim_end_matches('.');
            Some(format!("{reason}; overbooked: {overbook}"))
        }
        (reason, overbook) => reason.or(overbook),
    }
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Taken {
    /// What was done.
    pub(super) action: Action,
    /// How it stood before; none for the booking itself.
    pub(super) from: Option<Status>,
    /// How it stands now.
    pub(super) to: Status,
    /// The version that it has now.
    pub(super) version: i64,
    /// Why.
    pub(super) why: Why,
    /// The version whose step it takes back.
    pub(super) undoes: Option<i64>,
    /// Whether it stands beside another one on purpose.
    pub(super) overbooked: bool,
}

/// Whose step it is and where the appointment is afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) appointment: i64,
    pub(super) patient: i64,
    pub(super) doctor: i64,
    pub(super) place: Place,
}

impl Subject {
    /// Of an appointment that stays where it is.
    pub(super) fn of(row: &AppointmentRow) -> Self {
        Subject {
            appointment: row.id,
            patient: row.patient_id,
            doctor: row.doctor_id,
            place: row.place(),
        }
    }
}

impl Taken {
    /// A step of history, as it is written now.
    pub(super) fn row(self, clinic: &Clinic, who: &Actor) -> StepRow {
        StepRow {
            version: self.version,
            action: Word(self.action),
            from_status: self.from.map(|from| from.as_str().to_owned()),
            to_status: Word(self.to),
            at: clinic.clock.now(),
            account_id: who.account_id(),
            role: who.role().map(|role| role.to_string()),
            cancelled_by: self.why.cancelled_by.map(|by| by.as_str().to_owned()),
            cancelled_late: self.why.late,
            reason_kind: self.why.kind.map(|kind| kind.as_str().to_owned()),
            reason: self.why.text,
            undoes: self.undoes,
            overbooked: self.overbooked,
        }
    }
}

/// Writes the history row, the event and the audit row of a step. `detail` is the audit's.
pub(super) async fn write(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    subject: Subject,
    step: StepRow,
    detail: Value,
) -> Answer<()> {
    let (action, id) = (step.action.0, subject.appointment);
    let new = NewStep {
        appointment: id,
        step,
        doctor: subject.doctor,
        place: subject.place,
    };
    let patient = Some(subject.patient);
    if let Action::Reschedule | Action::Change | Action::Undo = action {
        // Whoever it leaves has a queue to read again, too.
        let was_with = table::latest(tx, id).await?.map(|last| last.doctor_id);
        if let Some(left) = was_with.filter(|was_with| *was_with != subject.doctor) {
            events::record(tx, clinic, events::APPOINTMENT, id, Some(left), patient).await?;
        }
    }
    table::insert(tx, &new).await?;
    let doctor = Some(subject.doctor);
    events::record(tx, clinic, events::APPOINTMENT, id, doctor, patient).await?;
    let action = audit_name(action);
    audit::appointment_change(tx, clinic, who, action, id, subject.patient, detail).await?;
    Ok(())
}

/// With whom and when, for the audit.
pub(super) fn where_it_is(doctor: i64, place: Place) -> Value {
    let starts_at = place.span.map(|(starts, _)| starts);
    json!({ "doctor": doctor, "window": place.available_time, "date": place.date,
        "starts_at": starts_at })
}

/// What the audit calls a step.
const fn audit_name(action: Action) -> &'static str {
    match action {
        Action::Book => "book_appointment",
        Action::WalkIn => "take_walk_in",
        Action::Confirm => "confirm_appointment",
        Action::CheckIn => "check_in_appointment",
        Action::Start => "start_appointment",
        Action::Complete => "complete_appointment",
        Action::BackToWaiting => "send_back_appointment",
        Action::Cancel => "cancel_appointment",
        Action::NoShow => "miss_appointment",
        Action::Leave => "leave_appointment",
        Action::Undo => "undo_appointment",
        Action::Reschedule => "move_appointment",
        Action::Change => "change_appointment",
        Action::Pay => "pay_appointment",
        Action::AssignRoom => "assign_room",
        Action::Prioritise => "prioritise_appointment",
        Action::CallIn => "call_in_patient",
        Action::Delete => "delete_appointment",
    }
}

/// Which version the caller saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// `If-Match`: one of these must be the current one; none: no matter.
    pub if_match: Option<Vec<i64>>,
    /// The body's `version`.
    pub version: Option<i64>,
}

impl Expected {
    /// Whether the appointment is still what the caller saw: `If-Match` first, then `version`
    /// (API.md §5). The refusal says who changed what, and when.
    pub(super) async fn check(
        &self,
        clinic: &Clinic,
        session: &mut impl Session,
        (who, sight): (&Actor, Sight),
        row: &AppointmentRow,
    ) -> Answer<()> {
        let stale = self
            .if_match
            .as_ref()
            .is_some_and(|versions| !versions.contains(&row.version));
        if stale {
            let detail = changed_by(clinic, session, who, sight, row.id).await?;
            return Err(Refusal::Stale(detail));
        }
        if self.version.is_some_and(|version| version != row.version) {
            let detail = changed_by(clinic, session, who, sight, row.id).await?;
            return Err(Refusal::Conflict {
                code: "version_conflict",
                detail,
            });
        }
        Ok(())
    }
}

/// Who changed an appointment last, how, and when: `Ann Winter moved this to running 12 s ago.`
pub(super) async fn changed_by(
    clinic: &Clinic,
    session: &mut impl Session,
    who: &Actor,
    sight: Sight,
    appointment: i64,
) -> Answer<String> {
    let Some(last) = table::latest(session, appointment).await? else {
        return Ok("This appointment has changed since; load it again.".to_owned());
    };
    let ago = clinic.ago(last.step.at);
    let name = doer(who, sight, &last);
    let did = match (last.step.action.0, last.step.to_status.0) {
        (Action::Book, _) => "booked this".to_owned(),
        (Action::WalkIn, _) => "took this walk-in".to_owned(),
        (Action::AssignRoom, _) => "changed the room".to_owned(),
        (Action::Prioritise, _) => "changed the priority".to_owned(),
        (Action::CallIn, _) => "called the patient in".to_owned(),
        (Action::Reschedule, _) => "moved this to another time".to_owned(),
        (Action::Change | Action::Delete, _) => "changed this".to_owned(),
        (Action::Pay, _) => "changed whether this was paid".to_owned(),
        (Action::Undo, to) if last.step.from() == Some(to) => {
            "took this back to the time before".to_owned()
        }
        (Action::Undo, to) => format!("took this back to {}", to.in_words()),
        (_, to) => format!("moved this to {}", to.in_words()),
    };
    Ok(format!("{name} {did} {ago}."))
}

/// Who did it, as far as the caller may know: the desk knows its people by name, everybody else by
/// what they are.
fn doer(who: &Actor, sight: Sight, step: &NamedStepRow) -> String {
    if step.step.account_id.is_some() && step.step.account_id == who.account_id() {
        return "You".to_owned();
    }
    let role = word::<Role>(step.step.role.as_deref());
    match (sight.all, role) {
        // Without a name where their account is gone.
        (true, Some(Role::Patient)) => step.by().unwrap_or_else(|| "The patient".to_owned()),
        (true, _) => step.by().unwrap_or_else(|| "The clinic".to_owned()),
        (false, Some(Role::Doctor)) => "The doctor".to_owned(),
        (false, Some(Role::Patient)) => "The patient".to_owned(),
        (false, Some(Role::Admin | Role::Receptionist)) => "The front desk".to_owned(),
        (false, None) => "The clinic".to_owned(),
    }
}

/// Everything that was done to an appointment, oldest first, for staff and for its doctor.
///
/// # Errors
/// [`Refusal::Missing`] if the caller does not see it.
pub async fn history(clinic: &Clinic, who: &Actor, id: i64) -> Answer<Vec<HistoryEntry>> {
    let mut reader = clinic.db.read().await?;
    let sight = Sight::of(&mut reader, who).await?;
    let row = appointments::by_id(&mut reader, id).await?;
    let row = row.filter(|row| sight.is_at_work(row.doctor_id));
    let row = row.ok_or(MISSING)?;
    let steps = table::named(&mut reader, id).await?;
    drop(reader);
    let detail = json!({ "appointment": id });
    let patient = Some(row.patient_id);
    clinic
        .reads
        .note(who, "show_appointment_history", patient, detail)
        .await;
    Ok(steps.into_iter().map(|step| wire(step, clinic)).collect())
}

fn wire(named: NamedStepRow, clinic: &Clinic) -> HistoryEntry {
    let by = named.by();
    let from = named.step.from();
    let step = named.step;
    HistoryEntry {
        version: step.version,
        action: step.action.0,
        from,
        to: step.to_status.0,
        at: step.at,
        by,
        role: word(step.role.as_deref()),
        reason_kind: word(step.reason_kind.as_deref()),
        reason: step.reason,
        undoes: step.undoes,
        doctor: person(named.doctor_uid, named.doctor_id, named.doctor_name),
        date: named.date,
        starts: local(named.starts_at, clinic.zone),
        ends: local(named.ends_at, clinic.zone),
        overbooked: step.overbooked,
    }
}
