//! `/v1/api/desk/patients/`.

use clinic_shared::SearchPage;
use clinic_shared::desk::patients::{Duplicate, Patient, PatientChange, PatientDraft, PatientRow};
use clinic_shared::desk::visits::Visits;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Created, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::media::picture_url;
use crate::api::paging::{Window, link};
use crate::clinic::patients::{self, Paging, PatientLine, PatientRecord};
use crate::clinic::{Answer, Clinic};

impl Input for PatientDraft {}

impl Input for PatientChange {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "number",
        "record_number",
        "age",
        "photo",
        "username",
        "version",
        "created_at",
        "updated_at",
    ];
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/patients", tag = "Tag::DeskPatients")]
impl Api {
    /// Search patients
    ///
    /// As you type: parts of the name in any order, phone digits, the record number, the birth
    /// date; accents do not matter and one wrong, missing or swapped letter is mended. Best match
    /// first. Without `search`, everybody, newest first.
    #[oai(path = "/", method = "get", operation_id = "desk_search_patients")]
    async fn search(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// What was typed.
        search: Query<Option<String>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<SearchPage<PatientRow>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = Paging {
            page: window.page,
            cursor: cursor.0.filter(|cursor| !cursor.is_empty()),
            limit: window.limit,
        };
        let typed = search.as_deref().unwrap_or_default();
        let found = patients::search(&clinic, &call.who, typed, &paging).await?;
        let by_cursor = paging.cursor.is_some();
        Ok(Shown(SearchPage {
            count: found.count,
            count_capped: found.count_capped,
            next: found
                .next
                .map(|cursor| link(&call.without("page"), "cursor", Some(cursor))),
            previous: if by_cursor {
                None
            } else {
                window.previous(&call)
            },
            corrections: found.corrections,
            results: found.patients.into_iter().map(PatientLine::wire).collect(),
        }))
    }

    /// Register a person
    ///
    /// With no account of their own.
    #[oai(path = "/", method = "post", operation_id = "desk_register_patient")]
    async fn register(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<PatientDraft>,
    ) -> Answer<Created<Patient>> {
        let (draft, faults, _) = body.parts();
        let made = patients::register_with(&clinic, &call.who, draft, faults).await?;
        let location = call.url(&format!("/v1/api/desk/patients/{}/", made.id));
        let version = Some(made.version);
        Ok(Created {
            value: shown(&clinic, &call, made),
            location,
            version,
        })
    }

    /// Find who a person may already be
    ///
    /// Compares a draft with the records: same name and birth date, same phone, same e-mail, or a
    /// similar name and no other birth date. Likeliest first.
    #[oai(
        path = "/duplicates/",
        method = "post",
        operation_id = "desk_possible_duplicates"
    )]
    async fn duplicates(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<PatientDraft>,
    ) -> Answer<Shown<Vec<Duplicate>>> {
        patients::possible_duplicates(&clinic, &call.who, &body.sound()?)
            .await
            .map(Shown)
    }

    /// Show a record
    #[oai(path = "/:id/", method = "get", operation_id = "desk_get_patient")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
    ) -> Answer<Tagged<Patient>> {
        let patient = patients::show(&clinic, &call.who, *id).await?;
        Ok(tagged(&clinic, &call, patient))
    }

    /// List a patient's appointments
    ///
    /// Everything that was ever booked for this person, the latest first, and how often they did not
    /// come or called off.
    #[oai(
        path = "/:id/appointments/",
        method = "get",
        operation_id = "desk_list_visits"
    )]
    async fn visits(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// How many: 100, at most 1000.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
        limit: Query<Option<u32>>,
    ) -> Answer<Shown<Visits>> {
        patients::visits(&clinic, &call.who, *id, limit.0)
            .await
            .map(Shown)
    }

    /// Change a record
    ///
    /// Absent fields stay, null clears. With `If-Match` the change is refused (412) if somebody
    /// else was faster.
    #[oai(path = "/:id/", method = "patch", operation_id = "desk_change_patient")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The `ETag` of the record as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<PatientChange>,
    ) -> Answer<Tagged<Patient>> {
        let expected = expected_versions(if_match.as_deref());
        let (form, faults, _) = body.parts();
        let changed =
            patients::change_with(&clinic, &call.who, *id, form, expected.as_deref(), faults)
                .await?;
        Ok(tagged(&clinic, &call, changed))
    }
}

fn tagged(clinic: &Clinic, call: &Call, patient: PatientRecord) -> Tagged<Patient> {
    Tagged {
        version: patient.version,
        value: shown(clinic, call, patient),
    }
}

pub(super) fn shown(clinic: &Clinic, call: &Call, patient: PatientRecord) -> Patient {
    let photo = patient
        .photo
        .as_deref()
        .map(|key| picture_url(clinic, call, key));
    patient.wire(photo)
}
