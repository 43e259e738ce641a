//! The one way to take time (API.md §6): for a new appointment and for one that moves.
//!
//! The doctor's row is locked, then the patient's, so bookings of one doctor come one after the
//! other and each sees what the last one took. The database's own rule stands behind: whoever does
//! not ask here is refused there, and a booking that loses to such a one looks again.

use chrono::{DateTime, Days, NaiveDate, Utc};
use clinic_shared::FieldErrors;
use clinic_shared::desk::appointments::{Action, Kind, Status};
use serde_json::json;

use super::super::available_times::Window;
use super::super::{Actor, Answer, Clinic, Obstacle, Refusal, patients};
use super::MISSING;
use super::history::{self, Subject, Taken, Why};
use super::obstacles::{doctor_busy, obstacle, patient_busy};
use super::place::Search;
use crate::store::appointment_images as images;
use crate::store::appointments::{self as table, Busy, New, Place};
use crate::store::bookings::{self, BookedDoctor, Except};
use crate::store::{Tx, absences, available_times};

/// How often a booking that lost its place looks for another.
const TRIES: usize = 8;

/// On which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// On this date of the clinic.
    On(NaiveDate),
    /// On the next date on which doctor, patient and window are free.
    Next,
}

/// What a patient books: the earliest free slot of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The patient's number.
    pub patient: i64,
    /// The doctor's number.
    pub doctor: i64,
    /// The window's id; its earliest free slot is taken.
    pub window: i64,
    /// On which day.
    pub when: When,
    /// Whether people meet.
    pub kind: Kind,
    /// What the patient says.
    pub symptoms: String,
}

/// Which time is wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// The earliest free slot of a window.
    Window {
        /// The window's id.
        window: i64,
        /// On which day.
        when: When,
    },
    /// Exactly this one.
    At {
        /// The window it must be in; none: whichever it is in, if it is in one.
        window: Option<i64>,
        /// When it begins: a whole minute.
        starts_at: DateTime<Utc>,
        /// How long it takes; none: as long as the slot that begins then.
        minutes: Option<i64>,
    },
    /// From now on, whatever the doctor holds: somebody came without being booked. Staff only.
    Now {
        /// How long it takes; none: as long as a slot of the window that is on.
        minutes: Option<i64>,
    },
}

impl Wish {
    /// Whether somebody came without being booked.
    const fn is_walk_in(self) -> bool {
        matches!(self, Wish::Now { .. })
    }
}

/// What is to be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The patient's number.
    pub patient: i64,
    /// The doctor's number.
    pub doctor: i64,
    /// When.
    pub wish: Wish,
    /// Whether people meet.
    pub kind: Kind,
    /// What it is about, in a few words.
    pub title: Option<String>,
    /// What the patient says.
    pub symptoms: String,
    /// Why it may stand beside another one of the doctor's; none: it may not. Staff only.
    pub overbook: Option<String>,
    /// Whether it may be outside the doctor's windows. Staff only.
    pub outside_hours: bool,
    /// Whether the patient's limit of appointments ahead holds: for those who book themselves.
    pub is_limited: bool,
    /// The entry of the waiting list whose kept time it takes.
    pub waiting: Option<i64>,
    /// Media keys of the pictures that come with it.
    pub images: Vec<String>,
}

impl Booking {
    /// Who comes to whom and when, at the clinic, with nothing special about it.
    pub fn plain(patient: i64, doctor: i64, wish: Wish) -> Self {
        Booking {
            patient,
            doctor,
            wish,
            kind: Kind::Offline,
            title: None,
            symptoms: String::new(),
            overbook: None,
            outside_hours: false,
            is_limited: false,
            waiting: None,
            images: Vec::new(),
        }
    }
}

impl From<&Request> for Booking {
    fn from(request: &Request) -> Self {
        let wish = Wish::Window {
            window: request.window,
            when: request.when,
        };
        Booking {
            kind: request.kind,
            symptoms: request.symptoms.clone(),
            ..Booking::plain(request.patient, request.doctor, wish)
        }
    }
}

/// Where a booking finds its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::clinic) struct Found {
    /// The doctor.
    pub(super) doctor: BookedDoctor,
    /// When.
    pub(in crate::clinic) place: Place,
    /// Whether it stands beside another one on purpose.
    pub(super) overbooked: bool,
}

/// Books a slot of a window, and answers the appointment's id.
///
/// # Errors
/// As [`book_as`].
pub async fn book(clinic: &Clinic, who: &Actor, request: &Request) -> Answer<i64> {
    book_as(clinic, who, &Booking::from(request)).await
}

/// Books, and answers the appointment's id.
///
/// # Errors
/// [`Refusal::Unbookable`] with everything in the way; [`Refusal::Invalid`] on the time, or on the
/// patient if the record is gone.
pub async fn book_as(clinic: &Clinic, who: &Actor, booking: &Booking) -> Answer<i64> {
    let mut tries = Tries::new();
    loop {
        match try_book(clinic, who, booking).await {
            Ok(id) => return Ok(id),
            Err(failure) => tries
                .again(failure)
                .map_err(|refusal| told_to(who, refusal))?,
        }
    }
}

