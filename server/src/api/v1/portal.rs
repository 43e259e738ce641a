//! `/v1/api/public-portal/`: what everybody may say and see, throttled as the public is.

use clinic_shared::Page;
use clinic_shared::v1::doctors::Doctor;
use clinic_shared::v1::portal::{BugReportInput, BugReported, ContactUs, Contacted, Service};
use clinic_shared::v1::reviews::Review;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Query};
use uuid::Uuid;

use super::{doctors, reviews};
use crate::api::Tag;
use crate::api::answers::Created;
use crate::api::body::{Body, Input};
use crate::api::cached::Cached;
use crate::api::call::Call;
use crate::api::lists::{self, List};
use crate::api::media::picture_url;
use crate::api::paging::Window;
use crate::clinic::{Answer, Clinic, bug_reports, contacts, services};
use crate::store::services::ServiceRow;

impl Input for ContactUs {}

impl Input for BugReportInput {
    const FILE: Option<&'static str> = Some("image");
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/public-portal", tag = "Tag::V1Portal")]
impl Api {
    /// Write to the clinic
    ///
    /// With an e-mail address, a phone, or both. Only staff read it.
    #[oai(path = "/contact-us/", method = "post", operation_id = "contact_us")]
    async fn contact_us(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<ContactUs>,
    ) -> Answer<Created<Contacted>> {
        let (form, faults, _) = body.parts();
        let row = contacts::create_from_portal(&clinic, &call.who, form, faults).await?;
        Ok(Created {
            location: call.url(&format!("/v1/api/desk/contacts/{}/", row.id)),
            version: None,
            value: Contacted {
                id: row.id,
                name: row.name,
                email: row.email,
                phone: Some(row.phone).filter(|phone| !phone.is_empty()),
                subject: row.subject,
                message: row.message,
                created_at: row.created_at,
                updated_at: row.updated_at,
            },
        })
    }

    /// Report what is wrong
    ///
    /// Only admins read it.
    #[oai(path = "/report-bug/", method = "post", operation_id = "report_bug")]
    async fn report_bug(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<BugReportInput>,
    ) -> Answer<Created<BugReported>> {
        let (form, faults, file) = body.parts();
        let row = bug_reports::report(&clinic, &call.who, form, faults, file).await?;
        let image = row.image.as_deref();
        Ok(Created {
            location: call.url(&format!("/v1/api/desk/bug-reports/{}/", row.id)),
            version: None,
            value: BugReported {
                id: row.id,
                image: image.map(|key| picture_url(&clinic, &call, key)),
                bug_type: row.bug_type,
                issue: row.issue,
                email: row.email,
                created_at: row.decided.created_at,
                updated_at: row.decided.updated_at,
            },
        })
    }

    /// List doctors
    ///
    /// As `doctor/list/`.
    #[oai(
        path = "/list/doctor/",
        method = "get",
        operation_id = "public_doctors"
    )]
    async fn doctors(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Words of the name or of a specialization, as far as typed.
        search: Query<Option<String>>,
        /// Ids of specializations.
        specialization: Query<Option<Vec<String>>>,
        /// Ids of designations.
        designation: Query<Option<Vec<String>>>,
        /// Ids of available times.
        available_time: Query<Option<Vec<String>>>,
        /// No dearer than this, in units.
        max_fee: Query<Option<String>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
        /// The `ETag` of what the caller has: 304 if it is still the same.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Answer<Cached<Page<Doctor>>> {
        let asked = doctors::Asked {
            search: search.0,
            specialization: specialization.0,
            designation: designation.0,
            available_time: available_time.0,
            max_fee: max_fee.0,
            page: page.0,
            limits: limits.0,
            cursor: cursor.0,
        };
        let read = async || doctors::found(&clinic, &call, asked).await;
        let body = lists::body(&clinic, &call, Some(List::Doctors), read).await?;
        Ok(Cached::written(body, if_none_match.as_deref()))
    }

    /// List reviews of doctors
    ///
    /// As `doctor/reviews/`.
    #[oai(
        path = "/list/doctor/reviews/",
        method = "get",
        operation_id = "public_reviews"
    )]
    async fn reviews(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// About this doctor.
        doctor: Query<Option<Uuid>>,
        /// With so many stars.
        star: Query<Option<i64>>,
        /// Words of the doctor's or the reviewer's name.
        search: Query<Option<String>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
        /// The `ETag` of what the caller has: 304 if it is still the same.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Answer<Cached<Page<Review>>> {
        let asked = reviews::Asked {
            doctor: doctor.0,
            star: star.0,
            search: search.0,
            page: page.0,
            limits: limits.0,
            cursor: cursor.0,
        };
        let page = reviews::found(&clinic, &call, asked).await?;
        Cached::of(&page, if_none_match.as_deref())
    }

    /// List services
    #[oai(path = "/services/", method = "get", operation_id = "public_services")]
    async fn services(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
        /// The `ETag` of what the caller has: 304 if it is still the same.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Answer<Cached<Page<Service>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let read = async || {
            let found = services::page(&clinic, &paging).await?;
            let rows = found.map(|row| service(&clinic, &call, row));
            Ok(window.scrolled(&call, &paging, rows))
        };
        let body = lists::body(&clinic, &call, Some(List::Services), read).await?;
        Ok(Cached::written(body, if_none_match.as_deref()))
    }
}

fn service(clinic: &Clinic, call: &Call, row: ServiceRow) -> Service {
    Service {
        id: row.id,
        image: picture_url(clinic, call, &row.image),
        name: row.name,
        description: row.description,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
