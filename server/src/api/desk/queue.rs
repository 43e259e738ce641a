//! `/v1/api/desk/board/`, `queue/`, `walk-ins/`, and a doctor who runs late.

use clinic_shared::desk::appointments::Appointment;
use clinic_shared::desk::queue::{Board, DoctorDay, Queue, RunningLate, WalkIn};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use super::appointments::steps;
use crate::api::Tag;
use crate::api::answers::{Created, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters;
use crate::clinic::{Answer, Clinic, queue};

impl Input for WalkIn {}
impl Input for RunningLate {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk", tag = "Tag::DeskQueue")]
impl Api {
    /// Show everything of a day
    ///
    /// Each appointment with who waits and since when, who is expected when, and each doctor's
    /// numbers, in one answer.
    #[oai(path = "/board/", method = "get", operation_id = "desk_board")]
    async fn board(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The clinic's date, `YYYY-MM-DD`; today without it.
        date: Query<Option<String>>,
        /// Only this doctor's.
        doctor: Query<Option<Uuid>>,
    ) -> Answer<Shown<Board>> {
        let date = filters::date("date", date.as_deref())?;
        let board = queue::board(&clinic, &call.who, date, doctor.0).await?;
        Ok(Shown(board))
    }

    /// Show who is next
    ///
    /// Today's queue of one doctor: who is with them, then who waits, the most urgent first and among
    /// those by the earlier of due time and arrival; and who is still to come. For staff, and for
    /// doctors their own.
    #[oai(path = "/queue/", method = "get", operation_id = "desk_queue")]
    async fn queue(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Whose queue; a doctor's own without it.
        doctor: Query<Option<Uuid>>,
    ) -> Answer<Shown<Queue>> {
        let queue = queue::of_doctor(&clinic, &call.who, doctor.0).await?;
        Ok(Shown(queue))
    }

    /// Take in somebody who came without being booked
    ///
    /// Straight into the queue of a doctor, or of whoever is on duty and can see them first. A new
    /// person is registered with it; who may have a record already is refused with those records (409
    /// `possible_duplicates`), unless `anyway` says that somebody looked.
    #[oai(
        path = "/walk-ins/",
        method = "post",
        operation_id = "desk_take_walk_in"
    )]
    async fn walk_in(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<WalkIn>,
    ) -> Answer<Created<Appointment>> {
        let (form, faults, _) = body.parts();
        let id = queue::take_in(&clinic, &call.who, form, faults).await?;
        let made = steps::shown(&clinic, id).await?;
        Ok(Created {
            location: call.url(&format!("/v1/api/desk/appointments/{id}/")),
            version: Some(made.version),
            value: made.value,
        })
    }

    /// Show how late a doctor runs
    #[oai(
        path = "/doctors/:id/running-late/",
        method = "get",
        operation_id = "desk_get_running_late"
    )]
    async fn running_late(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The clinic's date, `YYYY-MM-DD`; today without it.
        date: Query<Option<String>>,
    ) -> Answer<Tagged<DoctorDay>> {
        let date = filters::date("date", date.as_deref())?;
        let day = queue::late_of(&clinic, &call.who, *id, date).await?;
        Ok(tagged(day))
    }

    /// Say how late a doctor runs
    ///
    /// For one day; what the board and the queue expect moves with it.
    #[oai(
        path = "/doctors/:id/running-late/",
        method = "post",
        operation_id = "desk_set_running_late"
    )]
    async fn run_late(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The `ETag` of the day as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<RunningLate>,
    ) -> Answer<Tagged<DoctorDay>> {
        let expected = expected_versions(if_match.as_deref());
        let (form, faults, _) = body.parts();
        let day = queue::run_late(&clinic, &call.who, *id, form, expected, faults).await?;
        Ok(tagged(day))
    }
}

fn tagged(day: DoctorDay) -> Tagged<DoctorDay> {
    Tagged {
        version: day.version,
        value: day,
    }
}
