//! The clinic under load: invented people, as many doctors as there are places for them, and who
//! signs in.

use std::collections::BTreeMap;
use std::path::Path;

use clinic_server::clinic::accounts::{self, Newcomer};
use clinic_server::clinic::{Actor, Clinic, doctors};
use clinic_server::demo::Size;
use clinic_server::store::available_times::{self, NewWindow};
use clinic_shared::Role;
use clinic_shared::classic::doctors::DoctorInput;
use clinic_shared::client::{AppointmentQuery, Client, reqwest};
use uuid::Uuid;

use crate::support::{self, PASSWORD};

/// Family names that many have.
const NAMES: [&str; 8] = ["mu", "sch", "ba", "ann", "fi", "kr", "le", "ho"];

/// Whom it has.
pub(crate) struct House {
    doctors: Vec<Uuid>,
}

/// Fills an empty database.
pub(crate) async fn furnish(dir: &Path, url: &str, clients: usize) -> House {
    let server = support::server(dir, url, &Size::of(6000)).await;
    let clinic = &server.clinic;
    let mut tx = clinic.db.begin().await.unwrap();
    let mut windows = Vec::new();
    for (name, starts, ends) in [("08:00 - 12:00", 480, 720), ("13:00 - 18:00", 780, 1080)] {
        let window = NewWindow {
            name,
            starts_at: Some(starts),
            ends_at: Some(ends),
            weekdays: 127,
            slot_minutes: Some(10),
            valid_from: None,
            valid_to: None,
        };
        let row = available_times::insert(&mut tx, &window, clinic.clock.now()).await;
        windows.push(row.unwrap().id);
    }
    tx.commit().await.unwrap();
    let mut doctors = Vec::new();
    for n in 0..clients {
        match n % 2 {
            0 => {
                account(clinic, n, Role::Receptionist).await;
            }
            _ => doctors.push(doctor(clinic, n, &windows).await),
        }
    }
    server.shutdown().await;
    House { doctors }
}

/// The cursor in the next page's URL.
fn cursor(next: &str) -> Option<String> {
    let next = reqwest::Url::parse(next).ok()?;
    let mut pairs = next.query_pairs();
    pairs
        .find(|(key, _)| key == "cursor")
        .map(|(_, value)| value.into_owned())
}

fn username(n: usize) -> String {
    format!("load{n:03}")
}

async fn account(clinic: &Clinic, n: usize, role: Role) -> i64 {
    let newcomer = Newcomer {
        username: username(n),
        email: format!("{}@example.org", username(n)),
        first_name: "Load".to_owned(),
        last_name: format!("{n:03}"),
        password: Some(PASSWORD.to_owned()),
        role,
        is_verified: true,
        awaits_activation: false,
    };
    accounts::create(clinic, &Actor::nobody(None), newcomer)
        .await
        .unwrap()
        .id
}

async fn doctor(clinic: &Clinic, n: usize, windows: &[i64]) -> Uuid {
    let account = account(clinic, n, Role::Doctor).await;
    let input = DoctorInput {
        fee: 500.into(),
        available_time: Some(windows.iter().copied().map(Into::into).collect()),
        ..DoctorInput::default()
    };
    let nobody = Actor::nobody(None);
    let made = doctors::create_verified(clinic, &nobody, account, input, None).await;
    made.unwrap().id
}

impl House {
    /// One of the doctors.
    pub(crate) fn doctor(&self, n: usize) -> Uuid {
        self.doctors[n * 7 % self.doctors.len()]
    }

    /// Something typed into the search.
    pub(crate) fn name(&self, n: usize) -> String {
        NAMES[n % NAMES.len()].to_owned()
    }

    /// A client of the place with this number, signed in.
    pub(crate) async fn sign_in(&self, n: usize, url: &str) -> Client {
        let client = Client::new(url).unwrap();
        client.sign_in(&username(n), PASSWORD).await.unwrap();
        client
    }

    /// Reads every appointment of these doctors, and fails if two that hold time overlap.
    pub(crate) async fn find_double_bookings(&self, url: &str) {
        let client = self.sign_in(0, url).await;
        let (mut read, mut double) = (0, 0);
        for doctor in &self.doctors {
            let mut query = AppointmentQuery {
                doctor: Some(*doctor),
                limits: Some(1000),
                ..AppointmentQuery::default()
            };
            let mut taken = BTreeMap::new();
            loop {
                let page = client.appointments(&query).await.unwrap();
                for row in page.results {
                    read += 1;
                    let holds = !row.overbooked && row.status.holds_time();
                    let (Some(starts), true) = (row.starts, holds) else {
                        continue;
                    };
                    if taken.insert((row.date, starts), row.id).is_some() {
                        double += 1;
                    }
                }
                query.cursor = page.next.as_deref().and_then(cursor);
                if query.cursor.is_none() {
                    break;
                }
            }
        }
        println!("{read} appointments read, double bookings: {double}");
        assert_eq!(double, 0);
    }
}
