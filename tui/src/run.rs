//! The loop: what happened goes into the model, the model onto the screen.
//!
//! There is no tick. The loop sleeps until an answer, a key, or the moment the model itself asked
//! for. Whatever has piled up is taken in at once and drawn once.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use clinic_shared::client::Client;
use clinic_shared::v1::user::Me;
use crossterm::event::{Event as TerminalEvent, KeyEventKind, MouseButton, MouseEventKind};
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use futures_util::{FutureExt, Stream, StreamExt};
use ratatui::Terminal;
use ratatui::backend::{Backend, TestBackend};
use ratatui::layout::Size;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;
use uuid::Uuid;

use crate::app::{Event, Model, Msg, Setup, update};
use crate::clock::Clock;
use crate::credentials::CredentialStore;
pub use crate::effect::ExitReason;
use crate::effect::{Arrival, Effect, Runner};
use crate::keymap::{KeyFileError, Keymap, user};
use crate::log::Ring;
use crate::prefs::Prefs;
use crate::profiles::Profiles;
use crate::term::Lean;
use crate::view::{self, Hits};

/// Frames are never closer than this: a burst of answers is one frame.
const BETWEEN_FRAMES: Duration = Duration::from_millis(10);
/// How long a window must rest after a change of its size before it is drawn once more.
const SETTLING: Duration = Duration::from_millis(150);

/// How many messages are taken in before a frame is drawn even if more are waiting.
const BATCH: usize = 256;

/// What the client starts with.
#[derive(Clone)]
pub struct Start {
    /// The server's address.
    pub server: String,
    /// Whose kept session is to be used; without it the sign-in screen comes first.
    pub user: Option<String>,
    /// Who is signed in already, if that is known.
    pub who: Option<Me>,
    /// A client that has tokens already.
    pub client: Option<Client>,
    /// Where refresh tokens are kept.
    pub credentials: Arc<dyn CredentialStore>,
    /// The configuration file.
    pub profiles: Profiles,
    /// The newest lines of the log, for the log pane.
    pub log: Ring,
    /// How the terminal looks and behaves.
    pub options: Options,
}

/// How the terminal looks and behaves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What was chosen, and what the terminal can do. That the terminal sends mouse events is the
    /// guard's affair.
    pub prefs: Prefs,
    /// The clinic's name, for the header.
    pub clinic_name: Option<String>,
    /// In the demo: who can be tried, and with which password.
    pub demo: Option<String>,
}

/// What comes from outside into the loop.
#[derive(Debug)]
pub enum Input {
    /// From the terminal.
    Terminal(TerminalEvent),
    /// The screen was lost (after a suspend, say): draw all of it again.
    Redraw,
    /// End the program.
    Stop(ExitReason),
}

impl From<TerminalEvent> for Input {
    fn from(event: TerminalEvent) -> Self {
        Input::Terminal(event)
    }
}

/// A backend whose frames can be held back until they are complete.
pub trait Surface: Backend {
    /// Before a frame: the terminal shows nothing of it yet.
    ///
    /// # Errors
    /// The terminal can't be written.
    fn begin_frame(&mut self) -> Result<(), Self::Error>;

    /// After a frame: the terminal shows it.
    ///
    /// # Errors
    /// The terminal can't be written.
    fn end_frame(&mut self) -> Result<(), Self::Error>;
}

impl<W: Write> Surface for Lean<W> {
    fn begin_frame(&mut self) -> io::Result<()> {
        crossterm::queue!(self, BeginSynchronizedUpdate)
    }

    fn end_frame(&mut self) -> io::Result<()> {
        crossterm::execute!(self, EndSynchronizedUpdate)
    }
}

