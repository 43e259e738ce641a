//! A clinic of twelve thousand patients, and who asks it.

use std::collections::BTreeSet;
use std::sync::Arc;

use clinic_server::auth::passwords::Cost;
use clinic_server::clinic::accounts::{self, Newcomer};
use clinic_server::clinic::{Actor, Clinic};
use clinic_server::config::Config;
use clinic_server::demo::{self, Size};
use clinic_server::infra::redis::Redis;
use clinic_server::infra::{Clock, Ids};
use clinic_server::store::{Recorder, Session, Sql};
use clinic_server::{Parts, open_clinic};
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::Method;
use poem::listener::TcpAcceptor;
use sqlx::{Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

use super::Plan;
use super::requests::{Request, Who, all};
use super::support::server::{PASSWORD, request};

const SIZE: Size = Size {
    patients: 12_000,
    doctors: 60,
    days: 200,
    busy: 12,
    reviews: 2000,
};

/// Accounts, contact requests and audit rows, which no demo has so many of.
const MORE: [Sql; 3] = [
    Sql {
        sqlite: "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
            INSERT INTO account (uid, username, username_key, email, email_key, first_name, last_name,
                search, role, is_active, is_verified, created_at, updated_at)
            SELECT randomblob(16), 'person' || i, 'person' || i, 'person' || i || '@example.org',
                'person' || i || '@example.org', '', '', 'person' || i, 'patient', TRUE, TRUE, $1, $1
            FROM n",
        postgres: "INSERT INTO account (uid, username, username_key, email, email_key, first_name,
                last_name, search, role, is_active, is_verified, created_at, updated_at)
            SELECT gen_random_uuid(), 'person' || i, 'person' || i, 'person' || i || '@example.org',
                'person' || i || '@example.org', '', '', 'person' || i, 'patient', TRUE, TRUE, $1, $1
            FROM generate_series(1, 8000) AS n (i)",
    },
    Sql {
        sqlite: "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
            INSERT INTO contact (name, phone, message, status, version, created_at, updated_at, search)
            SELECT 'Writer ' || i, '555' || i, 'A question.', CASE i % 60 WHEN 0 THEN 'new' WHEN 1
                THEN 'in_progress' ELSE 'resolved' END, 1, $1, $1, 'writer ' || i || ' a question.'
            FROM n",
        postgres: "INSERT INTO contact (name, phone, message, status, version, created_at, updated_at,
                search)
            SELECT 'Writer ' || i, '555' || i, 'A question.', CASE i % 60 WHEN 0 THEN 'new' WHEN 1
                THEN 'in_progress' ELSE 'resolved' END, 1, $1, $1, 'writer ' || i || ' a question.'
            FROM generate_series(1, 6000) AS n (i)",
    },
    Sql {
        sqlite: "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
            INSERT INTO audit (at, kind, action, outcome, account_id, role, object_type, object_id,
                patient_id, detail)
            SELECT strftime('%Y-%m-%dT%H:%M:%f000+00:00', $1, '-' || (40000 - i) || ' minutes'), 'read',
                CASE i % 100 WHEN 0 THEN 'sign_in' ELSE 'get_patient' END,
                CASE i % 200 WHEN 0 THEN 'refused' ELSE 'done' END, i % 300 + 1, 'receptionist',
                CASE i % 2 WHEN 0 THEN 'patient' ELSE 'appointment' END, i % 5000, i % 9000 + 1, '{}'
            FROM n",
        postgres: "INSERT INTO audit (at, kind, action, outcome, account_id, role, object_type,
                object_id, patient_id, detail)
            SELECT CAST($1 AS timestamptz) - make_interval(mins => 40000 - i), 'read',
                CASE i % 100 WHEN 0 THEN 'sign_in' ELSE 'get_patient' END,
                CASE i % 200 WHEN 0 THEN 'refused' ELSE 'done' END, i % 300 + 1, 'receptionist',
                CASE i % 2 WHEN 0 THEN 'patient' ELSE 'appointment' END, i % 5000, i % 9000 + 1, '{}'
            FROM generate_series(1, 40000) AS n (i)",
    },
];

