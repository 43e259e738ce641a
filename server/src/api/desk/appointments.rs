//! `/v1/api/desk/appointments/`.

pub(in crate::api) mod steps;

use clinic_shared::Page;
use clinic_shared::desk::appointments::{Appointment, AppointmentRow, Status};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Shown, Tagged};
use crate::api::call::Call;
use crate::api::filters;
use crate::api::paging::Window;
use crate::clinic::appointments::{self, Listing, detail_wire, line_wire};
use crate::clinic::{Answer, Clinic};

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

    /// Show an appointment
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
