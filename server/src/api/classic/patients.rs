//! `/patients/`.

use clinic_shared::Page;
use clinic_shared::classic::patients::{Patient, PatientInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::media::picture_url;
use crate::api::paging::Window;
use crate::clinic::patients::{self, Listing, Order, Paging, PatientLine};
use crate::clinic::{Answer, Clinic};

impl Input for PatientInput {
    const FILE: Option<&'static str> = Some("profile");
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/patients", tag = "Tag::ClassicPatients")]
impl Api {
    /// List patients
    ///
    /// Staff see all, a doctor those with an appointment with them, a patient their own.
    #[oai(path = "/", method = "get", operation_id = "list_patients")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Number, name, username or phone.
        search: Query<Option<String>>,
        /// Exactly this phone number.
        phone: Query<Option<String>>,
    ) -> Answer<Shown<Page<Patient>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let listing = Listing {
            search: search.0,
            phone: phone.0,
        };
        let paging = Paging {
            page: window.page,
            cursor: None,
            limit: window.limit,
        };
        let order = Order::ByNumber;
        let found = patients::list(&clinic, &call.who, &listing, order, &paging).await?;
        let rows = found
            .patients
            .into_iter()
            .map(|row| shown(&clinic, &call, row))
            .collect();
        window.page(&call, found.count, rows).map(Shown)
    }

    /// Make the caller's patient record
    ///
    /// If it is missing; registering made one already.
    #[oai(path = "/", method = "post", operation_id = "create_patient")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<PatientInput>,
    ) -> Answer<Created<Patient>> {
        let (form, faults, file) = body.parts();
        let made =
            patients::make_own_with_photo(&clinic, &call.who, form.phone, faults, file).await?;
        let location = call.url(&format!("/patients/{}/", made.number));
        Ok(Created {
            value: shown(&clinic, &call, made),
            location,
            version: None,
        })
    }

    /// Show a patient
    #[oai(path = "/:id/", method = "get", operation_id = "get_patient")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Shown<Patient>> {
        let patient = patients::show_number(&clinic, &call.who, *id).await?;
        Ok(Shown(shown(&clinic, &call, patient)))
    }

    /// Change a patient
    #[oai(path = "/:id/", method = "put", operation_id = "replace_patient")]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<PatientInput>,
    ) -> Answer<Shown<Patient>> {
        let (form, faults, file) = body.parts();
        let patient =
            patients::change_with_photo(&clinic, &call.who, *id, form.phone, faults, file).await?;
        Ok(Shown(shown(&clinic, &call, patient)))
    }

    /// Change some fields of a patient
    #[oai(path = "/:id/", method = "patch", operation_id = "change_patient")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<PatientInput>,
    ) -> Answer<Shown<Patient>> {
        let (form, faults, file) = body.parts();
        let patient =
            patients::change_with_photo(&clinic, &call.who, *id, form.phone, faults, file).await?;
        Ok(Shown(shown(&clinic, &call, patient)))
    }

    /// Retire a patient
    ///
    /// The record stays with the clinic and its number is never used again.
    #[oai(path = "/:id/", method = "delete", operation_id = "delete_patient")]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        patients::retire(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}

/// Classic shows a record as it shows a line of a list.
fn shown(clinic: &Clinic, call: &Call, patient: impl Into<PatientLine>) -> Patient {
    let patient = patient.into();
    Patient {
        id: patient.number,
        user: patient.full_name,
        profile: patient.photo.map(|key| picture_url(clinic, call, &key)),
        phone: patient.phone,
    }
}
