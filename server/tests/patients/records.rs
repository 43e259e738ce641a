//! Records: registered, changed, retired and told apart.

use std::sync::Arc;

use clinic_server::clinic::patients::{self, Listing, Order};
use clinic_server::clinic::{Actor, Clinic, Faults, Refusal};
use clinic_server::store::{Recorder, Session};
use clinic_shared::desk::patients::{DuplicateReason, PatientChange, PatientDraft};
use clinic_shared::{Patch, Role};

use crate::support::on_both;
use crate::support::server::TestServer;
use crate::{desk, draft, page};

on_both!(
    of_two_who_change_a_record_one_is_told,
    a_registration_that_fails_anywhere_leaves_nothing,
    the_audit_names_fields_and_never_contents,
    accounts_do_not_share_a_phone_and_families_do,
    possible_duplicates_are_told_with_the_reason,
    a_patient_sees_the_own_record_only,
    a_retired_patient_is_found_no_more_and_the_number_stays_taken,
);

async fn of_two_who_change_a_record_one_is_told(server: TestServer) {
    let desk = desk(server).await;
    let seen = desk.register(draft("Ana Kovač")).await;
    let tries = (0..10).map(|n| {
        let (clinic, who) = (desk.clinic.clone(), desk.who.clone());
        let change = PatientChange {
            note: Patch::Set(format!("note {n}")),
            ..PatientChange::default()
        };
        tokio::spawn(async move { patients::change(&clinic, &who, seen.id, change, Some(1)).await })
    });
    let (mut changed, mut stale) = (0, 0);
    for attempt in tries.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => changed += 1,
            Err(Refusal::Stale(sentence)) => {
                assert!(sentence.contains("load it again"), "{sentence}");
                stale += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((changed, stale), (1, 9));
    let now = patients::show(&desk.clinic, &desk.who, seen.id)
        .await
        .unwrap();
    assert_eq!(now.version, 2);
    // What changes nothing is no change.
    let nothing = PatientChange {
        note: Patch::from_option(now.note),
        ..PatientChange::default()
    };
    let same = patients::change(&desk.clinic, &desk.who, seen.id, nothing, Some(2))
        .await
        .unwrap();
    assert_eq!(same.version, 2);
}

async fn a_registration_that_fails_anywhere_leaves_nothing(server: TestServer) {
    let desk = desk(server).await;
    let recorder = Arc::new(Recorder::new());
    let clinic = Clinic {
        db: desk.clinic.db.recorded(&recorder),
        ..desk.clinic.clone()
    };
    patients::register(&clinic, &desk.who, draft("Ana Kovač"))
        .await
        .unwrap();
    let statements = recorder.count();
    assert!(statements > 5, "{:?}", recorder.texts());
    let everything = "SELECT (SELECT count(*) FROM patient) + (SELECT count(*) FROM patient_word)
        + (SELECT coalesce(sum(patients), 0) FROM word) + (SELECT count(*) FROM word_slip)
        + (SELECT value FROM counter WHERE name = 'patients') + (SELECT count(*) FROM audit WHERE kind = 'change')";
    let everything = async || {
        let mut tx = desk.clinic.db.begin().await.unwrap();
        let sum = clinic_server::store::Sql {
            sqlite: everything,
            postgres: "SELECT CAST((SELECT count(*) FROM patient)
                + (SELECT count(*) FROM patient_word)
                + (SELECT coalesce(sum(patients), 0) FROM word) + (SELECT count(*) FROM word_slip)
                + (SELECT value FROM counter WHERE name = 'patients')
                + (SELECT count(*) FROM audit WHERE kind = 'change') AS bigint)",
        };
        let (sum,): (i64,) = tx.sql(sum).one().await.unwrap();
        sum
    };
    let before = everything().await;
    for n in 1..=statements {
        recorder.clear();
        recorder.fail_at(n);
        let failed = patients::register(&clinic, &desk.who, draft("Bea Kovač")).await;
        assert!(failed.is_err(), "statement {n} of {statements}");
        assert_eq!(everything().await, before, "statement {n}");
    }
}

