//! Who may be the person somebody is about to register.

use clinic_shared::desk::patients::{Duplicate, DuplicateReason, PatientDraft};
use serde_json::json;

use super::super::{Actor, Answer, Clinic, Refusal, text};
use super::Paging;
use super::listing::find;
use super::record::PatientLine;
use crate::store::patients as table;

/// More would not be read.
const MOST: usize = 20;
/// Namesakes that nothing but the name speaks for: of a common name there are hundreds.
const NAMESAKES: i64 = 5;

/// Records that may be the drafted person, the likeliest first: same name and birth date, same
/// phone, same e-mail, or a similar name and no other birth date. Faults of the draft do not matter.
///
/// # Errors
/// [`Refusal::Forbidden`] unless staff asks.
pub async fn possible_duplicates(
    clinic: &Clinic,
    who: &Actor,
    draft: &PatientDraft,
) -> Answer<Vec<Duplicate>> {
    if !who.is_staff() {
        return Err(Refusal::forbidden());
    }
    let name_key = text::name_key(&draft.full_name);
    let phone = draft
        .phone
        .as_deref()
        .map(text::phone_digits)
        .unwrap_or_default();
    let email = draft
        .email
        .as_deref()
        .and_then(|email| text::optional(email, 254).ok().flatten());
    let rows = table::alike(
        &mut clinic.db.read().await?,
        draft.birth_date,
        &phone,
        email.as_deref(),
    )
    .await?;

    let same_email = |row: &table::PatientRow| match (&email, &row.email) {
        (Some(a), Some(b)) => a.to_lowercase() == b.to_lowercase(),
        _ => false,
    };
    let reasons = |row: &table::PatientRow| {
        let born = draft.birth_date.is_some() && draft.birth_date == row.birth_date;
        let same_name = same_words(&draft.full_name, &row.full_name);
        let same_phone = !phone.is_empty()
            && row.phone.as_deref().map(text::phone_digits).as_ref() == Some(&phone);
        let reasons = [
            (DuplicateReason::NameAndBirthDate, born && same_name),
            (DuplicateReason::Phone, same_phone),
            (DuplicateReason::Email, same_email(row)),
            (
                DuplicateReason::SimilarName,
                born && !same_name && similar(&name_key, &row.name_key),
            ),
        ];
        let reasons = reasons.into_iter().filter(|(_, holds)| *holds);
        reasons.map(|(reason, _)| reason).collect::<Vec<_>>()
    };
    let mut found: Vec<(Vec<DuplicateReason>, table::PatientRow)> = rows
        .into_iter()
        .map(|row| (reasons(&row), row))
        .filter(|(reasons, _)| !reasons.is_empty())
        .collect();
    // A family's phone is a weaker sign than the same phone and a name like it.
    found.sort_by_key(|(reasons, row)| {
        let alike = similar(&name_key, &row.name_key);
        (reasons.first().copied(), !alike, row.id)
    });
    let mut found: Vec<_> = found
        .into_iter()
        .map(|(reasons, row)| (reasons, PatientLine::from(table::LineRow::from(row))))
        .collect();
    found.extend(namesakes(clinic, draft, &found).await?);
    found.truncate(MOST);

    let count = found.len();
    clinic
        .reads
        .note(who, "find_duplicates", None, json!({ "count": count }))
        .await;
    let duplicate = |(reasons, line): Suspect| Duplicate {
        patient: line.wire(),
        reasons,
    };
    Ok(found.into_iter().map(duplicate).collect())
}

type Suspect = (Vec<DuplicateReason>, PatientLine);

/// Records whose name is like the draft's where one of the two has no birth date to tell them
/// apart; the first few that a search for the name shows, without those already found.
async fn namesakes(
    clinic: &Clinic,
    draft: &PatientDraft,
    found: &[Suspect],
) -> Answer<Vec<Suspect>> {
    let paging = Paging {
        page: 1,
        cursor: None,
        limit: NAMESAKES,
    };
    let shown = find(&clinic.db, clinic.today(), &draft.full_name, &paging).await?;
    let name_key = text::name_key(&draft.full_name);
    let alike = shown.patients.into_iter().filter(|line| {
        let untold = draft.birth_date.is_none() || line.birth_date.is_none();
        let is_new = found.iter().all(|(_, known)| known.id != line.id);
        untold && is_new && similar(&name_key, &text::name_key(&line.full_name))
    });
    Ok(alike
        .map(|line| (vec![DuplicateReason::SimilarName], line))
        .collect())
}

/// Whether two names have the same words, in whatever order and spelling (`Bergström`,
/// `Bergstrom`, `Bergstroem`).
fn same_words(a: &str, b: &str) -> bool {
    let (words_a, words_b) = (text::words(a), text::words(b));
    let (key_a, key_b) = (text::name_key(a), text::name_key(b));
    let within = |words: &[String], key: &str| {
        let known = text::words_of_key(key);
        words.iter().all(|word| known.contains(word.as_str()))
    };
    !words_a.is_empty()
        && words_a.len() == words_b.len()
        && (within(&words_a, &key_b) || within(&words_b, &key_a))
}

/// Whether every word of the shorter name stands in the longer one, give or take a slip (two in a
/// long word).
fn similar(a: &str, b: &str) -> bool {
    let (a, b) = (text::words_of_key(a), text::words_of_key(b));
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let near = |one: &str, other: &str| {
        let slips = if one.chars().count() > 5 { 2 } else { 1 };
        text::distances(one, other).0 <= slips
    };
    !few.is_empty()
        && few
            .iter()
            .all(|one| many.iter().any(|other| near(one, other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> bool {
        similar(&text::name_key(a), &text::name_key(b))
    }

    #[test]
    fn names_a_slip_apart_or_with_a_part_left_out_are_similar() {
        assert!(alike("Anna Kowalska", "Ana Kowalska"));
        assert!(alike("María García López", "Garcia Maria"));
        assert!(alike("Jürgen Schmidt", "Juergen Schmitt"));
        assert!(!alike("Anna Kowalska", "Jan Kowalski"));
        assert!(!alike("Anna Nowak", "Anna Kowalska"));
        assert!(!alike("", "Anna"));
    }
}
