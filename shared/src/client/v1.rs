//! Calls of v1 beside accounts and appointments: patients, doctors, what they are and when they can
//! be seen, reviews, qualifications, the public portal (API.md §4).

use reqwest::header::IF_MATCH;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Client, Result, Tagged, checked, tagged};
use crate::Page;
use crate::v1::available_times::{AvailableTime, AvailableTimeChange, AvailableTimeInput};
use crate::v1::doctors::{Doctor, DoctorProfile, OwnDoctorProfile, ProfileChange, ProfileInput};
use crate::v1::patients::{Patient, PatientChange, PatientInput};
use crate::v1::portal::{BugReportInput, BugReported, ContactUs, Contacted, Service};
use crate::v1::qualifications::{Application, ApplicationInput, Qualification, QualificationInput};
use crate::v1::reviews::{Review, ReviewChange, ReviewInput};
use crate::v1::terms::{Term, TermChange, TermInput};

const PATIENTS: &str = "v1/api/patient/patients/";
const DOCTOR: &str = "v1/api/doctor/";
const PORTAL: &str = "v1/api/public-portal/";
const APPLY: &str = "v1/api/operations/apply/to-be/doctor/";

/// Which of the two lists of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// What rank doctors have.
    Designations,
    /// What doctors are for.
    Specializations,
}

impl Terms {
    const fn path(self) -> &'static str {
        match self {
            Terms::Designations => "designations",
            Terms::Specializations => "specializations",
        }
    }
}

/// What a page of any list is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PageQuery {
    /// Words to look for, where the list has a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The `cursor` of the previous page's `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<u32>,
}

/// Which doctors to list. Several values of one filter are sent one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicDoctorQuery {
    /// Words of the name or of a specialization.
    pub search: Option<String>,
    /// With any of these specializations.
    pub specialization: Vec<i64>,
    /// With any of these designations.
    pub designation: Vec<i64>,
    /// Who offer any of these available times.
    pub available_time: Vec<i64>,
    /// No dearer than this, e.g. `500.00`.
    pub max_fee: Option<String>,
    /// The `cursor` of the previous page's `next`.
    pub cursor: Option<String>,
    /// Rows a page.
    pub limits: Option<u32>,
}

impl PublicDoctorQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let many = [
            ("specialization", &self.specialization),
            ("designation", &self.designation),
            ("available_time", &self.available_time),
        ];
        let many = many
            .into_iter()
            .flat_map(|(name, ids)| ids.iter().map(move |id| (name, id.to_string())));
        let one = [
            ("search", self.search.clone()),
            ("max_fee", self.max_fee.clone()),
            ("cursor", self.cursor.clone()),
            ("limits", self.limits.map(|limits| limits.to_string())),
        ];
        let one = one
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        many.chain(one).collect()
    }
}

impl Client {
    /// Sends a request that needs no session, with the bearer if there is one.
    async fn send_open(&self, request: RequestBuilder) -> Result<Response> {
        match self.tokens() {
            Some(_) => self.send(request).await,
            None => checked(request.send().await?).await,
        }
    }

    async fn open<T: DeserializeOwned>(&self, path: &str, query: &impl Serialize) -> Result<T> {
        let request = self.request(Method::GET, path)?.query(query);
        Ok(self.send_open(request).await?.json().await?)
    }

    async fn shown<T: DeserializeOwned>(&self, path: &str) -> Result<Tagged<T>> {
        tagged(self.send(self.request(Method::GET, path)?).await?).await
    }

    async fn put<T: DeserializeOwned>(
        &self,
        (method, path): (Method, &str),
        body: &impl Serialize,
        etag: Option<&str>,
    ) -> Result<Tagged<T>> {
        let mut request = self.request(method, path)?.json(body);
        if let Some(etag) = etag {
            request = request.header(IF_MATCH, etag);
        }
        tagged(self.send(request).await?).await
    }

    async fn remove(&self, path: &str) -> Result<()> {
        self.send(self.request(Method::DELETE, path)?).await?;
        Ok(())
    }

