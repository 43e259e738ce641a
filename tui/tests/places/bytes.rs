//! What goes over a slow line: the bytes of a key's frame.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::support::clinic::busy;
use super::support::{Desk, Look};
use clinic_tui::term::Lean;
use clinic_tui::view;

/// Keeps what is written.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<u8>>>);

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal at the end of a line.
struct Line {
    terminal: Terminal<Lean<Sent>>,
    sent: Sent,
}

impl Line {
    fn to(desk: &Desk) -> Self {
        let sent = Sent::default();
        let area = Rect::new(0, 0, desk.size.width, desk.size.height);
        let options = TerminalOptions {
            viewport: Viewport::Fixed(area),
        };
        let backend = Lean::new(sent.clone());
        let terminal = Terminal::with_options(backend, options).unwrap();
        let mut line = Self { terminal, sent };
        line.draw(desk);
        line
    }

    /// Draws; answers what went over the line.
    fn draw(&mut self, desk: &Desk) -> String {
        self.sent.0.lock().unwrap().clear();
        self.terminal
            .draw(|frame| drop(view::draw(frame, &desk.model)))
            .unwrap();
        String::from_utf8(self.sent.0.lock().unwrap().clone()).unwrap()
    }
}

#[test]
fn going_down_the_board_takes_few_bytes() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = Desk::at_board(Look::new(width, height), busy(500));
        desk.press("home");
        let mut line = Line::to(&desk);
        let keys = ["j"; 12].into_iter().chain(["k"; 12]);
        let mut took: Vec<usize> = keys.map(|key| line.draw(desk.press(key)).len()).collect();
        took.sort_unstable();
        let (typical, most) = (took[took.len() / 2], took[took.len() - 1]);
        println!("{width}x{height}: {typical} typical, {most} at most");

        assert!(most <= 300, "{width}x{height}: {took:?}");
    }
}

#[test]
fn a_message_draws_its_own_lines_and_moves_no_rows() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        // At the head of the board, where its screen ends, and at the end of the list.
        for keys in ["home", "pgdn", "G"] {
            let mut desk = Desk::at_board(Look::new(width, height), busy(500));
            desk.press("home").press(keys).press("f5");
            let mut line = Line::to(&desk);
            desk.press("u").sees("There is nothing that");
            let sent = line.draw(&desk).len();
            desk.wait(9000).sees_no("There is nothing that");
            let gone = line.draw(&desk).len();
            println!("{width}x{height} after {keys}: comes {sent}, goes {gone}");
            assert!(
                sent <= 300 && gone <= 300,
                "{width}x{height} {keys}: {sent} {gone}"
            );
        }
    }
}
