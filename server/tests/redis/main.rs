//! Several servers with one Redis (docs/decisions/0022): they count limits together and share public
//! lists, a change is seen everywhere at once, and a Redis that dies or hangs is nobody's trouble.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::large_futures,
    clippy::print_stdout,
    reason = "a test that panics fails, which is what it is for"
)]

mod dying;
mod limits;
mod lists;
#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use clinic_server::Server;
use clinic_shared::client::Client;
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use serde_json::Value;
use uuid::Uuid;

use support::db::TestDb;
use support::server::{TestServer, get};

/// Where clients reach the clinic, whichever server answers.
const PUBLIC_URL: &str = "https://desk.example.org";

/// A server that uses this Redis, as a clinic that nobody else in it is.
async fn with_redis(db: TestDb, url: &str, limits: &str) -> TestServer {
    let key = format!("a key for tests only {}", Uuid::new_v4());
    let settings = [
        ("REDIS_URL", url),
        ("SECRET_KEY", key.as_str()),
        ("PUBLIC_URL", PUBLIC_URL),
        ("RATE_LIMITS", limits),
    ];
    TestServer::start_with(db, &settings).await
}

fn client(server: &Server) -> Client {
    Client::new(&server.url()).unwrap()
}

/// What the health answer says of Redis.
async fn health(client: &Client) -> Value {
    get(client, "/health").await.1["redis"].clone()
}

/// Waits until a server says so of Redis.
async fn says(client: &Client, standing: &str) {
    let began = Instant::now();
    while health(client).await != standing {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "Redis {standing}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The keys of kept lists whose body has this text in it, and the bodies.
async fn kept(redis: &mut MultiplexedConnection, text: &str) -> Vec<(String, String)> {
    let keys: Vec<String> = redis.keys("clinic:list:*").await.unwrap();
    let mut found = Vec::new();
    for key in keys {
        let body: Option<String> = redis.get(&key).await.unwrap();
        if let Some(body) = body.filter(|body| body.contains(text)) {
            found.push((key, body));
        }
    }
    found
}

/// Asks for a list through one server until it is kept, then changes a word of what is kept: whoever
/// shows that word took it from Redis.
async fn mark(
    redis: &mut MultiplexedConnection,
    client: &Client,
    path: &str,
    (word, marked): (&str, &str),
) {
    let began = Instant::now();
    loop {
        let (status, body) = get(client, path).await;
        assert_eq!(status, 200, "{body}");
        tokio::time::sleep(Duration::from_millis(20)).await;
        let found = kept(redis, word).await;
        for (key, body) in &found {
            let body = body.replace(word, marked);
            let () = redis.set_ex(key, body, 300).await.unwrap();
        }
        if !found.is_empty() {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{path} is kept");
    }
}
