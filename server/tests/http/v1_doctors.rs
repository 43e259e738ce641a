//! `/v1/api/doctor/list/` and `/v1/api/doctor/profile/` (API.md §4).

use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{Client, PublicDoctorQuery};
use clinic_shared::v1::doctors::{ProfileChange, ProfileInput};
use clinic_shared::{Patch, Role};
use serde_json::{Value, json};

use crate::media::{fetch, png};
use crate::reviews::{patient, write};
use crate::services::send_form;
use crate::support::bookable::window;
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, send, status};
use crate::uploads::files;

on_both! {
    everybody_sees_verified_ones_and_nothing_private,
    every_filter_finds_whom_it_should,
    the_list_is_scrolled_by_name,
    a_profile_is_found_by_the_email,
    a_doctor_keeps_their_profile,
    what_get_gave_can_be_put_back,
    faults_are_told_at_once,
    a_photo_is_public_and_goes,
    a_change_is_conditional_and_audited,
    only_doctors_have_a_profile_here,
}

const LIST: &str = "/v1/api/doctor/list/";
const ME: &str = "/v1/api/doctor/profile/me/";

const PUBLIC: [&str; 10] = [
    "available_time",
    "designation",
    "fee",
    "full_name",
    "id",
    "personal_status",
    "photo",
    "rating",
    "specialization",
    "year_of_experience",
];

