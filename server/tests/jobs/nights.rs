//! The night's work: once a night on the clinic's clock, whatever servers run.

use std::time::Duration;

use clinic_server::clinic::jobs;

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::TestServer;

on_both_databases! {
    each_night_is_worked_once_by_two_servers,
    both_nights_on_which_the_clocks_change_are_one,
    a_night_without_a_server_is_caught_up_with,
}

/// The nights that were asked for, from the keys.
async fn nights(on: &TestServer) -> Vec<String> {
    use clinic_server::store::Session;
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let text = "SELECT once_key FROM job WHERE kind = 'forget_jobs' ORDER BY once_key";
    let keys: Vec<(String,)> = reader.sql(text).all().await.unwrap();
    keys.into_iter()
        .map(|(key,)| key.replace("forget_jobs:", ""))
        .collect()
}

/// Lets the schedulers look, several times.
async fn look(on: &TestServer) {
    for _ in 0..3 {
        on.server.clinic.jobs.wake();
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    on.settle().await;
}

async fn each_night_is_worked_once_by_two_servers(db: TestDb) {
    let on = TestServer::start(db).await;
    let second = on.second().await;
    look(&on).await;
    assert_eq!(
        nights(&on).await,
        ["2026-03-02"],
        "the night that began this morning"
    );
    on.clock.set("2026-03-03T01:59:00Z".parse().unwrap()); // 02:59 in Berlin
    look(&on).await;
    assert_eq!(nights(&on).await, ["2026-03-02"]);
    on.clock.set("2026-03-03T02:00:00Z".parse().unwrap());
    second.clinic.jobs.wake();
    look(&on).await;
    second.clinic.jobs.wake();
    look(&on).await;
    assert_eq!(nights(&on).await, ["2026-03-02", "2026-03-03"]);
    let done = jobs::list(&on.server.clinic, Some("done"), 100)
        .await
        .unwrap();
    assert_eq!(done.len(), 2 * jobs::Nightly::ALL.len());
    second.shutdown().await;
}

async fn both_nights_on_which_the_clocks_change_are_one(db: TestDb) {
    let on = TestServer::start(db).await;
    // Berlin, 29 March: 02:00 is 03:00. 25 October: 03:00 is 02:00, so 02:30 comes twice.
    for (from, halves, two) in [
        ("2026-03-28T23:00:00Z", 6, ["2026-03-28", "2026-03-29"]),
        ("2026-10-24T22:00:00Z", 8, ["2026-10-24", "2026-10-25"]),
    ] {
        on.clock.set(from.parse().unwrap());
        for _ in 0..halves {
            look(&on).await;
            on.wait(30 * 60);
        }
        on.wait(2 * 3600);
        look(&on).await;
        let all = nights(&on).await;
        for night in two {
            let count = all.iter().filter(|known| *known == night).count();
            assert_eq!(count, 1, "{night} in {all:?}");
        }
    }
}

async fn a_night_without_a_server_is_caught_up_with(db: TestDb) {
    let on = TestServer::start(db).await;
    look(&on).await;
    on.stop_runners().await;
    on.wait(3 * 86_400);
    assert_eq!(nights(&on).await.len(), 1);
    let restarted = on.second().await;
    restarted.clinic.jobs.wake();
    for _ in 0..200 {
        if nights(&on).await.len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        nights(&on).await,
        ["2026-03-02", "2026-03-05"],
        "the last one, once"
    );
    restarted.shutdown().await;
}
