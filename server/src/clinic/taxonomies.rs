//! Designations and specialisations: what doctors are, and what for (API.md §3).

use clinic_shared::classic::taxonomies::TermInput;
use clinic_shared::v1::terms::TermChange;
use serde_json::json;

use super::paging::{Listed, Paging};
use super::{Actor, Answer, Clinic, Faults, Refusal, audit, text};
use crate::store::taxonomies as table;
use crate::store::unique_violation;

pub use crate::store::taxonomies::{Taxonomy, TermRow};

/// The longest name, in characters.
const LONGEST_NAME: usize = 50;
/// The longest slug.
const LONGEST_SLUG: usize = 60;

/// All designations, or all specialisations, by id.
///
/// # Errors
/// The database's.
pub async fn list(clinic: &Clinic, of: Taxonomy) -> Answer<Vec<TermRow>> {
    Ok(table::all(&mut clinic.db.read().await?, of).await?)
}

/// A page of them, by id.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn page(clinic: &Clinic, of: Taxonomy, paging: &Paging) -> Answer<Listed<TermRow>> {
    let span = paging.span()?;
    let mut reader = clinic.db.read().await?;
    let count = table::count(&mut reader, of).await?;
    let after = span.after.unwrap_or(0);
    let rows = table::page(&mut reader, of, after, span.limit, span.offset).await?;
    paging.listed(count, rows, |row| row.id)
}

/// One of them.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, of: Taxonomy, id: i64) -> Answer<TermRow> {
    let row = table::by_id(&mut clinic.db.read().await?, of, id).await?;
    row.ok_or(missing(of))
}

/// Makes one. Without a slug it gets one that is made of its name.
///
/// # Errors
/// [`Refusal::Invalid`] on `name`, or on `slug` if there is such a one already.
pub async fn create(
    clinic: &Clinic,
    who: &Actor,
    of: Taxonomy,
    input: TermInput,
    mut faults: Faults,
) -> Answer<TermRow> {
    let name = faults.take("name", text::required(&input.name, LONGEST_NAME));
    faults.refuse()?;
    let name = name.unwrap_or_default();
    let slug = slug(clinic, input.slug, &name);
    let mut tx = clinic.db.begin().await?;
    let inserted = table::insert(&mut tx, of, &name, &slug, clinic.clock.now()).await;
    let term = inserted.map_err(|error| taken(of, error))?;
    let detail = json!({ "name": name, "slug": slug });
    let action = format!("create_{}", word(of));
    audit::change_of(&mut tx, clinic, who, &action, word(of), term.id, detail).await?;
    tx.commit().await?;
    Ok(term)
}

/// Changes one, where any of the versions `expected` will do. An empty slug is made of the name.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`] as for [`create`], [`Refusal::Stale`].
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    (of, id): (Taxonomy, i64),
    change: TermChange,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<TermRow> {
    let mut tx = clinic.db.begin().await?;
    let was = table::lock(&mut tx, of, id).await?.ok_or(missing(of))?;
    let name = match &change.name {
        Some(name) => faults.take("name", text::required(name, LONGEST_NAME)),
        None => Some(was.name.clone()),
    };
    faults.refuse()?;
    Refusal::unless_current(clinic, expected, was.version, was.updated_at)?;
    let name = name.unwrap_or_default();
    let slug = match change.slug {
        None => was.slug.clone(),
        given => slug(clinic, given, &name),
    };
    let fields = audit::fields([("name", name != was.name), ("slug", slug != was.slug)]);
    if fields.is_empty() {
        return Ok(was);
    }
    let now = clinic.clock.now();
    let updated = table::update(&mut tx, of, id, (&name, &slug), now).await;
    let term = updated.map_err(|error| taken(of, error))?;
    let detail = json!({ "fields": fields, "from": [was.name, was.slug], "to": [name, slug] });
    let action = format!("change_{}", word(of));
    audit::change_of(&mut tx, clinic, who, &action, word(of), id, detail).await?;
    tx.commit().await?;
    Ok(term)
}

/// Deletes one; doctors who had it do not have it any more.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn delete(clinic: &Clinic, who: &Actor, of: Taxonomy, id: i64) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let was = table::lock(&mut tx, of, id).await?.ok_or(missing(of))?;
    let doctors = table::delete(&mut tx, of, id).await?;
    let detail = json!({ "name": was.name, "slug": was.slug, "doctors": doctors });
    let action = format!("delete_{}", word(of));
    audit::change_of(&mut tx, clinic, who, &action, word(of), id, detail).await?;
    tx.commit().await?;
    Ok(())
}

fn missing(of: Taxonomy) -> Refusal {
    Refusal::Missing(match of {
        Taxonomy::Designations => "Designation",
        Taxonomy::Specialisations => "Specialization",
    })
}

fn taken(of: Taxonomy, error: sqlx::Error) -> Refusal {
    match unique_violation(&error) {
        Some(_) => Refusal::field(
            "slug",
            format!("{} with this slug already exists.", word(of)),
        ),
        None => error.into(),
    }
}

/// The slug that was given, or one that is made of the name.
fn slug(clinic: &Clinic, given: Option<String>, name: &str) -> String {
    let given = given.filter(|slug| !slug.is_empty());
    let slug = given.or_else(|| slug_of(name));
    // A name without a Latin letter or a digit.
    slug.unwrap_or_else(|| clinic.new_id().simple().to_string())
}

/// What one of them is called, in messages and in the audit.
fn word(of: Taxonomy) -> &'static str {
    match of {
        Taxonomy::Designations => "designation",
        Taxonomy::Specialisations => "specialisation",
    }
}

/// The folded words of a name with hyphens between; none if no letter or digit of a link is left.
fn slug_of(name: &str) -> Option<String> {
    let folded: String = text::words(name).join("-");
    let plain = folded.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = plain.filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(LONGEST_SLUG).collect();
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_made_of_what_a_link_can_hold() {
        for (name, slug) in [
            ("Cardiologist", "cardiologist"),
            ("Ear, Nose & Throat", "ear-nose-throat"),
            ("Kinderärztin", "kinderarztin"),
            ("Chief – Кардиолог", "chief"),
        ] {
            assert_eq!(slug_of(name).as_deref(), Some(slug), "{name}");
        }
        assert_eq!(slug_of("Кардиолог"), None);
        assert_eq!(slug_of("&&&"), None);
        let long = slug_of(&"ab ".repeat(30)).unwrap();
        assert!(long.len() <= LONGEST_SLUG && long.ends_with("ab"), "{long}");
    }
}
