//! `/appointments/`: changing, moving, calling off (API.md §3).

use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::classic_booking::{path, scene};
use crate::support::bookable::set_status;
use crate::support::on_both;
use crate::support::server::{TestServer, get, send};

on_both! {
    put_wants_all_patch_none,
    a_move_goes_through_booking,
    calling_off_gives_the_time_back_and_is_final,
    only_what_is_to_come_can_be_changed,
    each_state_has_its_word,
    deleting_hides_and_keeps_the_record,
}

async fn put_wants_all_patch_none(on: TestServer) {
    let scene = scene(on).await;
    let id = scene.book(&scene.ana, "2026-03-04").await;
    let (status, errors) = send(&scene.ana, Method::PUT, &path(id), json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(errors.as_object().unwrap().len(), 4, "{errors}");
    let before = get(&scene.ana, &path(id)).await;
    assert_eq!(
        send(&scene.ana, Method::PATCH, &path(id), json!({})).await,
        before
    );
    // What GET gave can be sent back.
    assert_eq!(
        send(&scene.ana, Method::PUT, &path(id), before.1.clone()).await,
        before
    );
    let change = json!({ "symptoms": "worse", "appointment_type": "OFFLINE" });
    let (status, changed) = send(&scene.ana, Method::PATCH, &path(id), change).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!(
        (
            &changed["symptoms"],
            &changed["appointment_type"],
            &changed["time"]
        ),
        (&json!("worse"), &json!("Offline"), &json!(scene.window))
    );
}

async fn a_move_goes_through_booking(on: TestServer) {
    let scene = scene(on).await;
    let rosa = scene.on.sign_in(Role::Receptionist, "rosa").await;
    let ben = scene.on.sign_in(Role::Patient, "ben").await;
    let second = scene.on.doctor_offering("emil", &[scene.window]).await;
    let mine = scene.book(&scene.ana, "2026-03-04").await;
    scene.book(&ben, "2026-03-05").await;

    let onto = json!({ "date": "2026-03-05" });
    let (status, refused) = send(&scene.ana, Method::PATCH, &path(mine), onto).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        refused["time"].is_array() && refused["detail"].is_string(),
        "{refused}"
    );
    assert_eq!(
        scene.when(&rosa, mine).await.0,
        "2026-03-04",
        "nothing was lost"
    );

    let (status, moved) = send(
        &rosa,
        Method::PATCH,
        &path(mine),
        json!({ "date": "2026-03-06" }),
    )
    .await;
    assert_eq!(
        (status, &moved["id"]),
        (StatusCode::OK, &json!(mine)),
        "{moved}"
    );
    assert_eq!(scene.when(&rosa, mine).await.0, "2026-03-06");
    let (status, moved) = send(
        &scene.ana,
        Method::PATCH,
        &path(mine),
        json!({ "doctor": second }),
    )
    .await;
    assert_eq!((status, &moved["doctor"]), (StatusCode::OK, &json!(second)));
    assert_eq!(
        scene.when(&rosa, mine).await.0,
        "2026-03-06",
        "the date stays"
    );
    // The old place is free again.
    let cora = scene.on.sign_in(Role::Patient, "cora").await;
    scene.book(&cora, "2026-03-04").await;
    scene.book(&cora, "2026-03-06").await;
    let past = send(
        &scene.ana,
        Method::PATCH,
        &path(mine),
        json!({ "date": "2026-02-01" }),
    )
    .await;
    assert!(past.1["date"].is_array(), "{}", past.1);
}

async fn calling_off_gives_the_time_back_and_is_final(on: TestServer) {
    let scene = scene(on).await;
    let rosa = scene.on.sign_in(Role::Receptionist, "rosa").await;
    let ben = scene.on.sign_in(Role::Patient, "ben").await;
    let mine = scene.book(&scene.ana, "2026-03-04").await;
    let off = json!({ "cancel": true, "symptoms": "better now" });
    let (status, cancelled) = send(&scene.ana, Method::PATCH, &path(mine), off.clone()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (
            &cancelled["cancel"],
            &cancelled["appointment_status"],
            &cancelled["symptoms"]
        ),
        (&json!(true), &json!("Pendding"), &json!("better now"))
    );
    let desk = get(&rosa, &format!("/v1/api/desk/appointments/{mine}/"))
        .await
        .1;
    assert_eq!(
        (
            &desk["status"],
            &desk["cancelled_by"],
            &desk["cancelled_late"]
        ),
        (&json!("cancelled"), &json!("patient"), &json!(false))
    );
    assert_eq!(
        send(
            &scene.ana,
            Method::PATCH,
            &path(mine),
            json!({ "cancel": true })
        )
        .await
        .0,
        StatusCode::OK,
        "twice is fine"
    );
    let (status, back) = send(
        &scene.ana,
        Method::PATCH,
        &path(mine),
        json!({ "cancel": false }),
    )
    .await;
    assert_eq!(
        (status, back["cancel"].is_array()),
        (StatusCode::BAD_REQUEST, true)
    );
    let again = scene.book(&ben, "2026-03-04").await;
    // By the desk, on the day before, is late.
    scene.on.wait(3600 * 30);
    let rosa = scene.on.signed_in("rosa").await;
    let mut whole = scene.form(None);
    whole["cancel"] = json!("true");
    let (status, shown) = send(&rosa, Method::PUT, &path(again), whole).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    let desk = get(&rosa, &format!("/v1/api/desk/appointments/{again}/"))
        .await
        .1;
    assert_eq!(
        (&desk["cancelled_by"], &desk["cancelled_late"]),
        (&json!("clinic"), &json!(true))
    );
}

