//! The token file, for hosts without any keyring and people who ask for it by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{CredentialError, CredentialStore, Kept, key};
use crate::files;

/// Tokens in a JSON file with mode 0600. A file that others may read is refused: whoever opened it
/// up may have read it, and should know.
pub struct FileStore {
    path: PathBuf,
}

impl FileStore {
    /// A store in this file, which need not exist yet.
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn read(&self) -> Result<BTreeMap<String, String>, CredentialError> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(BTreeMap::new());
            }
            Err(error) => return Err(self.unusable(&error)),
        };
        if readable_by_others(&self.path).map_err(|error| self.unusable(&error))? {
            return Err(CredentialError::TooOpen(self.path.clone()));
        }
        serde_json::from_str(&text).map_err(|_| CredentialError::File {
            path: self.path.clone(),
            reason: "it is no token file; delete it and sign in again".to_owned(),
        })
    }

    fn write(&self, tokens: &BTreeMap<String, String>) -> Result<(), CredentialError> {
        let text = serde_json::to_string_pretty(tokens).map_err(|error| self.unusable(&error))?;
        files::replace(&self.path, text.as_bytes()).map_err(|error| self.unusable(&error))
    }

    fn unusable(&self, error: &impl ToString) -> CredentialError {
        CredentialError::File {
            path: self.path.clone(),
            reason: error.to_string(),
        }
    }
}

impl CredentialStore for FileStore {
    fn load(&self, server: &str, user: &str) -> Result<Option<String>, CredentialError> {
        Ok(self.read()?.remove(&key(server, user)))
    }

    fn save(&self, server: &str, user: &str, token: &str) -> Result<Kept, CredentialError> {
        let mut tokens = self.read()?;
        tokens.insert(key(server, user), token.to_owned());
        self.write(&tokens)?;
        Ok(Kept::File(self.path.clone()))
    }

    fn forget(&self, server: &str, user: &str) -> Result<(), CredentialError> {
        let mut tokens = self.read()?;
        match tokens.remove(&key(server, user)) {
            Some(_) => self.write(&tokens),
            None => Ok(()),
        }
    }

    fn place(&self) -> String {
        Kept::File(self.path.clone()).to_string()
    }
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

/// Elsewhere the home directory's own access list protects it.
#[cfg(not(unix))]
fn readable_by_others(_path: &Path) -> std::io::Result<bool> {
    Ok(false)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_file_is_private_survives_and_is_refused_when_opened_up() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deeper/tokens.json");
        FileStore::new(path.clone())
            .save("http://a", "eva", "secret")
            .unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );

        let again = FileStore::new(path.clone());
        assert_eq!(
            again.load("http://a", "eva").unwrap().as_deref(),
            Some("secret")
        );

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refused = again.load("http://a", "eva").unwrap_err();
        assert_eq!(refused, CredentialError::TooOpen(path));
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }

    #[test]
    fn forgetting_one_user_keeps_the_other() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::new(directory.path().join("tokens.json"));
        store.save("http://a", "eva", "E").unwrap();
        store.save("http://a", "ada", "A").unwrap();
        store.forget("http://a", "eva").unwrap();
        assert_eq!(store.load("http://a", "eva").unwrap(), None);
        assert_eq!(store.load("http://a", "ada").unwrap().as_deref(), Some("A"));
    }
}
