//! How long a patient search takes at the server, and how often the right person is among the
//! first five (DESIGN "Bars for the whole": p95 < 10 ms at 1 000 000 patients, ≥ 95 % of typos).
//!
//! `cargo bench -p clinic-server --bench search`; settings from the environment: `BENCH_PATIENTS`
//! (100000), `BENCH_DATABASE_URL` (a temporary SQLite file; a database that already holds that many
//! patients is used as it is), `BENCH_QUERIES` (400 of each kind).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::ptr_arg,
    reason = "a measurement that can not go on fails, its table is printed, and slips are of one type"
)]

use std::time::{Duration, Instant};

use clinic_server::clinic::patients::{Found, Paging, find};
use clinic_server::demo::{self, People, Person};
use clinic_server::store::{Db, Settings, migrate, patients};

const SEED: u64 = 1;
const SHOWN: i64 = 25;

struct Kind {
    name: &'static str,
    query: fn(&Person, &mut Chance) -> Option<String>,
    /// Whether the query is meant to find its person, or only to be quick.
    finds: bool,
    /// The query without its slip. Who has so many namesakes that even this does not show them
    /// among the first five is not asked for.
    right: Option<fn(&Person) -> Option<String>>,
}

/// Chance of the bench's own.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

#[tokio::main]
async fn main() {
    let setting = |name: &str| std::env::var_os(name).and_then(|value| value.into_string().ok());
    let number = |name, default| setting(name).map_or(default, |text| text.parse().unwrap());
    let (count, queries) = (
        number("BENCH_PATIENTS", 100_000),
        number("BENCH_QUERIES", 400),
    );
    let folder = tempfile::tempdir().unwrap();
    let url = setting("BENCH_DATABASE_URL")
        .unwrap_or_else(|| format!("sqlite://{}", folder.path().join("bench.db").display()));
    let db = Db::open(&Settings::new(url)).await.unwrap();
    migrate::run(&db).await.unwrap();
    let there = patients::count(&mut db.read().await.unwrap())
        .await
        .unwrap();
    if (there as u64) < count {
        let started = Instant::now();
        demo::fill(&db, count - there as u64, SEED, |_| ())
            .await
            .unwrap();
        println!(
            "{count} patients put in {:.1} s",
            started.elapsed().as_secs_f64()
        );
    }

    // Spread over all, so that no page is warm by accident.
    let every = (count / queries).max(1) as usize;
    let people: Vec<Person> = People::of_seed(SEED)
        .take(count as usize)
        .enumerate()
        .filter(|(at, _)| at % every == every / 2)
        .map(|(_, person)| person)
        .collect();
    println!(
        "{:?}, {count} patients, {} queries of each kind",
        db.engine(),
        people.len()
    );
    println!(
        "{:28} {:>8} {:>8} {:>8} {:>8}  top 5",
        "", "p50 ms", "p95 ms", "p99 ms", "max ms"
    );
    for kind in KINDS {
        run(&db, kind, &people).await;
    }
    db.close().await;
}

