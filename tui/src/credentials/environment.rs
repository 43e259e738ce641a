//! `CLINIC_TOKEN`: for scripts and build machines.

use super::{CredentialError, CredentialStore, Kept};

/// The token from the environment, for every server and user. Nothing is ever kept.
pub struct EnvironmentToken {
    token: String,
}

impl EnvironmentToken {
    /// A store that answers this token.
    pub const fn new(token: String) -> Self {
        Self { token }
    }
}

impl CredentialStore for EnvironmentToken {
    fn load(&self, _server: &str, _user: &str) -> Result<Option<String>, CredentialError> {
        Ok(Some(self.token.clone()))
    }

    fn save(&self, _server: &str, _user: &str, _token: &str) -> Result<Kept, CredentialError> {
        Ok(Kept::Environment)
    }

    fn forget(&self, _server: &str, _user: &str) -> Result<(), CredentialError> {
        Ok(())
    }

    fn is_given(&self) -> bool {
        true
    }

    fn place(&self) -> String {
        Kept::Environment.to_string()
    }
}
