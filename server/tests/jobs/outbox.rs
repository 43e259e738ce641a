//! The table itself: one transaction with what asked for the job, shared by servers, and right
//! whichever statement is the last before a death.

use std::sync::Arc;

use clinic_server::clinic::letters::Notice;
use clinic_server::clinic::{Actor, Clinic, accounts, jobs};
use clinic_server::open_clinic;
use clinic_server::store::{Recorder, Session};
use clinic_shared::Role;

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::TestServer;
use crate::support::smtp::SmtpServer;

on_both_databases! {
    a_job_is_there_exactly_if_its_change_is,
    two_servers_share_two_hundred_jobs,
    a_server_that_dies_in_a_job_is_succeeded,
    a_death_at_any_statement_loses_no_mail_and_no_code,
    a_death_at_any_statement_does_a_change_once,
    whoever_asks_wakes_the_runner,
    what_a_newer_version_asked_for_is_kept_for_it,
}

/// A clinic on the test server's database that nobody does jobs for: its server is stopped.
async fn without_runners(on: &TestServer) -> Clinic {
    open_clinic(&on.config, &on.parts, true).await.unwrap()
}

async fn quiet(db: TestDb, settings: &[(&str, &str)]) -> (TestServer, Clinic) {
    let on = TestServer::start_with(db, settings).await;
    on.stop_runners().await;
    let clinic = without_runners(&on).await;
    jobs::run_due(&clinic).await.unwrap();
    (on, clinic)
}

async fn statuses(clinic: &Clinic, kind: &str) -> Vec<String> {
    let rows = jobs::list(clinic, None, 1000).await.unwrap();
    let rows = rows.into_iter().filter(|row| row.kind == kind);
    rows.map(|row| row.status).collect()
}

