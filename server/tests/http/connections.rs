//! How many connections servers open: what the operator guide says, at most; and what is told when one
//! is cut.

use std::time::Duration;

use clinic_server::store::bookings;
use clinic_shared::Role;
use clinic_shared::client::reqwest::StatusCode;
use serde_json::json;
use sqlx::{Connection, PgConnection};

use crate::support::db::TestDb;
use crate::support::server::{TestServer, get, post};

/// Of a server in these tests (`DATABASE_CONNECTIONS`).
const CONNECTIONS: i64 = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_servers_stay_within_what_is_documented() {
    let Some(db) = TestDb::postgres().await else {
        return;
    };
    // The test's own pools have no other name.
    db.db.close().await;
    let url = db.url.clone();
    let on = TestServer::start(db).await;
    let others = [on.second().await, on.second().await];
    let boss = on.sign_in(Role::Admin, "boss").await;
    let mut clients = vec![boss];
    for other in &others {
        let client = clinic_shared::client::Client::new(&other.url()).unwrap();
        let password = crate::support::server::PASSWORD;
        client.sign_in("boss", password).await.unwrap();
        clients.push(client);
    }
    // Many more at once than there are connections; each reads, and each leaves a row.
    let asking: Vec<_> = (0..120)
        .map(|at| {
            let client = clients[at % clients.len()].clone();
            tokio::spawn(async move { get(&client, "/v1/api/desk/patients/").await.0 })
        })
        .collect();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let mut most = 0;
    for asked in asking {
        let (now,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'clinicd'",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        most = most.max(now);
        assert_eq!(asked.await.unwrap(), StatusCode::OK);
    }
    let documented = 3 * (2 * CONNECTIONS + 1);
    assert!(most <= documented, "{most} connections, not {documented}");
    // Not because nobody needed any.
    assert!(most > 3 * CONNECTIONS, "only {most} connections");
    for other in others {
        other.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_cut_is_no_fault_of_ours() {
    let Some(db) = TestDb::postgres().await else {
        return;
    };
    let url = db.url.clone();
    let on = TestServer::start(db).await;
    let number = on.doctor_offering("dora", &[]).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, doctors) = get(&rosa, "/v1/api/desk/doctors/").await;
    let dora = &doctors["results"][0]["id"];
    // A booking that waits for the doctor while somebody restarts the database.
    let mut tx = on.server.clinic.db.begin().await.unwrap();
    bookings::lock_doctor(&mut tx, number).await.unwrap();
    let form = json!({ "full_name": "Ana Berg", "doctor": dora });
    let asking = tokio::spawn({
        let rosa = rosa.clone();
        async move { post(&rosa, "/v1/api/desk/walk-ins/", form).await }
    });
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let mut cut = 0;
    for _ in 0..400 {
        let rows: Vec<(bool,)> = sqlx::query_as(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        cut += rows.len();
        if cut > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(cut, 1, "the booking waited");
    let (status, body) = asking.await.unwrap();
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::SERVICE_UNAVAILABLE, &json!("unavailable")),
        "{body}"
    );
    tx.rollback().await.unwrap();
    // The next one gets another connection.
    let form = json!({ "full_name": "Ana Berg", "doctor": dora });
    let (status, body) = post(&rosa, "/v1/api/desk/walk-ins/", form).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
}
