//! The yardstick: the same queries and the same JSON by poem and sqlx, and nothing else. No
//! sign-in, no rules, no audit.

use std::collections::HashMap;

use chrono::NaiveDate;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::{Data, Json, Query};
use poem::{EndpointExt, Route, handler};
use sqlx::{PgPool, SqlitePool};
use uuid::Uuid;

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A page's rows and what lies before it: bound, as any list that has pages must.
const LIMIT: i64 = 100;
const OFFSET: i64 = 0;

/// Runs a text on either engine; each value of `[…]` is bound in turn.
macro_rules! all {
    ($pool:expr, $sql:expr $(, $bound:expr)*) => {
        match &**$pool {
            Pool::Sqlite(pool) => sqlx::query_as($sql)$(.bind($bound))*.fetch_all(pool).await.unwrap(),
            Pool::Postgres(pool) => sqlx::query_as($sql)$(.bind($bound))*.fetch_all(pool).await.unwrap(),
        }
    };
}

#[derive(serde::Serialize)]
struct Page<T> {
    count: i64,
    next: Option<String>,
    previous: Option<String>,
    results: Vec<T>,
}

fn page<T: Send>(count: &[(i64,)], results: Vec<T>) -> Json<Page<T>> {
    Json(Page {
        count: count[0].0,
        next: None,
        previous: None,
        results,
    })
}

#[derive(serde::Serialize, sqlx::FromRow)]
struct Patient {
    id: Uuid,
    number: i64,
    full_name: String,
    birth_date: Option<NaiveDate>,
    gender: Option<String>,
    phone: Option<String>,
    has_account: bool,
}

macro_rules! patients {
    ($rest:literal) => {
        concat!(
            "SELECT p.uid AS id, p.id AS number, p.full_name, p.birth_date, p.gender, p.phone, \
             p.account_id IS NOT NULL AS has_account FROM patient p \
             LEFT JOIN account a ON a.id = p.account_id ",
            $rest
        )
    };
}

#[derive(serde::Deserialize)]
struct Asked {
    search: Option<String>,
}

#[handler]
async fn patients(pool: Data<&Pool>, Query(asked): Query<Asked>) -> Json<Page<Patient>> {
    let count: Vec<(i64,)> = all!(pool, "SELECT value FROM counter WHERE name = 'patients'");
    let results = match asked.search {
        Some(from) => {
            let to = format!("{from}\u{10ffff}");
            let sql = patients!(
                "WHERE p.retired_at IS NULL AND p.id IN \
                 (SELECT patient_id FROM patient_word WHERE word >= $1 AND word < $2) \
                 ORDER BY p.name_key, p.id LIMIT $3 OFFSET $4"
            );
            all!(pool, sql, &from, &to, LIMIT, OFFSET)
        }
        None => {
            let sql = patients!("WHERE p.retired_at IS NULL ORDER BY p.id DESC LIMIT $1 OFFSET $2");
            all!(pool, sql, LIMIT, OFFSET)
        }
    };
    page(&count, results)
}

#[derive(serde::Serialize)]
struct Doctor {
    id: i64,
    user: String,
    profile: Option<String>,
    designation: Vec<String>,
    specialisation: Vec<String>,
    available_time: Vec<i64>,
    fee: i64,
    meet_link: Option<String>,
}

#[derive(sqlx::FromRow)]
struct DoctorRow {
    id: i64,
    full_name: String,
    photo: Option<String>,
    fee_cents: i64,
    meet_link: Option<String>,
}

macro_rules! doctors_on_page {
    () => {
        "(SELECT id FROM doctor WHERE retired_at IS NULL ORDER BY id LIMIT 100)"
    };
}

#[handler]
async fn doctors(pool: Data<&Pool>) -> Json<Page<Doctor>> {
    let count: Vec<(i64,)> = all!(pool, "SELECT count(*) FROM doctor WHERE retired_at IS NULL");
    let rows: Vec<DoctorRow> = all!(
        pool,
        "SELECT id, full_name, photo, fee_cents, meet_link FROM doctor WHERE retired_at IS NULL \
         ORDER BY id LIMIT $1 OFFSET $2",
        LIMIT,
        OFFSET
    );
    let designations: Vec<(i64, String)> = all!(
        pool,
        concat!(
            "SELECT l.doctor_id, t.name FROM doctor_designation l \
             JOIN designation t ON t.id = l.designation_id WHERE l.doctor_id IN ",
            doctors_on_page!(),
            " ORDER BY l.doctor_id, t.id"
        )
    );
    let specialisations: Vec<(i64, String)> = all!(
        pool,
        concat!(
            "SELECT l.doctor_id, t.name FROM doctor_specialisation l \
             JOIN specialisation t ON t.id = l.specialisation_id WHERE l.doctor_id IN ",
            doctors_on_page!(),
            " ORDER BY l.doctor_id, t.id"
        )
    );
    let windows: Vec<(i64, i64)> = all!(
        pool,
        concat!(
            "SELECT l.doctor_id, t.id FROM doctor_available_time l \
             JOIN available_time t ON t.id = l.available_time_id \
             WHERE t.retired_at IS NULL AND l.doctor_id IN ",
            doctors_on_page!(),
            " ORDER BY l.doctor_id, t.id"
        )
    );
    let (mut designations, mut specialisations) = (grouped(designations), grouped(specialisations));
    let mut windows = grouped(windows);
    let shown = |row: DoctorRow| Doctor {
        designation: designations.remove(&row.id).unwrap_or_default(),
        specialisation: specialisations.remove(&row.id).unwrap_or_default(),
        available_time: windows.remove(&row.id).unwrap_or_default(),
        id: row.id,
        user: row.full_name,
        profile: row
            .photo
            .map(|key| format!("http://localhost:8000/media/{key}")),
        fee: row.fee_cents / 100,
        meet_link: row.meet_link,
    };
    page(&count, rows.into_iter().map(shown).collect())
}

