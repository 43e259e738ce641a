//! `/v1/api/desk/doctors/` through the typed client, as the terminal uses it (API.md §7).

use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{Client, DoctorQuery};
use clinic_shared::desk::doctors::{DoctorChange, DoctorWindow};
use clinic_shared::v1::available_times::AvailableTimeInput;
use clinic_shared::v1::lenient::PersonId;
use clinic_shared::{Patch, Role};
use serde_json::json;
use uuid::Uuid;

use crate::support::on_both;
use crate::support::server::{TestServer, get, post, send, status};

on_both! {
    doctors_are_found_by_words_of_their_names,
    doctors_are_found_by_what_they_do,
    cursors_walk_everybody_once,
    a_record_shows_everything_linked,
    what_can_be_read_can_be_sent_back,
    the_second_of_two_desks_sees_a_conflict,
    every_faulty_field_is_told,
    verifying_makes_a_doctor_and_ends_their_sessions,
    an_admin_who_is_verified_stays_an_admin,
    windows_are_listed_with_who_offers_them_and_what_is_booked,
    nobody_but_staff_gets_in,
}

fn search(text: &str) -> DoctorQuery {
    DoctorQuery {
        search: Some(text.to_owned()),
        ..DoctorQuery::default()
    }
}

/// The names that a query finds.
async fn names(desk: &Client, query: &DoctorQuery) -> Vec<String> {
    let page = desk.doctors(query).await.unwrap();
    page.results.into_iter().map(|row| row.full_name).collect()
}

/// Names an account and so its doctor.
async fn name(client: &Client, first: &str, last: &str) {
    let profile = get(client, "/api/user/profiles/me/").await.1["id"].clone();
    let path = format!("/api/user/profiles/{profile}/");
    let body = json!({ "first_name": first, "last_name": last });
    assert_eq!(
        send(client, Method::PATCH, &path, body).await.0,
        StatusCode::OK
    );
}

async fn doctors_are_found_by_what_they_do(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "admin").await;
    let (_, skin) = post(
        &admin,
        "/specialisations/",
        json!({ "name": "Dérmatology" }),
    )
    .await;
    on.doctor("anna", 100).await;
    let dora = on.doctor("dora", 100).await;
    let change = json!({ "specialisation_ids": [skin["id"]] });
    let path = format!("/v1/api/desk/doctors/{}/", dora.id);
    let (status, _) = send(&admin, Method::PATCH, &path, change).await;
    assert_eq!(status, StatusCode::OK);
    for (typed, found) in [
        ("derm", vec!["dora"]),
        ("derm dor", vec!["dora"]),
        ("derm anna", vec![]),
        ("matology", vec![]),
    ] {
        assert_eq!(names(&admin, &search(typed)).await, found, "{typed}");
    }
}

async fn doctors_are_found_by_words_of_their_names(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    for (username, first, last) in [
        ("d1", "Łucja", "Ångström"),
        ("d2", "Jörg", "Müller-Berg"),
        ("d3", "Anna", "Berg"),
    ] {
        on.doctor(username, 100).await;
        name(&on.signed_in(username).await, first, last).await;
    }
    let emil = on.sign_in(Role::Doctor, "emil").await;
    post(&emil, "/doctors/", json!({ "fee": 5 })).await;

    let all = ["Anna Berg", "emil", "Jörg Müller-Berg", "Łucja Ångström"];
    assert_eq!(names(&desk, &DoctorQuery::default()).await, all, "by name");
    for (typed, found) in [
        ("berg", vec!["Anna Berg", "Jörg Müller-Berg"]),
        ("BERG jorg", vec!["Jörg Müller-Berg"]),
        ("mueller", vec!["Jörg Müller-Berg"]),
        ("angs luc", vec!["Łucja Ångström"]),
        ("erg", vec![]),
        (
            "% _",
            vec!["Anna Berg", "emil", "Jörg Müller-Berg", "Łucja Ångström"],
        ),
    ] {
        assert_eq!(names(&desk, &search(typed)).await, found, "{typed}");
    }
    for (verified, found) in [(true, 3), (false, 1)] {
        let query = DoctorQuery {
            verified: Some(verified),
            ..DoctorQuery::default()
        };
        let page = desk.doctors(&query).await.unwrap();
        assert_eq!((page.count, page.results.len()), (found, found as usize));
        assert!(page.results.iter().all(|row| row.is_verified == verified));
    }
    let (_, page) = get(&desk, "/v1/api/desk/doctors/?search=anna").await;
    let keys: Vec<_> = page["results"][0]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(
        keys,
        [
            "designations",
            "fee",
            "full_name",
            "id",
            "is_verified",
            "number",
            "specialisations"
        ]
    );
    assert_eq!(page["results"][0]["fee"], "100.00");
}

