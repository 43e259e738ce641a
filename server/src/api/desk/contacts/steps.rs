//! What the desk does about a contact request, each as an action.

use clinic_shared::desk::appointments::NewAppointment;
use clinic_shared::desk::contacts::{Assign, Contact, Note, Reply, SetStatus, TurnIntoPatient};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};

use super::tagged;
use crate::api::Tag;
use crate::api::answers::{Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::clinic::contacts::{self, Seen};
use crate::clinic::{Answer, Clinic};

impl Input for SetStatus {}
impl Input for Assign {}
impl Input for Note {}
impl Input for Reply {}
impl Input for TurnIntoPatient {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/contacts", tag = "Tag::DeskContacts")]
impl Api {
    /// Say how a contact request stands
    #[oai(
        path = "/:id/status/",
        method = "post",
        operation_id = "desk_set_contact_status"
    )]
    async fn set_status(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the contact request as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<SetStatus>,
    ) -> Answer<Tagged<Contact>> {
        let (form, faults, _) = body.parts();
        let seen = seen(&if_match, form.version);
        contacts::set_status(&clinic, &call.who, *id, form, &seen, faults).await?;
        shown(&clinic, *id).await
    }

    /// Say who sees to a contact request
    ///
    /// Without `assignee` the caller does.
    #[oai(
        path = "/:id/assignee/",
        method = "post",
        operation_id = "desk_assign_contact"
    )]
    async fn assign(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the contact request as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Assign>,
    ) -> Answer<Tagged<Contact>> {
        let (form, faults, _) = body.parts();
        let seen = seen(&if_match, form.version);
        contacts::assign(&clinic, &call.who, *id, form, &seen, faults).await?;
        shown(&clinic, *id).await
    }

    /// Note something about a contact request
    ///
    /// For the desk only. A note is never changed; another one follows it.
    #[oai(
        path = "/:id/notes/",
        method = "post",
        operation_id = "desk_note_contact"
    )]
    async fn note(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the contact request as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Note>,
    ) -> Answer<Tagged<Contact>> {
        let (form, faults, _) = body.parts();
        let seen = seen(&if_match, None);
        contacts::note(&clinic, &call.who, *id, form, &seen, faults).await?;
        shown(&clinic, *id).await
    }

    /// Answer a contact request by mail
    ///
    /// The subject carries the mark of the thread, by which an answer to it is found again. One that
    /// is new is in progress then, and the caller's.
    #[oai(
        path = "/:id/reply/",
        method = "post",
        operation_id = "desk_reply_contact"
    )]
    async fn reply(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the contact request as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Reply>,
    ) -> Answer<Tagged<Contact>> {
        let (form, faults, _) = body.parts();
        let seen = seen(&if_match, form.version);
        contacts::reply(&clinic, &call.who, *id, form, &seen, faults).await?;
        shown(&clinic, *id).await
    }

    /// Turn a contact request into a patient
    ///
    /// Registers who wrote, or links a record that there is. Who may have a record already is refused
    /// with those records (409 `possible_duplicates`), unless `anyway` says that somebody looked.
    #[oai(
        path = "/:id/turn-into/patient/",
        method = "post",
        operation_id = "desk_turn_contact_into_patient"
    )]
    async fn turn_into_patient(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the contact request as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<TurnIntoPatient>,
    ) -> Answer<Tagged<Contact>> {
        let (form, faults, _) = body.parts();
        let seen = seen(&if_match, form.version);
        contacts::turn_into_patient(&clinic, &call.who, *id, form, &seen, faults).await?;
        shown(&clinic, *id).await
    }

    /// Turn a contact request into an appointment
    ///
    /// Books as the desk does. Without a patient it is for the one that the contact request led to.
    #[oai(
        path = "/:id/turn-into/appointment/",
        method = "post",
        operation_id = "desk_turn_contact_into_appointment"
    )]
    async fn turn_into_appointment(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the contact request as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<NewAppointment>,
    ) -> Answer<Tagged<Contact>> {
        let (form, faults, _) = body.parts();
        let seen = seen(&if_match, None);
        contacts::turn_into_appointment(&clinic, &call.who, *id, form, &seen, faults).await?;
        shown(&clinic, *id).await
    }
}

fn seen(if_match: &Header<Option<String>>, version: Option<i64>) -> Seen {
    Seen {
        if_match: expected_versions(if_match.as_deref()),
        version,
    }
}

async fn shown(clinic: &Clinic, id: i64) -> Answer<Tagged<Contact>> {
    let row = contacts::shown_after_change(clinic, id).await?;
    Ok(tagged(row))
}
