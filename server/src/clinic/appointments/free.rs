//! What is still free (API.md §7 `slots/`): the same search that a booking makes, over several
//! doctors and days.

use std::collections::HashMap;

use chrono::{Days, NaiveDate, Timelike};
use chrono_tz::Tz;
use clinic_shared::desk::slots::{FreeSlot, FreeSlots, PartOfDay};
use clinic_shared::v1::waiting::OpenTime;
use serde_json::json;
use uuid::Uuid;

use super::super::available_times::Window;
use super::super::paging::usize_of;
use super::super::{Actor, Answer, Clinic, Refusal};
use super::place::Search;
use super::record::{local, person};
use crate::store::absences::OffRow;
use crate::store::appointments::Place;
use crate::store::bookings::HeldRow;
use crate::store::slots::{self as table, OpenDoctor};
use crate::store::{Session, absences, patients};

/// Noon and five, in hours of the clinic's day: where its parts end.
const NOON: u32 = 12;
const EVENING: u32 = 17;
/// How many slots are answered, and at most.
const USUAL: usize = 50;
const MOST: usize = 1000;
/// How many days are searched, without an end and at most.
const USUAL_DAYS: u64 = 30;
const MOST_DAYS: u64 = 366;

/// Which free slots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only this doctor's.
    pub doctor: Option<Uuid>,
    /// Only of doctors of this specialisation.
    pub specialisation: Option<i64>,
    /// For this patient, who may be busy themselves.
    pub patient: Option<Uuid>,
    /// From this date of the clinic on; none: today.
    pub from: Option<NaiveDate>,
    /// Up to this one; none: a month.
    pub to: Option<NaiveDate>,
    /// Only in this part of the day.
    pub part_of_day: Option<PartOfDay>,
    /// As long as this, in minutes; none: as the windows are cut.
    pub minutes: Option<u32>,
    /// How many.
    pub limit: Option<usize>,
}

/// A free place, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::clinic) struct Free {
    /// The doctor.
    pub(in crate::clinic) doctor: OpenDoctor,
    /// The window's label.
    pub(in crate::clinic) window: String,
    /// When.
    pub(in crate::clinic) place: Place,
}

/// What a search found, and how far it looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::clinic) struct Found {
    /// By time, then by doctor.
    pub(in crate::clinic) free: Vec<Free>,
    /// The first date that was looked at.
    pub(in crate::clinic) from: NaiveDate,
    /// The last date that was looked at.
    pub(in crate::clinic) to: NaiveDate,
    /// Whether there may be more up to the date asked for.
    pub(in crate::clinic) has_more: bool,
}

/// The next free slots. The policy lets staff in only.
///
/// # Errors
/// [`Refusal::Invalid`] on `to`, or on a patient or doctor that is not there.
pub async fn free_slots(clinic: &Clinic, who: &Actor, wanted: &Wanted) -> Answer<FreeSlots> {
    let mut reader = clinic.db.read().await?;
    let patient = match wanted.patient {
        Some(id) => {
            let found = patients::by_uid(&mut reader, id).await?;
            let missing = || Refusal::field("patient", "There is no such patient.");
            Some(found.ok_or_else(missing)?.id)
        }
        None => None,
    };
    let found = search(clinic, &mut reader, wanted, patient).await?;
    drop(reader);
    let detail = json!({ "doctor": wanted.doctor, "count": found.free.len() });
    clinic
        .reads
        .note(who, "search_slots", patient, detail)
        .await;
    let zone = clinic.zone;
    Ok(FreeSlots {
        from: found.from,
        to: found.to,
        has_more: found.has_more,
        slots: found
            .free
            .into_iter()
            .map(|free| wire(free, zone))
            .collect(),
    })
}

