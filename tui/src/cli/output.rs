//! What a subcommand prints: answers to the output, asides to the error output.
//!
//! Every text may come from the server, and every text is cleaned before a terminal sees it. A pipe
//! that was closed is an error here and a success in the end ([`super::CliError::code`]).

use std::io::{self, Stderr, Stdout, Write};

use serde::Serialize;

use super::CliError;
use crate::text;

/// Columns of a title in front of a value: the longest, "Blood group", and two spaces.
const TITLE: usize = 13;

/// Where a subcommand's answer goes.
pub(super) struct Output {
    out: io::BufWriter<Stdout>,
    aside: Stderr,
    json: bool,
}

impl Output {
    /// The process's own outputs.
    pub(super) fn new(json: bool) -> Self {
        Self {
            out: io::BufWriter::new(io::stdout()),
            aside: io::stderr(),
            json,
        }
    }

    /// Whether programs read this.
    pub(super) const fn is_json(&self) -> bool {
        self.json
    }

    /// One JSON value on one line.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)?;
        Ok(writeln!(self.out)?)
    }

    /// One line.
    pub(super) fn line(&mut self, line: &str) -> Result<(), CliError> {
        Ok(writeln!(self.out, "{}", text::line(line))?)
    }

    /// A title and its value; further lines of the value stand under the first.
    pub(super) fn pair(&mut self, title: &str, value: &str) -> Result<(), CliError> {
        let mut title = format!("{title}:");
        for line in text::block(value).lines() {
            writeln!(self.out, "{title:TITLE$}{line}")?;
            title.clear();
        }
        Ok(())
    }

    /// Rows in columns under a head; nothing if there are no rows.
    pub(super) fn table<const N: usize>(
        &mut self,
        head: &[&str; N],
        rows: &[[String; N]],
    ) -> Result<(), CliError> {
        if rows.is_empty() {
            return Ok(());
        }
        let rows: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| text::line(cell)).collect())
            .collect();
        let head: Vec<_> = head.iter().map(|title| text::line(title)).collect();
        let widths: Vec<usize> = (0..N)
            .map(|column| {
                let cells = std::iter::once(&head)
                    .chain(&rows)
                    .filter_map(|row| row.get(column));
                cells
                    .map(|cell| text::width(cell))
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        for row in std::iter::once(&head).chain(&rows) {
            let cells: Vec<_> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| text::fit(cell, *width, ""))
                .collect();
            writeln!(self.out, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }

    /// Bytes as they are: what this program made itself, no server's text.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        Ok(self.out.write_all(bytes)?)
    }

    /// A remark that is not part of the answer; programs don't get it.
    pub(super) fn aside(&mut self, remark: &str) -> Result<(), CliError> {
        if !self.json {
            // The answer first, wherever the two meet again.
            self.out.flush()?;
            writeln!(self.aside, "{}", text::line(remark))?;
        }
        Ok(())
    }

    /// Hands everything over. To be called at the end: a drop can't report.
    pub(super) fn finish(&mut self) -> Result<(), CliError> {
        Ok(self.out.flush()?)
    }
}