    /// A page of designations or specializations.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn terms(&self, of: Terms, query: &PageQuery) -> Result<Page<Term>> {
        self.get(&format!("{DOCTOR}{}/", of.path()), query).await
    }

    /// One designation or specialization.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn term(&self, of: Terms, id: i64) -> Result<Tagged<Term>> {
        self.shown(&format!("{DOCTOR}{}/{id}/", of.path())).await
    }

    /// Makes a designation or specialization, as an admin.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, or 403.
    pub async fn create_term(&self, of: Terms, body: &TermInput) -> Result<Tagged<Term>> {
        let path = format!("{DOCTOR}{}/", of.path());
        self.put((Method::POST, &path), body, None).await
    }

    /// Replaces a designation or specialization, as an admin.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 403, 404 or 412.
    pub async fn replace_term(
        &self,
        (of, id): (Terms, i64),
        body: &TermInput,
        etag: Option<&str>,
    ) -> Result<Tagged<Term>> {
        let path = format!("{DOCTOR}{}/{id}/", of.path());
        self.put((Method::PUT, &path), body, etag).await
    }

    /// Changes a designation or specialization, as an admin.
    ///
    /// # Errors
    /// As [`Client::replace_term`].
    pub async fn change_term(
        &self,
        (of, id): (Terms, i64),
        body: &TermChange,
        etag: Option<&str>,
    ) -> Result<Tagged<Term>> {
        let path = format!("{DOCTOR}{}/{id}/", of.path());
        self.put((Method::PATCH, &path), body, etag).await
    }

    /// Deletes a designation or specialization, as an admin.
    ///
    /// # Errors
    /// Refused with 403 or 404.
    pub async fn delete_term(&self, of: Terms, id: i64) -> Result<()> {
        self.remove(&format!("{DOCTOR}{}/{id}/", of.path())).await
    }

    /// A page of the patients that the caller sees.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn patients_v1(&self, query: &PageQuery) -> Result<Page<Patient>> {
        self.get(PATIENTS, query).await
    }

    /// The patient with this e-mail.
    ///
    /// # Errors
    /// Refused with 404 if there is none that the caller sees.
    pub async fn patient_of(&self, email: &str) -> Result<Tagged<Patient>> {
        let mut url = self.request(Method::GET, PATIENTS)?.build()?;
        push(url.url_mut(), email);
        let request = RequestBuilder::from_parts(self.inner.http.clone(), url);
        tagged(self.send(request).await?).await
    }

    /// The caller's own record.
    ///
    /// # Errors
    /// Refused with 404 if they have none.
    pub async fn my_patient(&self) -> Result<Tagged<Patient>> {
        self.shown(&format!("{PATIENTS}me/")).await
    }

    /// Replaces the caller's own record: what is absent is cleared.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 404 or 412.
    pub async fn replace_my_patient(
        &self,
        body: &PatientInput,
        etag: Option<&str>,
    ) -> Result<Tagged<Patient>> {
        let path = format!("{PATIENTS}me/");
        self.put((Method::PUT, &path), body, etag).await
    }

    /// Changes the caller's own record: what is kept stays.
    ///
    /// # Errors
    /// As [`Client::replace_my_patient`].
    pub async fn change_my_patient(
        &self,
        body: &PatientChange,
        etag: Option<&str>,
    ) -> Result<Tagged<Patient>> {
        let path = format!("{PATIENTS}me/");
        self.put((Method::PATCH, &path), body, etag).await
    }

    /// Closes the caller's account.
    ///
    /// # Errors
    /// Refused with 404 if they have no record.
    pub async fn close_my_account(&self) -> Result<()> {
        self.remove(&format!("{PATIENTS}me/")).await
    }

    /// A page of the doctors that everybody sees.
    ///
    /// # Errors
    /// Refused with 400 on a filter.
    pub async fn public_doctors(&self, query: &PublicDoctorQuery) -> Result<Page<Doctor>> {
        self.open(&format!("{DOCTOR}list/"), &query.pairs()).await
    }

    /// The profile of the doctor with this e-mail.
    ///
    /// # Errors
    /// Refused with 404 if there is none that everybody sees.
    pub async fn doctor_profile(&self, email: &str) -> Result<DoctorProfile> {
        let path = format!("{DOCTOR}profile/");
        let mut url = self.request(Method::GET, &path)?.build()?;
        push(url.url_mut(), email);
        let request = RequestBuilder::from_parts(self.inner.http.clone(), url);
        Ok(self.send_open(request).await?.json().await?)
    }

    /// The caller's own doctor profile.
    ///
    /// # Errors
    /// Refused with 403 unless they are a doctor, 404 without a profile.
    pub async fn my_doctor(&self) -> Result<Tagged<OwnDoctorProfile>> {
        self.shown(&format!("{DOCTOR}profile/me/")).await
    }

    /// Replaces the caller's doctor profile: what is absent is cleared.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 403, 404 or 412.
    pub async fn replace_my_doctor(
        &self,
        body: &ProfileInput,
        etag: Option<&str>,
    ) -> Result<Tagged<OwnDoctorProfile>> {
        let path = format!("{DOCTOR}profile/me/");
        self.put((Method::PUT, &path), body, etag).await
    }

    /// Changes the caller's doctor profile: what is kept stays.
    ///
    /// # Errors
    /// As [`Client::replace_my_doctor`].
    pub async fn change_my_doctor(
        &self,
        body: &ProfileChange,
        etag: Option<&str>,
    ) -> Result<Tagged<OwnDoctorProfile>> {
        let path = format!("{DOCTOR}profile/me/");
        self.put((Method::PATCH, &path), body, etag).await
    }

    /// Retires the caller's doctor profile.
    ///
    /// # Errors
    /// Refused with 403 or 404.
    pub async fn delete_my_doctor(&self) -> Result<()> {
        self.remove(&format!("{DOCTOR}profile/me/")).await
    }

    /// A page of available times, for staff and doctors.
    ///
    /// # Errors
    /// Refused with 403.
    pub async fn available_times(&self, query: &PageQuery) -> Result<Page<AvailableTime>> {
        self.get(&format!("{DOCTOR}available-times/"), query).await
    }

    /// One available time.
    ///
    /// # Errors
    /// Refused with 403 or 404.
    pub async fn available_time(&self, id: i64) -> Result<Tagged<AvailableTime>> {
        self.shown(&format!("{DOCTOR}available-times/{id}/")).await
    }

    /// Makes an available time.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, or 403.
    pub async fn create_available_time(
        &self,
        body: &AvailableTimeInput,
    ) -> Result<Tagged<AvailableTime>> {
        let path = format!("{DOCTOR}available-times/");
        self.put((Method::POST, &path), body, None).await
    }

    /// Replaces an available time.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 403, 404 or 412.
    pub async fn replace_available_time(
        &self,
        id: i64,
        body: &AvailableTimeInput,
        etag: Option<&str>,
    ) -> Result<Tagged<AvailableTime>> {
        let path = format!("{DOCTOR}available-times/{id}/");
        self.put((Method::PUT, &path), body, etag).await
    }

    /// Changes an available time.
    ///
    /// # Errors
    /// As [`Client::replace_available_time`].
    pub async fn change_available_time(
        &self,
        id: i64,
        body: &AvailableTimeChange,
        etag: Option<&str>,
    ) -> Result<Tagged<AvailableTime>> {
        let path = format!("{DOCTOR}available-times/{id}/");
        self.put((Method::PATCH, &path), body, etag).await
    }

    /// Retires an available time.
    ///
    /// # Errors
    /// Refused with 403 or 404.
    pub async fn delete_available_time(&self, id: i64) -> Result<()> {
        self.remove(&format!("{DOCTOR}available-times/{id}/")).await
    }

    /// A page of reviews, by number.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn reviews(&self, query: &PageQuery) -> Result<Page<Review>> {
        self.open(&format!("{DOCTOR}reviews/"), query).await
    }

    /// One review.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn review(&self, id: i64) -> Result<Tagged<Review>> {
        let request = self.request(Method::GET, &format!("{DOCTOR}reviews/{id}/"))?;
        tagged(self.send_open(request).await?).await
    }

    /// Reviews a doctor.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn write_review(&self, body: &ReviewInput) -> Result<Tagged<Review>> {
        let path = format!("{DOCTOR}reviews/");
        self.put((Method::POST, &path), body, None).await
    }

    /// Changes one of the caller's reviews.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 403, 404 or 412.
    pub async fn change_review(
        &self,
        id: i64,
        body: &ReviewChange,
        etag: Option<&str>,
    ) -> Result<Tagged<Review>> {
        let path = format!("{DOCTOR}reviews/{id}/");
        self.put((Method::PATCH, &path), body, etag).await
    }

    /// Deletes a review.
    ///
    /// # Errors
    /// Refused with 403 or 404.
    pub async fn delete_review(&self, id: i64) -> Result<()> {
        self.remove(&format!("{DOCTOR}reviews/{id}/")).await
    }

    /// What a doctor has learnt.
    ///
    /// # Errors
    /// Refused with 404 if there is no such doctor.
    pub async fn qualifications(&self, doctor: Uuid) -> Result<Vec<Qualification>> {
        let path = format!("{DOCTOR}{doctor}/qualifications/");
        self.get(&path, &()).await
    }

    /// Hands in what the caller, a doctor, has learnt, with the certificate's picture if there is one.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 403 or 413.
    pub async fn hand_in_qualification(
        &self,
        body: &QualificationInput,
        certificate: Option<Vec<u8>>,
    ) -> Result<Qualification> {
        let path = format!("{DOCTOR}qualifications/apply/");
        let request = self.request(Method::POST, &path)?;
        let request = request.multipart(form(body, "certificate_img", certificate));
        Ok(self.send(request).await?.json().await?)
    }

    /// Applies to become a doctor, with the certificate's picture.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 403, 409 while another application waits, or 413.
    pub async fn apply_to_be_doctor(
        &self,
        body: &ApplicationInput,
        certificate: Vec<u8>,
    ) -> Result<Application> {
        let request = self.request(Method::POST, APPLY)?;
        let request = request.multipart(form(body, "certificate_img", Some(certificate)));
        Ok(self.send(request).await?.json().await?)
    }

    /// The caller's applications, newest first.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn my_doctor_applications(&self) -> Result<Vec<Application>> {
        self.get(APPLY, &()).await
    }

    /// Writes to the clinic.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, or 429.
    pub async fn contact_us(&self, body: &ContactUs) -> Result<Contacted> {
        let path = format!("{PORTAL}contact-us/");
        let request = self.request(Method::POST, &path)?.json(body);
        Ok(self.send_open(request).await?.json().await?)
    }

    /// Reports what is wrong, with a picture if there is one.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 413 or 429.
    pub async fn report_bug(
        &self,
        body: &BugReportInput,
        image: Option<Vec<u8>>,
    ) -> Result<BugReported> {
        let path = format!("{PORTAL}report-bug/");
        let request = self.request(Method::POST, &path)?;
        let request = request.multipart(form(body, "image", image));
        Ok(self.send_open(request).await?.json().await?)
    }

    /// A page of what the clinic offers.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn public_services(&self, query: &PageQuery) -> Result<Page<Service>> {
        self.open(&format!("{PORTAL}services/"), query).await
    }
}

/// Appends an e-mail to a path that ends in a slash.
fn push(url: &mut reqwest::Url, email: &str) {
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(email).push("");
    }
}

/// A flat body as a form, with a file.
fn form(body: &impl Serialize, field: &'static str, file: Option<Vec<u8>>) -> Form {
    let mut form = Form::new();
    let value = serde_json::to_value(body).unwrap_or_default();
    for (name, value) in value.as_object().into_iter().flatten() {
        let text = match value.as_str() {
            Some(text) => text.to_owned(),
            None => value.to_string(),
        };
        form = form.text(name.clone(), text);
    }
    match file {
        Some(bytes) => form.part(field, Part::bytes(bytes).file_name(field)),
        None => form,
    }
}