async fn the_audit_names_fields_and_never_contents(server: TestServer) {
    let desk = desk(server).await;
    let ana = desk
        .register(PatientDraft {
            phone: Some("+385 1 555 0187".to_owned()),
            ..draft("Ana Kovač")
        })
        .await;
    let change = PatientChange {
        note: Patch::Set("allergic".to_owned()),
        ..Default::default()
    };
    patients::change(&desk.clinic, &desk.who, ana.id, change, None)
        .await
        .unwrap();
    patients::show(&desk.clinic, &desk.who, ana.id)
        .await
        .unwrap();
    desk.find("kovac").await;
    desk.clinic.reads.flush().await;

    let mut reader = desk.clinic.db.read().await.unwrap();
    let rows: Vec<(String, String, Option<i64>, sqlx::types::Json<serde_json::Value>)> = reader
        .sql("SELECT kind, action, patient_id, detail FROM audit WHERE account_id IS NOT NULL ORDER BY id")
        .all()
        .await
        .unwrap();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(kind, action, patient, detail)| (kind, action, patient, detail.0.to_string()))
        .collect();
    let has = |kind: &str, action: &str, patient: Option<i64>, detail: &str| {
        let row = (
            kind.to_owned(),
            action.to_owned(),
            patient,
            detail.to_owned(),
        );
        assert!(rows.contains(&row), "{row:?} is not among {rows:#?}");
    };
    has(
        "change",
        "register_patient",
        Some(ana.number),
        r#"{"fields":["full_name","phone"]}"#,
    );
    has(
        "change",
        "change_patient",
        Some(ana.number),
        r#"{"fields":["note"]}"#,
    );
    has("read", "show_patient", Some(ana.number), "{}");
    has("read", "search_patients", None, r#"{"count":1}"#);
}

async fn accounts_do_not_share_a_phone_and_families_do(server: TestServer) {
    let desk = desk(server).await;
    let phone = || Patch::Set("+385 1 555 0187".to_owned());
    for name in ["Ana Kovač", "Ivo Kovač"] {
        let phone = Some("+38515550187".to_owned());
        desk.register(PatientDraft {
            phone,
            ..draft(name)
        })
        .await;
    }
    let first = desk.server.actor(Role::Patient, "first").await;
    let second = desk.server.actor(Role::Patient, "second").await;
    let number = async |who: &Actor| {
        let id = who.account_id().unwrap();
        patients::of_account(&desk.clinic, id)
            .await
            .unwrap()
            .unwrap()
            .number
    };
    let (mine, theirs) = (number(&first).await, number(&second).await);
    patients::change_contact(
        &desk.clinic,
        &first,
        mine,
        phone(),
        Patch::Keep,
        Faults::new(),
    )
    .await
    .unwrap();
    let refused = patients::change_contact(
        &desk.clinic,
        &second,
        theirs,
        phone(),
        Patch::Keep,
        Faults::new(),
    )
    .await;
    let Err(Refusal::Invalid(errors)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        errors.first("phone"),
        Some("patient with this phone already exists.")
    );
    // Keeping one's own is no conflict, and a retired record frees it.
    patients::change_contact(
        &desk.clinic,
        &first,
        mine,
        phone(),
        Patch::Keep,
        Faults::new(),
    )
    .await
    .unwrap();
    patients::retire(&desk.clinic, &first, mine).await.unwrap();
    patients::change_contact(
        &desk.clinic,
        &second,
        theirs,
        phone(),
        Patch::Keep,
        Faults::new(),
    )
    .await
    .unwrap();
    // The account of a retired record may make a new one, with a new number.
    let again = patients::make_own(
        &desk.clinic,
        &first,
        Patch::Keep,
        Patch::Keep,
        Faults::new(),
    )
    .await
    .unwrap();
    assert!(again.number > theirs);
    let twice = patients::make_own(
        &desk.clinic,
        &first,
        Patch::Keep,
        Patch::Keep,
        Faults::new(),
    )
    .await;
    assert!(matches!(twice, Err(Refusal::Invalid(_))));
}

