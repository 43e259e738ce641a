//! The screens against the real server, in this process: a doctor's absence that hits two
//! appointments, one of them moved and the other called off; the screen locked and unlocked; a
//! theme that is still there at the next start.
#![cfg(feature = "demo")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod support {
    #![allow(dead_code, reason = "each test program uses its part")]
    pub(crate) mod sitting;
    pub(crate) mod terminal;
}

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use clinic_server::demo::DemoServer;
use clinic_shared::client::{Client, DatesQuery, Off, PatientQuery, SlotQuery};
use clinic_shared::desk::appointments::{NewAppointment, Person, Status};
use clinic_shared::desk::patients::PatientDraft;
use clinic_tui::profiles::Profiles;
use clinic_tui::run::{ExitReason, Start, run};
use support::sitting;
use support::terminal::{Person as Sitting, terminal};

async fn demo(directory: &Path) -> (DemoServer, Client) {
    let demo = clinic_server::demo::start(directory).await.unwrap();
    let client = Client::new(&demo.url()).unwrap();
    client.sign_in(demo.username, demo.password).await.unwrap();
    (demo, client)
}

async fn start(demo: &DemoServer, client: &Client, profiles: Profiles) -> Start {
    Start {
        server: demo.url(),
        profiles,
        ..sitting::start(client, client.me().await.unwrap())
    }
}

/// A doctor and a day, a month from now, on which two people are booked.
async fn two_booked(client: &Client) -> (Person, NaiveDate, Vec<i64>) {
    let from = clinic_tui::clock::Clock::system().now().date_naive() + Days::new(30);
    let query = SlotQuery {
        from: Some(from),
        limit: Some(500),
        ..SlotQuery::default()
    };
    let slots = client.free_slots(&query).await.unwrap().slots;
    let mut days: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for slot in slots.into_iter().filter(|slot| slot.starts_at.is_some()) {
        days.entry((slot.date, slot.doctor.id))
            .or_default()
            .push(slot);
    }
    let free = days.into_values().find(|slots| slots.len() >= 2).unwrap();
    let two = PatientQuery {
        limits: Some(2),
        ..PatientQuery::default()
    };
    let people = client.patients(&two).await.unwrap().results;
    let mut booked = Vec::new();
    for (slot, patient) in free.iter().zip(&people) {
        let form: NewAppointment = serde_json::from_value(serde_json::json!({
            "patient": patient.id,
            "doctor": slot.doctor.id,
            "starts_at": slot.starts_at,
            "title": "Check-up",
        }))
        .unwrap();
        booked.push(client.book(&form).await.unwrap().value.id);
    }
    (free[0].doctor.clone(), free[0].date, booked)
}

async fn status(client: &Client, id: i64) -> (Status, NaiveDate) {
    let appointment = client.appointment(id).await.unwrap().value;
    (appointment.status, appointment.date)
}

