//! Mail over a real SMTP conversation, and as files.

use std::time::Duration;

use clinic_server::clinic::jobs;
use clinic_shared::Role;
use clinic_shared::client::Client;

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::TestServer;
use crate::support::smtp::SmtpServer;

on_both_databases! {
    a_mail_arrives_by_smtp_with_both_versions_and_a_lasting_id,
    what_is_refused_for_now_is_tried_again_and_later_given_up,
    what_is_refused_for_good_is_given_up_at_once,
    a_slow_mail_server_holds_nobody_up,
    files_are_private_and_whole,
    addresses_can_not_smuggle_headers,
}

const ROSA: &str = "rosa@example.org";

async fn with_smtp(db: TestDb, smtp: &SmtpServer) -> TestServer {
    let settings = smtp.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let on = TestServer::start_with(db, &settings).await;
    on.account(Role::Receptionist, "rosa").await;
    on
}

async fn job(on: &TestServer) -> clinic_server::store::jobs::JobRow {
    let jobs = jobs::list(&on.server.clinic, None, 100).await.unwrap();
    jobs.into_iter()
        .find(|job| job.kind == "send_code")
        .unwrap()
}

async fn a_mail_arrives_by_smtp_with_both_versions_and_a_lasting_id(db: TestDb) {
    let smtp = SmtpServer::start().await;
    let on = with_smtp(db, &smtp).await;
    on.anonymous().forgot_password(ROSA).await.unwrap();
    on.settle().await;
    let mails = smtp.delivered();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.user.as_deref(), Some("clinic"));
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("desk@clinic.example", [ROSA.to_owned()].as_slice())
    );
    let id = job(&on).await.id;
    assert!(
        mail.data
            .contains(&format!("Message-ID: <clinic-{id:08}@clinic.example>")),
        "{}",
        mail.data
    );
    for part in [
        "Content-Type: text/plain",
        "Content-Type: text/html",
        "Auto-Submitted: auto-generated",
        "Date: ",
    ] {
        assert!(mail.data.contains(part), "{part} in {}", mail.data);
    }
    let digits =
        |line: &&str| line.trim().len() == 6 && line.trim().bytes().all(|b| b.is_ascii_digit());
    let code = mail.data.lines().find(digits).unwrap().trim().to_owned();
    on.anonymous()
        .reset_password(ROSA, &code, "a fine new passphrase")
        .await
        .unwrap();
}

async fn what_is_refused_for_now_is_tried_again_and_later_given_up(db: TestDb) {
    let smtp = SmtpServer::start().await;
    smtp.refuse(Some("451 rosa@example.org: try later"));
    let on = with_smtp(db, &smtp).await;
    on.anonymous().forgot_password(ROSA).await.unwrap();
    on.settle().await;
    let mut waits = Vec::new();
    loop {
        let job = job(&on).await;
        let why = job.last_error.clone().unwrap_or_default();
        assert!(
            why.contains("451") && !why.contains("rosa"),
            "no address in “{why}”"
        );
        if job.status == "dead" {
            break;
        }
        assert_eq!(job.status, "waiting");
        let wait = (job.run_at - on.clock.now()).num_seconds();
        waits.push(wait);
        on.wait(u64::try_from(wait).unwrap() + 1);
        on.settle().await;
    }
    assert_eq!(waits.len(), 15, "{waits:?}");
    assert!((5..=7).contains(&waits[0]) && waits[5] >= 160, "{waits:?}");
    assert!(
        waits.iter().sum::<i64>() > 8 * 3600,
        "a night is survived: {waits:?}"
    );
    assert_eq!(smtp.delivered().len(), 0);
    // The operator mends the mail server and repeats it.
    smtp.refuse(None);
    let id = job(&on).await.id;
    assert_eq!(jobs::retry(&on.server.clinic, Some(id)).await.unwrap(), 1);
    on.settle().await;
    assert_eq!(
        (job(&on).await.status.as_str(), smtp.delivered().len()),
        ("done", 1)
    );
    assert!(
        jobs::retry(&on.server.clinic, Some(id)).await.is_err(),
        "it is not dead any more"
    );
}

async fn what_is_refused_for_good_is_given_up_at_once(db: TestDb) {
    let smtp = SmtpServer::start().await;
    smtp.refuse(Some("550 no such person"));
    let on = with_smtp(db, &smtp).await;
    on.anonymous().forgot_password(ROSA).await.unwrap();
    on.settle().await;
    let job = job(&on).await;
    assert_eq!((job.status.as_str(), job.tries), ("dead", 1));
}

async fn a_slow_mail_server_holds_nobody_up(db: TestDb) {
    let smtp = SmtpServer::start().await;
    smtp.be_slow(Duration::from_millis(300));
    let on = with_smtp(db, &smtp).await;
    // The request is answered while the mail is still on its way.
    on.anonymous().forgot_password(ROSA).await.unwrap();
    assert_eq!(smtp.delivered().len(), 0);
    on.settle().await;
    assert_eq!(smtp.delivered().len(), 1);
}

async fn files_are_private_and_whole(db: TestDb) {
    use std::os::unix::fs::PermissionsExt;
    let on = TestServer::start(db).await;
    on.account(Role::Receptionist, "rosa").await;
    on.anonymous().forgot_password(ROSA).await.unwrap();
    on.settle().await;
    let names: Vec<_> = std::fs::read_dir(on.mail_dir())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(names.len(), 1, "no drafts are left: {names:?}");
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&names[0]), mode(&on.mail_dir())), (0o600, 0o700));
    let raw = std::fs::read_to_string(&names[0]).unwrap();
    assert!(raw.ends_with("--\r\n"), "the last boundary is there");
}

async fn addresses_can_not_smuggle_headers(db: TestDb) {
    let on =
        TestServer::start_with(db, &[("CLINIC_NAME", "Clinic\r\nBcc: thief@example.org")]).await;
    let client: Client = on.anonymous();
    for email in [
        "a@b.example\r\nBcc: thief@example.org",
        "a@b.example\nSubject: x",
        "<a@b.example>",
    ] {
        let body = serde_json::json!({ "email": email, "password": "Pass1234" });
        let (status, _) =
            crate::support::server::post(&client, "/v1/api/user/register/", body).await;
        assert_eq!(status.as_u16(), 400, "{email:?}");
    }
    on.account(Role::Receptionist, "rosa").await;
    client.forgot_password(ROSA).await.unwrap();
    let mails = on.mails().await;
    let (headers, _) = mails[0].raw.split_once("\r\n\r\n").unwrap();
    assert!(
        !headers.lines().any(|line| line.starts_with("Bcc")),
        "{headers}"
    );
}
