//! `clinic keys`, `completions` and `man`: what the program knows about itself.

use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use serde_json::json;

use super::output::Output;
use super::{Cli, CliError, Global, session};
use crate::command;
use crate::keymap::{Keymap, user};
use crate::profiles::Profiles;
use crate::run::RunError;

/// The keys as they are with the user's own key file.
pub(super) fn keys(global: &Global, out: &mut Output) -> Result<(), CliError> {
    let profiles = Profiles::load(&session::config_path(global)?)?;
    let keymap = match &profiles.options.keys {
        Some(path) => user::load(path).map_err(RunError::from)?,
        None => Keymap::default(),
    };
    if !out.is_json() {
        return out.raw(command::docs(&keymap).as_bytes());
    }
    let commands: Vec<_> = command::all()
        .map(|command| {
            json!({
                "name": command.name,
                "title": command.title,
                "doc": command.doc,
                "scope": command.scope.title(),
                "keys": keymap.keys_of(command).collect::<Vec<_>>(),
            })
        })
        .collect();
    out.json(&commands)
}

pub(super) fn completions(shell: Shell, out: &mut Output) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "clinic", &mut script);
    out.raw(&script)
}

/// The manual page, or one page a subcommand into `directory`.
pub(super) fn man(directory: Option<&Path>, out: &mut Output) -> Result<(), CliError> {
    let command = Cli::command();
    if let Some(directory) = directory {
        std::fs::create_dir_all(directory)?;
        return Ok(clap_mangen::generate_to(command, directory)?);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(io::Error::other)?;
    out.raw(&page)
}
