//! The stream of events (API.md §7): from where on it tells, how it is kept alive, and until when.

mod lost;
mod order;
mod sight;

use std::time::Duration;

use clinic_server::clinic::{Clinic, events};
use clinic_shared::Role;
use clinic_shared::client::reqwest::Method;
use clinic_shared::client::{Client, Events, Told};
use clinic_shared::v1::events::{EndReason, Event};

use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, request};

on_both! {
    a_stream_begins_now_or_after_the_last_event_that_was_seen,
    whoever_missed_too_much_loads_everything_anew,
    the_nights_work_forgets_events_of_a_week_ago,
    a_silent_stream_says_that_it_lives,
    a_stream_ends_with_its_token,
    a_stream_ends_with_its_session,
    streams_do_not_hold_up_a_server_that_stops,
    the_stream_is_written_as_the_standard_has_it,
}

/// The longest that a test waits for a word.
const SOON: Duration = Duration::from_secs(20);

/// Writes an event as a change does.
async fn happen(clinic: &Clinic, kind: &'static str, object: i64) {
    happen_to(clinic, kind, object, (None, None)).await;
}

/// The same, of a doctor's and a patient's.
async fn happen_to(
    clinic: &Clinic,
    kind: &'static str,
    object: i64,
    (doctor, patient): (Option<i64>, Option<i64>),
) {
    let mut tx = clinic.db.begin().await.unwrap();
    let written = events::record(&mut tx, clinic, kind, object, doctor, patient).await;
    written.unwrap();
    tx.commit().await.unwrap();
}

/// The next word.
async fn next(stream: &mut Events) -> Option<Told> {
    let word = tokio::time::timeout(SOON, stream.next()).await;
    word.expect("a word within seconds").unwrap()
}

/// The next thing that happened, heartbeats and the like left out; none when the stream is over.
async fn happened(stream: &mut Events) -> Option<(i64, Event)> {
    loop {
        match next(stream).await? {
            Told::Happened(id, event) => return Some((id, event)),
            Told::End(_) => return None,
            Told::Ready(_) | Told::Alive => {}
            Told::Reset(id) => panic!("reset to {id}"),
        }
    }
}

/// The objects of the next so many things that happened.
async fn objects(stream: &mut Events, count: usize) -> Vec<i64> {
    let mut seen = Vec::new();
    while seen.len() < count {
        let (_, event) = happened(stream).await.expect("the stream goes on");
        seen.push(event.object.unwrap());
    }
    seen
}

/// A stream that has said from where on it tells.
async fn ready(client: &Client) -> (Events, i64) {
    let mut stream = client.events(None).await.unwrap();
    match next(&mut stream).await {
        Some(Told::Ready(id)) => (stream, id),
        other => panic!("not ready: {other:?}"),
    }
}

/// Why a stream ends, and that nothing comes after.
async fn end(stream: &mut Events) -> EndReason {
    loop {
        match next(stream).await {
            Some(Told::End(reason)) => {
                assert_eq!(next(stream).await, None);
                return reason;
            }
            Some(_) => {}
            None => panic!("it ended without a word"),
        }
    }
}

async fn a_stream_begins_now_or_after_the_last_event_that_was_seen(on: TestServer) {
    let clinic = &on.server.clinic;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    happen(clinic, events::CONTACT, 1).await;
    // What happened before is not told, once it has its place.
    let (mut stream, begun) = loop {
        let (stream, newest) = ready(&rosa).await;
        if newest > 0 {
            break (stream, newest);
        }
    };
    happen(clinic, events::CONTACT, 2).await;
    assert_eq!(objects(&mut stream, 1).await, [2]);
    for object in 3..6 {
        happen(clinic, events::CONTACT, object).await;
    }
    assert_eq!(objects(&mut stream, 3).await, [3, 4, 5]);
    assert_eq!(stream.last_id(), Some(begun + 4));
    happen(clinic, events::CONTACT, 6).await;
    assert_eq!(objects(&mut stream, 1).await, [6], "it has its place");
    drop(stream);
    let mut again = rosa.events(Some(begun + 2)).await.unwrap();
    assert_eq!(objects(&mut again, 3).await, [4, 5, 6]);
    assert_eq!(next(&mut again).await, Some(Told::Ready(begun + 5)));
    happen(clinic, events::CONTACT, 7).await;
    assert_eq!(objects(&mut again, 1).await, [7]);
}

