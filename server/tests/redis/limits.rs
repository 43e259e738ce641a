//! Limits that all servers count together.

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::redis::{connection, shared};
use crate::support::server::{PASSWORD, request};
use crate::{client, with_redis};

on_both_databases! {
    an_address_is_counted_by_all_servers_together,
    an_account_is_counted_by_all_servers_together,
    what_was_let_through_is_not_forgotten_when_redis_dies,
}

/// How many of so many requests were let through, and what the last was told to wait.
async fn let_through(clients: &[&Client], requests: usize) -> (usize, Option<u64>) {
    let (mut passed, mut wait) = (0, None);
    for client in clients.iter().cycle().take(requests) {
        let answer = request(client, Method::GET, "/services/").send().await;
        let answer = answer.unwrap();
        match answer.status() {
            StatusCode::OK => passed += 1,
            StatusCode::TOO_MANY_REQUESTS => {
                let header = answer.headers()["retry-after"].to_str().unwrap();
                wait = Some(header.parse().unwrap());
            }
            other => panic!("{other}"),
        }
    }
    (passed, wait)
}

async fn an_address_is_counted_by_all_servers_together(db: TestDb) {
    let Some(url) = shared() else { return };
    let on = with_redis(db, &url, "public=10/h").await;
    let other = on.second().await;
    let (one, two) = (on.anonymous(), client(&other));
    let (passed, wait) = let_through(&[&one, &two], 14).await;
    assert_eq!(passed, 10);
    // One comes back every six minutes.
    let wait = wait.unwrap();
    assert!((340..=360).contains(&wait), "{wait}");
    // The servers' own clocks are none of Redis' business.
    on.wait(7200);
    assert_eq!(let_through(&[&one, &two], 4).await.0, 0);
    // A clinic of its own in the same Redis has clients of its own; no address is in it.
    let mut redis = connection(&url).await;
    let keys: Vec<String> = redis::cmd("KEYS")
        .arg("*127.0.0.1*")
        .query_async(&mut redis)
        .await
        .unwrap();
    assert_eq!(keys, Vec::<String>::new());
    other.shutdown().await;
}

async fn an_account_is_counted_by_all_servers_together(db: TestDb) {
    let Some(url) = shared() else { return };
    let limits = "user=6/h,auth=1000/m,public=1000/m";
    let on = with_redis(db, &url, limits).await;
    let other = on.second().await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let two = client(&other);
    two.sign_in("ana", PASSWORD).await.unwrap();
    assert_eq!(let_through(&[&ana, &two], 10).await.0, 6);
    // Others have their own share.
    let ben = on.sign_in(Role::Patient, "ben").await;
    assert_eq!(let_through(&[&ben], 8).await.0, 6);
    other.shutdown().await;
}

async fn what_was_let_through_is_not_forgotten_when_redis_dies(db: TestDb) {
    let Some(mut redis) = crate::support::redis::OwnRedis::start().await else {
        return;
    };
    let on = with_redis(db, &redis.url(), "public=10/h").await;
    let other = on.second().await;
    let (one, two) = (on.anonymous(), client(&other));
    assert_eq!(let_through(&[&one, &one, &two], 6).await.0, 6);
    redis.kill();
    // Each server goes on with what it saw itself: four, and two.
    assert_eq!(let_through(&[&one], 8).await.0, 6);
    assert_eq!(let_through(&[&two], 10).await.0, 8);
    other.shutdown().await;
}
