//! Keeping a session's refresh token where it is kept, while it changes: v1 trades it at each
//! refresh, and the screens and the subcommands of one person share it.

use std::sync::Arc;

use clinic_shared::client::{Client, Keeper};

use super::CredentialStore;

struct Keeping {
    store: Arc<dyn CredentialStore>,
    server: String,
    user: String,
}

impl Keeper for Keeping {
    fn kept(&self) -> Option<String> {
        self.store.load(&self.server, &self.user).ok().flatten()
    }

    fn keep(&self, refresh: &str) -> bool {
        let kept = self.store.save(&self.server, &self.user, refresh);
        if let Err(error) = &kept {
            tracing::warn!(%error, "the renewed session can't be kept; sign in again at the next start");
        }
        kept.is_ok()
    }
}

/// Lets a client read and write its refresh token in this store. A token that was given for the
/// run (`CLINIC_TOKEN`) can't be written anywhere.
pub(crate) fn keep(client: &Client, store: &Arc<dyn CredentialStore>, server: &str, user: &str) {
    if !store.is_given() {
        client.set_keeper(Arc::new(Keeping {
            store: Arc::clone(store),
            server: server.to_owned(),
            user: user.to_owned(),
        }));
    }
}
