//! Where the refresh token lives between two runs (DESIGN "The client").
//!
//! In this order: `CLINIC_TOKEN` → the OS keyring → the kernel's keyring on Linux → this process's
//! memory. A file only when asked for by name. A store that opens proves nothing, so each is probed
//! by a real write, read and delete before it is trusted; see [`open`].

mod chosen;
mod deadline;
mod environment;
mod file;
mod keeper;
mod memory;
mod system;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use clinic_shared::classic::accounts::Tokens;

pub use chosen::Chosen;
pub use environment::EnvironmentToken;
pub use file::FileStore;
pub(crate) use keeper::keep;
pub use memory::MemoryStore;
pub use system::SystemStore;

/// Keeps one refresh token per server and user.
///
/// Calls block, a locked keyring for seconds: call them from a blocking thread, never from the
/// one that draws.
pub trait CredentialStore: Send + Sync {
    /// The refresh token kept for this user of this server; `None` if there is none.
    ///
    /// # Errors
    /// The store can't be read.
    fn load(&self, server: &str, user: &str) -> Result<Option<String>, CredentialError>;

    /// Keeps the refresh token, in place of an older one, and says where.
    ///
    /// # Errors
    /// The store can't be written.
    fn save(&self, server: &str, user: &str, refresh_token: &str) -> Result<Kept, CredentialError>;

    /// Forgets the token; it is no error if there was none.
    ///
    /// # Errors
    /// The store can't be written: the token is still there.
    fn forget(&self, server: &str, user: &str) -> Result<(), CredentialError>;

    /// Where tokens are kept, for a person: "in the system's keyring".
    fn place(&self) -> String;

    /// Whether the token was given for this run, and can't be changed.
    fn is_given(&self) -> bool {
        false
    }

    /// Whether a token saved here is found by the next run of `clinic`.
    fn outlives_this_run(&self) -> bool {
        true
    }
}

/// Where a token was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Secret Service, Keychain or Credential Manager.
    Keyring,
    /// The kernel's keyring: gone at reboot or after some days.
    Kernel,
    /// This process only.
    Memory,
    /// A file with mode 0600.
    File(PathBuf),
    /// Nowhere: `CLINIC_TOKEN` decides who is signed in.
    Environment,
}

impl Kept {
    /// Whether the next run of `clinic` finds it.
    pub const fn outlives_this_run(&self) -> bool {
        matches!(self, Kept::Keyring | Kept::Kernel | Kept::File(_))
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kept::Keyring => f.write_str("in the system's keyring"),
            Kept::Kernel => f.write_str("in the kernel's keyring (gone at reboot)"),
            Kept::Memory => f.write_str("in memory, for this run only: no keyring on this host"),
            Kept::File(path) => write!(f, "in the file {}", path.display()),
            Kept::Environment => f.write_str("in the variable CLINIC_TOKEN"),
        }
    }
}

/// Why a token can't be read, kept or forgotten. `Display` is one sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// The keyring answers, but no: it is locked, or its prompt was dismissed.
    #[error("The keyring is locked or refused access; unlock it and try again.")]
    Locked,
    /// The keyring did not answer in time.
    #[error("The keyring did not answer within {0} seconds; unlock it, or set CLINIC_TOKEN.")]
    TooSlow(u64),
    /// Anything else a keyring may say.
    #[error("The keyring failed ({0}); unlock it, or set CLINIC_TOKEN.")]
    Keyring(String),
    /// The token file is readable by others.
    #[error("{} is readable by others; run: chmod 600 {}", .0.display(), .0.display())]
    TooOpen(PathBuf),
    /// The token file can't be read or written.
    #[error("The token file {} can't be used ({reason}).", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

/// How the store is chosen.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// `CLINIC_TOKEN`: used as it is, nothing is kept.
    pub token: Option<String>,
    /// `--insecure-file`: this file, asked for by name.
    pub insecure_file: Option<PathBuf>,
    /// Whether there may be a session bus, without which Secret Service need not be asked.
    pub session_bus: bool,
}

/// The store for this run. Returns at once: keyrings are probed at the first use.
pub fn open(choice: Choice) -> Arc<dyn CredentialStore> {
    match choice {
        Choice {
            token: Some(token), ..
        } => Arc::new(EnvironmentToken::new(token)),
        Choice {
            insecure_file: Some(path),
            ..
        } => Arc::new(FileStore::new(path)),
        Choice { session_bus, .. } => Arc::new(Chosen::new(move || system::probed(session_bus))),
    }
}

/// What a stored token makes of a client: tokens that its first call refreshes.
///
/// The access token is not kept, so the kept one stands in its place: the server refuses a refresh
/// token as a bearer, and the client then refreshes. A `CLINIC_TOKEN` that is an access token just
/// works, until it runs out.
pub fn tokens(kept: String) -> Tokens {
    Tokens {
        access: kept.clone(),
        refresh: kept,
    }
}

/// The name under which a server's user is kept.
fn key(server: &str, user: &str) -> String {
    format!("{}|{user}", server.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_wins_over_the_file_and_keeps_nothing() {
        let store = open(Choice {
            token: Some("from-ci".to_owned()),
            insecure_file: Some("/nowhere/tokens.toml".into()),
            session_bus: false,
        });
        assert_eq!(
            store.load("http://a", "eva").unwrap().as_deref(),
            Some("from-ci")
        );
        assert_eq!(
            store.save("http://a", "eva", "other").unwrap(),
            Kept::Environment
        );
        assert_eq!(
            store.load("http://a", "eva").unwrap().as_deref(),
            Some("from-ci")
        );
    }

    #[test]
    fn a_slash_at_the_end_is_the_same_server_another_user_is_not() {
        assert_eq!(key("http://a/", "eva"), key("http://a", "eva"));
        assert_ne!(key("http://a", "eva"), key("http://a", "ada"));
    }
}
