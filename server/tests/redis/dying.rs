//! A Redis that is killed, hangs, and comes back while people work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::redis::{OwnRedis, connection};
use crate::support::server::{get, post, send};
use crate::{client, health, mark, says, with_redis};

on_both_databases! {
    a_killed_redis_fails_nobody_and_delays_nobody,
    a_hanging_redis_fails_nobody_and_delays_nobody,
    a_server_starts_without_its_redis,
    a_redis_that_may_not_be_written_is_away,
}

/// What a request may take longer for a Redis that does not answer.
const PROMISED: Duration = Duration::from_millis(50);
/// What a busy machine may add to any request.
const ROOM: Duration = Duration::from_millis(200);

const LIMITS: &str = "auth=10/h,public=1000000/m";

/// People who ask for lists until they are told to stop: how long each request took.
struct People {
    over: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<Vec<Duration>>>,
}

impl People {
    fn of(clients: Vec<Client>) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let tasks = clients.into_iter().map(|client| {
            let over = Arc::clone(&over);
            tokio::spawn(async move {
                let mut took = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    for path in ["/services/", "/doctors/", "/v1/api/doctor/list/"] {
                        let began = Instant::now();
                        let (status, body) = get(&client, path).await;
                        took.push(began.elapsed());
                        assert_eq!(status, StatusCode::OK, "{body}");
                    }
                }
                took
            })
        });
        let tasks = tasks.collect();
        People { over, tasks }
    }

    async fn stop(self) -> Figures {
        self.over.store(true, Ordering::Relaxed);
        let mut took = Vec::new();
        for task in self.tasks {
            took.extend(task.await.expect("nobody was refused"));
        }
        took.sort_unstable();
        Figures(took)
    }
}

/// Sorted.
struct Figures(Vec<Duration>);

impl Figures {
    fn at(&self, share: f64) -> Duration {
        let place = (self.0.len() as f64 * share) as usize;
        self.0[place.min(self.0.len() - 1)]
    }

    fn worst(&self) -> Duration {
        self.at(1.0)
    }

    fn print(&self, what: &str) {
        println!(
            "{what:<22} {:>6} requests  p50 {:>8.2?}  p99 {:>8.2?}  worst {:>8.2?}",
            self.0.len(),
            self.at(0.5),
            self.at(0.99),
            self.worst()
        );
    }
}

/// Figures of people at two servers for a while, in the middle of which something happens.
async fn meanwhile(clients: [&Client; 2], happens: impl AsyncFnOnce()) -> Figures {
    let people = People::of(clients.into_iter().cloned().collect());
    tokio::time::sleep(Duration::from_millis(500)).await;
    happens().await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    people.stop().await
}

fn promised(without: &Figures, figures: &Figures) {
    let most = without.worst() + PROMISED + ROOM;
    assert!(figures.worst() <= most, "{:?} > {most:?}", figures.worst());
}

async fn a_killed_redis_fails_nobody_and_delays_nobody(db: TestDb) {
    let Some(mut redis) = OwnRedis::start().await else {
        return;
    };
    let on = with_redis(db, &redis.url(), LIMITS).await;
    let (other, without) = (on.second().await, on.second_without_redis().await);
    on.named_doctor("ahmed", "Quendra Ahmed").await;
    let clients = [&on.anonymous(), &client(&other)];
    let alone = client(&without);
    let before = meanwhile([&alone, &alone], async || {}).await;
    before.print("without Redis");
    let well = meanwhile(clients, async || {}).await;
    well.print("with Redis");
    let killed = meanwhile(clients, async || redis.kill()).await;
    killed.print("Redis killed meanwhile");
    promised(&before, &killed);
    for client in clients {
        assert_eq!(health(client).await, "away");
    }
    let dead = meanwhile(clients, async || {}).await;
    dead.print("Redis dead");
    promised(&before, &dead);
    // It comes back, and what one reads the other shows again; limits are counted together.
    let back = meanwhile(clients, async || redis.restart().await).await;
    back.print("Redis back meanwhile");
    promised(&before, &back);
    for client in clients {
        says(client, "answers").await;
    }
    let mut direct = connection(&redis.url()).await;
    mark(&mut direct, clients[0], "/doctors/", ("Quendra", "Marked")).await;
    let (_, shown) = get(clients[1], "/doctors/").await;
    assert!(shown.to_string().contains("Marked"), "{shown}");
    let mut passed = 0;
    for (attempt, client) in clients.iter().cycle().take(14).enumerate() {
        let guess = json!({ "username": format!("nobody{attempt}"), "password": "wrong" });
        match post(client, "/api/user/login/", guess).await.0 {
            StatusCode::UNAUTHORIZED => passed += 1,
            other => assert_eq!(other, StatusCode::TOO_MANY_REQUESTS),
        }
    }
    assert_eq!(passed, 10, "ten an hour, whichever server is asked");
    other.shutdown().await;
    without.shutdown().await;
}

