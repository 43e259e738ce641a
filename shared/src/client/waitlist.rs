//! Calls about the waiting list.

use reqwest::Method;
use reqwest::header::IF_MATCH;
use serde::Serialize;
use uuid::Uuid;

use super::{Client, Result, Tagged, tagged};
use crate::Page;
use crate::desk::appointments::Appointment;
use crate::desk::waitlist::{Accept, NewWaiting, Offer, Waiting, WaitingChange, WaitingStatus};
use crate::v1::waiting::{OpenTime, RequestedTime, TimeRequest};

const DESK: &str = "v1/api/desk/waitlist/";
const OWN: &str = "v1/api/doctor/available-times-patient/";

/// Which entries to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WaitingQuery {
    /// Only those that stand so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<WaitingStatus>,
    /// Only those for this doctor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Uuid>,
    /// Only this patient's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// Only those whose names these words begin parts of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The page's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// What can still be booked: `GET /v1/api/doctor/available-times-patient/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OpenTimeQuery {
    /// Whose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctor_id: Option<Uuid>,
    /// On this date of the clinic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<chrono::NaiveDate>,
}

impl Client {
    /// Who waits: the most urgent first.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn waiting_list(&self, query: &WaitingQuery) -> Result<Page<Waiting>> {
        self.get(DESK, query).await
    }

    /// Puts somebody on the list.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn add_waiting(&self, form: &NewWaiting) -> Result<Tagged<Waiting>> {
        self.changed((Method::POST, DESK.to_owned()), form, None)
            .await
    }

    /// Changes what somebody waits for.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 404, 409 or 412.
    pub async fn change_waiting(
        &self,
        id: i64,
        change: &WaitingChange,
        etag: Option<&str>,
    ) -> Result<Tagged<Waiting>> {
        let path = format!("{DESK}{id}/");
        self.changed((Method::PATCH, path), change, etag).await
    }

    /// Whom to ask first for an appointment's time, when that was called off or moved.
    ///
    /// # Errors
    /// Refused with 400 if there is no such appointment.
    pub async fn candidates(&self, appointment: i64) -> Result<Vec<Waiting>> {
        let path = format!("{DESK}candidates/");
        self.get(&path, &[("appointment", appointment)]).await
    }

    /// Keeps a time for somebody while they are asked.
    ///
    /// # Errors
    /// Refused with 400, 404, 412, or 409 and everything in the way.
    pub async fn offer(
        &self,
        id: i64,
        form: &Offer,
        etag: Option<&str>,
    ) -> Result<Tagged<Waiting>> {
        let path = format!("{DESK}{id}/offer/");
        self.changed((Method::POST, path), form, etag).await
    }

    /// They take the time that is kept for them.
    ///
    /// # Errors
    /// Refused with 404, 412, or 409 and everything in the way.
    pub async fn accept_offer(
        &self,
        id: i64,
        form: &Accept,
        etag: Option<&str>,
    ) -> Result<Tagged<Appointment>> {
        let path = format!("{DESK}{id}/accept/");
        self.changed((Method::POST, path), form, etag).await
    }

    /// They do not take it.
    ///
    /// # Errors
    /// Refused with 404, 409 or 412.
    pub async fn skip_offer(&self, id: i64, etag: Option<&str>) -> Result<Tagged<Waiting>> {
        self.entry_step(&format!("{DESK}{id}/skip/"), etag).await
    }

    /// They wait no longer.
    ///
    /// # Errors
    /// Refused with 404, 409 or 412.
    pub async fn withdraw_waiting(&self, id: i64, etag: Option<&str>) -> Result<Tagged<Waiting>> {
        self.entry_step(&format!("{DESK}{id}/withdraw/"), etag)
            .await
    }

    async fn entry_step(&self, path: &str, etag: Option<&str>) -> Result<Tagged<Waiting>> {
        let mut request = self.request(Method::POST, path)?;
        if let Some(etag) = etag {
            request = request.header(IF_MATCH, etag);
        }
        tagged(self.send(request).await?).await
    }

    /// What a patient can still book.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn open_times(&self, query: &OpenTimeQuery) -> Result<Page<OpenTime>> {
        self.get(OWN, query).await
    }

    /// Asks for a time where nothing suits.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn request_time(&self, form: &TimeRequest) -> Result<RequestedTime> {
        self.send_json(Method::POST, OWN, form).await
    }

    /// What the caller asked for.
    ///
    /// # Errors
    /// Refused with 404 if it is not theirs.
    pub async fn requested_time(&self, id: i64) -> Result<RequestedTime> {
        self.get(&format!("{OWN}{id}/"), &()).await
    }

    /// Asks for it no longer.
    ///
    /// # Errors
    /// Refused with 404 if it is not theirs.
    pub async fn withdraw_request(&self, id: i64) -> Result<()> {
        let request = self.request(Method::DELETE, &format!("{OWN}{id}/"))?;
        self.send(request).await?;
        Ok(())
    }
}
