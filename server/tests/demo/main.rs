//! The invented clinic of `clinic demo` and `clinicd demo-data`, on both engines.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::large_futures,
    reason = "a test that can not go on fails"
)]

use std::collections::{BTreeMap, BTreeSet};

use clinic_server::clinic::{Refusal, services};
use clinic_server::demo::{self, Progress, Size};
use clinic_server::infra::media::Key;
use clinic_server::store::{Session, appointment_history, appointments, contacts};
use clinic_shared::Role;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::Value;

mod steps;
#[path = "../support/mod.rs"]
mod support;

use support::bookable::broken_pairs;
use support::db::TestDb;
use support::server::{TestServer, get};
use support::{on_both, on_both_databases};

on_both!(
    it_has_every_state_and_nobody_is_booked_twice,
    totals_equal_what_is_there,
    photos_and_pictures_can_be_looked_at,
    it_is_put_into_an_empty_clinic_only,
    a_large_one_has_more_doctors_and_as_many_reviews_as_asked,
);
on_both_databases!(today_is_in_the_middle_of_it_at_any_hour);

pub(crate) async fn furnish(on: &TestServer) {
    let size = Size::of(300);
    demo::furnish(&on.server.clinic, &size, 1, None, |_| {})
        .await
        .unwrap();
}

/// How many appointments stand so: in the past, today, in the future.
async fn standing(on: &TestServer) -> BTreeMap<(String, i64), i64> {
    let today = on.server.clinic.today();
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let rows: Vec<(String, i64, i64)> = reader
        .sql(
            "SELECT status, CAST(CASE WHEN date < $1 THEN -1 WHEN date = $1 THEN 0 ELSE 1 END
                 AS bigint), count(*)
             FROM appointment GROUP BY 1, 2",
        )
        .bind(today)
        .all()
        .await
        .unwrap();
    rows.into_iter()
        .map(|(status, when, count)| ((status, when), count))
        .collect()
}

async fn number(on: &TestServer, sql: &'static str) -> i64 {
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let (count,): (i64,) = reader.sql(sql).one().await.unwrap();
    count
}

async fn it_has_every_state_and_nobody_is_booked_twice(on: TestServer) {
    on.clock.set("2026-03-04T09:20:00Z".parse().unwrap());
    furnish(&on).await;
    let standing = standing(&on).await;
    let of = |status: &str, when| {
        standing
            .get(&(status.to_owned(), when))
            .copied()
            .unwrap_or(0)
    };

    let past: i64 = standing
        .iter()
        .filter_map(|((_, when), count)| (*when < 0).then_some(count))
        .sum();
    assert!(past > 1500, "{past}");
    assert!(of("completed", -1) * 10 > past * 7, "{standing:?}");
    for status in ["cancelled", "no_show", "left"] {
        assert!(of(status, -1) > past / 100, "{status} of {standing:?}");
    }
    for status in ["pending", "confirmed", "checked_in", "running"] {
        assert_eq!(of(status, -1), 0, "{status}");
    }
    for status in ["pending", "confirmed", "checked_in", "running", "completed"] {
        assert!(of(status, 0) >= 3, "{status} of {standing:?}");
    }
    for status in ["pending", "confirmed", "cancelled"] {
        assert!(of(status, 1) > 20, "{status} of {standing:?}");
    }
    for status in ["checked_in", "running", "completed", "no_show", "left"] {
        assert_eq!(of(status, 1), 0, "{status}");
    }

    assert_eq!(broken_pairs(&on.server.clinic).await, 0);
    let beside = "SELECT count(*) FROM appointment WHERE overbooked";
    assert!((3..200).contains(&number(&on, beside).await));
    let label = "SELECT count(*) FROM appointment WHERE starts_at IS NULL";
    assert!(number(&on, label).await > 5);
    let reasons = "SELECT count(DISTINCT cancelled_by) FROM appointment
                   WHERE status = 'cancelled' AND cancel_reason IS NOT NULL";
    assert_eq!(number(&on, reasons).await, 2);
    let two_at_once = "SELECT count(*) FROM (SELECT doctor_id FROM appointment
                       WHERE status = 'running' GROUP BY doctor_id HAVING count(*) > 1) AS twice";
    assert_eq!(number(&on, two_at_once).await, 0);
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let (early,): (i64,) = reader
        .sql(
            "SELECT count(*) FROM appointment WHERE created_at > $1 OR updated_at > $1
               OR checked_in_at > $1 OR started_at > $1 OR completed_at > $1",
        )
        .bind(on.clock.now())
        .one()
        .await
        .unwrap();
    assert_eq!(early, 0, "changed in the future");
}

