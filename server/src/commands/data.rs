//! `clinicd migrate` and `clinicd demo-data`.

use clap::Args;
use clinic_server::config::Config;
use clinic_server::demo::{self, Progress, Size};

use super::{Done, Failure, clinic, say};

/// Brings the schema up to date.
pub(super) async fn migrate(config: &Config) -> Done {
    clinic(config).await?.db.close().await;
    say("The schema is up to date.")
}

/// Fill an empty database with an invented clinic.
#[derive(Args)]
pub(super) struct DemoData {
    /// How many patients. From 100000 on there are 200 doctors and five years of appointments, with
    /// fewer eight doctors and a month.
    #[arg(long, default_value_t = 300)]
    patients: u64,
    /// How many reviews at most, in place of what fits the patients.
    #[arg(long)]
    reviews: Option<usize>,
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
            indicatif::ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}, {eta} left");
        bar.set_style(style.map_err(|error| Failure::Other(error.to_string()))?);
        let mut size = Size::of(self.patients);
        size.reviews = self.reviews.unwrap_or(size.reviews);
        let told = |progress: Progress| {
            if bar.message() != progress.what {
                bar.set_message(progress.what);
                bar.reset();
            }
            bar.set_length(progress.of);
            bar.set_position(progress.done);
        };
        // Nobody can sign in with the doctors' accounts until `clinicd user password`.
        Box::pin(demo::furnish(&clinic, &size, self.seed, None, told)).await?;
        bar.finish_and_clear();
        clinic.reads.stop().await;
        clinic.db.close().await;
        say(&format!(
            "{} invented patients and their clinic are in the database.",
            self.patients
        ))
    }
}
