//! `/v1/api/doctor/list/` and `/v1/api/doctor/profile/`.

use clinic_shared::Page;
use clinic_shared::v1::doctors::{
    Doctor, DoctorProfile, OwnDoctorProfile, ProfileChange, ProfileInput,
};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};

use super::qualifications;
use crate::api::Tag;
use crate::api::answers::{Gone, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::cached::Cached;
use crate::api::call::Call;
use crate::api::filters;
use crate::api::lists::{self, List};
use crate::api::media::picture_url;
use crate::api::paging::Window;
use crate::clinic::doctors::{self, OwnProfile, PublicDoctor, PublicFilter};
use crate::clinic::{Answer, Clinic, Faults};

const READ_ONLY: &[&str] = &[
    "id",
    "full_name",
    "email",
    "rating",
    "qualifications",
    "verified_at",
    "version",
    "created_at",
    "updated_at",
];

impl Input for ProfileInput {
    const FILE: Option<&'static str> = Some("photo");
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

impl Input for ProfileChange {
    const FILE: Option<&'static str> = Some("photo");
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

pub(in crate::api) struct Api;

/// What a list of doctors is asked for.
pub(super) struct Asked {
    pub(super) search: Option<String>,
    pub(super) specialization: Option<Vec<String>>,
    pub(super) designation: Option<Vec<String>>,
    pub(super) available_time: Option<Vec<String>>,
    pub(super) max_fee: Option<String>,
    pub(super) page: Option<String>,
    pub(super) limits: Option<String>,
    pub(super) cursor: Option<String>,
}

#[OpenApi(prefix_path = "/v1/api/doctor", tag = "Tag::V1Doctors")]
impl Api {
    /// List doctors
    ///
    /// Those that an admin has verified, by name. A repeated filter means any of its values; several
    /// filters must all fit.
    #[oai(path = "/list/", method = "get", operation_id = "list_doctors_v1")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Words of the name or of a specialization, as far as typed.
        search: Query<Option<String>>,
        /// Ids of specializations.
        specialization: Query<Option<Vec<String>>>,
        /// Ids of designations.
        designation: Query<Option<Vec<String>>>,
        /// Ids of available times.
        available_time: Query<Option<Vec<String>>>,
        /// No dearer than this, in units.
        max_fee: Query<Option<String>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
        /// The `ETag` of what the caller has: 304 if it is still the same.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Answer<Cached<Page<Doctor>>> {
        let asked = Asked {
            search: search.0,
            specialization: specialization.0,
            designation: designation.0,
            available_time: available_time.0,
            max_fee: max_fee.0,
            page: page.0,
            limits: limits.0,
            cursor: cursor.0,
        };
        let read = async || found(&clinic, &call, asked).await;
        let body = lists::body(&clinic, &call, Some(List::Doctors), read).await?;
        Ok(Cached::written(body, if_none_match.as_deref()))
    }

    /// Show the caller's doctor profile
    #[oai(path = "/profile/me/", method = "get", operation_id = "my_doctor")]
    async fn me(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
    ) -> Answer<Tagged<OwnDoctorProfile>> {
        let profile = doctors::own_profile(&clinic, &call.who).await?;
        Ok(tagged(&clinic, &call, profile))
    }

    /// Replace the caller's doctor profile
    ///
    /// An optional field that is absent is cleared.
    #[oai(
        path = "/profile/me/",
        method = "put",
        operation_id = "replace_my_doctor"
    )]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The `ETag` of the profile as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<ProfileInput>,
    ) -> Answer<Tagged<OwnDoctorProfile>> {
        let (input, faults, file) = body.parts();
        change(&clinic, &call, &if_match, (input.into(), faults, file)).await
    }

    /// Change some fields of the caller's doctor profile
    ///
    /// Absent fields stay, null clears.
    #[oai(
        path = "/profile/me/",
        method = "patch",
        operation_id = "change_my_doctor"
    )]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The `ETag` of the profile as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<ProfileChange>,
    ) -> Answer<Tagged<OwnDoctorProfile>> {
        change(&clinic, &call, &if_match, body.parts()).await
    }

    /// Retire the caller's doctor profile
    ///
    /// Nobody sees it any more, and what was booked is called off.
    #[oai(
        path = "/profile/me/",
        method = "delete",
        operation_id = "delete_my_doctor"
    )]
    async fn delete(&self, clinic: Data<&Clinic>, call: Data<&Call>) -> Answer<Gone> {
        doctors::retire_own(&clinic, &call.who).await?;
        Ok(Gone)
    }

    /// Show a doctor
    ///
    /// One that an admin has verified.
    #[oai(
        path = "/profile/:user__email",
        method = "get",
        operation_id = "get_doctor_v1"
    )]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The doctor's e-mail.
        #[oai(name = "user__email")]
        email: Path<String>,
        /// The `ETag` of what the caller has: 304 if it is still the same.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Answer<Cached<DoctorProfile>> {
        let (doctor, learnt) = doctors::profile(&clinic, &email).await?;
        let photo = photo(&clinic, &call, &doctor);
        Cached::of(&doctor.profile(photo, learnt), if_none_match.as_deref())
    }
}

/// A page of what a list asks for.
pub(super) async fn found(clinic: &Clinic, call: &Call, asked: Asked) -> Answer<Page<Doctor>> {
    let window = Window::read(asked.page.as_deref(), asked.limits.as_deref())?;
    let filter = PublicFilter {
        specialisations: filters::ids("specialization", asked.specialization)?,
        designations: filters::ids("designation", asked.designation)?,
        available_times: filters::ids("available_time", asked.available_time)?,
        most_cents: filters::amount("max_fee", asked.max_fee.as_deref())?,
        ..PublicFilter::default()
    };
    let paging = window.at_cursor(asked.cursor);
    let found = doctors::find(clinic, asked.search.as_deref(), filter, &paging).await?;
    let rows = found.map(|doctor| {
        let photo = photo(clinic, call, &doctor);
        doctor.wire(photo)
    });
    Ok(window.scrolled(call, &paging, rows))
}

async fn change(
    clinic: &Clinic,
    call: &Call,
    if_match: &Header<Option<String>>,
    (form, faults, file): (ProfileChange, Faults, Option<Vec<u8>>),
) -> Answer<Tagged<OwnDoctorProfile>> {
    let expected = expected_versions(if_match.as_deref());
    let expected = expected.as_deref();
    let profile = doctors::change_own(clinic, &call.who, form, expected, faults, file).await?;
    Ok(tagged(clinic, call, profile))
}

fn photo(clinic: &Clinic, call: &Call, doctor: &PublicDoctor) -> Option<String> {
    let key = doctor.row.photo.as_deref();
    key.map(|key| picture_url(clinic, call, key))
}

fn tagged(clinic: &Clinic, call: &Call, mut profile: OwnProfile) -> Tagged<OwnDoctorProfile> {
    let photo = photo(clinic, call, &profile.public);
    let rows = std::mem::take(&mut profile.qualifications).into_iter();
    let rows = rows.map(|row| qualifications::shown(clinic, call, row));
    let rows = rows.collect();
    Tagged {
        version: profile.row.version,
        value: profile.wire(photo, rows),
    }
}
