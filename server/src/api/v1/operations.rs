//! `/v1/api/operations/`: applying to become a doctor.

use clinic_shared::v1::qualifications::{Application, ApplicationInput};
use poem::web::Data;
use poem_openapi::OpenApi;

use crate::api::Tag;
use crate::api::answers::{Created, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::media::picture_url;
use crate::clinic::{Answer, Clinic, applications};
use crate::store::applications::ApplicationRow;

impl Input for ApplicationInput {
    const FILE: Option<&'static str> = Some("certificate_img");
    const FILE_REQUIRED: bool = true;
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/operations", tag = "Tag::V1Operations")]
impl Api {
    /// Apply to become a doctor
    ///
    /// For patients; one application at a time. An admin decides, and a mail tells.
    #[oai(
        path = "/apply/to-be/doctor/",
        method = "post",
        operation_id = "apply_to_be_doctor"
    )]
    async fn apply(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<ApplicationInput>,
    ) -> Answer<Created<Application>> {
        let (input, faults, file) = body.parts();
        let made = applications::apply(&clinic, &call.who, input, faults, file).await?;
        Ok(Created {
            location: call.url("/v1/api/operations/apply/to-be/doctor/"),
            version: None,
            value: shown(&clinic, &call, made),
        })
    }

    /// List the caller's applications
    ///
    /// A plain array, newest first.
    #[oai(
        path = "/apply/to-be/doctor/",
        method = "get",
        operation_id = "my_doctor_applications"
    )]
    async fn own(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
    ) -> Answer<Shown<Vec<Application>>> {
        let rows = applications::own(&clinic, &call.who).await?;
        let rows = rows.into_iter();
        let rows = rows.map(|row| shown(&clinic, &call, row)).collect();
        Ok(Shown(rows))
    }
}

fn shown(clinic: &Clinic, call: &Call, row: ApplicationRow) -> Application {
    let certificate = picture_url(clinic, call, &row.certificate);
    applications::wire(row, certificate)
}
