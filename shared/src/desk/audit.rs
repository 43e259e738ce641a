//! `/v1/api/desk/audit/`: who did or read what (API.md §7).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Role;
use crate::macros::wire_enum;

wire_enum! {
    /// What sort of thing was done.
    #[cfg_attr(feature = "openapi", oai(rename = "AuditKind"))]
    pub enum Kind {
        /// Something was changed.
        Change = "change",
        /// Something was read.
        Read = "read",
        /// Somebody came in, or tried to.
        Access = "access",
    }
}

wire_enum! {
    /// What came of it.
    #[cfg_attr(feature = "openapi", oai(rename = "AuditOutcome"))]
    pub enum Outcome {
        /// It was done.
        Done = "done",
        /// It was refused.
        Refused = "refused",
    }
}

wire_enum! {
    /// How the audit is exported.
    #[cfg_attr(feature = "openapi", oai(rename = "AuditFormat"))]
    pub enum Format {
        /// One JSON object a line.
        Jsonl = "jsonl",
        /// Comma-separated values, with a head line.
        Csv = "csv",
    }
}

wire_enum! {
    /// What is wrong with a row of the audit.
    #[cfg_attr(feature = "openapi", oai(rename = "AuditFault"))]
    pub enum Fault {
        /// It is not what was sealed.
        Changed = "changed",
        /// It was removed.
        Missing = "missing",
        /// It was put in afterwards.
        Inserted = "inserted",
    }
}

/// Something somebody did or read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AuditRow")
)]
pub struct Row {
    /// Its id.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What sort of thing.
    pub kind: Kind,
    /// What was done, e.g. `change_patient`.
    pub action: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Who; null for nobody: a public request, the command line, the server itself.
    pub account: Option<Account>,
    /// In which role.
    pub role: Option<Role>,
    /// In which session.
    pub session: Option<Uuid>,
    /// From which address.
    pub address: Option<String>,
    /// What kind of thing it was done to, e.g. `appointment`.
    pub object_type: Option<String>,
    /// Which one, by its number.
    pub object_id: Option<i64>,
    /// Whose record it is, where it is one person's.
    pub patient: Option<Person>,
    /// Names of fields, counts, settings as they were and are; never what stands in a record.
    pub detail: serde_json::Value,
}

/// An account of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AuditAccount")
)]
pub struct Account {
    /// Its number.
    pub number: i64,
    /// Its id; null once the account is gone.
    pub id: Option<Uuid>,
    /// Its sign-in name now; null once the account is gone.
    pub username: Option<String>,
}

/// A patient of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AuditPatient")
)]
pub struct Person {
    /// The patient's number.
    pub number: i64,
    /// The patient's id.
    pub id: Option<Uuid>,
    /// The name now.
    pub full_name: Option<String>,
}

/// A page of the audit, newest first. Counting stops early: a total beyond a thousand helps nobody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AuditPage")
)]
pub struct Page {
    /// How many rows match; stops at 1000.
    pub count: i64,
    /// True when there are more than `count`.
    pub count_capped: bool,
    /// The next page's URL (keyset: it carries `cursor`).
    pub next: Option<String>,
    /// The previous page's URL; null when paging by cursor.
    pub previous: Option<String>,
    /// The rows of this page.
    pub results: Vec<Row>,
}

/// Whether the audit can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AuditVerdict")
)]
pub struct Verdict {
    /// The newest seal; 0: none yet.
    pub sealed_up_to: i64,
    /// Its hash. Noted elsewhere, it shows later that nobody made the chain anew.
    pub hash: String,
    /// The last seal that retention removed; 0: none.
    pub purged_up_to: i64,
    /// Rows that wait for their seal.
    pub unsealed: i64,
    /// Since when the oldest of them waits.
    pub unsealed_since: Option<DateTime<Utc>>,
    /// How many rows this request checked.
    pub checked: i64,
    /// The last seal this request checked: go on with `?after=` it.
    pub checked_up_to: i64,
    /// Whether that was the last one there is.
    pub is_complete: bool,
    /// The first row that is not as it was sealed; null: all are.
    pub first_broken: Option<Broken>,
}

/// A row that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "AuditBroken")
)]
pub struct Broken {
    /// What is wrong with it.
    pub fault: Fault,
    /// The row's id, where it is known.
    pub row: Option<i64>,
    /// The number of its seal, where there is one.
    pub seal: Option<i64>,
    /// One sentence.
    pub detail: String,
}