async fn found(client: &Client, query: &str) -> Vec<String> {
    let (status, page) = get(client, &format!("{LIST}?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {page}");
    let rows = page["results"].as_array().unwrap();
    assert_eq!(page["count"], rows.len(), "{query}");
    let name = |row: &Value| row["full_name"].as_str().unwrap().to_owned();
    rows.iter().map(name).collect()
}

async fn term(admin: &Client, of: &str, name: &str) -> i64 {
    let path = format!("/v1/api/doctor/{of}/");
    let (status, made) = post(admin, &path, json!({ "name": name })).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made["id"].as_i64().unwrap()
}

async fn everybody_sees_verified_ones_and_nothing_private(on: TestServer) {
    let doctor = on.named_doctor("dora", "Dora Keller").await;
    on.hidden_doctor("hidden", &[]).await;
    let ana = patient(&on, "ana", "Ana", "Sousa").await;
    let ben = patient(&on, "ben", "Ben", "Stein").await;
    write(&ana, doctor, json!(5)).await;
    write(&ben, doctor, json!(4)).await;
    let nobody = on.anonymous();
    let (status, page) = get(&nobody, LIST).await;
    assert_eq!((status, &page["count"]), (StatusCode::OK, &json!(1)));
    let dora = &page["results"][0];
    assert_eq!(keys(dora), PUBLIC);
    assert_eq!(keys(&dora["rating"]), ["average", "count"]);
    assert_eq!(dora["rating"], json!({ "average": 4.5, "count": 2 }));
    assert_eq!(
        (&dora["fee"], &dora["photo"]),
        (&json!("500.00"), &Value::Null)
    );
    // A bad bearer is told so here too.
    let expired = on.signed_in("dora").await;
    on.wait(301);
    assert_eq!(get(&expired, LIST).await.0, StatusCode::UNAUTHORIZED);
    // The portal's list is the same.
    let (_, portal) = get(&nobody, "/v1/api/public-portal/list/doctor/").await;
    assert_eq!(portal["results"], page["results"]);
}

async fn every_filter_finds_whom_it_should(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let heart = term(&ada, "specializations", "Cardiology").await;
    let skin = term(&ada, "specializations", "Dermatology").await;
    let chief = term(&ada, "designations", "Chief").await;
    let mornings = window(&on.server.clinic, "09:00-12:00").await;
    let nobody = on.anonymous();
    for (name, full_name, body) in [
        (
            "dora",
            "Dora Keller",
            json!({ "specialization": [heart], "designation": [chief], "fee": "500.00" }),
        ),
        (
            "emil",
            "Emil Øst",
            json!({ "specialization": [skin], "available_time": [mornings], "fee": "80.50" }),
        ),
        ("fred", "Fred Arndt", json!({ "fee": "0" })),
    ] {
        on.named_doctor(name, full_name).await;
        let client = on.signed_in(name).await;
        let (status, body) = send(&client, Method::PATCH, ME, body).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    let (dora, emil, fred) = ("Dora Keller", "Emil Øst", "Fred Arndt");
    for (query, names) in [
        (String::new(), vec![dora, emil, fred]),
        ("search=kel".to_owned(), vec![dora]),
        ("search=ost".to_owned(), vec![emil]),
        ("search=cardio".to_owned(), vec![dora]),
        ("search=cardio%20emil".to_owned(), vec![]),
        ("search=%25".to_owned(), vec![]),
        (format!("specialization={heart}"), vec![dora]),
        (
            format!("specialization={heart}&specialization={skin}"),
            vec![dora, emil],
        ),
        (
            format!("specialization={heart}&available_time={mornings}"),
            vec![],
        ),
        (format!("designation={chief}"), vec![dora]),
        (format!("available_time={mornings}"), vec![emil]),
        ("specialization=987654".to_owned(), vec![]),
        ("specialization=".to_owned(), vec![dora, emil, fred]),
        ("max_fee=80.50".to_owned(), vec![emil, fred]),
        ("max_fee=80.49".to_owned(), vec![fred]),
        ("max_fee=0".to_owned(), vec![fred]),
        ("colour=blue".to_owned(), vec![dora, emil, fred]),
    ] {
        assert_eq!(found(&nobody, &query).await, names, "{query}");
    }
    for (query, field) in [
        ("specialization=heart", "specialization"),
        ("designation=x", "designation"),
        ("available_time=x", "available_time"),
        ("max_fee=cheap", "max_fee"),
        ("max_fee=-1", "max_fee"),
    ] {
        let (status, body) = get(&nobody, &format!("{LIST}?{query}")).await;
        assert_eq!(
            (status, keys(&body["errors"])),
            (StatusCode::BAD_REQUEST, vec![field]),
            "{query}"
        );
    }
    let query = PublicDoctorQuery {
        specialization: vec![heart, skin],
        max_fee: Some("100".to_owned()),
        ..PublicDoctorQuery::default()
    };
    let page = nobody.public_doctors(&query).await.unwrap();
    assert_eq!(page.results[0].full_name, emil);
    // A retired available time is offered no more.
    ada.delete_available_time(mornings).await.unwrap();
    assert_eq!(
        found(&nobody, &format!("available_time={mornings}")).await,
        Vec::<String>::new()
    );
}

async fn the_list_is_scrolled_by_name(on: TestServer) {
    for (n, name) in ["Carla Z", "Anton Z", "Berta Z", "Anton Z", "Dora Z"]
        .iter()
        .enumerate()
    {
        on.named_doctor(&format!("d{n}"), name).await;
    }
    let nobody = on.anonymous();
    let mut path = format!("{LIST}?limits=2&search=z");
    let mut names = Vec::new();
    loop {
        let (status, page) = get(&nobody, &path).await;
        assert_eq!((status, &page["count"]), (StatusCode::OK, &json!(5)));
        let rows = page["results"].as_array().unwrap();
        names.extend(
            rows.iter()
                .map(|row| row["full_name"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        assert!(next.contains("search=z"), "{next}");
        path = next.strip_prefix(&on.server.url()).unwrap().to_owned();
    }
    assert_eq!(
        names,
        ["Anton Z", "Anton Z", "Berta Z", "Carla Z", "Dora Z"]
    );
    let (status, second) = get(&nobody, &format!("{LIST}?limits=2&page=2")).await;
    assert_eq!(
        (status, second["previous"].is_string()),
        (StatusCode::OK, true)
    );
    assert_eq!(
        get(&nobody, &format!("{LIST}?limits=2&page=4")).await.0,
        StatusCode::NOT_FOUND
    );
}

async fn a_profile_is_found_by_the_email(on: TestServer) {
    on.named_doctor("dora", "Dora Keller").await;
    on.hidden_doctor("hidden", &[]).await;
    let nobody = on.anonymous();
    let mut fields = PUBLIC.to_vec();
    fields.push("qualifications");
    fields.sort_unstable();
    for path in [
        "/v1/api/doctor/profile/dora@example.org",
        "/v1/api/doctor/profile/dora@example.org/",
        "/v1/api/doctor/profile/DORA%40example.org",
    ] {
        let (status, profile) = get(&nobody, path).await;
        assert_eq!((status, keys(&profile)), (StatusCode::OK, fields.clone()));
        assert_eq!(profile["full_name"], "Dora Keller");
        assert!(!profile.to_string().contains("example.org"), "{profile}");
    }
    for path in [
        "/v1/api/doctor/profile/hidden@example.org",
        "/v1/api/doctor/profile/nobody@example.org/",
    ] {
        assert_eq!(get(&nobody, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let profile = nobody.doctor_profile("dora@example.org").await.unwrap();
    assert_eq!(profile.rating.average, None);
}

async fn a_doctor_keeps_their_profile(on: TestServer) {
    let morning = window(&on.server.clinic, "09:00-12:00").await;
    on.named_doctor("dora", "Dora Keller").await;
    let dora = on.signed_in("dora").await;
    let change = ProfileChange {
        fee: Some("99.90".to_owned()),
        year_of_experience: Patch::Set(12),
        personal_status: Patch::Set("Back in June".to_owned()),
        meet_link: Patch::Set("https://meet.example.org/dora".to_owned()),
        available_time: Some(vec![morning.into()]),
        ..ProfileChange::default()
    };
    let changed = dora.change_my_doctor(&change, None).await.unwrap().value;
    assert_eq!(
        (changed.fee.as_str(), changed.year_of_experience),
        ("99.90", Some(12))
    );
    assert_eq!(changed.available_time[0].id, morning);
    assert!(changed.verified_at.is_some());
    let (_, public) = get(&on.anonymous(), LIST).await;
    let public = &public["results"][0];
    assert_eq!(public["personal_status"], "Back in June");
    assert!(!public.to_string().contains("meet.example.org"), "{public}");
    // Absent keeps, null clears.
    let change = ProfileChange {
        personal_status: Patch::Clear,
        ..ProfileChange::default()
    };
    let changed = dora.change_my_doctor(&change, None).await.unwrap().value;
    assert_eq!(
        (changed.personal_status, changed.year_of_experience),
        (None, Some(12))
    );
    // PUT clears what is absent.
    let input = ProfileInput {
        fee: "100".to_owned(),
        ..ProfileInput::default()
    };
    let put = dora.replace_my_doctor(&input, None).await.unwrap().value;
    assert_eq!(
        (put.fee.as_str(), put.year_of_experience, put.meet_link),
        ("100.00", None, None)
    );
    assert!(put.available_time.is_empty());
    let (status, body) = send(&dora, Method::PUT, ME, json!({})).await;
    assert_eq!(
        (status, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["fee"])
    );
    // Retiring it hides it from everybody.
    dora.delete_my_doctor().await.unwrap();
    assert_eq!(get(&on.anonymous(), LIST).await.1["count"], 0);
    assert_eq!(self::status(dora.my_doctor().await), 404);
}

async fn what_get_gave_can_be_put_back(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let heart = term(&ada, "specializations", "Cardiology").await;
    let morning = window(&on.server.clinic, "09:00-12:00").await;
    on.named_doctor("dora", "Dora Keller").await;
    let dora = on.signed_in("dora").await;
    let body = json!({ "specialization": [heart], "available_time": [{ "id": morning }],
        "year_of_experience": 3 });
    let (status, shown) = send(&dora, Method::PATCH, ME, body).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    let (status, put) = send(&dora, Method::PUT, ME, shown.clone()).await;
    assert_eq!((status, put), (StatusCode::OK, shown));
}

async fn faults_are_told_at_once(on: TestServer) {
    on.doctor("dora", 500).await;
    let dora = on.signed_in("dora").await;
    for link in ["javascript:alert(1)", "visits"] {
        let (status, body) = send(&dora, Method::PATCH, ME, json!({ "meet_link": link })).await;
        assert_eq!(
            (status, keys(&body["errors"])),
            (StatusCode::BAD_REQUEST, vec!["meet_link"])
        );
    }
    let body = json!({ "fee": "1.5", "year_of_experience": 81, "specialization": [987_654],
        "designation": [{ "name": "Chief" }], "meet_link": "a\nb", "phone": "1\n2",
        "personal_status": "x".repeat(201) });
    let (status, body) = send(&dora, Method::PATCH, ME, body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&body["errors"]),
        [
            "designation",
            "fee",
            "meet_link",
            "personal_status",
            "phone",
            "specialization",
            "year_of_experience"
        ],
        "{body}"
    );
}

async fn a_photo_is_public_and_goes(on: TestServer) {
    on.doctor("dora", 500).await;
    let dora = on.signed_in("dora").await;
    let form = Form::new()
        .text("fee", "70")
        .text("year_of_experience", "4")
        .part("photo", Part::bytes(png()).file_name("dora.png"));
    let (status, me) = send_form(&dora, Method::PUT, ME, form).await;
    assert_eq!(status, StatusCode::OK, "{me}");
    let photo = me["photo"].as_str().unwrap().to_owned();
    assert_eq!(fetch(&on, &photo).await.0, StatusCode::OK);
    let (_, list) = get(&on.anonymous(), LIST).await;
    assert_eq!(list["results"][0]["photo"], json!(photo));
    let (_, me) = send(&dora, Method::PATCH, ME, json!({ "photo": null })).await;
    assert_eq!((&me["photo"], files(&on).len()), (&Value::Null, 0));
}

async fn a_change_is_conditional_and_audited(on: TestServer) {
    on.doctor("dora", 500).await;
    let dora = on.signed_in("dora").await;
    let etag = dora.my_doctor().await.unwrap().etag.unwrap();
    let change = |fee: &str| ProfileChange {
        fee: Some(fee.to_owned()),
        ..ProfileChange::default()
    };
    dora.change_my_doctor(&change("1"), Some(&etag))
        .await
        .unwrap();
    let stale = dora.change_my_doctor(&change("2"), Some(&etag)).await;
    assert_eq!(status(stale), 412);
    let audit = on.audit(2).await;
    assert!(
        audit.iter().any(|row| row.1 == "change_doctor"),
        "{audit:?}"
    );
}

async fn only_doctors_have_a_profile_here(on: TestServer) {
    for role in [Role::Admin, Role::Receptionist, Role::Patient] {
        let client = on.sign_in(role, role.as_str()).await;
        for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE] {
            let (status, _) = send(&client, method.clone(), ME, json!({})).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{role} {method}");
        }
    }
    // A doctor without a profile.
    let emil = on.sign_in(Role::Doctor, "emil").await;
    assert_eq!(get(&emil, ME).await.0, StatusCode::NOT_FOUND);
}
