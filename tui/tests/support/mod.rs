//! A person at the front desk, for tests: presses keys, reads the screen, and is the server too.

#![allow(dead_code, reason = "each test program uses its part")]

pub(crate) mod admin;
pub(crate) mod clinic;
pub(crate) mod history;
pub(crate) mod look;
pub(crate) mod server;
pub(crate) mod sitting;
pub(crate) mod terminal;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use clinic_shared::client::{Error, Refused, Tagged, Told};
use clinic_shared::desk::patients::{Gender, Patient, PatientRow};
use clinic_shared::v1::user::Me;
use clinic_shared::{FieldErrors, Role, SearchPage};
use clinic_tui::app::{Event, Model, Msg, Setup, update};
use clinic_tui::effect::{Answer, Call, Effect, Heard, Reply, Slot, Word};
use clinic_tui::glyphs::Glyphs;
use clinic_tui::keymap::Keymap;
use clinic_tui::keymap::chord::Chord;
use clinic_tui::profiles::ServerProfile;
use clinic_tui::theme::Theme;
use clinic_tui::view;
use crossterm::event::{KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier};
use uuid::Uuid;

pub(crate) type Now = DateTime<FixedOffset>;

/// The morning every test happens on.
pub(crate) fn morning() -> Now {
    "2026-11-23T08:30:00+01:00".parse().unwrap()
}

pub(crate) fn receptionist() -> Me {
    let at = "2026-01-01T08:00:00Z".parse().unwrap();
    Me {
        id: Uuid::from_u128(1),
        username: "eva".to_owned(),
        email: "eva@clinic.example".to_owned(),
        first_name: "Eva".to_owned(),
        last_name: "Empfang".to_owned(),
        role: Role::Receptionist,
        is_verified: true,
        login_codes: false,
        signs_in_with_code: false,
        created_at: at,
        updated_at: at,
    }
}

pub(crate) fn row(number: u32, name: &str) -> PatientRow {
    PatientRow {
        id: Uuid::from_u128(1000 + u128::from(number)),
        record_number: format!("P-{number:06}"),
        full_name: name.to_owned(),
        birth_date: NaiveDate::from_ymd_opt(
            1950 + i32::try_from(number % 60).unwrap(),
            1 + number % 12,
            1 + number % 28,
        ),
        gender: [Some(Gender::Female), Some(Gender::Male), None][number as usize % 3],
        phone: (number % 4 != 3).then(|| format!("030 {}", 1_000_000 + number * 7919)),
        has_account: number.is_multiple_of(5),
    }
}

const NAMES: [&str; 12] = [
    "Ada Lovelace",
    "Grace Hopper",
    "Emmy Noether",
    "Marie Skłodowska-Curie",
    "Rosalind Franklin",
    "Hedy Lamarr",
    "Katherine Johnson",
    "Chien-Shiung Wu",
    "Lise Meitner",
    "Barbara McClintock",
    "Dorothy Hodgkin",
    "Maryam Mirzakhani",
];

pub(crate) fn rows(count: u32) -> Vec<PatientRow> {
    (1..=count)
        .map(|number| row(number, NAMES[number as usize % NAMES.len()]))
        .collect()
}

pub(crate) fn page(rows: Vec<PatientRow>) -> SearchPage<PatientRow> {
    SearchPage {
        count: i64::try_from(rows.len()).unwrap(),
        count_capped: false,
        next: None,
        previous: None,
        corrections: Vec::new(),
        results: rows,
    }
}

pub(crate) fn record(row: &PatientRow) -> Patient {
    Patient {
        id: row.id,
        number: 42,
        record_number: row.record_number.clone(),
        full_name: row.full_name.clone(),
        birth_date: row.birth_date,
        age: Some(40),
        gender: row.gender,
        phone: row.phone.clone(),
        email: Some("ada@example.org".to_owned()),
        address: Some("Torstraße 1\n10119 Berlin".to_owned()),
        blood_group: Some("A+".to_owned()),
        note: Some(
            "Allergic to penicillin. Prefers mornings; comes by wheelchair, door B.".to_owned(),
        ),
        no_reminders: false,
        photo: None,
        username: None,
        version: 3,
        created_at: "2025-02-03T09:00:00Z".parse().unwrap(),
        updated_at: "2026-10-01T14:25:00Z".parse().unwrap(),
    }
}

