//! A doctor's weekly hours over a real server: entered, changed, retired and taken back at the desk,
//! beside a colleague who changes them too. What can be booked follows.

use chrono::{Days, NaiveDate};
use clinic_server::infra::Clock;
use clinic_shared::client::{Client, DoctorQuery, SlotQuery};
use clinic_shared::desk::doctors::{DoctorRow, DoctorWindow};
use clinic_shared::v1::available_times::{AvailableTimeChange, AvailableTimeInput};
use clinic_shared::v1::lenient::PersonId;
use clinic_shared::{Patch, desk::appointments::NewAppointment};
use clinic_tui::credentials::MemoryStore;
use clinic_tui::profiles::Profiles;
use clinic_tui::run::{ExitReason, Options, Start, run};

use super::house::{House, USER};
use super::support::db::TestDb;
use super::support::terminal::{Person, terminal};

async fn doctors(client: &Client) -> Vec<DoctorRow> {
    let page = client.doctors(&DoctorQuery::default()).await.unwrap();
    page.results
}

/// The hours of a doctor as the server has them, once they are as they should be.
async fn become_so(
    client: &Client,
    doctor: &DoctorRow,
    what: &str,
    is_so: impl Fn(&[DoctorWindow]) -> bool,
) -> Vec<DoctorWindow> {
    for _ in 0..500 {
        let windows = client.doctor_windows(doctor.id).await.unwrap();
        if is_so(&windows) {
            return windows;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("not so: {what}");
}

/// When a doctor is free on a day, `HH:MM`.
async fn free(client: &Client, doctor: &DoctorRow, day: NaiveDate) -> Vec<String> {
    let query = SlotQuery {
        doctor: Some(doctor.id),
        from: Some(day),
        to: Some(day),
        ..SlotQuery::default()
    };
    let slots = client.free_slots(&query).await.unwrap().slots;
    slots.into_iter().filter_map(|slot| slot.starts).collect()
}

async fn on(db: TestDb) {
    let house = Box::pin(House::open(db, Clock::system())).await;
    let client = house.client(USER).await;
    let all = doctors(&client).await;
    let (doctor, other) = (all[0].clone(), all[1].clone());
    // Theirs alone are the hours of the script, and some that they share.
    for one in client.doctor_windows(doctor.id).await.unwrap() {
        client.delete_available_time(one.window.id).await.unwrap();
    }
    let shared = AvailableTimeInput {
        name: "Together".to_owned(),
        starts: Patch::Set("14:00".to_owned()),
        ends: Patch::Set("15:00".to_owned()),
        doctors: Some(vec![PersonId(doctor.id), PersonId(other.id)]),
        ..AvailableTimeInput::default()
    };
    client.create_available_time(&shared).await.unwrap();
    let start = Start {
        server: house.url(),
        user: None,
        who: Some(client.me().await.unwrap()),
        client: Some(client.clone()),
        credentials: std::sync::Arc::new(MemoryStore::default()),
        profiles: Profiles::default(),
        log: clinic_tui::log::Ring::default(),
        options: Options::default(),
    };
    let (mut screen, input, person) = terminal(80, 24);
    let script = async {
        Box::pin(keeps_hours(&person, &house, &client, (&doctor, &other))).await;
        person.press("ctrl-c ctrl-c");
    };
    let (ended, ()) = tokio::join!(Box::pin(run(&mut screen, input, start)), script);
    assert_eq!(ended.unwrap(), ExitReason::Quit);
}

async fn keeps_hours(
    person: &Person,
    house: &House,
    client: &Client,
    (doctor, other): (&DoctorRow, &DoctorRow),
) {
    let colleague = house.client("admin").await;
    let day = clinic_tui::clock::Clock::system().now().date_naive() + Days::new(40);
    person.sees("[F2 Today]").await;
    person.press("f4");
    person.sees("Everybody, by name").await;
    person.type_text(&doctor.full_name.to_lowercase());
    person.sees("1–1 of 1").await;
    person.press("enter");
    person.sees("14:00–15:00").await;
    person.press("e");
    person.sees("Hours of").await;
    person.sees("Shared with").await;

    // New ones, at once bookable.
    person.press("n");
    person.type_text("every day");
    for text in ["7", "0800", "30"] {
        person.press("enter");
        person.type_text(text);
    }
    person.sees("07:00–08:00, slots of 30 min: 2 a day").await;
    person.press("ctrl-s");
    person.sees("Entered: every day 07:00–08:00").await;
    let windows = become_so(client, doctor, "made", |windows| windows.len() == 2).await;
    let made = windows.iter().find(|one| one.window.name != "Together");
    let made = made.unwrap().window.id;
    assert_eq!(free(client, doctor, day).await, ["07:00", "07:30", "14:00"]);

    // A colleague changes them while they are in the form: it is said, and nothing typed is lost.
    person.press("e");
    person.sees("What is booked in them stays").await;
    person.press("tab tab ctrl-u");
    person.type_text("9");
    let change = AvailableTimeChange {
        slot_minutes: Patch::Set(20),
        ..AvailableTimeChange::default()
    };
    let changed = colleague.change_available_time(made, &change, None).await;
    changed.unwrap();
    person.sees("Changed elsewhere: Slots of 20 (was 30)").await;
    person.press("ctrl-s");
    person.sees("Changed: every day 07:00–09:00").await;
    let free_now = free(client, doctor, day).await;
    assert_eq!(free_now.len(), 7, "{free_now:?}");

    // Somebody is booked in them, which the question counts; they keep their time.
    let query = clinic_shared::client::PatientQuery::default();
    let patient = client.patients(&query).await.unwrap().results[0].id;
    let form: NewAppointment = serde_json::from_value(serde_json::json!({
        "patient": patient, "doctor": doctor.id, "available_time": made, "date": day,
    }))
    .unwrap();
    let booked = colleague.book(&form).await.unwrap().value;
    person
        .sees("1 appointment is booked in it from now on.")
        .await;
    person.press("d");
    person.sees("and stays.").await;
    person.press("r");
    person.sees("Retired: every day 07:00–09:00").await;
    become_so(client, doctor, "retired", |windows| windows.len() == 1).await;
    assert_eq!(free(client, doctor, day).await, ["14:00"]);
    let kept = client.appointment(booked.id).await.unwrap().value;
    assert!(kept.status.holds_time(), "{kept:?}");
    person.press("alt-u");
    person.sees("Undone: every day 07:00–09:00").await;
    become_so(client, doctor, "there again", |windows| windows.len() == 2).await;
    let free_now = free(client, doctor, day).await;
    assert_eq!(free_now.len(), 6, "what is booked is taken: {free_now:?}");

    // What is shared is taken from one, and given back by one key.
    person.press("end");
    person.sees("Shared with").await;
    person.press("t");
    person.sees("[ Take off").await;
    person.press("t");
    person.sees("Taken off").await;
    become_so(client, doctor, "taken off", |windows| windows.len() == 1).await;
    let theirs = client.doctor_windows(other.id).await.unwrap();
    assert!(theirs.iter().any(|one| one.window.name == "Together"));
    person.press("alt-u");
    person.sees("Undone: every day 14:00–15:00").await;
    become_so(client, doctor, "shared again", |windows| windows.len() == 2).await;

    // The record follows.
    person.press("esc");
    person.sees("07:00–09:00").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hours_are_kept_on_sqlite() {
    Box::pin(on(TestDb::sqlite().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hours_are_kept_on_postgres() {
    if let Some(db) = TestDb::postgres().await {
        Box::pin(on(db)).await;
    }
}
