//! `/v1/api/user/`.

use clinic_shared::classic::accounts::Message;
use clinic_shared::v1::user::{ChangePassword, Me};
use poem::web::Data;
use poem_openapi::OpenApi;

use crate::api::Tag;
use crate::api::answers::Shown;
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::clinic::{Answer, Clinic, accounts};

impl Input for ChangePassword {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/user", tag = "Tag::V1User")]
impl Api {
    /// Show the caller's account
    #[oai(path = "/me/", method = "get", operation_id = "me")]
    async fn me(&self, clinic: Data<&Clinic>, call: Data<&Call>) -> Answer<Shown<Me>> {
        accounts::me(&clinic, &call.who).await.map(Shown)
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
}
