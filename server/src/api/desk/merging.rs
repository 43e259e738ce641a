//! `/v1/api/desk/patients/{id}/merge/`, `unmerge/`, `merges/` and `account/`.

use clinic_shared::desk::merging::{
    AccountLink, Merge, MergePreview, Merged, Merging, Unmerged, Unmerging,
};
use clinic_shared::desk::patients::Patient;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use super::patients::shown;
use crate::api::Tag;
use crate::api::answers::{Gone, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::media::picture_url;
use crate::clinic::{Answer, Clinic, patients};

impl Input for Merging {}
impl Input for Unmerging {}
impl Input for AccountLink {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/patients", tag = "Tag::DeskPatients")]
impl Api {
    /// Show what a merge would do
    ///
    /// What moves to the record in the path, which fields differ and whose value stays, and
    /// everything in the way, by name.
    #[oai(
        path = "/:id/merge/",
        method = "get",
        operation_id = "desk_preview_merge"
    )]
    async fn preview(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The record that would be taken in.
        other: Query<Uuid>,
    ) -> Answer<Shown<MergePreview>> {
        let mut preview = patients::preview(&clinic, &call.who, *id, *other).await?;
        for field in &mut preview.fields {
            if field.field == "photo" {
                let url = |key: String| picture_url(&clinic, &call, &key);
                field.survivor = field.survivor.take().map(url);
                field.other = field.other.take().map(url);
            }
        }
        Ok(Shown(preview))
    }

    /// Merge two records of one person
    ///
    /// The record in the path stays. What was booked for the other one, what it has written and its
    /// account move; its number finds this record from then on, and asking for it answers 404
    /// `merged` with `merged_into`. What is in the way is a 409 `merge_conflict` with all reasons:
    /// appointments at the same time, an account on either side.
    #[oai(
        path = "/:id/merge/",
        method = "post",
        operation_id = "desk_merge_patients"
    )]
    async fn merge(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The `ETag` of the record that stays, as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Merging>,
    ) -> Answer<Tagged<Merged>> {
        let expected = expected_versions(if_match.as_deref());
        let asked = body.sound()?;
        let (merge, patient) =
            patients::merge(&clinic, &call.who, *id, &asked, expected.as_deref()).await?;
        Ok(Tagged {
            version: patient.version,
            value: Merged {
                merge,
                patient: shown(&clinic, &call, patient),
            },
        })
    }

    /// Undo a merge
    ///
    /// Exactly what moved goes back, as it is now; what was booked since stays with the record in
    /// the path. Fields that were changed again, or an account that was linked elsewhere, are in the
    /// way: 409 `unmerge_conflict` with all reasons.
    #[oai(
        path = "/:id/unmerge/",
        method = "post",
        operation_id = "desk_unmerge_patients"
    )]
    async fn unmerge(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The `ETag` of the record in the path, as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<Unmerging>,
    ) -> Answer<Tagged<Unmerged>> {
        let expected = expected_versions(if_match.as_deref());
        let asked = body.sound()?;
        let (merge, patient, restored) =
            patients::unmerge(&clinic, &call.who, *id, asked.merge, expected.as_deref()).await?;
        Ok(Tagged {
            version: patient.version,
            value: Unmerged {
                merge,
                patient: shown(&clinic, &call, patient),
                restored: shown(&clinic, &call, restored),
            },
        })
    }

    /// List the merges into a record
    ///
    /// Newest first, those that were undone included.
    #[oai(
        path = "/:id/merges/",
        method = "get",
        operation_id = "desk_list_merges"
    )]
    async fn merges(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
    ) -> Answer<Shown<Vec<Merge>>> {
        patients::list_merges(&clinic, &call.who, *id)
            .await
            .map(Shown)
    }

    /// Link a record to an account
    ///
    /// To a patient's account that has proved its address. An empty record of that account is merged
    /// into this one; one in use is a 409 `account_has_record`. The owner is told by mail.
    #[oai(
        path = "/:id/account/",
        method = "post",
        operation_id = "desk_link_account"
    )]
    async fn link(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The `ETag` of the record as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<AccountLink>,
    ) -> Answer<Tagged<Patient>> {
        let expected = expected_versions(if_match.as_deref());
        let email = body.sound()?.email;
        let patient =
            patients::link_account(&clinic, &call.who, *id, &email, expected.as_deref()).await?;
        Ok(Tagged {
            version: patient.version,
            value: shown(&clinic, &call, patient),
        })
    }

    /// Unlink a record from its account
    ///
    /// Both go on by themselves. The owner is told by mail.
    #[oai(
        path = "/:id/account/",
        method = "delete",
        operation_id = "desk_unlink_account"
    )]
    async fn unlink(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The `ETag` of the record as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Answer<Gone> {
        let expected = expected_versions(if_match.as_deref());
        patients::unlink_account(&clinic, &call.who, *id, expected.as_deref()).await?;
        Ok(Gone)
    }
}