/// A clinic that listens.
pub(crate) struct House {
    pub(crate) recorder: Arc<Recorder>,
    clinic: Clinic,
    admin: Client,
    doctor: Client,
    patient: Client,
    names: Vec<(&'static str, String)>,
    serving: tokio::task::JoinHandle<()>,
    _dir: tempfile::TempDir,
}

impl House {
    /// On a fresh database at this address.
    pub(crate) async fn open(url: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data_dir = dir.path().to_string_lossy().into_owned();
        let config = Config::from_lookup(|name| match name {
            "DATA_DIR" => Some(data_dir.clone()),
            "DATABASE_URL" => Some(url.to_owned()),
            "SECRET_KEY" => Some("a key for tests only, of more than 32 bytes".to_owned()),
            "RATE_LIMITS" => Some("off".to_owned()),
            "DATABASE_CONNECTIONS" => Some("2".to_owned()),
            _ => None,
        })
        .unwrap();
        let parts = Parts {
            clock: Clock::fixed("2026-03-04T10:00:00Z".parse().unwrap()),
            ids: Ids::system(),
            cost: Cost::test(),
            witness: None,
        };
        // No background work: what is seen is what was asked.
        let mut clinic = open_clinic(&config, &parts, true).await.unwrap();
        let names = furnish(&clinic).await;
        settle(url).await;
        let recorder = Arc::new(Recorder::new());
        clinic.db = clinic.db.recorded(&recorder);

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let endpoint = clinic_server::api::endpoint(
            &clinic,
            &config,
            &Redis::start(None).await,
            address.to_string(),
            None,
        );
        let acceptor = TcpAcceptor::from_tokio(listener).unwrap();
        let serving = tokio::spawn(async move {
            poem::Server::new_with_acceptor(acceptor)
                .run(endpoint)
                .await
                .unwrap();
        });
        let sign_in = async |username: &str| {
            let client = Client::new(&format!("http://{address}")).unwrap();
            client.sign_in(username, PASSWORD).await.unwrap();
            client
        };
        Self {
            recorder,
            admin: sign_in("boss").await,
            doctor: sign_in("doctor").await,
            patient: sign_in("pat").await,
            clinic,
            names,
            serving,
            _dir: dir,
        }
    }

    /// Asks, and answers once everything that the request did is done.
    pub(crate) async fn ask(&self, one: &Request) {
        let mut path = one.path.to_owned();
        for (name, value) in &self.names {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        let client = match one.who {
            Who::Admin => &self.admin,
            Who::Doctor => &self.doctor,
            Who::Patient => &self.patient,
        };
        let answer = request(client, Method::GET, &path).send().await.unwrap();
        let status = answer.status();
        let body = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {body}");
        self.clinic.reads.flush().await;
    }

    /// Walks through every request; `plans` tells what was seen since it was asked last.
    pub(crate) async fn walk(
        &self,
        mut plans: impl AsyncFnMut() -> BTreeSet<Plan>,
    ) -> Vec<(Request, BTreeSet<Plan>)> {
        let mut walked = Vec::new();
        plans().await;
        for one in all() {
            self.ask(one).await;
            walked.push((*one, plans().await));
        }
        walked
    }

    /// Ends it.
    pub(crate) async fn close(self) {
        self.serving.abort();
        self.clinic.db.close().await;
    }
}

/// Tells the engine to look at its tables. PostgreSQL also packs them: how much room dead rows take
/// differs from run to run, and with it the cost of a scan.
async fn settle(url: &str) {
    if let Some(path) = url.strip_prefix("sqlite://") {
        let path = path.replacen("//", "/", 1);
        let mut connection = SqliteConnection::connect(&format!("sqlite://{path}"))
            .await
            .unwrap();
        sqlx::raw_sql("ANALYZE")
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        for sql in ["VACUUM (FULL, ANALYZE)", "VACUUM (ANALYZE)"] {
            sqlx::query(sql).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
    }
}

/// Fills the clinic; answers what the requests call by name.
async fn furnish(clinic: &Clinic) -> Vec<(&'static str, String)> {
    demo::furnish(clinic, &SIZE, 1, Some(PASSWORD), |_| {})
        .await
        .unwrap();
    for (username, role) in [("boss", Role::Admin), ("pat", Role::Patient)] {
        let newcomer = Newcomer {
            username: username.to_owned(),
            email: format!("{username}@example.org"),
            first_name: String::new(),
            last_name: String::new(),
            password: Some(PASSWORD.to_owned()),
            role,
            is_verified: true,
            awaits_activation: false,
        };
        let made = accounts::create(clinic, &Actor::nobody(None), newcomer).await;
        made.unwrap();
    }
    let now = clinic.clock.now();
    let mut tx = clinic.db.begin().await.unwrap();
    for more in MORE {
        tx.sql(more).bind(now).run().await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut reader = clinic.db.read().await.unwrap();
    let (doctor, doctor_id, account): (Uuid, i64, Uuid) = reader
        .sql(
            "SELECT d.uid, d.id, a.uid FROM doctor d JOIN account a ON a.id = d.account_id
             WHERE a.username = 'doctor'",
        )
        .one()
        .await
        .unwrap();
    let (patient, patient_id, phone): (Uuid, i64, String) = reader
        .sql(
            "SELECT uid, id, phone_digits FROM patient WHERE account_id IS NULL
                 AND phone_digits <> '' ORDER BY id LIMIT 1",
        )
        .one()
        .await
        .unwrap();
    let today = clinic.today();
    vec![
        ("doctor-account", account.to_string()),
        ("doctor-id", doctor_id.to_string()),
        ("doctor", doctor.to_string()),
        ("patient-id", patient_id.to_string()),
        ("patient", patient.to_string()),
        ("phone", phone),
        ("yesterday", today.pred_opt().unwrap().to_string()),
        ("tomorrow", today.succ_opt().unwrap().to_string()),
        ("today", today.to_string()),
    ]
}