/// The refusal as this caller may know it: whom others see is the desk's business.
pub(in crate::clinic) fn told_to(who: &Actor, refusal: Refusal) -> Refusal {
    match who.is_staff() {
        true => refusal,
        false => refusal.without_things(),
    }
}

async fn try_book(clinic: &Clinic, who: &Actor, booking: &Booking) -> Result<i64, Failure> {
    let mut tx = clinic.db.begin().await?;
    let id = book_within(clinic, &mut tx, who, booking).await?;
    tx.commit().await?;
    Ok(id)
}

/// Books inside the caller's transaction, which must not have locked anybody before.
pub(in crate::clinic) async fn book_within(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    booking: &Booking,
) -> Result<i64, Failure> {
    let found = find_place(clinic, tx, booking, None).await?;
    let (doctor, place) = (&found.doctor, found.place);
    let new = New {
        patient: booking.patient,
        doctor: booking.doctor,
        place,
        kind: booking.kind,
        title: booking.title.as_deref(),
        symptoms: &booking.symptoms,
        overbooked: found.overbooked,
        walk_in: booking.wish.is_walk_in(),
    };
    let id = table::insert(tx, &new, clinic.clock.now()).await;
    let id = id.map_err(|error| Failure::of(error, &doctor.full_name))?;
    images::insert(tx, id, &booking.images).await?;
    let subject = Subject {
        appointment: id,
        patient: booking.patient,
        doctor: booking.doctor,
        place,
    };
    let taken = Taken {
        action: match booking.wish.is_walk_in() {
            true => Action::WalkIn,
            false => Action::Book,
        },
        from: None,
        to: Status::Pending,
        version: 1,
        why: Why {
            text: booking.overbook.clone().filter(|_| found.overbooked),
            ..Why::default()
        },
        undoes: None,
        overbooked: found.overbooked,
    };
    let step = taken.row(clinic, who);
    let detail = json!({ "doctor": doctor.id, "window": place.available_time, "date": place.date,
        "overbooked": found.overbooked });
    history::write(clinic, tx, who, subject, step, detail).await?;
    table::count_by(tx, 1).await?;
    Ok(id)
}

/// The place that a booking gets, with doctor and patient locked until the transaction ends.
/// `except` is the appointment that is being moved: it is not in its own way.
pub(in crate::clinic) async fn find_place(
    clinic: &Clinic,
    tx: &mut Tx,
    booking: &Booking,
    except: Option<i64>,
) -> Result<Found, Failure> {
    let (doctor, windows, window) = bookable(tx, booking).await?;
    if !bookings::lock_patient(tx, booking.patient).await? {
        return Err(patients::gone().into());
    }
    let days = u64::from(clinic.booking_horizon);
    let (from, to) = match booking.wish {
        Wish::Window {
            when: When::On(date),
            ..
        } => (date, date),
        Wish::Window {
            when: When::Next, ..
        } => (clinic.today(), later(clinic.today(), days)),
        Wish::At { starts_at, .. } => {
            let date = starts_at.with_timezone(&clinic.zone).date_naive();
            (date, date)
        }
        Wish::Now { .. } => (clinic.today(), clinic.today()),
    };
    // A day more on either side: what is booked outside windows may reach over midnight.
    let dates = (
        from.checked_sub_days(Days::new(1)).unwrap_or(from),
        later(to, 1),
    );
    let people = (booking.doctor, booking.patient);
    let kept = Except {
        appointment: except,
        waiting: booking.waiting,
    };
    let held = bookings::held(tx, people, dates, kept, clinic.clock.now()).await?;
    let off = absences::off(tx, &[booking.doctor], dates).await?;
    let search = Search {
        windows: &windows,
        doctor: &doctor.full_name,
        zone: clinic.zone,
        now: clinic.clock.now(),
        held: &held,
        off: &off,
    };
    let mut obstacles = over_open(clinic, tx, booking).await?;
    let overbooks = booking.overbook.is_some();
    let found = match (booking.wish, &window) {
        (Wish::Window { when, .. }, Some(window)) => match when {
            When::On(date) => search.on(window, date, overbooks),
            When::Next => search.next(window, days).map(|place| (place, false)),
        },
        (
            Wish::At {
                starts_at, minutes, ..
            },
            window,
        ) => {
            let wished =
                search.exact(window.as_ref(), starts_at, minutes, booking.outside_hours)?;
            search.at(wished, overbooks)
        }
        (Wish::Now { minutes }, _) => search.walk_in(minutes).map(|place| (place, true)),
        (Wish::Window { .. }, None) => return Err(MISSING.into()),
    };
    let (place, overbooked) = match found {
        Ok(found) => found,
        Err(found) => {
            obstacles.extend(found);
            return Err(Refusal::Unbookable(obstacles).into());
        }
    };
    // Who walks in takes nobody's time, so it is no favour that runs out.
    if overbooked && !booking.wish.is_walk_in() {
        obstacles.extend(over_limit(clinic, tx, &doctor, place.date, except).await?);
    }
    if !obstacles.is_empty() {
        return Err(Refusal::Unbookable(obstacles).into());
    }
    Ok(Found {
        doctor,
        place,
        overbooked,
    })
}

