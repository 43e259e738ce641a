//! The processes under load.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clinic_shared::client::reqwest;

use crate::support::setting;

/// A running `clinicd`.
pub(crate) struct Process {
    /// Where it answers.
    pub(crate) url: String,
    child: Child,
}

/// Starts them and waits until each answers.
pub(crate) async fn start(dir: &Path, url: &str, count: usize) -> Vec<Process> {
    let mut all = Vec::new();
    for n in 0..count {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let mut command = Command::new(env!("CARGO_BIN_EXE_clinicd"));
        command
            .arg("serve")
            .env("DATA_DIR", dir)
            .env("DATABASE_URL", url.replace("sqlite://", "sqlite:///"))
            .env("SECRET_KEY", crate::support::SECRET)
            .env("LISTEN", address.to_string())
            .env(
                "RATE_LIMITS",
                "public=1000000/m,user=1000000/m,staff=1000000/m,auth=1000000/m",
            )
            .env("MAIL_DIR", dir.join(format!("mail-{n}")))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(dir.join(format!("server-{n}.log"))).unwrap());
        if let Some(redis) = setting("BENCH_REDIS_URL") {
            command.env("REDIS_URL", redis);
        }
        let process = Process {
            url: format!("http://{address}"),
            child: command.spawn().unwrap(),
        };
        let health = format!("{}/health", process.url);
        for tries in 0.. {
            if reqwest::get(&health).await.is_ok() {
                break;
            }
            assert!(tries < 300, "{} does not answer", process.url);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        all.push(process);
    }
    all
}

impl Process {
    /// Ends it, telling its greatest memory.
    pub(crate) async fn stop(mut self) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let peak = status.ok().and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        });
        if let Some(peak) = peak {
            println!("{} took {} MiB at most", self.url, peak / 1024);
        }
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
