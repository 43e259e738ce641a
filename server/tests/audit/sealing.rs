//! Sealing: in commit order, by one server at a time, whatever dies when.

use std::sync::Arc;
use std::time::Duration;

use clinic_server::clinic::Clinic;
use clinic_server::clinic::audit::Sealer;
use clinic_server::store::{Engine, Recorder, audit};

use crate::desk;
use crate::support::db::both;
use crate::support::on_both;
use crate::support::server::TestServer;

on_both! {
    a_server_seals_what_it_does_and_hands_over_at_its_end,
    two_servers_make_one_chain,
}

/// Waits until a server has sealed everything.
async fn sealed(clinic: &Clinic) -> i64 {
    use clinic_server::clinic::Actor;
    use clinic_server::clinic::audit::verify;
    clinic.reads.flush().await;
    for _ in 0..100 {
        let who = Actor::nobody(None);
        let found = verify(clinic, &who, Some(0), Some(0), None).await.unwrap();
        if found.state.unsealed == 0 {
            return found.state.seal;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        clinic.reads.flush().await;
    }
    panic!("nobody seals");
}

async fn a_server_seals_what_it_does_and_hands_over_at_its_end(on: TestServer) {
    use clinic_shared::Role;
    on.sign_in(Role::Admin, "ada").await;
    let first = sealed(&on.server.clinic).await;
    assert!(first >= 2, "the account, the sign-in: {first}");
    let second = on.second().await;
    on.sign_in(Role::Admin, "bea").await;
    assert!(sealed(&on.server.clinic).await > first);
    // The clock stands still: a claim that was not given back would never end.
    let last = Sealer::new(&second.clinic);
    assert_eq!(last.seal(&second.clinic).await.unwrap(), 0);
    second.shutdown().await;
}

async fn two_servers_make_one_chain(on: TestServer) {
    use clinic_server::clinic::Actor;
    use clinic_server::clinic::audit::verify;
    let second = on.second().await;
    let mut tasks = tokio::task::JoinSet::new();
    for server in [&on.server, &second] {
        // Beside the servers' own sealers, four more that give their claim back at once.
        for _ in 0..2 {
            let clinic = server.clinic.clone();
            tasks.spawn(async move {
                let sealer = Sealer::new(&clinic);
                for _ in 0..60 {
                    // A race that is lost may be a refusal of the database; never a fork.
                    let _ = sealer.seal(&clinic).await;
                    let _ = sealer.release(&clinic).await;
                    tokio::time::sleep(Duration::from_millis(3)).await;
                }
            });
        }
        for writer in 0..6_u64 {
            let clinic = server.clinic.clone();
            tasks.spawn(async move {
                for round in 0..12_u64 {
                    let mut tx = clinic.db.begin().await.unwrap();
                    let row = row(&clinic);
                    audit::insert(&mut tx, std::slice::from_ref(&row))
                        .await
                        .unwrap();
                    // Some hold their id for a while, so that commits are not in the order of ids.
                    if clinic.db.engine() == Engine::Postgres {
                        let pause = (writer * 7 + round * 5) % 23;
                        tokio::time::sleep(Duration::from_millis(pause)).await;
                    }
                    audit::insert(&mut tx, &[row]).await.unwrap();
                    match round % 4 {
                        3 => tx.rollback().await.unwrap(),
                        _ => tx.commit().await.unwrap(),
                    }
                }
            });
        }
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    on.clock.advance(Duration::from_secs(60));
    let seals = sealed(&on.server.clinic).await;
    assert!(seals >= 2 * 6 * 9 * 2, "{seals}");
    let who = Actor::nobody(None);
    let found = verify(&second.clinic, &who, None, None, None)
        .await
        .unwrap();
    assert_eq!(found.broken, None);
    assert!(found.checked.rows >= seals);
    second.shutdown().await;
}

fn row(clinic: &Clinic) -> audit::Row {
    audit::Row {
        at: clinic.clock.now(),
        kind: "change".to_owned(),
        action: "x".to_owned(),
        outcome: "done".to_owned(),
        account_id: None,
        role: None,
        session_id: None,
        address: None,
        object_type: None,
        object_id: None,
        patient_id: None,
        detail: sqlx::types::Json(serde_json::json!({})),
    }
}

both! {
    async fn a_sealer_that_dies_in_mid_batch_has_changed_nothing(t: &TestDb) {
        let desk = desk(t).await;
        desk.write(20).await;
        let recorder = Arc::new(Recorder::new());
        let dying = Clinic { db: desk.clinic.db.recorded(&recorder), ..desk.clinic.clone() };
        let sealer = Sealer::new(&dying);
        let mut deaths = 0;
        for n in 1.. {
            recorder.clear();
            recorder.fail_at(n);
            match sealer.seal(&dying).await {
                Err(_) => deaths += 1,
                Ok(sealed) => {
                    assert_eq!(sealed, 20);
                    break;
                }
            }
            let verdict = desk.verify().await;
            assert_eq!((verdict.state.seal, verdict.broken), (0, None), "dead at {n}");
        }
        assert!(deaths >= 5, "{deaths}");
        assert_eq!(desk.verify().await.checked.rows, 20);
    }

    async fn a_dead_servers_claim_ends_and_another_goes_on(t: &TestDb) {
        let desk = desk(t).await;
        let (dead, other) = (Sealer::new(&desk.clinic), Sealer::new(&desk.clinic));
        desk.write(3).await;
        assert_eq!(dead.seal(&desk.clinic).await.unwrap(), 3);
        desk.write(4).await;
        assert_eq!(other.seal(&desk.clinic).await.unwrap(), 0, "one server at a time");
        desk.clock.advance(Duration::from_secs(29));
        assert_eq!(other.seal(&desk.clinic).await.unwrap(), 0);
        desk.clock.advance(Duration::from_secs(1));
        assert_eq!(other.seal(&desk.clinic).await.unwrap(), 4);
        desk.write(1).await;
        assert_eq!(dead.seal(&desk.clinic).await.unwrap(), 0, "it came back too late");
        assert_eq!(other.seal(&desk.clinic).await.unwrap(), 1);
        assert_eq!(desk.fault().await, "");
    }

    async fn a_batch_costs_the_same_whatever_its_length(t: &TestDb) {
        let desk = desk(t).await;
        let recorder = Arc::new(Recorder::new());
        let counted = Clinic { db: desk.clinic.db.recorded(&recorder), ..desk.clinic.clone() };
        let sealer = Sealer::new(&counted);
        let mut costs = Vec::new();
        for rows in [1, 499] {
            desk.write(rows).await;
            recorder.clear();
            assert_eq!(sealer.seal(&counted).await.unwrap(), u64::try_from(rows).unwrap());
            costs.push(recorder.count());
            // What may still come in is settled by the next look.
            sealer.seal(&counted).await.unwrap();
        }
        let cost = match counted.db.engine() {
            Engine::Sqlite => 5,
            Engine::Postgres => 7,
        };
        // Transactions of other databases on the same PostgreSQL hold its horizon back: then one or
        // two statements are left out or more.
        let is_bounded = costs.iter().all(|one| *one <= cost + 2);
        assert!(is_bounded, "{costs:?}: {:#?}", recorder.texts());
        sealer.release(&counted).await.unwrap();
        desk.settle().await;
        recorder.clear();
        assert_eq!(sealer.seal(&counted).await.unwrap(), 0);
        assert_eq!(recorder.count(), 2, "an idle look only reads: {:#?}", recorder.texts());
        // More than a batch.
        desk.write(1200).await;
        assert_eq!(sealer.seal(&counted).await.unwrap(), 1200);
        assert_eq!(desk.fault().await, "");
    }

    async fn who_commits_late_is_sealed_late(t: &TestDb) {
        let desk = desk(t).await;
        if desk.clinic.db.engine() == Engine::Sqlite {
            return; // one writer: nobody overtakes
        }
        desk.write(2).await;
        let mut late = desk.clinic.db.begin().await.unwrap();
        audit::insert(&mut late, &[desk.row()]).await.unwrap();
        desk.write(2).await;
        for _ in 0..3 {
            desk.seal().await;
        }
        let verdict = desk.verify().await;
        assert_eq!((verdict.state.seal, verdict.state.unsealed), (4, 0), "nobody waits for it");
        late.commit().await.unwrap();
        assert_eq!(desk.verify().await.state.unsealed, 1);
        assert_eq!(desk.seal().await, 1);
        let verdict = desk.verify().await;
        assert_eq!((verdict.state.seal, verdict.broken), (5, None));
    }
}
