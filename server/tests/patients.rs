//! Patients: registering, changing and finding them, on both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can not go on fails"
)]

mod support;

use std::sync::Arc;

use clinic_server::clinic::patients::{self, Listing, Order, Paging, PatientRecord};
use clinic_server::clinic::{Account, Actor, Clinic, Faults, Refusal, accounts};
use clinic_server::demo;
use clinic_server::store::{Recorder, Session};
use clinic_shared::desk::patients::{DuplicateReason, PatientChange, PatientDraft};
use clinic_shared::{Patch, Role};
use support::db::TestDb;
use support::on_both;
use support::server::TestServer;

on_both!(
    a_patient_is_found_by_any_part_of_the_name,
    a_patient_is_found_by_phone_number_birth_date_record_number_and_email,
    a_phone_is_found_however_it_is_written,
    one_slip_of_the_finger_is_mended,
    a_slip_that_makes_another_name_is_mended_too,
    better_matches_come_first,
    a_retired_patient_is_found_no_more_and_the_number_stays_taken,
    a_changed_name_is_found_and_the_old_one_is_not,
    a_cursor_visits_everybody_once,
    pages_end_where_they_end,
    totals_of_a_search_stop_at_a_thousand,
    a_search_takes_the_same_few_statements_whatever_the_page,
    of_two_who_change_a_record_one_is_told,
    a_registration_that_fails_anywhere_leaves_nothing,
    the_audit_names_fields_and_never_contents,
    accounts_do_not_share_a_phone_and_families_do,
    possible_duplicates_are_told_with_the_reason,
    a_patient_sees_the_own_record_only,
);

/// Somebody of this role, with an account.
async fn actor(clinic: &Clinic, role: Role, username: &str) -> Actor {
    let account = accounts::Newcomer {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        first_name: String::new(),
        last_name: String::new(),
        password: None,
        role,
        is_verified: true,
    };
    let account = accounts::create(clinic, &Actor::nobody(None), account)
        .await
        .unwrap();
    let session = uuid::Uuid::nil();
    let account = Account {
        id: account.id,
        uid: account.uid,
        role,
        session,
        is_verified: true,
    };
    Actor {
        account: Some(account),
        address: None,
    }
}

/// The desk of a fresh clinic.
struct Desk {
    clinic: Clinic,
    who: Actor,
    _server: TestServer,
}

async fn desk(server: TestServer) -> Desk {
    let clinic = server.server.clinic.clone();
    let who = actor(&clinic, Role::Receptionist, "desk").await;
    Desk {
        clinic,
        who,
        _server: server,
    }
}

fn draft(full_name: &str) -> PatientDraft {
    PatientDraft {
        full_name: full_name.to_owned(),
        ..PatientDraft::default()
    }
}

fn page(number: i64, limit: i64) -> Paging {
    Paging {
        page: number,
        cursor: None,
        limit,
    }
}

impl Desk {
    async fn register(&self, draft: PatientDraft) -> PatientRecord {
        patients::register(&self.clinic, &self.who, draft)
            .await
            .unwrap()
    }

    async fn people<const N: usize>(&self, names: [&str; N]) {
        for name in names {
            self.register(draft(name)).await;
        }
    }

    async fn find(&self, typed: &str) -> Vec<String> {
        let found = patients::search(&self.clinic, &self.who, typed, &page(1, 25))
            .await
            .unwrap();
        assert_eq!(
            found.count,
            i64::try_from(found.patients.len()).unwrap(),
            "{typed}"
        );
        found
            .patients
            .into_iter()
            .map(|patient| patient.full_name)
            .collect()
    }

    async fn count(&self) -> i64 {
        patients::search(&self.clinic, &self.who, "", &page(1, 1))
            .await
            .unwrap()
            .count
    }
}

