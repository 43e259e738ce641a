//! A whole server on a fresh database, with a clock that the test moves and people to sign in as.

use std::time::Duration;

use clinic_server::auth::passwords::Cost;
use clinic_server::clinic::accounts::{self, Newcomer};
use clinic_server::clinic::{Account, Actor};
use clinic_server::config::Config;
use clinic_server::infra::{Clock, Ids};
use clinic_server::store::accounts::AccountRow;
use clinic_server::store::audit;
use clinic_server::{Parts, Server};
use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, RequestBuilder, Response, StatusCode};
use clinic_shared::client::{Client, Error};
use serde_json::Value;
use uuid::Uuid;

use super::contract;
use super::db::TestDb;

/// The password of everybody in these tests.
pub const PASSWORD: &str = "correct horse battery";

/// A server for one test.
pub struct TestServer {
    /// The server itself.
    pub server: Server,
    /// Its clock.
    pub clock: Clock,
    pub parts: Parts,
    pub config: Config,
    _dir: tempfile::TempDir,
    _db: TestDb,
}

impl TestServer {
    /// On this database, with default settings.
    pub async fn start(db: TestDb) -> Self {
        Self::start_with(db, &[]).await
    }

    /// On this database, with settings.
    pub async fn start_with(db: TestDb, settings: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = db.url.clone();
        let data_dir = dir.path().to_string_lossy().into_owned();
        let config = Config::from_lookup(|name| {
            if let Some((_, value)) = settings.iter().find(|(key, _)| *key == name) {
                return Some((*value).to_owned());
            }
            match name {
                "DATA_DIR" => Some(data_dir.clone()),
                "DATABASE_URL" => Some(url.clone()),
                "SECRET_KEY" => Some("a key for tests only, of more than 32 bytes".to_owned()),
                "LISTEN" => Some("127.0.0.1:0".to_owned()),
                "RATE_LIMITS" => Some("off".to_owned()),
                "CLINIC_TIME_ZONE" => Some("Europe/Berlin".to_owned()),
                "DATABASE_CONNECTIONS" => Some("3".to_owned()),
                _ => None,
            }
        })
        .unwrap();
        let clock = Clock::fixed("2026-03-02T08:00:00Z".parse().unwrap());
        let parts = Parts {
            clock: clock.clone(),
            ids: Ids::system(),
            cost: Cost::test(),
            witness: Some(contract::witness()),
        };
        let server = Server::start_with(&config, &parts, true).await.unwrap();
        Self {
            server,
            clock,
            parts,
            config,
            _dir: dir,
            _db: db,
        }
    }

    /// A second server on the same database.
    pub async fn second(&self) -> Server {
        Server::start_with(&self.config, &self.parts, true)
            .await
            .unwrap()
    }

    /// A second server on the same database that knows of no Redis.
    pub async fn second_without_redis(&self) -> Server {
        let mut config = self.config.clone();
        config.redis = None;
        Server::start_with(&config, &self.parts, true)
            .await
            .unwrap()
    }

    /// This server does no more jobs.
    pub async fn stop_runners(&self) {
        self.server.stop_jobs().await;
    }

    /// A client that is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.server.url()).unwrap()
    }

    /// A client of an account that there is, signed in.
    pub async fn signed_in(&self, username: &str) -> Client {
        let client = self.anonymous();
        client.sign_in(username, PASSWORD).await.unwrap();
        client
    }

    /// Makes an account of this role and signs it in.
    pub async fn sign_in(&self, role: Role, username: &str) -> Client {
        self.account(role, username).await;
        self.signed_in(username).await
    }

    /// Makes an account of this role.
    pub async fn account(&self, role: Role, username: &str) -> AccountRow {
        self.account_of(role, username, ("", "")).await
    }

    /// Makes an account of this role for somebody of these names.
    pub async fn account_of(
        &self,
        role: Role,
        username: &str,
        (first, last): (&str, &str),
    ) -> AccountRow {
        let newcomer = Newcomer {
            username: username.to_owned(),
            email: format!("{username}@example.org"),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            password: Some(PASSWORD.to_owned()),
            role,
            is_verified: true,
            awaits_activation: false,
        };
        let clinic = &self.server.clinic;
        let made = accounts::create(clinic, &Actor::nobody(None), newcomer).await;
        made.unwrap()
    }

    /// Makes an account of this role, and answers it as the rules know callers.
    pub async fn actor(&self, role: Role, username: &str) -> Actor {
        caller(&self.account(role, username).await)
    }

    /// Moves the clock.
    pub fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The newest audit rows as (kind, action, outcome), newest first.
    pub async fn audit(&self, most: i64) -> Vec<(String, String, String)> {
        self.server.clinic.reads.flush().await;
        let mut reader = self.server.clinic.db.read().await.unwrap();
        let rows = audit::latest(&mut reader, most).await.unwrap();
        rows.into_iter()
            .map(|row| (row.kind, row.action, row.outcome))
            .collect()
    }
}

/// An account as the rules know callers.
pub fn caller(account: &AccountRow) -> Actor {
    Actor {
        account: Some(Account {
            id: account.id,
            uid: account.uid,
            role: account.role.0,
            session: Uuid::nil(),
            is_verified: account.is_verified,
        }),
        address: None,
    }
}

/// A request with this client's bearer, and whatever the test adds.
pub fn request(client: &Client, method: Method, path: &str) -> RequestBuilder {
    let request = client.request(method, path).unwrap();
    match client.tokens() {
        Some(tokens) => request.bearer_auth(tokens.access),
        None => request,
    }
}

/// GET: status and JSON body (null where there is none).
pub async fn get(client: &Client, path: &str) -> (StatusCode, Value) {
    read(request(client, Method::GET, path).send().await.unwrap()).await
}

/// A request with a JSON body: status and JSON answer.
pub async fn send(client: &Client, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    read(
        request(client, method, path)
            .json(&body)
            .send()
            .await
            .unwrap(),
    )
    .await
}

/// POST: status and JSON answer.
pub async fn post(client: &Client, path: &str, body: Value) -> (StatusCode, Value) {
    send(client, Method::POST, path, body).await
}

/// Status and JSON body of an answer.
pub async fn read(answer: Response) -> (StatusCode, Value) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// The status of a refusal.
pub fn status<T: std::fmt::Debug>(answer: Result<T, Error>) -> u16 {
    answer.unwrap_err().status().unwrap()
}

/// The names of an object's fields, sorted.
pub fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}
