//! `clinic` in a pseudo-terminal whose screen can be read.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal};

/// How long anything may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The program under test.
pub(crate) const CLINIC: &str = env!("CARGO_BIN_EXE_clinic");

/// A terminal with a program in it.
pub(crate) struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    reader: Option<JoinHandle<()>>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<Seen>,
    /// The line settings before the program started.
    before: String,
}

struct Seen {
    output: Mutex<Output>,
    changed: Condvar,
    let_go: AtomicBool,
}

struct Output {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    ended: bool,
}

impl Terminal {
    /// Starts `clinic` with these arguments and variables in 24 lines of 80 columns; `home` is its
    /// home directory.
    pub(crate) fn clinic(home: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::run(home, CLINIC, arguments, variables)
    }

    /// Starts any program.
    pub(crate) fn run(
        home: &Path,
        program: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system().openpty(size(24, 80)).unwrap();
        let before = line_settings(pair.master.as_ref());
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.env("HOME", home);
        command.env("PATH", "/usr/bin:/bin");
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);

        let seen = Arc::new(Seen {
            output: Mutex::new(Output {
                parser: vt100::Parser::new(cells(24), cells(80), 0),
                bytes: Vec::new(),
                ended: false,
            }),
            changed: Condvar::new(),
            let_go: AtomicBool::new(false),
        });
        let reader = pair.master.try_clone_reader().unwrap();
        let watched = Arc::clone(&seen);
        let reader = std::thread::spawn(move || watch(reader, &watched));
        let writer = pair.master.take_writer().unwrap();
        Self {
            master: Some(pair.master),
            writer: Some(writer),
            reader: Some(reader),
            child,
            seen,
            before,
        }
    }

    /// Types.
    pub(crate) fn send(&mut self, keys: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// The program's process.
    pub(crate) fn pid(&self) -> i32 {
        i32::try_from(self.child.process_id().unwrap()).unwrap()
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self.pid();
        rustix::process::kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// Changes the window's size.
    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        self.seen
            .output
            .lock()
            .unwrap()
            .parser
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        self.master
            .as_ref()
            .unwrap()
            .resize(size(rows, columns))
            .unwrap();
    }

    /// Waits until the screen shows this text.
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the screen is as it should be.
    pub(crate) fn wait_until(&self, what: &str, ready: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        let mut output = self.output();
        while !ready(output.parser.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !output.ended,
                "waiting for {what:?}; the screen shows:\n{}",
                output.parser.screen().contents()
            );
            output = self.seen.changed.wait_timeout(output, left).unwrap().0;
        }
    }

    /// What the screen shows.
    pub(crate) fn contents(&self) -> String {
        self.output().parser.screen().contents()
    }

    /// Every byte the program wrote.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.output().bytes.clone()
    }

    /// Waits for the end and answers the exit code.
    pub(crate) fn exit_code(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.read_the_rest(deadline);
                return status.exit_code();
            }
            assert!(
                Instant::now() < deadline,
                "it does not end; it shows:\n{}",
                self.contents()
            );
            std::thread::park_timeout(Duration::from_millis(10));
        }
    }

    /// What was written before the end may still be on its way.
    fn read_the_rest(&self, deadline: Instant) {
        let mut output = self.output();
        while self.reader.is_some() && !output.ended {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the terminal is still held by somebody");
            output = self.seen.changed.wait_timeout(output, left).unwrap().0;
        }
    }

    /// Whether the program still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Takes the terminal away, as a closed window or a broken SSH connection does.
    pub(crate) fn hang_up(&mut self) {
        self.seen.let_go.store(true, Ordering::SeqCst);
        // The reader notices with the next output: make the program draw.
        self.resize(30, 90);
        self.reader.take().unwrap().join().unwrap();
        self.writer = None;
        self.master = None;
    }

    /// Asserts that the terminal is as it was before the program started.
    pub(crate) fn assert_given_back(&self) {
        let after = line_settings(self.master.as_ref().unwrap().as_ref());
        assert_eq!(after, self.before, "line settings");
        let output = self.output();
        let screen = output.parser.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        // The emulator does not follow these two.
        for mode in ["?1004", "?2026"] {
            let text = String::from_utf8_lossy(&output.bytes);
            let (on, off) = (format!("{mode}h"), format!("{mode}l"));
            assert!(text.rfind(&on) <= text.rfind(&off), "{mode} is still on");
        }
    }

    /// Whether the terminal echoes and edits lines, as a shell expects it.
    pub(crate) fn is_cooked(&self) -> bool {
        line_settings(self.master.as_ref().unwrap().as_ref()) == self.before
    }

    fn output(&self) -> MutexGuard<'_, Output> {
        self.seen.output.lock().unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A failed test leaves it running; one that ended can't be killed, and need not be.
        let _ = self.child.kill();
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn line_settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn watch(mut reader: Box<dyn Read + Send>, seen: &Seen) {
    let mut chunk = [0; 4096];
    // A terminal without a program in it reads as an error on Linux, as an end elsewhere.
    while let Ok(length @ 1..) = reader.read(&mut chunk) {
        if seen.let_go.load(Ordering::SeqCst) {
            return;
        }
        let mut output = seen.output.lock().unwrap();
        output.parser.process(&chunk[..length]);
        output.bytes.extend_from_slice(&chunk[..length]);
        seen.changed.notify_all();
    }
    seen.output.lock().unwrap().ended = true;
    seen.changed.notify_all();
}
