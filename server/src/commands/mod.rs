//! The command line of `clinicd` (DESIGN "Command line and settings").

mod accounts;
mod audit;
mod check;
mod data;
mod jobs;
mod log;
mod mail;
mod media;
mod serve;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use clinic_server::config::{self, Config, ConfigError};
use clinic_server::{Parts, StartError};

/// The clinic's server.
#[derive(Parser)]
#[command(
    name = "clinicd",
    version,
    about,
    after_help = "Settings come from flags, the environment and .env; `clinicd config` shows them."
)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Flags {
    /// Directory for the database, the keys and the pictures (DATA_DIR).
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server (migrates the database first).
    Serve(serve::Serve),
    /// Bring the database's schema up to date.
    Migrate,
    /// Make the first admin.
    Createsuperuser(accounts::Superuser),
    /// Make, list and change accounts.
    #[command(subcommand)]
    User(accounts::User),
    /// See and repeat work that is done in the background.
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// Take mail in.
    #[command(subcommand)]
    Mail(mail::Mail),
    /// Move the pictures.
    #[command(subcommand)]
    Media(media::Media),
    /// Check and export the audit.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Fill an empty database with an invented clinic.
    DemoData(data::DemoData),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the effective settings, secrets masked.
    Config {
        /// Print .env.example instead.
        #[arg(long)]
        example: bool,
    },
    /// Check settings, database, schema, keys, mail, pictures, Redis and clock.
    Check,
}

/// Why a command failed. `Display` is one sentence.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Refused(#[from] clinic_server::clinic::Refusal),
    #[error("The output could not be written ({0}).")]
    Output(#[from] std::io::Error),
    /// A mail that can't be taken.
    #[error("{0}")]
    NoMail(String),
    /// A mail that can't be taken now.
    #[error("{0}")]
    Later(String),
    #[error("{0}")]
    Other(String),
}

type Done = Result<(), Failure>;

/// Runs the command line.
pub(super) fn run() -> ExitCode {
    let cli = Cli::parse();
    let mut flags = BTreeMap::new();
    if let Some(dir) = &cli.flags.data_dir {
        flags.insert("DATA_DIR", dir.to_string_lossy().into_owned());
    }
    match dispatch(cli.command, flags) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has gone: `clinicd config | head`.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "clinicd: {failure}");
            match failure {
                // What mail servers know: EX_DATAERR and EX_TEMPFAIL.
                Failure::NoMail(_) => ExitCode::from(65),
                Failure::Later(_) => ExitCode::from(75),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn dispatch(command: Command, mut flags: BTreeMap<&'static str, String>) -> Done {
    if let Command::Serve(serve) = &command {
        serve.flags(&mut flags);
    }
    match &command {
        Command::Openapi => {
            let document = clinic_server::api::document();
            return say(&serde_json::to_string_pretty(&document).unwrap_or_default());
        }
        Command::Config { example: true } => return say(config::example().trim_end()),
        Command::Config { example: false } => {
            // Shown even where a setting is wrong; the fault is told after.
            say(config::effective(config::sources(&flags)?).trim_end())?;
            Config::load(&flags)?;
            return Ok(());
        }
        _ => {}
    }
    let config = Config::load(&flags)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(Box::pin(async {
        match command {
            Command::Serve(serve) => serve.run(&config).await,
            Command::Migrate => data::migrate(&config).await,
            Command::Createsuperuser(superuser) => superuser.run(&config).await,
            Command::User(user) => user.run(&config).await,
            Command::Jobs(jobs) => jobs.run(&config).await,
            Command::Mail(mail) => mail.run(&config).await,
            Command::Media(media) => media.run(&config).await,
            Command::Audit(audit) => audit.run(&config).await,
            Command::DemoData(demo) => demo.run(&config).await,
            Command::Check => check::run(&config).await,
            Command::Openapi | Command::Config { .. } => Ok(()),
        }
    }))
}

/// Opens the clinic for one command, migrated.
async fn clinic(config: &Config) -> Result<clinic_server::clinic::Clinic, Failure> {
    Ok(clinic_server::open_clinic(config, &Parts::default(), true).await?)
}

/// Writes a line to standard output.
fn say(line: &str) -> Done {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
