//! Calls about what people wrote to the clinic.

use reqwest::Method;
use serde::Serialize;

use super::{Client, Result, Tagged, tagged};
use crate::Page;
use crate::desk::appointments::NewAppointment;
use crate::desk::contacts::{
    Assign, Colleague, Contact, Note, Reply, SetStatus, Show, Status, Step, TurnIntoPatient,
};

/// What to list: `GET /v1/api/desk/contacts/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ContactQuery {
    /// Which: new ones, one's own, or all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<Show>,
    /// Only those that stand so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Words in name, phone, e-mail, subject or message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The `cursor` of the previous page's `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<u32>,
}

impl Client {
    /// A page of contact requests, newest first.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn contacts(&self, query: &ContactQuery) -> Result<Page<Contact>> {
        self.get("v1/api/desk/contacts/", query).await
    }

    /// Who can see to contact requests.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn contact_assignees(&self) -> Result<Vec<Colleague>> {
        self.get("v1/api/desk/contacts/assignees/", &()).await
    }

    /// One contact request.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn contact(&self, id: i64) -> Result<Tagged<Contact>> {
        let request = self.request(Method::GET, &format!("v1/api/desk/contacts/{id}/"))?;
        tagged(self.send(request).await?).await
    }

    /// What was done about a contact request, oldest first.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn contact_history(&self, id: i64) -> Result<Vec<Step>> {
        let path = format!("v1/api/desk/contacts/{id}/history/");
        self.get(&path, &()).await
    }

    /// Says how a contact request stands; `etag` makes it fail (412) if somebody else was faster.
    ///
    /// # Errors
    /// Refused with 400, 404, 409 (somebody else was faster), or 412.
    pub async fn set_contact_status(
        &self,
        id: i64,
        body: &SetStatus,
        etag: Option<&str>,
    ) -> Result<Tagged<Contact>> {
        self.about(id, "status", body, etag).await
    }

    /// Says who sees to a contact request; the caller without one.
    ///
    /// # Errors
    /// As [`Client::set_contact_status`].
    pub async fn assign_contact(
        &self,
        id: i64,
        body: &Assign,
        etag: Option<&str>,
    ) -> Result<Tagged<Contact>> {
        self.about(id, "assignee", body, etag).await
    }

    /// Notes something about a contact request, for the desk only.
    ///
    /// # Errors
    /// As [`Client::set_contact_status`].
    pub async fn note_contact(&self, id: i64, body: &Note) -> Result<Tagged<Contact>> {
        self.about(id, "notes", body, None).await
    }

    /// Answers a contact request by mail.
    ///
    /// # Errors
    /// As [`Client::set_contact_status`]; 409 too if they left no address, or it is spam.
    pub async fn reply_contact(
        &self,
        id: i64,
        body: &Reply,
        etag: Option<&str>,
    ) -> Result<Tagged<Contact>> {
        self.about(id, "reply", body, etag).await
    }

    /// Turns a contact request into a patient.
    ///
    /// # Errors
    /// As [`Client::set_contact_status`]; 409 too if they may have a record already.
    pub async fn turn_contact_into_patient(
        &self,
        id: i64,
        body: &TurnIntoPatient,
        etag: Option<&str>,
    ) -> Result<Tagged<Contact>> {
        self.about(id, "turn-into/patient", body, etag).await
    }

    /// Turns a contact request into an appointment.
    ///
    /// # Errors
    /// As [`Client::set_contact_status`]; 409 too with everything in the way of the booking.
    pub async fn turn_contact_into_appointment(
        &self,
        id: i64,
        body: &NewAppointment,
        etag: Option<&str>,
    ) -> Result<Tagged<Contact>> {
        self.about(id, "turn-into/appointment", body, etag).await
    }

    async fn about(
        &self,
        id: i64,
        what: &str,
        body: &impl Serialize,
        etag: Option<&str>,
    ) -> Result<Tagged<Contact>> {
        let path = format!("v1/api/desk/contacts/{id}/{what}/");
        self.changed((Method::POST, path), body, etag).await
    }
}
