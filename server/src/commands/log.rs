//! The log: to standard error, as text for people or JSON for machines. It names operations and
//! numbers, never people.

use std::io::IsTerminal;

use clinic_server::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use super::{Done, Failure};

/// Starts the log of a serving process.
pub(super) fn start(config: &Config) -> Done {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| {
        Failure::Other(format!(
            "LOG: {error}; write it as info or clinic_server=debug"
        ))
    })?;
    let colour = std::io::stderr().is_terminal();
    let log = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colour);
    match config.log_format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
