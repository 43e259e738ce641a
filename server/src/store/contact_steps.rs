//! What was done about contact requests, step by step, and which mails were taken in.

use chrono::{DateTime, Utc};
use clinic_shared::desk::contacts::{Action, Status};

use super::appointments::Word;
use super::{Session, Tx};

/// What a step leaves behind at its contact request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Where it stands.
    pub status: Status,
    /// The account whose it is.
    pub assignee: Option<i64>,
    /// The patient it led to.
    pub patient: Option<i64>,
    /// The appointment it led to.
    pub appointment: Option<i64>,
    /// What stands in the subjects of its mails.
    pub token: Option<String>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep<'a> {
    /// Of which contact request.
    pub contact: i64,
    /// The version that it makes.
    pub version: i64,
    /// What was done.
    pub action: Action,
    /// When.
    pub at: DateTime<Utc>,
    /// By which account; none: by whoever wrote.
    pub account: Option<i64>,
    /// In which role.
    pub role: Option<String>,
    /// How it stood before.
    pub from: Status,
    /// How it stands now.
    pub to: Status,
    /// Whose it is now.
    pub assignee: Option<i64>,
    /// To or from which e-mail address.
    pub address: Option<&'a str>,
    /// About what.
    pub subject: Option<&'a str>,
    /// The words.
    pub body: Option<&'a str>,
    /// The appointment that was booked, or taken back.
    pub appointment: Option<i64>,
}

/// A step with the names beside.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StepRow {
    /// Its id.
    pub id: i64,
    /// Of which contact request.
    pub contact_id: i64,
    /// The version that it made.
    pub version: i64,
    /// What was done.
    #[sqlx(try_from = "String")]
    pub action: Word<Action>,
    /// When.
    pub at: DateTime<Utc>,
    /// By which account.
    pub account_id: Option<i64>,
    /// Its sign-in name.
    pub username: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// In which role.
    pub role: Option<String>,
    /// How it stood before.
    #[sqlx(try_from = "String")]
    pub from_status: Word<Status>,
    /// How it stood then.
    #[sqlx(try_from = "String")]
    pub to_status: Word<Status>,
    /// The account whose it was then.
    pub assignee_id: Option<i64>,
    /// Its sign-in name.
    pub assignee_username: Option<String>,
    /// Their first name.
    pub assignee_first_name: Option<String>,
    /// Their last name.
    pub assignee_last_name: Option<String>,
    /// To or from which e-mail address.
    pub address: Option<String>,
    /// About what.
    pub subject: Option<String>,
    /// The words.
    pub body: Option<String>,
    /// When the mail server took the reply.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it refused it for good.
    pub failed_at: Option<DateTime<Utc>>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.contact_id, t.version, t.action, t.at, t.account_id, u.username, \
             u.first_name, u.last_name, t.role, t.from_status, t.to_status, t.assignee_id, \
             s.username AS assignee_username, s.first_name AS assignee_first_name, \
             s.last_name AS assignee_last_name, t.address, t.subject, t.body, t.sent_at, \
             t.failed_at \
             FROM contact_step t LEFT JOIN account u ON u.id = t.account_id \
             LEFT JOIN account s ON s.id = t.assignee_id ",
            $rest
        )
    };
}

