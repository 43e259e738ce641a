//! `/v1/api/patient/patients/` (API.md §4).

use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{Client, PageQuery};
use clinic_shared::desk::patients::Gender;
use clinic_shared::v1::lenient::Measure;
use clinic_shared::v1::patients::{PatientChange, PatientInput};
use clinic_shared::{Patch, Role};
use serde_json::{Value, json};

use crate::media::{fetch, png};
use crate::services::send_form;
use crate::support::bookable::{person, window};
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, send, status};
use crate::uploads::files;

on_both! {
    the_record_is_made_at_activation_and_shown,
    a_patch_keeps_clears_and_sets,
    a_put_clears_what_is_absent,
    what_get_gave_can_be_put_back,
    every_fault_is_told_in_the_words_of_v1,
    a_new_name_is_the_accounts_too,
    a_picture_comes_stays_and_goes,
    a_change_is_conditional_also_in_a_race,
    who_sees_whom,
    a_doctors_list_is_scrolled,
    closing_the_account,
    who_works_here_loses_only_the_record,
}

const ME: &str = "/v1/api/patient/patients/me/";
const LIST: &str = "/v1/api/patient/patients/";

const FIELDS: [&str; 14] = [
    "address",
    "age",
    "birthday",
    "blood_group",
    "created_at",
    "email",
    "full_name",
    "gender",
    "height",
    "id",
    "phone_number",
    "photo",
    "updated_at",
    "weight",
];

fn filled() -> PatientChange {
    PatientChange {
        birthday: Patch::Set("1990-03-03".parse().unwrap()),
        gender: Patch::Set(Gender::Female),
        blood_group: Patch::Set("AB+".to_owned()),
        height: Patch::Set(Measure(172.5)),
        weight: Patch::Set(Measure(61.25)),
        phone_number: Patch::Set("+49 30 555 01".to_owned()),
        address: Patch::Set("Main Street 1".to_owned()),
        ..PatientChange::default()
    }
}

async fn the_record_is_made_at_activation_and_shown(on: TestServer) {
    let nobody = on.anonymous();
    let form = json!({ "email": "ana@example.org", "password": "Pass1234", "first_name": "Ana",
        "last_name": "Sousa" });
    assert_eq!(
        post(&nobody, "/v1/api/user/register/", form).await.0,
        StatusCode::CREATED
    );
    let otp = on.code_to("ana@example.org").await;
    let form = json!({ "email": "ana@example.org", "otp": otp });
    let (_, activated) = post(&nobody, "/v1/api/user/account/activate/", form).await;
    let ana = on.anonymous();
    ana.set_tokens(serde_json::from_value(activated).ok());
    let (status, me) = get(&ana, ME).await;
    assert_eq!((status, keys(&me)), (StatusCode::OK, FIELDS.to_vec()));
    assert_eq!(
        (&me["full_name"], &me["email"], &me["age"]),
        (&json!("Ana Sousa"), &json!("ana@example.org"), &Value::Null)
    );
    // Whoever has no record has none here either.
    let ada = on.sign_in(Role::Admin, "ada").await;
    for method in [Method::GET, Method::PATCH, Method::PUT, Method::DELETE] {
        let (status, _) = send(&ada, method.clone(), ME, json!({})).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{method}");
    }
}

async fn a_patch_keeps_clears_and_sets(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let made = ana.change_my_patient(&filled(), None).await.unwrap().value;
    assert_eq!((made.height, made.weight), (Some(172.5), Some(61.25)));
    // The clinic's date is the day before her birthday.
    assert_eq!(made.age, Some(35));
    on.wait(24 * 60 * 60);
    let ana = on.signed_in("ana").await;
    let change = PatientChange {
        address: Patch::Clear,
        weight: Patch::Set(Measure(62.0)),
        ..PatientChange::default()
    };
    let changed = ana.change_my_patient(&change, None).await.unwrap().value;
    assert_eq!(changed.age, Some(36), "on the birthday");
    assert_eq!((changed.address, changed.weight), (None, Some(62.0)));
    assert_eq!(changed.phone_number, made.phone_number);
    assert_eq!(changed.blood_group, made.blood_group);
    // Measures may be decimals in a string.
    let (status, body) = send(&ana, Method::PATCH, ME, json!({ "height": "180.25" })).await;
    assert_eq!(
        (status, &body["height"]),
        (StatusCode::OK, &json!(180.25)),
        "{body}"
    );
    // Classic's view is the same record.
    let (_, classic) = get(&ana, "/patients/").await;
    assert_eq!(classic["results"][0]["phone"], "+49 30 555 01");
    // Nothing new changes nothing.
    let before = ana.my_patient().await.unwrap();
    let after = ana.change_my_patient(&PatientChange::default(), None).await;
    assert_eq!(after.unwrap(), before);
}

