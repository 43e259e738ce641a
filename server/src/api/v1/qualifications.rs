//! `/v1/api/doctor/{doctor_id}/qualifications/` and `/v1/api/doctor/qualifications/apply/`.

use clinic_shared::v1::qualifications::{Qualification, QualificationInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Created, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::media::picture_url;
use crate::clinic::{Answer, Clinic, qualifications};
use crate::store::qualifications::QualificationRow;

impl Input for QualificationInput {
    const FILE: Option<&'static str> = Some("certificate_img");
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/doctor", tag = "Tag::V1Doctors")]
impl Api {
    /// List a doctor's qualifications
    ///
    /// A plain array of the accepted ones. The doctor and staff see all of them, with certificates.
    #[oai(
        path = "/:doctor_id/qualifications/",
        method = "get",
        operation_id = "list_qualifications"
    )]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        doctor_id: Path<Uuid>,
    ) -> Answer<Shown<Vec<Qualification>>> {
        let rows = qualifications::of_doctor(&clinic, &call.who, *doctor_id).await?;
        let rows = rows.into_iter();
        let rows = rows.map(|row| shown(&clinic, &call, row)).collect();
        Ok(Shown(rows))
    }

    /// Hand in a qualification
    ///
    /// For doctors. Everybody reads it once an admin has accepted it; the certificate stays private.
    #[oai(
        path = "/qualifications/apply/",
        method = "post",
        operation_id = "apply_qualification"
    )]
    async fn apply(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<QualificationInput>,
    ) -> Answer<Created<Qualification>> {
        let (input, faults, file) = body.parts();
        let made = qualifications::apply(&clinic, &call.who, input, faults, file).await?;
        let path = format!("/v1/api/doctor/{}/qualifications/", made.doctor_uid);
        Ok(Created {
            location: call.url(&path),
            version: None,
            value: shown(&clinic, &call, made),
        })
    }
}

/// A qualification with the URL of its certificate.
pub(super) fn shown(clinic: &Clinic, call: &Call, row: QualificationRow) -> Qualification {
    let certificate = row.certificate.as_deref();
    let certificate = certificate.map(|key| picture_url(clinic, call, key));
    qualifications::wire(row, certificate)
}
