//! The operating system's keyrings: Secret Service, Keychain, Credential Manager, and on Linux the
//! kernel's own.

use std::sync::Arc;
use std::time::Duration;

use keyring_core::{CredentialStore as Backend, Error};

use super::deadline::within;
use super::{CredentialError, CredentialStore, Kept, MemoryStore, key};

/// The name the keyring's own window shows.
const SERVICE: &str = "clinic";

/// How long a keyring may take to prove itself. One that asks for its password on a far-away
/// desktop never does.
const PROBE: Duration = Duration::from_secs(3);

/// How long a keyring that has proved itself may take: it may have been locked since, and somebody
/// may be typing its password.
const CALL: Duration = Duration::from_secs(20);

/// A keyring that has passed a probe.
pub struct SystemStore {
    backend: Arc<Backend>,
    kept: Kept,
}

impl SystemStore {
    /// Trusts `backend` if a throw-away entry can be written, read back and deleted in time.
    ///
    /// # Errors
    /// What the keyring said, or that it said nothing.
    pub fn probe(backend: Arc<Backend>, kept: Kept) -> Result<Self, CredentialError> {
        let tried = Arc::clone(&backend);
        within(PROBE, move || round_trip(&tried))
            .ok_or(CredentialError::TooSlow(PROBE.as_secs()))??;
        Ok(Self { backend, kept })
    }

    fn call<T: Send + 'static>(
        &self,
        server: &str,
        user: &str,
        work: impl FnOnce(&keyring_core::Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<Option<T>, CredentialError> {
        let backend = Arc::clone(&self.backend);
        let name = key(server, user);
        let answer = within(CALL, move || work(&backend.build(SERVICE, &name, None)?))
            .ok_or(CredentialError::TooSlow(CALL.as_secs()))?;
        match answer {
            Ok(value) => Ok(Some(value)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(said(&error)),
        }
    }
}

impl CredentialStore for SystemStore {
    fn load(&self, server: &str, user: &str) -> Result<Option<String>, CredentialError> {
        self.call(server, user, keyring_core::Entry::get_password)
    }

    fn save(&self, server: &str, user: &str, token: &str) -> Result<Kept, CredentialError> {
        let token = token.to_owned();
        self.call(server, user, move |entry| entry.set_password(&token))?;
        Ok(self.kept.clone())
    }

    fn forget(&self, server: &str, user: &str) -> Result<(), CredentialError> {
        self.call(server, user, keyring_core::Entry::delete_credential)?;
        Ok(())
    }

    fn place(&self) -> String {
        self.kept.to_string()
    }
}

/// The first keyring of this machine that passes the probe, else memory.
pub(super) fn probed(session_bus: bool) -> Arc<dyn CredentialStore> {
    for (kept, backend) in candidates(session_bus) {
        let found = within(PROBE, backend)
            .ok_or(CredentialError::TooSlow(PROBE.as_secs()))
            .and_then(|backend| backend.map_err(|error| said(&error)))
            .and_then(|backend| SystemStore::probe(backend, kept.clone()));
        match found {
            Ok(store) => return Arc::new(store),
            Err(error) => tracing::info!(place = ?kept, %error, "keyring not used"),
        }
    }
    Arc::new(MemoryStore::default())
}

type Opener = fn() -> keyring_core::Result<Arc<Backend>>;

fn candidates(session_bus: bool) -> Vec<(Kept, Opener)> {
    let mut candidates: Vec<(Kept, Opener)> = Vec::new();
    // Without a bus there is no Secret Service; the other systems' keyrings need none.
    if session_bus || cfg!(any(windows, target_os = "macos")) {
        candidates.push((Kept::Keyring, native));
    }
    #[cfg(target_os = "linux")]
    candidates.push((Kept::Kernel, || {
        Ok(linux_keyutils_keyring_store::Store::new()?)
    }));
    candidates
}

fn native() -> keyring_core::Result<Arc<Backend>> {
    if let Err(error) = keyring::Entry::store_status() {
        return Err(Error::PlatformFailure(error.to_string().into()));
    }
    keyring_core::get_default_store().ok_or(Error::NoDefaultStore)
}

fn round_trip(backend: &Arc<Backend>) -> Result<(), CredentialError> {
    // Several `clinic` may probe at once: each has its own entry.
    let name = format!("probe {}", std::process::id());
    let entry = backend
        .build(SERVICE, &name, None)
        .map_err(|error| said(&error))?;
    let read = entry
        .set_password("probe")
        .and_then(|()| entry.get_password());
    let deleted = entry.delete_credential();
    let read = read.map_err(|error| said(&error))?;
    deleted.map_err(|error| said(&error))?;
    if read != "probe" {
        return Err(CredentialError::Keyring(
            "it does not keep what it is given".to_owned(),
        ));
    }
    Ok(())
}

fn said(error: &Error) -> CredentialError {
    match error {
        Error::NoStorageAccess(_) => CredentialError::Locked,
        // These carry the secret's bytes: their words stay out of it.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            CredentialError::Keyring("its entry is damaged".to_owned())
        }
        other => CredentialError::Keyring(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn working() -> SystemStore {
        let backend: Arc<Backend> = keyring_core::mock::Store::new().unwrap();
        SystemStore::probe(backend, Kept::Keyring).unwrap()
    }

    #[test]
    fn a_missing_entry_is_nothing_and_forgetting_it_is_fine() {
        let store = working();
        assert_eq!(store.load("http://a", "eva").unwrap(), None);
        store.forget("http://a", "eva").unwrap();
    }

    #[test]
    fn a_token_is_kept_replaced_and_forgotten() {
        let store = working();
        assert_eq!(store.save("http://a", "eva", "one").unwrap(), Kept::Keyring);
        store.save("http://a", "eva", "two").unwrap();
        assert_eq!(
            store.load("http://a", "eva").unwrap().as_deref(),
            Some("two")
        );
        store.forget("http://a", "eva").unwrap();
        assert_eq!(store.load("http://a", "eva").unwrap(), None);
    }

    /// Opens at once and refuses every use, as the kernel's keyring does in many containers.
    #[derive(Debug)]
    struct Refusing;

    impl keyring_core::api::CredentialStoreApi for Refusing {
        fn vendor(&self) -> String {
            "test".to_owned()
        }

        fn id(&self) -> String {
            "refusing".to_owned()
        }

        fn build(
            &self,
            _service: &str,
            _user: &str,
            _modifiers: Option<&HashMap<&str, &str>>,
        ) -> keyring_core::Result<keyring_core::Entry> {
            Err(Error::NoStorageAccess("not allowed".into()))
        }

        fn as_any(&self) -> &dyn std::any::Any {
            self
        }
    }

    #[test]
    fn a_keyring_that_opens_but_refuses_is_not_trusted() {
        let refused = SystemStore::probe(Arc::new(Refusing), Kept::Kernel);
        assert_eq!(refused.err(), Some(CredentialError::Locked));
    }

    #[test]
    fn a_damaged_entry_does_not_show_its_bytes() {
        let error = said(&Error::BadEncoding(b"eyJhbGci".to_vec()));
        assert!(!error.to_string().contains("eyJ"), "{error}");
    }
}
