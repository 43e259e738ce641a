//! Accounts, for admins (API.md §7 `users/`).

use reqwest::Method;
use reqwest::header::IF_MATCH;
use serde::Serialize;
use uuid::Uuid;

use super::{Client, Result, Tagged, tagged};
use crate::desk::users::{Invitation, User, UserChange};
use crate::{Page, Role};

/// What to list: `GET /v1/api/desk/users/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UserQuery {
    /// Words in username, e-mail or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Only of this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only those that may, or may not, sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// The `cursor` of the previous page's `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<u32>,
}

impl Client {
    /// A page of accounts, by number.
    ///
    /// # Errors
    /// Refused with 403 unless the caller is an admin.
    pub async fn users(&self, query: &UserQuery) -> Result<Page<User>> {
        self.get("v1/api/desk/users/", query).await
    }

    /// One account.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn user(&self, id: Uuid) -> Result<Tagged<User>> {
        let request = self.request(Method::GET, &format!("v1/api/desk/users/{id}/"))?;
        tagged(self.send(request).await?).await
    }

    /// Invites somebody who will work here: a mail with a code goes to them.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn invite_user(&self, invitation: &Invitation) -> Result<Tagged<User>> {
        let request = self
            .request(Method::POST, "v1/api/desk/users/")?
            .json(invitation);
        tagged(self.send(request).await?).await
    }

    /// Changes an account; `etag` makes the change fail (412) if somebody else was faster.
    ///
    /// # Errors
    /// Refused with 400, 404, 409 for the last admin, or 412.
    pub async fn change_user(
        &self,
        id: Uuid,
        change: &UserChange,
        etag: Option<&str>,
    ) -> Result<Tagged<User>> {
        let mut request = self
            .request(Method::PATCH, &format!("v1/api/desk/users/{id}/"))?
            .json(change);
        if let Some(etag) = etag {
            request = request.header(IF_MATCH, etag);
        }
        tagged(self.send(request).await?).await
    }

    /// Ends all sessions of an account.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn end_user_sessions(&self, id: Uuid) -> Result<()> {
        let path = format!("v1/api/desk/users/{id}/sessions/");
        let request = self.request(Method::DELETE, &path)?;
        self.send(request).await?;
        Ok(())
    }
}