impl Surface for TestBackend {
    fn begin_frame(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn end_frame(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Why the loop could not run. `Display` is one sentence.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The user's key file.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The terminal can't be written.
    #[error("The terminal can't be written ({0}).")]
    Terminal(String),
}

/// Runs the client until it is left.
///
/// # Errors
/// The key file is faulty, or the terminal can't be written.
pub async fn run<B, S>(
    terminal: &mut Terminal<B>,
    input: S,
    start: Start,
) -> Result<ExitReason, RunError>
where
    B: Surface,
    S: Stream<Item = Input> + Unpin,
{
    run_at(terminal, input, start, Clock::system()).await
}

/// As [`run`], with another clock.
///
/// # Errors
/// As [`run`].
pub async fn run_at<B, S>(
    terminal: &mut Terminal<B>,
    mut input: S,
    start: Start,
    clock: Clock,
) -> Result<ExitReason, RunError>
where
    B: Surface,
    S: Stream<Item = Input> + Unpin,
{
    let broken = |error: B::Error| RunError::Terminal(error.to_string());
    let mut model = Model::new(setup(&start, terminal.size().map_err(broken)?, &clock)?);
    let mut hits = draw(terminal, &model).map_err(broken)?;
    let mut drawn = Instant::now();

    let (sender, mut arrivals) = unbounded_channel();
    let mut runner = Runner::new(
        start.client,
        start.credentials,
        start.profiles,
        start.log,
        sender,
    );
    let mut pending = VecDeque::from([Event::Started]);
    let mut settles: Option<Instant> = None;
    loop {
        // Take in whatever is there.
        let mut taken = 0;
        while let Some(event) = next_event(&mut pending, &mut arrivals, &mut taken) {
            let effects = update(
                &mut model,
                Msg {
                    at: clock.now(),
                    event,
                },
            );
            if let Some(reason) = start_all(&mut runner, effects) {
                return Ok(reason);
            }
        }

        // A window that was dragged may have eaten part of a frame: draw once more when it rests.
        if settles.is_some_and(|at| at <= Instant::now()) {
            settles = None;
            // The size is asked for: what was heard of it on the way may be out of date.
            let size = redraw(terminal).map_err(broken)?;
            pending.push_front(Event::Resized(size));
            continue;
        }

        // Draw it, unless the last frame was a moment ago: more may come before the next is due.
        let wait = BETWEEN_FRAMES.saturating_sub(drawn.elapsed());
        if wait.is_zero() {
            hits = draw(terminal, &model).map_err(broken)?;
            drawn = Instant::now();
        }

        let asleep = if !pending.is_empty() {
            Duration::ZERO
        } else if wait.is_zero() {
            (model.next_wake() - clock.now())
                .to_std()
                .unwrap_or_default()
        } else {
            wait
        };
        let asleep = settles.map_or(asleep, |at| {
            asleep.min(at.saturating_duration_since(Instant::now()))
        });
        tokio::select! {
            biased;
            Some(arrival) = arrivals.recv() => pending.push_back(landed(arrival)),
            arrived = input.next() => {
                let mut next = Some(arrived);
                while let Some(arrived) = next {
                    match arrived {
                        None => return Ok(ExitReason::HungUp),
                        Some(Input::Redraw) => {
                            redraw(terminal).map_err(broken)?;
                            settles = Some(Instant::now() + SETTLING);
                        }
                        Some(Input::Stop(reason)) => pending.push_back(Event::Stop(reason)),
                        Some(Input::Terminal(event)) => {
                            pending.extend(meaning(event, &hits, model.takes_mouse()));
                        }
                    }
                    next = if pending.len() < BATCH { input.next().now_or_never() } else { None };
                }
            }
            () = tokio::time::sleep(asleep) => pending.push_back(Event::Woke),
        }
    }
}

/// Forgets what is on the screen, so that the next frame is drawn whole; answers the size.
fn redraw<B: Surface>(terminal: &mut Terminal<B>) -> Result<Size, B::Error> {
    // Not `clear`: it asks the terminal where its cursor is, and over a slow line the answer is
    // late and read as keys.
    let size = terminal.size()?;
    terminal.resize(size.into())?;
    Ok(size)
}

fn setup(start: &Start, size: Size, clock: &Clock) -> Result<Setup, KeyFileError> {
    let options = &start.options;
    Ok(Setup {
        now: clock.now(),
        run: Uuid::new_v4(),
        size,
        server: start.server.clone(),
        user: start.user.clone(),
        who: start.who.clone(),
        connected: start.client.is_some(),
        servers: start.profiles.servers.clone(),
        clinic_name: options.clinic_name.clone(),
        demo: options.demo.clone(),
        theme: options.prefs.shown_theme(),
        glyphs: options.prefs.glyphs(),
        keymap: match &options.prefs.keys {
            Some(path) => user::load(path)?,
            None => Keymap::default(),
        },
        prefs: options.prefs.clone(),
        default_server: start.profiles.address(None),
    })
}

fn next_event(
    pending: &mut VecDeque<Event>,
    arrivals: &mut UnboundedReceiver<Arrival>,
    taken: &mut usize,
) -> Option<Event> {
    if *taken >= BATCH {
        return None;
    }
    *taken += 1;
    pending
        .pop_front()
        .or_else(|| arrivals.try_recv().ok().map(landed))
}

fn landed(arrival: Arrival) -> Event {
    match arrival {
        Arrival::Answer(answer) => Event::Answered(answer),
        Arrival::Heard(heard) => Event::Heard(heard),
        Arrival::Log(lines) => Event::Log(lines),
    }
}

fn start_all(runner: &mut Runner, effects: Vec<Effect>) -> Option<ExitReason> {
    effects.into_iter().find_map(|effect| runner.start(effect))
}

fn draw<B: Surface>(terminal: &mut Terminal<B>, model: &Model) -> Result<Hits, B::Error> {
    terminal.backend_mut().begin_frame()?;
    let mut hits = Hits::default();
    terminal.draw(|frame| hits = view::draw(frame, model))?;
    terminal.backend_mut().end_frame()?;
    Ok(hits)
}

/// What a terminal's event means to the model.
fn meaning(event: TerminalEvent, hits: &Hits, takes_mouse: bool) -> Option<Event> {
    match event {
        TerminalEvent::Key(key) => (key.kind != KeyEventKind::Release).then_some(Event::Key(key)),
        TerminalEvent::Paste(text) => Some(Event::Pasted(text)),
        TerminalEvent::Resize(width, height) => Some(Event::Resized(Size::new(width, height))),
        TerminalEvent::Mouse(mouse) if takes_mouse => {
            let spot = hits.spot(mouse.column, mouse.row)?;
            match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Some(Event::Clicked(spot)),
                MouseEventKind::ScrollDown => Some(Event::Wheeled { spot, down: true }),
                MouseEventKind::ScrollUp => Some(Event::Wheeled { spot, down: false }),
                _ => None,
            }
        }
        TerminalEvent::Mouse(_) | TerminalEvent::FocusGained | TerminalEvent::FocusLost => None,
    }
}
