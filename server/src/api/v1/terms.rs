//! `/v1/api/doctor/designations/` and `/v1/api/doctor/specializations/`.

use clinic_shared::Page;
use clinic_shared::classic::taxonomies as classic;
use clinic_shared::v1::terms::{Term, TermChange, TermInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::paging::Window;
use crate::clinic::taxonomies::{self, Taxonomy, TermRow};
use crate::clinic::{Answer, Clinic, Faults};

const READ_ONLY: &[&str] = &["id", "created_at", "updated_at"];

impl Input for TermInput {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

impl Input for TermChange {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

pub(in crate::api) struct Api;

/// Which page was asked for.
type Asked = (
    Query<Option<String>>,
    Query<Option<String>>,
    Query<Option<String>>,
);

#[OpenApi(prefix_path = "/v1/api/doctor", tag = "Tag::V1Doctors")]
impl Api {
    /// List designations
    #[oai(
        path = "/designations/",
        method = "get",
        operation_id = "list_designations_v1"
    )]
    async fn designations(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Term>>> {
        list(
            &clinic,
            &call,
            Taxonomy::Designations,
            (page, limits, cursor),
        )
        .await
    }

    /// Make a designation
    ///
    /// For admins.
    #[oai(
        path = "/designations/",
        method = "post",
        operation_id = "create_designation_v1"
    )]
    async fn create_designation(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<TermInput>,
    ) -> Answer<Created<Term>> {
        create(&clinic, &call, Taxonomy::Designations, body).await
    }

    /// Show a designation
    #[oai(
        path = "/designations/:id/",
        method = "get",
        operation_id = "get_designation_v1"
    )]
    async fn designation(&self, clinic: Data<&Clinic>, id: Path<i64>) -> Answer<Tagged<Term>> {
        let row = taxonomies::show(&clinic, Taxonomy::Designations, *id).await?;
        Ok(tagged(row))
    }

    /// Change a designation
    ///
    /// For admins. An absent slug is made of the name.
    #[oai(
        path = "/designations/:id/",
        method = "put",
        operation_id = "replace_designation_v1"
    )]
    async fn replace_designation(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the designation as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<TermInput>,
    ) -> Answer<Tagged<Term>> {
        let sent = whole(body);
        change(
            &clinic,
            &call,
            (Taxonomy::Designations, *id),
            &if_match,
            sent,
        )
        .await
    }

    /// Change some fields of a designation
    ///
    /// For admins.
    #[oai(
        path = "/designations/:id/",
        method = "patch",
        operation_id = "change_designation_v1"
    )]
    async fn change_designation(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the designation as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<TermChange>,
    ) -> Answer<Tagged<Term>> {
        let (form, faults, _) = body.parts();
        let sent = (form, faults);
        change(
            &clinic,
            &call,
            (Taxonomy::Designations, *id),
            &if_match,
            sent,
        )
        .await
    }

    /// Delete a designation
    ///
    /// For admins. Doctors who had it do not have it any more.
    #[oai(
        path = "/designations/:id/",
        method = "delete",
        operation_id = "delete_designation_v1"
    )]
    async fn delete_designation(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        taxonomies::delete(&clinic, &call.who, Taxonomy::Designations, *id).await?;
        Ok(Gone)
    }

    /// List specializations
    #[oai(
        path = "/specializations/",
        method = "get",
        operation_id = "list_specializations"
    )]
    async fn specializations(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Term>>> {
        list(
            &clinic,
            &call,
            Taxonomy::Specialisations,
            (page, limits, cursor),
        )
        .await
    }

    /// Make a specialization
    ///
    /// For admins.
    #[oai(
        path = "/specializations/",
        method = "post",
        operation_id = "create_specialization"
    )]
    async fn create_specialization(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<TermInput>,
    ) -> Answer<Created<Term>> {
        create(&clinic, &call, Taxonomy::Specialisations, body).await
    }

    /// Show a specialization
    #[oai(
        path = "/specializations/:id/",
        method = "get",
        operation_id = "get_specialization"
    )]
    async fn specialization(&self, clinic: Data<&Clinic>, id: Path<i64>) -> Answer<Tagged<Term>> {
        let row = taxonomies::show(&clinic, Taxonomy::Specialisations, *id).await?;
        Ok(tagged(row))
    }

    /// Change a specialization
    ///
    /// For admins. An absent slug is made of the name.
    #[oai(
        path = "/specializations/:id/",
        method = "put",
        operation_id = "replace_specialization"
    )]
    async fn replace_specialization(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the specialization as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<TermInput>,
    ) -> Answer<Tagged<Term>> {
        let sent = whole(body);
        change(
            &clinic,
            &call,
            (Taxonomy::Specialisations, *id),
            &if_match,
            sent,
        )
        .await
    }

    /// Change some fields of a specialization
    ///
    /// For admins.
    #[oai(
        path = "/specializations/:id/",
        method = "patch",
        operation_id = "change_specialization"
    )]
    async fn change_specialization(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the specialization as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<TermChange>,
    ) -> Answer<Tagged<Term>> {
        let (form, faults, _) = body.parts();
        let sent = (form, faults);
        change(
            &clinic,
            &call,
            (Taxonomy::Specialisations, *id),
            &if_match,
            sent,
        )
        .await
    }

    /// Delete a specialization
    ///
    /// For admins. Doctors who had it do not have it any more.
    #[oai(
        path = "/specializations/:id/",
        method = "delete",
        operation_id = "delete_specialization"
    )]
    async fn delete_specialization(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        taxonomies::delete(&clinic, &call.who, Taxonomy::Specialisations, *id).await?;
        Ok(Gone)
    }
}

