//! What admins decide (API.md §7 `applications/`, `qualifications/`, `bug-reports/`).

use reqwest::Method;
use reqwest::header::IF_MATCH;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Client, Result, Tagged, tagged};
use crate::Page;
use crate::desk::decisions::{Acceptance, Application, BugReport, Qualification, Rejection};
use crate::v1::qualifications::Decision;

const DESK: &str = "v1/api/desk/";

/// What to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DecisionQuery {
    /// Only those that stand so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Decision>,
    /// The `cursor` of the previous page's `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<u32>,
}

impl Client {
    async fn decided<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        etag: Option<&str>,
    ) -> Result<Tagged<T>> {
        let mut request = self
            .request(Method::POST, &format!("{DESK}{path}/"))?
            .json(body);
        if let Some(etag) = etag {
            request = request.header(IF_MATCH, etag);
        }
        tagged(self.send(request).await?).await
    }

    async fn handed_in<T: DeserializeOwned>(&self, path: &str) -> Result<Tagged<T>> {
        let request = self.request(Method::GET, &format!("{DESK}{path}/"))?;
        tagged(self.send(request).await?).await
    }

    /// A page of applications to become a doctor, newest first.
    ///
    /// # Errors
    /// Refused with 403 unless the caller is an admin.
    pub async fn applications(&self, query: &DecisionQuery) -> Result<Page<Application>> {
        self.get(&format!("{DESK}applications/"), query).await
    }

    /// One application.
    ///
    /// # Errors
    /// Refused with 403 or 404.
    pub async fn application(&self, id: i64) -> Result<Tagged<Application>> {
        self.handed_in(&format!("applications/{id}")).await
    }

    /// Accepts an application: its applicant is a doctor from now on.
    ///
    /// # Errors
    /// Refused with 403, 404, 409 if it was decided already, or 412.
    pub async fn accept_application(
        &self,
        id: i64,
        body: &Acceptance,
        etag: Option<&str>,
    ) -> Result<Tagged<Application>> {
        let path = format!("applications/{id}/accept");
        self.decided(&path, body, etag).await
    }

    /// Rejects an application.
    ///
    /// # Errors
    /// As [`Client::accept_application`].
    pub async fn reject_application(
        &self,
        id: i64,
        body: &Rejection,
        etag: Option<&str>,
    ) -> Result<Tagged<Application>> {
        let path = format!("applications/{id}/reject");
        self.decided(&path, body, etag).await
    }

    /// A page of doctors' qualifications, newest first.
    ///
    /// # Errors
    /// Refused with 403 unless the caller is an admin.
    pub async fn desk_qualifications(&self, query: &DecisionQuery) -> Result<Page<Qualification>> {
        self.get(&format!("{DESK}qualifications/"), query).await
    }

    /// One qualification.
    ///
    /// # Errors
    /// As [`Client::application`].
    pub async fn desk_qualification(&self, id: i64) -> Result<Tagged<Qualification>> {
        self.handed_in(&format!("qualifications/{id}")).await
    }

    /// Accepts a qualification.
    ///
    /// # Errors
    /// As [`Client::accept_application`].
    pub async fn accept_qualification(
        &self,
        id: i64,
        etag: Option<&str>,
    ) -> Result<Tagged<Qualification>> {
        let path = format!("qualifications/{id}/accept");
        self.decided(&path, &serde_json::json!({}), etag).await
    }

    /// Rejects a qualification.
    ///
    /// # Errors
    /// As [`Client::accept_application`].
    pub async fn reject_qualification(
        &self,
        id: i64,
        body: &Rejection,
        etag: Option<&str>,
    ) -> Result<Tagged<Qualification>> {
        let path = format!("qualifications/{id}/reject");
        self.decided(&path, body, etag).await
    }

    /// A page of reports of what is wrong, newest first.
    ///
    /// # Errors
    /// Refused with 403 unless the caller is an admin.
    pub async fn bug_reports(&self, query: &DecisionQuery) -> Result<Page<BugReport>> {
        self.get(&format!("{DESK}bug-reports/"), query).await
    }

    /// One report.
    ///
    /// # Errors
    /// As [`Client::application`].
    pub async fn bug_report(&self, id: i64) -> Result<Tagged<BugReport>> {
        self.handed_in(&format!("bug-reports/{id}")).await
    }

    /// Accepts a report.
    ///
    /// # Errors
    /// As [`Client::accept_application`].
    pub async fn accept_bug_report(
        &self,
        id: i64,
        etag: Option<&str>,
    ) -> Result<Tagged<BugReport>> {
        let path = format!("bug-reports/{id}/accept");
        self.decided(&path, &serde_json::json!({}), etag).await
    }

    /// Rejects a report.
    ///
    /// # Errors
    /// As [`Client::accept_application`].
    pub async fn reject_bug_report(
        &self,
        id: i64,
        body: &Rejection,
        etag: Option<&str>,
    ) -> Result<Tagged<BugReport>> {
        let path = format!("bug-reports/{id}/reject");
        self.decided(&path, body, etag).await
    }
}
