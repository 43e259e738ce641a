//! The client's state and the one function that changes it.
//!
//! [`update`] is pure: no I/O, no clock. Time comes with every [`Msg`]; what has to happen outside
//! goes out as [`Effect`]s.

mod answers;
mod flights;
mod keys;
mod link;
mod live;
pub(crate) mod lock;
mod pointer;
mod session;
mod toasts;

use std::collections::BTreeMap;

use chrono::{FixedOffset, NaiveDate};
use crossterm::event::KeyEvent;
use ratatui::layout::Size;
use uuid::Uuid;

pub(crate) use flights::Flights;
pub(crate) use keys::{key_beneath, key_now, key_on_top, keys_beneath, pending, run};
pub(crate) use link::{Link, seconds, try_now};
pub(crate) use live::{Live, State as LiveState, follow_now, want};
pub(crate) use pointer::Target;
pub(crate) use session::{Session, display_name, sign_out};
pub(crate) use toasts::{Toast, Tone};

use crate::clock::Now;
use crate::command::Scope;
use crate::effect::{Answer, Call, Effect, ExitReason, Heard, Slot};
use crate::glyphs::Glyphs;
use crate::keymap::Keymap;
use crate::keymap::chord::Chord;
use crate::layers::Layer;
use crate::prefs::Prefs;
use crate::profiles::{OptionsChange, ServerProfile};
use crate::screens::away::Days;
use crate::screens::contacts::Contacts;
use crate::screens::deeds::Deeds;
use crate::screens::doctors::Doctors;
use crate::screens::own_sessions::OwnSessions;
use crate::screens::patients::Patients;
use crate::screens::place::Place;
use crate::screens::queue::Turns;
use crate::screens::today::Today;
use crate::screens::users::Users;
use crate::screens::waitlist::Waitlist;
use crate::screens::windows::Windows;
use crate::screens::{audit::Audit, decisions::Decisions};
use crate::screens::{deeds, finder, queue, signin, today};
use crate::text;
use crate::theme::Theme;

/// What the model begins with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The time now.
    pub now: Now,
    /// What this run is known by among all runs anywhere: chance, for keys that nobody else makes.
    pub run: Uuid,
    /// The terminal's size in cells.
    pub size: Size,
    /// The server's address.
    pub server: String,
    /// Who signs in, if it is known.
    pub user: Option<String>,
    /// Who is signed in already.
    pub who: Option<clinic_shared::v1::user::Me>,
    /// Whether there is a client with tokens already.
    pub connected: bool,
    /// Known servers.
    pub servers: Vec<ServerProfile>,
    /// The clinic's name, for the header; the server's address stands in for it.
    pub clinic_name: Option<String>,
    /// In the demo: who can be tried, and with which password.
    pub demo: Option<String>,
    /// The styles.
    pub theme: Theme,
    /// The symbols.
    pub glyphs: Glyphs,
    /// The keys.
    pub keymap: Keymap,
    /// What was chosen of how the screens look and behave.
    pub prefs: Prefs,
    /// The address of the server that is used where none is named.
    pub default_server: String,
}

/// Something that happened, and when.
#[derive(Debug, Clone)]
pub struct Msg {
    /// When.
    pub at: Now,
    /// What.
    pub event: Event,
}

/// What can happen.
#[derive(Debug, Clone)]
pub enum Event {
    /// The program has started and its first frame is drawn.
    Started,
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Pasted(String),
    /// Something was clicked.
    Clicked(Spot),
    /// The wheel was turned over something.
    Wheeled {
        /// Over what.
        spot: Spot,
        /// Towards the end?
        down: bool,
    },
    /// The terminal has a new size.
    Resized(Size),
    /// A moment the model waited for has come.
    Woke,
    /// A call ended.
    Answered(Answer),
    /// The stream of events said something.
    Heard(Heard),
    /// The newest log lines.
    Log(Vec<String>),
    /// The system wants the program to end.
    Stop(ExitReason),
}

/// A place on the screen that means something to the mouse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot(pub(crate) Target);

