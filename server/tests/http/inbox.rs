//! What the desk does about what people write (API.md §7 `contacts/`).

use clinic_server::clinic::contacts::{self, Received};
use clinic_server::infra::incoming;
use clinic_server::store::Session;
use clinic_shared::Role;
use clinic_shared::client::reqwest::StatusCode;
use clinic_shared::client::{Client, ContactQuery};
use clinic_shared::desk::appointments::{Cancel, CancelledBy, NewAppointment, ReasonKind, Return};
use clinic_shared::desk::contacts::{
    Action, Assign, Contact, Note, Reply, SetStatus, Show, Status, Step, TurnIntoPatient,
};
use clinic_shared::desk::patients::{PatientChange, PatientDraft};
use serde_json::json;

use super::queue::{Desk, clock, desk};
use crate::contacts::letter;
use crate::support::on_both;
use crate::support::server::{TestServer, get, post, send, status};

on_both! {
    who_does_what_is_told_step_by_step,
    the_second_of_two_desks_is_told_who_was_faster,
    only_colleagues_at_the_desk_see_to_it,
    new_ones_ones_own_and_words_are_found,
    a_reply_goes_by_mail_and_its_answer_comes_back_to_the_thread,
    an_answer_opens_what_was_done_again,
    a_mail_that_answers_nothing_is_a_new_request,
    one_mail_delivered_many_times_at_once_is_recorded_once,
    who_left_no_address_or_is_spam_gets_no_mail,
    it_becomes_a_patient_once,
    somebody_known_is_linked,
    whom_it_led_to_is_found_after_merges,
    it_becomes_an_appointment_once,
    what_was_booked_by_mistake_leads_nowhere,
    nothing_of_a_deleted_one_stays,
    others_have_no_business_here,
}

const DESK: &str = "/v1/api/desk/contacts";

/// What Ida wrote by mail.
async fn by_mail(on: &TestServer) -> i64 {
    let raw = "From: Ida Berg <ida@example.org>\nSubject: Opening hours\n\nDo you open today?\n";
    match received(on, raw).await {
        Received::New(id) => id,
        other => panic!("{other:?}"),
    }
}

async fn received(on: &TestServer, raw: &str) -> Received {
    let mail = incoming::parse(raw.as_bytes()).unwrap();
    contacts::receive(&on.server.clinic, &mail).await.unwrap()
}

fn to(status: Status) -> SetStatus {
    SetStatus {
        status,
        reason: None,
        version: None,
    }
}

fn words(message: &str) -> Reply {
    Reply {
        message: message.to_owned(),
        subject: None,
        status: None,
        version: None,
    }
}

fn noted(text: &str) -> Note {
    Note {
        text: text.to_owned(),
    }
}

async fn steps(client: &Client, id: i64) -> Vec<(Action, Status, Option<String>)> {
    let steps = client.contact_history(id).await.unwrap().into_iter();
    steps.map(|one| (one.action, one.to, one.by)).collect()
}

async fn last(client: &Client, id: i64) -> Step {
    client.contact_history(id).await.unwrap().pop().unwrap()
}

async fn events(on: &TestServer) -> i64 {
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let text = "SELECT count(*) FROM event WHERE kind = 'contact'";
    let (count,): (i64,) = reader.sql(text).one().await.unwrap();
    count
}

