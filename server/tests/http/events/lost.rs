//! What is lost on the way is not lost for good: slow readers, dead connections, other servers.

use std::time::Duration;

use clinic_server::clinic::{Clinic, events};
use clinic_server::store::Session;
use clinic_shared::Role;
use clinic_shared::client::{Client, Told};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::{happen, next, objects, ready};
use crate::support::db::TestDb;
use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer};

on_both! {
    a_slow_reader_is_cut_off_and_costs_nobody_else,
    what_happens_at_one_server_is_told_at_the_other,
}

/// Writes so many events at once.
async fn flood(clinic: &Clinic, from: i64, count: i64) {
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql(
        "INSERT INTO event (at, kind, object_id)
         WITH RECURSIVE n (i) AS (SELECT CAST($2 AS bigint) UNION ALL
             SELECT i + 1 FROM n WHERE i + 1 < $2 + $3)
         SELECT $1, 'contact', i FROM n",
    )
    .bind(clinic.clock.now())
    .bind(from)
    .bind(count)
    .run()
    .await
    .unwrap();
    tx.commit().await.unwrap();
    clinic.events.wake();
}

/// A stream on a socket that takes little and is read by nobody.
async fn slow(on: &TestServer, client: &Client) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(on.server.address).await.unwrap();
    let bearer = client.tokens().unwrap().access;
    let request = format!(
        "GET /v1/api/events/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {bearer}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    while !String::from_utf8_lossy(&read).contains("event: ready") {
        let mut some = [0; 256];
        let count = stream.read(&mut some).await.unwrap();
        read.extend_from_slice(&some[..count]);
    }
    stream
}

async fn a_slow_reader_is_cut_off_and_costs_nobody_else(on: TestServer) {
    const BATCH: i64 = 1500;
    let clinic = &on.server.clinic;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let mut stuck = slow(&on, &rosa).await;
    let (mut quick, _) = ready(&rosa).await;
    for batch in 0..40 {
        let from = batch * BATCH;
        flood(clinic, from, BATCH).await;
        let seen = objects(&mut quick, usize::try_from(BATCH).unwrap()).await;
        assert!(seen.is_sorted_by(|a, b| a < b) && seen[0] == from);
    }
    // Then it reads what it was sent, and learns that this was not all.
    let mut text = String::new();
    let mut some = vec![0; 64 * 1024];
    while !text.contains("too_slow") {
        let read = tokio::time::timeout(Duration::from_secs(10), stuck.read(&mut some)).await;
        let count = read.expect("it ends").unwrap();
        assert_ne!(count, 0, "it ended without a word");
        text.push_str(&String::from_utf8_lossy(&some[..count]));
    }
    assert!(text.matches("event: contact").count() < 40 * 1500);
    assert!(text.contains("\"object\":0,") && text.contains("\"object\":1,"));
}

async fn what_happens_at_one_server_is_told_at_the_other(on: TestServer) {
    let second = on.second().await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let there = Client::new(&second.url()).unwrap();
    there.sign_in("rosa", PASSWORD).await.unwrap();
    let (mut here, _) = ready(&rosa).await;
    let (mut there, _) = ready(&there).await;
    for object in 0..20 {
        let clinic = match object % 2 {
            0 => &on.server.clinic,
            _ => &second.clinic,
        };
        happen(clinic, events::CONTACT, object).await;
    }
    let expected: Vec<i64> = (0..20).collect();
    assert_eq!(objects(&mut here, 20).await, expected);
    assert_eq!(objects(&mut there, 20).await, expected);
    second.shutdown().await;
}

/// Kills what other servers are heard on; answers how many connections that were.
async fn kill_listeners(clinic: &Clinic) -> usize {
    let mut tx = clinic.db.begin().await.unwrap();
    let killed: Vec<(bool,)> = tx
        .sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND query LIKE 'LISTEN%'",
        )
        .all()
        .await
        .unwrap();
    killed.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_streams_lose_nothing_when_their_server_loses_its_ears() {
    let Some(db) = TestDb::postgres().await else {
        return;
    };
    let on = TestServer::start(db).await;
    let second = on.second().await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let mut streams = Vec::new();
    for _ in 0..50 {
        streams.push(ready(&rosa).await.0);
    }
    let mut killed = 0;
    for object in 0..60 {
        if object % 20 == 10 {
            killed += kill_listeners(&second.clinic).await;
        }
        happen(&second.clinic, events::CONTACT, object).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(killed >= 2, "both servers listened: {killed}");
    let expected: Vec<i64> = (0..60).collect();
    for stream in &mut streams {
        assert_eq!(objects(stream, 60).await, expected);
    }
    // And sessions that end are heard of again.
    let ending = Client::new(&second.url()).unwrap();
    ending.set_tokens(rosa.tokens());
    ending.sign_out().await.unwrap();
    while !matches!(next(&mut streams[0]).await, Some(Told::End(_))) {}
    second.shutdown().await;
}
