//! `/doctors/`.

use clinic_shared::Page;
use clinic_shared::classic::doctors::{Doctor, DoctorChange, DoctorInput};
use clinic_shared::desk::doctors::Named;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown, Written};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters;
use crate::api::lists::{self, List};
use crate::api::media::picture_url;
use crate::api::paging::Window;
use crate::clinic::doctors::{self, DoctorLine, Filter};
use crate::clinic::paging::Paging;
use crate::clinic::{Answer, Clinic, money};

impl Input for DoctorInput {
    const FILE: Option<&'static str> = Some("profile");
}

impl Input for DoctorChange {
    const FILE: Option<&'static str> = Some("profile");
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/doctors", tag = "Tag::ClassicDoctors")]
impl Api {
    /// List doctors
    ///
    /// Everybody sees those that an admin has verified, and their own profile; staff see all. A
    /// repeated filter means any of its values; several filters must all fit.
    #[oai(path = "/", method = "get", operation_id = "list_doctors")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Ids of specialisations.
        specialisation: Query<Option<Vec<String>>>,
        /// Ids of designations.
        designation: Query<Option<Vec<String>>>,
        /// Ids of available times.
        available_time: Query<Option<Vec<String>>>,
        /// Fees, in whole units.
        fee: Query<Option<Vec<String>>>,
    ) -> Answer<Written<Page<Doctor>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let filter = Filter {
            specialisations: filters::ids("specialisation", specialisation.0)?,
            designations: filters::ids("designation", designation.0)?,
            available_times: filters::ids("available_time", available_time.0)?,
            fees: filters::ids("fee", fee.0)?,
            ..Filter::default()
        };
        let paging = Paging {
            page: window.page,
            cursor: None,
            limit: window.limit,
        };
        let read = async || {
            let found = doctors::list(&clinic, &call.who, filter, &paging).await?;
            let rows = found.rows.into_iter();
            let rows = rows.map(|row| shown(&clinic, &call, row)).collect();
            window.page(&call, found.count, rows)
        };
        // Staff see more, and everybody sees their own.
        let list = call.who.account.is_none().then_some(List::Doctors);
        lists::body(&clinic, &call, list, read)
            .await
            .map(Written::of)
    }

    /// Make the caller's doctor profile
    ///
    /// One each. Until an admin verifies it, only its owner and staff see it; an admin's own is
    /// verified at once.
    #[oai(path = "/", method = "post", operation_id = "create_doctor")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<DoctorInput>,
    ) -> Answer<Created<Doctor>> {
        let (input, faults, file) = body.parts();
        let made = doctors::create_own(&clinic, &call.who, input, faults, file).await?;
        let location = call.url(&format!("/doctors/{}/", made.number));
        Ok(Created {
            value: shown(&clinic, &call, made),
            location,
            version: None,
        })
    }

    /// Show a doctor
    #[oai(path = "/:id/", method = "get", operation_id = "get_doctor")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Shown<Doctor>> {
        let doctor = doctors::show_number(&clinic, &call.who, *id).await?;
        Ok(Shown(shown(&clinic, &call, doctor)))
    }

    /// Change a doctor
    ///
    /// For its owner and staff. Beside the fee nothing is required; what is absent stays.
    #[oai(path = "/:id/", method = "put", operation_id = "replace_doctor")]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<DoctorInput>,
    ) -> Answer<Shown<Doctor>> {
        let (input, faults, file) = body.parts();
        let (who, change) = (&call.who, input.into());
        let doctor = doctors::change_number(&clinic, who, *id, change, faults, file).await?;
        Ok(Shown(shown(&clinic, &call, doctor)))
    }

    /// Change some fields of a doctor
    ///
    /// For its owner and staff.
    #[oai(path = "/:id/", method = "patch", operation_id = "change_doctor")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<DoctorChange>,
    ) -> Answer<Shown<Doctor>> {
        let (change, faults, file) = body.parts();
        let who = &call.who;
        let doctor = doctors::change_number(&clinic, who, *id, change, faults, file).await?;
        Ok(Shown(shown(&clinic, &call, doctor)))
    }

    /// Retire a doctor
    ///
    /// For its owner and staff. The number is never used again.
    #[oai(path = "/:id/", method = "delete", operation_id = "delete_doctor")]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        doctors::retire(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}

/// Classic shows a record as it shows a line of a list.
fn shown(clinic: &Clinic, call: &Call, doctor: impl Into<DoctorLine>) -> Doctor {
    let doctor = doctor.into();
    let names = |named: Vec<Named>| named.into_iter().map(|one| one.name).collect();
    Doctor {
        id: doctor.number,
        user: doctor.full_name,
        profile: doctor.photo.map(|key| picture_url(clinic, call, &key)),
        designation: names(doctor.designations),
        specialisation: names(doctor.specialisations),
        available_time: doctor.available_times,
        fee: money::units(doctor.fee_cents),
        meet_link: doctor.meet_link,
    }
}
