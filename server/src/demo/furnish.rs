//! A whole clinic out of nothing: doctors, their hours and their diary beside the patients.

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use clinic_shared::classic::doctors::DoctorInput;
use clinic_shared::classic::services::NewService;
use clinic_shared::classic::taxonomies::TermInput;
use clinic_shared::desk::appointments::Status;
use clinic_shared::{Patch, Role};

use super::cast::{DESIGNATIONS, Member, SPECIALISATIONS, cast};
use super::diary::{Booked, Diary};
use super::dice::Dice;
use super::fill;
use super::matters;
use super::steps;
use super::texts::{CONTACTS, REVIEWS, SERVICES};
use super::windows::{self, Draft};
use crate::clinic::accounts::{self, Newcomer};
use crate::clinic::available_times::Window;
use crate::clinic::taxonomies::{self, Taxonomy};
use crate::clinic::{Actor, Answer, Clinic, Faults, Refusal, contacts, doctors, services};
use crate::store::front_bulk::{self, Contact, Review};
use crate::store::{appointment_bulk, appointments, available_times, doctor_lists, patient_bulk};

/// Rows of one transaction, and of one statement.
const AT_ONCE: usize = 20_000;
const ROWS: usize = 1000;
/// From so many patients on it is a large clinic.
const LARGE: u64 = 100_000;
/// How far the diary goes into the future.
const AHEAD: u64 = 14;

/// How large an invented clinic is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Patients without accounts.
    pub patients: u64,
    /// Verified doctors, eight at least. One more waits to be verified.
    pub doctors: usize,
    /// How many days of appointments lie behind; two weeks lie ahead.
    pub days: u64,
    /// How many of 100 slots are booked.
    pub busy: usize,
    /// Reviews, at most one for each pair of patient and doctor who have met.
    pub reviews: usize,
}