async fn a_put_clears_what_is_absent(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    ana.change_my_patient(&filled(), None).await.unwrap();
    let input = PatientInput {
        gender: Patch::Set(Gender::Other),
        ..PatientInput::default()
    };
    let put = ana.replace_my_patient(&input, None).await.unwrap().value;
    assert_eq!(put.gender, Some(Gender::Other));
    assert_eq!(
        (put.birthday, put.age, put.blood_group, put.height),
        (None, None, None, None)
    );
    assert_eq!(
        (put.weight, put.phone_number, put.address),
        (None, None, None)
    );
    assert_eq!(put.full_name, "ana", "the name is the account's");
}

async fn what_get_gave_can_be_put_back(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    ana.change_my_patient(&filled(), None).await.unwrap();
    let form = Form::new().part("photo", Part::bytes(png()).file_name("me.png"));
    let (status, _) = send_form(&ana, Method::PATCH, ME, form).await;
    assert_eq!(status, StatusCode::OK);
    let (_, shown) = get(&ana, ME).await;
    let (status, put) = send(&ana, Method::PUT, ME, shown.clone()).await;
    assert_eq!((status, put), (StatusCode::OK, shown));
}

async fn every_fault_is_told_in_the_words_of_v1(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let form = json!({ "birthday": "2030-01-01", "gender": "f", "blood_group": "ABCDEF",
        "height": 500, "weight": "9999", "phone_number": "1\n2", "nickname": "An",
        "photo": "https://elsewhere.example.org/me.png" });
    let (status, body) = send(&ana, Method::PATCH, ME, form).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&body["errors"]),
        [
            "birthday",
            "blood_group",
            "gender",
            "height",
            "nickname",
            "phone_number",
            "photo",
            "weight"
        ],
        "{body}"
    );
    // Another account's phone.
    let ben = on.sign_in(Role::Patient, "ben").await;
    let phone = json!({ "phone_number": "030 555 77" });
    assert_eq!(
        send(&ben, Method::PATCH, ME, phone.clone()).await.0,
        StatusCode::OK
    );
    let (status, body) = send(&ana, Method::PATCH, ME, phone).await;
    assert_eq!(
        (status, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["phone_number"])
    );
}

async fn a_new_name_is_the_accounts_too(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (status, me) = send(
        &ana,
        Method::PATCH,
        ME,
        json!({ "full_name": " Ana  María Sousa " }),
    )
    .await;
    assert_eq!(status, StatusCode::OK, "{me}");
    assert_eq!(me["full_name"], "Ana María Sousa");
    let account = ana.me().await.unwrap();
    assert_eq!(
        (account.first_name.as_str(), account.last_name.as_str()),
        ("Ana", "María Sousa")
    );
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let query = PageQuery {
        search: Some("sousa mar".to_owned()),
        ..PageQuery::default()
    };
    assert_eq!(rosa.patients_v1(&query).await.unwrap().count, 1);
    let (status, body) = send(&ana, Method::PATCH, ME, json!({ "full_name": " " })).await;
    assert_eq!(
        (status, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["full_name"])
    );
}

