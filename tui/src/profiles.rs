//! The configuration file: servers one has signed in to, and how the terminal should look.
//!
//! It is the user's file. The program writes only what a sign-in teaches it (a server's address,
//! its last user), in place, and leaves comments and order as they are.

mod write;

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::dates::Format;
use crate::theme::Theme;

/// Where the server is unless anything says otherwise: `clinicd`'s default address.
pub const DEFAULT_SERVER: &str = "http://127.0.0.1:8000";

/// The configuration file's content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profiles {
    /// The name of the server to use when none is given; without it, the first one.
    pub default: Option<String>,
    /// Known servers, in the file's order.
    pub servers: Vec<ServerProfile>,
    /// How the terminal looks and behaves.
    pub options: SavedOptions,
    /// Where this came from and goes to; empty: from nowhere, to nowhere.
    #[serde(skip)]
    path: PathBuf,
}

/// One known server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerProfile {
    /// A short name for `--server`; may be absent.
    #[serde(default)]
    pub name: Option<String>,
    /// Its address, e.g. `https://desk.example.org`.
    pub url: String,
    /// Who signed in last.
    #[serde(default)]
    pub user: Option<String>,
}

/// The `[options]` table. What is absent is decided by the terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SavedOptions {
    /// The theme's name.
    pub theme: Option<String>,
    /// Draw with ASCII only.
    pub ascii: Option<bool>,
    /// Take mouse clicks; off leaves them to the terminal's own selection.
    pub mouse: Option<bool>,
    /// A file with other keys; relative to the configuration file.
    pub keys: Option<PathBuf>,
    /// How days are written: words, iso, dots or slashes.
    pub dates: Option<String>,
    /// Minutes without a key after which the screen is covered; 0: never.
    pub lock_minutes: Option<u32>,
    /// Keep tokens in this file instead of a keyring (`--insecure-file`); relative likewise.
    pub token_file: Option<PathBuf>,
}

/// What the settings change: only what is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionsChange {
    /// The theme.
    pub theme: Option<Theme>,
    /// ASCII only or not; none in it: as the terminal can.
    pub ascii: Option<Option<bool>>,
    /// Whether the mouse is taken.
    pub mouse: Option<bool>,
    /// How days are written.
    pub dates: Option<Format>,
    /// Minutes without a key before the screen is covered.
    pub lock_minutes: Option<u32>,
    /// The file with other keys; none in it: the built-in ones.
    pub keys: Option<Option<PathBuf>>,
}

/// Why the configuration can't be used. `Display` names the file and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// No home directory, hence no default place.
    #[error("No home directory was found; name the configuration file with --config FILE.")]
    NoPlace,
    /// The file can't be read or written.
    #[error("The configuration file {} can't be used ({reason}).", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file is no valid configuration; `reason` points at the line.
    #[error("The configuration file {} is faulty; correct it: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        reason: String,
    },
}

impl ProfileError {
    fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            reason: error.to_string(),
        }
    }

    fn syntax(path: &Path, error: &impl std::fmt::Display) -> Self {
        Self::Syntax {
            path: path.to_owned(),
            reason: error.to_string().trim_end().to_owned(),
        }
    }
}

impl Profiles {
    /// The file in the user's configuration directory, e.g. `~/.config/clinic/config.toml`.
    ///
    /// # Errors
    /// [`ProfileError::NoPlace`] if there is no home directory.
    pub fn default_path() -> Result<PathBuf, ProfileError> {
        directories::ProjectDirs::from("", "", "clinic")
            .map(|directories| directories.config_dir().join("config.toml"))
            .ok_or(ProfileError::NoPlace)
    }

