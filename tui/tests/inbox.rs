//! The inbox, a doctor's queue and what an admin decides at the real server, in this process: keys
//! go in, and the server has what they mean.
#![cfg(feature = "demo")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod support {
    #![allow(dead_code, reason = "each test program uses its part")]
    pub(crate) mod sitting;
    pub(crate) mod terminal;
}

use std::sync::Arc;

use clinic_server::demo::DemoServer;
use clinic_shared::client::{Client, ContactQuery, DecisionQuery, DoctorQuery, Plain};
use clinic_shared::desk::appointments::{Cancel, CancelledBy, Status, Step};
use clinic_shared::desk::contacts::{self, Action};
use clinic_shared::desk::queue::{Priority, WalkIn};
use clinic_shared::v1::portal::{BugReportInput, ContactUs};
use clinic_shared::v1::qualifications::Decision;
use support::sitting;
use support::terminal::Person;

async fn signed_in(demo: &DemoServer, user: &str) -> Client {
    let client = Client::new(&demo.url()).unwrap();
    client.sign_in(user, demo.password).await.unwrap();
    client
}

/// With whom is asked: takes the first, the second free time, and says yes.
async fn books_what_comes_second(person: &Person) {
    person.sees("General").await;
    person.press("enter");
    person.sees("on · all of the day").await;
    person.sees("–").await;
    person.press("down enter");
    person.sees("Enter books").await;
    person.press("enter");
}