async fn a_picture_comes_stays_and_goes(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let form = || {
        Form::new()
            .text("address", "Main Street 1")
            .part("photo", Part::bytes(png()).file_name("me.png"))
    };
    let (status, me) = send_form(&ana, Method::PATCH, ME, form()).await;
    assert_eq!(status, StatusCode::OK, "{me}");
    let first = me["photo"].as_str().unwrap().to_owned();
    assert_eq!(fetch(&on, &first).await.0, StatusCode::OK, "a signed link");
    let bare = first.split('?').next().unwrap();
    assert_eq!(fetch(&on, bare).await.0, StatusCode::NOT_FOUND);
    // Another one takes its place; a form without one leaves it.
    let (_, me) = send_form(&ana, Method::PATCH, ME, form()).await;
    assert_eq!(files(&on).len(), 1);
    let second = me["photo"].as_str().unwrap().to_owned();
    assert_ne!(first.split('?').next(), second.split('?').next());
    let (_, me) = send(&ana, Method::PATCH, ME, json!({ "address": null })).await;
    assert_eq!(me["photo"], json!(second));
    // Refused changes touch no file.
    let faulty = form().text("gender", "f");
    let (status, _) = send_form(&ana, Method::PATCH, ME, faulty).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(files(&on).len(), 1);
    let (status, me) = send(&ana, Method::PATCH, ME, json!({ "photo": null })).await;
    assert_eq!((status, &me["photo"]), (StatusCode::OK, &Value::Null));
    assert_eq!(files(&on).len(), 0);
    // PUT without one clears it.
    send_form(&ana, Method::PUT, ME, form()).await;
    assert_eq!(files(&on).len(), 1);
    let (_, me) = send(&ana, Method::PUT, ME, json!({})).await;
    assert_eq!((&me["photo"], files(&on).len()), (&Value::Null, 0));
    let broken = Form::new().part("photo", Part::bytes(b"no picture".to_vec()).file_name("x"));
    let (status, body) = send_form(&ana, Method::PATCH, ME, broken).await;
    assert_eq!(
        (status, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["photo"])
    );
}

async fn a_change_is_conditional_also_in_a_race(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let seen = ana.my_patient().await.unwrap();
    let etag = seen.etag.unwrap();
    let tasks = (0..8).map(|n| {
        let (ana, etag) = (ana.clone(), etag.clone());
        tokio::spawn(async move {
            let change = PatientChange {
                address: Patch::Set(format!("Street {n}")),
                ..PatientChange::default()
            };
            ana.change_my_patient(&change, Some(&etag)).await
        })
    });
    let mut done = 0;
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(_) => done += 1,
            Err(error) => assert_eq!(error.status(), Some(412)),
        }
    }
    assert_eq!(done, 1);
}

