//! How long the audit is kept.

use std::time::Duration;

use clinic_server::clinic::Clinic;
use clinic_server::clinic::jobs;
use clinic_server::store::Sql;

use crate::support::db::both;
use crate::{Desk, desk};

/// Lets so many days pass and the night's work be done.
async fn nights(desk: &Desk, clinic: &Clinic, days: u64) {
    desk.clock.advance(Duration::from_secs(days * 86_400));
    let task = jobs::Nightly::PurgeAudit;
    let mut tx = clinic.db.begin().await.unwrap();
    let now = clinic.clock.now();
    jobs::enqueue(clinic, &mut tx, &jobs::Job::Nightly { task }, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    jobs::run_due(clinic).await.unwrap();
}

both! {
    async fn what_is_old_goes_and_the_rest_can_be_verified(t: &TestDb) {
        let desk = desk(t).await;
        desk.write(1100).await;
        desk.seal().await;
        desk.clock.advance(Duration::from_secs(20 * 86_400));
        desk.write(7).await;
        desk.seal().await;
        let before = desk.verify().await.state;
        nights(&desk, &desk.clinic, 9).await;
        assert_eq!(desk.number("SELECT count(*) FROM audit").await, 1107, "29 days are not 30");
        nights(&desk, &desk.clinic, 1).await;
        assert_eq!(
            desk.number("SELECT count(*) FROM audit WHERE action = 'change_patient'").await,
            1107,
            "30 days to the second are kept"
        );
        nights(&desk, &desk.clinic, 1).await;
        assert_eq!(desk.number("SELECT count(*) FROM audit WHERE action = 'change_patient'").await, 7);
        // That rows went is itself in the audit.
        assert_eq!(desk.number("SELECT count(*) FROM audit WHERE action = 'purge_audit'").await, 2);
        assert_eq!(desk.number("SELECT min(seq) FROM audit_seal").await, 1101);
        desk.seal().await;
        let verdict = desk.verify().await;
        assert_eq!(verdict.broken, None);
        assert_eq!(verdict.state.purged, 1100);
        assert_eq!(verdict.checked.up_to - verdict.checked.rows, 1100);
        assert!(verdict.state.seal > before.seal);
        // And what remains is still guarded.
        desk.disarm().await;
        desk.shell("UPDATE audit SET account_id = 1 WHERE id = 1101").await.unwrap();
        assert_eq!(desk.fault().await, "Row 1101 was changed after it was sealed (seal 1101).");
        desk.restore().await;
        desk.shell("UPDATE audit_chain SET purged_hash = hash").await.unwrap();
        assert_eq!(desk.fault().await, "Row 1101 was changed after it was sealed (seal 1101).");
    }

    async fn rows_that_were_tampered_with_are_kept_as_evidence(t: &TestDb) {
        let desk = desk(t).await;
        desk.write(5).await;
        desk.seal().await;
        desk.disarm().await;
        desk.shell(Sql::from("UPDATE audit SET account_id = 1 WHERE id = 3")).await.unwrap();
        nights(&desk, &desk.clinic, 40).await;
        assert_eq!(desk.number("SELECT count(*) FROM audit").await, 5);
        let rows = jobs::list(&desk.clinic, None, 10).await.unwrap();
        let why = rows[0].last_error.clone().unwrap();
        assert!(why.contains("not as it was sealed at seal 3"), "{why}");
        assert_eq!(desk.fault().await, "Row 3 was changed after it was sealed (seal 3).");
    }

    async fn without_a_limit_everything_is_kept(t: &TestDb) {
        let desk = desk(t).await;
        desk.write(5).await;
        desk.seal().await;
        let clinic = Clinic { audit_retention: None, ..desk.clinic.clone() };
        nights(&desk, &clinic, 40_000).await;
        assert_eq!(desk.number("SELECT count(*) FROM audit").await, 5);
        assert_eq!(desk.fault().await, "");
    }

    async fn what_is_not_sealed_yet_does_not_go(t: &TestDb) {
        let desk = desk(t).await;
        desk.write(5).await;
        nights(&desk, &desk.clinic, 40).await;
        assert_eq!(desk.number("SELECT count(*) FROM audit").await, 5);
        desk.seal().await;
        nights(&desk, &desk.clinic, 1).await;
        assert_eq!(desk.number("SELECT count(*) FROM audit").await, 1, "the purge's own row");
        assert_eq!(desk.fault().await, "");
    }
}