async fn list(
    clinic: &Clinic,
    call: &Call,
    of: Taxonomy,
    (page, limits, cursor): Asked,
) -> Answer<Shown<Page<Term>>> {
    let window = Window::read(page.as_deref(), limits.as_deref())?;
    let paging = window.at_cursor(cursor.0);
    let found = taxonomies::page(clinic, of, &paging).await?;
    Ok(Shown(window.scrolled(call, &paging, found.map(shown))))
}

async fn create(
    clinic: &Clinic,
    call: &Call,
    of: Taxonomy,
    body: Body<TermInput>,
) -> Answer<Created<Term>> {
    let (input, faults, _) = body.parts();
    let input = classic::TermInput {
        name: input.name,
        slug: input.slug,
    };
    let made = taxonomies::create(clinic, &call.who, of, input, faults).await?;
    let path = call.uri.path().trim_end_matches('/');
    Ok(Created {
        location: call.url(&format!("{path}/{}/", made.id)),
        version: Some(made.version),
        value: shown(made),
    })
}

/// What PUT says: an absent slug is made of the name, as for a new one.
fn whole(body: Body<TermInput>) -> (TermChange, Faults) {
    let (input, faults, _) = body.parts();
    let change = TermChange {
        name: Some(input.name),
        slug: Some(input.slug.unwrap_or_default()),
    };
    (change, faults)
}

async fn change(
    clinic: &Clinic,
    call: &Call,
    which: (Taxonomy, i64),
    if_match: &Header<Option<String>>,
    (form, faults): (TermChange, Faults),
) -> Answer<Tagged<Term>> {
    let expected = expected_versions(if_match.as_deref());
    let expected = expected.as_deref();
    let row = taxonomies::change(clinic, &call.who, which, form, expected, faults).await?;
    Ok(tagged(row))
}

fn tagged(row: TermRow) -> Tagged<Term> {
    Tagged {
        version: row.version,
        value: shown(row),
    }
}

fn shown(row: TermRow) -> Term {
    Term {
        id: row.id,
        name: row.name,
        slug: row.slug,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
