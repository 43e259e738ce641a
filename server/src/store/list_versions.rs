//! Which state of a public list the database holds: triggers draw another version with every change
//! that the list could show.

use super::Session;

/// A public list that is kept beside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Doctors as everybody sees them, with what is linked to them.
    Doctors,
    /// When doctors can be seen.
    AvailableTimes,
    /// What the clinic offers.
    Services,
}

impl List {
    const fn name(self) -> &'static str {
        match self {
            List::Doctors => "doctors",
            List::AvailableTimes => "available_times",
            List::Services => "services",
        }
    }
}

/// The version of what a statement sees that runs after this one.
///
/// # Errors
/// Anything the engine reports.
pub async fn current(session: &mut impl Session, list: List) -> sqlx::Result<String> {
    let (version,): (String,) = session
        .sql("SELECT version FROM list_version WHERE list = $1")
        .bind(list.name())
        .one()
        .await?;
    Ok(version)
}
