//! `/v1/api/desk/absences/` and `/v1/api/desk/closures/`: the same, of a doctor and of the clinic.

use clinic_shared::desk::absences::{
    Absence, AbsenceChange, AbsenceDetail, CancelHits, HitResult, MoveHits, NewAbsence, NewClosure,
};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters;
use crate::clinic::absences::{self, Of};
use crate::clinic::appointments::line_wire;
use crate::clinic::{Answer, Clinic};

impl Input for NewAbsence {}
impl Input for NewClosure {}
impl Input for AbsenceChange {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "doctor",
        "starts_at",
        "ends_at",
        "version",
        "created_at",
        "updated_at",
    ];
}
impl Input for CancelHits {}
impl Input for MoveHits {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/absences", tag = "Tag::DeskAvailability")]
impl Api {
    /// List absences of doctors
    ///
    /// In the order of time, a plain array.
    #[oai(path = "/", method = "get", operation_id = "desk_list_absences")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        /// Only this doctor's.
        doctor: Query<Option<Uuid>>,
        /// Not over before this date of the clinic, `YYYY-MM-DD`; today without it.
        from: Query<Option<String>>,
        /// Begun by this date.
        to: Query<Option<String>>,
    ) -> Answer<Shown<Vec<Absence>>> {
        let dates = filters::dates(from.as_deref(), to.as_deref())?;
        let rows = absences::list(&clinic, Of::Doctors, doctor.0, dates).await?;
        Ok(Shown(rows.into_iter().map(absences::wire).collect()))
    }

    /// Enter an absence
    ///
    /// From now on nobody books the doctor then. The answer lists the appointments that it hits:
    /// they stand until they are moved or called off.
    #[oai(path = "/", method = "post", operation_id = "desk_enter_absence")]
    async fn enter(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<NewAbsence>,
    ) -> Answer<Created<AbsenceDetail>> {
        let (form, faults, _) = body.parts();
        let id = absences::enter(&clinic, &call.who, form, faults).await?;
        let made = shown(&clinic, &call, Of::Doctors, id).await?;
        Ok(created(&call, "absences", id, made))
    }

    /// Show an absence and what it hits
    #[oai(path = "/:id/", method = "get", operation_id = "desk_get_absence")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Tagged<AbsenceDetail>> {
        shown(&clinic, &call, Of::Doctors, *id).await
    }

    /// Change an absence
    ///
    /// Absent fields stay, null clears. The answer lists what it hits now.
    #[oai(path = "/:id/", method = "patch", operation_id = "desk_change_absence")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the absence as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<AbsenceChange>,
    ) -> Answer<Tagged<AbsenceDetail>> {
        let at = (Of::Doctors, *id);
        changed(&clinic, &call, at, if_match.as_deref(), body).await
    }

    /// Take an absence back
    ///
    /// Its time can be booked again.
    #[oai(
        path = "/:id/",
        method = "delete",
        operation_id = "desk_take_back_absence"
    )]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the absence as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Answer<Gone> {
        let expected = expected_versions(if_match.as_deref());
        let at = (Of::Doctors, *id);
        absences::take_back(&clinic, &call.who, at, expected.as_deref()).await?;
        Ok(Gone)
    }

    /// Call the appointments off that an absence hits
    ///
    /// All of them, or some. What became of each is answered.
    #[oai(
        path = "/:id/cancel-appointments/",
        method = "post",
        operation_id = "desk_cancel_absence_appointments"
    )]
    async fn cancel_hits(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<CancelHits>,
    ) -> Answer<Shown<Vec<HitResult>>> {
        let (form, faults, _) = body.parts();
        let at = (Of::Doctors, *id);
        let done = absences::cancel_hits(&clinic, &call.who, at, form, faults).await?;
        Ok(Shown(done))
    }

    /// Move the appointments that an absence hits
    ///
    /// All of them, or some, each to the first free time: of the same doctor after the absence, or
    /// of another doctor. What became of each is answered.
    #[oai(
        path = "/:id/move-appointments/",
        method = "post",
        operation_id = "desk_move_absence_appointments"
    )]
    async fn move_hits(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<MoveHits>,
    ) -> Answer<Shown<Vec<HitResult>>> {
        let (form, faults, _) = body.parts();
        let at = (Of::Doctors, *id);
        let done = absences::move_hits(&clinic, &call.who, at, form, faults).await?;
        Ok(Shown(done))
    }
}

pub(in crate::api) struct Closures;