/// Whether the doctor has as many appointments beside others on a date as they may. Asked under the
/// doctor's lock, so that no race goes beyond it.
pub(super) async fn over_limit(
    clinic: &Clinic,
    tx: &mut Tx,
    doctor: &BookedDoctor,
    date: NaiveDate,
    except: Option<i64>,
) -> sqlx::Result<Option<Obstacle>> {
    let limit = clinic.overbook_limit;
    let count = bookings::overbooked(tx, doctor.id, date, except).await?;
    let doctor = &doctor.full_name;
    let full = (count >= i64::from(limit)).then(|| {
        let detail = format!(
            "{doctor} has {count} appointments beside others on {date}; no more than {limit} are allowed."
        );
        obstacle("overbook_limit", "time", detail)
    });
    Ok(full)
}

/// Whether a patient who books themselves has as many appointments ahead as they may. Asked under
/// the patient's lock.
async fn over_open(clinic: &Clinic, tx: &mut Tx, booking: &Booking) -> sqlx::Result<Vec<Obstacle>> {
    if !booking.is_limited {
        return Ok(Vec::new());
    }
    let (today, now) = (clinic.today(), clinic.clock.now());
    let count = bookings::open_of_patient(tx, booking.patient, today, now).await?;
    let limit = clinic.open_bookings_limit;
    let full = (count >= i64::from(limit)).then(|| {
        let detail = format!(
            "You have {count} appointments ahead, no more than {limit} can be booked; cancel one, or ask the front desk."
        );
        obstacle("booking_limit", FieldErrors::CROSS_FIELD, detail)
    });
    Ok(full.into_iter().collect())
}

/// The doctor, if patients see them, what they offer, and the window that is asked for, if this
/// doctor offers it.
async fn bookable(
    tx: &mut Tx,
    booking: &Booking,
) -> Answer<(BookedDoctor, Vec<Window>, Option<Window>)> {
    let asked = match booking.wish {
        Wish::Window { window, .. } => Some(window),
        Wish::At { window, .. } => window,
        Wish::Now { .. } => None,
    };
    let doctor = bookings::lock_doctor(tx, booking.doctor).await?;
    let doctor = doctor.filter(|doctor| doctor.is_verified);
    let windows = available_times::of_doctor(tx, booking.doctor).await?;
    let windows: Vec<Window> = windows.into_iter().map(Window::from).collect();
    let offered = windows.iter().find(|row| Some(row.id) == asked).cloned();
    let window_exists = match (asked, &offered) {
        (None, _) | (_, Some(_)) => true,
        (Some(window), None) => bookings::window_exists(tx, window).await?,
    };
    match (doctor, offered) {
        (Some(doctor), offered) if asked.is_none() || offered.is_some() => {
            Ok((doctor, windows, offered))
        }
        (doctor, _) => {
            let mut obstacles = Vec::new();
            if doctor.is_none() {
                obstacles.push(unknown("unknown_doctor", "doctor", booking.doctor));
            }
            if !window_exists {
                let window = asked.unwrap_or_default();
                obstacles.push(unknown("unknown_time", "time", window));
            } else if doctor.is_some() {
                let detail = "This doctor does not offer this time.".to_owned();
                obstacles.push(obstacle("not_offered", "time", detail));
            }
            Err(Refusal::Unbookable(obstacles))
        }
    }
}

fn unknown(code: &'static str, field: &'static str, id: i64) -> Obstacle {
    let detail = format!("Invalid pk \"{id}\" - object does not exist.");
    obstacle(code, field, detail)
}

fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}

/// Why a try did not book.
pub(in crate::clinic) enum Failure {
    /// It is refused.
    Refused(Refusal),
    /// Somebody else took the place after it was looked up; the refusal if that goes on.
    Lost(Refusal),
}

impl Failure {
    /// What an error of writing the appointment means.
    pub(super) fn of(error: sqlx::Error, doctor: &str) -> Self {
        let reason = match table::busy(&error) {
            Some(Busy::Doctor) => doctor_busy(doctor, None),
            Some(Busy::Patient) => patient_busy(None),
            None => return Failure::Refused(error.into()),
        };
        Failure::Lost(Refusal::Unbookable(vec![reason]))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::Refused(refusal)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Lost(refusal) | Failure::Refused(refusal) => refusal,
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Failure::Refused(error.into())
    }
}

/// Counts the tries of something that can lose its place to others. Each try is a transaction of its
/// own, for nothing can be read after such an error in the old one.
pub(in crate::clinic) struct Tries(usize);

impl Tries {
    /// None so far.
    pub(in crate::clinic) fn new() -> Self {
        Tries(0)
    }

    /// Whether to try again after this failure; else the refusal.
    pub(in crate::clinic) fn again(&mut self, failure: Failure) -> Answer<()> {
        self.0 += 1;
        match failure {
            Failure::Lost(_) if self.0 < TRIES => Ok(()),
            Failure::Lost(refusal) | Failure::Refused(refusal) => Err(refusal),
        }
    }
}
