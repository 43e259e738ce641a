//! The desk's calls.

use chrono::NaiveDate;
use reqwest::Method;
use reqwest::header::IF_MATCH;
use serde::Serialize;
use uuid::Uuid;

use super::{Client, Result, Tagged, tagged};
use crate::desk::appointments::{Appointment, AppointmentRow, Status};
use crate::desk::doctors::{Doctor, DoctorChange, DoctorRow, DoctorWindow};
use crate::desk::patients::{Duplicate, Patient, PatientChange, PatientDraft, PatientRow};
use crate::desk::visits::Visits;
use crate::{Page, SearchPage};

/// What to list: `GET /v1/api/desk/patients/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PatientQuery {
    /// What was typed; empty lists everybody, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The `cursor` of the previous page's `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<u32>,
}

/// What to list: `GET /v1/api/desk/doctors/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DoctorQuery {
    /// Words of the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Only those who are, or who are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// The `cursor` of the previous page's `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<u32>,
}

/// What to list: `GET /v1/api/desk/appointments/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AppointmentQuery {
    /// The clinic's date; today without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Only this doctor's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Uuid>,
    /// Only those that stand so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The `cursor` of the previous page's `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<u32>,
}

impl Client {
    /// A page of patients.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn patients(&self, query: &PatientQuery) -> Result<SearchPage<PatientRow>> {
        self.get("v1/api/desk/patients/", query).await
    }

    /// One record.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn patient(&self, id: Uuid) -> Result<Tagged<Patient>> {
        let request = self.request(Method::GET, &format!("v1/api/desk/patients/{id}/"))?;
        tagged(self.send(request).await?).await
    }

    /// A patient's appointments, the latest first: at most so many.
    ///
    /// # Errors
    /// Refused with 404 if there is no such record.
    pub async fn visits(&self, id: Uuid, limit: u32) -> Result<Visits> {
        let path = format!("v1/api/desk/patients/{id}/appointments/");
        self.get(&path, &[("limit", limit)]).await
    }

    /// Registers a person.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn register_patient(&self, draft: &PatientDraft) -> Result<Tagged<Patient>> {
        let request = self
            .request(Method::POST, "v1/api/desk/patients/")?
            .json(draft);
        tagged(self.send(request).await?).await
    }

    /// Changes a record; `etag` makes the change fail (412) if somebody else was faster.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 404, or 412.
    pub async fn change_patient(
        &self,
        id: Uuid,
        change: &PatientChange,
        etag: Option<&str>,
    ) -> Result<Tagged<Patient>> {
        let mut request = self
            .request(Method::PATCH, &format!("v1/api/desk/patients/{id}/"))?
            .json(change);
        if let Some(etag) = etag {
            request = request.header(IF_MATCH, etag);
        }
        tagged(self.send(request).await?).await
    }

    /// Records that may be this person already, likeliest first.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn possible_duplicates(&self, draft: &PatientDraft) -> Result<Vec<Duplicate>> {
        self.send_json(Method::POST, "v1/api/desk/patients/duplicates/", draft)
            .await
    }

    /// A page of doctors, by name.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn doctors(&self, query: &DoctorQuery) -> Result<Page<DoctorRow>> {
        self.get("v1/api/desk/doctors/", query).await
    }

    /// One doctor's record.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn doctor(&self, id: Uuid) -> Result<Tagged<Doctor>> {
        let request = self.request(Method::GET, &format!("v1/api/desk/doctors/{id}/"))?;
        tagged(self.send(request).await?).await
    }

    /// A doctor's windows, by id, with who else offers them and how much is booked in them.
    ///
    /// # Errors
    /// Refused with 404 if there is no such doctor.
    pub async fn doctor_windows(&self, id: Uuid) -> Result<Vec<DoctorWindow>> {
        let path = format!("v1/api/desk/doctors/{id}/available-times/");
        self.get(&path, &()).await
    }

    /// Changes a doctor's record; `etag` makes the change fail (412) if somebody else was faster.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 404, or 412.
    pub async fn change_doctor(
        &self,
        id: Uuid,
        change: &DoctorChange,
        etag: Option<&str>,
    ) -> Result<Tagged<Doctor>> {
        let mut request = self
            .request(Method::PATCH, &format!("v1/api/desk/doctors/{id}/"))?
            .json(change);
        if let Some(etag) = etag {
            request = request.header(IF_MATCH, etag);
        }
        tagged(self.send(request).await?).await
    }

    /// Verifies a doctor: from now on patients see them. For admins.
    ///
    /// # Errors
    /// Refused with 403 or 404.
    pub async fn verify_doctor(&self, id: Uuid) -> Result<Tagged<Doctor>> {
        let path = format!("v1/api/desk/doctors/{id}/verify/");
        let request = self.request(Method::POST, &path)?;
        tagged(self.send(request).await?).await
    }

    /// A day's appointments in the order of the day.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn appointments(&self, query: &AppointmentQuery) -> Result<Page<AppointmentRow>> {
        self.get("v1/api/desk/appointments/", query).await
    }

    /// One appointment.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn appointment(&self, id: i64) -> Result<Tagged<Appointment>> {
        let path = format!("v1/api/desk/appointments/{id}/");
        let request = self.request(Method::GET, &path)?;
        tagged(self.send(request).await?).await
    }
}
