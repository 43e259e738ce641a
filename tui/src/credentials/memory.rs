//! The last resort: this process's memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{CredentialError, CredentialStore, Kept, key};

/// Tokens that are gone when the process ends.
#[derive(Default)]
pub struct MemoryStore {
    tokens: Mutex<HashMap<String, String>>,
}

impl MemoryStore {
    fn tokens(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CredentialStore for MemoryStore {
    fn load(&self, server: &str, user: &str) -> Result<Option<String>, CredentialError> {
        Ok(self.tokens().get(&key(server, user)).cloned())
    }

    fn save(&self, server: &str, user: &str, token: &str) -> Result<Kept, CredentialError> {
        self.tokens().insert(key(server, user), token.to_owned());
        Ok(Kept::Memory)
    }

    fn forget(&self, server: &str, user: &str) -> Result<(), CredentialError> {
        self.tokens().remove(&key(server, user));
        Ok(())
    }

    fn place(&self) -> String {
        Kept::Memory.to_string()
    }

    fn outlives_this_run(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_one_server_are_kept_apart_and_forgotten_one_by_one() {
        let store = MemoryStore::default();
        store.save("http://a", "eva", "E").unwrap();
        store.save("http://a", "ada", "A").unwrap();
        store.forget("http://a/", "eva").unwrap();
        assert_eq!(store.load("http://a", "eva").unwrap(), None);
        assert_eq!(store.load("http://a", "ada").unwrap().as_deref(), Some("A"));
    }
}
