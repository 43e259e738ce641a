//! The doctors of an invented clinic: nine with a face, and as many more as are asked for.

use super::people::People;

/// An invented doctor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) username: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) specialisation: &'static str,
    pub(super) designation: &'static str,
    /// Whole units.
    pub(super) fee: i64,
    /// Whether they see people by video.
    pub(super) online: bool,
    pub(super) hours: Hours,
    pub(super) photo: &'static [u8],
    /// Unverified ones wait for an admin and are booked by nobody.
    pub(super) verified: bool,
}

/// When a doctor is there; [`super::windows`] makes windows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hours {
    /// Morning and afternoon, every weekday.
    Weekdays,
    /// The same in shorter slots.
    Short,
    /// Long mornings on Tuesdays and Thursdays.
    TwoMornings,
    /// As [`Hours::Weekdays`], and a round without a clock.
    Round,
}

pub(super) const DESIGNATIONS: [&str; 3] = ["Senior Consultant", "Consultant", "Registrar"];
pub(super) const SPECIALISATIONS: [&str; 5] = [
    "General Medicine",
    "Cardiology",
    "Dermatology",
    "Orthopaedics",
    "Paediatrics",
];

const PHOTOS: [&[u8]; 9] = [
    include_bytes!("pictures/doctor-1.png"),
    include_bytes!("pictures/doctor-2.png"),
    include_bytes!("pictures/doctor-3.png"),
    include_bytes!("pictures/doctor-4.png"),
    include_bytes!("pictures/doctor-5.png"),
    include_bytes!("pictures/doctor-6.png"),
    include_bytes!("pictures/doctor-7.png"),
    include_bytes!("pictures/doctor-8.png"),
    include_bytes!("pictures/doctor-9.png"),
];

/// Username, given name, family name, and by number: specialisation, designation; fee, online,
/// hours. The last one is not verified yet.
type Line = (
    &'static str,
    &'static str,
    &'static str,
    usize,
    usize,
    i64,
    bool,
    Hours,
);
const NAMED: [Line; 9] = [
    (
        "doctor",
        "Dora",
        "Lindqvist",
        0,
        0,
        60,
        true,
        Hours::Weekdays,
    ),
    (
        "samuel",
        "Samuel",
        "Okafor",
        1,
        0,
        120,
        false,
        Hours::Weekdays,
    ),
    ("mei", "Mei", "Tanaka", 2, 1, 90, true, Hours::Weekdays),
    (
        "heinrich",
        "Heinrich",
        "Vogel",
        3,
        0,
        110,
        false,
        Hours::TwoMornings,
    ),
    ("amara", "Amara", "Diallo", 4, 1, 70, true, Hours::Short),
    (
        "pierre",
        "Pierre",
        "Laurent",
        0,
        1,
        60,
        false,
        Hours::Weekdays,
    ),
    ("fiona", "Fiona", "Byrne", 1, 1, 100, true, Hours::Weekdays),
    ("ravi", "Ravi", "Menon", 0, 2, 45, false, Hours::Round),
    ("leyla", "Leyla", "Haddad", 2, 2, 50, true, Hours::Weekdays),
];

/// So many verified doctors (eight at least) and one who waits to be verified.
pub(super) fn cast(doctors: usize, seed: u64) -> Vec<Member> {
    let mut all: Vec<Member> = NAMED.iter().zip(PHOTOS).map(named).collect();
    // Others than the patients of the same seed.
    let more = People::of_seed(!seed).enumerate().map(|(at, person)| {
        let (first, last) = match person.full_name.rsplit_once(' ') {
            Some((first, last)) => (first.to_owned(), last.to_owned()),
            None => (String::new(), person.full_name),
        };
        let pick = |from: &[&'static str], at: usize| from.get(at % from.len()).copied();
        Member {
            username: format!("doctor{}", at + NAMED.len() + 1),
            first_name: first,
            last_name: last,
            specialisation: pick(&SPECIALISATIONS, at).unwrap_or_default(),
            designation: pick(&DESIGNATIONS, at / 5).unwrap_or_default(),
            fee: 40 + i64::try_from(at % 17).unwrap_or(0) * 5,
            online: at % 3 == 0,
            hours: match at % 8 {
                3 => Hours::TwoMornings,
                4 => Hours::Short,
                _ => Hours::Weekdays,
            },
            photo: PHOTOS.get(at % PHOTOS.len()).copied().unwrap_or_default(),
            verified: true,
        }
    });
    all.extend(more.take(doctors.saturating_sub(NAMED.len() - 1)));
    all
}

fn named((line, photo): (&Line, &'static [u8])) -> Member {
    let &(username, first_name, last_name, specialisation, designation, fee, online, hours) = line;
    Member {
        username: username.to_owned(),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        specialisation: SPECIALISATIONS
            .get(specialisation)
            .copied()
            .unwrap_or_default(),
        designation: DESIGNATIONS.get(designation).copied().unwrap_or_default(),
        fee,
        online,
        hours,
        photo,
        verified: username != "leyla",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_small_clinic_has_eight_doctors_in_five_fields_and_one_who_waits() {
        let cast = cast(8, 1);
        let verified = cast.iter().filter(|member| member.verified).count();
        assert_eq!((cast.len(), verified), (9, 8));
        let fields: HashSet<_> = cast.iter().map(|member| member.specialisation).collect();
        assert_eq!(fields.len(), 5);
        assert_eq!(cast[0].username, "doctor");
    }

    #[test]
    fn a_large_one_has_others_beside_them_each_with_their_own_name() {
        let cast = cast(200, 1);
        assert_eq!(cast.iter().filter(|member| member.verified).count(), 200);
        let names: HashSet<_> = cast.iter().map(|member| &member.username).collect();
        assert_eq!(names.len(), cast.len());
    }
}
