//! Writing into the configuration file without disturbing what its owner wrote.

use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value, value};

use super::{OptionsChange, ProfileError, ServerProfile, same_server};
use crate::files;

/// Sets the last user of the server at `url`, adding the server if the file does not know it.
pub(super) fn remember(path: &Path, url: &str, user: &str) -> Result<(), ProfileError> {
    let mut document = read(path)?;
    let servers = servers(&mut document, path)?;
    let known = servers.iter_mut().find(|server| is_at(server, url));
    if let Some(server) = known {
        server.insert("user", value(user));
    } else {
        let mut server = Table::new();
        server.insert("url", value(url));
        server.insert("user", value(user));
        servers.push(server);
    }
    write(path, &document)
}

/// Sets what the settings have changed.
pub(super) fn options(path: &Path, change: &OptionsChange) -> Result<(), ProfileError> {
    let mut document = read(path)?;
    let options = document
        .entry("options")
        .or_insert_with(|| Item::Table(Table::new()))
        .as_table_like_mut()
        .ok_or_else(|| ProfileError::syntax(path, &"`options` is no table"))?;
    let mut set = |name: &str, new: Option<Value>| match new {
        Some(new) => put(options, name, new),
        None => {
            options.remove(name);
        }
    };
    if let Some(theme) = change.theme {
        set("theme", Some(theme.name().into()));
    }
    if let Some(ascii) = change.ascii {
        set("ascii", ascii.map(Value::from));
    }
    if let Some(mouse) = change.mouse {
        set("mouse", Some(mouse.into()));
    }
    if let Some(dates) = change.dates {
        set("dates", Some(dates.name().into()));
    }
    if let Some(minutes) = change.lock_minutes {
        set("lock_minutes", Some(i64::from(minutes).into()));
    }
    if let Some(keys) = &change.keys {
        let keys = keys.as_ref().map(|keys| keys.display().to_string());
        set("keys", keys.map(Value::from));
    }
    write(path, &document)
}

/// Sets a value; a comment beside the old one stays.
fn put(table: &mut dyn TableLike, name: &str, mut new: Value) {
    if let Some(old) = table.get(name).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(name, Item::Value(new));
}

/// Writes a server, in place of the one that had the address `was`.
pub(super) fn server(
    path: &Path,
    was: Option<&str>,
    server: &ServerProfile,
) -> Result<(), ProfileError> {
    let mut document = read(path)?;
    let servers = servers(&mut document, path)?;
    let was = was.unwrap_or(&server.url);
    let known = servers.iter_mut().find(|known| is_at(known, was));
    let mut new = Table::new();
    let table = match known {
        Some(table) => table,
        None => &mut new,
    };
    let values = [
        ("name", server.name.as_deref()),
        ("url", Some(server.url.as_str())),
        ("user", server.user.as_deref()),
    ];
    for (name, text) in values {
        match text {
            Some(text) => put(table, name, text.into()),
            None => {
                table.remove(name);
            }
        }
    }
    if !new.is_empty() {
        servers.push(new);
    }
    write(path, &document)
}

/// Takes a server out.
pub(super) fn forget(path: &Path, url: &str, is_default: bool) -> Result<(), ProfileError> {
    let mut document = read(path)?;
    let servers = servers(&mut document, path)?;
    servers.retain(|known| !is_at(known, url));
    if servers.is_empty() {
        document.remove("servers");
    }
    if is_default {
        document.remove("default");
    }
    write(path, &document)
}

/// Sets the server that is used when none is named.
pub(super) fn default(path: &Path, named: &str) -> Result<(), ProfileError> {
    let mut document = read(path)?;
    put(document.as_table_mut(), "default", named.into());
    write(path, &document)
}

fn is_at(server: &Table, url: &str) -> bool {
    let known = server.get("url").and_then(Item::as_str);
    known.is_some_and(|known| same_server(known, url))
}

fn servers<'a>(
    document: &'a mut DocumentMut,
    path: &Path,
) -> Result<&'a mut ArrayOfTables, ProfileError> {
    document
        .entry("servers")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or_else(|| ProfileError::syntax(path, &"`servers` is no list of [[servers]]"))
}

/// Reads the file as it is now: it may have changed since the program started.
fn read(path: &Path) -> Result<DocumentMut, ProfileError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(ProfileError::file(path, &error)),
    };
    text.parse()
        .map_err(|error| ProfileError::syntax(path, &error))
}

fn write(path: &Path, document: &DocumentMut) -> Result<(), ProfileError> {
    files::replace(path, document.to_string().as_bytes())
        .map_err(|error| ProfileError::file(path, &error))
}
