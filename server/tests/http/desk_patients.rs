//! `/v1/api/desk/patients/` through the typed client, as the terminal uses it (API.md §7).

use clinic_shared::client::{Error, PatientQuery};
use clinic_shared::desk::patients::{DuplicateReason, PatientChange, PatientDraft};
use clinic_shared::{Patch, Role};

use crate::support::on_both;
use crate::support::server::{TestServer, status};

on_both! {
    a_person_is_registered_found_shown_and_changed,
    names_stand_on_one_line_and_carry_no_control_characters,
    what_can_be_read_can_be_sent_back,
    the_second_of_two_desks_sees_a_conflict,
    likely_duplicates_are_named_with_the_reason,
    faults_of_form_and_of_rule_are_told_together,
    a_faulty_change_is_faulty_whatever_its_if_match,
    if_match_may_name_several_tags,
    cursors_walk_everybody_once,
    changes_and_reads_are_audited_without_contents,
}

fn draft(name: &str) -> PatientDraft {
    PatientDraft {
        full_name: name.to_owned(),
        ..PatientDraft::default()
    }
}

fn search(text: &str) -> PatientQuery {
    PatientQuery {
        search: Some(text.to_owned()),
        ..PatientQuery::default()
    }
}

async fn a_person_is_registered_found_shown_and_changed(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let new = PatientDraft {
        birth_date: "1980-02-01".parse().ok(),
        phone: Some("030 123 456".to_owned()),
        ..draft("  Łucja Ångström ")
    };
    let made = desk.register_patient(&new).await.unwrap();
    assert_eq!(made.value.full_name, "Łucja Ångström");
    assert_eq!(made.value.age, Some(46));
    assert_eq!(made.etag.as_deref(), Some("\"v1\""));
    let number = made.value.record_number.clone();
    for typed in [
        "lucja",
        "angs luc",
        "LUCJA ang",
        "123456",
        number.as_str(),
        "01.02.1980",
        "lucia",
        "agnstrom",
    ] {
        let page = desk.patients(&search(typed)).await.unwrap();
        assert_eq!(
            page.results.first().map(|row| row.id),
            Some(made.value.id),
            "{typed}: {page:?}"
        );
    }
    assert_eq!(desk.patients(&search("zzz")).await.unwrap().count, 0);

    let change = PatientChange {
        phone: Patch::Clear,
        note: Patch::Set("Hard of hearing.".into()),
        ..PatientChange::default()
    };
    let changed = desk
        .change_patient(made.value.id, &change, made.etag.as_deref())
        .await
        .unwrap();
    assert_eq!((changed.value.phone, changed.value.version), (None, 2));
    let shown = desk.patient(made.value.id).await.unwrap();
    assert_eq!(shown.value.note.as_deref(), Some("Hard of hearing."));
    assert_eq!(shown.value.birth_date, new.birth_date);
    assert_eq!(shown.etag.as_deref(), Some("\"v2\""));
}

async fn names_stand_on_one_line_and_carry_no_control_characters(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    for hostile in ["Ida\nBerg", "Ida\u{1b}[2J", "Ida\u{7}"] {
        let error = desk.register_patient(&draft(hostile)).await.unwrap_err();
        assert!(
            error.refused().unwrap().fields.first("full_name").is_some(),
            "{hostile:?}"
        );
    }
}

async fn what_can_be_read_can_be_sent_back(on: TestServer) {
    use clinic_shared::client::reqwest::Method;
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let made = desk
        .register_patient(&draft("Ida Berg"))
        .await
        .unwrap()
        .value;
    let path = format!("/v1/api/desk/patients/{}/", made.id);
    let (status, body) = crate::support::server::get(&desk, &path).await;
    assert_eq!(status, 200);
    let (status, again) =
        crate::support::server::send(&desk, Method::PATCH, &path, body.clone()).await;
    assert_eq!(
        (status.as_u16(), &again["version"]),
        (200, &serde_json::json!(1)),
        "{again}"
    );
}

async fn the_second_of_two_desks_sees_a_conflict(on: TestServer) {
    let one = on.sign_in(Role::Receptionist, "rosa").await;
    let two = on.sign_in(Role::Receptionist, "theo").await;
    let made = one.register_patient(&draft("Ida Berg")).await.unwrap();
    let id = made.value.id;
    let note = |text: &str| PatientChange {
        note: Patch::Set(text.to_owned()),
        ..PatientChange::default()
    };
    two.change_patient(id, &note("first"), made.etag.as_deref())
        .await
        .unwrap();
    let late = one
        .change_patient(id, &note("second"), made.etag.as_deref())
        .await;
    assert_eq!(status(late), 412);
    assert_eq!(
        one.patient(id).await.unwrap().value.note.as_deref(),
        Some("first")
    );
}

