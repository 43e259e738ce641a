//! Doctors for tests of what is about them.

use clinic_server::clinic::text;
use clinic_server::store::Session;
use clinic_shared::Role;

use super::server::TestServer;

impl TestServer {
    /// Makes a verified doctor with an account, and answers the doctor's number.
    pub async fn named_doctor(&self, username: &str, full_name: &str) -> i64 {
        self.account(Role::Doctor, username).await;
        let clinic = &self.server.clinic;
        let now = clinic.clock.now();
        let mut tx = clinic.db.begin().await.unwrap();
        let (id,): (i64,) = tx
            .sql(
                "INSERT INTO doctor (uid, account_id, full_name, name_key, fee_cents, verified_at,
                     version, created_at, updated_at)
                 SELECT $1, id, $2, $3, 50000, $4, 1, $4, $4 FROM account WHERE username = $5
                 RETURNING id",
            )
            .bind(clinic.new_id())
            .bind(full_name)
            .bind(text::name_key(full_name))
            .bind(now)
            .bind(username)
            .one()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Runs a statement that names one doctor by `$1`.
    pub async fn of_doctor(&self, sql: &'static str, doctor: i64) {
        let mut tx = self.server.clinic.db.begin().await.unwrap();
        tx.sql(sql).bind(doctor).run().await.unwrap();
        tx.commit().await.unwrap();
    }
}
