//! The audit as evidence: sealed, complete, and silent about what is nobody's business.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::large_futures,
    clippy::print_stdout,
    reason = "a test that panics fails, which is what it is for"
)]

mod cases;
mod cases_desk;
mod cases_v1;
mod complete;
mod log;
mod retention;
mod sealing;
#[path = "../support/mod.rs"]
mod support;
mod tampering;
mod walk;

use clinic_server::auth::passwords::Cost;
use clinic_server::clinic::audit::{Sealer, Verdict, verify};
use clinic_server::clinic::{Actor, Clinic};
use clinic_server::config::Config;
use clinic_server::infra::{Clock, Ids};
use clinic_server::store::audit::{self, Row};
use clinic_server::store::{Session, Sql};
use clinic_server::{Parts, open_clinic};
use serde_json::json;
use uuid::Uuid;

use support::db::TestDb;

/// A clinic on a database, whose audit is sealed by nobody but the test.
struct Desk {
    clinic: Clinic,
    clock: Clock,
    _dir: tempfile::TempDir,
}

async fn desk(t: &TestDb) -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = dir.path().to_string_lossy().into_owned();
    let url = t.url.clone();
    let config = Config::from_lookup(|name| match name {
        "DATA_DIR" => Some(data_dir.clone()),
        "DATABASE_URL" => Some(url.clone()),
        "SECRET_KEY" => Some("a key for tests only, of more than 32 bytes".to_owned()),
        "AUDIT_RETENTION" => Some("30".to_owned()),
        "DATABASE_CONNECTIONS" => Some("4".to_owned()),
        _ => None,
    })
    .unwrap();
    let clock = Clock::fixed("2026-03-02T08:00:00Z".parse().unwrap());
    let parts = Parts {
        clock: clock.clone(),
        ids: Ids::system(),
        cost: Cost::test(),
        witness: None,
    };
    Desk {
        clinic: open_clinic(&config, &parts, true).await.unwrap(),
        clock,
        _dir: dir,
    }
}

impl Desk {
    /// A row in which nothing is null.
    fn row(&self) -> Row {
        Row {
            at: self.clinic.clock.now(),
            kind: "change".to_owned(),
            action: "change_patient".to_owned(),
            outcome: "done".to_owned(),
            account_id: Some(3),
            role: Some("receptionist".to_owned()),
            session_id: Some(Uuid::from_u128(7)),
            address: Some("127.0.0.1".to_owned()),
            object_type: Some("patient".to_owned()),
            object_id: Some(5),
            patient_id: Some(5),
            detail: sqlx::types::Json(json!({ "fields": ["phone", "note"] })),
        }
    }

    /// Writes so many rows; answers the id of the last.
    async fn write(&self, count: usize) -> i64 {
        let mut tx = self.clinic.db.begin().await.unwrap();
        audit::insert(&mut tx, &vec![self.row(); count])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.number("SELECT max(id) FROM audit").await
    }

    /// Seals until nothing is left to do.
    async fn seal(&self) -> u64 {
        let sealer = Sealer::new(&self.clinic);
        let sealed = sealer.seal(&self.clinic).await.unwrap();
        // A second pass settles what the first one saw.
        sealer.seal(&self.clinic).await.unwrap();
        sealer.release(&self.clinic).await.unwrap();
        sealed
    }

    /// Seals until it is certain that nothing older can come in: on PostgreSQL when every
    /// transaction of that time has ended, those of other tests included.
    async fn settle(&self) {
        for _ in 0..1000 {
            self.seal().await;
            let pending = "SELECT count(*) FROM audit_chain WHERE pending IS NOT NULL";
            if self.number(pending).await == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("some transaction does not end");
    }

    async fn verify(&self) -> Verdict {
        let who = Actor::nobody(None);
        verify(&self.clinic, &who, None, None, None).await.unwrap()
    }

    /// The fault as its sentence; empty: there is none.
    async fn fault(&self) -> String {
        let verdict = self.verify().await;
        verdict
            .broken
            .map(|broken| broken.to_string())
            .unwrap_or_default()
    }

    async fn number(&self, sql: &'static str) -> i64 {
        let mut reader = self.clinic.db.read().await.unwrap();
        let (number,): (i64,) = reader.sql(sql).one().await.unwrap();
        number
    }

    /// Runs a statement as somebody with a database shell does.
    async fn shell(&self, sql: impl Into<Sql>) -> sqlx::Result<u64> {
        let mut tx = self.clinic.db.begin().await?;
        let touched = tx.sql(sql).run().await?;
        tx.commit().await?;
        Ok(touched)
    }

    /// Takes the triggers away, as the owner of a database can.
    async fn disarm(&self) {
        for (sqlite, postgres) in [
            (
                "DROP TRIGGER audit_stays",
                "ALTER TABLE audit DISABLE TRIGGER ALL",
            ),
            (
                "DROP TRIGGER audit_is_kept",
                "ALTER TABLE audit_seal DISABLE TRIGGER ALL",
            ),
            (
                "DROP TRIGGER audit_seal_stays",
                "ALTER TABLE audit_chain DISABLE TRIGGER ALL",
            ),
            ("DROP TRIGGER audit_seal_is_kept", "SELECT 1"),
            ("DROP TRIGGER audit_chain_goes_on", "SELECT 1"),
            ("DROP TRIGGER audit_chain_is_kept", "SELECT 1"),
            (
                "CREATE TABLE saved_rows AS SELECT * FROM audit",
                "CREATE TABLE saved_rows AS SELECT * FROM audit",
            ),
            (
                "CREATE TABLE saved_seals AS SELECT * FROM audit_seal",
                "CREATE TABLE saved_seals AS SELECT * FROM audit_seal",
            ),
            (
                "CREATE TABLE saved_chain AS SELECT * FROM audit_chain",
                "CREATE TABLE saved_chain AS SELECT * FROM audit_chain",
            ),
        ] {
            self.shell(Sql { sqlite, postgres }).await.unwrap();
        }
    }

    /// Puts back what stood there when the triggers were taken away.
    async fn restore(&self) {
        for text in [
            "DELETE FROM audit",
            "DELETE FROM audit_seal",
            "DELETE FROM audit_chain",
            "INSERT INTO audit SELECT * FROM saved_rows",
            "INSERT INTO audit_seal SELECT * FROM saved_seals",
            "INSERT INTO audit_chain SELECT * FROM saved_chain",
        ] {
            self.shell(text).await.unwrap();
        }
        assert_eq!(self.fault().await, "");
    }
}
