//! Calling operations by their names in the document, and looking at what the audit says of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clinic_server::store::Session;
use clinic_server::store::audit_lists::{self, Filter, NamedRow};
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::Method;
use clinic_shared::client::reqwest::multipart::Form;
use serde_json::Value;

use crate::support::server::{TestServer, read, request};

/// What is put into every field that people fill in, and may stand in no log and no audit row.
pub(super) const CANARY: &str = "qzqcanary";

/// A walk over the operations of a server.
pub(super) struct Walk {
    pub(super) on: TestServer,
    pub(super) document: Value,
    /// What the audit said of each operation, as lines to read.
    pub(super) told: BTreeMap<String, String>,
    seen: i64,
}

/// An operation of the document.
pub(super) struct Operation<'a> {
    pub(super) id: &'a str,
    pub(super) path: &'a str,
    pub(super) method: Method,
    pub(super) what: &'a Value,
}

/// Every operation of a document.
pub(super) fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, what) in item.as_object().unwrap() {
            all.push(Operation {
                id: what["operationId"].as_str().unwrap(),
                path,
                method: method.to_uppercase().parse().unwrap(),
                what,
            });
        }
    }
    all
}

/// A path with its parameters filled in, in order.
pub(super) fn filled(path: &str, parameters: &[&str]) -> String {
    let mut parameters = parameters.iter();
    let segments = path.split('/').map(|segment| match segment {
        segment if segment.starts_with('{') => parameters.next().expect(path),
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// What a client's token says: its claim of this name.
fn claim(client: &Client, name: &str) -> Option<String> {
    let access = client.tokens()?.access;
    let payload = URL_SAFE_NO_PAD.decode(access.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    Some(claims[name].as_str()?.to_owned())
}

pub(super) enum Sent {
    Nothing,
    Json(Value),
    Form(Form),
}

impl From<()> for Sent {
    fn from((): ()) -> Self {
        Sent::Nothing
    }
}
impl From<Value> for Sent {
    fn from(body: Value) -> Self {
        Sent::Json(body)
    }
}
impl From<Form> for Sent {
    fn from(form: Form) -> Self {
        Sent::Form(form)
    }
}

impl Walk {
    pub(super) fn new(on: TestServer) -> Self {
        Self {
            on,
            document: clinic_server::api::document(),
            told: BTreeMap::new(),
            seen: 0,
        }
    }

    /// The rows since the last look.
    pub(super) async fn rows(&mut self) -> Vec<NamedRow> {
        let clinic = &self.on.server.clinic;
        clinic.reads.flush().await;
        let mut reader = clinic.db.read().await.unwrap();
        let (last,): (i64,) = reader
            .sql("SELECT coalesce(max(id), 0) FROM audit")
            .one()
            .await
            .unwrap();
        let between = (
            ("2000-01-01T00:00:00Z".parse().unwrap(), 0),
            ("2100-01-01T00:00:00Z".parse().unwrap(), 0),
        );
        let rows = audit_lists::newest(&mut reader, &Filter::default(), between, 1000, 0).await;
        let mut rows = rows.unwrap();
        rows.retain(|row| row.id > self.seen);
        rows.sort_by_key(|row| row.id);
        self.seen = last;
        rows
    }

    /// Does what an operation does, and notes what the audit says of it. Answers its answer.
    pub(super) async fn go(
        &mut self,
        id: &str,
        by: &Client,
        parameters: &[&str],
        body: impl Into<Sent>,
    ) -> Value {
        self.rows().await;
        let (session, uid) = (claim(by, "sid"), claim(by, "sub"));
        let document = self.document.clone();
        let all = operations(&document);
        let operation = all.iter().find(|one| one.id == id).expect(id);
        let path = filled(operation.path, parameters);
        let builder = request(by, operation.method.clone(), &path);
        let builder = match body.into() {
            Sent::Nothing => builder,
            Sent::Json(body) => builder.json(&body),
            Sent::Form(form) => builder.multipart(form),
        };
        let (status, answer) = read(builder.send().await.unwrap()).await;
        assert!(status.is_success(), "{id}: {status} {answer}");
        let now = self.on.clock.now();
        let mut told = String::new();
        for row in self.rows().await {
            // What jobs do meanwhile is nobody's.
            if row.address.is_none() {
                assert_eq!(
                    (row.account_id, row.session_id),
                    (None, None),
                    "{id}: {row:?}"
                );
                continue;
            }
            assert_eq!(row.address.as_deref(), Some("127.0.0.1"), "{id}: {row:?}");
            assert_eq!(row.at, now, "{id}: {row:?}");
            if let Some(session) = &session {
                let is = row.session_id.map(|id| id.to_string());
                assert_eq!(is.as_ref(), Some(session), "{id}: {row:?}");
                let is = row.account_uid.map(|id| id.to_string());
                assert_eq!(is, uid, "{id}: {row:?}");
                assert!(row.role.is_some(), "{id}: {row:?}");
            }
            let object = row.object_type.as_deref().unwrap_or("-");
            if row.kind != "read" {
                assert_ne!(object, "-", "{id}: a change of nothing: {row:?}");
                let is_known = row.object_id.is_some() || row.outcome == "refused";
                assert!(is_known, "{id}: a change of nobody knows which: {row:?}");
            }
            let of = row.patient_id.map_or("", |_| ", a patient's record");
            let role = row.role.as_deref().unwrap_or("nobody");
            let mut keys: Vec<_> = row.detail.0.as_object().unwrap().keys().cloned().collect();
            keys.sort_unstable();
            writeln!(
                told,
                "  {} {} ({}) by {role} of {object}{of}: {}",
                row.kind,
                row.action,
                row.outcome,
                keys.join(", ")
            )
            .unwrap();
        }
        self.told.entry(id.to_owned()).or_insert(told);
        answer
    }

    /// Operations that change something and were not walked.
    pub(super) fn missing(&self) -> BTreeSet<String> {
        let all = operations(&self.document).into_iter();
        all.filter(|operation| operation.method != Method::GET)
            .map(|operation| operation.id.to_owned())
            .filter(|id| !self.told.contains_key(id))
            .collect()
    }
}
