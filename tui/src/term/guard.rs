//! Entering and leaving the terminal's modes, in pairs.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use crossterm::style::{ResetColor, SetAttribute};
use crossterm::terminal::{
    self, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};
use crossterm::{cursor, queue};

/// Which optional modes to enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modes {
    /// Take clicks and the wheel; off leaves selecting to the terminal.
    pub mouse: bool,
}

/// What is on at this moment. There is one terminal, and a panic must find it without the guard:
/// hence one static.
static ENTERED: Mutex<Entered> = Mutex::new(Entered {
    raw: false,
    screen: false,
    mouse: false,
    by: None,
});

/// Whether the mouse is wanted: it can be changed while the terminal is held.
static MOUSE: AtomicBool = AtomicBool::new(false);

#[derive(Clone, Copy)]
struct Entered {
    raw: bool,
    screen: bool,
    mouse: bool,
    by: Option<ThreadId>,
}

/// Holds the terminal in raw mode on its alternate screen; dropping it gives the terminal back.
#[derive(Debug)]
pub struct Guard {
    _private: (),
}

impl Guard {
    /// Enters raw mode, the alternate screen, bracketed paste, focus reports, and the mouse if
    /// `modes` says so.
    ///
    /// # Errors
    /// What the terminal says; whatever was entered by then is left again.
    pub fn enter(modes: Modes) -> io::Result<Self> {
        MOUSE.store(modes.mouse, Ordering::Relaxed);
        let guard = Self { _private: () };
        guard.take()?;
        Ok(guard)
    }

    /// Gives the terminal back and stops this process group, as ctrl-z does in other programs. When
    /// it is continued, [`super::Signal::Continue`] arrives and wants [`Guard::resume`]; what is
    /// drawn until then goes nowhere.
    ///
    /// Answers false, and does nothing, where no shell waits to continue us: stopping there would
    /// be for ever.
    ///
    /// # Errors
    /// What the terminal or the system says.
    pub fn suspend(&self) -> io::Result<bool> {
        if !has_job_control() {
            return Ok(false);
        }
        leave()?;
        // Nobody is to take a form that waits here for one that is lost.
        writeln!(io::stdout(), "Clinic is stopped; type fg to come back.")?;
        // With several threads this one may run on for a moment before the process stops: the
        // terminal must not be taken again here.
        stop()?;
        Ok(true)
    }

    /// Takes the terminal again after we were stopped. The caller then draws everything.
    ///
    /// # Errors
    /// What the terminal says.
    pub fn resume(&self) -> io::Result<()> {
        // After SIGSTOP from outside we believe modes to be on that the shell has changed.
        leave()?;
        self.take()
    }

    fn take(&self) -> io::Result<()> {
        let taken = self.try_take();
        if taken.is_err() {
            // The first error is the one to report.
            let _ = leave();
        }
        taken
    }

    fn try_take(&self) -> io::Result<()> {
        let mut entered = entered();
        entered.by = Some(thread::current().id());
        terminal::enable_raw_mode()?;
        entered.raw = true;
        let mut out = io::stdout();
        entered.screen = true;
        queue!(
            out,
            EnterAlternateScreen,
            EnableBracketedPaste,
            EnableFocusChange
        )?;
        if MOUSE.load(Ordering::Relaxed) {
            entered.mouse = true;
            queue!(out, EnableMouseCapture)?;
        }
        queue!(out, cursor::Hide)?;
        out.flush()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // A terminal that is gone can't be restored, and there is nobody left to tell.
        let _ = leave();
    }
}

/// Takes the mouse, or leaves it to the terminal, from now on; where no terminal is held, only
/// what is wanted is noted.
///
/// # Errors
/// The terminal can't be written.
pub fn take_mouse(on: bool) -> io::Result<()> {
    MOUSE.store(on, Ordering::Relaxed);
    let mut entered = entered();
    if !entered.screen || entered.mouse == on {
        return Ok(());
    }
    entered.mouse = on;
    let mut out = io::stdout();
    if on {
        queue!(out, EnableMouseCapture)?;
    } else {
        queue!(out, DisableMouseCapture)?;
    }
    out.flush()
}

fn entered() -> MutexGuard<'static, Entered> {
    ENTERED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the terminal is held by this thread.
pub(super) fn held_by_this_thread() -> bool {
    // A panic inside this module holds the lock already; then it is this thread's.
    ENTERED.try_lock().map_or(true, |entered| {
        (entered.raw || entered.screen) && entered.by == Some(thread::current().id())
    })
}

/// Whether any thread holds the terminal.
pub(super) fn is_held() -> bool {
    ENTERED
        .try_lock()
        .map_or(true, |entered| entered.raw || entered.screen)
}

/// Undoes what was entered and is still on; called twice it does nothing the second time.
///
/// # Errors
/// The first error; the rest is undone nevertheless.
pub(super) fn leave() -> io::Result<()> {
    let mut entered = entered();
    let (was, mut out) = (*entered, io::stdout());
    *entered = Entered {
        raw: false,
        screen: false,
        mouse: false,
        by: None,
    };
    drop(entered);

    let mut first = Ok(());
    let mut note = |result: io::Result<()>| {
        if first.is_ok() {
            first = result;
        }
    };
    if was.mouse {
        note(queue!(out, DisableMouseCapture));
    }
    if was.screen {
        // A frame may have been cut off in the middle: the terminal must not wait for its end.
        note(queue!(
            out,
            EndSynchronizedUpdate,
            DisableFocusChange,
            DisableBracketedPaste,
            ResetColor,
            SetAttribute(crossterm::style::Attribute::Reset),
            cursor::SetCursorStyle::DefaultUserShape,
            LeaveAlternateScreen,
            cursor::Show
        ));
        note(out.flush());
    }
    if was.raw {
        note(terminal::disable_raw_mode());
    }
    first
}

/// Whether a shell controls jobs here: it does if our process group is not the session leader's.
/// It is that for `ssh host clinic` or a terminal window that runs `clinic` itself.
#[cfg(unix)]
fn has_job_control() -> bool {
    rustix::process::getsid(None).is_ok_and(|session| session != rustix::process::getpgrp())
}

/// The whole group, as the terminal itself would: a wrapper script stops with us. SIGSTOP, because
/// SIGTSTP has a handler here.
#[cfg(unix)]
fn stop() -> io::Result<()> {
    rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
    Ok(())
}

#[cfg(not(unix))]
fn has_job_control() -> bool {
    false
}

#[cfg(not(unix))]
fn stop() -> io::Result<()> {
    Ok(())
}
