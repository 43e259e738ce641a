//! `/v1/api/desk/appointments/{id}/…`: what is noted of a patient who waits.

use clinic_shared::desk::appointments::Appointment;
use clinic_shared::desk::queue::{CallIn, SetPriority, SetRoom};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};

use super::steps::{expected, shown};
use crate::api::Tag;
use crate::api::answers::Tagged;
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::clinic::appointments;
use crate::clinic::{Answer, Clinic};

impl Input for SetRoom {}
impl Input for SetPriority {}
impl Input for CallIn {}

pub(in crate::api) struct Api;

#[OpenApi(
    prefix_path = "/v1/api/desk/appointments",
    tag = "Tag::DeskAppointments"
)]
impl Api {
    /// Assign a room
    ///
    /// An empty one takes the assignment back.
    #[oai(
        path = "/:id/room/",
        method = "post",
        operation_id = "desk_assign_room"
    )]
    async fn room(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<SetRoom>,
    ) -> Answer<Tagged<Appointment>> {
        let (form, faults, _) = body.parts();
        let expected = expected(&if_match, form.version);
        appointments::set_room(&clinic, &call.who, *id, form, &expected, faults).await?;
        shown(&clinic, *id).await
    }

    /// Say who goes first
    #[oai(
        path = "/:id/priority/",
        method = "post",
        operation_id = "desk_prioritise_appointment"
    )]
    async fn priority(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<SetPriority>,
    ) -> Answer<Tagged<Appointment>> {
        let (form, faults, _) = body.parts();
        let expected = expected(&if_match, form.version);
        appointments::prioritise(&clinic, &call.who, *id, form, &expected, faults).await?;
        shown(&clinic, *id).await
    }

    /// Call a patient in
    ///
    /// Their number goes up, with the room; once they are inside, `start/` says so.
    #[oai(
        path = "/:id/call-in/",
        method = "post",
        operation_id = "desk_call_patient_in"
    )]
    async fn call_in(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<CallIn>,
    ) -> Answer<Tagged<Appointment>> {
        let (form, faults, _) = body.parts();
        let expected = expected(&if_match, form.version);
        appointments::call_in(&clinic, &call.who, *id, form, &expected, faults).await?;
        shown(&clinic, *id).await
    }
}