async fn likely_duplicates_are_named_with_the_reason(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let known = PatientDraft {
        birth_date: "1980-02-01".parse().ok(),
        phone: Some("030 123 456".into()),
        email: Some("ida@example.org".into()),
        ..draft("Ida Bergström")
    };
    let known = desk.register_patient(&known).await.unwrap().value;
    let born = |name: &str| PatientDraft {
        birth_date: "1980-02-01".parse().ok(),
        ..draft(name)
    };
    let cases = [
        (born("Bergstrom Ida"), DuplicateReason::NameAndBirthDate),
        (
            PatientDraft {
                phone: Some("030123456".into()),
                ..draft("Somebody")
            },
            DuplicateReason::Phone,
        ),
        (
            PatientDraft {
                email: Some("IDA@example.org".into()),
                ..draft("Somebody")
            },
            DuplicateReason::Email,
        ),
        (born("Ida Bergsrtöm"), DuplicateReason::SimilarName),
    ];
    for (draft, reason) in cases {
        let found = desk.possible_duplicates(&draft).await.unwrap();
        assert_eq!(
            found.first().map(|one| one.patient.id),
            Some(known.id),
            "{reason}"
        );
        assert!(
            found[0].reasons.contains(&reason),
            "{reason}: {:?}",
            found[0].reasons
        );
    }
    // The name alone, where no birth date tells the two apart; another birth date does.
    let namesakes = desk
        .possible_duplicates(&draft("Ida Bergström"))
        .await
        .unwrap();
    assert_eq!(namesakes[0].reasons, [DuplicateReason::SimilarName]);
    let other = PatientDraft {
        birth_date: "1999-09-09".parse().ok(),
        ..draft("Ida Bergström")
    };
    assert_eq!(desk.possible_duplicates(&other).await.unwrap(), []);
}

async fn faults_of_form_and_of_rule_are_told_together(on: TestServer) {
    use clinic_shared::client::reqwest::Method;
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let body = serde_json::json!({
        "full_name": "", "birth_date": "2999-01-01", "gender": "q", "email": "bad",
        "phone": "1\n2", "zz": 1,
    });
    let (status, problem) =
        crate::support::server::send(&desk, Method::POST, "/v1/api/desk/patients/", body).await;
    let faulty: Vec<_> = problem["errors"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(status, 400);
    assert_eq!(
        faulty,
        ["birth_date", "email", "full_name", "gender", "phone", "zz"]
    );
}

async fn a_faulty_change_is_faulty_whatever_its_if_match(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let made = desk
        .register_patient(&draft("Ida Berg"))
        .await
        .unwrap()
        .value;
    let change = PatientChange {
        phone: Patch::Set("1\n2".to_owned()),
        ..PatientChange::default()
    };
    let refused = desk.change_patient(made.id, &change, Some("\"v9\"")).await;
    assert_eq!(status(refused), 400);
}

async fn if_match_may_name_several_tags(on: TestServer) {
    use clinic_shared::client::reqwest::Method;
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let made = desk
        .register_patient(&draft("Ida Berg"))
        .await
        .unwrap()
        .value;
    let path = format!("/v1/api/desk/patients/{}/", made.id);
    for (tags, expected) in [
        ("\"zz\", \"v1\"", 200),
        ("\"v7\"", 412),
        ("rubbish", 412),
        ("*", 200),
    ] {
        let request = crate::support::server::request(&desk, Method::PATCH, &path);
        let body = serde_json::json!({});
        let answer = request
            .header("if-match", tags)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), expected, "{tags}");
    }
}

async fn cursors_walk_everybody_once(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    for n in 0..7 {
        desk.register_patient(&draft(&format!("Ida Number{n}")))
            .await
            .unwrap();
    }
    for text in [None, Some("ida".to_owned())] {
        let mut seen = Vec::new();
        let mut query = PatientQuery {
            search: text.clone(),
            cursor: None,
            limits: Some(3),
        };
        loop {
            let page = desk.patients(&query).await.unwrap();
            assert_eq!(page.count, 7);
            seen.extend(page.results.iter().map(|row| row.id));
            let Some(next) = page.next else { break };
            let cursor = next
                .split("cursor=")
                .nth(1)
                .unwrap()
                .split('&')
                .next()
                .unwrap();
            query.cursor = Some(cursor.to_owned());
        }
        assert_eq!(seen.len(), 7, "{text:?}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 7, "{text:?}");
    }
    let rubbish = PatientQuery {
        cursor: Some("rubbish".into()),
        ..PatientQuery::default()
    };
    assert_eq!(status(desk.patients(&rubbish).await), 400);
}

async fn changes_and_reads_are_audited_without_contents(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let new = PatientDraft {
        note: Some("CANARY-NOTE".into()),
        phone: Some("0308877665544".into()),
        ..draft("Canary Bird")
    };
    let made = desk.register_patient(&new).await.unwrap().value;
    desk.patient(made.id).await.unwrap();
    desk.patients(&search("canary")).await.unwrap();
    let refused = desk.patient(uuid::Uuid::nil()).await;
    assert!(matches!(refused, Err(Error::Refused(_))));

    on.server.clinic.reads.flush().await;
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let rows = clinic_server::store::audit::latest(&mut reader, 10)
        .await
        .unwrap();
    let of = |action: &str| {
        rows.iter()
            .find(|row| row.action == action)
            .unwrap_or_else(|| panic!("{action}: {rows:?}"))
    };
    assert_eq!(of("register_patient").kind, "change");
    assert_eq!(of("show_patient").patient_id, Some(made.number));
    assert_eq!(of("search_patients").kind, "read");
    assert!(of("show_patient").account_id.is_some() && of("show_patient").session_id.is_some());
    assert_eq!(of("show_patient").address.as_deref(), Some("127.0.0.1"));
    let all = format!("{rows:?}");
    for canary in ["CANARY-NOTE", "8877665544", "Canary Bird", "canary"] {
        assert!(!all.contains(canary), "{canary} in the audit: {all}");
    }
}