async fn totals_equal_what_is_there(on: TestServer) {
    furnish(&on).await;
    for (kept, counted) in [
        (
            "SELECT value FROM counter WHERE name = 'patients'",
            "SELECT count(*) FROM patient WHERE retired_at IS NULL",
        ),
        (
            "SELECT value FROM counter WHERE name = 'appointments'",
            "SELECT count(*) FROM appointment WHERE hidden_at IS NULL",
        ),
        (
            "SELECT CAST(sum(last) AS bigint) FROM ticket_day",
            "SELECT count(*) FROM appointment
             WHERE status IN ('checked_in', 'running', 'completed', 'left')",
        ),
        (
            "SELECT value FROM counter WHERE name = 'reviews'",
            "SELECT count(*) FROM review WHERE hidden_at IS NULL",
        ),
    ] {
        let (kept, counted) = (number(&on, kept).await, number(&on, counted).await);
        assert_eq!(kept, counted);
        assert!(counted >= 100, "{counted}");
    }
    let unseen = "SELECT count(*) FROM review r WHERE NOT EXISTS (SELECT 1 FROM appointment a
                  WHERE a.patient_id = r.patient_id AND a.doctor_id = r.doctor_id
                    AND a.status = 'completed')";
    assert_eq!(number(&on, unseen).await, 0, "who wrote has been there");
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let requests = contacts::all(&mut reader).await.unwrap();
    let states: BTreeSet<&str> = requests.iter().map(|row| row.status.0.as_str()).collect();
    drop(reader);
    let states: Vec<&str> = states.into_iter().collect();
    assert_eq!(states, ["in_progress", "new", "resolved", "spam"]);
    assert_eq!(number(&on, "SELECT count(*) FROM contact").await, 12);
    for (table, waiting) in [
        ("doctor_application", 3),
        ("qualification", 3),
        ("bug_report", 1),
    ] {
        let sql = format!("SELECT count(*) FROM {table} WHERE status = 'pending'");
        let sql: &'static str = Box::leak(sql.into_boxed_str());
        assert_eq!(number(&on, sql).await, waiting, "{table}");
    }
}

async fn photos_and_pictures_can_be_looked_at(on: TestServer) {
    furnish(&on).await;
    let anybody = on.anonymous();
    let (status, doctors) = get(&anybody, "/doctors/").await;
    assert_eq!((status, &doctors["count"]), (StatusCode::OK, &8.into()));
    let staff = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, all) = get(&staff, "/doctors/").await;
    assert_eq!(all["count"], 9, "staff see the one who waits too");
    let (_, services) = get(&anybody, "/services/").await;
    let photos = all["results"].as_array().unwrap().iter();
    let photos = photos.map(|doctor| doctor["profile"].clone());
    let pictures = services.as_array().unwrap().iter();
    let pictures = pictures.map(|service| service["image"].clone());
    let urls: BTreeSet<String> = photos
        .chain(pictures)
        .map(|url| url.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(urls.len(), 9 + 5, "each its own");
    for url in urls {
        let path = &url[url.find("/media/").unwrap()..];
        let shown =
            support::server::request(&anybody, clinic_shared::client::reqwest::Method::GET, path);
        let shown = shown.send().await.unwrap();
        assert_eq!(shown.status(), StatusCode::OK);
        assert!(shown.bytes().await.unwrap().starts_with(b"\x89PNG"));
    }
}

async fn it_is_put_into_an_empty_clinic_only(on: TestServer) {
    let clinic = &on.server.clinic;
    let size = Size::of(20);
    let mut told: Vec<Progress> = Vec::new();
    demo::furnish(clinic, &size, 1, None, |progress| told.push(progress))
        .await
        .unwrap();
    for what in ["patients", "days", "reviews"] {
        let last = told.iter().rfind(|progress| progress.what == what);
        assert_eq!(
            last.map(|last| last.done),
            last.map(|last| last.of),
            "{what}"
        );
        assert!(last.is_some(), "{what}");
    }
    let again = demo::furnish(clinic, &size, 2, None, |_| {}).await;
    assert!(matches!(
        again,
        Err(Refusal::Conflict {
            code: "not_empty",
            ..
        })
    ));
    assert_eq!(
        number(&on, "SELECT count(*) FROM patient WHERE account_id IS NULL").await,
        20
    );
    // Made without a password, its doctors' accounts open for nobody.
    let tried = on
        .anonymous()
        .sign_in("doctor", "a demo is no secret")
        .await;
    assert_eq!(support::server::status(tried), 401);
}

