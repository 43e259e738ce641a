//! `clinic demo`: a throw-away clinic in one process.

use std::path::Path;

use clinic_shared::Role;

use super::Size;
use super::furnish::{open, settle};
use crate::clinic::accounts::{self, Newcomer};
use crate::clinic::{Actor, Refusal};
use crate::config::{Config, ConfigError};
use crate::{Server, StartError};

/// How many patients the demo clinic has.
const PATIENTS: u64 = 300;
/// Makes always the same people.
const SEED: u64 = 1;
/// The password of everybody in the demo clinic, which listens on loopback and is thrown away.
const PASSWORD: &str = "a demo is no secret";

/// Its staff: username, given name, family name, role. Its doctors are the clinic's own, `doctor`
/// among them.
const STAFF: [(&str, &str, &str, Role); 2] = [
    ("rosa", "Rosa", "Winter", Role::Receptionist),
    ("admin", "Ada", "Berger", Role::Admin),
];

/// A running demo clinic.
pub struct DemoServer {
    server: Server,
    /// The receptionist's sign-in name.
    pub username: &'static str,
    /// The receptionist's password.
    pub password: &'static str,
}

/// Why there is no demo. `Display` is one sentence.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The invented clinic.
    #[error("The demo's database can't be filled: {0}")]
    Fill(#[from] Refusal),
}

/// Starts a server on a free loopback port over a filled SQLite database in `dir`.
///
/// # Errors
/// [`DemoError`].
pub async fn start(dir: &Path) -> Result<DemoServer, DemoError> {
    let mut config = Config::embedded(dir)?;
    config.clinic_name = "Demo Clinic".to_owned();
    let server = Server::start(&config).await?;
    let size = Size::of(PATIENTS);
    Box::pin(open(&server.clinic, &size, SEED, Some(PASSWORD), |_| {})).await?;
    for (username, first_name, last_name, role) in STAFF {
        let newcomer = Newcomer {
            username: username.to_owned(),
            email: format!("{username}@example.org"),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            password: Some(PASSWORD.to_owned()),
            role,
            is_verified: true,
            awaits_activation: false,
        };
        accounts::create(&server.clinic, &Actor::nobody(None), newcomer).await?;
    }
    settle(&server.clinic, SEED).await?;
    let (username, ..) = STAFF[0];
    Ok(DemoServer {
        server,
        username,
        password: PASSWORD,
    })
}

impl DemoServer {
    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Stops it.
    pub async fn shutdown(self) {
        self.server.shutdown().await;
    }
}
