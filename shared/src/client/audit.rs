//! The audit, for admins (API.md §7 `audit/`).

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{Client, Result};
use crate::desk::audit::{Format, Kind, Outcome, Page, Verdict};

/// Which rows: `GET /v1/api/desk/audit/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AuditQuery {
    /// Whose doing: a username, an e-mail or an account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What sort of thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// What kind of thing it was done to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_type: Option<String>,
    /// Which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_id: Option<i64>,
    /// Whose record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// From this day of the clinic's on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Up to the end of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// How it is exported; not for the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// The `cursor` of the previous page's `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<u32>,
}

/// From where to check: `GET /v1/api/desk/audit/verify/`.
#[derive(Serialize)]
struct After {
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<i64>,
}

impl Client {
    /// A page of the audit, newest first.
    ///
    /// # Errors
    /// Refused with 403 unless the caller is an admin.
    pub async fn audit(&self, query: &AuditQuery) -> Result<Page> {
        self.get("v1/api/desk/audit/", query).await
    }

    /// Whether the audit is as it was sealed: from its beginning, or from after a seal.
    ///
    /// # Errors
    /// As [`Client::audit`].
    pub async fn verify_audit(&self, after: Option<i64>) -> Result<Verdict> {
        self.get("v1/api/desk/audit/verify/", &After { after })
            .await
    }
}
