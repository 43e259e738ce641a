//! The audit trail (API.md §7): who did or read what.
//!
//! A change and its row commit together: [`change`] writes into the change's own transaction. A
//! read is one row a request and goes through a bounded queue ([`Reads`]) that a background task
//! flushes at least every 250 ms and at shutdown; when the queue is full the read waits. A background
//! task seals what was committed ([`sealer`], docs/decisions/0020).

mod chain;
mod export;
mod listing;
mod retention;
mod sealer;
mod verify;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
pub(super) use clinic_shared::desk::audit::Outcome;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use uuid::Uuid;

pub use export::{Export, Format, export, lines};
pub use listing::{Asked, MOST_COUNTED, list};
pub(super) use retention::purge;
pub use sealer::{Sealer, run as run_sealer};
pub use verify::{Broken, Checked, State, Verdict, Witness, Wrong, verify};

use super::Actor;
use crate::clinic::Clinic;
use crate::infra::Clock;
use crate::store::audit::{self as table, Row};
use crate::store::{Db, Tx};

/// Reads that may wait to be written before the next reader has to wait too.
const QUEUE: usize = 4096;
/// The longest a read stays unwritten.
const FLUSH_EVERY: Duration = Duration::from_millis(250);
/// Repeats of one list by one session within this time make one row.
const COALESCE: TimeDelta = TimeDelta::minutes(1);

/// Writes the row of a change into the change's transaction. `detail` names fields and settings,
/// never what stands in a medical or contact field.
///
/// # Errors
/// The database's.
pub async fn change(
    tx: &mut Tx,
    clinic: &Clinic,
    who: &Actor,
    action: &str,
    patient: Option<i64>,
    detail: Value,
) -> sqlx::Result<()> {
    let mut row = row(clinic.clock.now(), who, "change", action, detail);
    row.patient_id = patient;
    if let Some(id) = patient {
        row.object_type = Some("patient".to_owned());
        row.object_id = Some(id);
    }
    table::insert(tx, &[row]).await
}

/// Writes the row of a change to an appointment, which is its patient's record too.
///
/// # Errors
/// The database's.
pub async fn appointment_change(
    tx: &mut Tx,
    clinic: &Clinic,
    who: &Actor,
    action: &str,
    appointment: i64,
    patient: i64,
    detail: Value,
) -> sqlx::Result<()> {
    let object = ("appointment", appointment);
    change_to(tx, clinic, who, action, object, patient, detail).await
}

/// Writes the row of a change to something (its type and id) that is its patient's record too.
///
/// # Errors
/// The database's.
pub async fn change_to(
    tx: &mut Tx,
    clinic: &Clinic,
    who: &Actor,
    action: &str,
    (object_type, object_id): (&str, i64),
    patient: i64,
    detail: Value,
) -> sqlx::Result<()> {
    let mut row = row(clinic.clock.now(), who, "change", action, detail);
    row.patient_id = Some(patient);
    row.object_type = Some(object_type.to_owned());
    row.object_id = Some(object_id);
    table::insert(tx, &[row]).await
}

/// Writes the row of a change to an account, its profile or its sessions.
///
/// # Errors
/// The database's.
pub async fn account_change(
    tx: &mut Tx,
    clinic: &Clinic,
    who: &Actor,
    action: &str,
    account: i64,
    detail: Value,
) -> sqlx::Result<()> {
    let mut row = row(clinic.clock.now(), who, "change", action, detail);
    row.object_type = Some("account".to_owned());
    row.object_id = Some(account);
    table::insert(tx, &[row]).await
}

/// Writes the row of a change to anything else, e.g. a `doctor`. `detail` names fields, and what
/// settings were and are.
///
/// # Errors
/// The database's.
pub async fn change_of(
    tx: &mut Tx,
    clinic: &Clinic,
    who: &Actor,
    action: &str,
    object_type: &str,
    object_id: i64,
    detail: Value,
) -> sqlx::Result<()> {
    let mut row = row(clinic.clock.now(), who, "change", action, detail);
    row.object_type = Some(object_type.to_owned());
    row.object_id = Some(object_id);
    table::insert(tx, &[row]).await
}