async fn a_job_is_there_exactly_if_its_change_is(db: TestDb) {
    let (on, clinic) = quiet(db, &[]).await;
    let ana = on.account(Role::Patient, "ana").await;
    let job = jobs::Job::SendNotice {
        account: ana.id,
        notice: Notice::PasswordChanged,
    };
    let mut tx = clinic.db.begin().await.unwrap();
    jobs::enqueue(&clinic, &mut tx, &job, clinic.clock.now())
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert!(statuses(&clinic, "send_notice").await.is_empty());
    let mut tx = clinic.db.begin().await.unwrap();
    jobs::enqueue(&clinic, &mut tx, &job, clinic.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(statuses(&clinic, "send_notice").await, ["waiting"]);
}

async fn two_servers_share_two_hundred_jobs(db: TestDb) {
    let smtp = SmtpServer::start().await;
    let settings = smtp.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let on = TestServer::start_with(db, &settings).await;
    let second = on.second().await;
    let ana = on.account(Role::Patient, "ana").await;
    let clinic = on.server.clinic.clone();
    let job = jobs::Job::SendNotice {
        account: ana.id,
        notice: Notice::PasswordChanged,
    };
    let mut tx = clinic.db.begin().await.unwrap();
    for _ in 0..200 {
        jobs::enqueue(&clinic, &mut tx, &job, clinic.clock.now())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    on.settle().await;
    let mut ids: Vec<String> = smtp
        .delivered()
        .iter()
        .map(|mail| {
            mail.data
                .lines()
                .find(|line| line.starts_with("Message-ID"))
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(ids.len(), 200);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 200, "each once");
    second.shutdown().await;
}

async fn a_server_that_dies_in_a_job_is_succeeded(db: TestDb) {
    let smtp = SmtpServer::start().await;
    let settings = smtp.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let (on, clinic) = quiet(db, &settings).await;
    on.account(Role::Receptionist, "rosa").await;
    accounts::forgot_password(&clinic, &Actor::nobody(None), "rosa@example.org")
        .await
        .unwrap();
    smtp.be_slow(std::time::Duration::from_secs(600));
    let other = without_runners(&on).await;
    let dying = tokio::spawn(async move { jobs::run_due(&other).await });
    for _ in 0..400 {
        if statuses(&clinic, "send_code").await == ["running"] {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    dying.abort();
    assert!(dying.await.is_err(), "it was in the middle of it");
    smtp.be_slow(std::time::Duration::ZERO);
    // It is not heard of again. While its claim lasts nobody else takes the job …
    on.wait(55);
    jobs::run_due(&clinic).await.unwrap();
    assert_eq!(statuses(&clinic, "send_code").await, ["running"]);
    // … and then somebody does, while the code is good.
    on.wait(10);
    finish(&clinic).await;
    assert_eq!(statuses(&clinic, "send_code").await, ["done"]);
    assert_eq!(smtp.delivered().len(), 1);
}

/// Does what is due until nothing is: on PostgreSQL a transaction that was dropped may hold its row
/// for a moment longer, and a busy row is passed over.
async fn finish(clinic: &Clinic) {
    for _ in 0..200 {
        jobs::run_due(clinic).await.unwrap();
        let mut reader = clinic.db.read().await.unwrap();
        let next = clinic_server::store::jobs::next_due(&mut reader)
            .await
            .unwrap();
        if next.is_none_or(|at| at > clinic.clock.now()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("jobs do not come to an end");
}

/// A clinic whose n-th statement from now fails, and all that would follow in that transaction.
fn dying(clinic: &Clinic, recorder: &Arc<Recorder>) -> Clinic {
    Clinic {
        db: clinic.db.recorded(recorder),
        ..clinic.clone()
    }
}

async fn a_death_at_any_statement_loses_no_mail_and_no_code(db: TestDb) {
    let (on, clinic) = quiet(db, &[]).await;
    on.account(Role::Receptionist, "rosa").await;
    let rosa = "rosa@example.org";
    let mut deaths = 0;
    for n in 1.. {
        on.wait(3600);
        finish(&clinic).await;
        accounts::forgot_password(&clinic, &Actor::nobody(None), rosa)
            .await
            .unwrap();
        let recorder = Arc::new(Recorder::new());
        let dying = dying(&clinic, &recorder);
        recorder.fail_at(n);
        let _ = jobs::run_due(&dying).await;
        let died = recorder.count() >= n;
        // Another server, later.
        on.wait(10);
        finish(&clinic).await;
        let all = statuses(&clinic, "send_code").await;
        assert!(all.iter().all(|status| status == "done"), "at {n}: {all:?}");
        let code = on.code_to(rosa).await;
        let nobody = Actor::nobody(None);
        let entered = accounts::reset_password(
            &clinic,
            &nobody,
            clinic_shared::v1::user::ConfirmReset {
                email: rosa.to_owned(),
                otp: code,
                new_password: format!("a fine new passphrase {n}"),
            },
        );
        entered
            .await
            .unwrap_or_else(|error| panic!("at {n} the newest code is not good: {error}"));
        if !died {
            break;
        }
        deaths += 1;
    }
    assert!(deaths >= 8, "there were {deaths} places to die in");
}

async fn a_death_at_any_statement_does_a_change_once(db: TestDb) {
    let (on, clinic) = quiet(db, &[]).await;
    let mut deaths = 0;
    for n in 1.. {
        let form = clinic_shared::v1::user::RegisterV1 {
            email: format!("ana{n}@example.org"),
            password: "Pass1234".to_owned(),
            password2: None,
            first_name: None,
            last_name: None,
        };
        let nobody = Actor::nobody(None);
        let faults = clinic_server::clinic::Faults::new();
        accounts::register_v1(&clinic, &nobody, form, faults)
            .await
            .unwrap();
        on.wait(8 * 86_400);
        finish(&clinic).await;
        let mut tx = clinic.db.begin().await.unwrap();
        let job = jobs::Job::Nightly {
            task: jobs::Nightly::PurgeUnactivated,
        };
        jobs::enqueue(&clinic, &mut tx, &job, clinic.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let recorder = Arc::new(Recorder::new());
        recorder.fail_at(n);
        let _ = jobs::run_due(&dying(&clinic, &recorder)).await;
        let died = recorder.count() >= n;
        on.wait(5 * 60);
        finish(&clinic).await;
        let (left, purged) = counts(&clinic).await;
        assert_eq!((left, purged), (0, i64::try_from(n).unwrap()), "at {n}");
        if !died {
            break;
        }
        deaths += 1;
    }
    assert!(deaths >= 8, "there were {deaths} places to die in");
}

/// Accounts there are, and purges in the audit.
async fn counts(clinic: &Clinic) -> (i64, i64) {
    let mut reader = clinic.db.read().await.unwrap();
    let text = "SELECT (SELECT count(*) FROM account),
                       (SELECT count(*) FROM audit WHERE action = 'purge_account')";
    reader.sql(text).one().await.unwrap()
}

async fn whoever_asks_wakes_the_runner(db: TestDb) {
    let on = TestServer::start(db).await;
    on.account(Role::Receptionist, "rosa").await;
    // Another server of the same database asks, and this one's runner hears of it on PostgreSQL;
    // on the embedded engine the one that asks does it itself.
    on.anonymous()
        .forgot_password("rosa@example.org")
        .await
        .unwrap();
    // The sweep comes every five seconds: what is done in two was told.
    for _ in 0..200 {
        if statuses(&on.server.clinic, "send_code").await == ["done"] {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nobody woke the runner");
}

async fn what_a_newer_version_asked_for_is_kept_for_it(db: TestDb) {
    let (_on, clinic) = quiet(db, &[]).await;
    let mut tx = clinic.db.begin().await.unwrap();
    let new = clinic_server::store::jobs::NewJob {
        kind: "from_the_future",
        payload: serde_json::json!({ "kind": "from_the_future" }),
        once_key: None,
        run_at: clinic.clock.now(),
        at: clinic.clock.now(),
    };
    clinic_server::store::jobs::insert(&mut tx, &new)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    jobs::run_due(&clinic).await.unwrap();
    assert_eq!(statuses(&clinic, "from_the_future").await, ["dead"]);
    assert_eq!(
        jobs::retry(&clinic, None).await.unwrap(),
        1,
        "`jobs retry` after the upgrade"
    );
}
