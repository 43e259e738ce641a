//! Merging and parting under pressure: random records come back as they were, a database that fails
//! anywhere leaves them before or after, and no table that refers to a patient is forgotten.

use std::sync::Arc;

use clinic_server::clinic::Refusal;
use clinic_server::clinic::patients;
use clinic_server::store::patient_merge_items::{MOVES, STAYS};
use clinic_server::store::{Db, Engine, Recorder, Session};
use clinic_shared::Role;
use clinic_shared::desk::merging::{MergeKeep, Merging};
use clinic_shared::desk::patients::PatientDraft;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use uuid::Uuid;

use crate::support::db::TestDb;
use crate::support::server::TestServer;
use crate::support::{on_both, on_both_databases};
use crate::{Desk, desk};

on_both!(
    random_records_come_back_as_they_were,
    a_database_that_fails_anywhere_leaves_before_or_after,
);

on_both_databases!(every_table_of_patients_is_thought_of);

/// Everything that a merge may touch, but versions and times.
async fn all_of(db: &Db) -> Vec<String> {
    let mut reader = db.read().await.unwrap();
    let mut all = Vec::new();
    type Texts = (i64, Option<i64>, Option<i64>, String, String, String);
    let patients: Vec<Texts> = reader
        .sql(
            "SELECT id, account_id, merged_into, full_name,
                 coalesce(phone, '-') || phone_digits || phone_ending || coalesce(email, '-')
                     || coalesce(email_key, '-') || coalesce(address, '-') || coalesce(note, '-')
                     || coalesce(blood_group, '-') || coalesce(gender, '-'),
                 name_key || CASE WHEN retired_at IS NULL THEN ' stands' ELSE ' retired' END
             FROM patient ORDER BY id",
        )
        .all()
        .await
        .unwrap();
    all.extend(patients.iter().map(|row| format!("{row:?}")));
    for sql in [
        "SELECT id, patient_id, doctor_id, version FROM appointment ORDER BY id",
        "SELECT id, patient_id, version, skipped FROM waiting ORDER BY id",
        "SELECT id, patient_id, doctor_id,
             CAST(CASE WHEN hidden_at IS NULL THEN 0 ELSE 1 END AS bigint)
         FROM review ORDER BY id",
    ] {
        let rows: Vec<(i64, i64, i64, i64)> = reader.sql(sql).all().await.unwrap();
        all.extend(rows.iter().map(|row| format!("{row:?}")));
    }
    for sql in [
        "SELECT word, patient_id FROM patient_word ORDER BY word, patient_id",
        "SELECT word, patients FROM word ORDER BY word",
        "SELECT name, value FROM counter ORDER BY name",
    ] {
        let rows: Vec<(String, i64)> = reader.sql(sql).all().await.unwrap();
        all.extend(rows.iter().map(|row| format!("{row:?}")));
    }
    let slips: Vec<(String, String)> = reader
        .sql("SELECT slip, word FROM word_slip ORDER BY slip, word")
        .all()
        .await
        .unwrap();
    all.extend(slips.iter().map(|row| format!("{row:?}")));
    all
}

/// Two records, as they may be.
#[derive(Debug, Clone)]
struct Case {
    names: [usize; 2],
    phones: [Option<u8>; 2],
    notes: [bool; 2],
    /// Which of the two has an account: 0 and 1; 2 is neither.
    account: usize,
    /// Doctor, half hour, state, whose.
    visits: Vec<(usize, u32, usize, usize)>,
    /// Whose entries on the waiting list there are.
    waits: Vec<usize>,
    /// Doctor and whose.
    reviews: Vec<(usize, usize)>,
    keep: Vec<(usize, bool)>,
}

const NAMES: [&str; 4] = ["Ana Kovač", "Anna Kovac", "Ana Maria Kovač", "Bo"];
const STATES: [&str; 5] = ["pending", "confirmed", "completed", "cancelled", "no_show"];
const FIELDS: [&str; 4] = ["full_name", "phone", "note", "email"];

