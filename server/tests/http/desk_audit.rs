//! `/v1/api/desk/audit/`: who did or read what, for admins (API.md §7).

use std::time::Duration;

use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{AuditQuery, Client};
use clinic_shared::desk::audit::{Kind, Outcome, Page};
use clinic_shared::desk::patients::{Patient, PatientDraft};
use clinic_shared::desk::users::UserChange;
use serde_json::{Value, json};

use crate::support::on_both;
use crate::support::server::{TestServer, get, post, request, status};

on_both! {
    an_admin_finds_who_did_what,
    filters_fit_together_and_strangers_find_nothing,
    the_list_is_scrolled_newest_first,
    only_admins_see_the_audit,
    the_audit_is_exported_and_that_is_audited,
    the_audit_is_verified_over_the_network,
    settings_and_roles_show_what_they_were,
}

async fn registered(client: &Client, name: &str) -> Patient {
    let draft = PatientDraft {
        full_name: name.to_owned(),
        phone: Some("+49 30 123456".to_owned()),
        ..PatientDraft::default()
    };
    client.register_patient(&draft).await.unwrap().value
}

async fn audit(on: &TestServer, client: &Client, query: AuditQuery) -> Page {
    on.server.clinic.reads.flush().await;
    client.audit(&query).await.unwrap()
}

fn actions(page: &Page) -> Vec<&str> {
    page.results.iter().map(|row| row.action.as_str()).collect()
}

async fn an_admin_finds_who_did_what(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = registered(&rosa, "Ana García").await;
    rosa.patient(ana.id).await.unwrap();
    let query = AuditQuery {
        patient: Some(ana.id),
        ..AuditQuery::default()
    };
    let page = audit(&on, &ada, query.clone()).await;
    assert_eq!(actions(&page), ["show_patient", "register_patient"]);
    assert_eq!((page.count, page.count_capped), (2, false));
    let row = &page.results[1];
    let by = row.account.as_ref().unwrap();
    assert_eq!(by.username.as_deref(), Some("rosa"));
    assert_eq!(row.role, Some(Role::Receptionist));
    assert_eq!(row.address.as_deref(), Some("127.0.0.1"));
    assert!(row.session.is_some());
    assert_eq!((row.kind, row.outcome), (Kind::Change, Outcome::Done));
    let patient = row.patient.as_ref().unwrap();
    assert_eq!((patient.id, patient.number), (Some(ana.id), ana.number));
    assert_eq!(patient.full_name.as_deref(), Some("Ana García"));
    assert!(!row.detail.to_string().contains("123456"), "{}", row.detail);
    // The admin's own look is there the next time.
    let page = audit(&on, &ada, query).await;
    assert_eq!(actions(&page)[0], "list_audit");
    assert_eq!(
        page.results[0]
            .account
            .as_ref()
            .unwrap()
            .username
            .as_deref(),
        Some("ada")
    );
}