async fn a_patient_is_found_by_any_part_of_the_name(server: TestServer) {
    let desk = desk(server).await;
    desk.people([
        "María José García-López",
        "Jörg Müller",
        "Seán O’Brien",
        "Łukasz Wójcik",
    ])
    .await;
    for typed in [
        "maria",
        "MARÍA",
        "garcia maria",
        "lop mar",
        "g l m j",
        "garcialopez",
        "jose  garcia,",
        "García López María José",
    ] {
        assert_eq!(
            desk.find(typed).await[0],
            "María José García-López",
            "{typed}"
        );
    }
    for typed in ["muller", "mueller", "Müller, Jörg", "joerg mue", "jo mu"] {
        assert_eq!(desk.find(typed).await, ["Jörg Müller"], "{typed}");
    }
    for typed in ["obrien", "o'brien", "O’Brien", "brien", "sean ob"] {
        assert_eq!(desk.find(typed).await, ["Seán O’Brien"], "{typed}");
    }
    assert_eq!(desk.find("lukasz").await, ["Łukasz Wójcik"]);
    assert!(desk.find("maria muller").await.is_empty());
    assert!(desk.find("%").await.is_empty());
    assert!(desk.find("\0 '; --").await.is_empty());
}

async fn a_phone_is_found_however_it_is_written(s: TestServer) {
    let desk = desk(s).await;
    for (name, phone) in [
        ("Ida One", "+49 (0) 30 5559838"),
        ("Ada Two", "0049 30 5557777"),
    ] {
        desk.register(PatientDraft {
            phone: Some(phone.to_owned()),
            ..draft(name)
        })
        .await;
    }
    for typed in [
        "+49 30 5559838",
        "+49305559838",
        "0049 30 5559838",
        "+49 (0)30 555-9838",
        "030 5559838",
        "+49 30 5559",
        "9838",
    ] {
        assert_eq!(desk.find(typed).await, ["Ida One"], "{typed}");
    }
    assert_eq!(desk.find("+49 30 5557").await, ["Ada Two"]);
}

async fn a_patient_is_found_by_phone_number_birth_date_record_number_and_email(s: TestServer) {
    let desk = desk(s).await;
    desk.people(["Somebody Else", "Another One"]).await;
    let ana = desk
        .register(PatientDraft {
            birth_date: Some("1980-02-01".parse().unwrap()),
            phone: Some("+385 (1) 555 0187".to_owned()),
            email: Some("Ana.Kovac@example.org".to_owned()),
            ..draft("Ana Kovač")
        })
        .await;
    let record = ana.record_number();
    let number = ana.number.to_string();
    for typed in [
        "1980-02-01",
        "01.02.1980",
        "1.2.80",
        "01/02/1980",
        "19800201",
        "kov 1.2.1980",
        "+385 1 555",
        "38515550187",
        "0187",
        "5550187",
        "+385 (1) 555 0187",
        "1.2.1980 0187",
        "ana 0187",
        "015550187",
        &record,
        &record.to_lowercase(),
        &number,
        "ana.kovac@",
        "ANA.KOVAC@example.org",
    ] {
        assert_eq!(desk.find(typed).await, ["Ana Kovač"], "{typed}");
    }
    for typed in [
        "1980-02-02",
        "0188",
        "P-000999",
        "somebody 0187",
        "nobody@example.org",
    ] {
        assert!(desk.find(typed).await.is_empty(), "{typed}");
    }
    let phone = Listing {
        phone: Some("(+385) 1-555-0187".to_owned()),
        ..Listing::default()
    };
    let search = Listing {
        search: Some("iv".to_owned()),
        ..phone.clone()
    };
    for (listing, count) in [(phone, 1), (search, 0)] {
        let order = Order::ByNumber;
        let found = patients::list(&desk.clinic, &desk.who, &listing, order, &page(1, 9)).await;
        assert_eq!(found.unwrap().count, count, "{listing:?}");
    }
    // By username, too, where there is an account.
    actor(&desk.clinic, Role::Patient, "x_files+1").await;
    assert_eq!(desk.find("x_files+").await, ["x_files+1"]);
}