async fn possible_duplicates_are_told_with_the_reason(server: TestServer) {
    let desk = desk(server).await;
    let born = || Some("1980-02-01".parse().unwrap());
    desk.register(PatientDraft {
        birth_date: born(),
        ..draft("Katarzyna Wiśniewska")
    })
    .await;
    desk.register(PatientDraft {
        birth_date: born(),
        ..draft("Catarzyna Wisniewska")
    })
    .await;
    desk.register(PatientDraft {
        birth_date: born(),
        ..draft("Bruno Born That Day")
    })
    .await;
    let phone = || Some("+48 22 555 01".to_owned());
    desk.register(PatientDraft {
        phone: phone(),
        ..draft("Jan Wiśniewski")
    })
    .await;
    let email = |text: &str| Some(text.to_owned());
    desk.register(PatientDraft {
        email: email("K.W@example.org"),
        ..draft("Kasia")
    })
    .await;

    let drafted = PatientDraft {
        birth_date: born(),
        phone: Some("+4822 55501".to_owned()),
        email: email("k.w@EXAMPLE.org"),
        ..draft("katarzyna WISNIEWSKA")
    };
    let found = patients::possible_duplicates(&desk.clinic, &desk.who, &drafted)
        .await
        .unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.patient.full_name.as_str(), one.reasons.clone()))
        .collect();
    assert_eq!(
        found,
        [
            (
                "Katarzyna Wiśniewska",
                vec![DuplicateReason::NameAndBirthDate]
            ),
            ("Jan Wiśniewski", vec![DuplicateReason::Phone]),
            ("Kasia", vec![DuplicateReason::Email]),
            ("Catarzyna Wisniewska", vec![DuplicateReason::SimilarName]),
        ]
    );
    let nobody = patients::possible_duplicates(&desk.clinic, &desk.who, &draft(""))
        .await
        .unwrap();
    assert_eq!(nobody, []);
}

async fn a_patient_sees_the_own_record_only(server: TestServer) {
    let desk = desk(server).await;
    let other = desk.register(draft("Ana Kovač")).await;
    let who = desk.server.actor(Role::Patient, "ivo").await;
    let list = Listing::default();
    let order = Order::ByNumber;
    let seen = patients::list(&desk.clinic, &who, &list, order, &page(1, 100))
        .await
        .unwrap();
    assert_eq!(seen.count, 1);
    assert_eq!(seen.patients[0].full_name, "ivo");
    assert!(matches!(
        patients::show(&desk.clinic, &who, other.id).await,
        Err(Refusal::Missing("Patient"))
    ));
    assert!(matches!(
        patients::retire(&desk.clinic, &who, other.number).await,
        Err(Refusal::Missing("Patient"))
    ));
    let searched = patients::search(&desk.clinic, &who, "ana", &page(1, 10)).await;
    assert!(matches!(searched, Err(Refusal::Forbidden { .. })));
    let list = Listing {
        search: Some("kova".to_owned()),
        ..list
    };
    let seen = patients::list(&desk.clinic, &who, &list, order, &page(1, 100))
        .await
        .unwrap();
    assert_eq!(seen.count, 0);
}

async fn a_retired_patient_is_found_no_more_and_the_number_stays_taken(server: TestServer) {
    let desk = desk(server).await;
    let gone = desk.register(draft("Quentin Zweig")).await;
    assert_eq!(desk.count().await, 1);
    patients::retire(&desk.clinic, &desk.who, gone.number)
        .await
        .unwrap();
    assert_eq!(desk.count().await, 0);
    for typed in ["quentin", "quenitn", &gone.record_number()] {
        assert!(desk.find(typed).await.is_empty(), "{typed}");
    }
    let shown = patients::show(&desk.clinic, &desk.who, gone.id).await;
    assert!(matches!(shown, Err(Refusal::Missing(_))));
    let again = patients::retire(&desk.clinic, &desk.who, gone.number).await;
    assert!(matches!(again, Err(Refusal::Missing(_))));
    assert!(desk.register(draft("Quentin Zweig")).await.number > gone.number);
}
