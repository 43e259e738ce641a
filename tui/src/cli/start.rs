//! `clinic` without a subcommand: from the command line to the screens.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crossterm::event::{Event, EventStream, KeyCode, KeyModifiers};
use futures_util::{Stream, StreamExt, stream};
use ratatui::Terminal;
use tokio::sync::mpsc;

use super::session::Session;
use super::{CliError, Global};
use crate::environment::Environment;
use crate::log;
use crate::prefs::{LOCK_MINUTES, Prefs};
use crate::profiles::SavedOptions;
use crate::run::{self, ExitReason, Input, Options, Start};
use crate::term::{self, Guard, Lean, Modes, Profile, Screen, Signal, Signals};

/// Opens the screens and answers the exit code once they are left.
pub(super) async fn tui(global: &Global, environment: &Environment) -> Result<ExitCode, CliError> {
    term::check_interactive(environment)?;
    let session = Session::open(global, environment)?;
    let options = options(global, &session.profiles.options, environment)?;
    let log = log::start(global.log.as_deref())?;
    // The token answers for every user: no need to look one up.
    let client = if session.token_given {
        Some(session.signed_in()?)
    } else {
        None
    };
    show(Start {
        server: session.server,
        user: session.user,
        who: None,
        client,
        credentials: session.credentials,
        profiles: session.profiles,
        log,
        options,
    })
    .await
}

/// How the screens look: the command line, else the configuration, else what the environment tells
/// of the terminal.
///
/// # Errors
/// There is no such theme, or no such way to write days.
pub(crate) fn options(
    global: &Global,
    saved: &SavedOptions,
    environment: &Environment,
) -> Result<Options, CliError> {
    let profile = Profile::new(environment);
    let theme = global.theme.as_ref().or(saved.theme.as_ref());
    let dates = saved.dates.as_ref().map(|name| name.parse());
    Ok(Options {
        prefs: Prefs {
            theme: theme
                .map(|name| name.parse())
                .transpose()?
                .unwrap_or_default(),
            ascii: if global.ascii {
                Some(true)
            } else {
                saved.ascii
            },
            mouse: !global.no_mouse && saved.mouse.unwrap_or(true),
            dates: dates.transpose()?.unwrap_or_default(),
            lock_minutes: saved.lock_minutes.unwrap_or(LOCK_MINUTES),
            keys: saved.keys.clone(),
            no_color: !profile.color,
            unicode: profile.unicode,
        },
        clinic_name: None,
        demo: None,
    })
}

/// Takes the terminal, runs the screens in it, and gives it back.
///
/// # Errors
/// The terminal can't be used, or the key file is faulty.
pub(crate) async fn show(start: Start) -> Result<ExitCode, CliError> {
    term::restore_on_panic();
    let ended_by = Arc::new(AtomicU8::new(0));
    // Before the terminal is entered: a signal in between would leave it raw.
    let signals = Signals::listen()?;
    let guard = Guard::enter(Modes {
        mouse: start.options.prefs.mouse,
    })?;
    let mut terminal = Terminal::new(Lean::new(Screen::default()))?;
    let inputs = Box::pin(inputs(&guard, signals, Arc::clone(&ended_by)));
    let reason = run::run(&mut terminal, inputs, start).await;
    drop(guard);
    Ok(match (reason?, ended_by.load(Ordering::Relaxed)) {
        (ExitReason::Quit, _) => ExitCode::SUCCESS,
        (ExitReason::HungUp, 0) => ExitCode::from(129),
        (ExitReason::Terminated, 0) => ExitCode::from(143),
        (_, code) => ExitCode::from(code),
    })
}

enum Incoming {
    Terminal(io::Result<Event>),
    Signal(Signal),
}