fn grouped<T>(links: Vec<(i64, T)>) -> HashMap<i64, Vec<T>> {
    let mut of: HashMap<i64, Vec<T>> = HashMap::new();
    for (doctor, linked) in links {
        of.entry(doctor).or_default().push(linked);
    }
    of
}

#[derive(serde::Serialize)]
struct Appointment {
    id: i64,
    patient: i64,
    doctor: i64,
    appointment_type: &'static str,
    appointment_status: &'static str,
    symptoms: String,
    time: Option<i64>,
    cancel: bool,
}

#[derive(sqlx::FromRow)]
struct AppointmentRow {
    id: i64,
    patient_id: i64,
    doctor_id: i64,
    available_time_id: Option<i64>,
    kind: String,
    status: String,
    symptoms: String,
}

#[handler]
async fn appointments(pool: Data<&Pool>) -> Json<Page<Appointment>> {
    let count: Vec<(i64,)> = all!(
        pool,
        "SELECT value FROM counter WHERE name = 'appointments'"
    );
    let rows: Vec<AppointmentRow> = all!(
        pool,
        "SELECT id, patient_id, doctor_id, available_time_id, kind, status, symptoms \
         FROM appointment WHERE hidden_at IS NULL ORDER BY id LIMIT $1 OFFSET $2",
        LIMIT,
        OFFSET
    );
    let shown = |row: AppointmentRow| Appointment {
        id: row.id,
        patient: row.patient_id,
        doctor: row.doctor_id,
        appointment_type: if row.kind == "online" {
            "Online"
        } else {
            "Offline"
        },
        appointment_status: match &*row.status {
            "running" => "Runing",
            "completed" => "Complated",
            _ => "Pendding",
        },
        symptoms: row.symptoms,
        time: row.available_time_id,
        cancel: matches!(&*row.status, "cancelled" | "no_show" | "left"),
    };
    page(&count, rows.into_iter().map(shown).collect())
}

#[derive(serde::Serialize)]
struct Review {
    id: i64,
    reviewer: String,
    doctor_name: String,
    body: String,
    created_on: NaiveDate,
    rating: &'static str,
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    id: i64,
    reviewer: String,
    doctor_name: String,
    body: String,
    created_on: NaiveDate,
    stars: i64,
}

#[handler]
async fn reviews(pool: Data<&Pool>) -> Json<Page<Review>> {
    let count: Vec<(i64,)> = all!(pool, "SELECT value FROM counter WHERE name = 'reviews'");
    let rows: Vec<ReviewRow> = all!(
        pool,
        "SELECT r.id, p.full_name AS reviewer, d.full_name AS doctor_name, r.body, r.created_on, \
         r.stars FROM review r JOIN patient p ON p.id = r.patient_id \
         JOIN doctor d ON d.id = r.doctor_id WHERE r.hidden_at IS NULL ORDER BY r.id \
         LIMIT $1 OFFSET $2",
        LIMIT,
        OFFSET
    );
    let shown = |row: ReviewRow| Review {
        id: row.id,
        reviewer: row.reviewer,
        doctor_name: row.doctor_name,
        body: row.body,
        created_on: row.created_on,
        rating: ["⭐", "⭐⭐", "⭐⭐⭐", "⭐⭐⭐⭐", "⭐⭐⭐⭐⭐"][row.stars as usize - 1],
    };
    page(&count, rows.into_iter().map(shown).collect())
}

/// Serves them over this database, on a port of its own; answers the URL.
pub(crate) async fn serve(url: &str) -> String {
    let pool = match url.starts_with("sqlite") {
        true => Pool::Sqlite(SqlitePool::connect(url).await.unwrap()),
        false => Pool::Postgres(PgPool::connect(url).await.unwrap()),
    };
    let acceptor = TcpListener::bind("127.0.0.1:0")
        .into_acceptor()
        .await
        .unwrap();
    let address = acceptor.local_addr()[0]
        .as_socket_addr()
        .unwrap()
        .to_string();
    let routes = Route::new()
        .at("/patients", poem::get(patients))
        .at("/doctors", poem::get(doctors))
        .at("/appointments", poem::get(appointments))
        .at("/reviews", poem::get(reviews))
        .data(pool);
    tokio::spawn(poem::Server::new_with_acceptor(acceptor).run(routes));
    format!("http://{address}")
}