async fn cursors_walk_everybody_once(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let mut made = Vec::new();
    // Three of one name: the number decides.
    for username in ["a", "b", "c", "d", "e"] {
        made.push(on.doctor(username, 100).await.id);
    }
    for username in ["b", "c", "e"] {
        name(&on.signed_in(username).await, "Ida", "Berg").await;
    }
    let mut seen: Vec<Uuid> = Vec::new();
    let mut query = DoctorQuery {
        limits: Some(2),
        ..DoctorQuery::default()
    };
    loop {
        let page = desk.doctors(&query).await.unwrap();
        assert_eq!(page.count, 5);
        seen.extend(page.results.iter().map(|row| row.id));
        let Some(next) = page.next else { break };
        let (_, cursor) = next.rsplit_once("cursor=").unwrap();
        query.cursor = Some(cursor.to_owned());
    }
    assert_eq!(seen, [0, 3, 1, 2, 4].map(|place: usize| made[place]));
    let (status, by_number) = get(&desk, "/v1/api/desk/doctors/?limits=2&page=3").await;
    assert_eq!(
        (status, &by_number["results"][0]["id"]),
        (StatusCode::OK, &json!(made[4]))
    );
    assert!(
        by_number["previous"]
            .as_str()
            .unwrap()
            .ends_with("?limits=2&page=2")
    );
    let (status, problem) = get(&desk, "/v1/api/desk/doctors/?page=9").await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::NOT_FOUND, &json!("invalid_page"))
    );
    let (status, problem) = get(&desk, "/v1/api/desk/doctors/?cursor=rubbish").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(problem["errors"]["cursor"].is_array(), "{problem}");
    let (status, problem) = get(&desk, "/v1/api/desk/doctors/?verified=perhaps").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(problem["errors"]["verified"].is_array(), "{problem}");
}

async fn a_record_shows_everything_linked(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let id = on.doctor("dora", 100).await.id;
    let mut ids = Vec::new();
    for path in ["/designations/", "/specialisations/", "/available-time/"] {
        let body = json!({ "name": "Heart", "time": "11 PM - 12 AM" });
        ids.push(post(&admin, path, body).await.1["id"].as_i64().unwrap());
    }
    let (_, label) = post(&admin, "/available-time/", json!({ "time": "Evening" })).await;
    ids.push(label["id"].as_i64().unwrap());
    let change = DoctorChange {
        fee: Some("80".to_owned()),
        meet_link: Patch::Set("https://meet.example.org/d".to_owned()),
        designation_ids: Some(vec![ids[0]]),
        specialisation_ids: Some(vec![ids[1]]),
        available_time_ids: Some(vec![ids[2], ids[3]]),
    };
    let changed = desk.change_doctor(id, &change, None).await.unwrap();
    assert_eq!(changed.etag.as_deref(), Some("\"v2\""));
    let shown = desk.doctor(id).await.unwrap();
    assert_eq!((&shown.value, &shown.etag), (&changed.value, &changed.etag));
    let doctor = shown.value;
    assert_eq!((doctor.fee.as_str(), doctor.version), ("80.00", 2));
    assert_eq!(doctor.email, "dora@example.org");
    assert!(doctor.verified_at.is_some());
    let (_, doctor) = get(&desk, &format!("/v1/api/desk/doctors/{id}/")).await;
    let named = |id: i64| json!([{ "id": id, "name": "Heart" }]);
    assert_eq!(doctor["designations"], named(ids[0]));
    assert_eq!(doctor["specialisations"], named(ids[1]));
    let week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    assert_eq!(
        doctor["available_times"],
        json!([
            { "id": ids[2], "name": "11 PM - 12 AM", "starts": "23:00", "ends": "00:00",
              "weekdays": week, "slot_minutes": null, "valid_from": null, "valid_to": null },
            { "id": ids[3], "name": "Evening", "starts": null, "ends": null,
              "weekdays": week, "slot_minutes": null, "valid_from": null, "valid_to": null },
        ])
    );
    let keys: Vec<_> = doctor.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "available_times",
            "created_at",
            "designations",
            "email",
            "fee",
            "full_name",
            "id",
            "meet_link",
            "number",
            "photo",
            "specialisations",
            "updated_at",
            "username",
            "verified_at",
            "version",
        ]
    );
    // The windows come as the booking takes them.
    let classic = format!("/doctors/{}/", doctor["number"]);
    assert_eq!(
        get(&desk, &classic).await.1["available_time"],
        json!([ids[2], ids[3]])
    );
}

