//! `clinicd audit …`: whether the audit can be trusted, and the audit as a file.

use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use clinic_server::clinic::audit::{self, Asked, Format, Verdict, Witness};
use clinic_server::clinic::{Actor, Clinic};
use clinic_server::config::Config;

use super::{Done, Failure, clinic, say};

/// Check and export the audit.
#[derive(Subcommand)]
pub(super) enum Audit {
    /// Check that every row is as it was sealed, and none is missing or was put in.
    Verify(Verify),
    /// Write the audit to standard output, oldest first.
    Export(Export),
}

/// What to check against.
#[derive(Args)]
pub(super) struct Verify {
    /// A seal that an earlier run printed and you noted elsewhere: shows that nobody made the
    /// whole chain anew.
    #[arg(long, value_name = "SEAL:HASH")]
    noted: Option<Witness>,
}

/// Which rows, and how.
#[derive(Args)]
pub(super) struct Export {
    /// From this day of the clinic's on (YYYY-MM-DD).
    #[arg(long)]
    from: Option<NaiveDate>,
    /// Up to the end of this one.
    #[arg(long)]
    to: Option<NaiveDate>,
    /// jsonl or csv.
    #[arg(long, default_value = "jsonl")]
    format: Format,
}

/// The operator acts as nobody.
const OPERATOR: Actor = Actor::nobody(None);

impl Audit {
    /// Does it.
    pub(super) async fn run(self, config: &Config) -> Done {
        let clinic = clinic(config).await?;
        let done = match self {
            Audit::Verify(verify) => verify.run(&clinic).await,
            Audit::Export(export) => export.run(&clinic).await,
        };
        clinic.reads.stop().await;
        clinic.db.close().await;
        done
    }
}

impl Verify {
    async fn run(self, clinic: &Clinic) -> Done {
        let noted = self.noted.as_ref();
        let found = audit::verify(clinic, &OPERATOR, None, None, noted).await?;
        told(&found)?;
        match (found.broken, noted) {
            (Some(broken), _) => Err(Failure::Other(format!(
                "The audit can't be trusted. {broken}"
            ))),
            (None, Some(noted)) if noted.seal <= found.state.purged => {
                Err(Failure::Other(format!(
                    "Seal {} is older than the audit is kept; note a newer one.",
                    noted.seal
                )))
            }
            (None, _) => Ok(()),
        }
    }
}

fn told(found: &Verdict) -> Done {
    let state = &found.state;
    if found.broken.is_none() {
        say(&format!(
            "{} rows are as they were sealed.",
            found.checked.rows
        ))?;
    } else {
        say(&format!(
            "{} rows before the fault are as they were sealed.",
            found.checked.rows
        ))?;
    }
    if state.purged > 0 {
        say(&format!(
            "Seals 1 to {} are older than the audit is kept, and gone.",
            state.purged
        ))?;
    }
    match state.unsealed_since {
        None => say("No row waits for its seal.")?,
        Some(since) => say(&format!(
            "{} rows wait for their seal, since {} UTC; a running server seals within seconds.",
            state.unsealed,
            since.format("%F %T")
        ))?,
    }
    say(&format!("The newest seal is {}:{}", state.seal, state.hash))
}

impl Export {
    async fn run(self, clinic: &Clinic) -> Done {
        let asked = Asked {
            from: self.from,
            to: self.to,
            ..Asked::default()
        };
        let mut export = audit::export(clinic, &OPERATOR, &asked, self.format).await?;
        while let Some(lines) = audit::lines(&mut export).await? {
            std::io::stdout().lock().write_all(lines.as_bytes())?;
        }
        Ok(std::io::stdout().lock().flush()?)
    }
}