/// What patients can still book of a doctor's, or of anybody's, on a date or as far as bookings look
/// ahead: how many there are, and a page of them. No more than [`MOST`] are counted.
///
/// # Errors
/// The database's.
pub async fn open_times(
    clinic: &Clinic,
    doctor: Option<Uuid>,
    date: Option<NaiveDate>,
    (limit, offset): (i64, i64),
) -> Answer<(i64, Vec<OpenTime>)> {
    // What is over can't be booked: a search would begin with today.
    if date.is_some_and(|date| date < clinic.today()) {
        return Ok((0, Vec::new()));
    }
    let horizon = later(clinic.today(), u64::from(clinic.booking_horizon));
    let wanted = Wanted {
        doctor,
        from: date,
        to: date.or(Some(horizon)),
        limit: Some(MOST),
        ..Wanted::default()
    };
    let mut reader = clinic.db.read().await?;
    let found = search(clinic, &mut reader, &wanted, None).await?;
    drop(reader);
    let count = i64::try_from(found.free.len()).unwrap_or(i64::MAX);
    let rows = found.free.into_iter();
    let rows = rows.skip(usize_of(offset)).take(usize_of(limit));
    Ok((count, rows.map(open_wire).collect()))
}

fn open_wire(free: Free) -> OpenTime {
    let span = free.place.span;
    OpenTime {
        id: free.place.available_time.unwrap_or_default(),
        name: free.window,
        date: free.place.date,
        starts_at: span.map(|span| span.0),
        ends_at: span.map(|span| span.1),
    }
}

fn wire(free: Free, zone: Tz) -> FreeSlot {
    let span = free.place.span;
    let (starts_at, ends_at) = (span.map(|span| span.0), span.map(|span| span.1));
    FreeSlot {
        doctor: person(free.doctor.uid, free.doctor.id, free.doctor.full_name),
        available_time: free.place.available_time.unwrap_or_default(),
        window: free.window,
        date: free.place.date,
        starts: local(starts_at, zone),
        ends: local(ends_at, zone),
        starts_at,
        ends_at,
    }
}

/// The free places that are wanted. Days are read a few at a time, twice as many each time, so that
/// the next free slot of a clinic with room costs the reading of two days.
pub(in crate::clinic) async fn search(
    clinic: &Clinic,
    session: &mut impl Session,
    wanted: &Wanted,
    patient: Option<i64>,
) -> Answer<Found> {
    let from = wanted
        .from
        .unwrap_or_else(|| clinic.today())
        .max(clinic.today());
    let to = wanted.to.unwrap_or_else(|| later(from, USUAL_DAYS));
    if to > later(from, MOST_DAYS) {
        return Err(Refusal::field(
            "to",
            "No more than a year is searched at once.",
        ));
    }
    let limit = wanted.limit.unwrap_or(USUAL).clamp(1, MOST);
    let doctors = table::doctors(session, wanted.doctor, wanted.specialisation).await?;
    let mut diaries = Diaries::of(session, &doctors).await?;
    let mut found = Vec::new();
    let (mut first, mut days) = (from, 2);
    while first <= to && found.len() < limit && !doctors.is_empty() {
        let last = later(first, days - 1).min(to);
        diaries
            .read(clinic, session, patient, (first, last))
            .await?;
        let dates = first.iter_days().take_while(|date| *date <= last);
        for date in dates {
            found.extend(diaries.free_on(clinic, &doctors, wanted, date));
            if found.len() >= limit {
                let has_more = found.len() > limit || date < to;
                found.truncate(limit);
                return Ok(Found {
                    free: found,
                    from,
                    to: date,
                    has_more,
                });
            }
        }
        (first, days) = (later(last, 1), days * 2);
    }
    Ok(Found {
        free: found,
        from,
        to,
        has_more: false,
    })
}

/// What several doctors offer and hold.
struct Diaries {
    ids: Vec<i64>,
    windows: HashMap<i64, Vec<Window>>,
    held: HashMap<i64, Vec<HeldRow>>,
    /// What the patient holds, with whomever.
    patient: Vec<HeldRow>,
    off: Vec<OffRow>,
}

impl Diaries {
    async fn of(session: &mut impl Session, doctors: &[OpenDoctor]) -> Answer<Self> {
        let ids: Vec<i64> = doctors.iter().map(|doctor| doctor.id).collect();
        let mut windows: HashMap<i64, Vec<Window>> = HashMap::new();
        for row in table::windows(session, &ids).await? {
            let of_doctor = windows.entry(row.doctor_id).or_default();
            of_doctor.push(Window::from(row.window));
        }
        Ok(Diaries {
            ids,
            windows,
            held: HashMap::new(),
            patient: Vec::new(),
            off: Vec::new(),
        })
    }

