//! Who is on duty: by the windows that doctors offer on a day.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::super::available_times::{Window, slots};
use super::super::{Answer, Clinic, Refusal};
use crate::store::available_times::WindowRow;
use crate::store::{Tx, board, queue};

/// From when until when.
type Span = (DateTime<Utc>, DateTime<Utc>);

/// The hours of a window on a date; none if it is not offered then or has no clock.
pub(super) fn hours_of_day(window: &WindowRow, date: NaiveDate, zone: Tz) -> Option<Span> {
    let whole = Window {
        slot_minutes: None,
        ..Window::from(window.clone())
    };
    let whole = slots(&whole, date, zone).into_iter().next();
    whole.map(|whole| (whole.starts_at, whole.ends_at))
}

/// When the window begins that is on, or else the next one.
pub(super) fn next_window(windows: &[Span], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let ahead = windows.iter().filter(|(_, until)| *until > now);
    ahead.map(|(from, _)| *from).min()
}

/// The doctor to whom somebody is sent who came without being booked and named none: of those who are
/// there now, or else still come today, whoever has the fewest people waiting and with them. All of
/// them are locked, so that many who come at once are spread.
///
/// # Errors
/// [`Refusal::Conflict`] (`nobody_on_duty`) if nobody works today any more.
pub(super) async fn shortest_queue(
    clinic: &Clinic,
    tx: &mut Tx,
    specialisation: Option<i64>,
) -> Answer<i64> {
    let (today, now) = (clinic.today(), clinic.clock.now());
    // True: still comes today. Who is there now is before those.
    let mut on_duty: BTreeMap<i64, bool> = BTreeMap::new();
    for offer in board::offers(tx, None, specialisation).await? {
        let window = Window::from(offer.window.clone());
        let comes_later = match hours_of_day(&offer.window, today, clinic.zone) {
            Some((from, until)) if now < until => now < from,
            None if window.hours.is_none() && window.is_offered_on(today) => false,
            _ => continue,
        };
        let known = on_duty.entry(offer.doctor_id).or_insert(true);
        *known = *known && comes_later;
    }
    let doctors: Vec<i64> = on_duty.keys().copied().collect();
    let doctors = queue::lock_doctors(tx, &doctors).await?;
    let lengths: BTreeMap<i64, i64> = queue::lengths(tx, today).await?.into_iter().collect();
    let busy = |doctor: &i64| {
        let comes_later = on_duty.get(doctor).copied().unwrap_or(true);
        (
            comes_later,
            lengths.get(doctor).copied().unwrap_or(0),
            *doctor,
        )
    };
    let chosen = doctors.into_iter().min_by_key(busy);
    chosen.ok_or_else(|| Refusal::Conflict {
        code: "nobody_on_duty",
        detail: match specialisation {
            Some(_) => "Nobody who is for this works today any more; name a doctor.".to_owned(),
            None => "Nobody works today any more; name a doctor.".to_owned(),
        },
    })
}
