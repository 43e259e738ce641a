//! Doctors as everybody sees them on v1: the verified ones, with what reviews say (API.md §4).

use std::collections::HashMap;

use clinic_shared::desk::doctors::Named;
use clinic_shared::v1::doctors::{Doctor, DoctorProfile, Learnt, Rating};
use clinic_shared::v1::qualifications::Decision;

use super::{MISSING, PublicFilter, linked, table};
use crate::clinic::paging::{Listed, Paging};
use crate::clinic::{Answer, Clinic, money, text};
use crate::store::doctor_links::Link;
use crate::store::doctor_public::{self as public, PublicRow, RatingRow};
use crate::store::doctors::DoctorRow;
use crate::store::{Session, accounts, qualifications};

/// A doctor as everybody sees one. The photo is a media key here and a URL on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicDoctor {
    /// The doctor.
    pub row: PublicRow,
    /// Designations, by id.
    pub designations: Vec<Named>,
    /// Specialisations, by id.
    pub specialisations: Vec<Named>,
    /// The windows they offer, by id.
    pub available_times: Vec<Named>,
    /// What reviews say.
    pub rating: Rating,
}

/// The verified doctors that a filter leaves, by name; `search` are beginnings of words of the name
/// or of a specialisation.
///
/// # Errors
/// [`crate::clinic::Refusal::InvalidPage`], [`crate::clinic::Refusal::Invalid`] on `cursor`.
pub async fn find(
    clinic: &Clinic,
    search: Option<&str>,
    filter: PublicFilter,
    paging: &Paging,
) -> Answer<Listed<PublicDoctor>> {
    let search = search.unwrap_or_default().trim();
    let filter = PublicFilter {
        words: text::words(search),
        ..filter
    };
    if filter.words.is_empty() && !search.is_empty() {
        // No name has signs alone.
        return paging.listed(0, Vec::new(), |doctor: &PublicDoctor| doctor.row.id);
    }
    let span = paging.span()?;
    let mut reader = clinic.db.read_behind().await?;
    let count = public::count(&mut reader, &filter).await?;
    let rows = public::page(&mut reader, &filter, span.after, span.limit, span.offset).await?;
    let page = paging.listed(count, rows, |row| row.id)?;
    let rows = with_linked(&mut reader, page.rows).await?;
    Ok(Listed {
        count: page.count,
        next: page.next,
        rows,
    })
}

/// The profile of the verified doctor whose account has this e-mail, with what they have learnt.
///
/// # Errors
/// [`crate::clinic::Refusal::Missing`].
pub async fn profile(clinic: &Clinic, email: &str) -> Answer<(PublicDoctor, Vec<Learnt>)> {
    let mut reader = clinic.db.read().await?;
    let row = table::by_email(&mut reader, &accounts::key(email.trim())).await?;
    let row = row.filter(|row| row.verified_at.is_some()).ok_or(MISSING)?;
    let accepted = Some(Decision::Accepted);
    let learnt = qualifications::of_doctor(&mut reader, row.id, accepted).await?;
    let learnt = learnt.into_iter().map(|row| Learnt {
        id: row.id,
        title: row.title,
        institution: row.institution,
        degree: row.degree,
        year: row.year,
        grade: row.grade,
    });
    Ok((one(&mut reader, &row).await?, learnt.collect()))
}

/// A doctor as everybody sees them, verified or not.
pub(super) async fn one(session: &mut impl Session, row: &DoctorRow) -> Answer<PublicDoctor> {
    let row = PublicRow {
        id: row.id,
        uid: row.uid,
        full_name: row.full_name.clone(),
        photo: row.photo.clone(),
        fee_cents: row.fee_cents,
        year_of_experience: row.year_of_experience,
        personal_status: row.personal_status.clone(),
    };
    let mut doctors = with_linked(session, vec![row]).await?;
    doctors.pop().ok_or(MISSING)
}

/// Rows with everything linked to them: the same few statements, however many they are.
async fn with_linked(
    session: &mut impl Session,
    rows: Vec<PublicRow>,
) -> Answer<Vec<PublicDoctor>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut designations = linked::names(session, Link::Designations, &ids).await?;
    let mut specialisations = linked::names(session, Link::Specialisations, &ids).await?;
    let mut available_times = linked::names(session, Link::AvailableTimes, &ids).await?;
    let ratings = public::ratings(session, &ids).await?;
    let ratings: HashMap<i64, Rating> = ratings
        .into_iter()
        .map(|row| (row.doctor_id, rating(row)))
        .collect();
    let doctors = rows.into_iter().map(|row| PublicDoctor {
        designations: designations.remove(&row.id).unwrap_or_default(),
        specialisations: specialisations.remove(&row.id).unwrap_or_default(),
        available_times: available_times.remove(&row.id).unwrap_or_default(),
        rating: ratings.get(&row.id).copied().unwrap_or(UNRATED),
        row,
    });
    Ok(doctors.collect())
}

const UNRATED: Rating = Rating {
    average: None,
    count: 0,
};

/// The average, rounded to the hundredth.
fn rating(row: RatingRow) -> Rating {
    let hundredths = |stars: i64| (stars * 200 + row.reviews) / (2 * row.reviews);
    #[expect(
        clippy::cast_precision_loss,
        reason = "between one and five, in hundredths"
    )]
    let average = (row.reviews > 0).then(|| hundredths(row.stars) as f64 / 100.0);
    Rating {
        average,
        count: row.reviews,
    }
}

impl PublicDoctor {
    /// The doctor as everybody sees one, with the photo's URL.
    pub fn wire(self, photo: Option<String>) -> Doctor {
        Doctor {
            id: self.row.uid,
            full_name: self.row.full_name,
            photo,
            designation: self.designations,
            specialization: self.specialisations,
            available_time: self.available_times,
            fee: money::decimal(self.row.fee_cents),
            year_of_experience: self.row.year_of_experience,
            personal_status: self.row.personal_status,
            rating: self.rating,
        }
    }

    /// The same with what they have learnt.
    pub fn profile(self, photo: Option<String>, qualifications: Vec<Learnt>) -> DoctorProfile {
        let doctor = self.wire(photo);
        DoctorProfile {
            id: doctor.id,
            full_name: doctor.full_name,
            photo: doctor.photo,
            designation: doctor.designation,
            specialization: doctor.specialization,
            available_time: doctor.available_time,
            fee: doctor.fee,
            year_of_experience: doctor.year_of_experience,
            personal_status: doctor.personal_status,
            rating: doctor.rating,
            qualifications,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_to_the_hundredth() {
        let average = |stars, reviews| {
            let row = RatingRow {
                doctor_id: 1,
                stars,
                reviews,
            };
            rating(row).average
        };
        assert_eq!(average(9, 2), Some(4.5));
        assert_eq!(average(14, 3), Some(4.67));
        assert_eq!(average(13, 3), Some(4.33));
        assert_eq!(average(0, 0), None);
    }
}
