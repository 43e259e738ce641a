//! Somebody wrote to the clinic and gets an answer.

use std::time::{Duration, Instant};

use clinic_shared::client::ContactQuery;
use clinic_shared::desk::contacts::{Action, Contact, Status};
use clinic_shared::v1::portal::ContactUs;

use crate::receptionist::Receptionist;
use crate::support::pty::PATIENCE;

/// Who wrote.
const VISITOR: &str = "Zita Zwischenruf";
/// Where she reads the answer.
const ADDRESS: &str = "zita@example.org";
/// What she wants to know.
const QUESTION: &str = "Are you open on the 28th? I need a new prescription by then.";

/// It is opened, answered by mail and done with; the answer arrives.
pub(crate) async fn answer_a_contact_request(desk: &Receptionist) {
    let written = ContactUs {
        name: VISITOR.to_owned(),
        email: Some(ADDRESS.to_owned()),
        phone: None,
        subject: Some("Between the holidays".to_owned()),
        message: QUESTION.to_owned(),
    };
    desk.is_written_to(&written).await;
    let new = request(desk).await;
    assert_eq!((new.status, new.assignee), (Status::New, None));

    desk.begin();
    desk.press("f5");
    desk.sees("[F5 Contacts]").await;
    desk.sees(VISITOR).await;
    desk.picture(
        "contacts",
        "Contact requests",
        "The contact requests: who wrote, how it begins, whose it is and how it stands.",
    )
    .await;
    desk.press("enter");
    desk.sees("Are you open on the 28th?").await;
    desk.press("a");
    desk.sees(&format!("Answer {VISITOR}")).await;
    desk.sees(ADDRESS).await;
    desk.type_text("Dear Mrs Zwischenruf,");
    desk.types_enter();
    desk.type_text("yes, from eight to noon.");
    desk.press("tab");
    desk.sees("resolved: nothing else is to do").await;
    desk.picture(
        "answer",
        "The answer",
        "The answer: where it goes, that it is resolved then, the text, and what they wrote.",
    )
    .await;
    desk.press("ctrl-s");
    let done = format!("{VISITOR} is answered by mail, and resolved.");
    desk.sees(&done).await;
    desk.count("answer a contact request", 5);

    let now = request(desk).await;
    let me = desk.client.me().await.unwrap().id;
    assert_eq!(now.status, Status::Resolved);
    assert_eq!(now.assignee.map(|one| one.id), Some(me));
    arrives(desk, now.id).await;
    desk.is_audited_of("contact", "reply_contact", now.id, 1)
        .await;
    desk.rests().await;
    desk.sees_no_more(&done).await;
    desk.press("esc");
    // Nobody else has to look at it: it is not among the new ones any more.
    desk.sees("Find (press /)").await;
    desk.sees_no_more(VISITOR).await;
    desk.press("3");
    desk.sees_that("it is resolved in the list of all", |screen| {
        let mut lines = screen.lines();
        lines.any(|line| line.contains(VISITOR) && line.contains("resolved"))
    })
    .await;
    desk.press("f2");
    desk.sees("[F2 Today]").await;
    desk.begin();
}

/// What the visitor wrote, as the server has it.
async fn request(desk: &Receptionist) -> Contact {
    let query = ContactQuery {
        search: Some("zwischenruf".to_owned()),
        ..ContactQuery::default()
    };
    let mut found = desk.client.contacts(&query).await.unwrap().results;
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// The answer is kept with the request word by word, and a mail of it leaves the house.
async fn arrives(desk: &Receptionist, id: i64) {
    let begun = Instant::now();
    loop {
        let steps = desk.client.contact_history(id).await.unwrap();
        let step = steps.last().unwrap();
        assert_eq!((step.action, step.to), (Action::Reply, Status::Resolved));
        assert_eq!(step.by.as_deref(), Some("Rosa Winter"));
        assert_eq!(step.address.as_deref(), Some(ADDRESS));
        let text = "Dear Mrs Zwischenruf,\nyes, from eight to noon.";
        assert_eq!(step.text.as_deref(), Some(text));
        if step.sent_at.is_some() {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "the answer does not leave");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mails = desk.house.mails();
    let to = format!("To: {ADDRESS}");
    let answer = mails
        .iter()
        .find(|mail| mail.contains(&to) && mail.contains("yes, from eight to noon."));
    let answer = answer.unwrap_or_else(|| panic!("no mail of it: {mails:#?}"));
    assert!(answer.contains("Between the holidays"), "{answer}");
}