async fn run(db: &Db, kind: &Kind, people: &[Person]) {
    let mut chance = Chance(42);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let paging = Paging {
        page: 1,
        cursor: None,
        limit: SHOWN,
    };
    let mut times = Vec::new();
    let (mut right, mut asked) = (0, 0);
    let mut slowest = (Duration::ZERO, String::new());
    let mut missed = Vec::new();
    for person in people {
        let Some(query) = (kind.query)(person, &mut chance) else {
            continue;
        };
        let shows = |found: &Found| found.patients.iter().take(5).any(|p| p.id == person.uid);
        if let Some(right) = kind.right {
            let Some(right) = right(person) else { continue };
            if !shows(&find(db, today, &right, &paging).await.unwrap()) {
                continue;
            }
        }
        let started = Instant::now();
        let found = find(db, today, &query, &paging).await.unwrap();
        let took = started.elapsed();
        times.push(took);
        if took > slowest.0 {
            slowest = (took, query.clone());
        }
        asked += 1;
        if found
            .patients
            .iter()
            .take(5)
            .any(|patient| patient.id == person.uid)
        {
            right += 1;
        } else if missed.len() < 5 {
            missed.push(format!("{query} ({})", person.full_name));
        }
    }
    times.sort();
    let ms = |share: f64| {
        let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times
            .get(at)
            .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    let share = if kind.finds {
        format!("{:5.1} %", 100.0 * right as f64 / asked as f64)
    } else {
        String::new()
    };
    println!(
        "{:28} {:8.2} {:8.2} {:8.2} {:8.2}  {share}   slowest: {}",
        kind.name,
        ms(0.5),
        ms(0.95),
        ms(0.99),
        ms(1.0),
        slowest.1
    );
    if kind.finds && std::env::var_os("BENCH_MISSED").is_some() {
        println!("    missed: {}", missed.join("; "));
    }
}

fn words(person: &Person) -> Vec<String> {
    person
        .full_name
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

/// What tells a person from namesakes: the birth date.
fn born(person: &Person) -> Option<String> {
    Some(person.birth_date?.format("%d.%m.%Y").to_string())
}

fn beginning(word: &str, letters: usize) -> String {
    word.chars().take(letters).collect()
}

/// First and last word of the name, the longer of both with a slip.
fn slipped(
    person: &Person,
    chance: &mut Chance,
    slip: fn(&mut Vec<char>, usize),
) -> Option<String> {
    let words = words(person);
    let (first, last) = (words.first()?, words.last()?);
    if first == last {
        return None;
    }
    let slip = |word: &str, chance: &mut Chance| {
        let mut letters: Vec<char> = word.chars().collect();
        let at = 1 + chance.below(letters.len().saturating_sub(2));
        slip(&mut letters, at);
        letters.into_iter().collect::<String>()
    };
    Some(match last.chars().count() >= first.chars().count() {
        true => format!("{first} {}", slip(last, chance)),
        false => format!("{} {last}", slip(first, chance)),
    })
}

/// First and last word of the name.
fn plain(person: &Person) -> Option<String> {
    let words = words(person);
    Some(format!("{} {}", words.first()?, words.last()?))
}

fn swap(letters: &mut Vec<char>, at: usize) {
    if at + 1 < letters.len() {
        letters.swap(at, at + 1);
    }
}

fn leave_out(letters: &mut Vec<char>, at: usize) {
    if letters.len() > 3 && at < letters.len() {
        letters.remove(at);
    }
}

fn mistype(letters: &mut Vec<char>, at: usize) {
    if let Some(letter) = letters.get_mut(at) {
        *letter = if *letter == 'x' { 'e' } else { 'x' };
    }
}

fn double(letters: &mut Vec<char>, at: usize) {
    if let Some(letter) = letters.get(at).copied() {
        letters.insert(at, letter);
    }
}

const KINDS: &[Kind] = &[
    Kind {
        name: "whole name",
        finds: true,
        right: None,
        query: |p, _| Some(p.full_name.clone()),
    },
    Kind {
        name: "whole name, birth date",
        finds: true,
        right: None,
        query: |p, _| Some(format!("{} {}", p.full_name, born(p)?)),
    },
    Kind {
        name: "first word",
        finds: false,
        right: None,
        query: |p, _| words(p).first().cloned(),
    },
    Kind {
        name: "first 3 letters",
        finds: false,
        right: None,
        query: |p, _| Some(beginning(words(p).first()?, 3)),
    },
    Kind {
        name: "1 letter",
        finds: false,
        right: None,
        query: |p, _| Some(beginning(words(p).first()?, 1)),
    },
    Kind {
        name: "1 letter, 1 letter",
        finds: false,
        right: None,
        query: |p, _| {
            Some(format!(
                "{} {}",
                beginning(words(p).first()?, 1),
                beginning(words(p).last()?, 1)
            ))
        },
    },
    Kind {
        name: "3 letters, 3 letters",
        finds: false,
        right: None,
        query: |p, _| {
            Some(format!(
                "{} {}",
                beginning(words(p).last()?, 3),
                beginning(words(p).first()?, 3)
            ))
        },
    },
    Kind {
        name: "first word, 1 letter",
        finds: false,
        right: None,
        query: |p, _| {
            Some(format!(
                "{} {}",
                words(p).first()?,
                beginning(words(p).last()?, 1)
            ))
        },
    },
    Kind {
        name: "swapped letters",
        finds: true,
        right: Some(plain),
        query: |p, c| slipped(p, c, swap),
    },
    Kind {
        name: "missing letter",
        finds: true,
        right: Some(plain),
        query: |p, c| slipped(p, c, leave_out),
    },
    Kind {
        name: "wrong letter",
        finds: true,
        right: Some(plain),
        query: |p, c| slipped(p, c, mistype),
    },
    Kind {
        name: "extra letter",
        finds: true,
        right: Some(plain),
        query: |p, c| slipped(p, c, double),
    },
    Kind {
        name: "swapped, birth date",
        finds: true,
        right: None,
        query: |p, c| Some(format!("{} {}", slipped(p, c, swap)?, born(p)?)),
    },
    Kind {
        name: "birth date",
        finds: false,
        right: None,
        query: |p, _| born(p),
    },
    Kind {
        name: "birth date, 2 letters",
        finds: true,
        right: None,
        query: |p, _| Some(format!("{} {}", born(p)?, beginning(words(p).last()?, 2))),
    },
    Kind {
        name: "phone",
        finds: true,
        right: None,
        query: |p, _| p.phone.clone(),
    },
    Kind {
        name: "phone, last 4 digits",
        finds: false,
        right: None,
        query: |p, _| {
            let digits: String = p
                .phone
                .as_ref()?
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            Some(digits[digits.len() - 4..].to_owned())
        },
    },
    Kind {
        name: "phone, first 6 digits",
        finds: false,
        right: None,
        query: |p, _| {
            let digits: String = p
                .phone
                .as_ref()?
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            Some(digits[..6].to_owned())
        },
    },
    Kind {
        name: "nobody's name",
        finds: false,
        right: None,
        query: |_, c| Some(format!("qzx{} wvk{}", c.below(999), c.below(999))),
    },
];
