//! Each event once and none left out, whoever writes and however often the stream breaks.

use std::collections::BTreeSet;
use std::time::Duration;

use clinic_server::clinic::{Clinic, events};
use clinic_shared::Role;
use clinic_shared::client::{Client, Told};

use super::{next, ready};
use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::{PASSWORD, TestServer};

on_both_databases! {
    fifty_writers_lose_nothing_for_readers_who_connect_all_the_time,
}

const WRITERS: i64 = 50;
const EACH: i64 = 8;

/// Writes events in transactions that commit in another order than they began.
async fn write(clinic: Clinic, writer: i64) {
    for n in 0..EACH {
        let object = writer * EACH + n;
        let mut tx = clinic.db.begin().await.unwrap();
        events::record(&mut tx, &clinic, events::CONTACT, object, None, None)
            .await
            .unwrap();
        let pause = (object * 7919) % 23;
        tokio::time::sleep(Duration::from_millis(pause.unsigned_abs())).await;
        match object % 10 {
            // Not every transaction commits.
            0 => tx.rollback().await.unwrap(),
            _ => tx.commit().await.unwrap(),
        }
    }
}

/// Reads a few events a connection until it has seen so many; answers ids and objects.
async fn read(client: Client, mut last: i64, count: usize, a_time: usize) -> Vec<(i64, i64)> {
    let mut seen = Vec::new();
    while seen.len() < count {
        let mut stream = client.events(Some(last)).await.unwrap();
        let mut taken = 0;
        while taken < a_time && seen.len() < count {
            match next(&mut stream).await {
                Some(Told::Happened(id, event)) => {
                    seen.push((id, event.object.unwrap()));
                    taken += 1;
                }
                Some(Told::Ready(_) | Told::Alive) => {}
                other => panic!("{other:?}"),
            }
        }
        last = stream.last_id().unwrap_or(last);
    }
    seen
}

async fn fifty_writers_lose_nothing_for_readers_who_connect_all_the_time(db: TestDb) {
    let on = TestServer::start_with(db, &[("DATABASE_CONNECTIONS", "12")]).await;
    let second = on.second().await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let there = Client::new(&second.url()).unwrap();
    there.sign_in("rosa", PASSWORD).await.unwrap();
    let (_, last) = ready(&rosa).await;
    let expected: BTreeSet<i64> = (0..WRITERS * EACH).filter(|n| n % 10 != 0).collect();
    let readers = [(&rosa, 1), (&rosa, 7), (&there, 3), (&there, usize::MAX)];
    let reading: Vec<_> = readers
        .into_iter()
        .map(|(client, a_time)| tokio::spawn(read(client.clone(), last, expected.len(), a_time)))
        .collect();
    let writing: Vec<_> = (0..WRITERS)
        .map(|writer| {
            // Two servers on one database write.
            let clinic = match writer % 2 {
                0 => on.server.clinic.clone(),
                _ => second.clinic.clone(),
            };
            tokio::spawn(write(clinic, writer))
        })
        .collect();
    for writer in writing {
        writer.await.unwrap();
    }
    let mut all = Vec::new();
    for reader in reading {
        let seen = reader.await.unwrap();
        assert!(seen.is_sorted_by(|a, b| a.0 < b.0), "ids only grow");
        let objects: BTreeSet<i64> = seen.iter().map(|(_, object)| *object).collect();
        assert_eq!(objects, expected);
        assert_eq!(seen.len(), expected.len(), "each once");
        all.push(seen);
    }
    assert!(
        all.windows(2).all(|two| two[0] == two[1]),
        "everybody is told the same in the same order"
    );
    second.shutdown().await;
}
