//! What the terminal shows, as far as it was told: kept so that a row can be written anew.

use std::collections::BTreeSet;

use ratatui::buffer::{Cell, CellWidth};
use ratatui::style::Modifier;

use crate::text;

/// What makes a blank visible.
const SEEN_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// The rows from the top, each from the left, as far as anything was written.
#[derive(Debug, Default)]
pub(super) struct Shown {
    rows: Vec<Vec<Cell>>,
    /// The rows with signs of doubtful width.
    doubtful: BTreeSet<u16>,
}

impl Shown {
    /// The screen was cleared.
    pub(super) fn forget(&mut self) {
        self.rows.clear();
        self.doubtful.clear();
    }

    /// Takes in what is about to be written to one row; answers whether the row has to be written
    /// whole, on cleared ground: it held or will hold a sign of doubtful width, and where the
    /// terminal has put what came after that nobody knows.
    pub(super) fn take(&mut self, y: u16, cells: &[(u16, &Cell)]) -> bool {
        let line = usize::from(y);
        if self.rows.len() <= line {
            self.rows.resize_with(line + 1, Vec::new);
        }
        let Some(row) = self.rows.get_mut(line) else {
            return false;
        };
        for (x, cell) in cells {
            let (from, wide) = (usize::from(*x), usize::from(cell.cell_width().max(1)));
            if row.len() < from + wide {
                row.resize(from + wide, Cell::EMPTY);
            }
            // What a wide sign covers is blank: it stays so when the sign goes.
            for covered in row.iter_mut().skip(from).take(wide) {
                *covered = Cell::EMPTY;
            }
            if let Some(place) = row.get_mut(from) {
                place.clone_from(cell);
            }
        }
        let is_doubtful = row.iter().any(|cell| text::is_doubtful(cell.symbol()));
        let was_doubtful = match is_doubtful {
            true => !self.doubtful.insert(y),
            false => self.doubtful.remove(&y),
        };
        is_doubtful || was_doubtful
    }

    /// The cells of a cleared row that have to be written, in this order: first the blanks that
    /// can be seen, then the words. So a word that takes more room in the terminal than here
    /// spills over blanks, never over words.
    pub(super) fn row(&self, y: u16) -> impl Iterator<Item = (u16, &Cell)> {
        let row = self.rows.get(usize::from(y)).map_or(&[][..], Vec::as_slice);
        let mut covered = 0;
        let cells = (0u16..).zip(row).filter(move |(_, cell)| {
            let is_covered = covered > 0;
            covered = match is_covered {
                true => covered - 1,
                false => cell.cell_width().saturating_sub(1),
            };
            !is_covered
        });
        let (blanks, words): (Vec<_>, Vec<_>) = cells.partition(|(_, cell)| cell.symbol() == " ");
        let seen =
            |cell: &Cell| cell.bg != Cell::EMPTY.bg || cell.modifier.intersects(SEEN_ON_BLANK);
        blanks
            .into_iter()
            .filter(move |(_, cell)| seen(cell))
            .chain(words)
    }
}
