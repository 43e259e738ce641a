//! Patients: registering, changing and finding them, on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::large_futures,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can not go on fails"
)]

mod finding;
mod merging;
mod records;
#[path = "../support/mod.rs"]
mod support;

use clinic_server::clinic::patients::{self, Paging, PatientRecord};
use clinic_server::clinic::{Actor, Clinic};
use clinic_server::demo;
use clinic_server::store::Session;
use clinic_shared::Role;
use clinic_shared::desk::patients::PatientDraft;
use support::db::TestDb;
use support::server::TestServer;

/// The desk of a fresh clinic.
pub(crate) struct Desk {
    pub(crate) clinic: Clinic,
    pub(crate) who: Actor,
    pub(crate) server: TestServer,
}

pub(crate) async fn desk(server: TestServer) -> Desk {
    let clinic = server.server.clinic.clone();
    let who = server.actor(Role::Receptionist, "desk").await;
    Desk {
        clinic,
        who,
        server,
    }
}

pub(crate) fn draft(full_name: &str) -> PatientDraft {
    PatientDraft {
        full_name: full_name.to_owned(),
        ..PatientDraft::default()
    }
}

pub(crate) fn page(number: i64, limit: i64) -> Paging {
    Paging {
        page: number,
        cursor: None,
        limit,
    }
}

impl Desk {
    pub(crate) async fn register(&self, draft: PatientDraft) -> PatientRecord {
        patients::register(&self.clinic, &self.who, draft)
            .await
            .unwrap()
    }

    pub(crate) async fn people<const N: usize>(&self, names: [&str; N]) {
        for name in names {
            self.register(draft(name)).await;
        }
    }

    pub(crate) async fn find(&self, typed: &str) -> Vec<String> {
        let found = patients::search(&self.clinic, &self.who, typed, &page(1, 25))
            .await
            .unwrap();
        assert_eq!(
            found.count,
            i64::try_from(found.patients.len()).unwrap(),
            "{typed}"
        );
        found
            .patients
            .into_iter()
            .map(|patient| patient.full_name)
            .collect()
    }

    pub(crate) async fn count(&self) -> i64 {
        patients::search(&self.clinic, &self.who, "", &page(1, 1))
            .await
            .unwrap()
            .count
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invented_people_are_the_same_on_both_engines() {
    let sqlite = TestDb::sqlite().await;
    let Some(postgres) = TestDb::postgres().await else {
        return;
    };
    let people = async |db: &clinic_server::store::Db| {
        demo::fill(db, 300, 1, |_| ()).await.unwrap();
        let mut reader = db.read().await.unwrap();
        let rows = clinic_server::store::patients::by_number(&mut reader, 0, 1000, 0)
            .await
            .unwrap();
        let words: Vec<(String, i64)> = reader
            .sql("SELECT word, patient_id FROM patient_word ORDER BY word, patient_id")
            .all()
            .await
            .unwrap();
        let counts: Vec<(String, i64)> = reader
            .sql("SELECT word, patients FROM word ORDER BY word")
            .all()
            .await
            .unwrap();
        let slips: Vec<(String, String)> = reader
            .sql("SELECT slip, word FROM word_slip ORDER BY slip, word")
            .all()
            .await
            .unwrap();
        (rows, words, counts, slips)
    };
    let (a, b) = (people(&sqlite.db).await, people(&postgres.db).await);
    assert_eq!(a.0.len(), 300);
    assert_eq!(a, b);
}
