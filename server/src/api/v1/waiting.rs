//! `/v1/api/doctor/available-times-patient/` (API.md §4).

use clinic_shared::Page;
use clinic_shared::v1::waiting::{OpenTime, RequestedTime, TimeRequest};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters;
use crate::api::paging::Window;
use crate::clinic::{Answer, Clinic, appointments, waitlist};

impl Input for TimeRequest {}

pub(in crate::api) struct Api;

#[OpenApi(
    prefix_path = "/v1/api/doctor/available-times-patient",
    tag = "Tag::V1AvailableTimes"
)]
impl Api {
    /// List what can still be booked
    ///
    /// One row a free slot, by time. Without a date of the next ninety days (`BOOKING_HORIZON`). An
    /// unknown doctor has none.
    #[oai(path = "/", method = "get", operation_id = "list_open_times")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Whose; without it, anybody's.
        doctor_id: Query<Option<Uuid>>,
        /// On this date of the clinic, `YYYY-MM-DD`.
        date: Query<Option<String>>,
        /// The page's number, from 1.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
    ) -> Answer<Shown<Page<OpenTime>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let date = filters::date("date", date.as_deref())?;
        let rows = (window.limit, window.offset);
        let (count, rows) = appointments::open_times(&clinic, doctor_id.0, date, rows).await?;
        Ok(Shown(window.page(&call, count, rows)?))
    }

    /// Ask for a time
    ///
    /// Where nothing suits: the caller, a patient, is put on the waiting list.
    #[oai(path = "/", method = "post", operation_id = "request_time")]
    async fn request(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<TimeRequest>,
    ) -> Answer<Created<RequestedTime>> {
        let (form, faults, _) = body.parts();
        let id = waitlist::ask(&clinic, &call.who, form, faults).await?;
        let row = waitlist::after_change(&clinic, id).await?;
        let path = format!("/v1/api/doctor/available-times-patient/{id}/");
        Ok(Created {
            location: call.url(&path),
            version: None,
            value: waitlist::requested_wire(row, clinic.today()),
        })
    }

    /// Show what the caller asked for
    #[oai(path = "/:id/", method = "get", operation_id = "get_requested_time")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Shown<RequestedTime>> {
        let row = waitlist::show_own(&clinic, &call.who, *id).await?;
        Ok(Shown(waitlist::requested_wire(row, clinic.today())))
    }

    /// Ask no longer
    ///
    /// The caller is taken off the waiting list.
    #[oai(
        path = "/:id/",
        method = "delete",
        operation_id = "withdraw_requested_time"
    )]
    async fn withdraw(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        waitlist::withdraw_own(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}
