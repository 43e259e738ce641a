//! Finding patients as one types, slips mended, page by page.

use std::sync::Arc;

use clinic_server::clinic::patients::{self, Listing, Order, Paging};
use clinic_server::clinic::{Clinic, Refusal};
use clinic_server::demo;
use clinic_server::store::Recorder;
use clinic_shared::Role;
use clinic_shared::desk::patients::{PatientChange, PatientDraft};

use crate::support::on_both;
use crate::support::server::TestServer;
use crate::{desk, draft, page};

on_both!(
    a_patient_is_found_by_any_part_of_the_name,
    a_phone_is_found_however_it_is_written,
    a_patient_is_found_by_phone_number_birth_date_record_number_and_email,
    one_slip_of_the_finger_is_mended,
    a_slip_that_makes_another_name_is_mended_too,
    better_matches_come_first,
    a_changed_name_is_found_and_the_old_one_is_not,
    a_cursor_visits_everybody_once,
    pages_end_where_they_end,
    totals_of_a_search_stop_at_a_thousand,
    a_search_takes_the_same_few_statements_whatever_the_page,
);

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
    desk.server.actor(Role::Patient, "x_files+1").await;
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
