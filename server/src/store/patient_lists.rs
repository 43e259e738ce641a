//! The patients of one doctor: those with an appointment with them, and the doctor's own record.

use super::Session;
use super::patients::LineRow;

/// The most words of a search that count.
pub const MOST_WORDS: usize = 4;

/// Whose patients, and which of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfDoctor {
    /// The doctor.
    pub doctor: i64,
    /// The doctor's account, for their own record.
    pub account: i64,
    /// Exactly these phone digits; empty: any.
    pub phone_digits: String,
    /// Folded words, each the beginning of a word of the name, part of the username or of the phone,
    /// or the number; empty ones say nothing.
    pub words: [String; MOST_WORDS],
}

macro_rules! word {
    ($n:literal) => {
        concat!(
            "(",
            $n,
            " = '' OR p.name_key LIKE '% ' || ",
            $n,
            " || '%' OR p.phone_digits LIKE '%' || ",
            $n,
            " || '%' OR a.username_key LIKE '%' || ",
            $n,
            " || '%' OR CAST(p.id AS text) = ",
            $n,
            ")"
        )
    };
}

macro_rules! of_doctor {
    ($columns:expr, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM patient p LEFT JOIN account a ON a.id = p.account_id \
             WHERE p.retired_at IS NULL AND p.id IN ( \
                 SELECT patient_id FROM appointment WHERE doctor_id = $1 AND hidden_at IS NULL \
                 UNION SELECT id FROM patient WHERE account_id = $2 AND retired_at IS NULL) \
             AND ($3 = '' OR p.phone_digits = $3) AND ",
            word!("$4"),
            " AND ",
            word!("$5"),
            " AND ",
            word!("$6"),
            " AND ",
            word!("$7"),
            $rest
        )
    };
}

/// How many they are.
///
/// # Errors
/// The database's.
pub async fn count_of_doctor(session: &mut impl Session, of: &OfDoctor) -> sqlx::Result<i64> {
    let [one, two, three, four] = &of.words;
    let (count,): (i64,) = session
        .sql(of_doctor!("count(*)", ""))
        .bind(of.doctor)
        .bind(of.account)
        .bind(of.phone_digits.as_str())
        .bind(one.as_str())
        .bind(two.as_str())
        .bind(three.as_str())
        .bind(four.as_str())
        .one()
        .await?;
    Ok(count)
}

/// A page of them by number: `limit` rows beyond the number `after`, after skipping `offset`.
///
/// # Errors
/// The database's.
pub async fn page_of_doctor(
    session: &mut impl Session,
    of: &OfDoctor,
    (after, limit, offset): (i64, i64, i64),
) -> sqlx::Result<Vec<LineRow>> {
    let [one, two, three, four] = &of.words;
    session
        .sql(of_doctor!(
            "p.id, p.uid, p.account_id, p.full_name, p.birth_date, p.gender, p.phone, p.photo",
            " AND p.id > $8 ORDER BY p.id LIMIT $9 OFFSET $10"
        ))
        .bind(of.doctor)
        .bind(of.account)
        .bind(of.phone_digits.as_str())
        .bind(one.as_str())
        .bind(two.as_str())
        .bind(three.as_str())
        .bind(four.as_str())
        .bind(after)
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

/// Whether a patient has, or had, an appointment with a doctor.
///
/// # Errors
/// The database's.
pub async fn has_appointment(
    session: &mut impl Session,
    doctor: i64,
    patient: i64,
) -> sqlx::Result<bool> {
    let found: Option<(i64,)> = session
        .sql(
            "SELECT patient_id FROM appointment
             WHERE doctor_id = $1 AND patient_id = $2 AND hidden_at IS NULL LIMIT 1",
        )
        .bind(doctor)
        .bind(patient)
        .maybe()
        .await?;
    Ok(found.is_some())
}