async fn one_slip_of_the_finger_is_mended(server: TestServer) {
    let desk = desk(server).await;
    desk.people([
        "Katarzyna Wiśniewska",
        "Bartholomew Featherstonehaugh",
        "Ali Can",
    ])
    .await;
    for typed in [
        "katarzina",
        "kataryzna",
        "katazyna",
        "kattarzyna",
        "wisniewska katarzyma",
        "wisinewska k",
        // As it is typed, too: the slip is in the beginning.
        "kataryzn",
        "wisinewsk",
    ] {
        assert_eq!(desk.find(typed).await, ["Katarzyna Wiśniewska"], "{typed}");
    }
    assert_eq!(
        desk.find("fetherstone barth").await,
        ["Bartholomew Featherstonehaugh"]
    );
    assert_eq!(desk.find("alu").await, ["Ali Can"]);
    assert!(
        desk.find("katxxzyna").await.is_empty(),
        "two slips are too many"
    );
    let found = patients::search(&desk.clinic, &desk.who, "kataryzna", &page(1, 5))
        .await
        .unwrap();
    assert_eq!(found.corrections, ["kataryzna → katarzyna"]);
}

async fn a_slip_that_makes_another_name_is_mended_too(server: TestServer) {
    let desk = desk(server).await;
    desk.people(["Marian Lopes", "Maria Gonzalez"]).await;
    // There is a Marian, but no Marian Gonzalez.
    assert_eq!(desk.find("marian gonzalez").await, ["Maria Gonzalez"]);
}