pub(crate) fn tagged(patient: Patient) -> Box<Tagged<Patient>> {
    let etag = Some(format!("\"{}\"", patient.version));
    Box::new(Tagged {
        value: patient,
        etag,
    })
}

/// The person and the screen in front of them.
pub(crate) struct Desk {
    pub(crate) model: Model,
    pub(crate) now: Now,
    pub(crate) size: Size,
    /// Effects since the last look.
    pub(crate) effects: Vec<Effect>,
    /// The last call of each slot.
    calls: Vec<(Slot, u64, Call)>,
    /// The key of the last call of each slot that had one.
    keys: Vec<(Slot, String)>,
    /// The stream that is listened to, and after which event it was opened.
    pub(crate) stream: Option<(u64, Option<i64>)>,
}

#[derive(Clone, Copy)]
pub(crate) struct Look {
    pub(crate) size: (u16, u16),
    pub(crate) theme: Theme,
    pub(crate) ascii: bool,
    /// Minutes until the screen is covered; most tests let time pass for other reasons.
    pub(crate) lock_minutes: u32,
}

impl Look {
    pub(crate) const fn new(width: u16, height: u16) -> Self {
        Self {
            size: (width, height),
            theme: Theme::Default,
            ascii: false,
            lock_minutes: 0,
        }
    }
}

impl Desk {
    /// Before anything was answered; `who` is signed in already.
    pub(crate) fn start(look: Look, who: Option<Me>, user: Option<&str>) -> Self {
        Self::start_with(look, who, user, Keymap::default())
    }

    pub(crate) fn start_with(
        look: Look,
        who: Option<Me>,
        user: Option<&str>,
        keymap: Keymap,
    ) -> Self {
        Self::set_up(look, who, user, keymap, None)
    }

    /// Signed in at a server that has not said yet that it tells what happens.
    pub(crate) fn silent(look: Look, who: Me) -> Self {
        Self::before_stream(look, Some(who), None, Keymap::default(), None)
    }

    /// In the demo, which says who can be tried.
    pub(crate) fn in_demo(look: Look, who: Option<Me>) -> Self {
        let hint = "The demo's accounts: rosa, admin.\nThe password of all: no secret";
        Self::set_up(look, who, None, Keymap::default(), Some(hint.to_owned()))
    }

    fn set_up(
        look: Look,
        who: Option<Me>,
        user: Option<&str>,
        keymap: Keymap,
        demo: Option<String>,
    ) -> Self {
        let mut desk = Self::before_stream(look, who, user, keymap, demo);
        if desk.stream.is_some() {
            desk.hears(Told::Ready(1));
        }
        desk
    }

    fn before_stream(
        look: Look,
        who: Option<Me>,
        user: Option<&str>,
        keymap: Keymap,
        demo: Option<String>,
    ) -> Self {
        let size = Size::new(look.size.0, look.size.1);
        let model = Model::new(Setup {
            now: morning(),
            run: Uuid::from_u128(77),
            size,
            server: "http://127.0.0.1:8000".to_owned(),
            user: user.map(str::to_owned),
            connected: who.is_some(),
            who,
            servers: vec![
                ServerProfile {
                    name: None,
                    url: "http://127.0.0.1:8000".to_owned(),
                    user: Some("eva".to_owned()),
                },
                ServerProfile {
                    name: Some("annex".to_owned()),
                    url: "https://annex.example.org".to_owned(),
                    user: Some("otto".to_owned()),
                },
            ],
            clinic_name: Some("Praxis am Park".to_owned()),
            demo,
            theme: look.theme,
            glyphs: Glyphs::new(look.ascii),
            keymap,
            prefs: clinic_tui::prefs::Prefs {
                theme: look.theme,
                ascii: Some(look.ascii),
                lock_minutes: look.lock_minutes,
                ..clinic_tui::prefs::Prefs::default()
            },
            default_server: "http://127.0.0.1:8000".to_owned(),
        });
        let mut desk = Self {
            model,
            now: morning(),
            size,
            effects: Vec::new(),
            calls: Vec::new(),
            keys: Vec::new(),
            stream: None,
        };
        desk.happen(Event::Started);
        desk
    }

