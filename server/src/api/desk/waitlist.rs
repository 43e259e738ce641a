//! `/v1/api/desk/waitlist/`.

use chrono::{DateTime, Utc};
use clinic_shared::Page;
use clinic_shared::desk::appointments::Appointment;
use clinic_shared::desk::waitlist::{
    Accept, NewWaiting, Offer, Waiting, WaitingChange, WaitingStatus,
};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use super::appointments::steps;
use crate::api::Tag;
use crate::api::answers::{Created, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::paging::Window;
use crate::clinic::waitlist::{self, Freed, Listed};
use crate::clinic::{Answer, Clinic, Refusal};

impl Input for NewWaiting {}
impl Input for WaitingChange {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "patient",
        "patient_phone",
        "status",
        "appointment",
        "skipped",
        "hold",
        "version",
        "created_at",
        "updated_at",
    ];
}
impl Input for Offer {}
impl Input for Accept {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/waitlist", tag = "Tag::DeskWaitlist")]
impl Api {
    /// List who waits
    ///
    /// The most urgent first, then who has waited longest.
    #[oai(path = "/", method = "get", operation_id = "desk_list_waiting")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Only those that stand so; without it all.
        status: Query<Option<WaitingStatus>>,
        /// Only those for this doctor.
        doctor: Query<Option<Uuid>>,
        /// Only this patient's.
        patient: Query<Option<Uuid>>,
        /// Only patients whose names these words begin parts of.
        search: Query<Option<String>>,
        /// The page's number, from 1.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
    ) -> Answer<Shown<Page<Waiting>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let listed = Listed {
            status: status.0,
            doctor: doctor.0,
            patient: patient.0,
            words: waitlist::words(search.as_deref()),
        };
        let paging = window.at_cursor(None);
        let found = waitlist::list(&clinic, &call.who, &listed, &paging).await?;
        let (today, zone) = (clinic.today(), clinic.zone);
        let rows = found.map(|row| waitlist::wire(row, today, zone));
        Ok(Shown(window.page(&call, rows.count, rows.rows)?))
    }

    /// Put somebody on the waiting list
    #[oai(path = "/", method = "post", operation_id = "desk_add_waiting")]
    async fn add(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<NewWaiting>,
    ) -> Answer<Created<Waiting>> {
        let (form, faults, _) = body.parts();
        let id = waitlist::add(&clinic, &call.who, form, faults).await?;
        let made = shown(&clinic, id).await?;
        Ok(Created {
            location: call.url(&format!("/v1/api/desk/waitlist/{id}/")),
            version: Some(made.version),
            value: made.value,
        })
    }

    /// Find whom to ask when a time frees
    ///
    /// Those whom the time suits, who did not refuse it before and who are free then: the most urgent
    /// first, then who waits for this very doctor, then who has waited longest. The time is that of
    /// an `appointment`, or a `doctor`'s from `starts_at` to `ends_at`.
    #[oai(
        path = "/candidates/",
        method = "get",
        operation_id = "desk_waiting_candidates"
    )]
    async fn candidates(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The appointment that was called off or moved.
        appointment: Query<Option<i64>>,
        /// Whose time it is.
        doctor: Query<Option<Uuid>>,
        /// When it begins.
        starts_at: Query<Option<DateTime<Utc>>>,
        /// When it ends.
        ends_at: Query<Option<DateTime<Utc>>>,
    ) -> Answer<Shown<Vec<Waiting>>> {
        let freed = match (appointment.0, doctor.0, starts_at.0, ends_at.0) {
            (Some(appointment), ..) => Freed::Of(appointment),
            (None, Some(doctor), Some(starts_at), Some(ends_at)) if starts_at < ends_at => {
                Freed::At {
                    doctor,
                    starts_at,
                    ends_at,
                }
            }
            _ => {
                let message = "Give an appointment, or a doctor with starts_at and ends_at.";
                return Err(Refusal::field("appointment", message));
            }
        };
        let rows = waitlist::candidates(&clinic, &call.who, freed).await?;
        let (today, zone) = (clinic.today(), clinic.zone);
        let wire = |row| waitlist::wire(row, today, zone);
        Ok(Shown(rows.into_iter().map(wire).collect()))
    }

    /// Show an entry
    #[oai(path = "/:id/", method = "get", operation_id = "desk_get_waiting")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Tagged<Waiting>> {
        let row = waitlist::show(&clinic, &call.who, *id).await?;
        Ok(Tagged {
            version: row.version,
            value: waitlist::wire(row, clinic.today(), clinic.zone),
        })
    }

    /// Change what somebody waits for
    ///
    /// Absent fields stay, null clears.
    #[oai(path = "/:id/", method = "patch", operation_id = "desk_change_waiting")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the entry as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<WaitingChange>,
    ) -> Answer<Tagged<Waiting>> {
        let expected = expected_versions(if_match.as_deref());
        let (form, faults, _) = body.parts();
        let expected = expected.as_deref();
        waitlist::change(&clinic, &call.who, *id, form, expected, faults).await?;
        shown(&clinic, *id).await
    }

    /// Take somebody off the waiting list
    ///
    /// They wait no longer; time that is kept for them is free again.
    #[oai(
        path = "/:id/withdraw/",
        method = "post",
        operation_id = "desk_withdraw_waiting"
    )]
    async fn withdraw(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the entry as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Answer<Tagged<Waiting>> {
        let expected = expected_versions(if_match.as_deref());
        waitlist::withdraw(&clinic, &call.who, *id, expected.as_deref()).await?;
        shown(&clinic, *id).await
    }

    /// Offer a time
    ///
    /// It is kept for them while they are asked: for as long, nobody else can book it.
    #[oai(
        path = "/:id/offer/",
        method = "post",
        operation_id = "desk_offer_waiting"
    )]
    async fn offer(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the entry as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Offer>,
    ) -> Answer<Tagged<Waiting>> {
        let expected = expected_versions(if_match.as_deref());
        let (form, faults, _) = body.parts();
        let expected = expected.as_deref();
        waitlist::offer(&clinic, &call.who, *id, form, expected, faults).await?;
        shown(&clinic, *id).await
    }

    /// Note that somebody takes the time that is kept for them
    ///
    /// It is booked. When it is no longer kept but still free, they get it all the same.
    #[oai(
        path = "/:id/accept/",
        method = "post",
        operation_id = "desk_accept_waiting"
    )]
    async fn accept(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the entry as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Accept>,
    ) -> Answer<Created<Appointment>> {
        let expected = expected_versions(if_match.as_deref());
        let (form, faults, _) = body.parts();
        let expected = expected.as_deref();
        let booked = waitlist::accept(&clinic, &call.who, *id, &form, expected, faults).await?;
        let made = steps::shown(&clinic, booked).await?;
        Ok(Created {
            location: call.url(&format!("/v1/api/desk/appointments/{booked}/")),
            version: Some(made.version),
            value: made.value,
        })
    }

    /// Note that somebody does not take the time that is kept for them
    ///
    /// It is free again, and they are not asked for it any more. They wait on.
    #[oai(
        path = "/:id/skip/",
        method = "post",
        operation_id = "desk_skip_waiting"
    )]
    async fn skip(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the entry as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Answer<Tagged<Waiting>> {
        let expected = expected_versions(if_match.as_deref());
        waitlist::skip(&clinic, &call.who, *id, expected.as_deref()).await?;
        shown(&clinic, *id).await
    }
}

async fn shown(clinic: &Clinic, id: i64) -> Answer<Tagged<Waiting>> {
    let row = waitlist::after_change(clinic, id).await?;
    Ok(Tagged {
        version: row.version,
        value: waitlist::wire(row, clinic.today(), clinic.zone),
    })
}