async fn filters_fit_together_and_strangers_find_nothing(on: TestServer) {
    on.account(Role::Admin, "ada").await;
    let rosa = on.account(Role::Receptionist, "rosa").await;
    let client = on.signed_in("rosa").await;
    assert_eq!(status(on.anonymous().sign_in("rosa", "wrong").await), 401);
    let ana = registered(&client, "Ana").await;
    on.wait(26 * 3600); // Tuesday, 11:00 in Berlin
    let client = on.signed_in("rosa").await;
    let ada = on.signed_in("ada").await;
    registered(&client, "Ben").await;
    let day = |text: &str| Some(text.parse().unwrap());
    for (query, found) in [
        (
            AuditQuery {
                who: Some("rosa".into()),
                kind: Some(Kind::Change),
                ..AuditQuery::default()
            },
            vec!["register_patient", "register_patient"],
        ),
        (
            AuditQuery {
                who: Some("ROSA@example.org".into()),
                to: day("2026-03-02"),
                kind: Some(Kind::Change),
                ..AuditQuery::default()
            },
            vec!["register_patient"],
        ),
        (
            AuditQuery {
                who: Some(rosa.uid.to_string()),
                from: day("2026-03-03"),
                kind: Some(Kind::Change),
                ..AuditQuery::default()
            },
            vec!["register_patient"],
        ),
        (
            AuditQuery {
                action: Some("register_patient".into()),
                from: day("2026-03-02"),
                to: day("2026-03-03"),
                ..AuditQuery::default()
            },
            vec!["register_patient", "register_patient"],
        ),
        (
            AuditQuery {
                object_type: Some("patient".into()),
                object_id: Some(ana.number),
                ..AuditQuery::default()
            },
            vec!["register_patient"],
        ),
        (
            AuditQuery {
                outcome: Some(Outcome::Refused),
                ..AuditQuery::default()
            },
            vec!["sign_in"],
        ),
        (
            AuditQuery {
                patient: Some(ana.id),
                from: day("2026-03-03"),
                ..AuditQuery::default()
            },
            vec![],
        ),
        (
            AuditQuery {
                who: Some("nobody".into()),
                ..AuditQuery::default()
            },
            vec![],
        ),
        (
            AuditQuery {
                who: Some(ana.id.to_string()),
                ..AuditQuery::default()
            },
            vec![],
        ),
        (
            AuditQuery {
                patient: Some(rosa.uid),
                ..AuditQuery::default()
            },
            vec![],
        ),
        (
            AuditQuery {
                action: Some("x' OR '1'='1".into()),
                ..AuditQuery::default()
            },
            vec![],
        ),
    ] {
        let page = audit(&on, &ada, query.clone()).await;
        assert_eq!(actions(&page), found, "{query:?}");
        assert_eq!(
            usize::try_from(page.count).unwrap(),
            found.len(),
            "{query:?}"
        );
    }
    for query in [
        "from=yesterday",
        "kind=x",
        "outcome=maybe",
        "object_id=x",
        "patient=7",
        "cursor=x",
    ] {
        let (status, body) = get(&ada, &format!("/v1/api/desk/audit/?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        let field = query.split('=').next().unwrap();
        assert!(body["errors"][field].is_array(), "{body}");
    }
}

async fn the_list_is_scrolled_newest_first(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    for name in ["A", "B", "C", "D", "E"] {
        on.wait(1);
        registered(&rosa, name).await;
        registered(&rosa, name).await; // at the same moment
    }
    let mut query = AuditQuery {
        action: Some("register_patient".to_owned()),
        limits: Some(3),
        ..AuditQuery::default()
    };
    let first = audit(&on, &ada, query.clone()).await;
    assert_eq!(first.count, 10);
    let mut ids: Vec<i64> = first.results.iter().map(|row| row.id).collect();
    let mut next = first.next;
    while let Some(url) = next {
        // What comes in meanwhile does not move the pages.
        registered(&rosa, "New").await;
        query.cursor = url.split("cursor=").nth(1).map(str::to_owned);
        let page = audit(&on, &ada, query.clone()).await;
        ids.extend(page.results.iter().map(|row| row.id));
        next = page.next;
    }
    assert_eq!(ids.len(), 10);
    assert!(ids.is_sorted_by(|a, b| a > b), "{ids:?}");
    assert_eq!(
        get(&ada, "/v1/api/desk/audit/?page=99").await.0,
        StatusCode::NOT_FOUND
    );
}

async fn only_admins_see_the_audit(on: TestServer) {
    let mut clients = vec![(on.anonymous(), StatusCode::UNAUTHORIZED)];
    for role in [Role::Receptionist, Role::Doctor, Role::Patient] {
        clients.push((on.sign_in(role, role.as_str()).await, StatusCode::FORBIDDEN));
    }
    for (client, refused) in &clients {
        for path in ["", "export/", "verify/"] {
            let (status, _) = get(client, &format!("/v1/api/desk/audit/{path}")).await;
            assert_eq!(status, *refused, "{path}");
        }
    }
}

async fn export(client: &Client, query: &str) -> (String, String) {
    let path = format!("/v1/api/desk/audit/export/?{query}");
    let answer = request(client, Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{query}");
    let head = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let name = answer.headers()["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("attachment; filename=\"audit."), "{name}");
    (head, answer.text().await.unwrap())
}

async fn the_audit_is_exported_and_that_is_audited(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = registered(&rosa, "Ana, the \"first\"").await;
    on.wait(1);
    // More than is read at once.
    let mut tx = on.server.clinic.db.begin().await.unwrap();
    let row = clinic_server::store::audit::latest(&mut tx, 1)
        .await
        .unwrap();
    let many = vec![
        clinic_server::store::audit::Row {
            action: "many".into(),
            ..row[0].clone()
        };
        2500
    ];
    clinic_server::store::audit::insert(&mut tx, &many)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let (kind, text) = export(&ada, "").await;
    assert_eq!(kind, "application/x-ndjson");
    let rows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(rows.len() > 2500, "{}", rows.len());
    let ids: Vec<i64> = rows.iter().map(|row| row["id"].as_i64().unwrap()).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "each row once");
    let at = |row: &Value| row["at"].as_str().unwrap().to_owned();
    assert!(
        rows.windows(2).all(|pair| at(&pair[0]) <= at(&pair[1])),
        "oldest first"
    );

    let (kind, text) = export(&ada, &format!("format=csv&patient={}", ana.id)).await;
    assert_eq!(kind, "text/csv; charset=utf-8");
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[0].starts_with("id,at,kind,action,outcome,account,username,role,"),
        "{text}"
    );
    assert!(
        lines[1].contains(",change,register_patient,done,"),
        "{text}"
    );
    assert!(lines[1].contains(",rosa,receptionist,"), "{text}");
    assert!(!text.contains("first"), "no names leave with it: {text}");
    let (_, text) = export(&ada, "format=csv&who=stranger").await;
    assert_eq!(text.lines().count(), 1, "only the head");

    let query = AuditQuery {
        action: Some("export_audit".into()),
        ..AuditQuery::default()
    };
    let page = audit(&on, &ada, query).await;
    assert_eq!(page.count, 3, "each one, though they came within a minute");
    assert_eq!(page.results[1].patient.as_ref().unwrap().id, Some(ana.id));
    assert_eq!(page.results[1].detail["format"], "csv");
    assert_eq!(page.results[0].detail["asked"]["filters"], json!(["who"]));
}