async fn a_hanging_redis_fails_nobody_and_delays_nobody(db: TestDb) {
    let Some(redis) = OwnRedis::start().await else {
        return;
    };
    let on = with_redis(db, &redis.url(), LIMITS).await;
    let (other, without) = (on.second().await, on.second_without_redis().await);
    let number = on.named_doctor("ahmed", "Quendra Ahmed").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let clients = [&on.anonymous(), &client(&other)];
    let alone = client(&without);
    let before = meanwhile([&alone, &alone], async || {}).await;
    before.print("without Redis");
    let hung = meanwhile(clients, async || redis.stop()).await;
    hung.print("Redis hung meanwhile");
    promised(&before, &hung);
    let hanging = meanwhile(clients, async || {}).await;
    hanging.print("Redis hanging");
    promised(&before, &hanging);
    // It still holds the list of before, and nobody can tell it of this change.
    let path = format!("/doctors/{number}/");
    let (status, _) = send(&rosa, Method::PATCH, &path, json!({ "fee": 777 })).await;
    assert_eq!(status, StatusCode::OK);
    redis.go_on();
    for client in clients {
        says(client, "answers").await;
        let (_, shown) = get(client, "/doctors/").await;
        assert_eq!(shown["results"][0]["fee"], 777, "{shown}");
    }
    other.shutdown().await;
    without.shutdown().await;
}

async fn a_server_starts_without_its_redis(db: TestDb) {
    let Some(mut redis) = OwnRedis::start().await else {
        return;
    };
    redis.kill();
    let on = with_redis(db, &redis.url(), LIMITS).await;
    let nobody = on.anonymous();
    assert_eq!(health(&nobody).await, "away");
    assert_eq!(get(&nobody, "/services/").await.0, StatusCode::OK);
    redis.restart().await;
    says(&nobody, "answers").await;
}

/// Full, or a replica: it answers every question with an error.
async fn a_redis_that_may_not_be_written_is_away(db: TestDb) {
    let Some(redis) = OwnRedis::start().await else {
        return;
    };
    let on = with_redis(db, &redis.url(), LIMITS).await;
    let nobody = on.anonymous();
    assert_eq!(health(&nobody).await, "answers");
    let mut direct = connection(&redis.url()).await;
    let of_nobody = ["127.0.0.1", "1"];
    let () = redis::cmd("REPLICAOF")
        .arg(&of_nobody)
        .query_async(&mut direct)
        .await
        .unwrap();
    for _ in 0..20 {
        assert_eq!(get(&nobody, "/services/").await.0, StatusCode::OK);
    }
    says(&nobody, "away").await;
    // It is not tried again at anybody's cost.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(health(&nobody).await, "away");
    let () = redis::cmd("REPLICAOF")
        .arg(&["NO", "ONE"])
        .query_async(&mut direct)
        .await
        .unwrap();
    says(&nobody, "answers").await;
}
