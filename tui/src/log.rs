//! The log: to a ring in memory, for the log pane, and with `--log FILE` to a file; never to the
//! screen that is being drawn.
//!
//! No personal data: our own code logs ids and counts. Libraries are heard from `WARN` on only,
//! and no variable changes that: below it they print addresses with what was searched for.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, fmt};

use crate::clock::Clock;
use crate::files;

/// How many lines the log pane can look back.
const LINES: usize = 500;

/// The latest lines of the log. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Ring {
    lines: Arc<Mutex<VecDeque<String>>>,
}

impl Ring {
    /// The lines, oldest first.
    pub fn lines(&self) -> Vec<String> {
        self.lock().iter().cloned().collect()
    }

    fn push(&self, text: &str) {
        let mut lines = self.lock();
        for line in text.lines() {
            if lines.len() == LINES {
                lines.pop_front();
            }
            lines.push_back(line.to_owned());
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why the log can't be kept.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// `--log FILE` can't be written.
    #[error("The log file can't be written ({0}); name another with --log FILE.")]
    File(#[from] io::Error),
    /// There is a log already.
    #[error("The log was opened twice ({0}).")]
    Twice(#[from] TryInitError),
}

/// Starts logging into a ring, and into `file` (appended, mode 0600) if one is named.
///
/// # Errors
/// The file can't be written, or logging has started already.
pub fn start(file: Option<&Path>) -> Result<Ring, LogError> {
    let ring = Ring::default();
    let file = file.map(files::append_private).transpose()?.map(|file| {
        fmt::layer()
            .with_ansi(false)
            .with_writer(Mutex::new(file))
            .with_filter(heard())
    });
    tracing_subscriber::registry()
        .with(into(ring.clone()))
        .with(file)
        .try_init()?;
    Ok(ring)
}

fn into<S>(ring: Ring) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    fmt::layer()
        .with_ansi(false)
        .with_target(false)
        .with_timer(FaceOfClock(Clock::system()))
        .with_writer(ring)
        .with_filter(heard())
}

/// `03:33:13`: for the pane, hours and seconds are enough.
struct FaceOfClock(Clock);

impl FormatTime for FaceOfClock {
    fn format_time(&self, to: &mut Writer<'_>) -> std::fmt::Result {
        write!(to, "{}", self.0.now().format("%H:%M:%S"))
    }
}

fn heard() -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("clinic_tui", LevelFilter::DEBUG)
        .with_target("clinic_shared", LevelFilter::DEBUG)
        .with_target("clinic_server", LevelFilter::INFO)
}

impl<'a> MakeWriter<'a> for Ring {
    type Writer = Entry<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Entry {
            ring: self,
            text: Vec::new(),
        }
    }
}

/// One event on its way into the ring.
#[derive(Debug)]
pub struct Entry<'a> {
    ring: &'a Ring,
    text: Vec<u8>,
}

impl Write for Entry<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.ring.push(&String::from_utf8_lossy(&self.text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(events: impl FnOnce()) -> Vec<String> {
        let ring = Ring::default();
        let subscriber = tracing_subscriber::registry().with(into(ring.clone()));
        tracing::subscriber::with_default(subscriber, events);
        ring.lines()
    }

    #[test]
    fn our_lines_are_kept_a_librarys_chatter_is_not() {
        let lines = logged(|| {
            tracing::info!(target: "clinic_tui::run", "started");
            tracing::debug!(target: "hyper_util", "GET /v1/api/desk/patients/?search=Meier");
            tracing::warn!(target: "hyper_util", "connection reset");
        });
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].ends_with("started") && lines[1].ends_with("connection reset"));
        let (time, rest) = lines[0].split_at(8);
        assert!(chrono::NaiveTime::parse_from_str(time, "%H:%M:%S").is_ok());
        assert_eq!(rest.trim_start(), "INFO started");
    }

    #[test]
    fn only_the_latest_lines_are_kept() {
        let ring = Ring::default();
        for number in 0..LINES + 3 {
            ring.push(&format!("line {number}\n"));
        }
        assert_eq!(ring.lines().len(), LINES);
        assert_eq!(ring.lines().first().map(String::as_str), Some("line 3"));
    }
}
