//! `/v1/api/doctor/available-times/`.

use clinic_shared::Page;
use clinic_shared::v1::available_times::{AvailableTime, AvailableTimeChange, AvailableTimeInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::paging::Window;
use crate::clinic::available_times::kept::{self, Kept};
use crate::clinic::{Answer, Clinic, Faults};

impl Input for AvailableTimeInput {
    const READ_ONLY: &'static [&'static str] = &["id"];
}

impl Input for AvailableTimeChange {
    const READ_ONLY: &'static [&'static str] = &["id"];
}

pub(in crate::api) struct Api;

#[OpenApi(
    prefix_path = "/v1/api/doctor/available-times",
    tag = "Tag::V1AvailableTimes"
)]
impl Api {
    /// List available times
    ///
    /// For staff and doctors.
    #[oai(path = "/", method = "get", operation_id = "list_available_times_v1")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<AvailableTime>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found = kept::page(&clinic, &paging).await?;
        Ok(Shown(window.scrolled(
            &call,
            &paging,
            found.map(Kept::wire),
        )))
    }

    /// Make an available time
    ///
    /// A doctor's own is offered by them, and they name nobody else.
    #[oai(path = "/", method = "post", operation_id = "create_available_time_v1")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<AvailableTimeInput>,
    ) -> Answer<Created<AvailableTime>> {
        let (form, faults, _) = body.parts();
        let made = kept::make(&clinic, &call.who, form.into(), faults).await?;
        let id = made.window.id;
        Ok(Created {
            location: call.url(&format!("/v1/api/doctor/available-times/{id}/")),
            version: Some(made.version),
            value: made.wire(),
        })
    }

    /// Show an available time
    #[oai(path = "/:id/", method = "get", operation_id = "get_available_time_v1")]
    async fn get(&self, clinic: Data<&Clinic>, id: Path<i64>) -> Answer<Tagged<AvailableTime>> {
        kept::show(&clinic, *id).await.map(tagged)
    }

    /// Replace an available time
    ///
    /// For staff, and for a doctor who is the only one to offer it. What was booked in it stays.
    #[oai(
        path = "/:id/",
        method = "put",
        operation_id = "replace_available_time_v1"
    )]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the available time as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<AvailableTimeInput>,
    ) -> Answer<Tagged<AvailableTime>> {
        let (form, faults, _) = body.parts();
        let mut change: AvailableTimeChange = form.into();
        if call.who.is_staff() {
            // A doctor's stays their own.
            change.doctors.get_or_insert_default();
        }
        changed(&clinic, &call, *id, &if_match, (change, faults)).await
    }

    /// Change some fields of an available time
    ///
    /// For staff, and for a doctor who is the only one to offer it. What was booked in it stays.
    #[oai(
        path = "/:id/",
        method = "patch",
        operation_id = "change_available_time_v1"
    )]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the available time as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<AvailableTimeChange>,
    ) -> Answer<Tagged<AvailableTime>> {
        let (form, faults, _) = body.parts();
        changed(&clinic, &call, *id, &if_match, (form, faults)).await
    }

    /// Retire an available time
    ///
    /// It is offered no more; what was booked in it keeps it.
    #[oai(
        path = "/:id/",
        method = "delete",
        operation_id = "delete_available_time_v1"
    )]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        kept::retire(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}

async fn changed(
    clinic: &Clinic,
    call: &Call,
    id: i64,
    if_match: &Header<Option<String>>,
    (form, faults): (AvailableTimeChange, Faults),
) -> Answer<Tagged<AvailableTime>> {
    let expected = expected_versions(if_match.as_deref());
    let expected = expected.as_deref();
    let changed = kept::change(clinic, &call.who, id, form, expected, faults).await?;
    Ok(tagged(changed))
}

fn tagged(kept: Kept) -> Tagged<AvailableTime> {
    Tagged {
        version: kept.version,
        value: kept.wire(),
    }
}