async fn what_can_be_read_can_be_sent_back(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let id = on.doctor("dora", 100).await.id;
    let path = format!("/v1/api/desk/doctors/{id}/");
    let (_, body) = get(&desk, &path).await;
    let (status, again) = send(&desk, Method::PATCH, &path, body.clone()).await;
    assert_eq!(
        (status, again),
        (StatusCode::OK, body),
        "and nothing changed"
    );
}

async fn the_second_of_two_desks_sees_a_conflict(on: TestServer) {
    let one = on.sign_in(Role::Receptionist, "rosa").await;
    let two = on.sign_in(Role::Receptionist, "theo").await;
    let id = on.doctor("dora", 100).await.id;
    let seen = one.doctor(id).await.unwrap();
    let fee = |fee: &str| DoctorChange {
        fee: Some(fee.to_owned()),
        ..DoctorChange::default()
    };
    one.change_doctor(id, &fee("110"), seen.etag.as_deref())
        .await
        .unwrap();
    let late = two
        .change_doctor(id, &fee("120"), seen.etag.as_deref())
        .await;
    let error = late.unwrap_err();
    assert_eq!(error.status(), Some(412));
    assert_eq!(two.doctor(id).await.unwrap().value.fee, "110.00");
    // Faulty is faulty whatever its If-Match.
    let faulty = DoctorChange {
        designation_ids: Some(vec![99]),
        ..DoctorChange::default()
    };
    let answer = two.change_doctor(id, &faulty, seen.etag.as_deref()).await;
    assert_eq!(status(answer), 400);
    two.change_doctor(id, &fee("120"), Some("\"v9\", \"v2\""))
        .await
        .unwrap();
}

