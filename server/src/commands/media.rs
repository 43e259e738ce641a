//! `clinicd media move`: the pictures from one place to another.

use std::error::Error;

use clap::{Args, Subcommand};
use clinic_server::clinic::picture_moves::{self, Inventory, MoveError};
use clinic_server::clinic::{Actor, Clinic};
use clinic_server::config::Config;
use clinic_server::infra::media::{Media as Store, Place};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Done, Failure, clinic, say};

/// The operator acts as nobody.
const OPERATOR: Actor = Actor::nobody(None);

/// Move the pictures.
#[derive(Subcommand)]
pub(super) enum Media {
    /// Copy every picture from MEDIA_ROOT to another place and read it back. May be stopped at any
    /// moment and begun again.
    Move(Move),
}

/// Where to, and how far.
#[derive(Args)]
pub(super) struct Move {
    /// s3://bucket/prefix, or a directory.
    #[arg(long, value_name = "PLACE")]
    to: String,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// When all are there and were read back, remove them where they were.
    #[arg(long, conflicts_with = "dry_run")]
    delete_source: bool,
}

impl Media {
    /// Does it.
    pub(super) async fn run(self, config: &Config) -> Done {
        let Media::Move(wanted) = self;
        let to = Place::parse(&wanted.to, &config.s3)
            .map_err(|problem| Failure::Other(format!("--to: {problem}")))?;
        if to == config.media {
            return Err(failed(&MoveError::SamePlace));
        }
        let clinic = clinic(config).await?;
        let done = wanted.run(&clinic, &to).await;
        clinic.reads.stop().await;
        clinic.db.close().await;
        done
    }
}

impl Move {
    async fn run(self, clinic: &Clinic, to: &Place) -> Done {
        let from = clinic.media.place();
        // Opening makes a directory, and a dry run makes nothing.
        let is_missing = matches!(to, Place::Directory(path) if !path.exists());
        let target = match self.dry_run && is_missing {
            true => None,
            false => Some(
                Store::open(to, clinic.clock.clone(), clinic.ids.clone())
                    .map_err(|error| failed(&error.into()))?,
            ),
        };
        let found = picture_moves::inventory(clinic, target.as_ref()).await;
        let found = found.map_err(|error| failed(&error))?;
        oddities(&found)?;
        let count = found.pictures.len();
        say(&format!("{count} pictures in {from}."))?;
        let Some(target) = target else {
            return say(&format!("{count} would be copied to {to}."));
        };
        let pictures = &found.pictures;
        if self.dry_run {
            let bar = bar(count, "compared")?;
            let there =
                picture_moves::already_there(clinic, pictures, &target, || bar.inc(1)).await;
            bar.finish_and_clear();
            let there = there.map_err(|error| failed(&error))?;
            let left = count.saturating_sub(there);
            return say(&format!(
                "{left} would be copied to {to}; {there} are there already."
            ));
        }
        let shown = bar(count, "copied")?;
        let copied =
            picture_moves::copy(clinic, &OPERATOR, pictures, &target, || shown.inc(1)).await;
        shown.finish_and_clear();
        let copied = copied.map_err(|error| stopped(&error, shown.position(), count))?;
        say(&format!(
            "{} were copied to {to} and {} were there already; all were read back and are the same.",
            copied.now, copied.before
        ))?;
        if self.delete_source {
            let shown = bar(count, "removed")?;
            let removed =
                picture_moves::delete_source(clinic, &OPERATOR, pictures, &target, || shown.inc(1))
                    .await;
            shown.finish_and_clear();
            let removed = removed.map_err(|error| stopped(&error, shown.position(), count))?;
            say(&format!("{removed} were removed from {from}."))?;
        }
        say(&format!(
            "Now set MEDIA_ROOT={to} and restart every server; if one ran meanwhile, stop it first and run this once more."
        ))
    }
}

/// Names what is not as it should be.
fn oddities(found: &Inventory) -> Done {
    for key in &found.orphans {
        say(&format!("no row names   {key}"))?;
    }
    for key in &found.missing {
        say(&format!("missing        {key}"))?;
    }
    for name in &found.foreign {
        say(&format!("not ours       {name} (it stays)"))?;
    }
    Ok(())
}

fn bar(count: usize, what: &'static str) -> Result<ProgressBar, Failure> {
    let bar = ProgressBar::new(count as u64);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}, {eta} left");
    bar.set_style(style.map_err(|error| Failure::Other(error.to_string()))?);
    bar.set_message(what);
    Ok(bar)
}

fn failed(error: &MoveError) -> Failure {
    Failure::Other(whole(error))
}

/// What stopped a move, and that nothing is lost.
fn stopped(error: &MoveError, done: u64, count: usize) -> Failure {
    match error {
        MoveError::SamePlace => failed(error),
        error => Failure::Other(format!(
            "Stopped after {done} of {count}; run the same again to go on. {}",
            whole(error)
        )),
    }
}

/// An error with its causes, in one line: whoever runs this command has to mend them.
pub(super) fn whole(error: &dyn Error) -> String {
    const LONGEST: usize = 400;
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        // Some repeat what is behind them.
        if !text.contains(&more) {
            text = format!("{text} {more}");
        }
        cause = error.source();
    }
    let line: Vec<&str> = text.split_whitespace().collect();
    line.join(" ").chars().take(LONGEST).collect()
}