async fn a_large_one_has_more_doctors_and_as_many_reviews_as_asked(on: TestServer) {
    let size = Size {
        doctors: 20,
        days: 20,
        busy: 25,
        reviews: 333,
        ..Size::of(800)
    };
    let clinic = &on.server.clinic;
    demo::furnish(clinic, &size, 1, None, |_| {}).await.unwrap();
    let verified = "SELECT count(*) FROM doctor WHERE verified_at IS NOT NULL";
    assert_eq!(number(&on, verified).await, 20);
    assert_eq!(number(&on, "SELECT count(*) FROM review").await, 333);
    assert_eq!(broken_pairs(clinic).await, 0);
    let idle = "SELECT count(*) FROM doctor d WHERE verified_at IS NOT NULL AND NOT EXISTS
                (SELECT 1 FROM appointment a WHERE a.doctor_id = d.id)";
    assert_eq!(number(&on, idle).await, 0);
}

/// Early, at noon, late, at midnight, on a weekday and on Sunday (the clinic is in Berlin).
async fn today_is_in_the_middle_of_it_at_any_hour(db: TestDb) {
    let on = TestServer::start(db).await;
    let clinic = &on.server.clinic;
    for (at, now) in [
        "2026-03-04T06:10:00Z",
        "2026-03-05T08:05:00Z",
        "2026-03-06T11:30:00Z",
        "2026-03-09T18:40:00Z",
        "2026-03-08T22:55:00Z",
        "2026-03-14T23:03:00Z",
    ]
    .into_iter()
    .enumerate()
    {
        clear(&on).await;
        on.clock.set(now.parse().unwrap());
        demo::furnish(clinic, &Size::of(300), at as u64, None, |_| {})
            .await
            .unwrap();
        let standing = standing(&on).await;
        let of = |status: &str| standing.get(&(status.to_owned(), 0)).copied().unwrap_or(0);
        for (status, least) in [
            ("completed", 8),
            ("running", 7),
            ("checked_in", 7),
            ("confirmed", 2),
            ("pending", 1),
        ] {
            assert!(of(status) >= least, "{now}: {status} of {standing:?}");
        }
        let mut reader = clinic.db.read().await.unwrap();
        let (full,): (i64,) = reader
            .sql(
                "SELECT count(*) FROM appointment a JOIN doctor d ON d.id = a.doctor_id
                 JOIN account u ON u.id = d.account_id
                 WHERE u.username = 'doctor' AND a.date = $1",
            )
            .bind(clinic.today())
            .one()
            .await
            .unwrap();
        assert!(full >= 5, "{now}: the doctor has {full} today");
        assert_eq!(broken_pairs(clinic).await, 0, "{now}");
    }
}