async fn who_does_what_is_told_step_by_step(on: TestServer) {
    on.account_of(Role::Receptionist, "rosa", ("Rosa", "Klein"))
        .await;
    let rosa = on.signed_in("rosa").await;
    let (_, made) = post(&on.anonymous(), "/contacts/", letter("Ida")).await;
    let id = made["id"].as_i64().unwrap();
    let mine = rosa.assign_contact(id, &Assign::default(), None).await;
    let mine = mine.unwrap().value;
    assert_eq!(mine.assignee.unwrap().name, "Rosa Klein");
    rosa.note_contact(id, &noted(" Called her. "))
        .await
        .unwrap();
    let patch = json!({ "phone": "030 999" });
    let path = format!("/contacts/{id}/");
    send(
        &rosa,
        clinic_shared::client::reqwest::Method::PATCH,
        &path,
        patch,
    )
    .await;
    let why = SetStatus {
        reason: Some("All said.".to_owned()),
        ..to(Status::Resolved)
    };
    let done = rosa.set_contact_status(id, &why, None).await.unwrap();
    assert_eq!(
        (done.value.status, done.value.version),
        (Status::Resolved, 5)
    );
    assert_eq!(done.etag.as_deref(), Some("\"v5\""));
    let by = Some("Rosa Klein".to_owned());
    assert_eq!(
        steps(&rosa, id).await,
        [
            (Action::Assign, Status::New, by.clone()),
            (Action::Note, Status::New, by.clone()),
            (Action::Edit, Status::New, by.clone()),
            (Action::Status, Status::Resolved, by),
        ]
    );
    let history = rosa.contact_history(id).await.unwrap();
    assert_eq!(history[1].text.as_deref(), Some("Called her."));
    assert_eq!(history[1].assignee.as_deref(), Some("Rosa Klein"));
    assert_eq!(history[3].text.as_deref(), Some("All said."));
    assert_eq!(
        (history[3].from, history[3].role),
        (Status::New, Some(Role::Receptionist))
    );
    // The same again is no step.
    rosa.set_contact_status(id, &to(Status::Resolved), None)
        .await
        .unwrap();
    assert_eq!(steps(&rosa, id).await.len(), 4);
    assert_eq!(events(&on).await, 5);
    let audit = on.audit(50).await;
    for (kind, action) in [
        ("change", "create_contact"),
        ("change", "assign_contact"),
        ("change", "note_contact"),
        ("change", "change_contact"),
        ("change", "set_contact_status"),
        ("read", "show_contact_history"),
    ] {
        assert!(
            audit.iter().any(|row| row.0 == kind && row.1 == action),
            "{action}"
        );
    }
}

