//! `clinicd media move` and `clinicd check` as their operator meets them, also when they are killed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use clinic_server::Server;
use clinic_server::config::Database;
use clinic_server::infra::media::{Key, Media, Place};
use clinic_server::infra::{Clock, Ids};
use clinic_shared::Role;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{self, Method};

use crate::support::on_both;
use crate::support::s3::TestS3;
use crate::support::server::{TestServer, read, request};

on_both! {
    killed_in_the_middle_a_move_goes_on_and_all_is_there,
    what_is_odd_is_named_and_a_place_is_not_moved_onto_itself,
    a_check_tries_the_pictures_too,
}

/// How many files are moved: enough to be killed among them.
const MANY: u32 = 300;
/// A GIF of one pixel.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// `clinicd` beside a server, with settings of its own.
fn clinicd(on: &TestServer, args: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clinicd"));
    let url = match &on.config.database {
        Database::Sqlite(path) => format!("sqlite://{}", path.display()),
        Database::Postgres(url) => url.clone(),
    };
    command
        .args(args)
        .env_clear()
        .current_dir(&on.config.data_dir)
        .env("DATA_DIR", &on.config.data_dir)
        .env("DATABASE_URL", url)
        .env("SECRET_KEY", "a key for tests only, of more than 32 bytes")
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs it to its end, off the async workers.
async fn end(mut command: Command) -> Output {
    let run = tokio::task::spawn_blocking(move || command.output());
    run.await.unwrap().unwrap()
}

/// It works; what it said.
async fn works(command: Command) -> String {
    let output = end(command).await;
    let said = String::from_utf8(output.stdout).unwrap();
    let faults = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}{faults}");
    said
}

/// It fails with one line on standard error; that line.
async fn fails(command: Command) -> String {
    let output = end(command).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    said
}

