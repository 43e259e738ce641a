//! `clinic demo`: a throw-away clinic, server and screens in one process.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clinic_server::demo::{self, DemoServer};
use clinic_shared::client::Client;

use crate::cli::{CliError, Global, config_path, options, show};
use crate::credentials::MemoryStore;
use crate::environment::Environment;
use crate::log::{self, Ring};
use crate::profiles::Profiles;
use crate::run::{Options, Start};
use crate::term;

/// How long the server may take to end. Nothing it still does is kept.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Starts a clinic full of invented people in a temporary directory, opens the screens in it,
/// signed in as the receptionist, and takes it all away at the end.
///
/// # Errors
/// There is no terminal, or the clinic can't be started.
pub(crate) async fn run(global: &Global, environment: &Environment) -> Result<ExitCode, CliError> {
    term::check_interactive(environment).map_err(|why| {
        CliError::Usage(format!(
            "{why} For a clinic full of invented people without screens: clinicd demo-data, then \
             clinicd serve."
        ))
    })?;
    // The user's own file says how the screens look; nothing in here is written into it.
    let saved = Profiles::load(&config_path(global)?)?.options;
    let options = Options {
        clinic_name: Some("Demo clinic".to_owned()),
        ..options(global, &saved, environment)?
    };
    let log = log::start(global.log.as_deref())?;
    let directory = tempfile::Builder::new().prefix("clinic-demo-").tempdir()?;
    let demo = tokio::select! {
        started = Box::pin(demo::start(directory.path())) => {
            started.map_err(|error| CliError::Refused(error.to_string()))?
        }
        // The directory goes with this function, and not if the signal ends the process.
        _ = tokio::signal::ctrl_c() => return Ok(ExitCode::from(130)),
    };
    let shown = Box::pin(screens(&demo, log, options)).await;
    let ended = tokio::time::timeout(PATIENCE, demo.shutdown()).await;
    if ended.is_err() {
        tracing::warn!("the demo's server did not end in time");
    }
    shown
}

async fn screens(demo: &DemoServer, log: Ring, options: Options) -> Result<ExitCode, CliError> {
    let client = Client::new(&demo.url())?;
    client.sign_in(demo.username, demo.password).await?;
    let who = client.me().await?;
    show(Start {
        server: demo.url(),
        user: Some(demo.username.to_owned()),
        who: Some(who),
        client: Some(client),
        credentials: Arc::new(MemoryStore::default()),
        profiles: Profiles::default(),
        log,
        options,
    })
    .await
}
