//! `/api/user/register|login|logout|token/refresh/`.

use clinic_shared::classic::accounts::{
    Access, Login, Message, RefreshToken, Register, Registered, Tokens,
};
use poem::web::Data;
use poem_openapi::OpenApi;

use crate::api::Tag;
use crate::api::answers::{Created, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::clinic::{Answer, Clinic, accounts};

impl Input for Register {}
impl Input for Login {}
impl Input for RefreshToken {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/api/user", tag = "Tag::ClassicAccounts")]
impl Api {
    /// Register an account
    ///
    /// Makes the account, its profile and its patient record, and signs it in.
    #[oai(path = "/register/", method = "post", operation_id = "register")]
    async fn register(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<Register>,
    ) -> Answer<Created<Registered>> {
        let (form, faults, _) = body.parts();
        let registered = accounts::register(&clinic, &call.who, form, faults).await?;
        let location = call.url("/api/user/profiles/me/");
        Ok(Created {
            value: registered,
            location,
            version: None,
        })
    }

    /// Sign in
    ///
    /// With the username or the e-mail. A wrong password, an unknown and a disabled account all
    /// answer the same 401.
    #[oai(path = "/login/", method = "post", operation_id = "login")]
    async fn login(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<Login>,
    ) -> Answer<Shown<Tokens>> {
        accounts::sign_in(&clinic, &call.who, body.sound()?)
            .await
            .map(Shown)
    }

    /// Sign out
    ///
    /// Ends the session: its access and refresh tokens both stop. Signing out twice is fine.
    #[oai(path = "/logout/", method = "post", operation_id = "logout")]
    async fn logout(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<RefreshToken>,
    ) -> Answer<Shown<Message>> {
        accounts::sign_out(&clinic, &call.who, &body.sound()?.refresh).await?;
        Ok(Shown(Message {
            message: "Logout successful".to_owned(),
        }))
    }

    /// Get a new access token
    #[oai(
        path = "/token/refresh/",
        method = "post",
        operation_id = "refresh_token"
    )]
    async fn refresh_token(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<RefreshToken>,
    ) -> Answer<Shown<Access>> {
        accounts::refresh(&clinic, &call.who, &body.sound()?.refresh)
            .await
            .map(Shown)
    }
}