async fn the_second_of_two_desks_is_told_who_was_faster(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let rob = on.sign_in(Role::Receptionist, "rob").await;
    let id = by_mail(&on).await;
    let seen = rob.contact(id).await.unwrap();
    rosa.set_contact_status(id, &to(Status::Spam), seen.etag.as_deref())
        .await
        .unwrap();
    let late = rob
        .set_contact_status(id, &to(Status::Resolved), seen.etag.as_deref())
        .await;
    let refused = late.unwrap_err();
    assert_eq!(refused.status(), Some(412));
    assert!(
        refused.to_string().contains("rosa set it to spam"),
        "{refused}"
    );
    let body = json!({ "status": "resolved", "version": 1 });
    let (status, problem) = post(&rob, &format!("{DESK}/{id}/status/"), body).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("version_conflict"))
    );
    // Twenty at once, each as the same version: one of them.
    let mut tasks = Vec::new();
    for n in 0..20 {
        let client = if n % 2 == 0 {
            rosa.clone()
        } else {
            rob.clone()
        };
        tasks.push(tokio::spawn(async move {
            let form = SetStatus {
                version: Some(2),
                ..to(Status::Resolved)
            };
            client.set_contact_status(id, &form, None).await.is_ok()
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += i32::from(task.await.unwrap());
    }
    assert_eq!(done, 1);
    assert_eq!(rosa.contact(id).await.unwrap().value.version, 3);
}

async fn only_colleagues_at_the_desk_see_to_it(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let dora = on.account(Role::Doctor, "dora").await;
    let id = by_mail(&on).await;
    let form = Assign {
        assignee: Some(dora.uid),
        ..Assign::default()
    };
    assert_eq!(status(rosa.assign_contact(id, &form, None).await), 400);
    on.account_of(Role::Admin, "ada", ("Ada", "Ahl")).await;
    let names: Vec<_> = rosa.contact_assignees().await.unwrap();
    let names: Vec<_> = names.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Ada Ahl", "rosa"]);
    let ada = rosa.contact_assignees().await.unwrap()[0].id;
    let form = Assign {
        assignee: Some(ada),
        ..Assign::default()
    };
    let given = rosa.assign_contact(id, &form, None).await.unwrap().value;
    assert_eq!(given.assignee.map(|one| one.id), Some(ada));
    let form = Assign {
        nobody: Some(true),
        ..Assign::default()
    };
    let given = rosa.assign_contact(id, &form, None).await.unwrap().value;
    assert_eq!(given.assignee, None);
}

async fn new_ones_ones_own_and_words_are_found(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let rob = on.sign_in(Role::Receptionist, "rob").await;
    let mut ids = Vec::new();
    for name in ["Jürgen Müßig", "Ana", "Ben", "Zoe"] {
        let (_, made) = post(&on.anonymous(), "/contacts/", letter(name)).await;
        ids.push(made["id"].as_i64().unwrap());
    }
    for id in &ids[1..] {
        rosa.assign_contact(*id, &Assign::default(), None)
            .await
            .unwrap();
    }
    rosa.set_contact_status(ids[2], &to(Status::InProgress), None)
        .await
        .unwrap();
    rosa.set_contact_status(ids[3], &to(Status::Resolved), None)
        .await
        .unwrap();
    let found = async |client: &Client, query: ContactQuery| -> Vec<String> {
        let page = client.contacts(&query).await.unwrap();
        assert_eq!(page.count as usize, page.results.len());
        page.results.into_iter().map(|one| one.name).collect()
    };
    let show = |show| ContactQuery {
        show: Some(show),
        ..ContactQuery::default()
    };
    assert_eq!(found(&rosa, show(Show::New)).await, ["Ana", "Jürgen Müßig"]);
    assert_eq!(found(&rosa, show(Show::Mine)).await, ["Ben", "Ana"]);
    assert_eq!(found(&rob, show(Show::Mine)).await, [""; 0]);
    assert_eq!(found(&rob, show(Show::All)).await.len(), 4);
    let mine_done = ContactQuery {
        status: Some(Status::Resolved),
        ..show(Show::Mine)
    };
    assert_eq!(found(&rosa, mine_done).await, ["Zoe"]);
    for (typed, count) in [
        ("jurgen", 1),
        ("MÜSSIG jür", 1),
        ("030123", 4),
        ("saturdays an", 1),
        ("100%", 0),
        ("nobody", 0),
    ] {
        let query = ContactQuery {
            search: Some(typed.to_owned()),
            ..ContactQuery::default()
        };
        assert_eq!(found(&rosa, query).await.len(), count, "{typed}");
    }
}

async fn a_reply_goes_by_mail_and_its_answer_comes_back_to_the_thread(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let id = by_mail(&on).await;
    let reply = words("Yes, until six.\n\nBye & <all>\nRosa");
    let answered = rosa.reply_contact(id, &reply, None).await.unwrap().value;
    assert_eq!(answered.status, Status::InProgress);
    assert_eq!(
        answered.assignee.unwrap().name,
        "rosa",
        "who answers has it"
    );
    let mails = on.mails_to("ida@example.org").await;
    assert_eq!(mails.len(), 1);
    let (subject, raw) = (&mails[0].subject, &mails[0].raw);
    assert!(
        subject.starts_with(&format!("Re: Opening hours [#C-{id}-")),
        "{subject}"
    );
    assert!(
        raw.contains("Yes, until six.") && raw.contains("Bye &amp; &lt;all&gt;<br>Rosa"),
        "{raw}"
    );
    assert!(!raw.contains("Auto-Submitted"), "a person wrote it");
    assert_eq!(last(&rosa, id).await.sent_at, Some(on.clock.now()));

    let answer =
        format!("From: Ida <ida@example.org>\nSubject: AW: {subject}\n\nThanks!\n\n> Yes\n");
    assert_eq!(received(&on, &answer).await, Received::Answer(id));
    let step = last(&rosa, id).await;
    assert_eq!((step.action, step.by), (Action::Incoming, None));
    assert_eq!(step.address.as_deref(), Some("ida@example.org"));
    assert_eq!(step.text.as_deref(), Some("Thanks!"));
    // The next reply has the same mark, and one alone.
    rosa.reply_contact(id, &words("Welcome."), None)
        .await
        .unwrap();
    let mails = on.mails_to("ida@example.org").await;
    assert_eq!(mails[1].subject, *subject);
    // With another token it is nobody's thread.
    let guessed = format!("From: eve@example.org\nSubject: [#C-{id}-aaaaaa]\n\nHello\n");
    assert!(matches!(received(&on, &guessed).await, Received::New(other) if other != id));
}

async fn an_answer_opens_what_was_done_again(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let id = by_mail(&on).await;
    let form = Reply {
        status: Some(Status::Resolved),
        ..words("Yes.")
    };
    let done = rosa.reply_contact(id, &form, None).await.unwrap().value;
    assert_eq!(done.status, Status::Resolved);
    let subject = on.mails_to("ida@example.org").await[0].subject.clone();
    let away = format!(
        "From: ida@example.org\nAuto-Submitted: auto-replied\nSubject: {subject}\n\nI am away.\n"
    );
    assert_eq!(received(&on, &away).await, Received::Answer(id));
    assert_eq!(
        rosa.contact(id).await.unwrap().value.status,
        Status::Resolved
    );
    let answer = format!("From: ida@example.org\nSubject: {subject}\n\nReally?\n");
    received(&on, &answer).await;
    assert_eq!(
        rosa.contact(id).await.unwrap().value.status,
        Status::InProgress
    );
}

async fn a_mail_that_answers_nothing_is_a_new_request(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let id = by_mail(&on).await;
    let Contact {
        name,
        phone,
        email,
        subject,
        message,
        status,
        ..
    } = rosa.contact(id).await.unwrap().value;
    assert_eq!((name.as_str(), phone.as_str()), ("Ida Berg", ""));
    assert_eq!(email.as_deref(), Some("ida@example.org"));
    assert_eq!(subject.as_deref(), Some("Opening hours"));
    assert_eq!(
        (message.as_str(), status),
        ("Do you open today?", Status::New)
    );
    let long = format!(
        "From: {}@example.org\nSubject: {}\n\n{}\n",
        "a".repeat(40),
        "s".repeat(900),
        "ä".repeat(9000)
    );
    let Received::New(long) = received(&on, &long).await else {
        panic!("it is new")
    };
    let long = rosa.contact(long).await.unwrap().value;
    assert_eq!(long.message.chars().count(), 5000);
    assert!(long.message.ends_with("[…]"));
    // Classic shows it too, and takes it back.
    let (status, shown) = get(&rosa, &format!("/contacts/{id}/")).await;
    assert_eq!((status, &shown["phone"]), (StatusCode::OK, &json!("")));
}

async fn one_mail_delivered_many_times_at_once_is_recorded_once(on: TestServer) {
    let raw = "From: ida@example.org\nMessage-ID: <one@example.org>\n\nHello\n";
    let mail = incoming::parse(raw.as_bytes()).unwrap();
    let mut tasks = Vec::new();
    for _ in 0..16 {
        let (clinic, mail) = (on.server.clinic.clone(), mail.clone());
        tasks.push(tokio::spawn(async move {
            contacts::receive(&clinic, &mail).await.unwrap()
        }));
    }
    let mut new = 0;
    for task in tasks {
        match task.await.unwrap() {
            Received::New(_) => new += 1,
            Received::Again(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(new, 1);
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    assert_eq!(
        rosa.contacts(&ContactQuery::default()).await.unwrap().count,
        1
    );
}

async fn who_left_no_address_or_is_spam_gets_no_mail(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, made) = post(&on.anonymous(), "/contacts/", letter("Ida")).await;
    let body = json!({ "message": "Yes." });
    let (status, problem) = post(
        &rosa,
        &format!("{DESK}/{}/reply/", made["id"]),
        body.clone(),
    )
    .await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("no_address"))
    );
    let id = by_mail(&on).await;
    rosa.set_contact_status(id, &to(Status::Spam), None)
        .await
        .unwrap();
    let (status, problem) = post(&rosa, &format!("{DESK}/{id}/reply/"), body).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("is_spam"))
    );
    let body = json!({ "message": " ", "subject": "a\nb" });
    let (status, problem) = post(&rosa, &format!("{DESK}/{id}/reply/"), body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(problem["errors"]["message"].is_array() && problem["errors"]["subject"].is_array());
    assert!(on.mails().await.is_empty());
}

async fn it_becomes_a_patient_once(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let id = by_mail(&on).await;
    let form = TurnIntoPatient {
        birth_date: Some("1990-04-01".parse().unwrap()),
        ..TurnIntoPatient::default()
    };
    let turned = rosa
        .turn_contact_into_patient(id, &form, None)
        .await
        .unwrap()
        .value;
    assert_eq!(turned.status, Status::InProgress);
    let person = turned.patient.unwrap();
    assert_eq!(person.full_name, "Ida Berg");
    let record = rosa.patient(person.id).await.unwrap().value;
    assert_eq!(record.email.as_deref(), Some("ida@example.org"));
    assert_eq!(record.birth_date, form.birth_date);
    assert_eq!(
        status(rosa.turn_contact_into_patient(id, &form, None).await),
        409
    );

    // The next mail of hers: she has a record.
    let Received::New(next) = received(&on, "From: Ida Berg <ida@example.org>\n\nMe again\n").await
    else {
        panic!("it is new")
    };
    let path = format!("{DESK}/{next}/turn-into/patient/");
    let (status, problem) = post(&rosa, &path, json!({})).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("possible_duplicates"))
    );
    assert_eq!(problem["candidates"][0]["patient"]["full_name"], "Ida Berg");
    assert_eq!(rosa.contact(next).await.unwrap().value.patient, None);
    // Pressed ten times at once by somebody who looked: one record.
    let mut tasks = Vec::new();
    for _ in 0..10 {
        let client = rosa.clone();
        tasks.push(tokio::spawn(async move {
            let form = TurnIntoPatient {
                anyway: Some(true),
                ..TurnIntoPatient::default()
            };
            client
                .turn_contact_into_patient(next, &form, None)
                .await
                .is_ok()
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += i32::from(task.await.unwrap());
    }
    assert_eq!(done, 1);
    let query = clinic_shared::client::PatientQuery {
        search: Some("ida berg".to_owned()),
        ..Default::default()
    };
    assert_eq!(rosa.patients(&query).await.unwrap().results.len(), 2);
}

async fn somebody_known_is_linked(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let number = crate::support::bookable::person(&on.server.clinic, "Ida Berg").await;
    let id = by_mail(&on).await;
    let both = json!({ "record_number": number.to_string(), "full_name": "Ida" });
    let path = format!("{DESK}/{id}/turn-into/patient/");
    assert_eq!(post(&rosa, &path, both).await.0, StatusCode::BAD_REQUEST);
    let nobody = json!({ "record_number": "P-999999" });
    let (status, problem) = post(&rosa, &path, nobody).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(problem["errors"]["record_number"].is_array(), "{problem}");
    let form = TurnIntoPatient {
        record_number: Some(format!("P-{number:06}")),
        ..TurnIntoPatient::default()
    };
    let linked = rosa
        .turn_contact_into_patient(id, &form, None)
        .await
        .unwrap()
        .value;
    assert_eq!(linked.patient.unwrap().number, number);
}

async fn whom_it_led_to_is_found_after_merges(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let id = by_mail(&on).await;
    let form = TurnIntoPatient::default();
    let linked = rosa.turn_contact_into_patient(id, &form, None).await;
    let first = linked.unwrap().value.patient.unwrap();
    let none = PatientChange {
        no_reminders: Some(true),
        ..PatientChange::default()
    };
    rosa.change_patient(first.id, &none, None).await.unwrap();
    let mut taken_in = first.id;
    for name in ["Ida Berg-Dorn", "Ida Dorn"] {
        let draft = PatientDraft {
            full_name: name.to_owned(),
            ..PatientDraft::default()
        };
        let other = rosa.register_patient(&draft).await.unwrap().value.id;
        let merging = json!({ "other": taken_in });
        let path = format!("/v1/api/desk/patients/{other}/merge/");
        let (status, body) = post(&rosa, &path, merging).await;
        assert!(status.is_success(), "{body}");
        taken_in = other;
    }
    let shown = rosa.contact(id).await.unwrap().value;
    assert_eq!(shown.patient.map(|person| person.id), Some(taken_in));
    let record = rosa.patient(taken_in).await.unwrap().value;
    assert!(record.no_reminders, "the wish stays");
}

async fn it_becomes_an_appointment_once(on: TestServer) {
    let desk: Desk = desk(on).await;
    let id = by_mail(&desk.on).await;
    let form = NewAppointment {
        doctor: desk.dora,
        starts_at: Some(clock("10:00")),
        ..NewAppointment::default()
    };
    // For whom?
    assert_eq!(
        status(
            desk.rosa
                .turn_contact_into_appointment(id, &form, None)
                .await
        ),
        400
    );
    let person = TurnIntoPatient::default();
    desk.rosa
        .turn_contact_into_patient(id, &person, None)
        .await
        .unwrap();
    let turned = desk
        .rosa
        .turn_contact_into_appointment(id, &form, None)
        .await
        .unwrap()
        .value;
    let appointment = desk
        .rosa
        .appointment(turned.appointment.unwrap())
        .await
        .unwrap()
        .value;
    assert_eq!(appointment.patient.full_name, "Ida Berg");
    assert_eq!(appointment.starts.as_deref(), Some("10:00"));
    let again = NewAppointment {
        starts_at: Some(clock("11:00")),
        ..form.clone()
    };
    assert_eq!(
        status(
            desk.rosa
                .turn_contact_into_appointment(id, &again, None)
                .await
        ),
        409
    );

    // Taken: the reasons are told, and nothing is linked.
    let other = by_mail_of(&desk.on, "Ben").await;
    let taken = NewAppointment {
        record_number: Some(
            crate::support::bookable::person(&desk.on.server.clinic, "Ben")
                .await
                .to_string(),
        ),
        ..form
    };
    let path = format!("{DESK}/{other}/turn-into/appointment/");
    let (status, problem) = post(&desk.rosa, &path, json!(taken)).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("slot_unavailable"))
    );
    let free = NewAppointment {
        starts_at: Some(clock("11:00")),
        ..taken
    };
    let turned = desk
        .rosa
        .turn_contact_into_appointment(other, &free, None)
        .await
        .unwrap()
        .value;
    assert_eq!(
        turned.patient.unwrap().full_name,
        "Ben",
        "whom it is booked for is linked"
    );
}

