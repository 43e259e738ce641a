//! A store that is looked for at its first use, so that opening it costs nothing.

use std::sync::{Arc, LazyLock};

use super::{CredentialError, CredentialStore, Kept};

type Choose = Box<dyn FnOnce() -> Arc<dyn CredentialStore> + Send>;

/// The store that a search finds; the search runs once, in the first call.
pub struct Chosen {
    store: LazyLock<Arc<dyn CredentialStore>, Choose>,
}

impl Chosen {
    /// A store found by `choose`, which may block for seconds.
    pub fn new(choose: impl FnOnce() -> Arc<dyn CredentialStore> + Send + 'static) -> Self {
        Self {
            store: LazyLock::new(Box::new(choose)),
        }
    }
}

impl CredentialStore for Chosen {
    fn load(&self, server: &str, user: &str) -> Result<Option<String>, CredentialError> {
        self.store.load(server, user)
    }

    fn save(&self, server: &str, user: &str, token: &str) -> Result<Kept, CredentialError> {
        self.store.save(server, user, token)
    }

    fn forget(&self, server: &str, user: &str) -> Result<(), CredentialError> {
        self.store.forget(server, user)
    }

    fn place(&self) -> String {
        self.store.place()
    }

    fn outlives_this_run(&self) -> bool {
        self.store.outlives_this_run()
    }
}
