//! Lists of doctors. Each takes the same few statements, however many it shows.

use std::collections::HashMap;

use clinic_shared::desk::doctors::Named;

use super::record::DoctorLine;
use super::{Filter, Search};
use crate::clinic::paging::{Listed, Paging};
use crate::clinic::{Actor, Answer, Clinic, text};
use crate::store::doctor_links::AllRow;
use crate::store::doctor_lists::{self as table, LineRow};
use crate::store::{Reader, doctor_links};

/// The doctors that a filter leaves, by number: everybody sees the verified ones and their own,
/// staff see all.
///
/// # Errors
/// [`crate::clinic::Refusal::InvalidPage`].
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    filter: Filter,
    paging: &Paging,
) -> Answer<Listed<DoctorLine>> {
    let filter = Filter {
        unverified: who.is_staff(),
        own: who.account_id(),
        ..filter
    };
    let (limit, offset) = (paging.limit() + 1, paging.offset()?);
    let mut reader = clinic.db.read().await?;
    let rows = table::by_number(&mut reader, &filter, limit, offset).await?;
    let count = table::count(&mut reader, &filter).await?;
    let page = paging.listed(count, rows, |row| row.id)?;
    lines(&mut reader, page).await
}

/// The doctors that the desk looks for, by name: `typed` are beginnings of words of the name or of a
/// specialisation, in any order, accents aside; `verified` leaves only those who are, or only those who are not.
///
/// # Errors
/// [`crate::clinic::Refusal::InvalidPage`], [`crate::clinic::Refusal::Invalid`] on `cursor`.
pub async fn search(
    clinic: &Clinic,
    typed: &str,
    verified: Option<bool>,
    paging: &Paging,
) -> Answer<Listed<DoctorLine>> {
    let search = Search {
        words: text::words(typed),
        verified,
    };
    let span = paging.span()?;
    let mut reader = clinic.db.read().await?;
    let rows = table::by_name(&mut reader, &search, span.after, span.limit, span.offset).await?;
    let count = table::count_found(&mut reader, &search).await?;
    let page = paging.listed(count, rows, |row| row.id)?;
    lines(&mut reader, page).await
}

/// The rows of a page with what is linked to them, each by id.
async fn lines(reader: &mut Reader, page: Listed<LineRow>) -> Answer<Listed<DoctorLine>> {
    let numbers: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
    let linked = doctor_links::all_of(reader, &numbers).await?;
    let linked = linked.into_iter().map(|row| (row.doctor_id, row));
    let mut linked: HashMap<i64, AllRow> = linked.collect();
    Ok(page.map(|row| {
        let (mut designations, mut specialisations, mut available_times) = Default::default();
        if let Some(linked) = linked.remove(&row.id) {
            designations = named(linked.designations.0);
            specialisations = named(linked.specialisations.0);
            available_times = linked.available_times.0;
            available_times.sort_unstable();
        }
        DoctorLine {
            id: row.uid,
            number: row.id,
            full_name: row.full_name,
            photo: row.photo,
            designations,
            specialisations,
            available_times,
            fee_cents: row.fee_cents,
            meet_link: row.meet_link,
            is_verified: row.verified_at.is_some(),
        }
    }))
}

fn named(mut linked: Vec<(i64, String)>) -> Vec<Named> {
    linked.sort_unstable();
    let named = linked.into_iter().map(|(id, name)| Named { id, name });
    named.collect()
}