fn cases() -> impl Strategy<Value = Case> {
    (
        [0..4_usize, 0..4_usize],
        [prop::option::of(0..3_u8), prop::option::of(0..3_u8)],
        any::<[bool; 2]>(),
        0..3_usize,
        prop::collection::vec((0..2_usize, 0..8_u32, 0..5_usize, 0..2_usize), 0..8),
        prop::collection::vec(0..2_usize, 0..3),
        prop::collection::vec((0..2_usize, 0..2_usize), 0..4),
        prop::collection::vec((0..4_usize, any::<bool>()), 0..4),
    )
        .prop_map(
            |(names, phones, notes, account, visits, waits, reviews, keep)| Case {
                names,
                phones,
                notes,
                account,
                visits,
                waits,
                reviews,
                keep,
            },
        )
}

impl Case {
    fn draft(&self, at: usize) -> PatientDraft {
        PatientDraft {
            full_name: NAMES[self.names[at]].to_owned(),
            phone: self.phones[at].map(|n| format!("030 555{n}")),
            note: self.notes[at].then(|| format!("note {at}")),
            ..PatientDraft::default()
        }
    }

    fn keep(&self) -> MergeKeep {
        let mut keep = json!({});
        for (field, other) in &self.keep {
            keep[FIELDS[*field]] = json!(if *other { "other" } else { "survivor" });
        }
        serde_json::from_value(keep).unwrap()
    }
}

/// Who may be linked, and whom they see.
struct Place {
    account: i64,
    doctors: [i64; 2],
}

async fn place(desk: &Desk) -> Place {
    let doctors = [
        desk.server.doctor("dora", 500).await.number,
        desk.server.doctor("emil", 500).await.number,
    ];
    let account = desk.server.account(Role::Patient, "ana").await.id;
    run(desk, "UPDATE patient SET account_id = NULL").await;
    Place { account, doctors }
}

async fn run(desk: &Desk, sql: &'static str) {
    let mut tx = desk.clinic.db.begin().await.unwrap();
    tx.sql(sql).run().await.unwrap();
    tx.commit().await.unwrap();
}

/// Puts a case into the database; visits that can't be are left out.
async fn put(desk: &Desk, place: &Place, case: &Case) -> [Uuid; 2] {
    run(desk, "UPDATE patient SET account_id = NULL").await;
    let mut made = Vec::new();
    for at in 0..2 {
        made.push(desk.register(case.draft(at)).await);
    }
    if let Some(owner) = made.get(case.account) {
        let mut tx = desk.clinic.db.begin().await.unwrap();
        tx.sql("UPDATE patient SET account_id = $2 WHERE id = $1")
            .bind(owner.number)
            .bind(place.account)
            .run()
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    for (doctor, slot, state, whose) in &case.visits {
        let starts = desk.server.clock.now() + chrono::TimeDelta::minutes(i64::from(*slot) * 30);
        let mut tx = desk.clinic.db.begin().await.unwrap();
        let put = tx
            .sql(
                "INSERT INTO appointment (patient_id, doctor_id, date, starts_at, ends_at, at, kind,
                     status, overbooked, symptoms, is_paid, cancelled_late, version, created_at,
                     updated_at)
                 VALUES ($1, $2, $3, $4, $5, $4, 'offline', $6, TRUE, '', FALSE, FALSE, 1, $4, $4)",
            )
            .bind(made[*whose].number)
            .bind(place.doctors[*doctor])
            .bind(starts.date_naive())
            .bind(starts)
            .bind(starts + chrono::TimeDelta::minutes(30))
            .bind(STATES[*state])
            .run()
            .await;
        if put.is_ok() {
            tx.commit().await.unwrap();
        }
    }
    for whose in &case.waits {
        let today = desk.clinic.today();
        let mut tx = desk.clinic.db.begin().await.unwrap();
        tx.sql(
            "INSERT INTO waiting (patient_id, date_from, date_to, urgency, status, skipped, version,
                 created_at, updated_at)
             VALUES ($1, $2, $2, 'soon', 'waiting', 0, 1, $3, $3)",
        )
        .bind(made[*whose].number)
        .bind(today)
        .bind(desk.clinic.clock.now())
        .run()
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
    for (doctor, whose) in &case.reviews {
        let mut tx = desk.clinic.db.begin().await.unwrap();
        let new = clinic_server::store::reviews::NewReview {
            patient: made[*whose].number,
            doctor: place.doctors[*doctor],
            stars: 5,
            body: "Good.",
            on: desk.clinic.today(),
        };
        let put = clinic_server::store::reviews::insert(&mut tx, &new, desk.clinic.clock.now());
        if put.await.is_ok() {
            tx.commit().await.unwrap();
        }
    }
    [made[0].id, made[1].id]
}

