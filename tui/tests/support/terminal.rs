//! A terminal whose screen and bytes a test can look at while the program runs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clinic_tui::run::{Input, Surface};
use clinic_tui::term::Lean;
use crossterm::event::{Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers};
use futures_util::Stream;
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What arrived at the terminal.
pub(crate) struct Screen {
    pub(crate) parser: vt100::Parser,
    pub(crate) bytes: usize,
    pub(crate) frames: usize,
    pub(crate) raw: Vec<u8>,
}

#[derive(Clone)]
pub(crate) struct Tap(Arc<Mutex<Screen>>);

impl Write for Tap {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut screen = self.0.lock().unwrap();
        screen.parser.process(bytes);
        screen.bytes += bytes.len();
        screen.raw.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The program's end of the terminal.
pub(crate) struct Watched {
    inner: Lean<Tap>,
    size: Size,
    screen: Arc<Mutex<Screen>>,
}

impl Backend for Watched {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.inner.draw(content)
    }
    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }
    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }
    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }
    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }
    fn clear_region(&mut self, kind: ClearType) -> io::Result<()> {
        self.inner.clear_region(kind)
    }
    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }
    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::ZERO,
        })
    }
    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

impl Surface for Watched {
    fn begin_frame(&mut self) -> io::Result<()> {
        self.inner.begin_frame()
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.inner.end_frame()?;
        self.screen.lock().unwrap().frames += 1;
        Ok(())
    }
}

/// The person's end of the terminal.
pub(crate) struct Person {
    screen: Arc<Mutex<Screen>>,
    keys: UnboundedSender<Input>,
}

/// A terminal of this size, the input it sends, and who sits in front of it.
pub(crate) fn terminal(
    width: u16,
    height: u16,
) -> (Terminal<Watched>, impl Stream<Item = Input> + Unpin, Person) {
    let screen = Arc::new(Mutex::new(Screen {
        parser: vt100::Parser::new(height.try_into().unwrap(), width.try_into().unwrap(), 0),
        bytes: 0,
        frames: 0,
        raw: Vec::new(),
    }));
    let inner = Lean::new(Tap(Arc::clone(&screen)));
    let backend = Watched {
        inner,
        size: Size::new(width, height),
        screen: Arc::clone(&screen),
    };
    let (keys, receiver) = unbounded_channel();
    let input =
        futures_util::stream::unfold(receiver, |mut receiver: UnboundedReceiver<Input>| async {
            receiver.recv().await.map(|input| (input, receiver))
        });
    (
        Terminal::new(backend).unwrap(),
        Box::pin(input),
        Person { screen, keys },
    )
}

impl Person {
    pub(crate) fn press(&self, keys: &str) {
        for key in keys.split(' ') {
            let chord: clinic_tui::keymap::chord::Chord = key.parse().unwrap();
            self.send(KeyEvent::new(chord.code, chord.modifiers));
        }
    }

    pub(crate) fn type_text(&self, text: &str) {
        for c in text.chars() {
            self.send(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        }
    }

    fn send(&self, key: KeyEvent) {
        self.send_event(TerminalEvent::Key(key));
    }

    pub(crate) fn send_event(&self, event: TerminalEvent) {
        self.keys.send(Input::Terminal(event)).unwrap();
    }

    pub(crate) fn send_input(&self, input: Input) {
        self.keys.send(input).unwrap();
    }

    pub(crate) fn text(&self) -> String {
        self.screen.lock().unwrap().parser.screen().contents()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.screen.lock().unwrap().bytes
    }

    pub(crate) fn frames(&self) -> usize {
        self.screen.lock().unwrap().frames
    }

    pub(crate) fn raw(&self) -> Vec<u8> {
        self.screen.lock().unwrap().raw.clone()
    }

    /// Waits until the screen shows this; answers how long that took.
    pub(crate) async fn sees(&self, text: &str) -> Duration {
        self.waits_until(&format!("the screen shows {text:?}"), |screen| {
            screen.contains(text)
        })
        .await
    }

    pub(crate) async fn sees_no_more(&self, text: &str) -> Duration {
        self.waits_until(&format!("{text:?} goes"), |screen| !screen.contains(text))
            .await
    }

    /// Looks at the screen as the terminal holds it.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.screen.lock().unwrap().parser.screen())
    }

    pub(crate) async fn waits_until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> Duration {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if is_so(&self.text()) {
                return begun.elapsed();
            }
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        panic!("in vain until {what}:\n{}", self.text());
    }
}
