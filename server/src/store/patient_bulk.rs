//! Putting very many patients at once, for invented data: the same rows that one registration
//! after the other would make, in few statements.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::db::Pools;
use super::{Db, Session, Sql, Tx};

/// A person without an account, in the words of the columns.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The id of v1 and the desk.
    #[serde(serialize_with = "plain")]
    pub uid: Uuid,
    /// Full name.
    pub full_name: String,
    /// Folded words of the name.
    pub name_key: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// `male`, `female` or `other`.
    pub gender: Option<&'static str>,
    /// Phone as typed.
    pub phone: Option<String>,
    /// Its digits, `""` without a phone.
    pub phone_digits: String,
    /// E-mail.
    pub email: Option<String>,
    /// Blood group.
    pub blood_group: Option<&'static str>,
    /// When they were registered.
    #[serde(serialize_with = "as_stored")]
    pub at: DateTime<Utc>,
}

/// Hexadecimal without hyphens: what both engines read back.
fn plain<S: serde::Serializer>(uid: &Uuid, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&uid.simple().to_string())
}

/// As sqlx writes an instant into SQLite, so that all of a column sort as text.
pub(super) fn as_stored<S: serde::Serializer>(
    at: &DateTime<Utc>,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, false))
}

/// [`as_stored`], or null.
pub(super) fn as_stored_maybe<S: serde::Serializer>(
    at: &Option<DateTime<Utc>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => as_stored(at, to),
        None => to.serialize_none(),
    }
}

/// Inserts patients in this order, and answers id and number of each.
///
/// # Errors
/// Anything the engine reports.
pub async fn insert(tx: &mut Tx, rows: &[Row]) -> sqlx::Result<Vec<(Uuid, i64)>> {
    // SQLite has no function that turns a text round; the endings come from outside.
    let endings: Vec<String> = rows
        .iter()
        .map(|row| row.phone_digits.chars().rev().collect())
        .collect();
    tx.sql(Sql {
        sqlite: "INSERT INTO patient (uid, full_name, name_key, birth_date, gender, phone,
                     phone_digits, phone_ending, email, email_key, blood_group, version,
                     created_at, updated_at)
                 SELECT unhex(p.value ->> 'uid'), p.value ->> 'full_name', p.value ->> 'name_key',
                     p.value ->> 'birth_date', p.value ->> 'gender', p.value ->> 'phone',
                     p.value ->> 'phone_digits', e.value, p.value ->> 'email',
                     lower(p.value ->> 'email'), p.value ->> 'blood_group', 1,
                     p.value ->> 'at', p.value ->> 'at'
                 FROM json_each($1) AS p CROSS JOIN json_each($2) AS e ON e.key = p.key
                 ORDER BY p.key
                 RETURNING uid, id",
        postgres: "INSERT INTO patient (uid, full_name, name_key, birth_date, gender, phone,
                       phone_digits, phone_ending, email, email_key, blood_group, version,
                       created_at, updated_at)
                   SELECT p.uid, p.full_name, p.name_key, p.birth_date, p.gender, p.phone,
                       p.phone_digits, p.ending, p.email, lower(p.email), p.blood_group, 1,
                       p.at, p.at
                   FROM ROWS FROM (
                       jsonb_to_recordset($1) AS (uid uuid, full_name text, name_key text,
                           birth_date date, gender text, phone text, phone_digits text, email text,
                           blood_group text, at timestamptz),
                       jsonb_array_elements_text($2)) WITH ORDINALITY
                       AS p (uid, full_name, name_key, birth_date, gender, phone, phone_digits,
                             email, blood_group, at, ending, place)
                   ORDER BY p.place
                   RETURNING uid, id",
    })
    .bind(Json(rows))
    .bind(Json(&endings))
    .all()
    .await
}

/// A word of a patient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Word {
    /// The word.
    pub word: String,
    /// The patient's name.
    pub name_key: String,
    /// The patient's number.
    pub patient: i64,
}

/// Puts words of patients; quickest in the order of the key.
///
/// # Errors
/// Anything the engine reports.
pub async fn put_words(tx: &mut Tx, words: &[Word]) -> sqlx::Result<()> {
    tx.sql(Sql {
        sqlite: "INSERT INTO patient_word (word, name_key, patient_id)
                 SELECT value ->> 'word', value ->> 'name_key', value ->> 'patient'
                 FROM json_each($1)",
        postgres: "INSERT INTO patient_word (word, name_key, patient_id)
                   SELECT word, name_key, patient FROM jsonb_to_recordset($1)
                       AS r (word text, name_key text, patient bigint)",
    })
    .bind(Json(words))
    .run()
    .await?;
    Ok(())
}

/// Counts words up, each by so many patients.
///
/// # Errors
/// Anything the engine reports.
pub async fn count_words(tx: &mut Tx, counts: &[(&str, i64)]) -> sqlx::Result<()> {
    tx.sql(Sql {
        sqlite: "INSERT INTO word (word, patients)
                 SELECT value ->> 0, value ->> 1 FROM json_each($1) WHERE true
                 ON CONFLICT (word) DO UPDATE SET patients = word.patients + excluded.patients",
        postgres: "INSERT INTO word (word, patients)
                   SELECT value ->> 0, CAST(value ->> 1 AS bigint) FROM jsonb_array_elements($1)
                   ON CONFLICT (word) DO UPDATE SET patients = word.patients + excluded.patients",
    })
    .bind(Json(counts))
    .run()
    .await?;
    Ok(())
}

/// Tells the engine to look at its tables again, which have grown at a stroke. PostgreSQL also
/// notes which pages all may see: until then it looks every word up in its table.
///
/// # Errors
/// Anything the engine reports.
pub async fn settle(db: &Db) -> sqlx::Result<()> {
    match &db.pools {
        // Of an empty table the planner would believe for ever that its partial indexes are empty.
        Pools::Sqlite { write, .. } => {
            let analyze = "ANALYZE; DELETE FROM sqlite_stat1 WHERE stat LIKE '0 %';
                           ANALYZE sqlite_schema";
            sqlx::raw_sql(analyze).execute(write).await.map(|_| ())
        }
        Pools::Postgres { write, .. } => {
            let vacuum = "VACUUM (ANALYZE) patient, patient_word, word, word_slip, doctor,
                          appointment, appointment_history, review";
            sqlx::query(vacuum).execute(write).await.map(|_| ())
        }
    }
}
