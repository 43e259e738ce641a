//! The way a frame is written: as the library's own backend does, in fewer bytes. Over a slow line
//! what surrounds the letters counts as much as the letters.
//!
//! How wide some signs are (vowel signs of India, emoji put together from several), terminals do
//! not agree. A row with such signs is always cleared and written whole: nothing of a patient's
//! name may stay behind on somebody else's record.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::{Position, Size};

use super::shown::Shown;
use super::style::Style;
use crate::text;

/// Writing past the end of a line does not go on in the next one; and as usual again.
const STAYS_IN_LINE: &str = "\x1b[?7l";
const WRAPS: &str = "\x1b[?7h";

/// A terminal that frames are written to.
#[derive(Debug, Default)]
pub struct Lean<W: Write> {
    inner: CrosstermBackend<W>,
    shown: Shown,
}

impl<W: Write> Lean<W> {
    /// Writes to this.
    pub fn new(writer: W) -> Self {
        Self {
            inner: CrosstermBackend::new(writer),
            shown: Shown::default(),
        }
    }
}

impl<W: Write> Write for Lean<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

impl<W: Write> Backend for Lean<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut pen = Pen::default();
        let mut out = String::new();
        let mut wraps = true;
        let changes: Vec<_> = content.collect();
        for row in changes.chunk_by(|(_, above, _), (_, below, _)| above == below) {
            let Some((_, y, _)) = row.first() else {
                continue;
            };
            let cells: Vec<_> = row.iter().map(|(x, _, cell)| (*x, *cell)).collect();
            if !self.shown.take(*y, &cells) {
                pen.write(&mut out, *y, cells);
                continue;
            }
            if std::mem::replace(&mut wraps, false) {
                out.push_str(STAYS_IN_LINE);
            }
            pen.clear(&mut out, *y);
            pen.write(&mut out, *y, self.shown.row(*y));
        }
        pen.take(&mut out, Style::default());
        if !wraps {
            out.push_str(WRAPS);
        }
        self.write_all(out.as_bytes())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.shown.forget();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        // The library clears all it draws on, whichever way it does that.
        self.shown.forget();
        self.inner.clear_region(clear_type)
    }

    fn append_lines(&mut self, lines: u16) -> io::Result<()> {
        self.inner.append_lines(lines)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

/// Where the terminal writes next, and how.
#[derive(Default)]
struct Pen {
    /// None before the first cell.
    at: Option<(u16, u16)>,
    /// Whether every terminal agrees that it is there.
    is: Sure,
    style: Style,
}

/// How sure it is where a terminal writes next.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Sure {
    /// Quite.
    #[default]
    Quite,
    /// For the next cell: some take the signs that lines are drawn with for wide ones.
    Nearly,
    /// Not at all: it has written a sign of doubtful width. What belongs to the same word may go on
    /// there, so that the word is whole whatever its width is.
    InWord,
}

impl Pen {
    /// Writes cells of one row.
    fn write<'a>(
        &mut self,
        out: &mut String,
        y: u16,
        cells: impl IntoIterator<Item = (u16, &'a Cell)>,
    ) {
        for (x, cell) in cells {
            let is_doubtful = text::is_doubtful(cell.symbol());
            self.go(out, x, y, is_doubtful);
            self.take(out, Style::of(cell));
            out.push_str(cell.symbol());
            self.wrote(cell, is_doubtful);
        }
    }

    /// Clears a row.
    fn clear(&mut self, out: &mut String, y: u16) {
        self.at = None;
        self.go(out, 0, y, false);
        self.take(out, Style::default());
        out.push_str("\x1b[2K");
    }

    fn go(&mut self, out: &mut String, x: u16, y: u16, is_doubtful: bool) {
        match self.at {
            Some(at) if at == (x, y) && (self.is != Sure::InWord || is_doubtful) => return,
            Some((from, line)) if line == y && from < x && self.is == Sure::Quite => {
                match x - from {
                    1 => out.push_str("\x1b[C"),
                    right => out.push_str(&format!("\x1b[{right}C")),
                }
            }
            _ => {
                out.push_str(&format!("\x1b[{};{}H", y + 1, x + 1));
                self.is = Sure::Quite;
            }
        }
        self.at = Some((x, y));
    }

    /// Some cells further. After a sign that surely takes two, the next cell is gone to.
    fn wrote(&mut self, cell: &Cell, is_doubtful: bool) {
        let mut wide = 1;
        if is_doubtful {
            self.is = Sure::InWord;
            wide = cell.cell_width().max(1);
        } else if !cell.symbol().is_ascii() && self.is == Sure::Quite {
            self.is = Sure::Nearly;
        }
        if let Some((x, _)) = &mut self.at {
            *x += wide;
        }
    }