async fn every_faulty_field_is_told(on: TestServer) {
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let id = on.doctor("dora", 100).await.id;
    let path = format!("/v1/api/desk/doctors/{id}/");
    for (body, field, message) in [
        (json!({ "fee": "5.5" }), "fee", "Enter a valid value."),
        (json!({ "fee": 5 }), "fee", "Not a valid string."),
        (json!({ "fee": null }), "fee", "This field may not be null."),
        (
            json!({ "specialisation_ids": [7] }),
            "specialisation_ids",
            "Invalid pk \"7\" - object does not exist.",
        ),
        (
            json!({ "available_time_ids": ["7"] }),
            "available_time_ids",
            "A valid integer is required.",
        ),
        (
            json!({ "colour": "red" }),
            "colour",
            "This field is not known here.",
        ),
    ] {
        let (status, problem) = send(&desk, Method::PATCH, &path, body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(problem["errors"], json!({ field: [message] }));
    }
    assert_eq!(desk.doctor(id).await.unwrap().value.version, 1);
}

async fn verifying_makes_a_doctor_and_ends_their_sessions(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (status_of, _) = post(&ana, "/doctors/", json!({ "fee": 100 })).await;
    assert_eq!(status_of, StatusCode::CREATED);
    let row = desk
        .doctors(&search("ana"))
        .await
        .unwrap()
        .results
        .remove(0);
    assert!(!row.is_verified);
    assert_eq!(status(desk.verify_doctor(row.id).await), 403, "for admins");

    let verified = admin.verify_doctor(row.id).await.unwrap();
    assert_eq!(verified.etag.as_deref(), Some("\"v2\""));
    assert_eq!(verified.value.verified_at, Some(on.clock.now()));
    assert_eq!(get(&ana, "/patients/").await.0, StatusCode::UNAUTHORIZED);
    let again = on.signed_in("ana").await;
    assert_eq!(get(&again, "/v1/api/user/me/").await.1["role"], "doctor");
    let actions: Vec<_> = on
        .audit(20)
        .await
        .into_iter()
        .map(|(_, action, _)| action)
        .collect();
    for action in ["verify_doctor", "set_role"] {
        assert_eq!(
            actions.iter().filter(|done| *done == action).count(),
            1,
            "{actions:?}"
        );
    }
    // Again is fine and changes nothing, not even the session.
    on.wait(60);
    let twice = admin.verify_doctor(row.id).await.unwrap();
    assert_eq!((twice.value, twice.etag), (verified.value, verified.etag));
    assert_eq!(get(&again, "/patients/").await.0, StatusCode::OK);
    assert_eq!(status(admin.verify_doctor(Uuid::nil()).await), 404);
}

async fn an_admin_who_is_verified_stays_an_admin(on: TestServer) {
    let admin = on.sign_in(Role::Admin, "ada").await;
    let theo = on.sign_in(Role::Receptionist, "theo").await;
    post(&theo, "/doctors/", json!({ "fee": 100 })).await;
    let row = admin
        .doctors(&search("theo"))
        .await
        .unwrap()
        .results
        .remove(0);
    let nobody = clinic_server::clinic::Actor::nobody(None);
    let clinic = &on.server.clinic;
    clinic_server::clinic::accounts::set_role(clinic, &nobody, "theo", Role::Admin)
        .await
        .unwrap();
    let theo = on.signed_in("theo").await;
    let verified = theo.verify_doctor(row.id).await.unwrap();
    assert!(verified.value.verified_at.is_some());
    assert_eq!(get(&theo, "/v1/api/user/me/").await.1["role"], "admin");
}

async fn nobody_but_staff_gets_in(on: TestServer) {
    let doctor = on.doctor("dora", 100).await;
    let dora = on.signed_in("dora").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    for client in [&dora, &ana] {
        assert_eq!(status(client.doctors(&DoctorQuery::default()).await), 403);
        assert_eq!(status(client.doctor(doctor.id).await), 403);
        let change = DoctorChange::default();
        assert_eq!(
            status(client.change_doctor(doctor.id, &change, None).await),
            403
        );
        assert_eq!(status(client.verify_doctor(doctor.id).await), 403);
    }
    let desk = on.sign_in(Role::Receptionist, "rosa").await;
    assert_eq!(status(desk.doctor(Uuid::nil()).await), 404);
}

async fn windows_are_listed_with_who_offers_them_and_what_is_booked(on: TestServer) {
    let dora = on.doctor("dora", 100).await.id;
    let emil = on.doctor("emil", 100).await.id;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    assert_eq!(rosa.doctor_windows(dora).await.unwrap(), []);
    let window = |name: &str, doctors: &[Uuid]| AvailableTimeInput {
        name: name.to_owned(),
        starts: Patch::Set("09:00".to_owned()),
        ends: Patch::Set("12:00".to_owned()),
        slot_minutes: Patch::Set(30),
        doctors: Some(doctors.iter().copied().map(PersonId).collect()),
        ..AvailableTimeInput::default()
    };
    let shared = window("Mornings", &[dora, emil]);
    let shared = rosa.create_available_time(&shared).await.unwrap();
    let label = AvailableTimeInput {
        starts: Patch::Keep,
        ends: Patch::Keep,
        slot_minutes: Patch::Keep,
        ..window("Evening", &[dora])
    };
    let label = rosa.create_available_time(&label).await.unwrap().value.id;
    let others = window("Not hers", &[emil]);
    rosa.create_available_time(&others).await.unwrap();
    let id = shared.value.id;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let book = async |doctor: Uuid, date: &str, window: i64| {
        let form = json!({ "doctor": doctor, "meeting_date": date, "meeting_time": window,
            "appointment_type": "online", "symptoms": "Cough" });
        let (status, booked) = post(&ana, "/v1/api/appointment/patient/", form).await;
        assert_eq!(status, StatusCode::CREATED, "{booked}");
        booked["id"].clone()
    };
    book(dora, "2026-03-04", id).await;
    book(dora, "2026-03-05", id).await;
    book(emil, "2026-03-06", id).await;
    book(dora, "2026-03-04", label).await;
    let called_off = book(dora, "2026-03-10", id).await;
    let path = format!("/v1/api/appointment/patient/{called_off}/cancel/");
    assert_eq!(post(&ana, &path, json!({})).await.0, StatusCode::OK);
    let listed = async |desk: &Client| {
        let windows = desk.doctor_windows(dora).await.unwrap();
        let line = |one: &DoctorWindow| (one.window.id, one.booked, one.booked_by_all);
        windows.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(listed(&rosa).await, [(id, 2, 3), (label, 1, 1)]);
    let windows = rosa.doctor_windows(dora).await.unwrap();
    let offering: Vec<Uuid> = windows[0].doctors.iter().map(|one| one.id).collect();
    assert_eq!(offering, [dora, emil]);
    // Its version is the one that a change is compared with.
    assert_eq!(
        Some(clinic_shared::client::etag(windows[0].version)),
        shared.etag
    );
    // What is over is not to come any more.
    on.wait(60 * 60 * 84);
    let rosa = on.signed_in("rosa").await;
    assert_eq!(listed(&rosa).await, [(id, 0, 1), (label, 0, 0)]);
    rosa.delete_available_time(id).await.unwrap();
    assert_eq!(listed(&rosa).await, [(label, 0, 0)]);
    let ana = on.signed_in("ana").await;
    assert_eq!(status(ana.doctor_windows(dora).await), 403);
    assert_eq!(status(rosa.doctor_windows(Uuid::nil()).await), 404);
}
