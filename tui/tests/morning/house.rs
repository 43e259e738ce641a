//! The clinic of the morning: a server of its own in this process, with invented people in it.

use clinic_server::auth::passwords::Cost;
use clinic_server::clinic::Actor;
use clinic_server::clinic::accounts::{self, Newcomer};
use clinic_server::config::Config;
use clinic_server::demo::{Size, furnish};
use clinic_server::infra::{Clock, Ids};
use clinic_server::{Parts, Server};
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::desk::patients::PatientDraft;

use super::support::db::TestDb;

/// The receptionist.
pub(crate) const USER: &str = "rosa";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// Somebody who was here before, and is called like nobody else.
pub(crate) const KNOWN: &str = "Wanda Wiederkehr";

/// A clinic that is open.
pub(crate) struct House {
    server: Server,
    // In this order: what is on the disk goes after who reads it.
    _db: TestDb,
    directory: tempfile::TempDir,
}

impl House {
    /// On this database, at this time.
    pub(crate) async fn open(db: TestDb, clock: Clock) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = Config::from_lookup(|name| {
            Some(match name {
                "DATA_DIR" => directory.path().to_string_lossy().into_owned(),
                "DATABASE_URL" => db.url.clone(),
                "SECRET_KEY" => "a key for tests only, of more than 32 bytes".to_owned(),
                "LISTEN" => "127.0.0.1:0".to_owned(),
                "RATE_LIMITS" => "off".to_owned(),
                "CLINIC_TIME_ZONE" => "UTC".to_owned(),
                "DATABASE_CONNECTIONS" => "4".to_owned(),
                _ => return None,
            })
        })
        .unwrap();
        let parts = Parts {
            witness: None,
            clock,
            ids: Ids::seeded(8),
            cost: Cost::test(),
        };
        let server = Server::start_with(&config, &parts, false).await.unwrap();
        let size = Size {
            patients: 150,
            doctors: 8,
            days: 5,
            busy: 60,
            reviews: 0,
        };
        Box::pin(furnish(&server.clinic, &size, 1, Some(PASSWORD), |_| {}))
            .await
            .unwrap();
        let house = Self {
            server,
            _db: db,
            directory,
        };
        house
            .hire(USER, ("Rosa", "Winter"), Role::Receptionist)
            .await;
        house.hire("admin", ("Ada", "Berger"), Role::Admin).await;
        let known = PatientDraft {
            full_name: KNOWN.to_owned(),
            birth_date: Some("1961-04-12".parse().unwrap()),
            phone: Some("030 5550 4711".to_owned()),
            ..PatientDraft::default()
        };
        house
            .client(USER)
            .await
            .register_patient(&known)
            .await
            .unwrap();
        house
    }

    async fn hire(&self, username: &str, (first, last): (&str, &str), role: Role) {
        let newcomer = Newcomer {
            username: username.to_owned(),
            email: format!("{username}@example.org"),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            password: Some(PASSWORD.to_owned()),
            role,
            is_verified: true,
            awaits_activation: false,
        };
        let nobody = Actor::nobody(None);
        accounts::create(&self.server.clinic, &nobody, newcomer)
            .await
            .unwrap();
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// Somebody who looks into it beside the screens.
    pub(crate) async fn client(&self, username: &str) -> Client {
        let client = Client::new(&self.url()).unwrap();
        client.sign_in(username, PASSWORD).await.unwrap();
        client
    }

    /// The mails that have left it.
    pub(crate) fn mails(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.directory.path().join("mail"));
        let files = files.into_iter().flatten().map(|file| file.unwrap().path());
        let mails = files.filter(|path| path.extension().is_some_and(|kind| kind == "eml"));
        mails
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect()
    }

    /// What was read is in the audit, too.
    pub(crate) async fn settle(&self) {
        self.server.clinic.reads.flush().await;
    }

    /// Closes it.
    pub(crate) async fn close(self) {
        self.server.shutdown().await;
    }
}
