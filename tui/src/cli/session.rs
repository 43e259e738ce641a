//! What a subcommand works with: the configuration, the server, the session.

use std::path::PathBuf;
use std::sync::Arc;

use clinic_shared::client::Client;

use super::{CliError, Global};
use crate::credentials::{self, Choice, CredentialStore};
use crate::environment::{self, Environment};
use crate::profiles::Profiles;

/// The configuration file: the one that was named, else the user's own.
pub(crate) fn config_path(global: &Global) -> Result<PathBuf, CliError> {
    match &global.config {
        Some(path) => Ok(path.clone()),
        None => Ok(Profiles::default_path()?),
    }
}

/// The server and the account this run is about.
pub(super) struct Session {
    /// The configuration file.
    pub(super) profiles: Profiles,
    /// The server's address.
    pub(super) server: String,
    /// The account, if one was named or has signed in before.
    pub(super) user: Option<String>,
    /// Where tokens are kept.
    pub(super) credentials: Arc<dyn CredentialStore>,
    /// Whether `CLINIC_TOKEN` decides who is signed in.
    pub(super) token_given: bool,
}

impl Session {
    /// Reads the configuration; touches neither network nor keyring.
    pub(super) fn open(global: &Global, environment: &Environment) -> Result<Self, CliError> {
        let profiles = Profiles::load(&config_path(global)?)?;
        let token = environment::token();
        let token_given = token.is_some();
        let server = profiles.address(global.server.as_deref());
        let user = match &global.user {
            Some(user) => Some(user.clone()),
            // Whoever signed in last has nothing to do with the token.
            None if token_given => None,
            None => profiles.last_user(&server).map(str::to_owned),
        };
        let credentials = credentials::open(Choice {
            token,
            insecure_file: global
                .insecure_file
                .clone()
                .or_else(|| profiles.options.token_file.clone()),
            session_bus: environment.session_bus,
        });
        Ok(Self {
            profiles,
            server,
            user,
            credentials,
            token_given,
        })
    }

    /// A client without a session.
    pub(super) fn client(&self) -> Result<Client, CliError> {
        Ok(Client::new(&self.server)?)
    }

    /// The kept token. Blocks on the keyring, which is fine where nothing else goes on.
    pub(super) fn token(&self) -> Result<Option<String>, CliError> {
        Ok(self
            .credentials
            .load(&self.server, self.user.as_deref().unwrap_or_default())?)
    }

    /// A client with the kept session; its first call finds out whether the server still knows it.
    pub(super) fn signed_in(&self) -> Result<Client, CliError> {
        let client = self.client()?;
        let token = self
            .token()?
            .ok_or_else(|| CliError::SignedOut(self.server.clone()))?;
        client.set_tokens(Some(credentials::tokens(token)));
        let user = self.user.as_deref().unwrap_or_default();
        credentials::keep(&client, &self.credentials, &self.server, user);
        Ok(client)
    }
}
