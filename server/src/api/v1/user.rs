//! `/v1/api/user/`: becoming and proving an account, signing in, tokens, forgotten passwords.

use clinic_shared::classic::accounts::Tokens;
use clinic_shared::v1::user::{
    Activated, CodeAsked, ConfirmReset, EmailForm, EmailLogin, Nothing, OtpForm, RefreshForm,
    RegisterV1, RegisteredV1, SignOut, TokenForm, Told,
};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, OpenApi};

use crate::api::Tag;
use crate::api::answers::{self, Created, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::clinic::accounts::{self, SignedIn};
use crate::clinic::{Answer, Clinic};

impl Input for RegisterV1 {}
impl Input for OtpForm {}
impl Input for EmailForm {}
impl Input for EmailLogin {}
impl Input for RefreshForm {}
impl Input for TokenForm {}
impl Input for ConfirmReset {}
impl Input for SignOut {}

/// The same whether there is such an account or not.
const CODE_SENT: &str =
    "If this address can use a code, one is on its way; it is good for five minutes.";

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/user", tag = "Tag::V1User")]
impl Api {
    /// Register an account
    ///
    /// It waits for the code that is mailed to the address. A known address gets the same answer,
    /// and its owner a mail that says so.
    #[oai(path = "/register/", method = "post", operation_id = "register_v1")]
    async fn register(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<RegisterV1>,
    ) -> Answer<Created<RegisteredV1>> {
        let (form, faults, _) = body.parts();
        let user = accounts::register_v1(&clinic, &call.who, form, faults).await?;
        Ok(Created {
            value: RegisteredV1 {
                message: "A code was mailed to you; enter it to activate your account.".to_owned(),
                user,
            },
            location: call.url("/v1/api/user/me/"),
            version: None,
        })
    }

    /// Activate an account
    ///
    /// Proves the address by the code from the mail, and signs in.
    #[oai(
        path = "/account/activate/",
        method = "post",
        operation_id = "activate_account"
    )]
    async fn activate(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<OtpForm>,
    ) -> Answer<Shown<Activated>> {
        accounts::activate(&clinic, &call.who, body.sound()?)
            .await
            .map(Shown)
    }

    /// Mail another activation code
    ///
    /// Once a minute and six times an hour at most; the answer is always the same.
    #[oai(
        path = "/account/activate/otp/resend/",
        method = "post",
        operation_id = "resend_activation_code"
    )]
    async fn resend_activation(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<EmailForm>,
    ) -> Answer<Shown<Told>> {
        accounts::resend_activation(&clinic, &call.who, &body.sound()?.email).await?;
        Ok(told(CODE_SENT))
    }

    /// Sign in
    ///
    /// A wrong password, an unknown and a disabled account all answer the same 401. Where the
    /// account wants a code as well, 202: it was mailed, go on at `login/otp/verify/`.
    #[oai(path = "/login/", method = "post", operation_id = "login_v1")]
    async fn login(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<EmailLogin>,
    ) -> Answer<LoginAnswer> {
        let signed_in = accounts::sign_in_v1(&clinic, &call.who, body.sound()?).await?;
        Ok(LoginAnswer(signed_in))
    }

    /// Finish signing in with a code
    #[oai(
        path = "/login/otp/verify/",
        method = "post",
        operation_id = "verify_login_code"
    )]
    async fn verify_code(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<OtpForm>,
    ) -> Answer<Shown<Tokens>> {
        let tokens = accounts::verify_login_code(&clinic, &call.who, body.sound()?).await?;
        Ok(Shown(tokens))
    }

    /// Mail another sign-in code
    ///
    /// Once a minute and six times an hour at most; the answer is always the same.
    #[oai(
        path = "/login/otp/resend/",
        method = "post",
        operation_id = "resend_login_code"
    )]
    async fn resend_code(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<EmailForm>,
    ) -> Answer<Shown<Told>> {
        accounts::resend_login_code(&clinic, &call.who, &body.sound()?.email).await?;
        Ok(told(CODE_SENT))
    }

    /// Get the next pair of tokens
    ///
    /// The refresh token is good once: one that comes again ends its session. Within ten seconds,
    /// and before the new pair was used, it gets the same new pair again.
    #[oai(
        path = "/token/refresh/",
        method = "post",
        operation_id = "refresh_token_v1"
    )]
    async fn refresh(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<RefreshForm>,
    ) -> Answer<Shown<Tokens>> {
        let refresh = body.sound()?.refresh;
        accounts::refresh_v1(&clinic, &call.who, &refresh)
            .await
            .map(Shown)
    }

    /// Ask whether a token would be taken
    #[oai(
        path = "/token/verify/",
        method = "post",
        operation_id = "verify_token"
    )]
    async fn verify(&self, clinic: Data<&Clinic>, body: Body<TokenForm>) -> Answer<Shown<Nothing>> {
        accounts::verify_token(&clinic, &body.sound()?.token).await?;
        Ok(Shown(Nothing {}))
    }

    /// Sign out
    ///
    /// Ends the session of the refresh token or, without one, of the bearer.
    #[oai(path = "/logout/", method = "post", operation_id = "logout_v1")]
    async fn logout(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<SignOut>,
    ) -> Answer<Shown<Told>> {
        let form = body.sound()?;
        accounts::sign_out_v1(&clinic, &call.who, form.refresh.as_deref()).await?;
        Ok(told("Signed out."))
    }

    /// Ask for a new password
    ///
    /// Mails a code; the answer is always the same.
    #[oai(
        path = "/forget-password/",
        method = "post",
        operation_id = "forget_password"
    )]
    async fn forget(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<EmailForm>,
    ) -> Answer<Shown<Told>> {
        accounts::forgot_password(&clinic, &call.who, &body.sound()?.email).await?;
        Ok(told(CODE_SENT))
    }

    /// Mail a code for a new password
    #[oai(
        path = "/forget-password/otp/send/",
        method = "post",
        operation_id = "send_reset_code"
    )]
    async fn send_reset(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<EmailForm>,
    ) -> Answer<Shown<Told>> {
        accounts::forgot_password(&clinic, &call.who, &body.sound()?.email).await?;
        Ok(told(CODE_SENT))
    }

    /// Mail another code for a new password
    ///
    /// Once a minute and six times an hour at most; the answer is always the same.
    #[oai(
        path = "/forget-password/otp/resend/",
        method = "post",
        operation_id = "resend_reset_code"
    )]
    async fn resend_reset(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<EmailForm>,
    ) -> Answer<Shown<Told>> {
        accounts::forgot_password(&clinic, &call.who, &body.sound()?.email).await?;
        Ok(told(CODE_SENT))
    }

    /// Set a new password with the code
    ///
    /// Ends all sessions and proves the address: this is how invited staff begin.
    #[oai(
        path = "/forget-password/confirm/",
        method = "post",
        operation_id = "confirm_reset"
    )]
    async fn confirm_reset(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<ConfirmReset>,
    ) -> Answer<Shown<Told>> {
        accounts::reset_password(&clinic, &call.who, body.sound()?).await?;
        Ok(told("Your new password is set; sign in with it."))
    }
}

fn told(detail: &str) -> Shown<Told> {
    Shown(Told {
        detail: detail.to_owned(),
    })
}

/// 200 with tokens, or 202: a code was mailed.
struct LoginAnswer(SignedIn);

impl IntoResponse for LoginAnswer {
    fn into_response(self) -> Response {
        match self.0 {
            SignedIn::Tokens(tokens) => Shown(tokens).into_response(),
            SignedIn::CodeAsked => {
                let asked = CodeAsked {
                    otp_required: true,
                    detail: "A code was mailed to you; enter it to sign in.".to_owned(),
                };
                let mut response = Shown(asked).into_response();
                response.set_status(StatusCode::ACCEPTED);
                response
            }
        }
    }
}

impl ApiResponse for LoginAnswer {
    fn meta() -> MetaResponses {
        let mut meta = answers::meta::<Tokens>(200, "Signed in.", &[]);
        let asked = answers::meta::<CodeAsked>(202, "A code was mailed.", &[]);
        meta.responses.extend(asked.responses);
        meta
    }

    fn register(registry: &mut Registry) {
        Tokens::register(registry);
        CodeAsked::register(registry);
    }
}