/// Empties what the next clinic is put into.
pub(crate) async fn clear(on: &TestServer) {
    let mut tx = on.server.clinic.db.begin().await.unwrap();
    for sql in [
        "DELETE FROM doctor_application",
        "DELETE FROM qualification",
        "DELETE FROM bug_report",
        "DELETE FROM review",
        "DELETE FROM contact",
        "DELETE FROM service",
        "DELETE FROM appointment_history",
        "DELETE FROM appointment",
        "DELETE FROM doctor_available_time",
        "DELETE FROM doctor_designation",
        "DELETE FROM doctor_specialisation",
        "DELETE FROM doctor",
        "DELETE FROM available_time",
        "DELETE FROM designation",
        "DELETE FROM specialisation",
        "DELETE FROM patient_word",
        "DELETE FROM word",
        "DELETE FROM word_slip",
        "DELETE FROM patient",
        "DELETE FROM profile",
        "DELETE FROM account",
        "UPDATE counter SET value = 0",
    ] {
        tx.sql(sql).run().await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seed_makes_the_same_clinic_on_both_engines() {
    let Some(postgres) = TestDb::postgres().await else {
        return;
    };
    let sqlite = all_of(&TestServer::start(TestDb::sqlite().await).await).await;
    let postgres = all_of(&TestServer::start(postgres).await).await;
    assert_eq!(
        sqlite.keys().collect::<Vec<_>>(),
        postgres.keys().collect::<Vec<_>>()
    );
    for (what, rows) in &sqlite {
        assert!(rows.len() >= 5, "{what}");
        assert_eq!(rows, &postgres[what], "{what}");
    }
}

/// What no other answer shows of an appointment.
#[derive(Debug, sqlx::FromRow)]
#[expect(dead_code, reason = "compared as it prints")]
struct Detail {
    id: i64,
    overbooked: bool,
    meeting_link: Option<String>,
    is_paid: bool,
    cancelled_by: Option<String>,
    cancel_reason: Option<String>,
    cancelled_late: bool,
    created_at: chrono::DateTime<chrono::Utc>,
    updated_at: chrono::DateTime<chrono::Utc>,
}

/// Everything that is put, but for what chance names: ids of accounts and doctors, media keys.
async fn all_of(on: &TestServer) -> BTreeMap<&'static str, Vec<String>> {
    furnish(on).await;
    let clinic = &on.server.clinic;
    let mut all = BTreeMap::new();
    let mut reader = clinic.db.read().await.unwrap();
    let (last,): (i64,) = reader
        .sql("SELECT max(id) FROM appointment")
        .one()
        .await
        .unwrap();
    let mut booked = Vec::new();
    for id in 1..=last {
        let row = appointments::by_id(&mut reader, id).await.unwrap();
        booked.push(format!("{row:?}"));
    }
    all.insert("appointments", booked);
    let details: Vec<Detail> = reader
        .sql(
            "SELECT id, overbooked, meeting_link, is_paid, cancelled_by, cancel_reason,
                 cancelled_late, created_at, updated_at
             FROM appointment ORDER BY id",
        )
        .all()
        .await
        .unwrap();
    all.insert(
        "details",
        details.iter().map(|row| format!("{row:?}")).collect(),
    );
    let mut told = Vec::new();
    for id in 1..=last {
        let steps = appointment_history::steps(&mut reader, id).await.unwrap();
        told.extend(steps.iter().map(|step| format!("{id} {step:?}")));
    }
    all.insert("steps", told);
    let reviews: Vec<(i64, i64, i64, String, chrono::NaiveDate)> = reader
        .sql("SELECT patient_id, doctor_id, stars, body, created_on FROM review ORDER BY id")
        .all()
        .await
        .unwrap();
    all.insert(
        "reviews",
        reviews.iter().map(|row| format!("{row:?}")).collect(),
    );
    let links: Vec<(i64, i64)> = reader
        .sql("SELECT doctor_id, available_time_id FROM doctor_available_time ORDER BY 1, 2")
        .all()
        .await
        .unwrap();
    all.insert(
        "links",
        links.iter().map(|row| format!("{row:?}")).collect(),
    );
    drop(reader);
    let (_, doctors) = get(&on.anonymous(), "/doctors/").await;
    let (_, windows) = get(&on.anonymous(), "/available-time/").await;
    let mut shown: Vec<String> = windows
        .as_array()
        .unwrap()
        .iter()
        .map(Value::to_string)
        .collect();
    for doctor in doctors["results"].as_array().unwrap() {
        let mut doctor = doctor.clone();
        doctor["profile"] = Value::Null;
        shown.push(doctor.to_string());
    }
    all.insert("doctors", shown);
    let mut pictures = Vec::new();
    for service in services::list(clinic).await.unwrap() {
        let key: Key = service.image.parse().unwrap();
        let (bytes, _) = clinic.media.get(&key).await.unwrap();
        pictures.push(format!("{} {:?}", service.name, &bytes[..]));
    }
    all.insert("services", pictures);
    let mut reader = clinic.db.read().await.unwrap();
    let requests = contacts::all(&mut reader).await.unwrap();
    all.insert(
        "requests",
        requests.iter().map(|row| format!("{row:?}")).collect(),
    );
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_lets_its_people_sign_in() {
    let dir = tempfile::tempdir().unwrap();
    let demo = demo::start(dir.path()).await.unwrap();
    for (username, role) in [
        ("rosa", Role::Receptionist),
        ("admin", Role::Admin),
        ("doctor", Role::Doctor),
        ("samuel", Role::Doctor),
        ("ravi", Role::Doctor),
        ("leyla", Role::Patient),
        ("nadia", Role::Patient),
    ] {
        let client = clinic_shared::client::Client::new(&demo.url()).unwrap();
        client.sign_in(username, demo.password).await.unwrap();
        assert_eq!(client.me().await.unwrap().role, role, "{username}");
        if username == "rosa" {
            let (_, day) = get(&client, "/v1/api/desk/appointments/").await;
            assert!(day["count"].as_i64().unwrap() > 40, "{day}");
            let running = day["results"].as_array().unwrap().iter();
            let running = running.filter(|row| row["status"] == "running");
            let id = running.map(|row| &row["id"]).next().unwrap();
            let path = format!("/v1/api/desk/appointments/{id}/history/");
            let (_, steps) = get(&client, &path).await;
            let came = &steps[2];
            assert_eq!(came["action"], "check_in", "{steps}");
            let by = came["by"].as_str().unwrap();
            assert!(["Rosa Winter", "Ada Berger"].contains(&by), "{steps}");
        }
        if username == "doctor" {
            let (_, own) = get(&client, "/appointments/").await;
            assert!(own["count"].as_i64().unwrap() > 100, "{own}");
        }
    }
    demo.shutdown().await;
}