async fn only_what_is_to_come_can_be_changed(on: TestServer) {
    let scene = scene(on).await;
    let mine = scene.book(&scene.ana, "2026-03-04").await;
    let clinic = &scene.on.server.clinic;
    for status in [
        "checked_in",
        "running",
        "completed",
        "no_show",
        "left",
        "cancelled",
    ] {
        set_status(clinic, mine, status).await.unwrap();
        let (code, refused) = send(
            &scene.ana,
            Method::PATCH,
            &path(mine),
            json!({ "symptoms": status }),
        )
        .await;
        assert_eq!(code, StatusCode::BAD_REQUEST, "{status}");
        assert!(refused["non_field_errors"].is_array(), "{refused}");
        let moved = json!({ "date": "2026-03-09" });
        let (code, _) = send(&scene.ana, Method::PATCH, &path(mine), moved).await;
        assert_eq!(code, StatusCode::BAD_REQUEST, "{status}");
    }
    for status in ["running", "completed"] {
        set_status(clinic, mine, status).await.unwrap();
        let (code, refused) = send(
            &scene.ana,
            Method::PATCH,
            &path(mine),
            json!({ "cancel": true }),
        )
        .await;
        assert_eq!(
            (code, refused["cancel"].is_array()),
            (StatusCode::BAD_REQUEST, true)
        );
    }
}

async fn each_state_has_its_word(on: TestServer) {
    let scene = scene(on).await;
    let mine = scene.book(&scene.ana, "2026-03-04").await;
    for (status, word, cancel) in [
        ("pending", "Pendding", false),
        ("confirmed", "Pendding", false),
        ("checked_in", "Pendding", false),
        ("running", "Runing", false),
        ("completed", "Complated", false),
        ("cancelled", "Pendding", true),
        ("no_show", "Pendding", true),
        ("left", "Pendding", true),
    ] {
        set_status(&scene.on.server.clinic, mine, status)
            .await
            .unwrap();
        let shown = get(&scene.ana, &path(mine)).await.1;
        assert_eq!(
            (&shown["appointment_status"], &shown["cancel"]),
            (&json!(word), &json!(cancel)),
            "{status}"
        );
    }
}

async fn deleting_hides_and_keeps_the_record(on: TestServer) {
    let scene = scene(on).await;
    let rosa = scene.on.sign_in(Role::Receptionist, "rosa").await;
    let mine = scene.book(&scene.ana, "2026-03-04").await;
    let other = scene.book(&scene.ana, "2026-03-05").await;
    assert_eq!(get(&rosa, "/appointments/").await.1["count"], 2);
    let gone = send(&scene.ana, Method::DELETE, &path(mine), json!({})).await;
    assert_eq!(gone, (StatusCode::NO_CONTENT, Value::Null));
    for client in [&scene.ana, &rosa] {
        assert_eq!(get(client, &path(mine)).await.0, StatusCode::NOT_FOUND);
        assert_eq!(get(client, "/appointments/").await.1["count"], 1);
    }
    assert_eq!(
        send(&scene.ana, Method::DELETE, &path(mine), json!({}))
            .await
            .0,
        StatusCode::NOT_FOUND
    );
    let ben = scene.on.sign_in(Role::Patient, "ben").await;
    scene.book(&ben, "2026-03-04").await;
    set_status(&scene.on.server.clinic, other, "running")
        .await
        .unwrap();
    let (status, _) = send(&scene.ana, Method::DELETE, &path(other), json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let actions: Vec<String> = scene
        .on
        .audit(50)
        .await
        .into_iter()
        .map(|row| row.1)
        .collect();
    for action in [
        "book_appointment",
        "cancel_appointment",
        "delete_appointment",
    ] {
        assert!(
            actions.iter().any(|done| done == action),
            "{action} in {actions:?}"
        );
    }
}