async fn booked(on: &TestServer, patient: &Client, doctor: i64, window: i64) {
    let body = json!({ "doctor": doctor, "time": window, "appointment_type": "Online",
        "symptoms": "Cough", "date": "2026-03-04" });
    let (status, made) = post(patient, "/appointments/", body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    on.server.clinic.reads.flush().await;
}

async fn who_sees_whom(on: TestServer) {
    let window = window(&on.server.clinic, "10:00-11:00").await;
    let doctor = on.doctor_offering("dora", &[window]).await;
    let dora = on.signed_in("dora").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    booked(&on, &ana, doctor, window).await;
    // A doctor who is a patient too.
    post(&dora, "/patients/", json!({})).await;
    let emails = async |client: &Client| {
        let page = client.patients_v1(&PageQuery::default()).await.unwrap();
        let mut emails: Vec<_> = page
            .results
            .into_iter()
            .filter_map(|one| one.email)
            .collect();
        emails.sort();
        assert_eq!(page.count, i64::try_from(emails.len()).unwrap());
        emails
    };
    let (a, b, d) = ("ana@example.org", "ben@example.org", "dora@example.org");
    assert_eq!(emails(&rosa).await, [a, b, d]);
    assert_eq!(emails(&dora).await, [a, d]);
    assert_eq!(emails(&ben).await, [b]);
    assert_eq!(
        rosa.patient_of("ANA@example.org")
            .await
            .unwrap()
            .value
            .email
            .as_deref(),
        Some(a)
    );
    assert!(dora.patient_of(a).await.is_ok());
    assert_eq!(status(dora.patient_of(b).await), 404);
    assert_eq!(status(ben.patient_of(a).await), 404);
    assert!(ben.patient_of(b).await.is_ok());
    assert_eq!(status(rosa.patient_of("nobody@example.org").await), 404);
    let (status, missing) = get(&ben, "/v1/api/patient/patients/nobody%40example.org/").await;
    let (_, hidden) = get(&ben, "/v1/api/patient/patients/ana%40example.org").await;
    assert_eq!((status, &missing), (StatusCode::NOT_FOUND, &hidden));
    // Lists show whole objects, and their reading is noted.
    let (_, page) = get(&dora, &format!("{LIST}?search=ana")).await;
    assert_eq!(keys(&page["results"][0]), FIELDS);
    let audit = on.audit(20).await;
    assert!(
        audit.iter().any(|row| row.1 == "list_patients"),
        "{audit:?}"
    );
    assert_eq!(get(&on.anonymous(), LIST).await.0, StatusCode::UNAUTHORIZED);
    // People without an account are found by the e-mail they left.
    let draft = json!({ "full_name": "Carl Off", "email": "carl@example.org" });
    post(&rosa, "/v1/api/desk/patients/", draft).await;
    let carl = rosa.patient_of("carl@example.org").await.unwrap().value;
    assert_eq!(carl.full_name, "Carl Off");
}

async fn a_doctors_list_is_scrolled(on: TestServer) {
    let window = window(&on.server.clinic, "10:00-11:00").await;
    let doctor = on.doctor_offering("dora", &[window]).await;
    let dora = on.signed_in("dora").await;
    for (n, name) in ["ana", "ben", "carl"].into_iter().enumerate() {
        let client = on.sign_in(Role::Patient, name).await;
        let date = format!("2026-03-0{}", n + 4);
        let body = json!({ "doctor": doctor, "time": window, "appointment_type": "Online",
            "symptoms": "Cough", "date": date });
        assert_eq!(
            post(&client, "/appointments/", body).await.0,
            StatusCode::CREATED
        );
    }
    for client in [&dora, &on.sign_in(Role::Receptionist, "rosa").await] {
        let mut path = format!("{LIST}?limits=2");
        let mut seen = Vec::new();
        loop {
            let (status, page) = get(client, &path).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            let rows = page["results"].as_array().unwrap();
            seen.extend(rows.iter().map(|row| row["id"].to_string()));
            let Some(next) = page["next"].as_str() else {
                assert_eq!(page["count"], seen.len());
                break;
            };
            path = next.strip_prefix(&on.server.url()).unwrap().to_owned();
        }
        let all = seen.len();
        assert_eq!(all, 3, "{seen:?}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }
}

async fn closing_the_account(on: TestServer) {
    let window = window(&on.server.clinic, "10:00-11:00").await;
    let doctor = on.doctor_offering("dora", &[window]).await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let second = on.signed_in("ana").await;
    booked(&on, &ana, doctor, window).await;
    ana.close_my_account().await.unwrap();
    for client in [&ana, &second] {
        assert_eq!(get(client, ME).await.0, StatusCode::UNAUTHORIZED);
    }
    let again = on
        .anonymous()
        .sign_in("ana", crate::support::server::PASSWORD)
        .await;
    assert_eq!(status(again), 401);
    // The booking stands in the doctor's list, called off, with her name.
    let dora = on.signed_in("dora").await;
    let (_, practice) = get(&dora, "/v1/api/appointment/doctor/").await;
    assert_eq!(practice["count"], 1);
    let appointment = &practice["results"][0];
    assert_eq!(
        (&appointment["status"], &appointment["patient"]["full_name"]),
        (&json!("cancelled"), &json!("ana"))
    );
    assert_eq!(status(dora.patient_of("ana@example.org").await), 404);
    let audit = on.audit(20).await;
    for action in ["close_account", "retire_patient"] {
        assert!(audit.iter().any(|row| row.1 == action), "{audit:?}");
    }
}

async fn who_works_here_loses_only_the_record(on: TestServer) {
    person(&on.server.clinic, "Somebody Else").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    assert_eq!(
        post(&rosa, "/patients/", json!({})).await.0,
        StatusCode::CREATED
    );
    rosa.close_my_account().await.unwrap();
    assert_eq!(status(rosa.my_patient().await), 404);
    assert_eq!(get(&rosa, LIST).await.0, StatusCode::OK);
}
