//! Calls about who is here and who is next.

use chrono::NaiveDate;
use reqwest::Method;
use serde::Serialize;
use uuid::Uuid;

use super::{Client, Result, Tagged, tagged};
use crate::desk::appointments::Appointment;
use crate::desk::queue::{
    Board, CallIn, DoctorDay, Queue, RunningLate, SetPriority, SetRoom, WalkIn,
};

/// What to show: `GET /v1/api/desk/board/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BoardQuery {
    /// The clinic's date; today without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Only this doctor's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Uuid>,
}

impl Client {
    /// Everything of a day.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn board(&self, query: &BoardQuery) -> Result<Board> {
        self.get("v1/api/desk/board/", query).await
    }

    /// Who is next with a doctor; with the caller, a doctor, if none is said.
    ///
    /// # Errors
    /// Refused with 403 or 404.
    pub async fn queue(&self, doctor: Option<Uuid>) -> Result<Queue> {
        let query = BoardQuery { date: None, doctor };
        self.get("v1/api/desk/queue/", &query).await
    }

    /// Takes in somebody who came without being booked.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, or with 409: they may have a record already, are busy,
    /// wait already, or nobody is on duty.
    pub async fn take_walk_in(&self, form: &WalkIn) -> Result<Tagged<Appointment>> {
        let path = "v1/api/desk/walk-ins/".to_owned();
        self.changed((Method::POST, path), form, None).await
    }

    /// Gives an appointment a room.
    ///
    /// # Errors
    /// Refused with 404, 409 (it is over, or somebody else was faster), or 412.
    pub async fn set_room(
        &self,
        id: i64,
        body: &SetRoom,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("v1/api/desk/appointments/{id}/room/");
        self.changed((Method::POST, path), body, etag).await
    }

    /// Says who goes first.
    ///
    /// # Errors
    /// As [`Client::set_room`].
    pub async fn prioritise(
        &self,
        id: i64,
        body: &SetPriority,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("v1/api/desk/appointments/{id}/priority/");
        self.changed((Method::POST, path), body, etag).await
    }

    /// Calls a patient in who waits.
    ///
    /// # Errors
    /// As [`Client::set_room`].
    pub async fn call_in(
        &self,
        id: i64,
        body: &CallIn,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("v1/api/desk/appointments/{id}/call-in/");
        self.changed((Method::POST, path), body, etag).await
    }

    /// How late a doctor runs today.
    ///
    /// # Errors
    /// Refused with 403 or 404.
    pub async fn running_late(&self, doctor: Uuid) -> Result<Tagged<DoctorDay>> {
        let path = format!("v1/api/desk/doctors/{doctor}/running-late/");
        let request = self.request(Method::GET, &path)?;
        tagged(self.send(request).await?).await
    }

    /// Says how late a doctor runs; `etag` makes it fail (412) if somebody else was faster.
    ///
    /// # Errors
    /// Refused with 400, 403, 404, 409 or 412.
    pub async fn run_late(
        &self,
        doctor: Uuid,
        body: &RunningLate,
        etag: Option<&str>,
    ) -> Result<Tagged<DoctorDay>> {
        let path = format!("v1/api/desk/doctors/{doctor}/running-late/");
        self.changed((Method::POST, path), body, etag).await
    }
}