async fn random_records_come_back_as_they_were(server: TestServer) {
    let desk = Arc::new(desk(server).await);
    let place = Arc::new(place(&desk).await);
    let cases = match desk.clinic.db.engine() {
        Engine::Sqlite => 48,
        Engine::Postgres => 32,
    };
    let runtime = tokio::runtime::Handle::current();
    let (merged, refused) = tokio::task::spawn_blocking(move || {
        let counts = std::cell::Cell::new((0, 0));
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        });
        let played = runner.run(&self::cases(), |case| {
            let was_merged = runtime.block_on(play(&desk, &place, &case))?;
            let (merged, refused) = counts.get();
            counts.set(match was_merged {
                true => (merged + 1, refused),
                false => (merged, refused + 1),
            });
            Ok(())
        });
        played.unwrap();
        counts.get()
    })
    .await
    .unwrap();
    assert!(
        merged > 5 && refused > 0,
        "{merged} merged, {refused} refused"
    );
}

async fn play(desk: &Desk, place: &Place, case: &Case) -> Result<bool, TestCaseError> {
    let (clinic, who) = (&desk.clinic, &desk.who);
    let [one, two] = put(desk, place, case).await;
    let before = all_of(&clinic.db).await;
    let preview = patients::preview(clinic, who, one, two).await.unwrap();
    let asked = Merging {
        other: two,
        version: None,
        other_version: None,
        keep: Some(case.keep()),
    };
    let merge = match patients::merge(clinic, who, one, &asked, None).await {
        Ok((merge, _)) => merge,
        Err(Refusal::Blocked { reasons, .. }) => {
            prop_assert!(!reasons.is_empty());
            prop_assert_eq!(before, all_of(&clinic.db).await);
            return Ok(false);
        }
        Err(other) => panic!("{other}"),
    };
    let said: Vec<i64> = preview.appointments.iter().map(|row| row.id).collect();
    prop_assert_eq!(&merge.appointments, &said);
    let of = |hidden: bool| -> Vec<i64> {
        let rows = preview.reviews.iter().filter(|row| row.hidden == hidden);
        rows.map(|row| row.id).collect()
    };
    prop_assert_eq!(&merge.reviews, &of(false));
    prop_assert_eq!(&merge.hidden_reviews, &of(true));
    prop_assert_eq!(&merge.waiting, &preview.waiting);
    prop_assert_eq!(merge.account, preview.account);
    // Into a third one and back, as well.
    let third = desk.register(case.draft(0)).await;
    let between = all_of(&clinic.db).await;
    let asked = Merging {
        other: one,
        keep: None,
        ..asked
    };
    if let Ok((again, _)) = patients::merge(clinic, who, third.id, &asked, None).await {
        let parted = patients::unmerge(clinic, who, third.id, again.id, None).await;
        parted.unwrap();
    }
    prop_assert_eq!(between, all_of(&clinic.db).await);
    patients::retire(clinic, who, third.number).await.unwrap();
    let without = |all: Vec<String>| -> Vec<String> {
        let third = format!("({}, ", third.number);
        all.into_iter()
            .filter(|row| !row.starts_with(&third))
            .collect()
    };
    patients::unmerge(clinic, who, one, merge.id, None)
        .await
        .unwrap();
    prop_assert_eq!(without(before), without(all_of(&clinic.db).await));
    Ok(true)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Write {
    Merge,
    Unmerge,
    Link,
    TakeIn,
    Unlink,
}

async fn a_database_that_fails_anywhere_leaves_before_or_after(server: TestServer) {
    let desk = desk(server).await;
    let place = place(&desk).await;
    let recorder = Arc::new(Recorder::new());
    let mut failing = desk.clinic.clone();
    failing.db = failing.db.recorded(&recorder);
    let who = &desk.who;
    let case = Case {
        names: [0, 3],
        phones: [None, Some(1)],
        notes: [false, true],
        account: 1,
        visits: vec![(0, 0, 0, 0), (0, 1, 0, 1), (1, 2, 2, 1)],
        waits: vec![1],
        reviews: vec![(0, 0), (0, 1), (1, 1)],
        keep: vec![(0, true)],
    };
    for write in [
        Write::Merge,
        Write::Unmerge,
        Write::Link,
        Write::TakeIn,
        Write::Unlink,
    ] {
        let case = match write {
            Write::Link => Case {
                account: 2,
                ..case.clone()
            },
            Write::TakeIn => Case {
                visits: Vec::new(),
                waits: Vec::new(),
                reviews: Vec::new(),
                ..case.clone()
            },
            _ => case.clone(),
        };
        let [one, two] = put(&desk, &place, &case).await;
        let asked = Merging {
            other: two,
            version: None,
            other_version: None,
            keep: Some(case.keep()),
        };
        let merge = match write {
            Write::Unmerge => {
                let merged = patients::merge(&desk.clinic, who, one, &asked, None).await;
                merged.unwrap().0.id
            }
            _ => 0,
        };
        let mut fails = 0;
        for n in 1.. {
            let before = (all_of(&desk.clinic.db).await, trail(&desk).await);
            recorder.clear();
            recorder.fail_at(n);
            let email = "ana@example.org";
            let done = match write {
                Write::Merge => patients::merge(&failing, who, one, &asked, None)
                    .await
                    .map(drop),
                Write::Unmerge => patients::unmerge(&failing, who, one, merge, None)
                    .await
                    .map(drop),
                Write::Link | Write::TakeIn => {
                    patients::link_account(&failing, who, one, email, None)
                        .await
                        .map(drop)
                }
                Write::Unlink => patients::unlink_account(&failing, who, two, None).await,
            };
            recorder.clear();
            let after = (all_of(&desk.clinic.db).await, trail(&desk).await);
            match done {
                Err(Refusal::Broken(_)) => {
                    assert_eq!(before, after, "{write:?} failed at statement {n}");
                    fails += 1;
                }
                Ok(()) => {
                    assert_ne!(before.0, after.0, "{write:?}");
                    assert!(after.1.0 > before.1.0, "{write:?} is audited");
                    assert!(after.1.1 > before.1.1, "{write:?} is told");
                    break;
                }
                Err(other) => panic!("{write:?} at {n}: {other}"),
            }
        }
        assert!(
            fails >= 6,
            "{write:?} was failed at {fails} statements only"
        );
    }
}

/// How many audit rows of changes, events, merges, things that moved and mails to send there are.
async fn trail(desk: &Desk) -> (i64, i64, i64, i64, i64) {
    let mut reader = desk.clinic.db.read().await.unwrap();
    reader
        .sql(
            "SELECT (SELECT count(*) FROM audit WHERE kind = 'change'),
                 (SELECT count(*) FROM event), (SELECT count(*) FROM patient_merge),
                 (SELECT count(*) FROM patient_merge_item),
                 (SELECT count(*) FROM job WHERE kind = 'send_notice')",
        )
        .one()
        .await
        .unwrap()
}

async fn every_table_of_patients_is_thought_of(db: TestDb) {
    let mut reader = db.db.read().await.unwrap();
    let refers = match db.db.engine() {
        Engine::Sqlite => {
            "SELECT t.name, f.\"from\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f
             WHERE t.type = 'table' AND f.\"table\" = 'patient'"
        }
        Engine::Postgres => {
            "SELECT CAST(t.relname AS text), CAST(a.attname AS text)
             FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
                  JOIN pg_class p ON p.oid = c.confrelid
                  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND p.relname = 'patient'"
        }
    };
    let rows: Vec<(String, String)> = reader.sql(refers).all().await.unwrap();
    assert!(rows.len() >= 6, "{rows:?}");
    for (table, column) in rows {
        let known = MOVES.iter().chain(&STAYS);
        assert!(
            known
                .into_iter()
                .any(|one| *one == (table.as_str(), column.as_str())),
            "{table}.{column} refers to a patient: does it move when records are merged?"
        );
    }
}