/// Taking the booking back is to cancel it as a mistake; that can be taken back in its turn.
async fn what_was_booked_by_mistake_leads_nowhere(on: TestServer) {
    let desk: Desk = desk(on).await;
    let rosa = &desk.rosa;
    let id = by_mail_of(&desk.on, "Ben").await;
    let number = crate::support::bookable::person(&desk.on.server.clinic, "Ben").await;
    let mut form = NewAppointment {
        record_number: Some(number.to_string()),
        doctor: desk.dora,
        starts_at: Some(clock("10:00")),
        ..NewAppointment::default()
    };
    let stood = |shown: &Contact| {
        let patient = shown.patient.as_ref().map(|one| one.full_name.clone());
        let is_whose = shown.assignee.is_some();
        (shown.status, is_whose, patient, shown.appointment)
    };
    let booked = rosa.turn_contact_into_appointment(id, &form, None).await;
    let first = booked.unwrap().value.appointment.unwrap();
    cancel(rosa, first, ReasonKind::Mistake).await;
    let shown = rosa.contact(id).await.unwrap().value;
    assert_eq!(stood(&shown), (Status::New, false, None, None));
    let step = last(rosa, id).await;
    assert_eq!((step.action, step.to), (Action::Unbooked, Status::New));

    rosa.undo_step(first, &Return::default(), None)
        .await
        .unwrap();
    let shown = rosa.contact(id).await.unwrap().value;
    let ben = || Some("Ben".to_owned());
    assert_eq!(
        stood(&shown),
        (Status::InProgress, true, ben(), Some(first))
    );

    // What was done since stays; whom it was turned into stays, too.
    cancel(rosa, first, ReasonKind::Mistake).await;
    let person = TurnIntoPatient {
        record_number: Some(number.to_string()),
        ..TurnIntoPatient::default()
    };
    rosa.turn_contact_into_patient(id, &person, None)
        .await
        .unwrap();
    form.starts_at = Some(clock("11:00"));
    let booked = rosa.turn_contact_into_appointment(id, &form, None).await;
    let second = booked.unwrap().value.appointment.unwrap();
    // The first one leads nowhere any more, whatever becomes of it.
    rosa.undo_step(first, &Return::default(), None)
        .await
        .unwrap();
    let shown = rosa.contact(id).await.unwrap().value;
    assert_eq!(shown.appointment, Some(second));
    rosa.set_contact_status(id, &to(Status::Resolved), None)
        .await
        .unwrap();
    cancel(rosa, second, ReasonKind::Mistake).await;
    let shown = rosa.contact(id).await.unwrap().value;
    assert_eq!(stood(&shown), (Status::Resolved, true, ben(), None));

    // Called off for another reason, it was an appointment all the same.
    form.starts_at = Some(clock("11:00"));
    let booked = rosa.turn_contact_into_appointment(id, &form, None).await;
    let third = booked.unwrap().value.appointment;
    cancel(rosa, third.unwrap(), ReasonKind::Illness).await;
    let shown = rosa.contact(id).await.unwrap().value;
    assert_eq!(shown.appointment, third);
}

