//! `/reviews/`.

use clinic_shared::Page;
use clinic_shared::classic::reviews::{Review, ReviewChange, ReviewInput, Stars};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters::ids;
use crate::api::paging::Window;
use crate::clinic::paging::Paging;
use crate::clinic::reviews::{self, Form, Listing};
use crate::clinic::{Answer, Clinic, Refusal};
use crate::store::review_lists::LineRow;

impl Input for ReviewInput {}

impl Input for ReviewChange {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/reviews", tag = "Tag::ClassicReviews")]
impl Api {
    /// List reviews
    ///
    /// By number. Of several values of one filter any will do. A search for words that very many
    /// names have stops at 1000.
    #[oai(path = "/", method = "get", operation_id = "list_reviews")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// About this doctor.
        doctor: Query<Option<Vec<String>>>,
        /// By this patient.
        reviwer: Query<Option<Vec<String>>>,
        /// With so many stars: a digit, or the stars.
        rating: Query<Option<Vec<String>>>,
        /// Words of the doctor's or the reviewer's name.
        search: Query<Option<String>>,
    ) -> Answer<Shown<Page<Review>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let listing = Listing {
            doctors: ids("doctor", doctor.0)?,
            reviewers: ids("reviwer", reviwer.0)?,
            stars: stars(rating.0)?,
            search: search.0,
        };
        let paging = Paging {
            page: window.page,
            cursor: None,
            limit: window.limit,
        };
        let found = reviews::list(&clinic, &listing, &paging).await?;
        let rows = found.rows.into_iter().map(shown).collect::<Answer<_>>()?;
        window.page(&call, found.count, rows).map(Shown)
    }

    /// Review a doctor
    ///
    /// For patients, once a doctor.
    #[oai(path = "/", method = "post", operation_id = "create_review")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<ReviewInput>,
    ) -> Answer<Created<Review>> {
        let (input, faults, _) = body.parts();
        let made = reviews::create(&clinic, &call.who, input.into(), faults).await?;
        let location = call.url(&format!("/reviews/{}/", made.id));
        Ok(Created {
            value: shown(made.into())?,
            location,
            version: None,
        })
    }

    /// Show a review
    #[oai(path = "/:id/", method = "get", operation_id = "get_review")]
    async fn get(&self, clinic: Data<&Clinic>, id: Path<i64>) -> Answer<Shown<Review>> {
        shown(reviews::show(&clinic, *id).await?.into()).map(Shown)
    }

    /// Change a review
    ///
    /// For its author. The doctor stays the same.
    #[oai(path = "/:id/", method = "put", operation_id = "replace_review")]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<ReviewInput>,
    ) -> Answer<Shown<Review>> {
        let (form, faults, _) = body.parts();
        let row = reviews::change(&clinic, &call.who, *id, Form::whole(form), None, faults).await?;
        shown(row.into()).map(Shown)
    }

    /// Change some fields of a review
    ///
    /// For its author. The doctor stays the same.
    #[oai(path = "/:id/", method = "patch", operation_id = "change_review")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<ReviewChange>,
    ) -> Answer<Shown<Review>> {
        let (form, faults, _) = body.parts();
        let form = Form::of_classic(form);
        let row = reviews::change(&clinic, &call.who, *id, form, None, faults).await?;
        shown(row.into()).map(Shown)
    }

    /// Delete a review
    ///
    /// For its author, and for admins.
    #[oai(path = "/:id/", method = "delete", operation_id = "delete_review")]
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

fn shown(row: LineRow) -> Answer<Review> {
    // The table's own check keeps other numbers out.
    let rating = Stars::new(row.stars).ok_or_else(|| Refusal::broken("a review without stars"))?;
    Ok(Review {
        id: row.id,
        reviewer: row.reviewer,
        doctor_name: row.doctor_name,
        body: row.body,
        created_on: row.created_on,
        rating,
    })
}

/// `?rating`, repeated for any of several; an empty one says nothing.
fn stars(given: Option<Vec<String>>) -> Answer<Vec<Stars>> {
    let given = given.unwrap_or_default();
    let texts = given.iter().map(|text| text.trim());
    let wrong = |text| {
        let message = format!("Select a valid choice. {text} is not one of the available choices.");
        Refusal::field("rating", message)
    };
    texts
        .filter(|text| !text.is_empty())
        .map(|text| Stars::parse(text).ok_or_else(|| wrong(text)))
        .collect()
}
