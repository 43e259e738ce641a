//! Signing in and out, and where tokens are kept meanwhile.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use clinic_shared::client::{Client, Error, SignedIn};

use super::Reply;
use super::runner::Desk;
use crate::credentials::{self, CredentialError, CredentialStore};

/// How long a keyring may take before the person is asked for the password instead.
const KEYRING_PATIENCE: Duration = Duration::from_secs(5);

impl Desk {
    pub(super) async fn sign_in(
        &self,
        server: &str,
        user: &str,
        password: &str,
    ) -> Result<Reply, Error> {
        let client = Client::new(server)?;
        // v1 knows accounts by their e-mail; a sign-in name is classic's.
        if user.contains('@') {
            if client.sign_in_v1(user, password).await? == SignedIn::CodeAsked {
                return Ok(Reply::CodeAsked);
            }
        } else {
            client.sign_in(user, password).await?;
        }
        self.begun(client, server, user).await
    }

    /// Whoever quits at the covered screen and starts again is not signed in, and what waits in
    /// memory is worth nothing.
    pub(super) async fn lock(&self, server: String, user: String) -> Reply {
        let client = self.client();
        self.use_client(None);
        if self.credentials.is_given() {
            // A token that was given for the run is not ours to end.
            return Reply::Done;
        }
        let forgotten = self
            .keyring(move |store| store.forget(&server, &user))
            .await;
        if let Err(error) = forgotten {
            tracing::warn!(%error, "the kept token could not be forgotten");
        }
        if let Ok(client) = client
            && let Err(error) = client.sign_out().await
        {
            tracing::warn!(%error, "the session lives on at the server until it runs out");
        }
        Reply::Done
    }

    /// Somebody has signed in: their session is kept, and used from now on.
    pub(super) async fn begun(
        &self,
        client: Client,
        server: &str,
        user: &str,
    ) -> Result<Reply, Error> {
        let who = Box::new(client.me().await?);
        let tokens = client.tokens().ok_or(Error::SignedOut)?;
        credentials::keep(&client, &self.credentials, server, user);
        self.use_client(Some(client));
        let (server, user) = (server.to_owned(), user.to_owned());
        let profiles = Arc::clone(&self.profiles);
        let kept = self
            .keyring(move |store| {
                let noted = {
                    let mut profiles = profiles.lock().unwrap_or_else(PoisonError::into_inner);
                    profiles.remember(&server, &user)
                };
                if let Err(error) = noted {
                    tracing::warn!(%error, "the sign-in was not noted in the configuration");
                }
                store.save(&server, &user, &tokens.refresh)
            })
            .await;
        Ok(Reply::SignedIn { who, kept })
    }

    pub(super) async fn restore(&self, server: String, user: String) -> Result<Reply, Error> {
        let client = Client::new(&server)?;
        credentials::keep(&client, &self.credentials, &server, &user);
        let kept = self.keyring(move |store| store.load(&server, &user)).await;
        let token = kept.unwrap_or_else(|error| {
            tracing::warn!(%error, "the kept token can't be read");
            None
        });
        let Some(token) = token else {
            return Ok(Reply::Restored(None));
        };
        client.set_tokens(Some(credentials::tokens(token)));
        match client.me().await {
            Ok(who) => {
                self.use_client(Some(client));
                Ok(Reply::Restored(Some(Box::new(who))))
            }
            Err(Error::SignedOut) => Ok(Reply::Restored(None)),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn sign_out(&self, server: String, user: String) -> Reply {
        if let Ok(client) = self.client() {
            self.use_client(None);
            if let Err(error) = client.sign_out().await {
                tracing::warn!(%error, "the session lives on at the server until it runs out");
            }
        }
        let forgotten = self
            .keyring(move |store| store.forget(&server, &user))
            .await;
        Reply::SignedOut {
            forgotten: forgotten.is_ok(),
        }
    }

    /// Asks the credential store, which blocks, on a thread that may.
    async fn keyring<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn CredentialStore) -> Result<T, CredentialError> + Send + 'static,
    ) -> Result<T, CredentialError> {
        let store = Arc::clone(&self.credentials);
        let asked = tokio::task::spawn_blocking(move || ask(store.as_ref()));
        match tokio::time::timeout(KEYRING_PATIENCE, asked).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(broken)) => Err(CredentialError::Keyring(broken.to_string())),
            Err(_) => Err(CredentialError::TooSlow(KEYRING_PATIENCE.as_secs())),
        }
    }
}