async fn cancel(rosa: &Client, id: i64, why: ReasonKind) {
    let cancel = Cancel {
        by: CancelledBy::Clinic,
        reason_kind: Some(why),
        reason: None,
        version: None,
    };
    rosa.cancel_appointment(id, &cancel, None).await.unwrap();
}

async fn by_mail_of(on: &TestServer, name: &str) -> i64 {
    let raw = format!("From: {name} <someone@example.org>\n\nHello from {name}\n");
    match received(on, &raw).await {
        Received::New(id) => id,
        other => panic!("{other:?}"),
    }
}

async fn nothing_of_a_deleted_one_stays(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    on.stop_runners().await;
    let id = by_mail(&on).await;
    rosa.note_contact(id, &noted("Odd.")).await.unwrap();
    rosa.reply_contact(id, &words("Yes."), None).await.unwrap();
    let path = format!("/contacts/{id}/");
    let (status, _) = send(
        &rosa,
        clinic_shared::client::reqwest::Method::DELETE,
        &path,
        json!({}),
    )
    .await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert!(
        on.mails().await.is_empty(),
        "the reply was not sent yet, and never is"
    );
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let text = "SELECT (SELECT count(*) FROM contact_step) + (SELECT count(*) FROM contact_mail)";
    let (left,): (i64,) = reader.sql(text).one().await.unwrap();
    assert_eq!(left, 0);
}

async fn others_have_no_business_here(on: TestServer) {
    let id = by_mail(&on).await;
    for role in [Role::Patient, Role::Doctor] {
        let client = on.sign_in(role, role.as_str()).await;
        for what in [
            "status",
            "assignee",
            "notes",
            "reply",
            "turn-into/patient",
            "turn-into/appointment",
        ] {
            let (status, _) = post(&client, &format!("{DESK}/{id}/{what}/"), json!({})).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{what}");
        }
        assert_eq!(status(client.contact_history(id).await), 403);
        assert_eq!(status(client.contact_assignees().await), 403);
    }
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    assert_eq!(status(rosa.contact_history(987_654).await), 404);
    assert_eq!(status(rosa.note_contact(987_654, &noted("x")).await), 404);
}
