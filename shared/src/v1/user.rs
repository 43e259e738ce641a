//! `/v1/api/user/` (API.md §4).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Role;
use crate::macros::secret_debug;

/// The caller's own account: `me/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Me {
    /// The account's id.
    pub id: Uuid,
    /// The sign-in name.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// Given name, may be empty.
    pub first_name: String,
    /// Family name, may be empty.
    pub last_name: String,
    /// What the account may do.
    pub role: Role,
    /// Whether the e-mail was proved.
    pub is_verified: bool,
    /// The account's own switch: signing in takes a code as well.
    #[serde(default)]
    pub login_codes: bool,
    /// Whether signing in takes a code, by this switch or by the clinic's setting.
    #[serde(default)]
    pub signs_in_with_code: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// Body of `PATCH me/`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct MeChange {
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub last_name: Option<String>,
    /// Whether signing in takes a code as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_codes: Option<bool>,
}

/// Body of `change-password/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct ChangePassword {
    /// The password now.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 256)))]
    pub old_password: String,
    /// The password from now on.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 256)))]
    pub new_password: String,
}

/// Body of `register/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "V1Register", deny_unknown_fields)
)]
pub struct RegisterV1 {
    /// Unique whatever its case; the sign-in name too.
    #[cfg_attr(
        feature = "openapi",
        oai(validator(
            min_length = 3,
            max_length = 150,
            pattern = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"
        ))
    )]
    pub email: String,
    /// At least 8 characters, not a common one.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 256)))]
    pub password: String,
    /// The same again, compared when sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 256)))]
    pub password2: Option<String>,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(max_length = 150)))]
    pub last_name: Option<String>,
}

/// An account as registering and activating answer it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct EmailUser {
    /// The e-mail address.
    pub email: String,
    /// Whether it was proved.
    pub is_verified: bool,
}

/// Answer of `register/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "V1Registered")
)]
pub struct RegisteredV1 {
    /// What to do now.
    pub message: String,
    /// The account, the same whether the address was known or not.
    pub user: EmailUser,
}

/// Answer of `account/activate/`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Activated {
    /// That it worked.
    pub message: String,
    /// The account.
    pub user: EmailUser,
    /// JWT, five minutes by default.
    pub access: String,
    /// JWT, a week by default, good for one refresh.
    pub refresh: String,
}

/// Body of `login/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct EmailLogin {
    /// The e-mail address.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 254)))]
    pub email: String,
    /// The password.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 256)))]
    pub password: String,
}

/// Answer of `login/` where the account wants a code as well: 202.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct CodeAsked {
    /// Always true.
    pub otp_required: bool,
    /// What to do now.
    pub detail: String,
}

/// Body of `account/activate/` and `login/otp/verify/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct OtpForm {
    /// The e-mail address.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 254)))]
    pub email: String,
    /// The six digits from the mail.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 32)))]
    pub otp: String,
}

/// Body of everything that mails a code again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct EmailForm {
    /// The e-mail address.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 254)))]
    pub email: String,
}

/// Body of `forget-password/confirm/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct ConfirmReset {
    /// The e-mail address.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 254)))]
    pub email: String,
    /// The six digits from the mail.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 32)))]
    pub otp: String,
    /// The password from now on.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 256)))]
    pub new_password: String,
}

/// Body of `me/email/confirm/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct ConfirmEmail {
    /// The six digits from the mail to the new address.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 32)))]
    pub otp: String,
    /// The password.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 256)))]
    pub password: String,
}

/// Body of `token/verify/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct TokenForm {
    /// An access or a refresh token.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 4096)))]
    pub token: String,
}

/// Body of `token/refresh/`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct RefreshForm {
    /// The refresh token.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 4096)))]
    pub refresh: String,
}

/// Body of `logout/`.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(deny_unknown_fields)
)]
pub struct SignOut {
    /// The refresh token of the session to end; without it, the bearer's session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 4096)))]
    pub refresh: Option<String>,
}

secret_debug!(
    ChangePassword,
    RegisterV1,
    Activated,
    EmailLogin,
    OtpForm,
    ConfirmReset,
    ConfirmEmail,
    TokenForm,
    RefreshForm,
    SignOut,
);

/// An answer that is only a sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Told {
    /// The sentence.
    pub detail: String,
}

/// An answer without anything in it: `{}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Nothing {}

/// One of the caller's sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Whether this request came with it.
    pub is_current: bool,
    /// Which document opened it: `classic` or `v1`.
    pub family: String,
    /// From which address it was opened.
    pub address: Option<String>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When its tokens were last renewed; null if never, and on classic.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// When it ends whatever is refreshed.
    pub expires_at: DateTime<Utc>,
}

/// A line of `list/`, for admins.
pub type ListedUser = crate::desk::users::User;
