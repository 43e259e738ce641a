//! `/v1/api/user/`: the caller's own account and sessions, and the list for admins.

use clinic_shared::classic::accounts::Message;
use clinic_shared::desk::users::User;
use clinic_shared::v1::user::{
    ChangePassword, ConfirmEmail, EmailForm, Me, MeChange, Session, Told,
};
use clinic_shared::{Page, Role};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Gone, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::paging::Window;
use crate::clinic::accounts::{self, Filter};
use crate::clinic::{Answer, Clinic};

impl Input for ChangePassword {}
impl Input for ConfirmEmail {}
impl Input for MeChange {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "username",
        "email",
        "role",
        "is_verified",
        "signs_in_with_code",
        "created_at",
        "updated_at",
    ];
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/user", tag = "Tag::V1User")]
impl Api {
    /// Show the caller's account
    #[oai(path = "/me/", method = "get", operation_id = "me")]
    async fn me(&self, clinic: Data<&Clinic>, call: Data<&Call>) -> Answer<Tagged<Me>> {
        let (value, version) = accounts::me(&clinic, &call.who).await?;
        Ok(Tagged { value, version })
    }

    /// Change the caller's account
    ///
    /// What is absent stays. A new e-mail address takes a code: `me/email/`.
    #[oai(path = "/me/", method = "patch", operation_id = "change_me")]
    async fn change_me(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The `ETag` that was loaded: 412 if the account has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<MeChange>,
    ) -> Answer<Tagged<Me>> {
        let (form, faults, _) = body.parts();
        let expected = expected_versions(if_match.as_deref());
        let sent = (form, faults);
        let (value, version) =
            accounts::change_me(&clinic, &call.who, sent, expected.as_deref()).await?;
        Ok(Tagged { value, version })
    }

    /// Ask for another e-mail address
    ///
    /// A code goes to the new address and a notice to the old one, which stays until the code is
    /// entered at `me/email/confirm/`.
    #[oai(
        path = "/me/email/",
        method = "post",
        operation_id = "ask_email_change"
    )]
    async fn ask_email(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<EmailForm>,
    ) -> Answer<Shown<Told>> {
        accounts::ask_email_change(&clinic, &call.who, &body.sound()?.email).await?;
        Ok(Shown(Told {
            detail: "A code was mailed to the new address; it counts once you have entered it."
                .to_owned(),
        }))
    }

    /// Take the new e-mail address
    ///
    /// With the code from its mail and the password. The caller's other sessions end.
    #[oai(
        path = "/me/email/confirm/",
        method = "post",
        operation_id = "confirm_email_change"
    )]
    async fn confirm_email(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<ConfirmEmail>,
    ) -> Answer<Tagged<Me>> {
        accounts::confirm_email(&clinic, &call.who, body.sound()?).await?;
        let (value, version) = accounts::me(&clinic, &call.who).await?;
        Ok(Tagged { value, version })
    }

    /// Change the caller's password
    ///
    /// Ends the caller's other sessions and keeps this one.
    #[oai(
        path = "/change-password/",
        method = "post",
        operation_id = "change_password"
    )]
    async fn change_password(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<ChangePassword>,
    ) -> Answer<Shown<Message>> {
        accounts::change_password(&clinic, &call.who, body.sound()?).await?;
        Ok(Shown(Message {
            message: "Password changed successfully.".to_owned(),
        }))
    }

    /// List the caller's sessions
    ///
    /// A plain array, newest first.
    #[oai(path = "/sessions/", method = "get", operation_id = "list_sessions")]
    async fn sessions(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
    ) -> Answer<Shown<Vec<Session>>> {
        accounts::own_sessions(&clinic, &call.who).await.map(Shown)
    }

    /// End one of the caller's sessions
    #[oai(
        path = "/sessions/:id/",
        method = "delete",
        operation_id = "end_session"
    )]
    async fn end_session(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<Uuid>,
    ) -> Answer<Gone> {
        accounts::end_session(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }

    /// List accounts
    #[oai(path = "/list/", method = "get", operation_id = "list_users")]
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
}
