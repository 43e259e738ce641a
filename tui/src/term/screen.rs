//! The way to the terminal while it is held.

use std::io::{self, Write};

use super::guard;

/// Collects a frame and hands it to the terminal in one piece. What is left when the terminal has
/// been given back, half a frame cut off by a panic, goes nowhere: it would land in the shell.
#[derive(Debug, Default)]
pub struct Screen {
    frame: Vec<u8>,
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut written = Ok(());
        if guard::is_held() {
            let mut out = io::stdout().lock();
            written = out.write_all(&self.frame).and_then(|()| out.flush());
        }
        self.frame.clear();
        written
    }
}
