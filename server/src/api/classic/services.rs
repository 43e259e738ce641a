//! `/services/`.

use clinic_shared::classic::services::{NewService, Service, ServiceChange, ServiceInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown, Written};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::lists::{self, List};
use crate::api::media::picture_url;
use crate::clinic::{Answer, Clinic, services};
use crate::store::services::ServiceRow;

/// The picture's field in forms.
const FILE: &str = "image";

impl Input for NewService {
    const FILE: Option<&'static str> = Some(FILE);
    const FILE_REQUIRED: bool = true;
}

impl Input for ServiceInput {
    const FILE: Option<&'static str> = Some(FILE);
}

impl Input for ServiceChange {
    const FILE: Option<&'static str> = Some(FILE);
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/services", tag = "Tag::ClassicServices")]
impl Api {
    /// List services
    ///
    /// All of them, as a plain array.
    #[oai(path = "/", method = "get", operation_id = "list_services")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
    ) -> Answer<Written<Vec<Service>>> {
        let read = async || {
            let rows = services::list(&clinic).await?.into_iter();
            let shown = rows.map(|row| shown(&clinic, &call, row));
            Ok(shown.collect::<Vec<_>>())
        };
        let body = lists::body(&clinic, &call, Some(List::Services), read).await?;
        Ok(Written::of(body))
    }

    /// Make a service
    #[oai(path = "/", method = "post", operation_id = "create_service")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<NewService>,
    ) -> Answer<Created<Service>> {
        let (new, faults, file) = body.parts();
        let made = services::create(&clinic, &call.who, new.into(), faults, file).await?;
        let location = call.url(&format!("/services/{}/", made.id));
        Ok(Created {
            value: shown(&clinic, &call, made),
            location,
            version: None,
        })
    }

    /// Show a service
    #[oai(path = "/:id/", method = "get", operation_id = "get_service")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Shown<Service>> {
        let row = services::show(&clinic, *id).await?;
        Ok(Shown(shown(&clinic, &call, row)))
    }

    /// Change a service
    ///
    /// Without another picture it keeps the one it has.
    #[oai(path = "/:id/", method = "put", operation_id = "replace_service")]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<ServiceInput>,
    ) -> Answer<Shown<Service>> {
        let (form, faults, file) = body.parts();
        let row = services::change(&clinic, &call.who, *id, form.into(), faults, file).await?;
        Ok(Shown(shown(&clinic, &call, row)))
    }

    /// Change some fields of a service
    #[oai(path = "/:id/", method = "patch", operation_id = "change_service")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<ServiceChange>,
    ) -> Answer<Shown<Service>> {
        let (form, faults, file) = body.parts();
        let row = services::change(&clinic, &call.who, *id, form.into(), faults, file).await?;
        Ok(Shown(shown(&clinic, &call, row)))
    }

    /// Delete a service
    #[oai(path = "/:id/", method = "delete", operation_id = "delete_service")]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        services::delete(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}

fn shown(clinic: &Clinic, call: &Call, row: ServiceRow) -> Service {
    Service {
        id: row.id,
        image: picture_url(clinic, call, &row.image),
        name: row.name,
        description: row.description,
    }
}
