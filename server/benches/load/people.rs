//! What people do all day, as fast as they can.

use std::sync::Arc;
use std::time::Instant;

use clinic_shared::client::{BoardQuery, Client, PatientQuery, Plain, SlotQuery};
use clinic_shared::desk::appointments::{
    Cancel, CancelledBy, NewAppointment, Reschedule, Return, Status, Step,
};
use clinic_shared::desk::queue::{BoardRow, WalkIn};
use clinic_shared::desk::slots::FreeSlot;

use crate::house::House;
use crate::tally::Tally;

/// Somebody's place.
pub(crate) struct Place {
    pub(crate) n: usize,
    pub(crate) client: Client,
    pub(crate) house: Arc<House>,
    pub(crate) tally: Arc<Tally>,
    pub(crate) until: Instant,
}

impl Place {
    fn goes_on(&self) -> bool {
        Instant::now() < self.until
    }

    /// Looks at the board, finds people, books, moves, cancels, takes walk-ins.
    pub(crate) async fn desk(self) {
        let mut round = self.n;
        while self.goes_on() {
            round += 1;
            let board = self
                .tally
                .time("board of today", self.client.board(&BoardQuery::default()))
                .await;
            if let Some(board) = board {
                self.check_in(round, &board.appointments).await;
            }
            let query = PatientQuery {
                search: Some(self.house.name(round)),
                limits: Some(20),
                ..PatientQuery::default()
            };
            let found = self
                .tally
                .time("search a patient", self.client.patients(&query))
                .await;
            let Some(patient) = found.and_then(|page| {
                let at = round % page.results.len().max(1);
                page.results.into_iter().nth(at)
            }) else {
                continue;
            };
            self.tally
                .time("open the record", self.client.patient(patient.id))
                .await;
            match round % 3 {
                0 => {
                    let form = WalkIn {
                        patient: Some(patient.id),
                        doctor: Some(self.house.doctor(round)),
                        ..WalkIn::default()
                    };
                    let made = self
                        .tally
                        .time("take a walk-in", self.client.take_walk_in(&form))
                        .await;
                    if let Some(made) = made {
                        self.tally.touch(made.value.id);
                    }
                }
                _ => self.booking(round, patient.id).await,
            }
        }
    }

    /// Somebody who is expected today has come.
    async fn check_in(&self, round: usize, entries: &[BoardRow]) {
        let expected: Vec<_> = entries
            .iter()
            .filter(|row| row.status == Status::Confirmed)
            .collect();
        let Some(row) = expected.get(round % expected.len().max(1)) else {
            return;
        };
        let here = Return::default();
        let came = self.client.check_in(row.id, &here, None);
        if self.tally.time("check in", came).await.is_some() {
            self.tally.touch(row.id);
        }
    }

    async fn booking(&self, round: usize, patient: uuid::Uuid) {
        let doctor = self.house.doctor(round);
        let Some(slot) = self.slot(round, doctor).await else {
            return;
        };
        let form = NewAppointment {
            patient: Some(patient),
            doctor,
            starts_at: slot.starts_at,
            ..NewAppointment::default()
        };
        let made = self.tally.time("book", self.client.book(&form)).await;
        let Some(made) = made else { return };
        self.tally.touch(made.value.id);
        if round.is_multiple_of(2) {
            let Some(other) = self.slot(round + 1, doctor).await else {
                return;
            };
            let form = Reschedule {
                starts_at: other.starts_at,
                ..Reschedule::default()
            };
            let moved = self.client.reschedule(made.value.id, &form, None);
            if self.tally.time("move", moved).await.is_some() {
                self.tally.touch(made.value.id);
            }
        }
        if round % 4 < 3 {
            let form = Cancel {
                by: CancelledBy::Patient,
                reason_kind: None,
                reason: None,
                version: None,
            };
            let cancelled = self.client.cancel_appointment(made.value.id, &form, None);
            if self.tally.time("cancel", cancelled).await.is_some() {
                self.tally.touch(made.value.id);
            }
        }
    }

    async fn slot(&self, round: usize, doctor: uuid::Uuid) -> Option<FreeSlot> {
        let query = SlotQuery {
            doctor: Some(doctor),
            limit: Some(20),
            ..SlotQuery::default()
        };
        let found = self
            .tally
            .time("free slots of a doctor", self.client.free_slots(&query))
            .await?;
        let at = round % found.slots.len().max(1);
        found.slots.into_iter().nth(at)
    }

    /// Looks at the queue, has the next come in, sees them.
    pub(crate) async fn doctor(self) {
        let step = Step::default();
        while self.goes_on() {
            let Some(queue) = self.tally.time("own queue", self.client.queue(None)).await else {
                continue;
            };
            let waits = |status| move |row: &&BoardRow| row.status == status;
            if let Some(row) = queue.entries.iter().find(waits(Status::Running)) {
                let done = self.client.step(row.id, Plain::Complete, &step, None);
                if self.tally.time("complete", done).await.is_some() {
                    self.tally.touch(row.id);
                }
            }
            if let Some(row) = queue.entries.iter().find(waits(Status::CheckedIn)) {
                let begun = self.client.step(row.id, Plain::Start, &step, None);
                if self.tally.time("start", begun).await.is_some() {
                    self.tally.touch(row.id);
                }
                self.tally
                    .time("read the appointment", self.client.appointment(row.id))
                    .await;
            }
        }
    }
}