/// The names of those fields of which it is so (changed, filled in): what an audit row's detail says
/// of contents.
pub(super) fn fields<const N: usize>(of: [(&'static str, bool); N]) -> Vec<&'static str> {
    let so = of.into_iter().filter(|(_, is_so)| *is_so);
    so.map(|(name, _)| name).collect()
}

/// A sign-in that was refused: security events are kept though nothing changed.
pub(super) fn refused_sign_in(now: DateTime<Utc>, who: &Actor, account: Option<i64>) -> Row {
    let mut row = row(now, who, "access", "sign_in", json!({}));
    row.outcome = "refused".to_owned();
    row.object_type = Some("account".to_owned());
    row.object_id = account;
    row
}

/// How somebody came in, or tried to: inside the transaction in which they did. The account is none
/// where nobody has the address that was given.
///
/// # Errors
/// The database's.
pub(super) async fn access(
    tx: &mut Tx,
    clinic: &Clinic,
    who: &Actor,
    (action, outcome): (&str, Outcome),
    account: Option<i64>,
    detail: Value,
) -> sqlx::Result<()> {
    let mut row = row(clinic.clock.now(), who, "access", action, detail);
    row.outcome = outcome.to_string();
    row.object_type = Some("account".to_owned());
    row.object_id = account;
    table::insert(tx, &[row]).await
}

fn row(at: DateTime<Utc>, who: &Actor, kind: &str, action: &str, detail: Value) -> Row {
    Row {
        at,
        kind: kind.to_owned(),
        action: action.to_owned(),
        outcome: "done".to_owned(),
        account_id: who.account_id(),
        role: who.role().map(|role| role.to_string()),
        session_id: who.account.map(|account| account.session),
        address: who.address.map(|address| address.to_string()),
        object_type: None,
        object_id: None,
        patient_id: None,
        detail: sqlx::types::Json(detail),
    }
}

enum Note {
    Row(Box<Row>),
    Flush(oneshot::Sender<()>),
}

/// The queue of reads.
#[derive(Clone)]
pub struct Reads {
    queue: mpsc::Sender<Note>,
    clock: Clock,
    writer: Arc<std::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl Reads {
    /// Starts the background writer.
    pub fn start(db: Db, clock: Clock) -> Self {
        let (queue, notes) = mpsc::channel(QUEUE);
        let writer = tokio::spawn(write_reads(db, notes));
        Self {
            queue,
            clock,
            writer: Arc::new(std::sync::Mutex::new(Some(writer))),
        }
    }

    /// Notes one read: of one person's record (`patient`), or of a list, where `detail` says how
    /// many rows it showed. Repeats of one list by one session are coalesced per minute.
    pub async fn note(&self, who: &Actor, action: &str, patient: Option<i64>, detail: Value) {
        let mut row = row(self.clock.now(), who, "read", action, detail);
        row.patient_id = patient;
        if patient.is_some() {
            row.object_type = Some("patient".to_owned());
            row.object_id = patient;
        }
        self.push(row).await;
    }

    /// Notes that one account's profile was read.
    pub async fn note_account(&self, who: &Actor, action: &str, account: i64) {
        let mut row = row(self.clock.now(), who, "read", action, json!({}));
        row.object_type = Some("account".to_owned());
        row.object_id = Some(account);
        self.push(row).await;
    }

    /// Notes that a session got a new access token, which changes nothing but keeps somebody in.
    pub(super) async fn note_refresh(&self, who: &Actor) {
        let mut row = row(self.clock.now(), who, "access", "refresh", json!({}));
        row.object_type = Some("account".to_owned());
        row.object_id = who.account_id();
        self.push(row).await;
    }

    /// Notes that one thing was read that is neither a patient nor an account: `object_type` is the
    /// name of its table.
    pub async fn note_of(&self, who: &Actor, action: &str, object_type: &str, object_id: i64) {
        let mut row = row(self.clock.now(), who, "read", action, json!({}));
        row.object_type = Some(object_type.to_owned());
        row.object_id = Some(object_id);
        self.push(row).await;
    }

    /// Queues a finished row.
    pub(super) async fn push(&self, row: Row) {
        if self.queue.send(Note::Row(Box::new(row))).await.is_err() {
            tracing::error!("the audit writer is gone; a read was not audited");
        }
    }

    /// Waits until everything noted so far is in the database.
    pub async fn flush(&self) {
        let (done, wait) = oneshot::channel();
        if self.queue.send(Note::Flush(done)).await.is_ok() {
            let _ = wait.await;
        }
    }

    /// Flushes and stops the writer.
    pub async fn stop(&self) {
        self.flush().await;
        let writer = self
            .writer
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        if let Some(writer) = writer {
            writer.abort();
        }
    }
}

async fn write_reads(db: Db, mut notes: mpsc::Receiver<Note>) {
    let mut seen = Repeats::default();
    let mut batch = Vec::new();
    while let Some(first) = notes.recv().await {
        let mut waiting = Vec::new();
        let mut next = Some(first);
        let deadline = tokio::time::Instant::now() + FLUSH_EVERY;
        loop {
            match next {
                Some(Note::Row(row)) if !seen.is_repeat(&row) => batch.push(*row),
                Some(Note::Row(_)) => {}
                Some(Note::Flush(done)) => waiting.push(done),
                None => break,
            }
            if !waiting.is_empty() || batch.len() >= QUEUE / 2 {
                break;
            }
            next = tokio::time::timeout_at(deadline, notes.recv())
                .await
                .ok()
                .flatten();
        }
        write(&db, &mut batch).await;
        for done in waiting {
            let _ = done.send(());
        }
    }
}

/// Writes a batch; keeps trying while the database can't be written, so that no read goes
/// unaudited: the queue fills up meanwhile and readers wait.
async fn write(db: &Db, batch: &mut Vec<Row>) {
    while !batch.is_empty() {
        match insert(db, batch).await {
            Ok(()) => batch.clear(),
            Err(error) => {
                tracing::error!(%error, rows = batch.len(), "reads can't be audited; trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn insert(db: &Db, batch: &[Row]) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    table::insert(&mut tx, batch).await?;
    tx.commit().await
}

/// Which lists a session has read within the last minute.
#[derive(Default)]
struct Repeats(HashMap<(Option<Uuid>, Option<i64>, String), DateTime<Utc>>);

impl Repeats {
    fn is_repeat(&mut self, row: &Row) -> bool {
        if row.kind != "read" || row.object_id.is_some() {
            return false;
        }
        if self.0.len() > 10_000 {
            self.0.retain(|_, at| row.at - *at < COALESCE);
        }
        let key = (row.session_id, row.account_id, row.action.clone());
        match self.0.get(&key) {
            Some(at) if row.at - *at < COALESCE => true,
            _ => {
                self.0.insert(key, row.at);
                false
            }
        }
    }
}
