//! The command line: `clinic` alone opens the screens, its subcommands do without them everything
//! the screens do.

mod account;
mod appointments;
mod args;
mod contacts;
mod doctors;
mod error;
mod manual;
mod output;
mod page;
mod password;
mod patients;
mod report;
mod session;
mod start;

use std::process::ExitCode;

use clap::Parser;

pub use args::{Cli, Command, Global};
pub use error::CliError;
use output::Output;
#[cfg(feature = "demo")]
pub(crate) use session::config_path;
#[cfg(feature = "demo")]
pub(crate) use start::{options, show};

use crate::environment::Environment;

/// Runs `clinic` with this process's arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help on a closed pipe (`clinic help | head -1`) is no failure worth a word.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let json = cli.global.json;
    match run(cli) {
        Ok(code) => code,
        Err(error) => error.report(json),
    }
}

fn run(cli: Cli) -> Result<ExitCode, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(CliError::Io)?;
    let code = runtime.block_on(dispatch(cli));
    // A keyring that hangs, or an answer nobody waits for, must not keep the prompt from coming back.
    runtime.shutdown_background();
    code
}

async fn dispatch(cli: Cli) -> Result<ExitCode, CliError> {
    let Cli { global, command } = cli;
    let environment = Environment::read();
    let mut out = Output::new(global.json);
    match command {
        None => return start::tui(&global, &environment).await,
        #[cfg(feature = "demo")]
        Some(Command::Demo) => return Box::pin(crate::demo::run(&global, &environment)).await,
        Some(Command::Login(login)) => {
            account::login(&global, &environment, &login, &mut out).await?;
        }
        Some(Command::Logout) => account::logout(&global, &environment, &mut out).await?,
        Some(Command::Whoami) => account::whoami(&global, &environment, &mut out).await?,
        Some(Command::Auth(args::Auth::Status)) => {
            account::status(&global, &environment, &mut out).await?;
        }
        Some(Command::Patients(command)) => {
            patients::run(&global, &environment, command, &mut out).await?;
        }
        Some(Command::Doctors(command)) => {
            doctors::run(&global, &environment, command, &mut out).await?;
        }
        Some(Command::Appointments(command)) => {
            appointments::run(&global, &environment, command, &mut out).await?;
        }
        Some(Command::Contacts(command)) => {
            contacts::run(&global, &environment, command, &mut out).await?;
        }
        Some(Command::Report(asked)) => {
            report::run(&global, &environment, &asked, &mut out).await?;
        }
        Some(Command::Keys) => manual::keys(&global, &mut out)?,
        Some(Command::Completions { shell }) => manual::completions(shell, &mut out)?,
        Some(Command::Man { directory }) => manual::man(directory.as_deref(), &mut out)?,
    }
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}
