//! `clinic demo`: a throw-away clinic, server and screens in one process.

use std::process::ExitCode;
use std::sync::Arc;

use clinic_server::demo::{self, Demo};
use clinic_shared::client::Client;

use crate::cli::{CliError, Global, options, show};
use crate::credentials::MemoryStore;
use crate::environment::Environment;
use crate::log;
use crate::profiles::Profiles;
use crate::run::{Options, Start};
use crate::term;

/// Starts a clinic full of invented people in a temporary directory, opens the screens in it,
/// signed in as the receptionist, and takes it all away at the end.
///
/// # Errors
/// There is no terminal, or the clinic can't be started.
pub(crate) async fn run(
    global: &Global,
    environment: &Environment,
) -> Result<ExitCode, CliError> {
    if let Err(why) = term::check_interactive(environment) {
        return Err(CliError::Usage(format!(
            "{why} For a clinic full of invented people without screens, run: clinicd demo-data, \
             then clinicd serve."
        )));
    }
    // The user's own file says how the screens look; what happens in here does not change it.
    let saved = Profiles::load(&global.config_path()?)?.options;
    let options = Options {
        clinic_name: Some("Demo clinic".to_owned()),
        ..options(global, &saved, environment)?
    };
    let log = log::start(global.log.as_deref())?;
    let directory = tempfile::Builder::new().prefix("clinic-demo-").tempdir()?;
    let demo = Box::pin(demo::start(directory.path()))
        .await
        .map_err(|error| CliError::Refused(error.to_string()))?;
    let shown = Box::pin(screens(&demo, log, options)).await;
    demo.shutdown().await;
    shown
}
