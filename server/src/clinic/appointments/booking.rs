//! The one way to take time (API.md §6): for a new appointment and for one that moves.
//!
//! The doctor's row is locked, then the patient's, so bookings of one doctor come one after the
//! other and each sees what the last one took. The database's own rule stands behind: whoever does
//! not ask here is refused there, and a booking that loses to such a one looks again.

use chrono::{Days, NaiveDate};
use clinic_shared::desk::appointments::{Action, Kind, Status};
use serde_json::json;

use super::super::available_times::Window;
use super::super::{Actor, Answer, Clinic, Obstacle, Refusal};
use super::MISSING;
use super::history::{self, Subject, Taken, Why};
use super::place::{Search, doctor_busy, patient_busy};
use crate::store::appointments::{self as table, Busy, New, Place};
use crate::store::bookings::{self, BookedDoctor};
use crate::store::{Tx, available_times};

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

/// What is to be booked.
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

/// Books, and answers the appointment's id.
///
/// # Errors
/// [`Refusal::Unbookable`] with everything in the way, [`Refusal::Missing`] if the patient's record
/// is gone.
pub async fn book(clinic: &Clinic, who: &Actor, request: &Request) -> Answer<i64> {
    let mut tries = Tries::new();
    loop {
        match try_book(clinic, who, request).await {
            Ok(id) => return Ok(id),
            Err(failure) => tries.again(failure)?,
        }
    }
}

async fn try_book(clinic: &Clinic, who: &Actor, request: &Request) -> Result<i64, Failure> {
    let mut tx = clinic.db.begin().await?;
    let (doctor, place) = find_place(clinic, &mut tx, request, None).await?;
    let new = New {
        patient: request.patient,
        doctor: request.doctor,
        place,
        kind: request.kind,
        symptoms: &request.symptoms,
    };
    let id = table::insert(&mut tx, &new, clinic.clock.now()).await;
    let id = id.map_err(|error| Failure::of(error, &doctor.full_name))?;
    let subject = Subject {
        appointment: id,
        patient: request.patient,
        doctor: request.doctor,
        place,
    };
    let taken = Taken {
        action: Action::Book,
        from: None,
        to: Status::Pending,
        version: 1,
        why: Why::default(),
        undoes: None,
        overbooked: false,
    };
    let step = taken.row(clinic, who);
    let detail = json!({ "doctor": doctor.id, "window": request.window, "date": place.date });
    history::write(clinic, &mut tx, who, subject, step, detail).await?;
    table::count_by(&mut tx, 1).await?;
    tx.commit().await?;
    Ok(id)
}

/// The place that a request gets, with doctor and patient locked until the transaction ends.
/// `except` is the appointment that is being moved: it is not in its own way.
pub(super) async fn find_place(
    clinic: &Clinic,
    tx: &mut Tx,
    request: &Request,
    except: Option<i64>,
) -> Result<(BookedDoctor, Place), Failure> {
    let (doctor, window) = bookable(tx, request).await?;
    if !bookings::lock_patient(tx, request.patient).await? {
        return Err(MISSING.into());
    }
    let days = u64::from(clinic.booking_horizon);
    let (from, to) = match request.when {
        When::On(date) => (date, date),
        When::Next => (clinic.today(), later(clinic.today(), days)),
    };
    // A day more on either side: what is booked outside windows may reach over midnight.
    let dates = (
        from.checked_sub_days(Days::new(1)).unwrap_or(from),
        later(to, 1),
    );
    let held = bookings::held(tx, request.doctor, request.patient, dates, except).await?;
    let search = Search {
        window: &window,
        doctor: &doctor.full_name,
        zone: clinic.zone,
        now: clinic.clock.now(),
        held: &held,
    };
    let place = match request.when {
        When::On(date) => search.on(date),
        When::Next => search.next(days),
    };
    let place = place.map_err(Refusal::Unbookable)?;
    Ok((doctor, place))
}

/// The doctor, if patients see them, and the window, if this doctor offers it.
async fn bookable(tx: &mut Tx, request: &Request) -> Answer<(BookedDoctor, Window)> {
    let doctor = bookings::lock_doctor(tx, request.doctor).await?;
    let doctor = doctor.filter(|doctor| doctor.is_verified);
    let windows = available_times::of_doctor(tx, request.doctor).await?;
    let offered = windows.into_iter().find(|row| row.id == request.window);
    let window_exists = match offered {
        Some(_) => true,
        None => bookings::window_exists(tx, request.window).await?,
    };
    match (doctor, offered) {
        (Some(doctor), Some(row)) => Ok((doctor, Window::from(row))),
        (doctor, _) => {
            let mut obstacles = Vec::new();
            if doctor.is_none() {
                obstacles.push(unknown("unknown_doctor", "doctor", request.doctor));
            }
            if !window_exists {
                obstacles.push(unknown("unknown_time", "time", request.window));
            } else if doctor.is_some() {
                obstacles.push(Obstacle {
                    code: "not_offered",
                    field: "time",
                    detail: "This doctor does not offer this time.".to_owned(),
                });
            }
            Err(Refusal::Unbookable(obstacles))
        }
    }
}

fn unknown(code: &'static str, field: &'static str, id: i64) -> Obstacle {
    Obstacle {
        code,
        field,
        detail: format!("Invalid pk \"{id}\" - object does not exist."),
    }
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
            Some(Busy::Doctor) => doctor_busy(doctor),
            Some(Busy::Patient) => patient_busy(),
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
pub(super) struct Tries(usize);

impl Tries {
    /// None so far.
    pub(super) fn new() -> Self {
        Tries(0)
    }

    /// Whether to try again after this failure; else the refusal.
    pub(super) fn again(&mut self, failure: Failure) -> Answer<()> {
        self.0 += 1;
        match failure {
            Failure::Lost(_) if self.0 < TRIES => Ok(()),
            Failure::Lost(refusal) | Failure::Refused(refusal) => Err(refusal),
        }
    }
}