/// Runs the program as this account against a person, who leaves with Ctrl-C.
async fn with<F: Future<Output = ()>>(
    demo: &DemoServer,
    user: &str,
    act: impl FnOnce(Arc<Person>) -> F,
) {
    let client = signed_in(demo, user).await;
    let start = sitting::start(&client, client.me().await.unwrap());
    sitting::with(start, (80, 24), act).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_request_is_answered_made_a_patient_resolved_and_that_taken_back() {
    let directory = tempfile::tempdir().unwrap();
    let demo = clinic_server::demo::start(directory.path()).await.unwrap();
    let stranger = Client::new(&demo.url()).unwrap();
    let written = ContactUs {
        name: "Zita Zwischenruf".to_owned(),
        email: Some("zita@example.org".to_owned()),
        phone: None,
        subject: Some("Between the holidays".to_owned()),
        message: "Are you open on the 28th?".to_owned(),
    };
    stranger.contact_us(&written).await.unwrap();
    with(&demo, demo.username, |person| async move {
        person.sees("[F2 Today]").await;
        person.press("f5");
        person.sees("Zita Zwischenruf").await;
        person.press("enter");
        person.sees("Are you open on the 28th?").await;
        person.press("a");
        person.sees("zita@example.org").await;
        person.type_text("Dear Mrs Zwischenruf,");
        person.press("enter");
        person.type_text("yes, all day.");
        person.press("ctrl-s");
        person.sees("Zita Zwischenruf is answered by mail.").await;
        person.press("pgdn pgdn");
        person.sees("yes, all day.").await;
        person.press("p");
        person.sees("who wrote to the clinic").await;
        person.type_text("1.2.1990");
        person.press("ctrl-s");
        person.sees("Zita Zwischenruf is patient P-").await;
        person.press("r");
        person.sees("is resolved now.").await;
        person.press("u");
        person.sees("Taken back:").await;
    })
    .await;
    let rosa = signed_in(&demo, demo.username).await;
    let query = ContactQuery {
        search: Some("zwischenruf".to_owned()),
        ..ContactQuery::default()
    };
    let found = rosa.contacts(&query).await.unwrap().results;
    let [contact] = found.as_slice() else {
        panic!("not one but {}", found.len())
    };
    assert_eq!(contact.status, contacts::Status::InProgress);
    assert_eq!(
        contact.assignee.as_ref().map(|one| one.id),
        Some(rosa.me().await.unwrap().id)
    );
    let patient = contact.patient.as_ref().unwrap();
    let record = rosa.patient(patient.id).await.unwrap().value;
    assert_eq!(record.birth_date, "1990-02-01".parse().ok());
    assert_eq!(record.email.as_deref(), Some("zita@example.org"));
    let steps = rosa.contact_history(contact.id).await.unwrap();
    let actions: Vec<Action> = steps.iter().map(|step| step.action).collect();
    let status = Action::Status;
    assert_eq!(actions, [Action::Reply, Action::Patient, status, status]);
    assert_eq!(
        steps[0].text.as_deref(),
        Some("Dear Mrs Zwischenruf,\nyes, all day.")
    );
    demo.shutdown().await;
}

async fn by_name(rosa: &Client, name: &str) -> contacts::Contact {
    let query = ContactQuery {
        search: Some(name.to_owned()),
        ..ContactQuery::default()
    };
    let mut found = rosa.contacts(&query).await.unwrap().results;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contact_requests_lead_to_appointments_of_somebody_new_and_of_a_patient() {
    let directory = tempfile::tempdir().unwrap();
    let demo = clinic_server::demo::start(directory.path()).await.unwrap();
    let stranger = Client::new(&demo.url()).unwrap();
    for (name, email, phone) in [
        (
            "Zita Neuzugang",
            Some("zita@example.org"),
            Some("030 555 1"),
        ),
        ("Zeno Bekannt", None, Some("030 555 2")),
    ] {
        let written = ContactUs {
            name: name.to_owned(),
            email: email.map(str::to_owned),
            phone: phone.map(str::to_owned),
            subject: None,
            message: "A time next week, please.".to_owned(),
        };
        stranger.contact_us(&written).await.unwrap();
    }
    let rosa = signed_in(&demo, demo.username).await;
    let zeno = by_name(&rosa, "Zeno").await;
    with(&demo, demo.username, |person| async move {
        person.sees("[F2 Today]").await;
        // Somebody new, out of the open request.
        person.press("f5");
        person.sees("Zita Neuzugang").await;
        person.press("j enter");
        person.sees("nobody's yet").await;
        person.press("b");
        person.sees("No patient matches. Register").await;
        person.press("enter");
        person.sees("New patient").await;
        person.sees("zita@example.org").await;
        person.press("ctrl-s");
        person.sees("Registered Zita Neuzugang").await;
        books_what_comes_second(&person).await;
        person.sees("Booked: Zita Neuzugang").await;
        person.sees_no_more("Enter books").await;
        person.press("esc");
        person.sees_no_more("Changed").await;
        // Made a patient of first, then booked for.
        person.press("home enter");
        person.sees("nobody's yet").await;
        person.press("p");
        person.sees("who wrote to the clinic").await;
        person.press("ctrl-s");
        person.sees("Zeno Bekannt is patient P-").await;
        person.press("b");
        books_what_comes_second(&person).await;
        person.sees("Booked: Zeno Bekannt").await;
        person.sees("booked for it").await;
        // A slip: the request is as it was; and then it was none.
        person.press("alt-u");
        person.sees("Taken back: Zeno Bekannt is not booked.").await;
        person.sees("took the booking back").await;
        person.sees_no_more("Booked   ").await;
        person.press("alt-u");
        person
            .sees("Taken back: Zeno Bekannt is pending again.")
            .await;
        person.sees("Booked   ").await;
    })
    .await;
    let led = by_name(&rosa, "Zita").await;
    assert!(led.appointment.is_some());
    let patient = rosa.patient(led.patient.unwrap().id).await.unwrap().value;
    assert_eq!(patient.email.as_deref(), Some("zita@example.org"));
    assert!(patient.phone.unwrap().ends_with("30 555 1"));
    let led = by_name(&rosa, "Zeno").await;
    assert!(led.appointment.is_some() && led.version > zeno.version);
    let steps = rosa.contact_history(led.id).await.unwrap();
    let actions: Vec<Action> = steps.iter().map(|step| step.action).collect();
    let booked = Action::Appointment;
    assert_eq!(actions, [Action::Patient, booked, Action::Unbooked, booked]);
    demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_doctor_serves_three_patients_with_single_keys() {
    let directory = tempfile::tempdir().unwrap();
    let demo = clinic_server::demo::start(directory.path()).await.unwrap();
    let rosa = signed_in(&demo, demo.username).await;
    let doctor = signed_in(&demo, "doctor").await;
    let queue = doctor.queue(None).await.unwrap();
    // Whoever is there by the time of day is seen to before.
    for row in queue.entries {
        if row.status == Status::Running {
            let as_it_is = Step::default();
            let done = rosa.step(row.id, Plain::Complete, &as_it_is, None);
            done.await.unwrap();
        } else {
            let cancel = Cancel {
                by: CancelledBy::Clinic,
                reason_kind: None,
                reason: Some("For the test.".to_owned()),
                version: None,
            };
            let done = rosa.cancel_appointment(row.id, &cancel, None);
            done.await.unwrap();
        }
    }
    let names = ["Zacharias Eins", "Zoe Zwei", "Zita Drei"];
    for name in names {
        let walk_in = WalkIn {
            full_name: Some(name.to_owned()),
            doctor: Some(queue.doctor.doctor.id),
            priority: Some(Priority::Urgent),
            anyway: Some(true),
            ..WalkIn::default()
        };
        rosa.take_walk_in(&walk_in).await.unwrap();
    }
    let seen = doctor.queue(None).await.unwrap().doctor.completed;
    with(&demo, "doctor", |person| async move {
        person.sees("[F7 Queue]").await;
        for name in names {
            person.sees(&format!("Next  {name}")).await;
            person.press("s");
            person.sees(&format!("Now   {name}")).await;
            person.press("d");
            person.sees(&format!("{name} was seen.")).await;
            person.sees("Now   nobody").await;
        }
        person.press("L");
        person.type_text("15");
        person.press("enter");
        person.sees("15 min late").await;
    })
    .await;
    let queue = doctor.queue(None).await.unwrap();
    assert_eq!(queue.doctor.completed, seen + 3);
    assert_eq!(queue.doctor.late_minutes, 15);
    assert!(queue.entries.is_empty());
    demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_is_accepted_a_report_rejected_and_the_audit_has_it() {
    let directory = tempfile::tempdir().unwrap();
    let demo = clinic_server::demo::start(directory.path()).await.unwrap();
    let leyla = signed_in(&demo, "leyla").await;
    let bug = BugReportInput {
        bug_type: "display".to_owned(),
        issue: "No slots on Sundays.".to_owned(),
        ..BugReportInput::default()
    };
    leyla.report_bug(&bug, None).await.unwrap();
    let rosa = signed_in(&demo, demo.username).await;
    let verified = DoctorQuery {
        search: Some("haddad".to_owned()),
        verified: Some(true),
        ..DoctorQuery::default()
    };
    assert!(rosa.doctors(&verified).await.unwrap().results.is_empty());
    with(&demo, "admin", |person| async move {
        person.sees("[F2 Today]").await;
        // From the doctors, where the question whether to verify leads to the application.
        person.press("f4 f");
        person.sees("Leyla Haddad").await;
        person.press("v");
        person.sees("Their application waits").await;
        person.press("r");
        person.sees("REG 555 0148").await;
        person.sees("open this address in a browser").await;
        person.press("a");
        person.sees("Accept application?").await;
        person.press("y");
        person.sees("Leyla Haddad is a doctor now").await;
        person.press("esc");
        // Who else applied waits still, and is not among the doctors yet.
        person.sees("Nadia Farouk").await;
        person.sees("[1 Applications]").await;
        person.press("2");
        person.sees("Dermatoscopy").await;
        person.sees("[2 Qualifications]").await;
        person.sees("Emergency medicine").await;
        person.press("a");
        person.sees("Accept qualification?").await;
        person.press("y");
        person.sees("is accepted; a mail tells them").await;
        person.press("f4");
        person.sees("[F4 Doctors]").await;
        person.press("esc");
        person.sees("Leyla Haddad").await;
        person.press("g b");
        person.sees("No slots on Sundays.").await;
        person.press("x");
        person.sees("Reject report").await;
        person.type_text("closed on Sundays");
        person.press("enter");
        person
            .sees("The report is rejected; nobody is mailed.")
            .await;
        person.press("g j");
        person.sees("accept doctor application").await;
        person.press("/ tab");
        person.type_text("set_role");
        person.press("enter");
        person.sees("only what was asked for").await;
        person.press("enter");
        person.sees("patient → doctor").await;
    })
    .await;
    let listed = rosa.doctors(&verified).await.unwrap().results;
    let [doctor] = listed.as_slice() else {
        panic!("not one but {}", listed.len())
    };
    assert!(doctor.is_verified);
    let admin = signed_in(&demo, "admin").await;
    let found = admin.applications(&DecisionQuery::default()).await.unwrap();
    let found = found.results.iter().map(|one| one.status);
    let (waits, accepted) = (Decision::Pending, Decision::Accepted);
    assert_eq!(found.collect::<Vec<_>>(), [waits, waits, accepted]);
    let learnt = admin.desk_qualifications(&DecisionQuery::default()).await;
    let learnt = learnt.unwrap().results;
    let decided = learnt.iter().find(|one| one.title == "Emergency medicine");
    assert_eq!(decided.unwrap().status, accepted);
    let bugs = admin.bug_reports(&DecisionQuery::default()).await.unwrap();
    assert_eq!(bugs.results[0].reason.as_deref(), Some("closed on Sundays"));
    demo.shutdown().await;
}
