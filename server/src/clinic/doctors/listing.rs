//! Lists of doctors. Each takes the same few statements, however many it shows.

use super::linked;
use super::record::DoctorLine;
use super::{Filter, Search};
use crate::clinic::paging::{Listed, Paging};
use crate::clinic::{Actor, Answer, Clinic, text};
use crate::store::doctor_links::Link;
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
    let numbers: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
    let windows = doctor_links::of(&mut reader, Link::AvailableTimes, &numbers).await?;
    let mut page = lines(&mut reader, page, &numbers).await?;
    for line in &mut page.rows {
        let own = windows
            .iter()
            .filter(|window| window.doctor_id == line.number);
        line.available_times = own.map(|window| window.id).collect();
    }
    Ok(page)
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
    let numbers: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
    lines(&mut reader, page, &numbers).await
}

/// The rows of a page with the names that are linked to them.
async fn lines(
    reader: &mut Reader,
    page: Listed<LineRow>,
    numbers: &[i64],
) -> Answer<Listed<DoctorLine>> {
    let mut designations = linked::names(reader, Link::Designations, numbers).await?;
    let mut specialisations = linked::names(reader, Link::Specialisations, numbers).await?;
    Ok(page.map(|row| DoctorLine {
        id: row.uid,
        number: row.id,
        full_name: row.full_name,
        photo: row.photo,
        designations: designations.remove(&row.id).unwrap_or_default(),
        specialisations: specialisations.remove(&row.id).unwrap_or_default(),
        available_times: Vec::new(),
        fee_cents: row.fee_cents,
        meet_link: row.meet_link,
        is_verified: row.verified_at.is_some(),
    }))
}
