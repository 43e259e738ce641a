//! Merging records at the desk, parting them again, and linking them to accounts.

use reqwest::header::IF_MATCH;
use reqwest::{Method, RequestBuilder};
use uuid::Uuid;

use super::{Client, Result, Tagged, tagged};
use crate::desk::merging::{
    AccountLink, Merge, MergePreview, Merged, Merging, Unmerged, Unmerging,
};
use crate::desk::patients::Patient;

impl Client {
    /// What merging `other` into a record would do.
    ///
    /// # Errors
    /// Refused with 404 if one is not there, 400 if they are the same.
    pub async fn preview_merge(&self, id: Uuid, other: Uuid) -> Result<MergePreview> {
        let path = format!("v1/api/desk/patients/{id}/merge/");
        self.get(&path, &[("other", other)]).await
    }

    /// Merges another record into this one; `etag` makes it fail (412) if this one was changed.
    ///
    /// # Errors
    /// Refused with 404, 409 and everything in the way, or 412.
    pub async fn merge_patients(
        &self,
        id: Uuid,
        merging: &Merging,
        etag: Option<&str>,
    ) -> Result<Tagged<Merged>> {
        let request = self.of_patient(Method::POST, id, "merge", etag)?;
        tagged(self.send(request.json(merging)).await?).await
    }

    /// Undoes a merge into this record.
    ///
    /// # Errors
    /// Refused with 404, 409 and everything that was changed in the way, or 412.
    pub async fn unmerge_patients(
        &self,
        id: Uuid,
        merge: i64,
        etag: Option<&str>,
    ) -> Result<Tagged<Unmerged>> {
        let request = self.of_patient(Method::POST, id, "unmerge", etag)?;
        tagged(self.send(request.json(&Unmerging { merge })).await?).await
    }

    /// The merges into a record, newest first.
    ///
    /// # Errors
    /// Refused with 404 if it is not there.
    pub async fn merges(&self, id: Uuid) -> Result<Vec<Merge>> {
        let path = format!("v1/api/desk/patients/{id}/merges/");
        self.get(&path, &()).await
    }

    /// Links a record to the account with this e-mail.
    ///
    /// # Errors
    /// Refused with 400 on `email`, 404, 409 or 412.
    pub async fn link_account(
        &self,
        id: Uuid,
        email: &str,
        etag: Option<&str>,
    ) -> Result<Tagged<Patient>> {
        let link = AccountLink {
            email: email.to_owned(),
        };
        let request = self.of_patient(Method::POST, id, "account", etag)?;
        tagged(self.send(request.json(&link)).await?).await
    }

    /// Unlinks a record from its account.
    ///
    /// # Errors
    /// Refused with 404 if there is no account, or 412.
    pub async fn unlink_account(&self, id: Uuid, etag: Option<&str>) -> Result<()> {
        let request = self.of_patient(Method::DELETE, id, "account", etag)?;
        self.send(request).await?;
        Ok(())
    }

    fn of_patient(
        &self,
        method: Method,
        id: Uuid,
        what: &str,
        etag: Option<&str>,
    ) -> Result<RequestBuilder> {
        let request = self.request(method, &format!("v1/api/desk/patients/{id}/{what}/"))?;
        Ok(match etag {
            Some(etag) => request.header(IF_MATCH, etag),
            None => request,
        })
    }
}
