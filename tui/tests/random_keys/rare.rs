//! What the server for random keys answers about merging records and about absences.

use clinic_shared::client::Tagged;
use clinic_shared::desk::absences::{Absence, AbsenceDetail, AbsenceKind, HitOutcome, HitResult};
use clinic_shared::desk::appointments::{AppointmentRow, Person, Status};
use clinic_shared::desk::merging::{
    DifferingField, Merge, MergePreview, MergedRecord, MovingAppointment, Side,
};
use clinic_shared::desk::openings::Opening;
use clinic_tui::effect::{Hit, LeaveCall, LeaveReply, PeopleReply, Plan, Reply};

use super::answers::NAME;
use super::support::clinic::{appointment, booking, doctor_row};
use super::support::row;

/// What merging two records would do: so many fields and appointments differ.
pub(crate) fn preview(count: u32) -> Reply {
    let names = ["full_name", "phone", "address", "birth_date", "note"];
    let field = |name: &str| DifferingField {
        field: name.to_owned(),
        survivor: (count.is_multiple_of(2)).then(|| NAME.repeat(5)),
        other: Some("Torstraße 1, 10119 Berlin".to_owned()),
        kept: Side::Other,
    };
    let moving = |number: u32| MovingAppointment {
        id: i64::from(number),
        date: "2026-12-02".parse().unwrap(),
        starts: (!number.is_multiple_of(3)).then(|| "09:00".to_owned()),
        doctor: NAME.to_owned(),
        status: Status::ALL[number as usize % Status::ALL.len()],
    };
    let preview = MergePreview {
        fields: names
            .into_iter()
            .take(count as usize % 6)
            .map(field)
            .collect(),
        survivor: row(1, NAME),
        version: 3,
        other: row(4, "Grace Hoper"),
        other_version: 5,
        appointments: (1..=count).map(moving).collect(),
        waiting: vec![1],
        reviews: Vec::new(),
        account: true,
        conflicts: Vec::new(),
    };
    PeopleReply::Preview(Box::new(preview)).into()
}

/// The records that one took in.
pub(crate) fn merges(count: u32) -> Reply {
    let at = "2026-11-20T09:00:00Z".parse().unwrap();
    let merge = |number: u32| Merge {
        id: i64::from(number),
        at,
        by: Some(NAME.to_owned()),
        other: MergedRecord {
            id: row(number, "").id,
            record_number: format!("P-{number:06}"),
            full_name: NAME.to_owned(),
        },
        appointments: vec![3, 4],
        waiting: Vec::new(),
        reviews: Vec::new(),
        hidden_reviews: Vec::new(),
        fields: vec!["phone".to_owned()],
        account: false,
        undone_at: number.is_multiple_of(2).then_some(at),
    };
    PeopleReply::Merges((1..=count).map(merge).collect()).into()
}

/// About absences, closures and extra hours, which hit so many.
pub(crate) fn leave(call: &LeaveCall, count: u32) -> LeaveReply {
    match call {
        LeaveCall::Plan(doctor, _) => LeaveReply::Plan(Plan {
            doctor: *doctor,
            absences: (0..count % 4).map(|_| absence(true)).collect(),
            closures: (0..count % 3).map(|_| absence(false)).collect(),
            openings: (0..count % 5).map(opening).collect(),
            today: None,
        }),
        LeaveCall::Closures => LeaveReply::Closures((0..count).map(|_| absence(false)).collect()),
        LeaveCall::CancelHits(..) | LeaveCall::MoveHits(..) => {
            LeaveReply::Results(rows(count).into_iter().map(result).collect())
        }
        LeaveCall::TakeBack(..) | LeaveCall::CloseHours(_) => LeaveReply::Gone,
        LeaveCall::OpenHours(_) => LeaveReply::Opened(opening(count)),
        LeaveCall::Show(..) | LeaveCall::Enter(_) | LeaveCall::Close(_) | LeaveCall::Change(..) => {
            hit(rows(count))
        }
    }
}

fn doctor() -> Person {
    let row = doctor_row(2);
    Person {
        id: row.id,
        number: row.number,
        full_name: row.full_name,
    }
}

fn absence(of_doctor: bool) -> Absence {
    let at = "2026-11-23T07:00:00Z".parse().unwrap();
    Absence {
        id: 7,
        doctor: of_doctor.then(doctor),
        first_date: "2026-11-24".parse().unwrap(),
        last_date: "2026-11-25".parse().unwrap(),
        starts: None,
        ends: None,
        starts_at: at,
        ends_at: at,
        kind: AbsenceKind::Training,
        note: Some(NAME.repeat(8)),
        version: 3,
        created_at: at,
        updated_at: at,
    }
}

fn opening(number: u32) -> Opening {
    Opening {
        id: i64::from(number),
        doctor: doctor(),
        date: "2026-11-28".parse().unwrap(),
        name: "5:00 PM - 7:30 PM".to_owned(),
        starts: "17:00".to_owned(),
        ends: "19:30".to_owned(),
        slot_minutes: Some(30),
    }
}

fn rows(count: u32) -> Vec<AppointmentRow> {
    (1..=count).map(|number| booking(number, NAME)).collect()
}

fn hit(rows: Vec<AppointmentRow>) -> LeaveReply {
    let whole = rows.iter().map(appointment).collect();
    LeaveReply::Hit(Box::new(Hit {
        detail: Tagged {
            value: AbsenceDetail {
                absence: absence(true),
                appointments: rows,
            },
            etag: Some("\"3\"".to_owned()),
        },
        whole,
        emails: Vec::new(),
    }))
}

fn result(appointment: AppointmentRow) -> HitResult {
    let moved = appointment.id % 2 == 0;
    HitResult {
        outcome: if moved {
            HitOutcome::Moved
        } else {
            HitOutcome::Refused
        },
        reasons: Vec::new(),
        appointment,
    }
}
