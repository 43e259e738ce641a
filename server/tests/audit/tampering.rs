//! Somebody with a database shell: whatever they do to what was sealed is found and named.

use clinic_server::clinic::Actor;
use clinic_server::clinic::audit::{Witness, Wrong, verify};
use clinic_server::store::{Engine, Sql};

use crate::desk;
use crate::support::db::both;

/// One byte of one column of row 4, in every way that leaves its neighbours alone.
const FLIPS: &[(&str, &str)] = &[
    (
        "UPDATE audit SET at = replace(at, 'T', ' ') WHERE id = 4",
        "UPDATE audit SET at = at + interval '1 microsecond' WHERE id = 4",
    ),
    (
        "UPDATE audit SET kind = 'read' WHERE id = 4",
        "UPDATE audit SET kind = 'read' WHERE id = 4",
    ),
    (
        "UPDATE audit SET action = 'Change_patient' WHERE id = 4",
        "UPDATE audit SET action = 'Change_patient' WHERE id = 4",
    ),
    (
        "UPDATE audit SET action = CAST(x'ff' || action AS text) WHERE id = 4",
        "UPDATE audit SET action = chr(1) || action WHERE id = 4",
    ),
    (
        "UPDATE audit SET outcome = 'refused' WHERE id = 4",
        "UPDATE audit SET outcome = 'refused' WHERE id = 4",
    ),
    (
        "UPDATE audit SET account_id = 2 WHERE id = 4",
        "UPDATE audit SET account_id = 2 WHERE id = 4",
    ),
    (
        "UPDATE audit SET account_id = NULL WHERE id = 4",
        "UPDATE audit SET account_id = NULL WHERE id = 4",
    ),
    (
        "UPDATE audit SET role = 'admin' WHERE id = 4",
        "UPDATE audit SET role = 'admin' WHERE id = 4",
    ),
    (
        "UPDATE audit SET session_id = zeroblob(16) WHERE id = 4",
        "UPDATE audit SET session_id = '00000000-0000-0000-0000-000000000000' WHERE id = 4",
    ),
    (
        "UPDATE audit SET address = '127.0.0.2' WHERE id = 4",
        "UPDATE audit SET address = '127.0.0.2' WHERE id = 4",
    ),
    (
        "UPDATE audit SET object_type = 'Patient' WHERE id = 4",
        "UPDATE audit SET object_type = 'Patient' WHERE id = 4",
    ),
    (
        "UPDATE audit SET object_id = 4 WHERE id = 4",
        "UPDATE audit SET object_id = 4 WHERE id = 4",
    ),
    (
        "UPDATE audit SET patient_id = 4 WHERE id = 4",
        "UPDATE audit SET patient_id = 4 WHERE id = 4",
    ),
    (
        "UPDATE audit SET detail = replace(detail, 'phone', 'phonE') WHERE id = 4",
        "UPDATE audit SET detail = jsonb_set(detail, '{fields,0}', '\"phonE\"') WHERE id = 4",
    ),
    (
        // The same JSON, one blank more.
        "UPDATE audit SET detail = detail || ' ' WHERE id = 4",
        "UPDATE audit SET detail = detail || '{\"x\": null}' WHERE id = 4",
    ),
    (
        "UPDATE audit_seal SET hash = CAST(x'00' || substr(hash, 2) AS blob) WHERE audit_id = 4",
        "UPDATE audit_seal SET hash = set_byte(hash, 0, 255 - get_byte(hash, 0)) WHERE audit_id = 4",
    ),
];

