//! `/v1/api/desk/slots/` and `/v1/api/desk/openings/`: what is free, and hours beside the usual ones.

use clinic_shared::desk::openings::{NewOpening, Opening};
use clinic_shared::desk::slots::{FreeSlots, PartOfDay};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters;
use crate::clinic::appointments::{self, Wanted};
use crate::clinic::{Answer, Clinic, openings};

impl Input for NewOpening {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk", tag = "Tag::DeskAvailability")]
impl Api {
    /// Find free slots
    ///
    /// The next ones first, of one doctor, of a specialisation or of anybody. What is answered can be
    /// booked by its `available_time` and `starts_at` (or `date`, where the time has no clock).
    #[oai(path = "/slots/", method = "get", operation_id = "desk_find_slots")]
    async fn find(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Only this doctor's.
        doctor: Query<Option<Uuid>>,
        /// Only of doctors of this specialisation, by id.
        specialisation: Query<Option<i64>>,
        /// For this patient, who may be busy themselves.
        patient: Query<Option<Uuid>>,
        /// From this date of the clinic on, `YYYY-MM-DD`; today without it.
        from: Query<Option<String>>,
        /// Up to this date; a month without it, a year at most.
        to: Query<Option<String>>,
        /// Only in the morning (before 12:00), the afternoon (to 17:00) or the evening.
        part_of_day: Query<Option<PartOfDay>>,
        /// As long as this, in minutes; without it as the available times are cut.
        #[oai(validator(minimum(value = "1"), maximum(value = "720")))]
        duration: Query<Option<u32>>,
        /// How many: 50, at most 1000.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
        limit: Query<Option<u32>>,
    ) -> Answer<Shown<FreeSlots>> {
        let (from, to) = filters::dates(from.as_deref(), to.as_deref())?;
        let wanted = Wanted {
            doctor: doctor.0,
            specialisation: specialisation.0,
            patient: patient.0,
            from,
            to,
            part_of_day: part_of_day.0,
            minutes: duration.0,
            limit: limit.0.and_then(|limit| usize::try_from(limit).ok()),
        };
        let found = appointments::free_slots(&clinic, &call.who, &wanted).await?;
        Ok(Shown(found))
    }

    /// List extra openings
    ///
    /// In the order of time, a plain array.
    #[oai(
        path = "/openings/",
        method = "get",
        operation_id = "desk_list_openings"
    )]
    async fn list_openings(
        &self,
        clinic: Data<&Clinic>,
        /// Only this doctor's.
        doctor: Query<Option<Uuid>>,
        /// From this date of the clinic on, `YYYY-MM-DD`; today without it.
        from: Query<Option<String>>,
        /// Up to this date.
        to: Query<Option<String>>,
    ) -> Answer<Shown<Vec<Opening>>> {
        let dates = filters::dates(from.as_deref(), to.as_deref())?;
        let rows = openings::list(&clinic, doctor.0, dates).await?;
        Ok(Shown(rows.into_iter().map(openings::wire).collect()))
    }

    /// Open extra hours
    ///
    /// Of one doctor on one day, beside what they offer anyway.
    #[oai(path = "/openings/", method = "post", operation_id = "desk_open_hours")]
    async fn open(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<NewOpening>,
    ) -> Answer<Created<Opening>> {
        let (form, faults, _) = body.parts();
        let made = openings::open(&clinic, &call.who, form, faults).await?;
        Ok(Created {
            location: call.url(&format!("/v1/api/desk/openings/{}/", made.id)),
            version: None,
            value: openings::wire(made),
        })
    }

    /// Close extra hours
    ///
    /// Nobody books in them any more; what is booked stays.
    #[oai(
        path = "/openings/:id/",
        method = "delete",
        operation_id = "desk_close_hours"
    )]
    async fn close(&self, clinic: Data<&Clinic>, call: Data<&Call>, id: Path<i64>) -> Answer<Gone> {
        openings::close(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}
