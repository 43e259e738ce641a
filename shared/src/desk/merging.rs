//! `/v1/api/desk/patients/{id}/merge/` and its like: two records of one person made one, parted
//! again, and a record linked to an account.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::appointments::Status;
use super::patients::{Patient, PatientRow};
use crate::Reason;
use crate::macros::wire_enum;

wire_enum! {
    /// One of the two records of a merge.
    pub enum Side {
        /// The record that stays.
        Survivor = "survivor",
        /// The record that it takes in.
        Other = "other",
    }
}

/// Whose value of a field stays. Without a word the survivor's does, or where it has none the other's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct MergeKeep {
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<Side>,
    /// Birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Side>,
    /// Administrative gender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Side>,
    /// Phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Side>,
    /// The person's own e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Side>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Side>,
    /// Blood group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blood_group: Option<Side>,
    /// Height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<Side>,
    /// Weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Side>,
    /// What the desk should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Side>,
    /// Picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<Side>,
}

/// Body of `POST {id}/merge/`: the record in the path stays and takes another in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct Merging {
    /// The record that is taken in.
    pub other: Uuid,
    /// The version of the record that stays, as the caller saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The version of the other one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_version: Option<i64>,
    /// Whose value of which field stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<MergeKeep>,
}

/// Body of `POST {id}/unmerge/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct Unmerging {
    /// The number of the merge.
    pub merge: i64,
}

/// Body of `POST {id}/account/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct AccountLink {
    /// The e-mail of the account.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 254)))]
    pub email: String,
}

/// What a merge would do: `GET {id}/merge/?other=`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct MergePreview {
    /// The record that stays.
    pub survivor: PatientRow,
    /// Its version, to be sent with the merge.
    pub version: i64,
    /// The record that it takes in.
    pub other: PatientRow,
    /// Its version.
    pub other_version: i64,
    /// What was booked for the other one and moves.
    pub appointments: Vec<MovingAppointment>,
    /// Ids of its entries on the waiting list, which move.
    pub waiting: Vec<i64>,
    /// What the other one has written.
    pub reviews: Vec<MovingReview>,
    /// Fields that differ.
    pub fields: Vec<DifferingField>,
    /// Whether the other one's account moves.
    pub account: bool,
    /// What is in the way; with anything here a merge is refused.
    pub conflicts: Vec<Reason>,
}

/// An appointment that moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct MovingAppointment {
    /// Its id.
    pub id: i64,
    /// The clinic's date.
    pub date: NaiveDate,
    /// Local time, `HH:MM`; null in a window without a clock.
    pub starts: Option<String>,
    /// The doctor's name.
    pub doctor: String,
    /// Where it stands.
    pub status: Status,
}

/// A review that moves, or is hidden because the survivor has reviewed the same doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct MovingReview {
    /// Its number.
    pub id: i64,
    /// The doctor's name.
    pub doctor: String,
    /// Whether it is hidden.
    pub hidden: bool,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct DifferingField {
    /// Its name, as in `keep`.
    pub field: String,
    /// What stands in the record that stays; a picture's URL.
    pub survivor: Option<String>,
    /// What stands in the other one.
    pub other: Option<String>,
    /// Whose stays unless `keep` says otherwise.
    pub kept: Side,
}

/// A record that another one took in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct MergedRecord {
    /// Its id.
    pub id: Uuid,
    /// Its record number.
    pub record_number: String,
    /// Its name.
    pub full_name: String,
}

/// A merge that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Merge {
    /// Its number: what un-merging asks for.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it, by name.
    pub by: Option<String>,
    /// The record that was taken in.
    pub other: MergedRecord,
    /// Ids of the appointments that moved.
    pub appointments: Vec<i64>,
    /// Ids of the entries on the waiting list that moved.
    pub waiting: Vec<i64>,
    /// Numbers of the reviews that moved.
    pub reviews: Vec<i64>,
    /// Numbers of the reviews that were hidden.
    pub hidden_reviews: Vec<i64>,
    /// Names of the survivor's fields that changed.
    pub fields: Vec<String>,
    /// Whether the survivor got the other one's account.
    pub account: bool,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
}

/// Answer of `POST {id}/merge/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Merged {
    /// What was done.
    pub merge: Merge,
    /// The record that stays, as it is now.
    pub patient: Patient,
}

/// Answer of `POST {id}/unmerge/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Unmerged {
    /// What was undone.
    pub merge: Merge,
    /// The record that had taken the other one in.
    pub patient: Patient,
    /// The record that stands by itself again.
    pub restored: Patient,
}