    /// Reads what is held on some dates, and a day more on either side: what is booked outside
    /// windows may reach over midnight.
    async fn read(
        &mut self,
        clinic: &Clinic,
        session: &mut impl Session,
        patient: Option<i64>,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Answer<()> {
        let before = from.checked_sub_days(Days::new(1)).unwrap_or(from);
        let dates = (before, later(to, 1));
        self.held.clear();
        for row in table::taken(session, &self.ids, dates, clinic.clock.now()).await? {
            let (doctor, held) = row.held();
            self.held.entry(doctor).or_default().push(held);
        }
        self.patient = match patient {
            Some(patient) => {
                let rows = table::taken_of_patient(session, patient, dates).await?;
                rows.into_iter().map(|row| row.of_patient()).collect()
            }
            None => Vec::new(),
        };
        self.off = absences::off(session, &self.ids, dates).await?;
        Ok(())
    }

    /// The free places of a date, by time, then by doctor's name.
    fn free_on(
        &self,
        clinic: &Clinic,
        doctors: &[OpenDoctor],
        wanted: &Wanted,
        date: NaiveDate,
    ) -> Vec<Free> {
        let mut found = Vec::new();
        for doctor in doctors {
            let Some(windows) = self.windows.get(&doctor.id) else {
                continue;
            };
            let mut held = around(
                self.held.get(&doctor.id).map_or(&[][..], Vec::as_slice),
                date,
            );
            held.extend(around(&self.patient, date));
            let concerns = |off: &&OffRow| off.doctor_id.is_none_or(|id| id == doctor.id);
            let off: Vec<OffRow> = self.off.iter().filter(concerns).copied().collect();
            let search = Search {
                windows,
                doctor: &doctor.full_name,
                zone: clinic.zone,
                now: clinic.clock.now(),
                held: &held,
                off: &off,
            };
            for window in windows {
                let places = search.all_free_on(window, date, wanted.minutes);
                let places = places.into_iter();
                let fits = |place: &Place| is_in(place, wanted.part_of_day, clinic.zone);
                found.extend(places.filter(fits).map(|place| Free {
                    doctor: doctor.clone(),
                    window: window.name.clone(),
                    place,
                }));
            }
        }
        // Stable: doctors stay in the order of their names. A time without a clock comes last.
        found.sort_by_key(|free| (free.place.span.is_none(), free.place.at));
        found.dedup_by(|one, other| {
            let same = one.doctor.id == other.doctor.id && one.place.span == other.place.span;
            same && one.place.span.is_some()
        });
        found
    }
}

/// What is held on a date and on the days beside it; the rows are in the order of dates.
fn around(held: &[HeldRow], date: NaiveDate) -> Vec<HeldRow> {
    let (from, to) = (
        date.checked_sub_days(Days::new(1)).unwrap_or(date),
        later(date, 1),
    );
    let begin = held.partition_point(|row| row.date < from);
    let end = held.partition_point(|row| row.date <= to);
    held.get(begin..end).unwrap_or_default().to_vec()
}

/// Whether a place is in a part of the clinic's day; what has no clock is in none.
fn is_in(place: &Place, part: Option<PartOfDay>, zone: Tz) -> bool {
    part.is_none() || part_of_day(place, zone) == part
}

/// The part of the clinic's day that a place begins in; none without a clock.
pub(in crate::clinic) fn part_of_day(place: &Place, zone: Tz) -> Option<PartOfDay> {
    let (starts_at, _) = place.span?;
    Some(part_of(starts_at.with_timezone(&zone).hour()))
}

const fn part_of(hour: u32) -> PartOfDay {
    match hour {
        0..NOON => PartOfDay::Morning,
        NOON..EVENING => PartOfDay::Afternoon,
        _ => PartOfDay::Evening,
    }
}

fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}
