//! Writing into the configuration file without disturbing what its owner wrote.

use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::{ProfileError, same_server};
use crate::files;

/// Sets the last user of the server at `url`, adding the server if the file does not know it.
///
/// The file is read again here: it may have changed since the program started.
pub(super) fn remember(path: &Path, url: &str, user: &str) -> Result<(), ProfileError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(ProfileError::file(path, &error)),
    };
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error| ProfileError::syntax(path, &error))?;
    let servers = document
        .entry("servers")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or_else(|| ProfileError::syntax(path, &"`servers` is no list of [[servers]]"))?;
    let known = servers.iter_mut().find(|server| {
        server
            .get("url")
            .and_then(Item::as_str)
            .is_some_and(|known| same_server(known, url))
    });
    if let Some(server) = known {
        server.insert("user", value(user));
    } else {
        let mut server = Table::new();
        server.insert("url", value(url));
        server.insert("user", value(user));
        servers.push(server);
    }
    files::replace(path, document.to_string().as_bytes())
        .map_err(|error| ProfileError::file(path, &error))
}