    /// Reads the file; one that does not exist is an empty configuration.
    ///
    /// # Errors
    /// It can't be read, or is no valid configuration.
    pub fn load(path: &Path) -> Result<Self, ProfileError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(ProfileError::file(path, &error)),
        };
        let mut profiles: Self =
            toml::from_str(&text).map_err(|error| ProfileError::syntax(path, &error))?;
        path.clone_into(&mut profiles.path);
        if let Some(directory) = path.parent() {
            let options = &mut profiles.options;
            for file in [&mut options.keys, &mut options.token_file]
                .into_iter()
                .flatten()
            {
                *file = directory.join(&*file);
            }
        }
        Ok(profiles)
    }

    /// The file this was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The profile with this name or address.
    pub fn server(&self, name_or_url: &str) -> Option<&ServerProfile> {
        self.servers.iter().find(|server| {
            server.name.as_deref() == Some(name_or_url) || same_server(&server.url, name_or_url)
        })
    }

    /// The address to use: what was asked for (a name from the file, or an address), else the
    /// file's default, else its first server, else [`DEFAULT_SERVER`].
    pub fn address(&self, asked: Option<&str>) -> String {
        let named = asked.or(self.default.as_deref());
        let profile = match named {
            Some(named) => self.server(named),
            None => self.servers.first(),
        };
        match (profile, named) {
            (Some(profile), _) => without_slash(&profile.url).to_owned(),
            (None, Some(named)) => without_slash(named).to_owned(),
            (None, None) => DEFAULT_SERVER.to_owned(),
        }
    }

    /// Who signed in last at this address.
    pub fn last_user(&self, url: &str) -> Option<&str> {
        self.server(url)?.user.as_deref()
    }

    /// Notes who signed in where, here and in the file; only here if this came from no file.
    ///
    /// # Errors
    /// The file can't be written, or became faulty meanwhile; the sign-in itself stands.
    pub fn remember(&mut self, url: &str, user: &str) -> Result<(), ProfileError> {
        match self
            .servers
            .iter_mut()
            .find(|server| same_server(&server.url, url))
        {
            Some(server) if server.user.as_deref() == Some(user) => return Ok(()),
            Some(server) => server.user = Some(user.to_owned()),
            None => self.servers.push(ServerProfile {
                name: None,
                url: without_slash(url).to_owned(),
                user: Some(user.to_owned()),
            }),
        }
        if !self.is_kept() {
            return Ok(());
        }
        write::remember(&self.path, without_slash(url), user)
    }

    /// Whether there is a file: what is noted is found at the next start.
    pub fn is_kept(&self) -> bool {
        !self.path.as_os_str().is_empty()
    }

    /// A path as it was typed: `~` is the home directory, and what is relative lies beside the
    /// configuration file.
    pub fn beside(&self, typed: &str) -> PathBuf {
        let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
        if let (Some(rest), Some(home)) = (typed.strip_prefix("~/"), home) {
            return home.join(rest);
        }
        match self.path.parent() {
            Some(directory) => directory.join(typed),
            None => PathBuf::from(typed),
        }
    }

    /// Notes how the terminal should look and behave.
    ///
    /// # Errors
    /// The file can't be written, or became faulty meanwhile.
    pub fn change_options(&mut self, change: &OptionsChange) -> Result<(), ProfileError> {
        if self.is_kept() {
            write::options(&self.path, change)?;
        }
        let options = &mut self.options;
        if let Some(theme) = change.theme {
            options.theme = Some(theme.name().to_owned());
        }
        if let Some(ascii) = change.ascii {
            options.ascii = ascii;
        }
        if let Some(mouse) = change.mouse {
            options.mouse = Some(mouse);
        }
        if let Some(dates) = change.dates {
            options.dates = Some(dates.name().to_owned());
        }
        if let Some(minutes) = change.lock_minutes {
            options.lock_minutes = Some(minutes);
        }
        if let Some(keys) = &change.keys {
            options.keys.clone_from(keys);
        }
        Ok(())
    }

    /// Notes a server, in place of the one that had this address.
    ///
    /// # Errors
    /// As [`Profiles::change_options`].
    pub fn put_server(
        &mut self,
        was: Option<&str>,
        server: &ServerProfile,
    ) -> Result<(), ProfileError> {
        let server = ServerProfile {
            url: without_slash(&server.url).to_owned(),
            ..server.clone()
        };
        if self.is_kept() {
            write::server(&self.path, was, &server)?;
        }
        let was = was.unwrap_or(&server.url);
        match self
            .servers
            .iter_mut()
            .find(|known| same_server(&known.url, was))
        {
            Some(known) => *known = server,
            None => self.servers.push(server),
        }
        Ok(())
    }

    /// Forgets a server.
    ///
    /// # Errors
    /// As [`Profiles::change_options`].
    pub fn forget_server(&mut self, url: &str) -> Result<(), ProfileError> {
        let is_default = self.is_default(url);
        if self.is_kept() {
            write::forget(&self.path, url, is_default)?;
        }
        if is_default {
            self.default = None;
        }
        self.servers.retain(|known| !same_server(&known.url, url));
        Ok(())
    }

    /// Makes a server the one that is used when none is named.
    ///
    /// # Errors
    /// As [`Profiles::change_options`].
    pub fn set_default(&mut self, url: &str) -> Result<(), ProfileError> {
        let profile = self.server(url);
        let named = profile.and_then(|server| server.name.clone());
        let named = named.unwrap_or_else(|| without_slash(url).to_owned());
        if self.is_kept() {
            write::default(&self.path, &named)?;
        }
        self.default = Some(named);
        Ok(())
    }

    /// Whether this server is used when none is named.
    pub fn is_default(&self, url: &str) -> bool {
        same_server(&self.address(None), url)
    }
}

fn without_slash(url: &str) -> &str {
    url.trim_end_matches('/')
}

fn same_server(one: &str, other: &str) -> bool {
    without_slash(one).eq_ignore_ascii_case(without_slash(other))
}

#[cfg(test)]
mod tests;
