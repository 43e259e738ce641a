//! Replies to contact requests over a real SMTP conversation.

use clinic_server::clinic::contacts::{self, Received};
use clinic_server::clinic::jobs;
use clinic_server::infra::incoming;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::desk::contacts::Reply;

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::TestServer;
use crate::support::smtp::SmtpServer;

on_both_databases! {
    answers_go_to_the_mailbox_that_is_read,
    the_desk_sees_that_nobody_got_it,
}

async fn start(db: TestDb, smtp: &SmtpServer) -> (TestServer, Client, i64) {
    let settings = smtp.settings();
    let mut settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    settings.push(("MAIL_REPLY_TO", "Desk <answers@clinic.example>"));
    let on = TestServer::start_with(db, &settings).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let raw = b"From: ida@example.org\nSubject: Hours\n\nOpen today?\n";
    let mail = incoming::parse(raw).unwrap();
    let received = contacts::receive(&on.server.clinic, &mail).await.unwrap();
    let Received::New(id) = received else {
        panic!("{received:?}")
    };
    let body = Reply {
        message: "Yes.".to_owned(),
        subject: None,
        status: None,
        version: None,
    };
    smtp.refuse(Some("450 later"));
    rosa.reply_contact(id, &body, None).await.unwrap();
    on.settle().await;
    (on, rosa, id)
}

async fn answers_go_to_the_mailbox_that_is_read(db: TestDb) {
    let smtp = SmtpServer::start().await;
    let (on, rosa, id) = start(db, &smtp).await;
    let step = rosa.contact_history(id).await.unwrap().pop().unwrap();
    assert_eq!(
        (step.sent_at, step.failed_at),
        (None, None),
        "it is on its way"
    );
    smtp.refuse(None);
    on.wait(60);
    on.settle().await;
    let mails = smtp.delivered();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["ida@example.org"]);
    let data = &mails[0].data;
    for line in [
        "Reply-To: Desk <answers@clinic.example>",
        "Subject: Re: Hours [#C-",
    ] {
        assert!(data.contains(line), "{data}");
    }
    let step = rosa.contact_history(id).await.unwrap().pop().unwrap();
    assert_eq!(step.sent_at, Some(on.clock.now()));
}

async fn the_desk_sees_that_nobody_got_it(db: TestDb) {
    let smtp = SmtpServer::start().await;
    let (on, rosa, id) = start(db, &smtp).await;
    smtp.refuse(Some("550 nobody here"));
    on.wait(60);
    on.settle().await;
    let step = rosa.contact_history(id).await.unwrap().pop().unwrap();
    assert_eq!((step.sent_at, step.failed_at), (None, Some(on.clock.now())));
    let dead = jobs::list(&on.server.clinic, Some("dead"), 10)
        .await
        .unwrap();
    assert_eq!(dead.len(), 1);
    // Once the mail server takes it, the operator lets it go.
    smtp.refuse(None);
    jobs::retry(&on.server.clinic, None).await.unwrap();
    on.settle().await;
    let step = rosa.contact_history(id).await.unwrap().pop().unwrap();
    assert_eq!((step.sent_at, step.failed_at), (Some(on.clock.now()), None));
}