#[OpenApi(prefix_path = "/v1/api/desk/closures", tag = "Tag::DeskAvailability")]
impl Closures {
    /// List closures of the clinic
    ///
    /// In the order of time, a plain array.
    #[oai(path = "/", method = "get", operation_id = "desk_list_closures")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        /// Not over before this date of the clinic, `YYYY-MM-DD`; today without it.
        from: Query<Option<String>>,
        /// Begun by this date.
        to: Query<Option<String>>,
    ) -> Answer<Shown<Vec<Absence>>> {
        let dates = filters::dates(from.as_deref(), to.as_deref())?;
        let rows = absences::list(&clinic, Of::Clinic, None, dates).await?;
        Ok(Shown(rows.into_iter().map(absences::wire).collect()))
    }

    /// Close the clinic
    ///
    /// From now on nobody is booked then. The answer lists the appointments that it hits: they stand
    /// until they are moved or called off.
    #[oai(path = "/", method = "post", operation_id = "desk_close_clinic")]
    async fn enter(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<NewClosure>,
    ) -> Answer<Created<AbsenceDetail>> {
        let (form, faults, _) = body.parts();
        let id = absences::close(&clinic, &call.who, form, faults).await?;
        let made = shown(&clinic, &call, Of::Clinic, id).await?;
        Ok(created(&call, "closures", id, made))
    }

    /// Show a closure and what it hits
    #[oai(path = "/:id/", method = "get", operation_id = "desk_get_closure")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Tagged<AbsenceDetail>> {
        shown(&clinic, &call, Of::Clinic, *id).await
    }

    /// Change a closure
    ///
    /// Absent fields stay, null clears. The answer lists what it hits now.
    #[oai(path = "/:id/", method = "patch", operation_id = "desk_change_closure")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the closure as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<AbsenceChange>,
    ) -> Answer<Tagged<AbsenceDetail>> {
        let at = (Of::Clinic, *id);
        changed(&clinic, &call, at, if_match.as_deref(), body).await
    }

    /// Take a closure back
    ///
    /// Its time can be booked again.
    #[oai(
        path = "/:id/",
        method = "delete",
        operation_id = "desk_take_back_closure"
    )]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the closure as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Answer<Gone> {
        let expected = expected_versions(if_match.as_deref());
        let at = (Of::Clinic, *id);
        absences::take_back(&clinic, &call.who, at, expected.as_deref()).await?;
        Ok(Gone)
    }

    /// Call the appointments off that a closure hits
    ///
    /// All of them, or some. What became of each is answered.
    #[oai(
        path = "/:id/cancel-appointments/",
        method = "post",
        operation_id = "desk_cancel_closure_appointments"
    )]
    async fn cancel_hits(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<CancelHits>,
    ) -> Answer<Shown<Vec<HitResult>>> {
        let (form, faults, _) = body.parts();
        let at = (Of::Clinic, *id);
        let done = absences::cancel_hits(&clinic, &call.who, at, form, faults).await?;
        Ok(Shown(done))
    }

    /// Move the appointments that a closure hits
    ///
    /// All of them, or some, each to the first free time after it. What became of each is answered.
    #[oai(
        path = "/:id/move-appointments/",
        method = "post",
        operation_id = "desk_move_closure_appointments"
    )]
    async fn move_hits(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<MoveHits>,
    ) -> Answer<Shown<Vec<HitResult>>> {
        let (form, faults, _) = body.parts();
        let at = (Of::Clinic, *id);
        let done = absences::move_hits(&clinic, &call.who, at, form, faults).await?;
        Ok(Shown(done))
    }
}

async fn shown(clinic: &Clinic, call: &Call, of: Of, id: i64) -> Answer<Tagged<AbsenceDetail>> {
    let (absence, hits) = absences::hit(clinic, &call.who, of, id).await?;
    let rows = hits.into_iter().map(|row| line_wire(row, clinic.zone));
    Ok(Tagged {
        version: absence.version,
        value: AbsenceDetail {
            absence: absences::wire(absence),
            appointments: rows.collect(),
        },
    })
}

async fn changed(
    clinic: &Clinic,
    call: &Call,
    (of, id): (Of, i64),
    if_match: Option<&str>,
    body: Body<AbsenceChange>,
) -> Answer<Tagged<AbsenceDetail>> {
    let expected = expected_versions(if_match);
    let (form, faults, _) = body.parts();
    let expected = expected.as_deref();
    absences::change(clinic, &call.who, (of, id), form, expected, faults).await?;
    shown(clinic, call, of, id).await
}

fn created(
    call: &Call,
    collection: &str,
    id: i64,
    made: Tagged<AbsenceDetail>,
) -> Created<AbsenceDetail> {
    Created {
        location: call.url(&format!("/v1/api/desk/{collection}/{id}/")),
        version: Some(made.version),
        value: made.value,
    }
}
