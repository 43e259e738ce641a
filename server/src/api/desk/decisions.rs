//! `/v1/api/desk/applications/`, `/v1/api/desk/qualifications/` and `/v1/api/desk/bug-reports/`.

use clinic_shared::Page;
use clinic_shared::desk::decisions::{
    Acceptance, Application, BugReport, Qualification, Rejection,
};
use clinic_shared::v1::qualifications::Decision;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};

use crate::api::Tag;
use crate::api::answers::{Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::media::picture_url;
use crate::api::paging::Window;
use crate::clinic::{Answer, Clinic, applications, bug_reports, qualifications};
use crate::store::applications::ApplicationRow;
use crate::store::bug_reports::BugReportRow;
use crate::store::qualifications::QualificationRow;

impl Input for Acceptance {}

impl Input for Rejection {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk", tag = "Tag::DeskDecisions")]
impl Api {
    /// List applications to become a doctor
    ///
    /// Newest first.
    #[oai(
        path = "/applications/",
        method = "get",
        operation_id = "desk_list_applications"
    )]
    async fn applications(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Only those that stand so.
        status: Query<Option<Decision>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Application>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found = applications::list(&clinic, &call.who, status.0, &paging).await?;
        let rows = found.map(|row| application(&clinic, &call, row).value);
        Ok(Shown(window.scrolled(&call, &paging, rows)))
    }

    /// Show an application
    #[oai(
        path = "/applications/:id/",
        method = "get",
        operation_id = "desk_get_application"
    )]
    async fn get_application(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Tagged<Application>> {
        let row = applications::show(&clinic, &call.who, *id).await?;
        Ok(application(&clinic, &call, row))
    }

    /// Accept an application
    ///
    /// The applicant is a verified doctor from now on, with this as the first qualification; their
    /// sessions end, and a mail tells them. What was decided already is 409 `already_decided`.
    #[oai(
        path = "/applications/:id/accept/",
        method = "post",
        operation_id = "desk_accept_application"
    )]
    async fn accept_application(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the application as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Acceptance>,
    ) -> Answer<Tagged<Application>> {
        let (form, faults, _) = body.parts();
        let expected = expected_versions(if_match.as_deref());
        let (who, expected) = (&call.who, expected.as_deref());
        let row = applications::accept(&clinic, who, *id, form, expected, faults).await?;
        Ok(application(&clinic, &call, row))
    }

    /// Reject an application
    ///
    /// A mail tells the applicant, with the reason; they may apply again.
    #[oai(
        path = "/applications/:id/reject/",
        method = "post",
        operation_id = "desk_reject_application"
    )]
    async fn reject_application(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the application as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Rejection>,
    ) -> Answer<Tagged<Application>> {
        let (form, faults, _) = body.parts();
        let expected = expected_versions(if_match.as_deref());
        let (who, expected) = (&call.who, expected.as_deref());
        let row = applications::reject(&clinic, who, *id, form, expected, faults).await?;
        Ok(application(&clinic, &call, row))
    }

    /// List doctors' qualifications
    ///
    /// Newest first.
    #[oai(
        path = "/qualifications/",
        method = "get",
        operation_id = "desk_list_qualifications"
    )]
    async fn qualifications(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Only those that stand so.
        status: Query<Option<Decision>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Qualification>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found = qualifications::list(&clinic, &call.who, status.0, &paging).await?;
        let rows = found.map(|row| qualification(&clinic, &call, row).value);
        Ok(Shown(window.scrolled(&call, &paging, rows)))
    }

    /// Show a qualification
    #[oai(
        path = "/qualifications/:id/",
        method = "get",
        operation_id = "desk_get_qualification"
    )]
    async fn get_qualification(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Tagged<Qualification>> {
        let row = qualifications::show(&clinic, &call.who, *id).await?;
        Ok(qualification(&clinic, &call, row))
    }

    /// Accept a qualification
    ///
    /// Everybody reads it from now on.
    #[oai(
        path = "/qualifications/:id/accept/",
        method = "post",
        operation_id = "desk_accept_qualification"
    )]
    async fn accept_qualification(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the qualification as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Answer<Tagged<Qualification>> {
        let expected = expected_versions(if_match.as_deref());
        let (who, expected) = (&call.who, expected.as_deref());
        let row = qualifications::accept(&clinic, who, *id, expected).await?;
        Ok(qualification(&clinic, &call, row))
    }

    /// Reject a qualification
    #[oai(
        path = "/qualifications/:id/reject/",
        method = "post",
        operation_id = "desk_reject_qualification"
    )]
    async fn reject_qualification(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the qualification as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Rejection>,
    ) -> Answer<Tagged<Qualification>> {
        let (form, faults, _) = body.parts();
        let expected = expected_versions(if_match.as_deref());
        let (who, expected) = (&call.who, expected.as_deref());
        let row = qualifications::reject(&clinic, who, *id, form, expected, faults).await?;
        Ok(qualification(&clinic, &call, row))
    }

    /// List reports of what is wrong
    ///
    /// Newest first.
    #[oai(
        path = "/bug-reports/",
        method = "get",
        operation_id = "desk_list_bug_reports"
    )]
    async fn bug_reports(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Only those that stand so.
        status: Query<Option<Decision>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<BugReport>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found = bug_reports::list(&clinic, &call.who, status.0, &paging).await?;
        let rows = found.map(|row| bug_report(&clinic, &call, row).value);
        Ok(Shown(window.scrolled(&call, &paging, rows)))
    }

    /// Show a report
    #[oai(
        path = "/bug-reports/:id/",
        method = "get",
        operation_id = "desk_get_bug_report"
    )]
    async fn get_bug_report(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Tagged<BugReport>> {
        let row = bug_reports::show(&clinic, &call.who, *id).await?;
        Ok(bug_report(&clinic, &call, row))
    }

    /// Accept a report
    ///
    /// Somebody will see to it.
    #[oai(
        path = "/bug-reports/:id/accept/",
        method = "post",
        operation_id = "desk_accept_bug_report"
    )]
    async fn accept_bug_report(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the report as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Answer<Tagged<BugReport>> {
        let expected = expected_versions(if_match.as_deref());
        let (who, expected) = (&call.who, expected.as_deref());
        let row = bug_reports::accept(&clinic, who, *id, expected).await?;
        Ok(bug_report(&clinic, &call, row))
    }

    /// Reject a report
    #[oai(
        path = "/bug-reports/:id/reject/",
        method = "post",
        operation_id = "desk_reject_bug_report"
    )]
    async fn reject_bug_report(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the report as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Rejection>,
    ) -> Answer<Tagged<BugReport>> {
        let (form, faults, _) = body.parts();
        let expected = expected_versions(if_match.as_deref());
        let (who, expected) = (&call.who, expected.as_deref());
        let row = bug_reports::reject(&clinic, who, *id, form, expected, faults).await?;
        Ok(bug_report(&clinic, &call, row))
    }
}

fn application(clinic: &Clinic, call: &Call, row: ApplicationRow) -> Tagged<Application> {
    let certificate = picture_url(clinic, call, &row.certificate);
    Tagged {
        version: row.decided.version,
        value: applications::desk_wire(row, certificate),
    }
}

fn qualification(clinic: &Clinic, call: &Call, row: QualificationRow) -> Tagged<Qualification> {
    let certificate = row.certificate.as_deref();
    let certificate = certificate.map(|key| picture_url(clinic, call, key));
    Tagged {
        version: row.decided.version,
        value: qualifications::desk_wire(row, certificate),
    }
}

fn bug_report(clinic: &Clinic, call: &Call, row: BugReportRow) -> Tagged<BugReport> {
    let image = row.image.as_deref();
    let image = image.map(|key| picture_url(clinic, call, key));
    Tagged {
        version: row.decided.version,
        value: bug_reports::desk_wire(row, image),
    }
}
