//! `/v1/api/desk/users/`: accounts, for admins.

use clinic_shared::desk::users::{Invitation, User, UserChange};
use clinic_shared::{Page, Role};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::paging::Window;
use crate::clinic::accounts::{self, Filter};
use crate::clinic::{Answer, Clinic};

impl Input for Invitation {}
impl Input for UserChange {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "number",
        "username",
        "is_verified",
        "has_password",
        "signs_in_with_code",
        "created_at",
        "updated_at",
    ];
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/users", tag = "Tag::DeskUsers")]
impl Api {
    /// List accounts
    ///
    /// By number. For admins.
    #[oai(path = "/", method = "get", operation_id = "desk_list_users")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Words in username, e-mail, first or last name.
        search: Query<Option<String>>,
        /// Only of this role.
        role: Query<Option<Role>>,
        /// Only those that may, or may not, sign in.
        is_active: Query<Option<bool>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<User>>> {
        let filter = Filter {
            search: search.0,
            role: role.0,
            is_active: is_active.0,
        };
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found = accounts::list_users(&clinic, &call.who, &filter, &paging).await?;
        Ok(Shown(window.scrolled(&call, &paging, found)))
    }

    /// Invite somebody who will work here
    ///
    /// Makes the account without a password and mails a code that sets one
    /// (`user/forget-password/confirm/`), which proves the address too.
    #[oai(path = "/", method = "post", operation_id = "desk_invite_user")]
    async fn invite(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<Invitation>,
    ) -> Answer<Created<User>> {
        let (form, faults, _) = body.parts();
        let (value, version) = accounts::invite(&clinic, &call.who, form, faults).await?;
        Ok(Created {
            location: call.url(&format!("/v1/api/desk/users/{}/", value.id)),
            value,
            version: Some(version),
        })
    }

    /// Show an account
    #[oai(path = "/:id/", method = "get", operation_id = "desk_get_user")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
    ) -> Answer<Tagged<User>> {
        let (value, version) = accounts::show_user(&clinic, &call.who, *id).await?;
        Ok(Tagged { value, version })
    }

    /// Change an account
    ///
    /// A new role or address, and disabling, end its sessions. The last active admin stays one
    /// (409).
    #[oai(path = "/:id/", method = "patch", operation_id = "desk_change_user")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
        /// The `ETag` that was loaded: 412 if the account has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<UserChange>,
    ) -> Answer<Tagged<User>> {
        let (form, faults, _) = body.parts();
        let expected = expected_versions(if_match.as_deref());
        let sent = (form, faults);
        let (value, version) =
            accounts::change_user(&clinic, &call.who, *id, sent, expected.as_deref()).await?;
        Ok(Tagged { value, version })
    }

    /// End an account's sessions
    #[oai(
        path = "/:id/sessions/",
        method = "delete",
        operation_id = "desk_end_user_sessions"
    )]
    async fn end_sessions(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
    ) -> Answer<Gone> {
        accounts::end_sessions(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}
