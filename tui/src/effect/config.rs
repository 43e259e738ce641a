//! Changes of the user's own configuration file: settings, servers, keys.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::credentials::CredentialStore;
use crate::keymap::{Keymap, user};
use crate::profiles::{OptionsChange, Profiles, ServerProfile};

/// A change of the configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigCall {
    /// How the screens look and behave.
    Options(OptionsChange),
    /// The file with other keys, as it was typed; empty: the built-in keys.
    Keys(String),
    /// A server, in place of the one that had this address.
    Put {
        /// The address before.
        was: Option<String>,
        /// What it is now.
        server: ServerProfile,
    },
    /// Forgets a server, and the token that is kept for its last user.
    Forget(ServerProfile),
    /// The server to use where none is named.
    Default(String),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum ConfigReply {
    /// Noted; false: for this run only, there is no file.
    Saved(bool),
    /// These keys count now.
    Keys {
        /// Where they come from; none: they are the built-in ones.
        path: Option<PathBuf>,
        /// The keys.
        keymap: Box<Keymap>,
    },
    /// The servers as they are now.
    Servers {
        /// In the file's order.
        servers: Vec<ServerProfile>,
        /// The address of the one that is used where none is named.
        default: String,
        /// Why a kept token could not be forgotten.
        token: Option<String>,
    },
    /// Why it was not noted: one sentence.
    Failed(String),
}

impl ConfigCall {
    /// Its name, for the log.
    pub const fn name(&self) -> &'static str {
        match self {
            ConfigCall::Options(_) => "keep the settings",
            ConfigCall::Keys(_) => "use other keys",
            ConfigCall::Put { .. } => "note a server",
            ConfigCall::Forget(_) => "forget a server",
            ConfigCall::Default(_) => "choose the usual server",
        }
    }

    /// Does it. Files and keyrings block: this runs on a thread that may.
    pub(super) fn run(
        self,
        profiles: &Mutex<Profiles>,
        store: &dyn CredentialStore,
    ) -> ConfigReply {
        let mut profiles = profiles.lock().unwrap_or_else(PoisonError::into_inner);
        let mut token = None;
        let done = match &self {
            ConfigCall::Options(change) => match profiles.change_options(change) {
                Ok(()) => return ConfigReply::Saved(profiles.is_kept()),
                Err(error) => Err(error),
            },
            ConfigCall::Keys(typed) => return keys(&mut profiles, typed),
            ConfigCall::Put { was, server } => profiles.put_server(was.as_deref(), server),
            ConfigCall::Default(url) => profiles.set_default(url),
            ConfigCall::Forget(server) => {
                let forgotten = profiles.forget_server(&server.url);
                if let (Ok(()), Some(user)) = (&forgotten, &server.user) {
                    let kept = store.forget(server.url.trim_end_matches('/'), user);
                    token = kept.err().map(|error| error.to_string());
                }
                forgotten
            }
        };
        match done {
            Ok(()) => ConfigReply::Servers {
                servers: profiles.servers.clone(),
                default: profiles.address(None),
                token,
            },
            Err(error) => ConfigReply::Failed(error.to_string()),
        }
    }
}

fn keys(profiles: &mut Profiles, typed: &str) -> ConfigReply {
    let path = (!typed.is_empty()).then(|| profiles.beside(typed));
    let keymap = match &path {
        None => Keymap::default(),
        Some(path) => match user::load(path) {
            Ok(keymap) => keymap,
            Err(error) => return ConfigReply::Failed(error.to_string()),
        },
    };
    let change = OptionsChange {
        keys: Some(path.clone()),
        ..OptionsChange::default()
    };
    match profiles.change_options(&change) {
        Ok(()) => ConfigReply::Keys {
            path,
            keymap: Box::new(keymap),
        },
        Err(error) => ConfigReply::Failed(error.to_string()),
    }
}
