//! `clinicd migrate` and `clinicd demo-data`.

use clap::Args;
use clinic_server::config::Config;
use clinic_server::demo;

use super::{Done, Failure, clinic, say};

/// Brings the schema up to date.
pub(super) async fn migrate(config: &Config) -> Done {
    clinic(config).await?.db.close().await;
    say("The schema is up to date.")
}

/// Fill the database with invented people.
#[derive(Args)]
pub(super) struct DemoData {
    /// How many patients.
    #[arg(long, default_value_t = 300)]
    patients: u64,
    /// Another seed makes other people.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl DemoData {
    /// Fills it, showing how far it is.
    pub(super) async fn run(self, config: &Config) -> Done {
        let clinic = clinic(config).await?;
        let bar = indicatif::ProgressBar::new(self.patients);
        let style =
            indicatif::ProgressStyle::with_template("{bar:40} {pos}/{len} patients, {eta} left");
        bar.set_style(style.map_err(|error| Failure::Other(error.to_string()))?);
        let told = |done| bar.set_position(done);
        let filled = demo::fill(&clinic.db, self.patients, self.seed, told).await;
        filled.map_err(clinic_server::clinic::Refusal::from)?;
        bar.finish_and_clear();
        clinic.reads.stop().await;
        clinic.db.close().await;
        say(&format!(
            "{} invented patients are in the database.",
            self.patients
        ))
    }
}
