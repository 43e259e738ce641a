//! `/v1/api/appointment/` (API.md §4).

use clinic_shared::Page;
use clinic_shared::desk::appointments::Status;
use clinic_shared::v1::appointments::{
    Appointment, DoctorBooking, PatientBooking, PatientCancel, StatusUpdate,
};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};

use crate::api::Tag;
use crate::api::answers::{Created, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters;
use crate::api::media::picture_url;
use crate::api::paging::Window;
use crate::clinic::appointments::{self, Asked, ByDoctor, ByPatient, Expected, Mine, own_wire};
use crate::clinic::{Answer, Clinic};

impl Input for PatientBooking {
    const FILE: Option<&'static str> = Some("images");
    const MOST_FILES: usize = 5;
}
impl Input for DoctorBooking {}
impl Input for StatusUpdate {}
impl Input for PatientCancel {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/appointment", tag = "Tag::V1Appointments")]
impl Api {
    /// List the caller's appointments
    ///
    /// What they come to as a patient, the last booked first.
    #[oai(path = "/patient/", method = "get", operation_id = "my_appointments")]
    async fn of_patient(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Appointment>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found = appointments::mine_of_patient(&clinic, &call.who, &paging).await?;
        let rows = found.map(|mine| shown(&clinic, &call, mine));
        Ok(Shown(window.scrolled(&call, &paging, rows)))
    }

    /// Book an appointment
    ///
    /// For the caller. Without `starts_at` it is the earliest free slot of the available time. A
    /// refusal (409 `slot_unavailable`) tells everything in the way at once.
    #[oai(path = "/patient/", method = "post", operation_id = "book_appointment")]
    async fn book(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<PatientBooking>,
    ) -> Answer<Created<Appointment>> {
        let (form, faults, images) = body.parts_with_files();
        let form = ByPatient {
            what: ByDoctor {
                with: form.doctor,
                date: form.meeting_date,
                window: form.meeting_time,
                starts_at: form.starts_at,
                kind: form.appointment_type,
                title: form.title,
                symptoms: form.symptoms,
            },
            images,
        };
        let id = appointments::book_as_patient(&clinic, &call.who, form, faults).await?;
        made(&clinic, &call, id).await
    }

    /// Show an appointment
    ///
    /// To its patient, to its doctor, and to staff.
    #[oai(
        path = "/patient/:id/",
        method = "get",
        operation_id = "my_appointment"
    )]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Tagged<Appointment>> {
        let mine = appointments::one_of_mine(&clinic, &call.who, *id).await?;
        Ok(tagged(&clinic, &call, mine))
    }

    /// Cancel one of the caller's appointments
    #[oai(
        path = "/patient/:id/cancel/",
        method = "post",
        operation_id = "cancel_my_appointment"
    )]
    async fn cancel(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<PatientCancel>,
    ) -> Answer<Tagged<Appointment>> {
        let (form, faults, _) = body.parts();
        let asked = Asked {
            as_patient: true,
            reason_kind: form.reason_kind,
            reason: form.reason,
            expected: expected(&if_match, form.version),
            ..Asked::to(Status::Cancelled)
        };
        appointments::transition(&clinic, &call.who, *id, asked, faults).await?;
        changed(&clinic, &call, *id).await
    }

    /// List the appointments of the caller's practice
    ///
    /// What they give as a doctor, the last booked first.
    #[oai(
        path = "/doctor/",
        method = "get",
        operation_id = "my_practice_appointments"
    )]
    async fn of_doctor(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The clinic's date, `YYYY-MM-DD`.
        date: Query<Option<String>>,
        /// Only those that stand so.
        status: Query<Option<Status>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Appointment>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let date = filters::date("date", date.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found =
            appointments::mine_of_doctor(&clinic, &call.who, date, status.0, &paging).await?;
        let rows = found.map(|mine| shown(&clinic, &call, mine));
        Ok(Shown(window.scrolled(&call, &paging, rows)))
    }

    /// Book for a patient
    ///
    /// The caller is the doctor; the patient is one who has come to them before.
    #[oai(path = "/doctor/", method = "post", operation_id = "book_for_patient")]
    async fn book_for_patient(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<DoctorBooking>,
    ) -> Answer<Created<Appointment>> {
        let (form, faults, _) = body.parts();
        let form = ByDoctor {
            with: form.patient,
            date: form.meeting_date,
            window: form.meeting_time,
            starts_at: form.starts_at,
            kind: form.appointment_type,
            title: form.title,
            symptoms: form.symptoms,
        };
        let id = appointments::book_as_doctor(&clinic, &call.who, &form, faults).await?;
        made(&clinic, &call, id).await
    }

    /// Change where an appointment stands
    ///
    /// By its doctor, or by staff. A refusal is 409: `invalid_transition` or `version_conflict`.
    #[oai(
        path = "/doctor/:id/update_status/",
        method = "patch",
        operation_id = "update_appointment_status"
    )]
    async fn update_status(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<StatusUpdate>,
    ) -> Answer<Tagged<Appointment>> {
        let (form, faults, _) = body.parts();
        let asked = Asked {
            at_work: true,
            meeting_link: form.meeting_link,
            expected: expected(&if_match, form.version),
            ..Asked::to(form.status)
        };
        appointments::transition(&clinic, &call.who, *id, asked, faults).await?;
        changed(&clinic, &call, *id).await
    }
}

fn expected(if_match: &Header<Option<String>>, version: Option<i64>) -> Expected {
    Expected {
        if_match: expected_versions(if_match.as_deref()),
        version,
    }
}

async fn made(clinic: &Clinic, call: &Call, id: i64) -> Answer<Created<Appointment>> {
    let made = appointments::shown_after_change(clinic, id).await?;
    Ok(Created {
        location: call.url(&format!("/v1/api/appointment/patient/{id}/")),
        version: Some(made.row.version),
        value: shown(clinic, call, made),
    })
}

async fn changed(clinic: &Clinic, call: &Call, id: i64) -> Answer<Tagged<Appointment>> {
    let changed = appointments::shown_after_change(clinic, id).await?;
    Ok(tagged(clinic, call, changed))
}

fn tagged(clinic: &Clinic, call: &Call, mine: Mine) -> Tagged<Appointment> {
    Tagged {
        version: mine.row.version,
        value: shown(clinic, call, mine),
    }
}

fn shown(clinic: &Clinic, call: &Call, mine: Mine) -> Appointment {
    let keys = mine.images.iter();
    let images = keys.map(|key| picture_url(clinic, call, key)).collect();
    own_wire(mine.row, images)
}