/// Starts it and kills it as soon as `is_enough`.
async fn kill(mut command: Command, is_enough: impl AsyncFn() -> bool) {
    let mut child = command.spawn().unwrap();
    while !is_enough().await {
        assert!(child.try_wait().unwrap().is_none(), "it ended before");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn directory(on: &TestServer) -> PathBuf {
    match &on.config.media {
        Place::Directory(path) => path.clone(),
        Place::Bucket(_) => panic!("the server's pictures are in a bucket"),
    }
}

fn media(directory: &Path) -> Media {
    let place = Place::Directory(directory.to_owned());
    Media::open(&place, Clock::system(), Ids::system()).unwrap()
}

/// A service with a picture; the picture's URL path.
async fn service(on: &TestServer) -> String {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let form = Form::new()
        .text("name", "X-ray")
        .text("description", "Bones.")
        .part("image", Part::bytes(GIF).file_name("a.gif"));
    let sent = request(&rosa, Method::POST, "/services/").multipart(form);
    let (_, made) = read(sent.send().await.unwrap()).await;
    let url = made["image"].as_str().unwrap();
    url.strip_prefix(&on.server.url()).unwrap().to_owned()
}

/// Files of all sizes under names of ours, beside what there is.
fn fill(directory: &Path) {
    let ids = Ids::seeded(7);
    let year = directory.join("private/2026");
    std::fs::create_dir_all(&year).unwrap();
    for at in 0..MANY {
        let bytes = vec![u8::try_from(at % 251).unwrap(); (at * 37 % 9000) as usize];
        std::fs::write(year.join(format!("{}.jpg", ids.v4())), bytes).unwrap();
    }
}

/// Everything in a place.
async fn contents(media: &Media) -> BTreeMap<Key, Vec<u8>> {
    let mut found = BTreeMap::new();
    for key in media.kept().await.unwrap().pictures {
        found.insert(key, media.get(&key).await.unwrap().0.to_vec());
    }
    found
}

async fn count(media: &Media) -> usize {
    media.kept().await.unwrap().pictures.len()
}

async fn killed_in_the_middle_a_move_goes_on_and_all_is_there(on: TestServer) {
    let Some(s3) = TestS3::fresh() else { return };
    let image = service(&on).await;
    let (here, there) = (media(&directory(&on)), s3.media());
    fill(&directory(&on));
    let all = contents(&here).await;
    let total = all.len();
    // The server's settings, and where to go.
    let settings: Vec<_> = s3.settings().into_iter().skip(1).collect();
    let moving = |more: &[&str]| {
        let args: Vec<&str> = ["media", "move", "--to", &s3.root]
            .iter()
            .chain(more)
            .copied()
            .collect();
        clinicd(&on, &args, &settings)
    };

    let said = works(moving(&["--dry-run"])).await;
    assert!(
        said.contains(&format!("{total} would be copied to {}", s3.root)),
        "{said}"
    );
    assert_eq!(count(&there).await, 0);

    kill(moving(&[]), async || count(&there).await >= 20).await;
    let copied = count(&there).await;
    assert!(copied < total, "it was not killed in the middle");
    let said = works(moving(&[])).await;
    assert!(
        said.contains(&format!("{} were copied", total - copied)),
        "{copied} before: {said}"
    );
    assert!(
        said.contains(&format!("{copied} were there already")),
        "{said}"
    );
    assert!(said.contains(&format!("MEDIA_ROOT={}", s3.root)), "{said}");
    assert_eq!(contents(&there).await, all);
    assert_eq!(contents(&here).await, all, "nothing is removed unasked");

    // Killed while it removes: what is not gone here is there, and the rest follows.
    let removing = moving(&["--delete-source"]);
    kill(removing, async || count(&here).await < total - 20).await;
    assert!(count(&here).await > 0, "it was not killed in the middle");
    works(moving(&["--delete-source"])).await;
    assert_eq!(count(&here).await, 0);
    assert_eq!(contents(&there).await, all);

    // A server with the new setting gives out the same picture.
    let mut config = on.config.clone();
    config.media = there.place().clone();
    let server = Server::start_with(&config, &on.parts, true).await.unwrap();
    let url = format!("{}{image}", server.url());
    let answer = reqwest::get(url).await.unwrap();
    let key: Key = image.strip_prefix("/media/").unwrap().parse().unwrap();
    assert_eq!(answer.bytes().await.unwrap(), all[&key]);
    server.shutdown().await;

    // And back, killed again.
    let back = on.config.data_dir.join("back");
    let args = ["media", "move", "--to", back.to_str().unwrap()];
    let settings = s3.settings();
    let returned = media(&back);
    kill(clinicd(&on, &args, &settings), async || {
        count(&returned).await >= 20
    })
    .await;
    assert!(count(&returned).await < total);
    works(clinicd(&on, &args, &settings)).await;
    assert_eq!(contents(&returned).await, all);
    let audit = on.audit(50).await;
    let moves = audit
        .iter()
        .filter(|(_, action, _)| action == "delete_moved_pictures");
    assert_eq!(moves.count(), 2, "noted before the first is removed");
}

async fn what_is_odd_is_named_and_a_place_is_not_moved_onto_itself(on: TestServer) {
    let image = service(&on).await;
    let key = image.strip_prefix("/media/").unwrap();
    let here = directory(&on);
    let picture = std::fs::read(here.join(key)).unwrap();
    let orphan = "private/2026/0190163d-8694-739b-aea5-966c26f8ad91.jpg";
    std::fs::create_dir_all(here.join("private/2026")).unwrap();
    std::fs::write(here.join(orphan), "nobody's").unwrap();
    std::fs::write(here.join("README"), "the operator's").unwrap();

    let link = on.config.data_dir.join("the same");
    std::os::unix::fs::symlink(&here, &link).unwrap();
    for place in [&here, &link] {
        let to = place.to_str().unwrap();
        let args = ["media", "move", "--delete-source", "--to", to];
        let said = fails(clinicd(&on, &args, &[])).await;
        assert!(said.contains("same place"), "{said}");
    }
    assert_eq!(count(&media(&here)).await, 2);
    let args = ["media", "move", "--to", "s3://clinic/x"];
    let said = fails(clinicd(&on, &args, &[])).await;
    assert!(said.contains("AWS_SECRET_ACCESS_KEY"), "{said}");

    let elsewhere = on.config.data_dir.join("elsewhere");
    let to = elsewhere.to_str().unwrap();
    let dry = ["media", "move", "--dry-run", "--to", to];
    works(clinicd(&on, &dry, &[])).await;
    assert!(!elsewhere.exists(), "a dry run makes nothing");
    let args = ["media", "move", "--delete-source", "--to", to];
    let said = works(clinicd(&on, &args, &[])).await;
    assert!(said.contains(&format!("no row names   {orphan}")), "{said}");
    assert!(said.contains("not ours       README"), "{said}");
    assert!(!said.contains("missing"), "{said}");
    assert!(here.join("README").exists() && !elsewhere.join("README").exists());
    assert_eq!(std::fs::read(elsewhere.join(key)).unwrap(), picture);

    std::fs::remove_file(elsewhere.join(key)).unwrap();
    let said = works(clinicd(&on, &args, &[])).await;
    assert!(said.contains(&format!("missing        {key}")), "{said}");
}

async fn a_check_tries_the_pictures_too(on: TestServer) {
    let said = works(clinicd(&on, &["check"], &[])).await;
    let here = directory(&on);
    assert!(
        said.contains(&format!("pictures   ok: {}", here.display())),
        "{said}"
    );
    std::fs::remove_dir_all(&here).unwrap();
    std::fs::write(&here, "a file").unwrap();
    let said = fails(clinicd(&on, &["check"], &[])).await;
    assert!(said.contains("MEDIA_ROOT"), "{said}");

    let Some(mut s3) = TestS3::fresh() else {
        return;
    };
    let said = works(clinicd(&on, &["check"], &s3.settings())).await;
    assert!(
        said.contains(&format!("pictures   ok: {}", s3.root)),
        "{said}"
    );
    let kept = s3.media().kept().await.unwrap();
    assert!(kept.foreign.is_empty(), "{kept:?}");
    "another secret".clone_into(&mut s3.secret);
    let said = fails(clinicd(&on, &["check"], &s3.settings())).await;
    assert!(said.contains(&s3.root), "{said}");
    assert!(!said.contains("another secret"), "{said}");
    "http://127.0.0.1:1".clone_into(&mut s3.endpoint);
    let said = fails(clinicd(&on, &["check"], &s3.settings())).await;
    assert!(said.contains("does not answer"), "{said}");
}
