//! Calls about appointments: the desk's steps and bookings, and v1's own.

use reqwest::Method;
use serde::Serialize;

use super::{Client, Result, Tagged, tagged};
use crate::Page;
use crate::desk::appointments::{
    Appointment, BookingCheck, Cancel, HistoryEntry, Loss, NewAppointment, Paid, Reschedule,
    Return, Step,
};
use crate::v1::appointments as v1;

const DESK: &str = "v1/api/desk/appointments/";
const OWN: &str = "v1/api/appointment/";

/// A step of an appointment that needs no words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// Agree.
    Confirm,
    /// Call the patient in.
    Start,
    /// The patient was seen.
    Complete,
    /// The patient goes back to the waiting room.
    BackToWaiting,
}

impl Plain {
    const fn path(self) -> &'static str {
        match self {
            Plain::Confirm => "confirm",
            Plain::Start => "start",
            Plain::Complete => "complete",
            Plain::BackToWaiting => "back-to-waiting",
        }
    }
}

/// What to list: `GET /v1/api/appointment/doctor/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PracticeQuery {
    /// Only of this date of the clinic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<chrono::NaiveDate>,
    /// Only those that stand so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<crate::desk::appointments::Status>,
    /// The `cursor` of the previous page's `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

impl Client {
    /// Books for a patient.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, or with 409 and everything in the way.
    pub async fn book(&self, form: &NewAppointment) -> Result<Tagged<Appointment>> {
        self.changed((Method::POST, DESK.to_owned()), form, None)
            .await
    }

    /// Whether a booking would go well, and what to know before.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn check_booking(&self, form: &NewAppointment) -> Result<BookingCheck> {
        self.send_json(Method::POST, &format!("{DESK}check/"), form)
            .await
    }

    /// Moves an appointment; `etag` makes it fail (412) if somebody else was faster.
    ///
    /// # Errors
    /// Refused with 400, 404, 409 and everything in the way, or 412.
    pub async fn reschedule(
        &self,
        id: i64,
        form: &Reschedule,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("{DESK}{id}/reschedule/");
        self.changed((Method::POST, path), form, etag).await
    }

    /// Takes a step that needs no words.
    ///
    /// # Errors
    /// Refused with 404, 409 (what the states forbid, or what somebody else did), or 412.
    pub async fn step(
        &self,
        id: i64,
        step: Plain,
        body: &Step,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("{DESK}{id}/{}/", step.path());
        self.changed((Method::POST, path), body, etag).await
    }

    /// Checks a patient in.
    ///
    /// # Errors
    /// As [`Client::step`].
    pub async fn check_in(
        &self,
        id: i64,
        body: &Return,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("{DESK}{id}/check-in/");
        self.changed((Method::POST, path), body, etag).await
    }

    /// Calls an appointment off.
    ///
    /// # Errors
    /// As [`Client::step`].
    pub async fn cancel_appointment(
        &self,
        id: i64,
        body: &Cancel,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("{DESK}{id}/cancel/");
        self.changed((Method::POST, path), body, etag).await
    }

    /// Notes that the patient did not come.
    ///
    /// # Errors
    /// As [`Client::step`].
    pub async fn no_show(
        &self,
        id: i64,
        body: &Loss,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("{DESK}{id}/no-show/");
        self.changed((Method::POST, path), body, etag).await
    }

    /// Notes that the patient left without being seen.
    ///
    /// # Errors
    /// As [`Client::step`].
    pub async fn patient_left(
        &self,
        id: i64,
        body: &Loss,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("{DESK}{id}/left/");
        self.changed((Method::POST, path), body, etag).await
    }

    /// Takes the last step back.
    ///
    /// # Errors
    /// As [`Client::step`]; 409 with reasons if the time was given away.
    pub async fn undo_step(
        &self,
        id: i64,
        body: &Return,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("{DESK}{id}/undo/");
        self.changed((Method::POST, path), body, etag).await
    }

    /// Marks an appointment as paid, or as not paid.
    ///
    /// # Errors
    /// As [`Client::step`].
    pub async fn set_paid(
        &self,
        id: i64,
        body: &Paid,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("{DESK}{id}/paid/");
        self.changed((Method::POST, path), body, etag).await
    }

    /// What was done to an appointment, oldest first.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn appointment_history(&self, id: i64) -> Result<Vec<HistoryEntry>> {
        self.get(&format!("{DESK}{id}/history/"), &()).await
    }

    /// The caller's own appointments as a patient, the last booked first.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn my_appointments(&self) -> Result<Page<v1::Appointment>> {
        self.get(&format!("{OWN}patient/"), &()).await
    }

    /// Books for the caller, without pictures.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, or with 409 and everything in the way.
    pub async fn book_mine(&self, form: &v1::PatientBooking) -> Result<Tagged<v1::Appointment>> {
        let path = format!("{OWN}patient/");
        self.changed((Method::POST, path), form, None).await
    }

    /// One of the caller's appointments.
    ///
    /// # Errors
    /// Refused with 404 if it is not theirs.
    pub async fn my_appointment(&self, id: i64) -> Result<Tagged<v1::Appointment>> {
        let request = self.request(Method::GET, &format!("{OWN}patient/{id}/"))?;
        tagged(self.send(request).await?).await
    }

    /// Calls one of the caller's appointments off.
    ///
    /// # Errors
    /// Refused with 404 or 409.
    pub async fn cancel_mine(
        &self,
        id: i64,
        body: &v1::PatientCancel,
    ) -> Result<Tagged<v1::Appointment>> {
        let path = format!("{OWN}patient/{id}/cancel/");
        self.changed((Method::POST, path), body, None).await
    }

    /// The caller's appointments as a doctor, the last booked first.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn my_practice(&self, query: &PracticeQuery) -> Result<Page<v1::Appointment>> {
        self.get(&format!("{OWN}doctor/"), query).await
    }

    /// Books for one of the calling doctor's patients.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, or with 409 and everything in the way.
    pub async fn book_for_patient(
        &self,
        form: &v1::DoctorBooking,
    ) -> Result<Tagged<v1::Appointment>> {
        let path = format!("{OWN}doctor/");
        self.changed((Method::POST, path), form, None).await
    }

    /// Changes where an appointment stands.
    ///
    /// # Errors
    /// Refused with 404, 409 or 412.
    pub async fn update_status(
        &self,
        id: i64,
        body: &v1::StatusUpdate,
        etag: Option<&str>,
    ) -> Result<Tagged<v1::Appointment>> {
        let path = format!("{OWN}doctor/{id}/update_status/");
        self.changed((Method::PATCH, path), body, etag).await
    }
}
