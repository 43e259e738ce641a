//! Terminals that measure some signs otherwise than this program: names must not stay behind on
//! later screens, nor shift what stands beside them.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use clinic_shared::desk::patients::PatientRow;
use clinic_tui::effect::{Reply, Slot};
use clinic_tui::term::Lean;
use clinic_tui::text::is_doubtful;
use clinic_tui::view;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use unicode_width::UnicodeWidthChar;

use super::support::clinic::{board_row, booking};
use super::support::{Desk, Look, page, record, row, tagged};

/// Names that terminals do not agree about, and some that they do.
const NAMES: [&str; 8] = [
    "नीलम शर्मा",
    "👩\u{200d}⚕\u{fe0f} Emoji Nurse",
    "Zoe\u{308} Ångström",
    "น้ำฝน ใจดี",
    "Ada Lovelace",
    "👋🏽 ☎\u{fe0f} 1",
    "山田太郎",
    "கண்ணன் முருகன் சுப்பிரமணியம் கிருஷ்ணமூர்த்தி",
];

/// A terminal that takes signs of doubtful width for this much wider than they are.
struct Grid {
    rows: Vec<Vec<String>>,
    at: (usize, usize),
    wraps: bool,
    wider: isize,
    /// A sequence that has begun.
    sequence: Option<String>,
}

impl Grid {
    fn new(width: u16, height: u16, wider: isize) -> Self {
        Self {
            rows: vec![vec![" ".to_owned(); width.into()]; height.into()],
            at: (0, 0),
            wraps: true,
            wider,
            sequence: None,
        }
    }

    fn take(&mut self, c: char) {
        match &mut self.sequence {
            None if c == '\x1b' => self.sequence = Some(String::new()),
            None => self.put(c),
            Some(sequence) => {
                sequence.push(c);
                if c.is_ascii_alphabetic() {
                    let sequence = self.sequence.take().unwrap();
                    self.obey(&sequence);
                }
            }
        }
    }

    fn put(&mut self, c: char) {
        let plain = isize::try_from(c.width().unwrap_or(0)).unwrap();
        let wide = match is_doubtful(&c.to_string()) {
            true => plain + self.wider,
            false => plain,
        };
        let (x, y) = self.at;
        let last = self.rows[y].len() - 1;
        if wide <= 0 {
            self.rows[y][x.saturating_sub(1)].push(c);
            return;
        }
        if x > last {
            if self.wraps {
                self.at = (0, (y + 1).min(self.rows.len() - 1));
                return self.put(c);
            }
            self.at = (last, y);
            return self.put(c);
        }
        let end = x + usize::try_from(wide).unwrap();
        let row = &mut self.rows[y];
        // What is left of a sign that is written over in part is blank.
        if row[x].is_empty() {
            let sign = (0..x).rev().find(|at| !row[*at].is_empty()).unwrap();
            row[sign..=x].fill(" ".to_owned());
        }
        for half in row.iter_mut().skip(end).take_while(|half| half.is_empty()) {
            *half = " ".to_owned();
        }
        row[x] = c.to_string();
        for covered in row.iter_mut().take(end).skip(x + 1) {
            *covered = String::new();
        }
        self.at = (end, y);
    }

    fn obey(&mut self, sequence: &str) {
        let (numbers, kind) = sequence[1..].split_at(sequence.len() - 2);
        let number = |index: usize| {
            let number = numbers.split(';').nth(index);
            number.and_then(|number| number.parse().ok()).unwrap_or(1)
        };
        match (kind, numbers) {
            ("H", _) => self.at = (number(1) - 1, number(0) - 1),
            ("C", _) => self.at.0 += number(0),
            ("K", "2") => self.rows[self.at.1].fill(" ".to_owned()),
            ("J", _) => self
                .rows
                .iter_mut()
                .for_each(|row| row.fill(" ".to_owned())),
            ("l", "?7") => self.wraps = false,
            ("h", "?7") => self.wraps = true,
            ("m", _) | ("l" | "h", "?25") => {}
            _ => panic!("what is ESC {sequence}?"),
        }
    }
}