    /// Signed in, with these rows on the screen.
    pub(crate) fn with_rows(look: Look, rows: Vec<PatientRow>) -> Self {
        let mut desk = Self::start(look, Some(receptionist()), None);
        desk.press("f3")
            .reply(Slot::List, Reply::Patients(Box::new(page(rows))));
        desk
    }

    /// With the first row's record open.
    pub(crate) fn with_record(look: Look) -> Self {
        let mut desk = Self::with_rows(look, rows(40));
        desk.press("enter");
        let patient = record(&rows(1)[0]);
        desk.reply(Slot::Record, Reply::Patient(tagged(patient)));
        desk
    }

    pub(crate) fn happen(&mut self, event: Event) -> &mut Self {
        let effects = update(
            &mut self.model,
            Msg {
                at: self.now,
                event,
            },
        );
        for effect in &effects {
            match effect {
                Effect::Call {
                    slot,
                    id,
                    call,
                    key,
                    ..
                } => {
                    self.calls.retain(|(other, ..)| other != slot);
                    if let Some(key) = key {
                        self.keys.retain(|(other, _)| other != slot);
                        self.keys.push((*slot, key.clone()));
                    }
                    self.calls.push((*slot, *id, (**call).clone()));
                }
                Effect::Abort(slot) => self.calls.retain(|(other, ..)| other != slot),
                Effect::Follow { id, after } => self.stream = Some((*id, *after)),
                Effect::StopFollowing => self.stream = None,
                _ => {}
            }
        }
        self.effects.extend(effects);
        self
    }

    /// The open stream says something.
    pub(crate) fn hears(&mut self, told: Told) -> &mut Self {
        self.hears_word(Word::Told(told))
    }

    /// The stream is gone.
    pub(crate) fn loses_stream(&mut self, error: Error) -> &mut Self {
        self.hears_word(Word::Lost(error))
    }

    fn hears_word(&mut self, word: Word) -> &mut Self {
        let (id, _) = self.stream.expect("nobody listens");
        self.happen(Event::Heard(Heard { id, word }))
    }

    /// The key under which the last write of a slot was sent.
    pub(crate) fn key(&self, slot: Slot) -> Option<&str> {
        let key = self.keys.iter().find(|(other, _)| *other == slot);
        key.map(|(_, key)| key.as_str())
    }

