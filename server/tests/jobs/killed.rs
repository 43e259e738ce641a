//! A server that is killed under load, and the one that is started after it.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clinic_shared::client::Client;
use clinic_shared::v1::user::RegisterV1;

use crate::support::db::TestDb;
use crate::support::on_both_databases;

on_both_databases! {
    everybody_who_was_answered_gets_their_code,
}

/// A `clinicd serve` of its own process; killed when dropped.
pub(super) struct Killable {
    child: Child,
    url: String,
}

impl Drop for Killable {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn serve(dir: &std::path::Path, url: &str) -> Killable {
    serve_with(dir, url, &[]).await
}

/// A server of its own process, with settings.
pub(super) async fn serve_with(
    dir: &std::path::Path,
    url: &str,
    settings: &[(&str, &str)],
) -> Killable {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let child = Command::new(env!("CARGO_BIN_EXE_clinicd"))
        .arg("serve")
        .current_dir(dir)
        .env("DATA_DIR", dir)
        .env("DATABASE_URL", url)
        .env("SECRET_KEY", "a key for tests only, of more than 32 bytes")
        .env("LISTEN", address.to_string())
        .env("RATE_LIMITS", "off")
        .env("LOG", "warn")
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let killable = Killable {
        child,
        url: format!("http://{address}"),
    };
    for _ in 0..600 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return killable;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the server did not start");
}

async fn everybody_who_was_answered_gets_their_code(db: TestDb) {
    let dir = tempfile::tempdir().unwrap();
    let first = serve(dir.path(), &db.url).await;
    let mut tasks = Vec::new();
    for desk in 0..4 {
        let client = Client::new(&first.url).unwrap();
        tasks.push(tokio::spawn(async move {
            let mut answered = Vec::new();
            for at in 0..100 {
                let form = RegisterV1 {
                    email: format!("person{desk}x{at}@example.org"),
                    password: "Pass1234".to_owned(),
                    password2: None,
                    first_name: None,
                    last_name: None,
                };
                match client.register_v1(&form).await {
                    Ok(registered) => answered.push(registered.user.email),
                    Err(_) => break,
                }
            }
            answered
        }));
    }
    tokio::time::sleep(Duration::from_millis(1500)).await;
    drop(first); // SIGKILL, in the middle of whatever it did
    let mut answered = Vec::new();
    for task in tasks {
        answered.extend(task.await.unwrap());
    }
    assert!(answered.len() > 4, "there was load: {}", answered.len());
    let second = serve(dir.path(), &db.url).await;
    let mut missing = Vec::new();
    // A claim of the dead server lasts five minutes, on this machine's clock: those jobs (at most
    // one a runner) are given back by the operator here.
    release(&db.db).await;
    for _ in 0..600 {
        missing = answered
            .iter()
            .filter(|email| !has_mail(dir.path(), email))
            .cloned()
            .collect();
        if missing.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(
        missing.is_empty(),
        "{} of {} got nothing",
        missing.len(),
        answered.len()
    );
    drop(second);
}

/// What the dead server had begun is due now.
pub(super) async fn release(db: &clinic_server::store::Db) {
    use clinic_server::store::Session;
    let mut tx = db.begin().await.unwrap();
    let text = "UPDATE job SET run_at = created_at WHERE status = 'running'";
    tx.sql(text).run().await.unwrap();
    tx.commit().await.unwrap();
}

fn has_mail(dir: &std::path::Path, email: &str) -> bool {
    let files = std::fs::read_dir(dir.join("mail")).into_iter().flatten();
    let mut texts = files.filter_map(|entry| {
        let path = entry.ok()?.path();
        path.extension().filter(|kind| *kind == "eml")?;
        std::fs::read_to_string(path).ok()
    });
    let line = format!("To: {email}");
    texts.any(|text| text.lines().any(|found| found == line))
}
