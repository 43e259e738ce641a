//! Designations and specialisations: what doctors are, and what for (API.md §3).

use clinic_shared::classic::taxonomies::TermInput;
use serde_json::json;

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
    let given = input.slug.filter(|slug| !slug.is_empty());
    let slug = given.or_else(|| slug_of(&name));
    // A name without a Latin letter or a digit.
    let slug = slug.unwrap_or_else(|| clinic.new_id().simple().to_string());

    let mut tx = clinic.db.begin().await?;
    let inserted = table::insert(&mut tx, of, &name, &slug).await;
    let term = inserted.map_err(|error| match unique_violation(&error) {
        Some(_) => Refusal::field(
            "slug",
            format!("{} with this slug already exists.", word(of)),
        ),
        None => error.into(),
    })?;
    let detail = json!({ "name": name, "slug": slug });
    let action = format!("create_{}", word(of));
    audit::change_of(&mut tx, clinic, who, &action, word(of), term.id, detail).await?;
    tx.commit().await?;
    Ok(term)
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