/// Writes what a step leaves behind; false if the contact request is no longer of the version before.
///
/// # Errors
/// The database's.
pub async fn advance(
    tx: &mut Tx,
    (contact, version): (i64, i64),
    state: &State,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = tx
        .sql(
            "UPDATE contact SET status = $3, assignee_id = $4, patient_id = $5,
                 appointment_id = $6, token = $7, version = version + 1, updated_at = $8
             WHERE id = $1 AND version = $2",
        )
        .bind(contact)
        .bind(version)
        .bind(state.status.as_str())
        .bind(state.assignee)
        .bind(state.patient)
        .bind(state.appointment)
        .bind(state.token.as_deref())
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Writes a step and answers its id.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, step: &NewStep<'_>) -> sqlx::Result<i64> {
    let (id,): (i64,) = tx
        .sql(
            "INSERT INTO contact_step (contact_id, version, action, at, account_id, role,
                 from_status, to_status, assignee_id, address, subject, body, appointment_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        )
        .bind(step.contact)
        .bind(step.version)
        .bind(step.action.as_str())
        .bind(step.at)
        .bind(step.account)
        .bind(step.role.as_deref())
        .bind(step.from.as_str())
        .bind(step.to.as_str())
        .bind(step.assignee)
        .bind(step.address)
        .bind(step.subject)
        .bind(step.body)
        .bind(step.appointment)
        .one()
        .await?;
    Ok(id)
}

/// Every step of a contact request, oldest first.
///
/// # Errors
/// The database's.
pub async fn of_contact(session: &mut impl Session, contact: i64) -> sqlx::Result<Vec<StepRow>> {
    session
        .sql(select!("WHERE t.contact_id = $1 ORDER BY t.version"))
        .bind(contact)
        .all()
        .await
}

/// The last step of a contact request.
///
/// # Errors
/// The database's.
pub async fn latest(session: &mut impl Session, contact: i64) -> sqlx::Result<Option<StepRow>> {
    session
        .sql(select!(
            "WHERE t.contact_id = $1 ORDER BY t.version DESC LIMIT 1"
        ))
        .bind(contact)
        .maybe()
        .await
}

/// The contact request that led to an appointment last, also where that was taken back.
///
/// # Errors
/// The database's.
pub async fn of_appointment(
    session: &mut impl Session,
    appointment: i64,
) -> sqlx::Result<Option<i64>> {
    let found: Option<(i64,)> = session
        .sql(
            "SELECT contact_id FROM contact_step WHERE appointment_id = $1
             ORDER BY id DESC LIMIT 1",
        )
        .bind(appointment)
        .maybe()
        .await?;
    Ok(found.map(|(contact,)| contact))
}

/// One step.
///
/// # Errors
/// The database's.
pub async fn by_id(session: &mut impl Session, id: i64) -> sqlx::Result<Option<StepRow>> {
    session
        .sql(select!("WHERE t.id = $1"))
        .bind(id)
        .maybe()
        .await
}

/// Notes that the mail server took a reply.
///
/// # Errors
/// The database's.
pub async fn sent(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    let text = "UPDATE contact_step SET sent_at = $2, failed_at = NULL WHERE id = $1";
    tx.sql(text).bind(id).bind(at).run().await?;
    Ok(())
}

/// Notes that the mail server refused a reply for good.
///
/// # Errors
/// The database's.
pub async fn failed(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> sqlx::Result<()> {
    let text = "UPDATE contact_step SET failed_at = $2 WHERE id = $1 AND sent_at IS NULL";
    tx.sql(text).bind(id).bind(at).run().await?;
    Ok(())
}

/// The contact request at which a mail was recorded already.
///
/// # Errors
/// The database's.
pub async fn of_mail(session: &mut impl Session, key: &str) -> sqlx::Result<Option<i64>> {
    let found: Option<(i64,)> = session
        .sql("SELECT contact_id FROM contact_mail WHERE key = $1")
        .bind(key)
        .maybe()
        .await?;
    Ok(found.map(|(contact,)| contact))
}

/// Notes that a mail was recorded; false if that was done already, or is being done.
///
/// # Errors
/// The database's.
pub async fn note_mail(
    tx: &mut Tx,
    key: &str,
    contact: i64,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let made = tx
        .sql(
            "INSERT INTO contact_mail (key, contact_id, at) VALUES ($1, $2, $3)
             ON CONFLICT (key) DO NOTHING",
        )
        .bind(key)
        .bind(contact)
        .bind(at)
        .run()
        .await?;
    Ok(made == 1)
}