async fn better_matches_come_first(server: TestServer) {
    let desk = desk(server).await;
    desk.people([
        "Annabel Smithers",
        "Anna Smithers",
        "Annabel Smith",
        "Berta Anna Smith",
        "Anna Smith",
    ])
    .await;
    assert_eq!(
        desk.find("anna smith").await,
        [
            "Anna Smith",
            "Berta Anna Smith",
            "Anna Smithers",
            "Annabel Smith",
            "Annabel Smithers"
        ]
    );
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

async fn a_changed_name_is_found_and_the_old_one_is_not(server: TestServer) {
    let desk = desk(server).await;
    let wrong = desk.register(draft("Jonh Smiht")).await;
    let change = PatientChange {
        full_name: Some("John Smith".to_owned()),
        ..PatientChange::default()
    };
    let right = patients::change(&desk.clinic, &desk.who, wrong.id, change, Some(1))
        .await
        .unwrap();
    assert_eq!((right.full_name.as_str(), right.version), ("John Smith", 2));
    assert_eq!(desk.find("john").await, ["John Smith"]);
    // The old spelling is no word any more, so it is mended.
    assert_eq!(desk.find("jonh").await, ["John Smith"]);
    let found = patients::search(&desk.clinic, &desk.who, "smiht", &page(1, 5))
        .await
        .unwrap();
    assert_eq!(found.corrections, ["smiht → smith"]);
}

async fn a_cursor_visits_everybody_once(server: TestServer) {
    let desk = desk(server).await;
    demo::fill(&desk.clinic.db, 120, 3, |_| ()).await.unwrap();
    for typed in ["", "a", "m"] {
        let all = patients::search(&desk.clinic, &desk.who, typed, &page(1, 1000))
            .await
            .unwrap();
        assert!(all.next.is_none());
        assert!(all.patients.len() > 14, "{typed}: {}", all.patients.len());
        let mut walked = Vec::new();
        let mut paging = page(1, 7);
        loop {
            let found = patients::search(&desk.clinic, &desk.who, typed, &paging)
                .await
                .unwrap();
            assert_eq!(found.count, all.count);
            walked.extend(found.patients);
            match found.next {
                Some(next) => paging.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(walked, all.patients, "{typed}");
    }
    let newest = patients::search(&desk.clinic, &desk.who, "", &page(1, 1))
        .await
        .unwrap();
    assert_eq!(newest.patients[0].number, 120);
    let paging = Paging {
        cursor: Some("bm90IG91cnM".to_owned()),
        ..page(1, 5)
    };
    let foreign = patients::search(&desk.clinic, &desk.who, "an", &paging).await;
    assert!(matches!(foreign, Err(Refusal::Invalid(_))));
}

async fn pages_end_where_they_end(server: TestServer) {
    let desk = desk(server).await;
    let (listing, order) = (Listing::default(), Order::ByNumber);
    let empty = patients::list(&desk.clinic, &desk.who, &listing, order, &page(1, 10)).await;
    assert_eq!(empty.unwrap().patients, []);
    desk.people(["Ana A", "Ana B", "Ana C"]).await;
    let list = async |which: &Paging| {
        patients::list(&desk.clinic, &desk.who, &listing, order, which).await
    };
    let second = list(&page(2, 2)).await.unwrap();
    assert_eq!((second.count, second.patients.len()), (3, 1));
    assert_eq!(second.patients[0].full_name, "Ana C");
    for beyond in [page(3, 2), page(0, 2), page(i64::MAX, 1000)] {
        assert!(
            matches!(list(&beyond).await, Err(Refusal::InvalidPage)),
            "{beyond:?}"
        );
        let searched = patients::search(&desk.clinic, &desk.who, "ana", &beyond).await;
        assert!(matches!(searched, Err(Refusal::InvalidPage)), "{beyond:?}");
    }
    let second = patients::search(&desk.clinic, &desk.who, "ana", &page(2, 2))
        .await
        .unwrap();
    assert_eq!((second.count, second.patients.len()), (3, 1));
}

async fn totals_of_a_search_stop_at_a_thousand(server: TestServer) {
    let desk = desk(server).await;
    demo::fill(&desk.clinic.db, 9000, 5, |_| ()).await.unwrap();
    let found = patients::search(&desk.clinic, &desk.who, "m", &page(1, 10))
        .await
        .unwrap();
    assert_eq!(
        (found.count, found.count_capped, found.patients.len()),
        (1000, true, 10)
    );
    let found = patients::search(&desk.clinic, &desk.who, "", &page(1, 10))
        .await
        .unwrap();
    assert_eq!((found.count, found.count_capped), (9000, false));
}

async fn a_search_takes_the_same_few_statements_whatever_the_page(server: TestServer) {
    let desk = desk(server).await;
    demo::fill(&desk.clinic.db, 300, 5, |_| ()).await.unwrap();
    let recorder = Arc::new(Recorder::new());
    let clinic = Clinic {
        db: desk.clinic.db.recorded(&recorder),
        ..desk.clinic.clone()
    };
    let mut counts = Vec::new();
    for (typed, limit) in [("ma", 2), ("ma", 200), ("", 2), ("", 200)] {
        recorder.clear();
        patients::search(&clinic, &desk.who, typed, &page(1, limit))
            .await
            .unwrap();
        counts.push(recorder.count());
    }
    assert_eq!(counts, [2, 2, 2, 2]);
}

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
    let first = actor(&desk.clinic, Role::Patient, "first").await;
    let second = actor(&desk.clinic, Role::Patient, "second").await;
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
    let who = actor(&desk.clinic, Role::Patient, "ivo").await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invented_people_are_the_same_on_both_engines() {
    let sqlite = TestDb::sqlite().await;
    let Some(postgres) = TestDb::postgres().await else {
        return;
    };
    let people = async |db: &clinic_server::store::Db| {
        demo::fill(db, 300, 1, |_| ()).await.unwrap();
        let mut reader = db.read().await.unwrap();
        let rows = clinic_server::store::patients::by_number(&mut reader, 0, 1000, 0)
            .await
            .unwrap();
        let words: Vec<(String, i64)> = reader
            .sql("SELECT word, patient_id FROM patient_word ORDER BY word, patient_id")
            .all()
            .await
            .unwrap();
        let counts: Vec<(String, i64)> = reader
            .sql("SELECT word, patients FROM word ORDER BY word")
            .all()
            .await
            .unwrap();
        let slips: Vec<(String, String)> = reader
            .sql("SELECT slip, word FROM word_slip ORDER BY slip, word")
            .all()
            .await
            .unwrap();
        (rows, words, counts, slips)
    };
    let (a, b) = (people(&sqlite.db).await, people(&postgres.db).await);
    assert_eq!(a.0.len(), 300);
    assert_eq!(a, b);
}