/// Keys and signals as the loop wants them. Suspending happens in here: the loop only learns that
/// its screen was lost meanwhile.
fn inputs(
    guard: &Guard,
    signals: Signals,
    ended_by: Arc<AtomicU8>,
) -> impl Stream<Item = Input> + use<'_> {
    let signals = stream::unfold(signals, |mut signals| async {
        let signal = signals.next().await;
        Some((Incoming::Signal(signal), signals))
    });
    stream::select(signals, events().map(Incoming::Terminal)).flat_map(move |incoming| {
        // A window that was made smaller and large again in a moment has its old size and has lost
        // its content.
        let lost = matches!(incoming, Incoming::Terminal(Ok(Event::Resize(..))));
        let meant = match incoming {
            Incoming::Terminal(Ok(event)) => key(guard, event),
            Incoming::Terminal(Err(_)) => Some(gone()),
            Incoming::Signal(Signal::Suspend) => guard.suspend().err().map(|_| gone()),
            Incoming::Signal(Signal::Continue) => {
                Some(guard.resume().map_or_else(|_| gone(), |()| Input::Redraw))
            }
            Incoming::Signal(Signal::End(code)) => {
                ended_by.store(code, Ordering::Relaxed);
                Some(Input::Stop(match code {
                    129 => ExitReason::HungUp,
                    _ => ExitReason::Terminated,
                }))
            }
        };
        stream::iter(meant.into_iter().chain(lost.then_some(Input::Redraw)))
    })
}

/// The terminal's events, read by a task of their own. The library's stream remembers only the
/// first who waited for it; the loop also looks without waiting, and would then never be woken.
///
/// It listens from this call on, not from the task's first turn: a window whose size changes right
/// after the first frame would otherwise lose it, and nobody would hear of that.
fn events() -> impl Stream<Item = io::Result<Event>> {
    let (tell, mut read) = mpsc::channel(64);
    let mut events = EventStream::new();
    tokio::spawn(async move {
        while let Some(event) = events.next().await {
            if tell.send(event).await.is_err() {
                return;
            }
        }
    });
    stream::poll_fn(move |context| read.poll_recv(context))
}

/// Raw mode makes ctrl-z a key like any other. Where there is no shell to come back to, it is one.
fn key(guard: &Guard, event: Event) -> Option<Input> {
    #[cfg(debug_assertions)]
    panic_if_asked(&event);
    let suspends = event.as_key_press_event().is_some_and(|key| {
        key.code == KeyCode::Char('z') && key.modifiers == KeyModifiers::CONTROL
    });
    if !suspends {
        return Some(Input::Terminal(event));
    }
    match guard.suspend() {
        Ok(true) => None,
        Ok(false) => Some(Input::Terminal(event)),
        Err(_) => Some(gone()),
    }
}

/// A terminal that can't be given back or taken again is not there any more.
fn gone() -> Input {
    Input::Stop(ExitReason::HungUp)
}

/// The first key panics if `CLINIC_TEST_PANIC` is set: how else to test what a panic leaves behind?
#[cfg(debug_assertions)]
#[expect(clippy::panic, reason = "that is its purpose")]
fn panic_if_asked(event: &Event) {
    if crate::environment::test_panic() && event.is_key_press() {
        panic!("CLINIC_TEST_PANIC is set");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Theme;

    fn environment() -> Environment {
        Environment {
            locale: Some("C.UTF-8".to_owned()),
            ..Environment::default()
        }
    }

    #[test]
    fn the_command_line_beats_the_file_which_beats_the_terminal() {
        let saved = SavedOptions {
            theme: Some("light".to_owned()),
            ascii: Some(false),
            mouse: Some(false),
            ..SavedOptions::default()
        };
        let global = Global {
            theme: Some("dark".to_owned()),
            ..Global::default()
        };
        let plain = Environment {
            locale: None,
            ..environment()
        };
        let chosen = options(&global, &saved, &plain).unwrap();
        assert_eq!(chosen.prefs.theme, Theme::Dark);
        assert!(
            chosen.prefs.glyphs() != crate::glyphs::Glyphs::ASCII,
            "the file says glyphs, whatever the locale"
        );
        assert!(!chosen.prefs.mouse);

        let chosen = options(&Global::default(), &SavedOptions::default(), &plain).unwrap();
        assert!(chosen.prefs.glyphs() == crate::glyphs::Glyphs::ASCII && chosen.prefs.mouse);
    }

    #[test]
    fn an_unknown_theme_is_a_usage_error() {
        let global = Global {
            theme: Some("pink".to_owned()),
            ..Global::default()
        };
        let refused = options(&global, &SavedOptions::default(), &environment()).unwrap_err();
        assert_eq!(refused.code(), 2);
    }
}
