//! `/v1/api/desk/appointments/{id}/…`: each step of an appointment as an action (API.md §5, §7).

use clinic_shared::desk::appointments::{
    Appointment, Cancel, HistoryEntry, Loss, Paid, Return, Status, Step,
};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};

use crate::api::Tag;
use crate::api::answers::{Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::clinic::appointments::{self, Asked, Expected, detail_wire};
use crate::clinic::{Answer, Clinic, Faults};

impl Input for Step {}
impl Input for Return {}
impl Input for Loss {}
impl Input for Cancel {}
impl Input for Paid {}

pub(in crate::api) struct Api;

#[OpenApi(
    prefix_path = "/v1/api/desk/appointments",
    tag = "Tag::DeskAppointments"
)]
impl Api {
    /// Confirm an appointment
    #[oai(
        path = "/:id/confirm/",
        method = "post",
        operation_id = "desk_confirm_appointment"
    )]
    async fn confirm(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Step>,
    ) -> Answer<Tagged<Appointment>> {
        plain(&clinic, &call, *id, Status::Confirmed, if_match, body).await
    }

    /// Check a patient in
    ///
    /// From the appointment's day on. Who was noted as not having come can be checked in on the same
    /// day; if their time was given away, `overbook` says why they are seen beside the other one.
    #[oai(
        path = "/:id/check-in/",
        method = "post",
        operation_id = "desk_check_in_appointment"
    )]
    async fn check_in(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Return>,
    ) -> Answer<Tagged<Appointment>> {
        let (form, faults, _) = body.parts();
        let asked = Asked {
            overbook: form.overbook,
            expected: expected(&if_match, form.version),
            ..Asked::to(Status::CheckedIn)
        };
        done(&clinic, &call, *id, asked, faults).await
    }

    /// Note that a patient went in
    ///
    /// From the appointment's day on.
    #[oai(
        path = "/:id/start/",
        method = "post",
        operation_id = "desk_start_appointment"
    )]
    async fn start(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Step>,
    ) -> Answer<Tagged<Appointment>> {
        plain(&clinic, &call, *id, Status::Running, if_match, body).await
    }

    /// Finish an appointment
    #[oai(
        path = "/:id/complete/",
        method = "post",
        operation_id = "desk_complete_appointment"
    )]
    async fn complete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Step>,
    ) -> Answer<Tagged<Appointment>> {
        plain(&clinic, &call, *id, Status::Completed, if_match, body).await
    }

    /// Send a patient back to the waiting room
    ///
    /// They have waited since they came.
    #[oai(
        path = "/:id/back-to-waiting/",
        method = "post",
        operation_id = "desk_send_appointment_back"
    )]
    async fn back_to_waiting(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Step>,
    ) -> Answer<Tagged<Appointment>> {
        let (form, faults, _) = body.parts();
        let asked = Asked {
            only_from: Some(Status::Running),
            expected: expected(&if_match, form.version),
            ..Asked::to(Status::CheckedIn)
        };
        done(&clinic, &call, *id, asked, faults).await
    }

    /// Cancel an appointment
    #[oai(
        path = "/:id/cancel/",
        method = "post",
        operation_id = "desk_cancel_appointment"
    )]
    async fn cancel(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Cancel>,
    ) -> Answer<Tagged<Appointment>> {
        let (form, faults, _) = body.parts();
        let asked = Asked {
            by: Some(form.by),
            reason_kind: form.reason_kind,
            reason: form.reason,
            expected: expected(&if_match, form.version),
            ..Asked::to(Status::Cancelled)
        };
        done(&clinic, &call, *id, asked, faults).await
    }

    /// Note that a patient did not come
    ///
    /// From the appointment's day on.
    #[oai(
        path = "/:id/no-show/",
        method = "post",
        operation_id = "desk_miss_appointment"
    )]
    async fn no_show(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Loss>,
    ) -> Answer<Tagged<Appointment>> {
        lost(&clinic, &call, *id, Status::NoShow, if_match, body).await
    }

    /// Note that a patient left without being seen
    #[oai(
        path = "/:id/left/",
        method = "post",
        operation_id = "desk_leave_appointment"
    )]
    async fn left(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Loss>,
    ) -> Answer<Tagged<Appointment>> {
        lost(&clinic, &call, *id, Status::Left, if_match, body).await
    }

    /// Take the last step back
    ///
    /// Once, within five minutes, by who took it or by staff; a move goes back to the time before it.
    /// Time that the step gave away is booked again; if it is sold, `overbook` says why it may stand
    /// beside the other one.
    #[oai(
        path = "/:id/undo/",
        method = "post",
        operation_id = "desk_undo_appointment"
    )]
    async fn undo(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Return>,
    ) -> Answer<Tagged<Appointment>> {
        let (form, faults, _) = body.parts();
        let (who, expected) = (&call.who, expected(&if_match, form.version));
        let overbook = form.overbook.as_deref();
        appointments::undo(&clinic, who, *id, &expected, overbook, faults).await?;
        shown(&clinic, *id).await
    }

    /// Show what was done to an appointment
    ///
    /// Oldest first.
    #[oai(
        path = "/:id/history/",
        method = "get",
        operation_id = "desk_appointment_history"
    )]
    async fn history(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Shown<Vec<HistoryEntry>>> {
        let steps = appointments::history(&clinic, &call.who, *id).await?;
        Ok(Shown(steps))
    }

    /// Mark an appointment as paid, or as not paid
    #[oai(
        path = "/:id/paid/",
        method = "post",
        operation_id = "desk_pay_appointment"
    )]
    async fn paid(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the appointment as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Paid>,
    ) -> Answer<Tagged<Appointment>> {
        let form = body.sound()?;
        let expected = expected(&if_match, form.version);
        appointments::set_paid(&clinic, &call.who, *id, form.is_paid, &expected).await?;
        shown(&clinic, *id).await
    }
}

/// Which version the caller saw.
pub(super) fn expected(if_match: &Header<Option<String>>, version: Option<i64>) -> Expected {
    Expected {
        if_match: expected_versions(if_match.as_deref()),
        version,
    }
}

async fn plain(
    clinic: &Clinic,
    call: &Call,
    id: i64,
    to: Status,
    if_match: Header<Option<String>>,
    body: Body<Step>,
) -> Answer<Tagged<Appointment>> {
    let (form, faults, _) = body.parts();
    let asked = Asked {
        expected: expected(&if_match, form.version),
        ..Asked::to(to)
    };
    done(clinic, call, id, asked, faults).await
}

async fn lost(
    clinic: &Clinic,
    call: &Call,
    id: i64,
    to: Status,
    if_match: Header<Option<String>>,
    body: Body<Loss>,
) -> Answer<Tagged<Appointment>> {
    let (form, faults, _) = body.parts();
    let asked = Asked {
        reason_kind: form.reason_kind,
        reason: form.reason,
        expected: expected(&if_match, form.version),
        ..Asked::to(to)
    };
    done(clinic, call, id, asked, faults).await
}

async fn done(
    clinic: &Clinic,
    call: &Call,
    id: i64,
    asked: Asked,
    faults: Faults,
) -> Answer<Tagged<Appointment>> {
    appointments::transition(clinic, &call.who, id, asked, faults).await?;
    shown(clinic, id).await
}

/// The appointment as it is now.
pub(in crate::api) async fn shown(clinic: &Clinic, id: i64) -> Answer<Tagged<Appointment>> {
    let row = appointments::after_change(clinic, id).await?;
    Ok(Tagged {
        version: row.version,
        value: detail_wire(row, clinic.zone),
    })
}
