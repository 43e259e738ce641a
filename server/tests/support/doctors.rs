//! Doctors for tests, made as the program makes them.

use clinic_server::clinic::doctors::{self, DoctorRecord};
use clinic_server::clinic::{Actor, Faults};
use clinic_server::store::Session;
use clinic_server::store::accounts::AccountRow;
use clinic_shared::Role;
use clinic_shared::classic::doctors::DoctorInput;

use super::server::{TestServer, caller};

fn input(fee: i64, windows: &[i64]) -> DoctorInput {
    DoctorInput {
        fee: fee.into(),
        available_time: Some(windows.iter().copied().map(Into::into).collect()),
        ..DoctorInput::default()
    }
}

impl TestServer {
    /// Makes an account and of it a doctor whom everybody sees, with this fee.
    pub async fn doctor(&self, username: &str, fee: i64) -> DoctorRecord {
        let account = self.account(Role::Doctor, username).await;
        self.verified(&account, input(fee, &[])).await
    }

    /// The same, with a name of two words; answers the doctor's number.
    pub async fn named_doctor(&self, username: &str, full_name: &str) -> i64 {
        let names = full_name.split_once(' ').unwrap_or((full_name, ""));
        let account = self.account_of(Role::Doctor, username, names).await;
        self.verified(&account, input(500, &[])).await.number
    }

    /// The same, who offers these windows; answers the doctor's number.
    pub async fn doctor_offering(&self, username: &str, windows: &[i64]) -> i64 {
        let account = self.account(Role::Doctor, username).await;
        self.verified(&account, input(500, windows)).await.number
    }

    /// One whom no admin has verified yet.
    pub async fn hidden_doctor(&self, username: &str, windows: &[i64]) -> i64 {
        let account = self.account(Role::Patient, username).await;
        let (clinic, who) = (&self.server.clinic, caller(&account));
        let made =
            doctors::create_own(clinic, &who, input(500, windows), Faults::new(), None).await;
        made.unwrap().number
    }

    async fn verified(&self, account: &AccountRow, input: DoctorInput) -> DoctorRecord {
        let (clinic, nobody) = (&self.server.clinic, Actor::nobody(None));
        let made = doctors::create_verified(clinic, &nobody, account.id, input, None).await;
        made.unwrap()
    }

    /// Runs a statement that names one doctor by `$1`.
    pub async fn of_doctor(&self, sql: &'static str, doctor: i64) {
        let mut tx = self.server.clinic.db.begin().await.unwrap();
        tx.sql(sql).bind(doctor).run().await.unwrap();
        tx.commit().await.unwrap();
    }
}