    /// Presses keys: `ctrl-s`, `g g`.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let chord: Chord = key.parse().unwrap();
            self.happen(Event::Key(KeyEvent::new(chord.code, chord.modifiers)));
        }
        self
    }

    /// Types a text.
    pub(crate) fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let key = KeyEvent::new(crossterm::event::KeyCode::Char(c), KeyModifiers::NONE);
            self.happen(Event::Key(key));
        }
        self
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, ms: i64) -> &mut Self {
        self.now += TimeDelta::milliseconds(ms);
        self.happen(Event::Woke)
    }

    /// The call that waits in a slot.
    pub(crate) fn call(&self, slot: Slot) -> Option<&Call> {
        self.calls
            .iter()
            .find(|(other, ..)| *other == slot)
            .map(|(_, _, call)| call)
    }

    pub(crate) fn id(&self, slot: Slot) -> u64 {
        self.calls
            .iter()
            .find(|(other, ..)| *other == slot)
            .unwrap()
            .1
    }

    /// Everything that waits for an answer.
    pub(crate) fn asked(&self) -> Vec<(Slot, Call)> {
        let asked = self.calls.iter();
        asked.map(|(slot, _, call)| (*slot, call.clone())).collect()
    }

    /// Answers the call that waits in a slot.
    pub(crate) fn answer(
        &mut self,
        slot: Slot,
        result: Result<Reply, clinic_shared::client::Error>,
    ) -> &mut Self {
        let at = self.calls.iter().position(|(other, ..)| *other == slot);
        let (slot, id, _) = self
            .calls
            .remove(at.expect("nothing was asked in this slot"));
        self.happen(Event::Answered(Answer { slot, id, result }))
    }

    pub(crate) fn reply(&mut self, slot: Slot, reply: Reply) -> &mut Self {
        self.answer(slot, Ok(reply))
    }

    /// Clicks on what lies there.
    pub(crate) fn click(&mut self, x: u16, y: u16) -> &mut Self {
        let mut terminal =
            Terminal::new(TestBackend::new(self.size.width, self.size.height)).unwrap();
        let mut spot = None;
        terminal
            .draw(|frame| spot = view::draw(frame, &self.model).spot(x, y))
            .unwrap();
        self.happen(Event::Clicked(spot.expect("nothing lies there")))
    }

    /// Draws the screen; answers the frame and the cursor.
    pub(crate) fn draw(&mut self) -> (Buffer, Option<(u16, u16)>) {
        let mut terminal =
            Terminal::new(TestBackend::new(self.size.width, self.size.height)).unwrap();
        terminal
            .draw(|frame| drop(view::draw(frame, &self.model)))
            .unwrap();
        let position = terminal.backend().cursor_position();
        let cursor = terminal
            .backend()
            .cursor_visible()
            .then_some((position.x, position.y));
        (terminal.backend().buffer().clone(), cursor)
    }

    /// The screen's text.
    pub(crate) fn text(&mut self) -> String {
        text(&self.draw().0)
    }

    pub(crate) fn sees(&mut self, text: &str) -> &mut Self {
        let screen = self.text();
        assert!(
            screen.contains(text),
            "no {text:?} on the screen:\n{screen}"
        );
        self
    }

    pub(crate) fn sees_no(&mut self, text: &str) -> &mut Self {
        let screen = self.text();
        assert!(
            !screen.contains(text),
            "{text:?} is on the screen:\n{screen}"
        );
        self
    }
}

/// A refusal of the server.
pub(crate) fn refused(status: u16, detail: &str) -> Error {
    Error::Refused(Box::new(Refused {
        status,
        code: String::new(),
        detail: detail.to_owned(),
        fields: FieldErrors::default(),
        reasons: Vec::new(),
        candidates: Vec::new(),
        merged_into: None,
        retry_after: None,
    }))
}

/// No answer at all.
pub(crate) fn unreachable() -> Error {
    Error::Unreachable("nothing is listening there".to_owned())
}

/// The text of a frame, without spaces at the ends of lines.
pub(crate) fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buffer[(x, y)].symbol();
            skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The style of a cell; nothing if it is plain.
pub(crate) fn style(cell: &Cell) -> String {
    let mut style = String::new();
    if cell.fg != Color::Reset {
        style.push_str(&format!("{:?} ", cell.fg));
    }
    if cell.bg != Color::Reset {
        style.push_str(&format!("on {:?} ", cell.bg));
    }
    if cell.modifier != Modifier::empty() {
        style.push_str(
            &format!("{:?}", cell.modifier)
                .to_lowercase()
                .replace(" | ", "+"),
        );
    }
    style.trim_end().to_owned()
}

/// The styles of a frame: for each line the runs that are not plain.
pub(crate) fn styles(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let style = style(cell);
            match runs.last_mut() {
                Some((_, to, last)) if *last == style && *to == x => *to += 1,
                _ => runs.push((x, x + 1, style)),
            }
        }
        let runs: Vec<String> = runs
            .into_iter()
            .filter(|(.., style)| !style.is_empty())
            .map(|(from, to, style)| format!("{from}..{to} {style}"))
            .collect();
        if !runs.is_empty() {
            out.push_str(&format!("{y:>3}: {}\n", runs.join(", ")));
        }
    }
    out
}
