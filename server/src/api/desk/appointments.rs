//! `/v1/api/desk/appointments/`.

pub(in crate::api) mod marks;
pub(in crate::api) mod steps;

use clinic_shared::Page;
use clinic_shared::desk::appointments::{
    Appointment, AppointmentRow, BookingCheck, NewAppointment, Reschedule, Status,
};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Created, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters;
use crate::api::paging::Window;
use crate::clinic::appointments::{self, Listing, detail_wire, line_wire};
use crate::clinic::{Answer, Clinic};

impl Input for NewAppointment {}
impl Input for Reschedule {}

pub(in crate::api) struct Api;

#[OpenApi(
    prefix_path = "/v1/api/desk/appointments",
    tag = "Tag::DeskAppointments"
)]
impl Api {
    /// List the appointments of a day
    ///
    /// In the order of the day, with the names and local times beside them.
    #[oai(path = "/", method = "get", operation_id = "desk_list_appointments")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The clinic's date, `YYYY-MM-DD`; today without it.
        date: Query<Option<String>>,
        /// Only this doctor's.
        doctor: Query<Option<Uuid>>,
        /// Only those that stand so.
        status: Query<Option<Status>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<AppointmentRow>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let listing = Listing {
            date: filters::date("date", date.as_deref())?,
            doctor: doctor.0,
            status: status.0,
        };
        let paging = window.at_cursor(cursor.0);
        let found = appointments::of_day(&clinic, &call.who, &listing, &paging).await?;
        let zone = clinic.zone;
        let page = found.map(|row| line_wire(row, zone));
        Ok(Shown(window.scrolled(&call, &paging, page)))
    }

    /// Book an appointment
    ///
    /// For any patient. A refusal (409 `slot_unavailable`) tells everything in the way at once.
    #[oai(path = "/", method = "post", operation_id = "desk_book_appointment")]
    async fn book(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<NewAppointment>,
    ) -> Answer<Created<Appointment>> {
        let (form, faults, _) = body.parts();
        let id = appointments::book_at_desk(&clinic, &call.who, form, faults).await?;
        let made = steps::shown(&clinic, id).await?;
        Ok(Created {
            location: call.url(&format!("/v1/api/desk/appointments/{id}/")),
            version: Some(made.version),
            value: made.value,
        })
    }

    /// Check a booking before it is made
    ///
    /// Whether it would go well, everything in the way if not, how often the patient did not come
    /// and how many appointments they have ahead. Changes nothing.
    #[oai(path = "/check/", method = "post", operation_id = "desk_check_booking")]
    async fn check(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<NewAppointment>,
    ) -> Answer<Shown<BookingCheck>> {
        let (form, faults, _) = body.parts();
        let checked = appointments::check(&clinic, &call.who, form, faults).await?;
        Ok(Shown(checked))
    }

    /// Move an appointment
    ///
    /// To another doctor, day or time, all at once or not at all; what is not said stays. At least one
    /// of `doctor`, `date`, `available_time` and `starts_at` says where to.
    #[oai(
        path = "/:id/reschedule/",
        method = "post",
        operation_id = "desk_reschedule_appointment"
    )]
    async fn reschedule(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Reschedule>,
    ) -> Answer<Tagged<Appointment>> {
        let expected = expected_versions(if_match.as_deref());
        let (form, faults, _) = body.parts();
        appointments::reschedule(&clinic, &call.who, *id, form, expected, faults).await?;
        steps::shown(&clinic, *id).await
    }

    /// Show an appointment
    ///
    /// For staff, and for doctors their own.
    #[oai(path = "/:id/", method = "get", operation_id = "desk_get_appointment")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Tagged<Appointment>> {
        let row = appointments::detail(&clinic, &call.who, *id).await?;
        Ok(Tagged {
            version: row.version,
            value: detail_wire(row, clinic.zone),
        })
    }
}