both! {
    async fn one_byte_of_any_column_is_found_and_its_row_named(t: &TestDb) {
        let desk = desk(t).await;
        desk.write(9).await;
        desk.seal().await;
        assert_eq!(desk.fault().await, "");
        desk.disarm().await;
        for (sqlite, postgres) in FLIPS {
            let touched = desk.shell(Sql { sqlite, postgres }).await.unwrap();
            assert_eq!(touched, 1, "{sqlite}");
            let verdict = desk.verify().await;
            let broken = verdict.broken.expect(sqlite);
            assert_eq!((broken.wrong, broken.row), (Wrong::Changed, Some(4)), "{sqlite}");
            assert_eq!(broken.to_string(), "Row 4 was changed after it was sealed (seal 4).");
            assert_eq!(verdict.checked.rows, 3);
            desk.restore().await;
        }
        // Another id for the same row: its old one is missing.
        desk.shell("UPDATE audit SET id = 4000 WHERE id = 4").await.unwrap();
        assert_eq!(desk.fault().await, "Row 4 is missing (seal 4).");
    }

    async fn what_is_missing_is_named(t: &TestDb) {
        let desk = desk(t).await;
        desk.write(9).await;
        desk.seal().await;
        desk.disarm().await;
        for (texts, said) in [
            (vec!["DELETE FROM audit WHERE id = 4"], "Row 4 is missing (seal 4)."),
            (vec!["DELETE FROM audit WHERE id = 9"], "Row 9 is missing (seal 9)."),
            (
                vec!["DELETE FROM audit WHERE id = 4", "DELETE FROM audit_seal WHERE seq = 4"],
                "Seal 4 is missing, and with it what its row was.",
            ),
            (
                // The newest rows, with their seals: the chain's end remembers.
                vec!["DELETE FROM audit WHERE id > 7", "DELETE FROM audit_seal WHERE seq > 7"],
                "Seal 8 is missing, and with it what its row was.",
            ),
            (vec!["DELETE FROM audit", "DELETE FROM audit_seal"],
                "Seal 1 is missing, and with it what its row was."),
            (
                // The oldest ones, as if retention had taken them.
                vec!["DELETE FROM audit WHERE id < 3", "DELETE FROM audit_seal WHERE seq < 3"],
                "Seal 1 is missing, and with it what its row was.",
            ),
            (
                vec!["UPDATE audit_chain SET purged = 2",
                    "DELETE FROM audit WHERE id < 3", "DELETE FROM audit_seal WHERE seq < 3"],
                "Row 3 was changed after it was sealed (seal 3).",
            ),
        ] {
            for text in texts {
                desk.shell(text).await.unwrap();
            }
            assert_eq!(desk.fault().await, said);
            desk.restore().await;
        }
    }

    async fn what_was_put_in_afterwards_is_named(t: &TestDb) {
        let desk = desk(t).await;
        desk.write(3).await;
        // An id that was drawn and never used, where there can be one.
        let gap = match desk.clinic.db.engine() {
            Engine::Sqlite => 0,
            Engine::Postgres => {
                let mut tx = desk.clinic.db.begin().await.unwrap();
                clinic_server::store::audit::insert(&mut tx, &[desk.row()]).await.unwrap();
                tx.rollback().await.unwrap();
                4
            }
        };
        desk.write(5).await;
        desk.settle().await;
        desk.disarm().await;
        let put_in = |id: i64| -> &'static str {
            Box::leak(format!(
                "INSERT INTO audit (id, at, kind, action, outcome, detail)
                 SELECT {id}, at, kind, action, outcome, detail FROM audit WHERE id = 2"
            ).into_boxed_str())
        };
        for id in [gap, -7] {
            desk.shell(put_in(id)).await.unwrap();
            // The sealer does not take it in, however often it looks.
            assert_eq!(desk.seal().await, 0);
            assert_eq!(desk.fault().await, format!("Row {id} was inserted afterwards."));
            desk.write(2).await;
            assert_eq!(desk.seal().await, 2);
            assert_eq!(desk.fault().await, format!("Row {id} was inserted afterwards."));
            desk.restore().await;
        }
        // With a seal of its own, which nobody asked for.
        desk.shell(put_in(100)).await.unwrap();
        desk.shell("INSERT INTO audit_seal (seq, audit_id, hash)
                    SELECT 9, 100, hash FROM audit_seal WHERE seq = 8").await.unwrap();
        assert_eq!(desk.fault().await, "Row 100 was changed after it was sealed (seal 9).");
    }

    async fn a_chain_made_anew_differs_from_what_was_noted(t: &TestDb) {
        let desk = desk(t).await;
        let nobody = Actor::nobody(None);
        desk.write(3).await;
        desk.seal().await;
        let state = desk.verify().await.state;
        let noted: Witness = format!("{}:{}", state.seal, state.hash).parse().unwrap();
        desk.write(3).await;
        desk.seal().await;
        let found = verify(&desk.clinic, &nobody, None, None, Some(&noted)).await.unwrap();
        assert_eq!(found.broken, None);
        // An owner of the database changes a row, and lets the program seal everything again.
        desk.disarm().await;
        for text in [
            "UPDATE audit SET account_id = 1 WHERE id = 2",
            "DELETE FROM audit_seal",
            "UPDATE audit_chain SET seal = 0, settled = 0, pending = NULL, pending_xid = NULL,
             hash = purged_hash",
        ] {
            desk.shell(text).await.unwrap();
        }
        desk.seal().await;
        assert_eq!(desk.fault().await, "", "the chain alone can not tell");
        let found = verify(&desk.clinic, &nobody, None, None, Some(&noted)).await.unwrap();
        let broken = found.broken.unwrap();
        assert_eq!(broken.wrong, Wrong::Remade);
        assert_eq!(
            broken.to_string(),
            "Seal 3 is not the one that was noted: the chain was made anew."
        );
        let later: Witness = format!("99:{}", state.hash).parse().unwrap();
        let found = verify(&desk.clinic, &nobody, None, None, Some(&later)).await.unwrap();
        assert_eq!(found.broken.unwrap().wrong, Wrong::Missing);
    }

    async fn the_program_itself_can_neither_change_nor_remove_a_row(t: &TestDb) {
        let desk = desk(t).await;
        desk.write(3).await;
        desk.seal().await;
        for text in [
            "UPDATE audit SET action = 'x' WHERE id = 2",
            "UPDATE audit SET at = at WHERE id = 2",
            "DELETE FROM audit WHERE id = 2",
            "UPDATE audit_seal SET hash = hash WHERE seq = 2",
            "DELETE FROM audit_seal WHERE seq = 2",
            "UPDATE audit_chain SET seal = 1",
            "UPDATE audit_chain SET purged = 9",
            "DELETE FROM audit_chain",
            "INSERT INTO audit_chain SELECT * FROM audit_chain",
        ] {
            assert!(desk.shell(text).await.is_err(), "{text}");
        }
        if desk.clinic.db.engine() == Engine::Postgres {
            for text in ["TRUNCATE audit", "TRUNCATE audit_seal", "TRUNCATE audit_chain"] {
                assert!(desk.shell(text).await.is_err(), "{text}");
            }
        }
        // What is not sealed yet is no freer.
        desk.write(1).await;
        assert!(desk.shell("DELETE FROM audit WHERE id = 4").await.is_err());
        assert!(desk.shell("UPDATE audit SET role = 'admin' WHERE id = 4").await.is_err());
        assert_eq!(desk.fault().await, "");
    }
}
