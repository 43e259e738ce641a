//! `/v1/api/patient/patients/`.

use clinic_shared::Page;
use clinic_shared::v1::patients::{Patient, PatientChange, PatientInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};

use crate::api::Tag;
use crate::api::answers::{Gone, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::media::picture_url;
use crate::api::paging::Window;
use crate::clinic::patients::{self, PatientRecord};
use crate::clinic::{Answer, Clinic, Faults};

const READ_ONLY: &[&str] = &["id", "email", "age", "created_at", "updated_at"];

impl Input for PatientInput {
    const FILE: Option<&'static str> = Some("photo");
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

impl Input for PatientChange {
    const FILE: Option<&'static str> = Some("photo");
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/patient/patients", tag = "Tag::V1Patients")]
impl Api {
    /// List patients
    ///
    /// Staff see all, the newest first; a doctor those with an appointment with them; everybody their
    /// own. A search stops counting at 1000.
    #[oai(path = "/", method = "get", operation_id = "list_patients_v1")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Words of the name, digits of the phone, or the number.
        search: Query<Option<String>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Patient>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found = patients::list_whole(&clinic, &call.who, search.0, &paging).await?;
        let rows = found.map(|record| shown(&clinic, &call, record));
        Ok(Shown(window.scrolled(&call, &paging, rows)))
    }

    /// Show the caller's own record
    #[oai(path = "/me/", method = "get", operation_id = "my_patient")]
    async fn me(&self, clinic: Data<&Clinic>, call: Data<&Call>) -> Answer<Tagged<Patient>> {
        let record = patients::show_own(&clinic, &call.who).await?;
        Ok(tagged(&clinic, &call, record))
    }

    /// Replace the caller's own record
    ///
    /// An optional field that is absent is cleared.
    #[oai(path = "/me/", method = "put", operation_id = "replace_my_patient")]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The `ETag` of the record as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<PatientInput>,
    ) -> Answer<Tagged<Patient>> {
        let (input, faults, file) = body.parts();
        change(&clinic, &call, &if_match, (input.into(), faults, file)).await
    }

    /// Change some fields of the caller's own record
    ///
    /// Absent fields stay, null clears.
    #[oai(path = "/me/", method = "patch", operation_id = "change_my_patient")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The `ETag` of the record as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<PatientChange>,
    ) -> Answer<Tagged<Patient>> {
        change(&clinic, &call, &if_match, body.parts()).await
    }

    /// Close the caller's account
    ///
    /// Nobody signs in with it any more, and what was booked is called off; the record stays for the
    /// clinic. Who works here loses the record only.
    #[oai(path = "/me/", method = "delete", operation_id = "close_my_account")]
    async fn close(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The `ETag` of the record as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Answer<Gone> {
        let expected = expected_versions(if_match.as_deref());
        patients::close_own(&clinic, &call.who, expected.as_deref()).await?;
        Ok(Gone)
    }

    /// Show a patient
    #[oai(
        path = "/:user__email/",
        method = "get",
        operation_id = "get_patient_v1"
    )]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The patient's e-mail.
        #[oai(name = "user__email")]
        email: Path<String>,
    ) -> Answer<Tagged<Patient>> {
        let record = patients::show_email(&clinic, &call.who, &email).await?;
        Ok(tagged(&clinic, &call, record))
    }
}

async fn change(
    clinic: &Clinic,
    call: &Call,
    if_match: &Header<Option<String>>,
    (form, faults, file): (PatientChange, Faults, Option<Vec<u8>>),
) -> Answer<Tagged<Patient>> {
    let expected = expected_versions(if_match.as_deref());
    let expected = expected.as_deref();
    let who = &call.who;
    let record = patients::change_own(clinic, who, form, expected, faults, file).await?;
    Ok(tagged(clinic, call, record))
}

fn tagged(clinic: &Clinic, call: &Call, record: PatientRecord) -> Tagged<Patient> {
    Tagged {
        version: record.version,
        value: shown(clinic, call, record),
    }
}

fn shown(clinic: &Clinic, call: &Call, record: PatientRecord) -> Patient {
    let photo = record.photo.as_deref();
    let photo = photo.map(|key| picture_url(clinic, call, key));
    patients::whole_wire(record, photo)
}