    /// Takes another style: what differs, or all of it anew, whichever is shorter.
    fn take(&mut self, out: &mut String, style: Style) {
        if style == self.style {
            return;
        }
        let differs = style.after(self.style).join(";");
        let mut anew = style.after(Style::default());
        if !anew.is_empty() {
            anew.insert(0, "0".to_owned());
        }
        let anew = anew.join(";");
        let codes = match anew.len() < differs.len() {
            true => anew,
            false => differs,
        };
        out.push_str(&format!("\x1b[{codes}m"));
        self.style = style;
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style as Look};

    use super::*;

    fn written(cells: &[(u16, u16, &str, Look)]) -> String {
        let cells: Vec<(u16, u16, Cell)> = cells
            .iter()
            .map(|(x, y, symbol, look)| {
                let mut cell = Cell::default();
                cell.set_symbol(symbol).set_style(*look);
                (*x, *y, cell)
            })
            .collect();
        let mut out = Vec::new();
        Lean::new(&mut out)
            .draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell)))
            .unwrap();
        String::from_utf8(out).unwrap().replace('\x1b', "^")
    }

    const PLAIN: Look = Look::new();

    #[test]
    fn a_row_with_a_sign_of_doubtful_width_is_cleared_and_written_whole() {
        let mut out = Vec::new();
        let mut lean = Lean::new(&mut out);
        let mut draw = |cells: &[(u16, &'static str)]| {
            let cells: Vec<_> = cells
                .iter()
                .map(|(x, symbol)| (*x, 0, Cell::new(symbol)))
                .collect();
            lean.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell)))
                .unwrap();
        };
        draw(&[(0, "a"), (9, "z")]);
        // The name's clusters are written in one go, what follows has its place named.
        draw(&[(2, "नी"), (4, "ल"), (5, "म"), (6, "b")]);
        draw(&[(6, "c")]);
        draw(&[(2, "N"), (4, " "), (5, " ")]);
        draw(&[(3, "o")]);
        let written = String::from_utf8(out).unwrap().replace('\x1b', "^");
        assert_eq!(
            written,
            "^[1;1Ha^[8Cz\
             ^[?7l^[1;1H^[2Ka^[Cनीलम^[1;7Hb^[2Cz^[?7h\
             ^[?7l^[1;1H^[2Ka^[Cनीलम^[1;7Hc^[2Cz^[?7h\
             ^[?7l^[1;1H^[2Ka^[CN^[3Cc^[2Cz^[?7h\
             ^[1;4Ho"
        );
    }

    #[test]
    fn neighbours_need_no_way_and_gaps_a_short_one() {
        let cells = [
            (3, 1, "a", PLAIN),
            (4, 1, "b", PLAIN),
            (6, 1, "c", PLAIN),
            (17, 1, "d", PLAIN),
            (0, 2, "e", PLAIN),
        ];
        assert_eq!(written(&cells), "^[2;4Hab^[Cc^[10Cd^[3;1He");
    }

    #[test]
    fn after_a_sign_of_unsure_width_the_place_is_named() {
        let cells = [
            (0, 0, "▸", PLAIN),
            (1, 0, "a", PLAIN),
            (5, 0, "b", PLAIN),
            (7, 0, "c", PLAIN),
            (8, 0, "界", PLAIN),
            (10, 0, "d", PLAIN),
        ];
        assert_eq!(written(&cells), "^[1;1H▸a^[1;6Hb^[Cc界^[1;11Hd");
    }

    #[test]
    fn a_style_is_one_code_and_ends_with_the_frame() {
        let key = PLAIN.bold().cyan();
        let cells = [
            (0, 0, "k", key),
            (1, 0, "t", PLAIN),
            (2, 0, "f", PLAIN.dim()),
        ];
        assert_eq!(written(&cells), "^[1;1H^[1;36mk^[mt^[2mf^[m");
    }

    #[test]
    fn only_what_differs_is_said_where_that_is_shorter() {
        let bold = PLAIN.fg(Color::Indexed(210)).bold();
        let cells = [
            (0, 0, "a", bold),
            (1, 0, "b", bold.reversed()),
            (2, 0, "c", PLAIN.fg(Color::Indexed(210)).dim()),
            (3, 0, "d", PLAIN.on_red()),
        ];
        assert_eq!(
            written(&cells),
            "^[1;1H^[1;38;5;210ma^[7mb^[22;27;2mc^[0;41md^[m"
        );
    }
}
