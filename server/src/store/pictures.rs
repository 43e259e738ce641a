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
             UNION ALL SELECT photo FROM patient WHERE photo IS NOT NULL",
        )
        .all()
        .await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}
