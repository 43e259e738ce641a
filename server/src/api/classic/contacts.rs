//! `/contacts/`.

use clinic_shared::classic::contacts::{Contact, ContactChange, ContactInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::clinic::{Answer, Clinic, contacts};
use crate::store::contacts::ContactRow;

impl Input for ContactInput {}

impl Input for ContactChange {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/contacts", tag = "Tag::ClassicContacts")]
impl Api {
    /// List contact requests
    ///
    /// All of them, newest first, as a plain array.
    #[oai(path = "/", method = "get", operation_id = "list_contacts")]
    async fn list(&self, clinic: Data<&Clinic>, call: Data<&Call>) -> Answer<Shown<Vec<Contact>>> {
        let rows = contacts::all(&clinic, &call.who).await?;
        Ok(Shown(rows.into_iter().map(shown).collect()))
    }

    /// Write to the clinic
    #[oai(path = "/", method = "post", operation_id = "create_contact")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<ContactInput>,
    ) -> Answer<Created<Contact>> {
        let (input, faults, _) = body.parts();
        let made = contacts::create(&clinic, &call.who, input, faults).await?;
        let location = call.url(&format!("/contacts/{}/", made.id));
        Ok(Created {
            value: shown(made),
            location,
            version: None,
        })
    }

    /// Show a contact request
    #[oai(path = "/:id/", method = "get", operation_id = "get_contact")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Shown<Contact>> {
        let row = contacts::show_plain(&clinic, &call.who, *id).await?;
        Ok(Shown(shown(row)))
    }

    /// Correct a contact request
    #[oai(path = "/:id/", method = "put", operation_id = "replace_contact")]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<ContactInput>,
    ) -> Answer<Shown<Contact>> {
        let (form, faults, _) = body.parts();
        let row = contacts::change(&clinic, &call.who, *id, form.into(), faults).await?;
        Ok(Shown(shown(row)))
    }

    /// Correct some fields of a contact request
    #[oai(path = "/:id/", method = "patch", operation_id = "change_contact")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<ContactChange>,
    ) -> Answer<Shown<Contact>> {
        let (form, faults, _) = body.parts();
        let row = contacts::change(&clinic, &call.who, *id, form.into(), faults).await?;
        Ok(Shown(shown(row)))
    }

    /// Delete a contact request
    #[oai(path = "/:id/", method = "delete", operation_id = "delete_contact")]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        contacts::delete(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}

fn shown(row: ContactRow) -> Contact {
    Contact {
        id: row.id,
        name: row.name,
        phone: row.phone,
        message: row.message,
    }
}