/// Everything the client knows.
#[derive(Debug)]
pub struct Model {
    pub(crate) now: Now,
    /// How far the clinic's clocks are from UTC, once an answer told it.
    pub(crate) zone: Option<FixedOffset>,
    /// Keys for writes, each made once.
    keys: Keys,
    pub(crate) size: Size,
    pub(crate) theme: Theme,
    pub(crate) glyphs: Glyphs,
    pub(crate) keymap: Keymap,
    pub(crate) prefs: Prefs,
    /// What was changed in the settings and is not written yet.
    pub(crate) unsaved: OptionsChange,
    /// When a key was pressed last.
    pub(crate) touched: Now,
    /// Keys of a sequence that is not complete.
    pub(crate) pressed: Vec<Chord>,
    pub(crate) server: String,
    pub(crate) servers: Vec<ServerProfile>,
    pub(crate) default_server: String,
    /// The server that the question on the screen is about.
    pub(crate) going_to: Option<ServerProfile>,
    pub(crate) clinic_name: Option<String>,
    pub(crate) demo: Option<String>,
    pub(crate) session: Session,
    pub(crate) link: Link,
    /// Whether what happens is heard of.
    pub(crate) live: Live,
    pub(crate) flights: Flights,
    /// Reads that did not arrive, to be asked again when that can succeed.
    pub(crate) missed: BTreeMap<Slot, Call>,
    pub(crate) toasts: Vec<Toast>,
    /// Where one is.
    pub(crate) place: Place,
    pub(crate) today: Today,
    pub(crate) turns: Turns,
    pub(crate) patients: Patients,
    pub(crate) doctors: Doctors,
    pub(crate) contacts: Contacts,
    pub(crate) users: Users,
    pub(crate) own_sessions: OwnSessions,
    pub(crate) waitlist: Waitlist,
    pub(crate) decisions: Decisions,
    pub(crate) audit: Audit,
    /// When doctors are away, and the clinic closed.
    pub(crate) days: Days,
    /// When doctors can be booked in any week.
    pub(crate) windows: Windows,
    /// What is done with appointments.
    pub(crate) deeds: Deeds,
    /// What lies over the screen; the last one is on top and gets the keys.
    pub(crate) layers: Vec<Layer>,
    pub(crate) log: Vec<String>,
}

/// Changes the model by what happened; answers what has to be done outside it.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    model.now = msg.at;
    let is_log = matches!(msg.event, Event::Log(_));
    let before = model.over();
    let mut effects = lock::check(model);
    let is_locked_now = !effects.is_empty();
    let is_touch = matches!(
        msg.event,
        Event::Key(_) | Event::Pasted(_) | Event::Clicked(_) | Event::Wheeled { .. }
    );
    if is_touch {
        model.touched = model.now;
    }
    if matches!(msg.event, Event::Key(_) | Event::Clicked(_)) {
        toasts::age(model);
    }
    effects.extend(match msg.event {
        // Whoever touches it then wakes it up, and does nothing else.
        _ if is_touch && is_locked_now => Vec::new(),
        Event::Started => session::start(model),
        Event::Key(key) => keys::press(model, Chord::from(key)),
        Event::Pasted(text) => keys::paste(model, &text),
        Event::Clicked(Spot(target)) => pointer::click(model, target),
        Event::Wheeled {
            spot: Spot(target),
            down,
        } => pointer::wheel(model, target, down),
        Event::Resized(size) => {
            model.size = size;
            Vec::new()
        }
        Event::Woke => Vec::new(),
        Event::Answered(answer) => answers::land(model, answer),
        Event::Heard(heard) => live::heard(model, heard),
        Event::Log(lines) => {
            model.log = lines
                .iter()
                .map(|line| text::line(line).into_owned())
                .collect();
            Vec::new()
        }
        Event::Stop(reason) => vec![Effect::Exit(reason)],
    });
    // A session that is there again may have rested for too long.
    effects.extend(lock::check(model));
    toasts::expire(model);
    today::expire(model);
    queue::expire(model);
    model.place.list().expire(model);
    model.follow(before);
    effects.extend(link::due(model));
    effects.extend(deeds::due(model));
    effects.extend(today::correct_day(model));
    effects.extend(live::keep(model));
    effects.extend(model.settle());
    if !is_log && matches!(model.layers.last(), Some(Layer::Log(_))) {
        effects.push(Effect::ReadLog);
    }
    effects
}

