//! `/v1/api/doctor/reviews/`.

use clinic_shared::Page;
use clinic_shared::classic::reviews::Stars;
use clinic_shared::v1::appointments::Named;
use clinic_shared::v1::reviews::{Review, ReviewChange, ReviewInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown, Tagged, expected_versions};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::paging::Window;
use crate::clinic::reviews::{self, Form, Listing};
use crate::clinic::{Answer, Clinic, Faults, doctors};
use crate::store::review_lists::LineRow;
use crate::store::reviews::ReviewRow;

const READ_ONLY: &[&str] = &["id", "reviewer", "created_at", "updated_at"];

impl Input for ReviewInput {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

impl Input for ReviewChange {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

pub(in crate::api) struct Api;

/// What a list of reviews is asked for.
pub(super) struct Asked {
    pub(super) doctor: Option<Uuid>,
    pub(super) star: Option<i64>,
    pub(super) search: Option<String>,
    pub(super) page: Option<String>,
    pub(super) limits: Option<String>,
    pub(super) cursor: Option<String>,
}

#[OpenApi(prefix_path = "/v1/api/doctor/reviews", tag = "Tag::V1Doctors")]
impl Api {
    /// List reviews
    ///
    /// By number. A search for words that very many names have stops at 1000.
    #[oai(path = "/", method = "get", operation_id = "list_reviews_v1")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// About this doctor.
        doctor: Query<Option<Uuid>>,
        /// With so many stars.
        star: Query<Option<i64>>,
        /// Words of the doctor's or the reviewer's name.
        search: Query<Option<String>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Review>>> {
        let asked = Asked {
            doctor: doctor.0,
            star: star.0,
            search: search.0,
            page: page.0,
            limits: limits.0,
            cursor: cursor.0,
        };
        found(&clinic, &call, asked).await.map(Shown)
    }

    /// Review a doctor
    ///
    /// For patients, once a doctor.
    #[oai(path = "/", method = "post", operation_id = "create_review_v1")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<ReviewInput>,
    ) -> Answer<Created<Review>> {
        let (input, faults, _) = body.parts();
        let made = reviews::create(&clinic, &call.who, input.into(), faults).await?;
        Ok(Created {
            location: call.url(&format!("/v1/api/doctor/reviews/{}/", made.id)),
            version: Some(made.version),
            value: shown(made.into()),
        })
    }

    /// Show a review
    #[oai(path = "/:id/", method = "get", operation_id = "get_review_v1")]
    async fn get(&self, clinic: Data<&Clinic>, id: Path<i64>) -> Answer<Tagged<Review>> {
        reviews::show(&clinic, *id).await.map(tagged)
    }

    /// Change a review
    ///
    /// For its author. The doctor stays the same.
    #[oai(path = "/:id/", method = "put", operation_id = "replace_review_v1")]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the review as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<ReviewInput>,
    ) -> Answer<Tagged<Review>> {
        let (form, faults, _) = body.parts();
        let sent = (Form::whole(form), faults);
        changed(&clinic, &call, *id, &if_match, sent).await
    }

    /// Change some fields of a review
    ///
    /// For its author. The doctor stays the same.
    #[oai(path = "/:id/", method = "patch", operation_id = "change_review_v1")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        /// The `ETag` of the review as the caller saw it.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<ReviewChange>,
    ) -> Answer<Tagged<Review>> {
        let (form, faults, _) = body.parts();
        let sent = (Form::of_v1(form), faults);
        changed(&clinic, &call, *id, &if_match, sent).await
    }

    /// Delete a review
    ///
    /// For its author, and for admins.
    #[oai(path = "/:id/", method = "delete", operation_id = "delete_review_v1")]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        reviews::delete(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}

/// A page of what a list asks for.
pub(super) async fn found(clinic: &Clinic, call: &Call, asked: Asked) -> Answer<Page<Review>> {
    let window = Window::read(asked.page.as_deref(), asked.limits.as_deref())?;
    let paging = window.at_cursor(asked.cursor);
    let doctors = match asked.doctor {
        None => Vec::new(),
        Some(id) => vec![doctors::number_of(clinic, id).await?],
    };
    let stars: Vec<Stars> = asked.star.and_then(Stars::new).into_iter().collect();
    if asked.star.is_some() && stars.is_empty() {
        // Nobody gave so many.
        let nothing = paging.listed(0, Vec::new(), |row: &LineRow| row.id)?;
        return Ok(window.scrolled(call, &paging, nothing.map(shown)));
    }
    let listing = Listing {
        doctors,
        reviewers: Vec::new(),
        stars,
        search: asked.search,
    };
    let found = reviews::list(clinic, &listing, &paging).await?;
    Ok(window.scrolled(call, &paging, found.map(shown)))
}

async fn changed(
    clinic: &Clinic,
    call: &Call,
    id: i64,
    if_match: &Header<Option<String>>,
    (form, faults): (Form, Faults),
) -> Answer<Tagged<Review>> {
    let expected = expected_versions(if_match.as_deref());
    let expected = expected.as_deref();
    let row = reviews::change(clinic, &call.who, id, form, expected, faults).await?;
    Ok(tagged(row))
}

fn tagged(row: ReviewRow) -> Tagged<Review> {
    Tagged {
        version: row.version,
        value: shown(row.into()),
    }
}

fn shown(row: LineRow) -> Review {
    Review {
        id: row.id,
        doctor: Named {
            id: row.doctor_uid,
            full_name: row.doctor_name,
        },
        reviewer: row.reviewer,
        body: row.body,
        star: row.stars,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
