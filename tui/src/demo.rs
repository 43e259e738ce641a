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
             clinicd serve; then clinic login, and clinic patients, doctors, appointments or \
             contacts."
        ))
    })?;
    let user = account(global.user.as_deref())?;
    // The user's own file says how the screens look; nothing in here is written into it.
    let saved = Profiles::load(&config_path(global)?)?.options;
    let options = options(global, &saved, environment)?;
    let log = log::start(global.log.as_deref())?;
    let directory = tempfile::Builder::new().prefix("clinic-demo-").tempdir()?;
    let demo = tokio::select! {
        started = Box::pin(demo::start(directory.path())) => {
            started.map_err(|error| CliError::Refused(error.to_string()))?
        }
        // The directory goes with this function, and not if the signal ends the process.
        _ = tokio::signal::ctrl_c() => return Ok(ExitCode::from(130)),
    };
    let options = Options {
        clinic_name: Some("Demo clinic".to_owned()),
        demo: Some(format!(
            "The demo's accounts: rosa (receptionist), doctor and admin.\nThe password of all: {}",
            demo.password
        )),
        ..options
    };
    let shown = Box::pin(screens(&demo, user, log, options)).await;
    let ended = tokio::time::timeout(PATIENCE, demo.shutdown()).await;
    if ended.is_err() {
        tracing::warn!("the demo's server did not end in time");
    }
    shown
}

/// The accounts of the demo, the usual one first; all have its one password.
const ACCOUNTS: [&str; 3] = ["rosa", "admin", "doctor"];

/// The account that was asked for.
fn account(asked: Option<&str>) -> Result<Option<&'static str>, CliError> {
    let Some(asked) = asked else { return Ok(None) };
    let known = ACCOUNTS.into_iter().find(|known| *known == asked);
    known.map(Some).ok_or_else(|| {
        CliError::Usage(format!(
            "The demo has no account {asked}; there are rosa (the receptionist), admin and doctor."
        ))
    })
}

async fn screens(
    demo: &DemoServer,
    user: Option<&str>,
    log: Ring,
    options: Options,
) -> Result<ExitCode, CliError> {
    let client = Client::new(&demo.url())?;
    let user = user.unwrap_or(demo.username);
    client.sign_in(user, demo.password).await?;
    let who = client.me().await?;
    show(Start {
        server: demo.url(),
        user: Some(user.to_owned()),
        who: Some(who),
        client: Some(client),
        credentials: Arc::new(MemoryStore::default()),
        profiles: Profiles::default(),
        log,
        options,
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::account;

    #[test]
    fn the_demo_is_opened_as_one_of_its_accounts_or_says_which_there_are() {
        assert_eq!(account(None).unwrap(), None);
        assert_eq!(account(Some("admin")).unwrap(), Some("admin"));
        let refused = account(Some("eva")).unwrap_err();
        assert_eq!(refused.code(), 2);
        assert_eq!(
            refused.to_string(),
            "The demo has no account eva; there are rosa (the receptionist), admin and doctor."
        );
    }
}