#[derive(Clone)]
struct Shared(Arc<Mutex<Grid>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut grid = self.0.lock().unwrap();
        for c in std::str::from_utf8(bytes).unwrap().chars() {
            grid.take(c);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A person before such a terminal.
struct Watcher {
    terminal: Terminal<Lean<Shared>>,
    grid: Arc<Mutex<Grid>>,
    doubtful_rows: usize,
}

impl Watcher {
    fn new(look: Look, wider: isize) -> Self {
        let (width, height) = look.size;
        let grid = Arc::new(Mutex::new(Grid::new(width, height, wider)));
        let options = TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, width, height)),
        };
        let backend = Lean::new(Shared(Arc::clone(&grid)));
        Self {
            terminal: Terminal::with_options(backend, options).unwrap(),
            grid,
            doubtful_rows: 0,
        }
    }

    /// Draws, and sees that everything is where it belongs.
    fn looks(&mut self, desk: &Desk, after: &str) {
        let mut drawn = Buffer::default();
        self.terminal
            .draw(|frame| {
                drop(view::draw(frame, &desk.model));
                drawn = frame.buffer_mut().clone();
            })
            .unwrap();
        let grid = self.grid.lock().unwrap();
        for (y, row) in (0..drawn.area.height).zip(&grid.rows) {
            let cells = (0..drawn.area.width).map(|x| drawn[(x, y)].symbol());
            let cells: Vec<&str> = cells.collect();
            let shown = row.concat();
            if cells.iter().any(|sign| is_doubtful(sign)) {
                self.doubtful_rows += 1;
            } else {
                let mut wanted = String::new();
                let mut covered = 0;
                for sign in &cells {
                    if covered == 0 {
                        wanted.push_str(sign);
                        covered = clinic_tui::text::width(sign);
                    }
                    covered -= 1;
                }
                assert_eq!(shown, wanted, "row {y} after {after}");
            }
            // Words that are clear stand where they should, whatever stands before them.
            for (sign, there) in cells.iter().zip(row) {
                let is_word = *sign != " " && !is_doubtful(sign);
                assert!(
                    !is_word || there.starts_with(sign),
                    "row {y} after {after}: {shown}\nwanted: {}",
                    cells.concat()
                );
            }
        }
    }
}

fn patients() -> Vec<PatientRow> {
    (1..=24)
        .map(|number| row(number, NAMES[number as usize % NAMES.len()]))
        .collect()
}

#[test]
fn a_name_of_doubtful_width_neither_stays_nor_shifts_its_neighbours() {
    for wider in [-1, 0, 1] {
        for look in [Look::new(80, 24), Look::new(40, 15), Look::new(120, 40)] {
            let mut watcher = Watcher::new(look, wider);
            let board = NAMES.iter().cycle().take(24).zip(1..);
            let board = board.map(|(name, number)| board_row(&booking(number, name)));
            let mut desk = Desk::at_board(look, board.collect());
            watcher.looks(&desk, "the board");
            for key in [
                "j", "j", "?", "esc", "j", "x", "esc", "esc", "G", "home", ":", "esc",
            ] {
                watcher.looks(desk.press(key), key);
            }
            desk.press("f3")
                .reply(Slot::List, Reply::Patients(Box::new(page(patients()))));
            watcher.looks(&desk, "the patients");
            for (step, name) in (1..).zip(NAMES) {
                desk.press("enter");
                watcher.looks(&desk, name);
                let patient = tagged(record(&row(step, name)));
                desk.reply(Slot::Record, Reply::Patient(patient));
                watcher.looks(&desk, name);
                watcher.looks(desk.press("esc"), "the way back");
                watcher.looks(desk.press("down"), "the next row");
            }
            desk.press("/").type_text("zzzz").wait(1000);
            desk.reply(Slot::List, Reply::Patients(Box::new(page(Vec::new()))));
            watcher.looks(&desk, "a search without hits");
            assert!(watcher.doubtful_rows > 100, "{}", watcher.doubtful_rows);
        }
    }
}
