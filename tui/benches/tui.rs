//! What a key costs, in time and in bytes: `update` and `draw` of full lists, and of a board of 500.
//!
//! `cargo bench -p clinic-tui --bench tui`; the tables come first, then what criterion measures.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark, not a program"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clinic_shared::client::Told;
use clinic_shared::desk::appointments::Status;
use clinic_shared::v1::events::{Event, EventKind};
use clinic_tui::effect::{Reply, Slot};
use clinic_tui::term::Lean;
use clinic_tui::view;
use criterion::Criterion;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use support::clinic::{busy, day};
use support::{Desk, Look, rows};

const DATE: &str = "2026-11-23";
/// How many appointments the board has.
const BOARD: u32 = 500;

/// Counts what is written.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal that takes bytes and counts them.
struct Line {
    terminal: Terminal<Lean<Counter>>,
    sent: Counter,
}

impl Line {
    fn of(desk: &Desk) -> Self {
        let sent = Counter::default();
        let area = Rect::new(0, 0, desk.size.width, desk.size.height);
        let options = TerminalOptions {
            viewport: Viewport::Fixed(area),
        };
        let backend = Lean::new(sent.clone());
        let terminal = Terminal::with_options(backend, options).unwrap();
        Self { terminal, sent }
    }

    /// Draws; answers the bytes of it.
    fn draw(&mut self, desk: &Desk) -> usize {
        let before = self.sent.0.load(Ordering::Relaxed);
        self.terminal
            .draw(|frame| drop(view::draw(frame, &desk.model)))
            .unwrap();
        self.sent.0.load(Ordering::Relaxed) - before
    }
}

fn patients(count: u32) -> Desk {
    let mut desk = Desk::with_rows(Look::new(120, 40), rows(count));
    desk.press("esc");
    desk
}

fn board(width: u16, height: u16) -> Desk {
    let mut desk = Desk::at_board(Look::new(width, height), busy(BOARD));
    desk.press("home");
    desk
}

/// The bytes of a key's frame, on a list and on the board.
fn bytes_per_key() {
    println!("\nbytes a key (aim: 300 for a typical one)");
    let mut desk = patients(1000);
    let mut line = Line::of(&desk);
    println!("  patients 120×40, first frame  {:>6}", line.draw(&desk));
    for key in [
        "j",
        "k",
        "pgdn",
        "G",
        "/",
        "a",
        "backspace",
        "esc",
        "f1",
        "esc",
        "enter",
    ] {
        desk.press(key);
        println!("  patients 120×40, {key:<10}  {:>6}", line.draw(&desk));
    }
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = board(width, height);
        let mut line = Line::of(&desk);
        let at = format!("board {width}×{height}");
        println!("  {at:<15}, first frame  {:>6}", line.draw(&desk));
        for key in ["j", "k", "pgdn", "x", "esc", "w", "esc"] {
            desk.press(key);
            println!("  {at:<15}, {key:<11}  {:>6}", line.draw(&desk));
        }
    }
}

/// The bytes of what changes on the board by itself: what an event has it read, and the end of its marks.
fn bytes_per_change() {
    println!("\nbytes a change of the board (aim: 2000)");
    for changed in [1, 3, 10] {
        let mut desk = board(80, 24);
        let mut line = Line::of(&desk);
        line.draw(&desk);
        let mut rows = busy(BOARD);
        for row in rows.iter_mut().take(changed) {
            row.status = Status::Running;
            row.version += 1;
        }
        let event = Event {
            kind: EventKind::Appointment,
            object: Some(1),
            doctor: None,
            patient: None,
        };
        desk.hears(Told::Happened(7, event));
        line.draw(&desk);
        desk.reply(Slot::Refresh, Reply::Board(Box::new(day(DATE, rows))));
        let shown = line.draw(&desk);
        desk.wait(3000);
        println!(
            "  {changed:>2} rows changed  {shown:>6}, marks gone {:>6}",
            line.draw(&desk)
        );
    }
    let mut desk = board(80, 24);
    let mut line = Line::of(&desk);
    line.draw(&desk);
    desk.wait(61_000);
    println!("  the minute turns {:>6}", line.draw(&desk));
}

/// How long it takes from a key to the bytes of its frame.
fn key_to_frame() {
    println!("\nkey to frame, board of {BOARD} (aim: p95 < 5 ms)");
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = board(width, height);
        let mut line = Line::of(&desk);
        line.draw(&desk);
        let mut took: Vec<Duration> = ["j", "j", "k", "pgdn", "j", "G", "pgup", "home", "D", "D"]
            .iter()
            .cycle()
            .take(1000)
            .map(|key| {
                let begun = Instant::now();
                desk.press(key);
                line.draw(&desk);
                begun.elapsed()
            })
            .collect();
        took.sort_unstable();
        let at = |share: usize| took[took.len() * share / 100];
        println!(
            "  {width:>3}×{height}  p50 {:>9.3?}  p95 {:>9.3?}  longest {:>9.3?}",
            at(50),
            at(95),
            took[took.len() - 1]
        );
    }
}

fn measured(criterion: &mut Criterion) {
    let lists = [1_000, 100_000].map(|count| (format!("{count} patients"), patients(count)));
    let boards = [(format!("board of {BOARD}"), board(120, 40))];
    for (name, mut desk) in lists.into_iter().chain(boards) {
        let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
        let mut down = true;
        let mut press = |desk: &mut Desk| {
            desk.press(if down { "j" } else { "k" });
            desk.effects.clear();
            down = !down;
        };
        criterion.bench_function(&format!("update and draw, {name}, 120x40"), |bencher| {
            bencher.iter(|| {
                press(&mut desk);
                terminal
                    .draw(|frame| drop(view::draw(frame, &desk.model)))
                    .unwrap();
            });
        });
        criterion.bench_function(&format!("update alone, {name}"), |bencher| {
            bencher.iter(|| press(&mut desk));
        });
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    bytes_per_key();
    bytes_per_change();
    key_to_frame();
    measured(&mut criterion);
    criterion.final_summary();
}