impl Model {
    /// A model before anything has happened. Where nobody can be signed in without asking, the
    /// sign-in screen is up from the first frame.
    pub fn new(setup: Setup) -> Self {
        let session = match (setup.who, &setup.user) {
            (Some(who), _) => Session::In(Box::new(crate::sanitize::me(who))),
            (None, Some(_)) => Session::Opening(setup.user.clone()),
            (None, None) if setup.connected => Session::Opening(None),
            (None, None) => Session::Out,
        };
        let mut model = Self {
            now: setup.now,
            zone: None,
            keys: Keys {
                run: setup.run,
                made: 0,
            },
            size: setup.size,
            theme: setup.theme,
            glyphs: setup.glyphs,
            keymap: setup.keymap,
            prefs: setup.prefs,
            unsaved: OptionsChange::default(),
            touched: setup.now,
            pressed: Vec::new(),
            server: setup.server,
            servers: setup.servers,
            default_server: setup.default_server,
            going_to: None,
            clinic_name: setup.clinic_name.map(|name| text::line(&name).into_owned()),
            demo: setup.demo,
            session,
            link: Link::Up,
            live: Live::new(setup.run),
            flights: Flights::default(),
            missed: BTreeMap::new(),
            toasts: Vec::new(),
            place: Place::default(),
            turns: Turns::default(),
            today: Today::on(setup.now.date_naive()),
            patients: Patients::default(),
            doctors: Doctors::default(),
            contacts: Contacts::default(),
            users: Users::default(),
            own_sessions: OwnSessions::default(),
            waitlist: Waitlist::default(),
            decisions: Decisions::default(),
            audit: Audit::default(),
            days: Days::default(),
            windows: Windows::default(),
            deeds: Deeds::default(),
            layers: Vec::new(),
            log: Vec::new(),
        };
        if let Some(who) = model.session.who() {
            model.place = Place::home(who.role);
        }
        if matches!(model.session, Session::Out) {
            signin::open(&mut model, None);
        }
        model
    }

    /// When the screen changes next without anything happening: a toast ends, a retry is due, a
    /// wait becomes long enough to be shown, the minute turns.
    pub fn next_wake(&self) -> Now {
        [
            self.link.next_wake(self.now),
            toasts::next_wake(self),
            self.flights.next_wake(self.now),
            today::next_wake(self),
            self.place.list().next_wake(self),
            self.live.next_wake(),
            deeds::next_wake(self),
            queue::next_wake(self),
            lock::next_wake(self),
        ]
        .into_iter()
        .flatten()
        .fold(next_minute(self.now), Now::min)
    }

    /// Whether clicks mean anything.
    pub(crate) const fn takes_mouse(&self) -> bool {
        self.prefs.mouse
    }

    /// The scopes whose keys count now, the innermost first.
    pub(crate) fn scopes(&self) -> Vec<Scope> {
        self.scopes_with(self.layers.last())
    }

    /// The same with this layer on top.
    pub(crate) fn scopes_with(&self, top: Option<&Layer>) -> Vec<Scope> {
        let is_searching = top.is_none() && finder::has_cursor(self);
        let inner = top.map_or_else(|| self.place.scope(), Layer::scope);
        inner.stack(is_searching, self.place == Place::Today)
    }

    /// The layer that commands are about: the one on top, or beneath palette and help.
    pub(crate) fn acting(&self) -> Option<&Layer> {
        self.layers
            .iter()
            .rev()
            .find(|layer| !matches!(layer, Layer::Picker(_)))
    }

    /// Starts a call in place of the slot's older one.
    pub(crate) fn call(&mut self, slot: Slot, call: Call) -> Effect {
        self.call_after(slot, call, std::time::Duration::ZERO)
    }

