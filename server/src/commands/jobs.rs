//! `clinicd jobs …`: what is waiting, and what was given up.

use std::io::IsTerminal;

use clap::{Args, Subcommand, ValueEnum};
use clinic_server::clinic::jobs;
use clinic_server::config::Config;
use clinic_server::store::jobs::JobRow;

use super::{Done, Failure, clinic, say};

/// See and repeat work that is done in the background.
#[derive(Subcommand)]
pub(super) enum Jobs {
    /// List jobs, newest first.
    List(List),
    /// Let given-up jobs try again.
    Retry(Retry),
}

/// Which jobs.
#[derive(Args)]
pub(super) struct List {
    /// Only those that stand so.
    #[arg(long)]
    status: Option<Status>,
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    most: i64,
    /// One JSON array.
    #[arg(long)]
    json: bool,
}

/// Which given-up jobs.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Retry {
    /// This one.
    id: Option<i64>,
    /// All of them.
    #[arg(long)]
    all_dead: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Status {
    Waiting,
    Running,
    Done,
    Dead,
}

impl Status {
    const fn as_str(self) -> &'static str {
        match self {
            Status::Waiting => "waiting",
            Status::Running => "running",
            Status::Done => "done",
            Status::Dead => "dead",
        }
    }
}

impl Jobs {
    /// Does it.
    pub(super) async fn run(self, config: &Config) -> Done {
        let clinic = clinic(config).await?;
        match self {
            Jobs::List(list) => {
                let status = list.status.map(Status::as_str);
                let rows = jobs::list(&clinic, status, list.most).await?;
                match list.json {
                    true => json(&rows),
                    false => plain(&rows),
                }
            }
            Jobs::Retry(retry) => {
                let revived = jobs::retry(&clinic, retry.id).await?;
                say(&match revived {
                    1 => "1 job will be tried again.".to_owned(),
                    count => format!("{count} jobs will be tried again."),
                })
            }
        }
    }
}

fn json(rows: &[JobRow]) -> Done {
    let text = serde_json::to_string_pretty(rows);
    say(&text.map_err(|error| Failure::Other(error.to_string()))?)
}

fn plain(rows: &[JobRow]) -> Done {
    if rows.is_empty() && std::io::stdout().is_terminal() {
        return say("There are no such jobs.");
    }
    for row in rows {
        let why = row.last_error.as_deref().unwrap_or_default();
        let line = format!(
            "{:>8}  {:<8} {:<18} {:>2} {}  {why}",
            row.id,
            row.status,
            row.kind,
            row.tries,
            row.run_at.format("%F %T"),
        );
        say(line.trim_end())?;
    }
    Ok(())
}
