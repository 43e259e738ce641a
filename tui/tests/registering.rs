//! Somebody new is registered from within a booking, and a duplicate merged and parted again: at the
//! real server, in this process.
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

use std::cell::Cell;
use std::sync::Arc;

use clinic_shared::client::{Client, PatientQuery};
use clinic_shared::desk::patients::PatientDraft;
use support::sitting;
use support::terminal::Person;

/// The person at the desk, who counts the keys.
struct Receptionist {
    person: Arc<Person>,
    client: Client,
    keys: Cell<usize>,
}

impl Receptionist {
    fn press(&self, keys: &str) {
        self.keys.set(self.keys.get() + keys.split(' ').count());
        self.person.press(keys);
    }

    /// Types what has to be said in any program: it does not count.
    fn type_text(&self, text: &str) {
        self.person.type_text(text);
    }

    async fn sees(&self, text: &str) {
        self.person.sees(text).await;
    }

    /// The keys since the last time.
    fn count(&self, task: &str, most: usize) {
        let keys = self.keys.take();
        println!("{task}: {keys} keys");
        assert!(keys <= most, "{task} takes {keys} keys, not {most}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registering_from_a_booking_and_merging_a_duplicate() {
    Box::pin(at_the_desk(people)).await;
}

/// Has somebody do this at a desk of the demo.
async fn at_the_desk(work: impl AsyncFnOnce(&Receptionist)) {
    let directory = tempfile::tempdir().unwrap();
    let demo = clinic_server::demo::start(directory.path()).await.unwrap();
    let client = Client::new(&demo.url()).unwrap();
    client.sign_in(demo.username, demo.password).await.unwrap();
    let start = sitting::start(&client, client.me().await.unwrap());
    sitting::with(start, (120, 40), |person| async move {
        let keys = Cell::new(0);
        let desk = Receptionist {
            person,
            client,
            keys,
        };
        work(&desk).await;
    })
    .await;
    demo.shutdown().await;
}

async fn people(desk: &Receptionist) {
    desk.sees("[F2 Today]").await;
    desk.sees("Wait").await;
    // Somebody new, registered from within the booking, for the week's first free time.
    desk.press("B");
    desk.sees("Type who it is for.").await;
    desk.type_text("Zoe Zwilling 3.4.1980");
    desk.sees("No patient matches. Register").await;
    desk.press("enter");
    desk.sees("New patient").await;
    desk.press("ctrl-s");
    desk.sees("Registered Zoe Zwilling").await;
    desk.sees("For     Zoe Zwilling").await;
    desk.sees("General").await;
    desk.press("enter");
    desk.sees("on · all of the day").await;
    desk.sees("–").await;
    desk.press("v");
    desk.sees("week of").await;
    desk.sees("[free]").await;
    desk.press("down enter");
    desk.sees("Enter books").await;
    desk.press("enter");
    desk.sees("Booked: Zoe Zwilling").await;
    let search = |text: &str| PatientQuery {
        search: Some(text.to_owned()),
        ..PatientQuery::default()
    };
    let found = desk.client.patients(&search("zoe zwilling")).await.unwrap();
    let zoe = found.results[0].clone();
    let visits = desk.client.visits(zoe.id, 10).await.unwrap();
    let booked = visits.appointments[0].clone();
    assert_eq!(visits.count, 1);

    // The same person once more, by another desk.
    let twin = PatientDraft {
        full_name: "Zoë Zwilling".to_owned(),
        phone: Some("030 998877".to_owned()),
        ..PatientDraft::default()
    };
    let twin = desk.client.register_patient(&twin).await.unwrap().value;
    desk.person.press("f3");
    desk.type_text(&twin.record_number);
    desk.sees("1–1 of 1").await;
    desk.press("enter");
    desk.sees("Registered").await;
    desk.press("m");
    desk.sees("Which record goes in?").await;
    // Who is called nearly the same is found without a word.
    desk.sees(&format!("{} Zoe Zwilling", zoe.record_number))
        .await;
    // It is the other one that stays.
    desk.press("enter");
    desk.sees("Moves:").await;
    desk.press("s");
    desk.sees(&format!("Merge into {}", zoe.record_number))
        .await;
    desk.sees("nothing but the record's number").await;
    desk.press("enter m");
    desk.sees("is part of").await;
    desk.sees("Upcoming").await;
    let merges = desk.client.merges(zoe.id).await.unwrap();
    assert_eq!(merges[0].other.id, twin.id);
    let kept = desk.client.patient(zoe.id).await.unwrap().value;
    assert_eq!(kept.phone.as_deref(), Some("030 998877"));

    // Taken back by one key; then done again, and parted from the record.
    desk.keys.take();
    desk.press("alt-u");
    desk.sees("Parted:").await;
    desk.count("undo a merge", 1);
    assert!(desk.client.patient(twin.id).await.is_ok());
    let visits = desk.client.visits(zoe.id, 10).await.unwrap();
    assert_eq!(visits.appointments[0].id, booked.id);
    desk.press("m");
    desk.sees("Which record goes in?").await;
    desk.sees(&format!("{} Zoë Zwilling ·", twin.record_number))
        .await;
    desk.press("enter");
    desk.sees("Moves:").await;
    desk.press("enter m");
    desk.sees("is part of").await;
    desk.sees("Took in").await;
    desk.press("M");
    desk.sees("stands by itself again. Back go").await;
    desk.press("u");
    desk.sees("Parted:").await;
    assert!(desk.client.patient(twin.id).await.is_ok());
    desk.sees("parted again").await;

    // What was booked is called off from the record.
    desk.sees("Upcoming").await;
    desk.press("j");
    desk.sees("Back to the patient").await;
    desk.press("x 2 enter");
    desk.sees("is cancelled:").await;
    let visits = desk.client.visits(zoe.id, 10).await.unwrap();
    assert_eq!(visits.cancelled, 1);
}