async fn the_audit_is_verified_over_the_network(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let mut found = ada.verify_audit(None).await.unwrap();
    for _ in 0..100 {
        if found.unsealed == 0 && found.sealed_up_to > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        found = ada.verify_audit(None).await.unwrap();
    }
    assert!(
        found.is_complete && found.first_broken.is_none(),
        "{found:?}"
    );
    assert!(found.checked >= 2 && found.hash.len() == 64, "{found:?}");
    let rest = ada.verify_audit(Some(found.checked_up_to)).await.unwrap();
    assert!(rest.is_complete && rest.checked < found.checked, "{rest:?}");
    let (status, body) = get(&ada, "/v1/api/desk/audit/verify/?after=99999").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"]["after"].is_array(), "{body}");

    // Somebody with the database's password.
    use clinic_server::store::{Session, Sql};
    let mut tx = on.server.clinic.db.begin().await.unwrap();
    let disarm = Sql {
        sqlite: "DROP TRIGGER audit_stays",
        postgres: "ALTER TABLE audit DISABLE TRIGGER ALL",
    };
    tx.sql(disarm).run().await.unwrap();
    tx.sql("UPDATE audit SET account_id = 77 WHERE id = 2")
        .run()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (_, body) = get(&ada, "/v1/api/desk/audit/verify/").await;
    let broken = &body["first_broken"];
    assert_eq!(
        (&broken["fault"], &broken["row"]),
        (&json!("changed"), &json!(2)),
        "{body}"
    );
    assert!(
        broken["detail"]
            .as_str()
            .unwrap()
            .starts_with("Row 2 was changed"),
        "{body}"
    );
}

async fn settings_and_roles_show_what_they_were(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let rosa = on.account(Role::Receptionist, "rosa").await;
    let change = UserChange {
        role: Some(Role::Doctor),
        ..UserChange::default()
    };
    ada.change_user(rosa.uid, &change, None).await.unwrap();
    let query = AuditQuery {
        action: Some("change_user".into()),
        ..AuditQuery::default()
    };
    let page = audit(&on, &ada, query).await;
    let role = &page.results[0].detail["role"];
    assert_eq!(*role, json!({ "from": "receptionist", "to": "doctor" }));
    let (status, body) = post(&ada, "/available-time/", json!({ "time": "09:00-09:30" })).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let query = AuditQuery {
        action: Some("create_available_time".into()),
        ..AuditQuery::default()
    };
    let page = audit(&on, &ada, query).await;
    assert_eq!(page.results[0].detail["name"], "09:00-09:30");
}
