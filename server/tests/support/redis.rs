//! Redis for tests: `scripts/with-redis` names one that tests share (`TEST_REDIS_URL`) and the program
//! (`TEST_REDIS_SERVER`), of which a test starts one of its own to kill or to stop it. Without them
//! these tests print that they were skipped; with `REQUIRE_REDIS=1` they fail instead.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use tempfile::TempDir;

fn named(name: &str) -> Option<String> {
    let text = |name: &str| std::env::var_os(name).and_then(|value| value.into_string().ok());
    let value = text(name).filter(|value| !value.is_empty());
    if value.is_none() {
        let required = text("REQUIRE_REDIS").is_some_and(|value| value == "1");
        assert!(!required, "REQUIRE_REDIS=1, but {name} is not set");
        println!("skipped: {name} is not set");
    }
    value
}

/// The URL of the one that tests share, if there is one.
pub fn shared() -> Option<String> {
    named("TEST_REDIS_URL")
}

/// A connection of the test's own.
pub async fn connection(url: &str) -> MultiplexedConnection {
    let client = redis::Client::open(url).expect("a Redis URL");
    let connection = client.get_multiplexed_async_connection();
    connection.await.expect("Redis answers")
}

/// A Redis of one test's own, killed when this is dropped.
pub struct OwnRedis {
    program: String,
    port: u16,
    child: Child,
    folder: TempDir,
}

impl OwnRedis {
    /// Starts one, if there is a program.
    pub async fn start() -> Option<Self> {
        let program = named("TEST_REDIS_SERVER")?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let child = run(&program, port, &folder);
        let own = OwnRedis {
            program,
            port,
            child,
            folder,
        };
        own.ready().await;
        Some(own)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// As `kill -9` does it.
    pub fn kill(&mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it has ended");
    }

    /// Starts it anew on the same port; it remembers nothing.
    pub async fn restart(&mut self) {
        self.child = run(&self.program, self.port, &self.folder);
        self.ready().await;
    }

    /// It hangs: connections stay, and nobody answers.
    pub fn stop(&self) {
        self.signal("-STOP");
    }

    /// It goes on.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status();
        assert!(sent.expect("kill runs").success());
    }

    async fn ready(&self) {
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(10), "Redis starts");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(program: &str, port: u16, folder: &TempDir) -> Child {
    let port = port.to_string();
    Command::new(program)
        .args(["--port", &port, "--bind", "127.0.0.1", "--dir"])
        .arg(folder.path())
        .args(["--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("Redis starts")
}