impl Size {
    /// What fits so many patients: eight doctors and a month; from 100 000 on two hundred doctors
    /// and five years, about four appointments a working day each.
    pub fn of(patients: u64) -> Self {
        let share = |part| usize::try_from(patients / part).unwrap_or(usize::MAX);
        match patients < LARGE {
            true => Size {
                patients,
                doctors: 8,
                days: 30,
                busy: 60,
                reviews: share(3),
            },
            false => Size {
                patients,
                doctors: 200,
                days: 5 * 365,
                busy: 21,
                reviews: share(5),
            },
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being put: `patients`, `days`, `reviews`.
    pub what: &'static str,
    /// So many are there.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

/// Fills an empty clinic: patients, doctors with accounts, photos and hours, appointments in every
/// state around now, reviews, services, contact requests, and what waits for an admin. The accounts get this password;
/// without one nobody can sign in with them. Beside their own rules, appointments obey the
/// database's.
///
/// # Errors
/// [`Refusal::Conflict`] if there are doctors already; the database's. What was committed before
/// stays.
pub async fn furnish(
    clinic: &Clinic,
    size: &Size,
    seed: u64,
    password: Option<&str>,
    progress: impl FnMut(Progress),
) -> Answer<()> {
    open(clinic, size, seed, password, progress).await?;
    settle(clinic, seed).await
}

/// Tells what was done to the newest appointments by whoever works there now, and lets the engine
/// look at its tables again.
pub(super) async fn settle(clinic: &Clinic, seed: u64) -> Answer<()> {
    steps::remember(clinic, seed).await?;
    patient_bulk::settle(&clinic.db).await?;
    Ok(())
}

/// [`furnish`] without the steps of the appointments: [`settle`] tells them, once the staff is there.
pub(super) async fn open(
    clinic: &Clinic,
    size: &Size,
    seed: u64,
    password: Option<&str>,
    mut progress: impl FnMut(Progress),
) -> Answer<()> {
    let everybody = doctor_lists::Search::default();
    let there = doctor_lists::count_found(&mut clinic.db.read().await?, &everybody).await?;
    if there > 0 {
        return Err(Refusal::Conflict {
            code: "not_empty",
            detail: "There are doctors in this database already; invented ones are for an empty \
                     one."
                .to_owned(),
        });
    }
    // Before the patients: whoever waits to be a doctor has a patient's record too, and is nobody's
    // newest one.
    let doctors = hire(clinic, &cast(size.doctors, seed), password).await?;
    matters::hand_in(clinic, password).await?;
    let patients = size.patients;
    fill(&clinic.db, patients, seed, |done| {
        progress(Progress {
            what: "patients",
            done,
            of: patients,
        });
    })
    .await?;
    offer_services(clinic).await?;
    let visits = keep_diary(clinic, &doctors, size, seed, &mut progress).await?;
    praise(clinic, visits, size.reviews, seed, &mut progress).await?;
    write_in(clinic).await
}

/// Makes the doctors with what they are and when they are there; answers those who are booked.
async fn hire(clinic: &Clinic, cast: &[Member], password: Option<&str>) -> Answer<Vec<Booked>> {
    let designations = terms(clinic, Taxonomy::Designations, &DESIGNATIONS).await?;
    let specialisations = terms(clinic, Taxonomy::Specialisations, &SPECIALISATIONS).await?;
    let windows = open_windows(clinic).await?;
    let mut booked = Vec::new();
    for member in cast {
        let newcomer = Newcomer {
            username: member.username.clone(),
            email: format!("{}@example.org", member.username),
            first_name: member.first_name.clone(),
            last_name: member.last_name.clone(),
            password: password.map(str::to_owned),
            role: if member.verified {
                Role::Doctor
            } else {
                Role::Patient
            },
            is_verified: true,
            awaits_activation: false,
        };
        let nobody = Actor::nobody(None);
        let account = accounts::create(clinic, &nobody, newcomer).await?;
        let offered: Vec<Window> = windows
            .iter()
            .filter(|(draft, _)| draft.is_offered_by(member.hours, member.verified))
            .map(|(_, window)| window.clone())
            .collect();
        let meet_link = format!("https://meet.example.org/{}", member.username);
        let input = DoctorInput {
            designation: id_of(&designations, member.designation),
            specialisation: id_of(&specialisations, member.specialisation),
            available_time: Some(offered.iter().map(|window| window.id.into()).collect()),
            fee: member.fee.into(),
            meet_link: match member.online {
                true => Patch::Set(meet_link.clone()),
                false => Patch::Keep,
            },
        };
        let photo = Some(member.photo.to_vec());
        if member.verified {
            let made = doctors::create_verified(clinic, &nobody, account.id, input, photo).await?;
            booked.push(Booked {
                id: made.number,
                windows: offered,
                meet_link: member.online.then_some(meet_link),
                full: booked.is_empty(),
            });
        } else {
            let own = matters::actor(&account);
            doctors::create_own(clinic, &own, input, Faults::new(), photo).await?;
        }
    }
    Ok(booked)
}

/// Makes designations or specialisations; answers names and ids.
async fn terms<'a>(
    clinic: &Clinic,
    of: Taxonomy,
    names: &[&'a str],
) -> Answer<Vec<(&'a str, i64)>> {
    let mut made = Vec::new();
    for name in names {
        let input = TermInput {
            name: (*name).to_owned(),
            slug: None,
        };
        let nobody = Actor::nobody(None);
        let term = taxonomies::create(clinic, &nobody, of, input, Faults::new()).await?;
        made.push((*name, term.id));
    }
    Ok(made)
}

fn id_of<T: From<i64>>(terms: &[(&str, i64)], name: &str) -> Option<Vec<T>> {
    let found = terms.iter().find(|(term, _)| *term == name)?;
    Some(vec![found.1.into()])
}

async fn open_windows(clinic: &Clinic) -> Answer<Vec<(Draft, Window)>> {
    let now = clinic.clock.now();
    let mut tx = clinic.db.begin().await?;
    let mut open = Vec::new();
    for draft in windows::windows(now.with_timezone(&clinic.zone)) {
        let row = available_times::insert(&mut tx, &draft.stored(), now).await?;
        open.push((draft, Window::from(row)));
    }
    tx.commit().await?;
    Ok(open)
}

async fn offer_services(clinic: &Clinic) -> Answer<()> {
    for (name, description, picture) in SERVICES {
        let form = NewService {
            name: name.to_owned(),
            description: description.to_owned(),
        };
        let (nobody, picture) = (Actor::nobody(None), Some(picture.to_vec()));
        services::create(clinic, &nobody, form.into(), Faults::new(), picture).await?;
    }
    Ok(())
}

/// A patient has seen a doctor, on this date.
type Visit = (i64, i64, NaiveDate);

/// Puts the appointments of all days; answers the visits, each pair of people once, oldest first.
async fn keep_diary(
    clinic: &Clinic,
    doctors: &[Booked],
    size: &Size,
    seed: u64,
    progress: &mut impl FnMut(Progress),
) -> Answer<Vec<Visit>> {
    let patients = appointment_bulk::patients(&mut clinic.db.read().await?).await?;
    let mut diary = Diary {
        doctors,
        patients: &patients,
        now: clinic.clock.now(),
        zone: clinic.zone,
        busy: size.busy,
        dice: Dice::new(seed ^ 0x000d_1a2e),
    };
    let today = clinic.today();
    let first = today
        .checked_sub_days(Days::new(size.days))
        .unwrap_or(today);
    let mut met = HashSet::new();
    let (mut visits, mut rows) = (Vec::new(), Vec::new());
    let days = size.days + 1 + AHEAD;
    for (done, date) in (1..=days).zip(first.iter_days()) {
        rows.extend(diary.day(date));
        if rows.len() < AT_ONCE && done < days {
            continue;
        }
        for row in &rows {
            let seen = row.status == Status::Completed && row.date < today;
            if seen && met.insert((row.patient_id, row.doctor_id)) {
                visits.push((row.patient_id, row.doctor_id, row.date));
            }
        }
        let mut tx = clinic.db.begin().await?;
        for some in rows.chunks(ROWS) {
            appointment_bulk::insert(&mut tx, some).await?;
        }
        appointments::count_by(&mut tx, i64::try_from(rows.len()).unwrap_or(0)).await?;
        tx.commit().await?;
        rows.clear();
        progress(Progress {
            what: "days",
            done,
            of: days,
        });
    }
    let mut tx = clinic.db.begin().await?;
    appointment_bulk::count_tickets(&mut tx).await?;
    tx.commit().await?;
    Ok(visits)
}

/// Puts as many reviews as are wanted, of visits all over the time, at most one a visit.
async fn praise(
    clinic: &Clinic,
    visits: Vec<Visit>,
    wanted: usize,
    seed: u64,
    progress: &mut impl FnMut(Progress),
) -> Answer<()> {
    let mut dice = Dice::new(seed ^ 0x0005_7a25);
    let wanted = wanted.min(visits.len());
    // One of each stretch.
    let stretch = |at: usize| at * visits.len() / wanted;
    let chosen: Vec<Visit> = (0..wanted)
        .map(|at| stretch(at) + dice.below(stretch(at + 1) - stretch(at)))
        .filter_map(|at| visits.get(at).copied())
        .collect();
    drop(visits);
    let now = clinic.clock.now();
    let mut done = 0;
    for some in chosen.chunks(AT_ONCE) {
        let rows: Vec<Review> = some
            .iter()
            .map(|visit| review(*visit, now, clinic.zone, &mut dice))
            .collect();
        let mut tx = clinic.db.begin().await?;
        for rows in rows.chunks(ROWS) {
            front_bulk::reviews(&mut tx, rows).await?;
        }
        tx.commit().await?;
        done += some.len() as u64;
        progress(Progress {
            what: "reviews",
            done,
            of: chosen.len() as u64,
        });
    }
    Ok(())
}

/// Written in the evening of the visit, or a day or two later.
fn review(
    (patient_id, doctor_id, seen): Visit,
    now: DateTime<Utc>,
    zone: chrono_tz::Tz,
    dice: &mut Dice,
) -> Review {
    let minutes = i64::try_from(18 * 60 + dice.below(2 * 24 * 60)).unwrap_or(0);
    let written = seen.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(minutes);
    let at = written.min(now);
    let star = [4, 4, 4, 4, 3, 3, 3, 2, 1, 0];
    let star = star.get(dice.below(star.len())).copied().unwrap_or(4);
    Review {
        patient_id,
        doctor_id,
        stars: i64::try_from(star).unwrap_or(0) + 1,
        body: dice.any(REVIEWS.get(star).copied().unwrap_or_default()),
        created_on: at.with_timezone(&zone).date_naive(),
        at,
    }
}

async fn write_in(clinic: &Clinic) -> Answer<()> {
    let now = clinic.clock.now();
    let line = |&(hours, status, name, email, phone, subject, message): &super::texts::Request| {
        let created_at = now - TimeDelta::hours(hours);
        let is_new = status == "new";
        Contact {
            name,
            email,
            phone,
            subject,
            message,
            search: contacts::searchable([
                name,
                phone,
                email.unwrap_or(""),
                subject.unwrap_or(""),
                message,
            ]),
            status,
            version: if is_new { 1 } else { 2 },
            created_at,
            updated_at: if is_new {
                created_at
            } else {
                created_at + TimeDelta::hours(3)
            },
        }
    };
    let written: Vec<Contact> = CONTACTS.iter().map(line).collect();
    let mut tx = clinic.db.begin().await?;
    front_bulk::contacts(&mut tx, &written).await?;
    tx.commit().await?;
    Ok(())
}
