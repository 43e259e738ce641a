//! The server's log as the tests hear it: everything, down to the finest.

use std::io::Write;
use std::sync::{Mutex, Once};

static HEARD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Ear;

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        HEARD.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Hears everything from now on.
pub(super) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(|| Ear)
            .init();
    });
}

/// How many requests were logged.
pub(super) fn lines() -> usize {
    let heard = HEARD.lock().unwrap();
    let text = String::from_utf8_lossy(&heard);
    text.lines()
        .filter(|line| line.contains("answered"))
        .count()
}

/// No line says this.
#[track_caller]
pub(super) fn is_silent(about: &str) {
    let heard = HEARD.lock().unwrap();
    let text = String::from_utf8_lossy(&heard);
    let about = about.to_lowercase();
    let said: Vec<_> = text
        .lines()
        .filter(|line| line.to_lowercase().contains(&about))
        .take(5)
        .collect();
    assert!(said.is_empty(), "in the log: {said:#?}");
}