    /// What the clinic's clocks say; those here, as long as it is not known.
    pub(crate) fn clinic_now(&self) -> Now {
        let here = self.now.offset();
        self.now.with_timezone(self.zone.as_ref().unwrap_or(here))
    }

    /// The clinic's day.
    pub(crate) fn today(&self) -> NaiveDate {
        self.clinic_now().date_naive()
    }

    /// A key for a write that was just confirmed: nobody ever makes it again.
    pub(crate) fn new_key(&mut self) -> String {
        self.keys.made += 1;
        format!("{}-{}", self.keys.run, self.keys.made)
    }

    /// Starts a write that the server does once under this key, however often it is sent.
    pub(crate) fn call_under(&mut self, slot: Slot, call: Call, key: &str) -> Effect {
        let mut effect = self.call(slot, call);
        if let Effect::Call { key: under, .. } = &mut effect {
            *under = Some(key.to_owned());
        }
        effect
    }

    /// As [`Model::call`], unless a newer one comes within `after`.
    pub(crate) fn call_after(
        &mut self,
        slot: Slot,
        call: Call,
        after: std::time::Duration,
    ) -> Effect {
        self.missed.remove(&slot);
        let id = self.flights.start(slot, call.clone(), self.now, after);
        Effect::Call {
            slot,
            id,
            call: Box::new(call),
            after,
            key: None,
        }
    }

    /// Ends a slot's call, if there is one.
    pub(crate) fn abandon(&mut self, slot: Slot) -> Vec<Effect> {
        self.missed.remove(&slot);
        if self.flights.end(slot) {
            vec![Effect::Abort(slot)]
        } else {
            Vec::new()
        }
    }

    /// Whether somebody would lose something by leaving now.
    pub(crate) fn has_unsaved(&self) -> bool {
        self.layers.iter().any(|layer| match layer {
            Layer::Form(form) => form.is_changed(),
            Layer::Ask(ask) => ask.is_unsaved(),
            Layer::Prompt(prompt) => prompt.is_unsaved(),
            Layer::Letter(letter) => letter.is_unsaved(),
            Layer::Arrival(form) => form.is_unsaved(),
            Layer::Book(book) => book.is_unsaved(),
            Layer::Wait(form) => form.is_unsaved(),
            _ => false,
        })
    }

    /// What lies over the list.
    fn over(&self) -> Over {
        let count = |is: fn(&Layer) -> bool| self.layers.iter().filter(|layer| is(layer)).count();
        Over {
            place: self.place,
            layers: self.layers.len(),
            has_patient: count(|layer| matches!(layer, Layer::Record(_) | Layer::Form(_))) > 0,
            asks: count(|layer| matches!(layer, Layer::Form(_) | Layer::Dialog(_))),
        }
    }

    /// What follows when layers were opened or closed: back at the patients the search has the
    /// cursor, for the next person's name, which takes the place of the last one's; and a new question is not mixed up with the success
    /// of the last one.
    fn follow(&mut self, before: Over) {
        let after = self.over();
        if (before.place, before.layers) != (after.place, after.layers) {
            toasts::forget_old(self);
        }
        let is_back = before.has_patient && self.layers.is_empty() && before.place == self.place;
        if is_back {
            finder::used(self);
        }
        if is_back && self.place == Place::Patients {
            finder::focus(self);
        }
        if after.asks > before.asks {
            self.toasts.retain(|toast| toast.tone != Tone::Done);
        }
    }

    /// Brings what depends on size and content in order, after every message.
    fn settle(&mut self) -> Vec<Effect> {
        self.place.list().settle(self)
    }
}

/// Makes keys that are made once.
#[derive(Debug)]
struct Keys {
    run: Uuid,
    made: u64,
}

/// What lay over the list when a message came.
#[derive(Debug, Clone, Copy)]
struct Over {
    /// The list.
    place: Place,
    /// How many layers.
    layers: usize,
    /// Whether a record or a form does.
    has_patient: bool,
    /// How many forms and dialogs do.
    asks: usize,
}

fn next_minute(now: Now) -> Now {
    let into = now.timestamp_millis().rem_euclid(60_000);
    now + chrono::TimeDelta::milliseconds(60_000 - into)
}
