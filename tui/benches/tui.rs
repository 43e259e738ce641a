//! What a key costs: `update`, and `draw` of a full list, at 120×40; and how many bytes it sends.

#![allow(
    missing_docs,
    reason = "criterion's macros make undocumented functions"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a benchmark, not a program"
)]

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, FixedOffset};
use clinic_shared::SearchPage;
use clinic_shared::desk::patients::PatientRow;
use clinic_shared::v1::user::Me;
use clinic_tui::app::{Event, Model, Msg, Setup, update};
use clinic_tui::effect::{Answer, Effect, Reply, Slot};
use clinic_tui::glyphs::Glyphs;
use clinic_tui::keymap::Keymap;
use clinic_tui::keymap::chord::Chord;
use clinic_tui::theme::Theme;
use clinic_tui::view;
use criterion::{Criterion, criterion_group, criterion_main};
use crossterm::event::KeyEvent;
use ratatui::backend::{CrosstermBackend, TestBackend};
use ratatui::layout::{Rect, Size};
use ratatui::{Terminal, TerminalOptions, Viewport};
use uuid::Uuid;

const SIZE: Size = Size::new(120, 40);

fn now() -> DateTime<FixedOffset> {
    "2026-11-23T08:30:00+01:00".parse().unwrap()
}

fn rows(count: u128) -> Vec<PatientRow> {
    (1..=count)
        .map(|number| PatientRow {
            id: Uuid::from_u128(number),
            record_number: format!("P-{number:06}"),
            full_name: format!("Marie Skłodowska-Curie {number}"),
            birth_date: chrono::NaiveDate::from_ymd_opt(1967, 11, 7),
            gender: Some(clinic_shared::desk::patients::Gender::Female),
            phone: Some(format!("030 {number:07}")),
            has_account: false,
        })
        .collect()
}

fn model(count: u128) -> Model {
    let at = "2026-01-01T08:00:00Z".parse().unwrap();
    let who = Me {
        id: Uuid::from_u128(1),
        username: "eva".to_owned(),
        email: "eva@clinic.example".to_owned(),
        first_name: "Eva".to_owned(),
        last_name: "Empfang".to_owned(),
        role: clinic_shared::Role::Receptionist,
        is_verified: true,
        login_codes: false,
        signs_in_with_code: false,
        created_at: at,
        updated_at: at,
    };
    let mut model = Model::new(Setup {
        now: now(),
        run: uuid::Uuid::nil(),
        size: SIZE,
        server: "http://127.0.0.1:8000".to_owned(),
        user: None,
        who: Some(who),
        connected: true,
        servers: Vec::new(),
        clinic_name: None,
        demo: None,
        theme: Theme::Default,
        glyphs: Glyphs::UNICODE,
        keymap: Keymap::default(),
        prefs: clinic_tui::prefs::Prefs::default(),
        default_server: String::new(),
    });
    happen(&mut model, Event::Started);
    // The patients: of all lists the longest.
    let key = KeyEvent::from(crossterm::event::KeyCode::F(3));
    let effects = happen(&mut model, Event::Key(key));
    let Some(Effect::Call { id, .. }) = effects.last() else {
        unreachable!("it asks for the list")
    };
    let page = SearchPage {
        count: i64::try_from(count).unwrap(),
        count_capped: false,
        next: None,
        previous: None,
        corrections: Vec::new(),
        results: rows(count),
    };
    let result = Ok(Reply::Patients(Box::new(page)));
    happen(
        &mut model,
        Event::Answered(Answer {
            slot: Slot::List,
            id: *id,
            result,
        }),
    );
    press(&mut model, "esc");
    model
}

fn happen(model: &mut Model, event: Event) -> Vec<Effect> {
    update(model, Msg { at: now(), event })
}

fn press(model: &mut Model, key: &str) {
    let chord: Chord = key.parse().unwrap();
    happen(
        model,
        Event::Key(KeyEvent::new(chord.code, chord.modifiers)),
    );
}

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

fn bytes_per_key() {
    let counter = Counter::default();
    let area = Rect::new(0, 0, SIZE.width, SIZE.height);
    let options = TerminalOptions {
        viewport: Viewport::Fixed(area),
    };
    let backend = CrosstermBackend::new(counter.clone());
    let mut terminal = Terminal::with_options(backend, options).unwrap();
    let mut model = model(1000);
    let mut spent = |model: &Model| {
        let before = counter.0.load(Ordering::Relaxed);
        terminal
            .draw(|frame| drop(view::draw(frame, model)))
            .unwrap();
        counter.0.load(Ordering::Relaxed) - before
    };
    eprintln!("bytes, first frame 120x40: {}", spent(&model));
    for key in [
        "j",
        "k",
        "pgdn",
        "G",
        "/",
        "a",
        "backspace",
        "f1",
        "esc",
        "enter",
    ] {
        press(&mut model, key);
        eprintln!("bytes, {key}: {}", spent(&model));
    }
}

fn bench(criterion: &mut Criterion) {
    bytes_per_key();
    for count in [1_000, 100_000] {
        let mut model = model(count);
        let mut terminal = Terminal::new(TestBackend::new(SIZE.width, SIZE.height)).unwrap();
        criterion.bench_function(
            &format!("update and draw, {count} rows, 120x40"),
            |bencher| {
                let mut down = true;
                bencher.iter(|| {
                    press(&mut model, if down { "j" } else { "k" });
                    down = !down;
                    terminal
                        .draw(|frame| drop(view::draw(frame, &model)))
                        .unwrap();
                });
            },
        );
        criterion.bench_function(&format!("update alone, {count} rows"), |bencher| {
            let mut down = true;
            bencher.iter(|| {
                press(&mut model, if down { "j" } else { "k" });
                down = !down;
            });
        });
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
