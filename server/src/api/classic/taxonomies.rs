//! `/designations/` and `/specialisations/`.

use clinic_shared::classic::taxonomies::{Term, TermInput};
use poem::web::Data;
use poem_openapi::OpenApi;

use crate::api::Tag;
use crate::api::answers::{Created, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::clinic::taxonomies::{self, Taxonomy, TermRow};
use crate::clinic::{Answer, Clinic};

impl Input for TermInput {}

pub(in crate::api) struct Api;

#[OpenApi(tag = "Tag::ClassicTaxonomies")]
impl Api {
    /// List designations
    #[oai(
        path = "/designations/",
        method = "get",
        operation_id = "list_designations"
    )]
    async fn designations(&self, clinic: Data<&Clinic>) -> Answer<Shown<Vec<Term>>> {
        list(&clinic, Taxonomy::Designations).await
    }

    /// Make a designation
    ///
    /// For admins.
    #[oai(
        path = "/designations/",
        method = "post",
        operation_id = "create_designation"
    )]
    async fn create_designation(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<TermInput>,
    ) -> Answer<Created<Term>> {
        create(&clinic, &call, Taxonomy::Designations, body).await
    }

    /// List specialisations
    #[oai(
        path = "/specialisations/",
        method = "get",
        operation_id = "list_specialisations"
    )]
    async fn specialisations(&self, clinic: Data<&Clinic>) -> Answer<Shown<Vec<Term>>> {
        list(&clinic, Taxonomy::Specialisations).await
    }

    /// Make a specialisation
    ///
    /// For admins.
    #[oai(
        path = "/specialisations/",
        method = "post",
        operation_id = "create_specialisation"
    )]
    async fn create_specialisation(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<TermInput>,
    ) -> Answer<Created<Term>> {
        create(&clinic, &call, Taxonomy::Specialisations, body).await
    }
}

async fn list(clinic: &Clinic, of: Taxonomy) -> Answer<Shown<Vec<Term>>> {
    let terms = taxonomies::list(clinic, of).await?;
    Ok(Shown(terms.into_iter().map(shown).collect()))
}

async fn create(
    clinic: &Clinic,
    call: &Call,
    of: Taxonomy,
    body: Body<TermInput>,
) -> Answer<Created<Term>> {
    let (input, faults, _) = body.parts();
    let made = taxonomies::create(clinic, &call.who, of, input, faults).await?;
    Ok(Created {
        value: shown(made),
        // There is no page of a single one.
        location: call.url(call.uri.path()),
        version: None,
    })
}

fn shown(row: TermRow) -> Term {
    Term {
        id: row.id,
        name: row.name,
        slug: row.slug,
    }
}
