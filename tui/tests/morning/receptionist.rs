//! The person at the desk: presses keys, which are counted, reads the screen, and is checked upon.

use std::cell::Cell;
use std::time::{Duration, Instant};

use clinic_shared::client::{AuditQuery, BoardQuery, Client};
use clinic_shared::desk::appointments::{Action, Appointment, Status};
use clinic_shared::desk::queue::BoardRow;

use super::house::{House, USER};
use super::pictures::Pictures;
use super::seat::Seat;
use super::support::pty::PATIENCE;

/// Her, and how to look over her shoulder.
pub(crate) struct Receptionist {
    pub(crate) seat: Seat,
    /// What the server says, asked in her name.
    pub(crate) client: Client,
    /// Reads the audit, and is at another desk.
    pub(crate) admin: Client,
    pub(crate) house: House,
    pictures: Option<Pictures>,
    keys: Cell<usize>,
}

impl Receptionist {
    pub(crate) async fn new(seat: Seat, house: House, pictures: Option<Pictures>) -> Self {
        Self {
            seat,
            client: house.client(USER).await,
            admin: house.client("admin").await,
            house,
            pictures,
            keys: Cell::new(0),
        }
    }

    pub(crate) fn press(&self, keys: &str) {
        self.keys.set(self.keys.get() + keys.split(' ').count());
        self.seat.press(keys);
    }

    /// Types what has to be said in any program: it does not count.
    pub(crate) fn type_text(&self, text: &str) {
        self.seat.type_text(text);
    }

    /// A new line in what she types: it does not count either.
    pub(crate) fn types_enter(&self) {
        self.seat.press("enter");
    }

    /// Waits for words on the screen.
    pub(crate) async fn sees(&self, words: &str) {
        self.seat.sees(words, |screen| screen.contains(words)).await;
    }

    pub(crate) async fn sees_no_more(&self, words: &str) {
        let what = format!("{words:?} is gone");
        self.seat
            .sees(&what, |screen| !screen.contains(words))
            .await;
    }

    pub(crate) async fn sees_that(&self, what: &str, is_so: impl Fn(&str) -> bool) {
        self.seat.sees(what, is_so).await;
    }

    /// The keys since the last time.
    pub(crate) fn count(&self, task: &str, most: usize) {
        let keys = self.keys.take();
        println!("{task}: {keys} keys");
        assert!(keys <= most, "{task} takes {keys} keys, not {most}");
    }

    /// What was pressed until now does not count.
    pub(crate) fn begin(&self) {
        self.keys.set(0);
    }

    /// A picture of the screen for the guide, where pictures are made.
    pub(crate) async fn picture(&self, name: &str, title: &str, shows: &str) {
        if let (Some(pictures), Seat::Here(person, _)) = (&self.pictures, &self.seat) {
            pictures.take(person, name, title, shows).await;
        }
    }

    /// Until what was said is gone from the screen again.
    pub(crate) async fn rests(&self) {
        self.seat.pass(Duration::from_secs(10));
    }

    /// Today's appointments as the server has them.
    pub(crate) async fn board(&self) -> Vec<BoardRow> {
        let board = self.client.board(&BoardQuery::default()).await.unwrap();
        board.appointments
    }

    pub(crate) async fn appointment(&self, id: i64) -> Appointment {
        self.client.appointment(id).await.unwrap().value
    }

    /// Waits until the appointment stands so at the server: what was said of it may be about the
    /// step before.
    pub(crate) async fn becomes(&self, id: i64, status: Status) -> Appointment {
        let begun = Instant::now();
        loop {
            let now = self.appointment(id).await;
            if now.status == status {
                return now;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "it stays {}:\n{}",
                now.status,
                self.seat.screen()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Goes to this appointment of today: where one looks is not what is counted.
    pub(crate) async fn go_to(&self, id: i64) {
        let rows = self.board().await;
        let at = rows.iter().position(|row| row.id == id).unwrap();
        self.seat.press("home");
        for _ in 0..at {
            self.seat.press("j");
        }
        self.is_at(&rows[at]).await;
        self.begin();
    }

    /// The line above the list tells of this appointment.
    pub(crate) async fn is_at(&self, row: &BoardRow) {
        let born = row.patient_birth_date.unwrap();
        let born = born.format("%-d %b %Y");
        let told = format!(" {} · born {born}", row.patient.full_name);
        self.sees(&told).await;
    }

    /// What the appointment's own history and the audit hold: the newest step, and by whom.
    pub(crate) async fn did(&self, id: i64, action: Action) {
        let history = self.client.appointment_history(id).await.unwrap();
        let newest = history.iter().max_by_key(|step| step.version).unwrap();
        assert_eq!(newest.action, action, "{history:?}");
        assert_eq!(newest.by.as_deref(), Some("Rosa Winter"));
    }

    /// The audit holds so many rows of hers of this kind about this appointment.
    pub(crate) async fn is_audited(&self, action: &str, id: i64, times: usize) {
        self.is_audited_of("appointment", action, id, times).await;
    }

    /// The same about something else that has a number.
    pub(crate) async fn is_audited_of(&self, what: &str, action: &str, id: i64, times: usize) {
        let query = AuditQuery {
            action: Some(action.to_owned()),
            object_type: Some(what.to_owned()),
            object_id: Some(id),
            ..AuditQuery::default()
        };
        assert_eq!(self.audited(&query).await, times, "{action} of {id}");
    }

    /// How many rows of hers the audit holds.
    pub(crate) async fn audited(&self, query: &AuditQuery) -> usize {
        self.house.settle().await;
        let rows = self.admin.audit(query).await.unwrap().results;
        let hers = rows.iter().filter(|row| {
            let account = row.account.as_ref();
            account.and_then(|account| account.username.as_deref()) == Some(USER)
        });
        hers.count()
    }

    /// Goes home; the clinic closes.
    pub(crate) async fn leave(self) {
        if let Some(pictures) = &self.pictures {
            pictures.are_all_in_the_guide();
        }
        Box::pin(self.house.close()).await;
    }
}
