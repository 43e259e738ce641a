//! Which pictures rows name.

use super::Session;

/// The media keys of all rows.
///
/// # Errors
/// The database's.
pub async fn keys(session: &mut impl Session) -> sqlx::Result<Vec<String>> {
    let rows: Vec<(String,)> = session
        .sql(
            "SELECT picture FROM profile WHERE picture IS NOT NULL
             UNION ALL SELECT photo FROM patient WHERE photo IS NOT NULL
             UNION ALL SELECT photo FROM doctor WHERE photo IS NOT NULL
             UNION ALL SELECT image FROM service
             UNION ALL SELECT image FROM appointment_image
             UNION ALL SELECT photo FROM patient_merge WHERE photo IS NOT NULL
             UNION ALL SELECT certificate FROM doctor_application
             UNION ALL SELECT certificate FROM qualification WHERE certificate IS NOT NULL
             UNION ALL SELECT image FROM bug_report WHERE image IS NOT NULL",
        )
        .all()
        .await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

/// Whose a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Owner {
    /// The account it belongs to, if any.
    pub account_id: Option<i64>,
    /// The patient whose record names it; none for a profile's.
    pub patient_id: Option<i64>,
}

/// Whose picture a key is; none if no row names it (any more).
///
/// # Errors
/// The database's.
pub async fn owner(session: &mut impl Session, key: &str) -> sqlx::Result<Option<Owner>> {
    session
        .sql(
            "SELECT account_id, CAST(NULL AS bigint) AS patient_id FROM profile WHERE picture = $1
             UNION ALL
             SELECT account_id, id FROM patient WHERE photo = $1 AND retired_at IS NULL
             UNION ALL
             SELECT p.account_id, p.id FROM appointment_image i
             JOIN appointment a ON a.id = i.appointment_id JOIN patient p ON p.id = a.patient_id
             WHERE i.image = $1
             UNION ALL
             SELECT account_id, CAST(NULL AS bigint) FROM doctor_application WHERE certificate = $1
             UNION ALL
             SELECT d.account_id, CAST(NULL AS bigint) FROM qualification q
             JOIN doctor d ON d.id = q.doctor_id WHERE q.certificate = $1
             UNION ALL
             SELECT account_id, CAST(NULL AS bigint) FROM bug_report WHERE image = $1
             LIMIT 1",
        )
        .bind(key)
        .maybe()
        .await
}