async fn whoever_missed_too_much_loads_everything_anew(on: TestServer) {
    let clinic = &on.server.clinic;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    happen(clinic, events::CONTACT, 1).await;
    let (stream, newest) = loop {
        let (stream, newest) = ready(&rosa).await;
        if newest > 0 {
            break (stream, newest);
        }
    };
    drop(stream);
    // An id that was never given: the database was restored, say.
    let mut stream = rosa.events(Some(newest + 5)).await.unwrap();
    assert_eq!(next(&mut stream).await, Some(Told::Reset(newest)));
    assert_eq!(next(&mut stream).await, Some(Told::Ready(newest)));
    happen(clinic, events::CONTACT, 2).await;
    assert_eq!(objects(&mut stream, 1).await, [2]);
    // One that is no id.
    let answer =
        request(&rosa, Method::GET, "/v1/api/events/").header("Last-Event-ID", "yesterday");
    let mut answer = answer.send().await.unwrap();
    let mut text = String::new();
    while !text.contains("event: reset") {
        let chunk = answer.chunk().await.unwrap().expect("a reset comes");
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
}

async fn the_nights_work_forgets_events_of_a_week_ago(on: TestServer) {
    let clinic = &on.server.clinic;
    on.account(Role::Receptionist, "rosa").await;
    for object in 1..4 {
        happen(clinic, events::CONTACT, object).await;
    }
    on.wait(6 * 24 * 3600);
    let rosa = on.signed_in("rosa").await;
    let mut stream = rosa.events(Some(0)).await.unwrap();
    assert_eq!(objects(&mut stream, 3).await, [1, 2, 3], "kept for a week");
    let last = stream.last_id();
    happen(clinic, events::CONTACT, 4).await;
    assert_eq!(objects(&mut stream, 1).await, [4]);
    on.wait(2 * 24 * 3600);
    clinic.jobs.wake();
    let rosa = on.signed_in("rosa").await;
    // Until the night's work is done, all of them are still there.
    let mut stream = loop {
        on.settle().await;
        let mut stream = rosa.events(Some(0)).await.unwrap();
        match next(&mut stream).await {
            Some(Told::Reset(_)) => break rosa.events(last).await.unwrap(),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    assert_eq!(
        objects(&mut stream, 1).await,
        [4],
        "what is kept is replayed"
    );
}

async fn a_silent_stream_says_that_it_lives(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (mut stream, _) = ready(&rosa).await;
    for _ in 0..3 {
        let quiet = tokio::time::timeout(Duration::from_millis(100), stream.next()).await;
        assert!(quiet.is_err(), "{quiet:?}");
        on.wait(15);
        assert_eq!(next(&mut stream).await, Some(Told::Alive));
    }
}

async fn a_stream_ends_with_its_token(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (mut stream, _) = ready(&rosa).await;
    on.wait(5 * 60 - 1);
    assert_eq!(next(&mut stream).await, Some(Told::Alive));
    on.wait(1);
    assert_eq!(end(&mut stream).await, EndReason::TokenExpired);
    // The client refreshes and follows again.
    happen(&on.server.clinic, events::CONTACT, 9).await;
    let mut again = rosa.events(stream.last_id()).await.unwrap();
    assert_eq!(objects(&mut again, 1).await, [9]);
}

async fn a_stream_ends_with_its_session(on: TestServer) {
    let second = on.second().await;
    on.account(Role::Receptionist, "rosa").await;
    for elsewhere in [false, true] {
        let (rosa, other) = (on.signed_in("rosa").await, on.signed_in("rosa").await);
        let (mut stream, _) = ready(&rosa).await;
        let (mut others, _) = ready(&other).await;
        let ending = match elsewhere {
            true => Client::new(&second.url()).unwrap(),
            false => on.anonymous(),
        };
        ending.set_tokens(rosa.tokens());
        ending.sign_out().await.unwrap();
        assert_eq!(end(&mut stream).await, EndReason::SessionEnded);
        // The same person's other session goes on.
        happen(&second.clinic, events::CONTACT, 1).await;
        assert_eq!(objects(&mut others, 1).await, [1]);
        assert!(rosa.events(None).await.is_err());
    }
    second.shutdown().await;
}

async fn streams_do_not_hold_up_a_server_that_stops(on: TestServer) {
    on.account(Role::Receptionist, "rosa").await;
    let second = on.second().await;
    let rosa = Client::new(&second.url()).unwrap();
    rosa.sign_in("rosa", PASSWORD).await.unwrap();
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(ready(&rosa).await.0);
    }
    let stopped = tokio::time::timeout(Duration::from_secs(5), second.shutdown());
    let (stopped, reason) = tokio::join!(stopped, end(&mut streams[0]));
    assert_eq!(reason, EndReason::Closing);
    stopped.expect("it stops at once");
}

async fn the_stream_is_written_as_the_standard_has_it(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let mut answer = request(&rosa, Method::GET, "/v1/api/events/")
        .send()
        .await
        .unwrap();
    let headers = answer.headers();
    assert_eq!(headers["content-type"], "text/event-stream");
    assert_eq!(headers["cache-control"], "no-store");
    let mut text = String::new();
    let mut wrote = false;
    while !text.contains("event: contact") || !text.ends_with("\n\n") {
        let chunk = answer.chunk().await.unwrap().expect("it goes on");
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        if text.contains("event: ready") && !wrote {
            wrote = true;
            happen(&on.server.clinic, events::CONTACT, 12).await;
        }
    }
    let expected = "retry: 2000\n\nevent: ready\nid: 0\ndata: {}\n\nevent: contact\nid: 1\n\
        data: {\"kind\":\"contact\",\"object\":12,\"doctor\":null,\"patient\":null}\n\n";
    assert_eq!(text, expected);
}
