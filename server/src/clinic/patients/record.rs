//! A patient as the rules answer one.

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::patients::{Gender, Patient, PatientRow as Line};
use uuid::Uuid;

use crate::store::patients::{LineRow, PatientRow};

/// A patient's record. It goes on the wire through [`PatientRecord::wire`] and
/// [`PatientRecord::line`]; the picture is a media key here and a URL there.
#[derive(Debug, Clone, PartialEq)]
pub struct PatientRecord {
    /// The id of v1 and the desk.
    pub id: Uuid,
    /// The number classic knows the patient by.
    pub number: i64,
    /// The linked account.
    pub account_id: Option<i64>,
    /// Full name.
    pub full_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Whole years at the clinic's date today.
    pub age: Option<i32>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Phone as typed.
    pub phone: Option<String>,
    /// The account's e-mail, else the person's own.
    pub email: Option<String>,
    /// The account's sign-in name.
    pub username: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Blood group as written.
    pub blood_group: Option<String>,
    /// Hundredths of a centimetre.
    pub height: Option<i64>,
    /// Hundredths of a kilogram.
    pub weight: Option<i64>,
    /// What the desk should know.
    pub note: Option<String>,
    /// Whether this person wants no reminders.
    pub no_reminders: bool,
    /// Media key of the picture.
    pub photo: Option<String>,
    /// Counts the changes, from 1; the `ETag` is made of it.
    pub version: i64,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl PatientRecord {
    pub(super) fn new(row: PatientRow, today: NaiveDate) -> Self {
        PatientRecord {
            id: row.uid,
            number: row.id,
            account_id: row.account_id,
            full_name: row.full_name,
            age: row.birth_date.and_then(|born| age(born, today)),
            birth_date: row.birth_date,
            gender: row.gender.as_deref().and_then(|word| word.parse().ok()),
            phone: row.phone,
            email: row.email,
            username: row.username,
            address: row.address,
            blood_group: row.blood_group,
            height: row.height,
            weight: row.weight,
            note: row.note,
            no_reminders: row.no_reminders,
            photo: row.photo,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }

    /// The record number people say on the phone, e.g. `P-000042`.
    pub fn record_number(&self) -> String {
        record_number(self.number)
    }

    /// The record as the desk shows it, with the picture's URL.
    pub fn wire(self, photo: Option<String>) -> Patient {
        Patient {
            id: self.id,
            number: self.number,
            record_number: self.record_number(),
            full_name: self.full_name,
            birth_date: self.birth_date,
            age: self.age,
            gender: self.gender,
            phone: self.phone,
            email: self.email,
            address: self.address,
            blood_group: self.blood_group,
            note: self.note,
            no_reminders: self.no_reminders,
            photo,
            username: self.username,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// A patient as a line of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct PatientLine {
    /// The id of v1 and the desk.
    pub id: Uuid,
    /// The number classic knows the patient by.
    pub number: i64,
    /// Whether an account is linked.
    pub has_account: bool,
    /// Full name.
    pub full_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Phone as typed.
    pub phone: Option<String>,
    /// Media key of the picture.
    pub photo: Option<String>,
}

impl From<LineRow> for PatientLine {
    fn from(row: LineRow) -> Self {
        PatientLine {
            id: row.uid,
            number: row.id,
            has_account: row.account_id.is_some(),
            full_name: row.full_name,
            birth_date: row.birth_date,
            gender: row.gender.as_deref().and_then(|word| word.parse().ok()),
            phone: row.phone,
            photo: row.photo,
        }
    }
}

impl From<PatientRecord> for PatientLine {
    fn from(record: PatientRecord) -> Self {
        PatientLine {
            id: record.id,
            number: record.number,
            has_account: record.account_id.is_some(),
            full_name: record.full_name,
            birth_date: record.birth_date,
            gender: record.gender,
            phone: record.phone,
            photo: record.photo,
        }
    }
}

impl PatientLine {
    /// The line as the desk shows it.
    pub fn wire(self) -> Line {
        Line {
            id: self.id,
            record_number: record_number(self.number),
            full_name: self.full_name,
            birth_date: self.birth_date,
            gender: self.gender,
            phone: self.phone,
            has_account: self.has_account,
        }
    }
}

/// The record number of a patient's number: `P-000042`.
pub fn record_number(number: i64) -> String {
    format!("P-{number:06}")
}

fn age(born: NaiveDate, today: NaiveDate) -> Option<i32> {
    today
        .years_since(born)
        .and_then(|years| i32::try_from(years).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn age_grows_on_the_birthday_and_never_falls_below_zero() {
        assert_eq!(age(date("1980-02-01"), date("2026-01-31")), Some(45));
        assert_eq!(age(date("1980-02-01"), date("2026-02-01")), Some(46));
        assert_eq!(age(date("2026-02-02"), date("2026-02-01")), None);
    }

    #[test]
    fn record_numbers_have_six_digits_or_more() {
        assert_eq!(record_number(42), "P-000042");
        assert_eq!(record_number(1_234_567), "P-1234567");
    }
}
