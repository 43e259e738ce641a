//! Rooms, priorities, calls and running late over a database that fails at any statement: what was
//! written before or after, never half of it, and always with its audit row.

use std::sync::Arc;

use clinic_server::clinic::appointments::{self, Expected};
use clinic_server::clinic::{Clinic, Faults, Refusal, queue};
use clinic_server::store::{Recorder, Session};
use clinic_shared::desk::queue::{CallIn, Priority, RunningLate, SetPriority, SetRoom};

use super::{House, check_in, house};
use crate::support::db::TestDb;

#[derive(Debug, Clone, Copy)]
enum Write {
    Room,
    Priority,
    Call,
    Late,
}

/// What stands there, then how many events and audit rows of changes there are.
async fn all_of(clinic: &Clinic) -> (String, i64, i64) {
    let mut reader = clinic.db.read().await.unwrap();
    let rows: Vec<(i64, i64, Option<String>, String)> = reader
        .sql("SELECT id, version, room, priority FROM appointment ORDER BY id")
        .all()
        .await
        .unwrap();
    let late: Vec<(i64, i64)> = reader
        .sql("SELECT doctor_id, late_minutes FROM doctor_day ORDER BY doctor_id")
        .all()
        .await
        .unwrap();
    let (history, events, audit): (i64, i64, i64) = reader
        .sql(
            "SELECT (SELECT count(*) FROM appointment_history), (SELECT count(*) FROM event),
                 (SELECT count(*) FROM audit WHERE kind = 'change')",
        )
        .one()
        .await
        .unwrap();
    (format!("{rows:?} {late:?} {history}"), events, audit)
}

async fn run(failing: &Clinic, house: &House, write: Write, id: i64) -> Result<(), Refusal> {
    let (who, any, none) = (&house.who, Expected::default(), Faults::new());
    match write {
        Write::Room => {
            let form = SetRoom {
                room: "Room 3".to_owned(),
                version: None,
            };
            appointments::set_room(failing, who, id, form, &any, none).await
        }
        Write::Priority => {
            let form = SetPriority {
                priority: Priority::Urgent,
                reason: None,
                version: None,
            };
            appointments::prioritise(failing, who, id, form, &any, none).await
        }
        Write::Call => {
            let form = CallIn {
                room: None,
                version: None,
            };
            appointments::call_in(failing, who, id, form, &any, none).await
        }
        Write::Late => {
            let form = RunningLate {
                date: None,
                minutes: 20,
                version: None,
            };
            let doctor = house.doctors[0].1;
            queue::run_late(failing, who, doctor, form, None, none).await?;
            Ok(())
        }
    }
}

pub(super) async fn a_note_is_whole_or_not_at_all(db: TestDb) {
    let house = house(db).await;
    let recorder = Arc::new(Recorder::new());
    let mut failing = house.clinic.clone();
    failing.db = failing.db.recorded(&recorder);
    let id = house.booked(0, 0).await;
    check_in(&house.clinic, &house.who, id).await;
    for write in [Write::Room, Write::Priority, Write::Call, Write::Late] {
        let before = all_of(&house.clinic).await;
        let mut fails = 0;
        for n in 1.. {
            recorder.clear();
            recorder.fail_at(n);
            let done = run(&failing, &house, write, id).await;
            recorder.clear();
            let after = all_of(&house.clinic).await;
            match done {
                Err(Refusal::Broken(_)) => {
                    assert_eq!(before, after, "{write:?} failed at statement {n}");
                    fails += 1;
                    assert!(fails < 290, "it fails whatever is written");
                }
                Ok(()) => {
                    assert_ne!(before.0, after.0, "{write:?} does something");
                    assert_eq!(after.1 - before.1, 1, "{write:?} is an event");
                    assert_eq!(after.2 - before.2, 1, "{write:?} is audited");
                    break;
                }
                Err(other) => panic!("{write:?} at {n}: {other}"),
            }
        }
        assert!(
            fails >= 4,
            "{write:?} was failed at {fails} statements only"
        );
    }
}
