//! `/v1/api/desk/doctors/`.

use clinic_shared::Page;
use clinic_shared::desk::doctors::{Doctor, DoctorChange, DoctorRow, DoctorWindow};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::media::picture_url;
use crate::api::paging::Window;
use crate::clinic::available_times::{self, Offered};
use crate::clinic::doctors::{self, DoctorLine, DoctorRecord};
use crate::clinic::paging::Paging;
use crate::clinic::{Answer, Clinic};

impl Input for DoctorChange {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "number",
        "full_name",
        "username",
        "email",
        "photo",
        "specialisations",
        "designations",
        "available_times",
        "verified_at",
        "version",
        "created_at",
        "updated_at",
    ];
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/doctors", tag = "Tag::DeskDoctors")]
impl Api {
    /// List doctors
    ///
    /// By name.
    #[oai(path = "/", method = "get", operation_id = "desk_list_doctors")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Words of the name or of a specialisation, as far as typed.
        search: Query<Option<String>>,
        /// Only those who are verified, or only those who are not.
        verified: Query<Option<bool>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<DoctorRow>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = Paging {
            page: window.page,
            cursor: cursor.0.filter(|cursor| !cursor.is_empty()),
            limit: window.limit,
        };
        let typed = search.as_deref().unwrap_or_default();
        let found = doctors::search(&clinic, typed, verified.0, &paging).await?;
        let rows = found.map(DoctorLine::wire);
        Ok(Shown(window.scrolled(&call, &paging, rows)))
    }

    /// Show a doctor
    #[oai(path = "/:id/", method = "get", operation_id = "desk_get_doctor")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
    ) -> Answer<Tagged<Doctor>> {
        let doctor = doctors::show(&clinic, &call.who, *id).await?;
        Ok(tagged(&clinic, &call, doctor))
    }

    /// Change a doctor
    ///
    /// Absent fields stay, null clears. With `If-Match` the change is refused (412) if somebody
    /// else was faster.
    #[oai(path = "/:id/", method = "patch", operation_id = "desk_change_doctor")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The `ETag` of the doctor as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<DoctorChange>,
    ) -> Answer<Tagged<Doctor>> {
        let expected = expected_versions(if_match.as_deref());
        let (form, faults, _) = body.parts();
        let (who, expected) = (&call.who, expected.as_deref());
        let changed = doctors::change(&clinic, who, *id, form, expected, faults).await?;
        Ok(tagged(&clinic, &call, changed))
    }

    /// List a doctor's available times
    ///
    /// By id, a plain array, with who else offers them and how many appointments are still to come
    /// in them. They are changed at `/v1/api/doctor/available-times/`.
    #[oai(
        path = "/:id/available-times/",
        method = "get",
        operation_id = "desk_list_doctor_windows"
    )]
    async fn windows(
        &self,
        clinic: Data<&Clinic>,
        id: Path<Uuid>,
    ) -> Answer<Shown<Vec<DoctorWindow>>> {
        let offered = available_times::of_doctor(&clinic, *id).await?;
        Ok(Shown(offered.into_iter().map(Offered::wire).collect()))
    }

    /// Verify a doctor
    ///
    /// From now on patients see them. Their role becomes doctor (an admin stays one), which ends
    /// their sessions. Again changes nothing.
    #[oai(
        path = "/:id/verify/",
        method = "post",
        operation_id = "desk_verify_doctor"
    )]
    async fn verify(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
    ) -> Answer<Tagged<Doctor>> {
        let verified = doctors::verify(&clinic, &call.who, *id).await?;
        Ok(tagged(&clinic, &call, verified))
    }
}

fn tagged(clinic: &Clinic, call: &Call, doctor: DoctorRecord) -> Tagged<Doctor> {
    let photo = doctor.photo.as_deref();
    let photo = photo.map(|key| picture_url(clinic, call, key));
    Tagged {
        version: doctor.version,
        value: doctor.wire(photo),
    }
}