/// Finds a doctor by name, and opens the record.
async fn opens_the_record(person: &Sitting, full_name: &str) {
    person.sees("[F2 Today]").await;
    person.press("f4");
    person.sees("Everybody, by name").await;
    person.type_text(&full_name.to_lowercase());
    person.sees("1–1 of 1").await;
    person.press("enter");
    person.sees("Specialised").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leave_that_hits_two_appointments_and_the_lock_in_between() {
    let directory = tempfile::tempdir().unwrap();
    let (demo, client) = demo(directory.path()).await;
    let (doctor, day, booked) = two_booked(&client).await;
    let start = start(&demo, &client, Profiles::default()).await;
    let kept = Arc::clone(&start.credentials);
    kept.save(&demo.url(), demo.username, "kept").unwrap();
    let is_kept = || kept.load(&demo.url(), demo.username).unwrap().is_some();
    let (mut screen, input, person) = terminal(120, 40);
    let script = async {
        opens_the_record(&person, &doctor.full_name).await;
        person.press("a");
        person.sees("can't be booked then").await;
        person.type_text(&day.to_string());
        person.sees("the whole day").await;
        locks_and_unlocks(&person, demo.password, &is_kept).await;
        person.press("ctrl-s");
        person.sees("It hits 2 appointments.").await;
        person.sees("2 appointments stand in this time").await;

        person.press("m");
        person.sees("Move the appointment of").await;
        // A free time is selected.
        person.sees("▸").await;
        person.press("enter");
        person.sees("Enter moves").await;
        person.press("enter");
        person.sees("Moved:").await;
        person.sees("1 appointment stands in this time").await;

        person.press("x");
        person.sees("doctor away").await;
        person.press("enter");
        person.sees("is cancelled:").await;
        person.sees("all is dealt with").await;
        person.press("esc");
        person.sees("Specialised").await;
        person.press("ctrl-c ctrl-c");
    };
    let (ended, ()) = tokio::join!(run(&mut screen, input, start), script);
    assert_eq!(ended.unwrap(), ExitReason::Quit);

    // The lock has ended the session of then.
    let client = Client::new(&demo.url()).unwrap();
    client.sign_in(demo.username, demo.password).await.unwrap();
    let query = DatesQuery {
        doctor: Some(doctor.id),
        from: Some(day),
        to: Some(day),
    };
    let entered = client.absences(Off::Absence, &query).await.unwrap();
    assert_eq!(entered.len(), 1);
    let (moved, moved_to) = status(&client, booked[0]).await;
    assert!(moved.holds_time() && moved_to > day, "{moved:?} {moved_to}");
    assert_eq!(status(&client, booked[1]).await, (Status::Cancelled, day));
    demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_phone_is_listed_with_the_e_mail_when_leave_hits_them() {
    let directory = tempfile::tempdir().unwrap();
    let (demo, client) = demo(directory.path()).await;
    let draft = serde_json::json!({ "full_name": "Wanda Write", "email": "wanda@example.org" });
    let draft: PatientDraft = serde_json::from_value(draft).unwrap();
    client.register_patient(&draft).await.unwrap();
    let (doctor, day, _) = two_booked(&client).await;
    let start = start(&demo, &client, Profiles::default()).await;
    let (mut screen, input, person) = terminal(120, 40);
    let script = async {
        opens_the_record(&person, &doctor.full_name).await;
        person.press("a");
        person.sees("can't be booked then").await;
        person.type_text(&day.to_string());
        person.press("ctrl-s");
        person.sees("2 appointments stand in this time").await;
        person.press("X");
        person.sees("The doctor is away.").await;
        person.press("ctrl-s");
        person.sees("are called off").await;
        person.press("c");
        person.sees("2 cancelled: to phone").await;
        person.sees("wanda@example.org").await;
        person.press("ctrl-c ctrl-c");
    };
    let (ended, ()) = tokio::join!(run(&mut screen, input, start), script);
    assert_eq!(ended.unwrap(), ExitReason::Quit);
    demo.shutdown().await;
}

/// The form beneath stays as it is, and whoever quits and starts again meanwhile is not signed in.
async fn locks_and_unlocks(person: &Sitting, password: &str, is_kept: &dyn Fn() -> bool) {
    person.press("alt-l");
    person.sees("The screen is locked.").await;
    assert!(!person.text().contains("the whole day"));
    let forgotten = async {
        while is_kept() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let forgotten = tokio::time::timeout(Duration::from_secs(5), forgotten).await;
    forgotten.expect("the session is still kept");
    person.type_text("not it");
    person.press("enter");
    person.sees("User or password is wrong").await;
    person.type_text(password);
    person.press("enter");
    person.sees("the whole day").await;
    assert!(is_kept(), "and now it is again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_theme_is_changed_and_kept() {
    let directory = tempfile::tempdir().unwrap();
    let (demo, client) = demo(&directory.path().join("clinic")).await;
    let file = directory.path().join("config.toml");
    std::fs::write(&file, "[options]\ntheme = \"light\"   # for the window\n").unwrap();
    let start = start(&demo, &client, Profiles::load(&file).unwrap()).await;
    let (mut screen, input, person) = terminal(80, 24);
    let script = async {
        person.sees("[F2 Today]").await;
        person.press("f9");
        person.sees("Lock after").await;
        person.press("left");
        person.sees("mono").await;
        let kept = async {
            while !std::fs::read_to_string(&file).unwrap().contains("mono") {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), kept)
            .await
            .unwrap();
        person.press("ctrl-c ctrl-c");
    };
    let (ended, ()) = tokio::join!(run(&mut screen, input, start), script);
    assert_eq!(ended.unwrap(), ExitReason::Quit);
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text, "[options]\ntheme = \"mono\"   # for the window\n");
    demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_report_of_a_day_is_printed() {
    let directory = tempfile::tempdir().unwrap();
    let (demo, client) = demo(&directory.path().join("clinic")).await;
    let printed = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_clinic"));
        command.arg("report").args(arguments);
        command.env("CLINIC_TOKEN", client.tokens().unwrap().access);
        command
            .env("CLINIC_SERVER", demo.url())
            .env("HOME", directory.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let report = printed(&["today"]);
    assert!(
        report.starts_with("Day report") && report.contains("Missed"),
        "{report}"
    );
    let table = printed(&["--csv"]);
    assert!(table.lines().count() > 2 && table.contains(','), "{table}");
    let report: serde_json::Value = serde_json::from_str(&printed(&["--json"])).unwrap();
    assert!(!report["doctors"].as_array().unwrap().is_empty());
    demo.shutdown().await;
}
