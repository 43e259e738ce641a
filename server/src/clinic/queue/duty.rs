//! Who is on duty: by the windows that doctors offer on a day, without what they are away for.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::super::available_times::{Window, whole};
use super::super::{Answer, Clinic, Refusal};
use super::board::soonest;
use crate::store::absences::{self, OffRow};
use crate::store::slots::{self as table, OpenDoctor};
use crate::store::{Session, Tx, queue};

/// From when until when.
type Span = (DateTime<Utc>, DateTime<Utc>);

/// A doctor's day.
pub(super) struct Shift {
    /// Who it is.
    pub(super) doctor: OpenDoctor,
    /// When they are there, in order: their windows with a clock, without absences and closures.
    pub(super) hours: Vec<Span>,
    /// Whether they offer a window without a clock and are not away the whole day.
    pub(super) has_label: bool,
    /// Whether they work on this day at all, were it not for absences and closures.
    pub(super) is_planned: bool,
    /// When they are away, or the clinic is closed.
    off: Vec<Span>,
}

impl Shift {
    /// When they begin whose window is on, or else the next one.
    pub(super) fn begins(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let ahead = self.hours.iter().filter(|(_, until)| *until > now);
        ahead.map(|(from, _)| *from).min()
    }

    /// How many minutes they are there.
    pub(super) fn minutes(&self) -> i64 {
        let spans = self.hours.iter();
        spans
            .map(|(from, until)| (*until - *from).num_minutes())
            .sum()
    }

    /// Whether somebody who comes now can wait for them, and then whether they still have to come.
    pub(super) fn comes_later(&self, now: DateTime<Utc>) -> Option<bool> {
        if self.off.iter().any(|off| off.0 <= now && now < off.1) {
            return None;
        }
        match self.begins(now) {
            _ if self.has_label => Some(false),
            Some(begins) => Some(now < begins),
            None => None,
        }
    }
}

/// The shifts of a date: one doctor's, or of those who are for something, or of all whom patients see;
/// in as many statements however many they are.
pub(super) async fn shifts(
    session: &mut impl Session,
    zone: Tz,
    date: NaiveDate,
    (doctor, specialisation): (Option<uuid::Uuid>, Option<i64>),
) -> Answer<Vec<Shift>> {
    let doctors = table::doctors(session, doctor, specialisation).await?;
    let ids: Vec<i64> = doctors.iter().map(|doctor| doctor.id).collect();
    let mut windows: BTreeMap<i64, Vec<Window>> = BTreeMap::new();
    for offered in table::windows(session, &ids).await? {
        let of_doctor = windows.entry(offered.doctor_id).or_default();
        of_doctor.push(Window::from(offered.window));
    }
    // A window may reach over midnight where clocks change.
    let until = date.checked_add_days(Days::new(1)).unwrap_or(date);
    let off = absences::off(session, &ids, (date, until)).await?;
    let shift = |doctor: OpenDoctor| {
        let windows = windows.remove(&doctor.id).unwrap_or_default();
        let is_theirs = |off: &&OffRow| off.doctor_id.is_none_or(|of| of == doctor.id);
        let off: Vec<&OffRow> = off.iter().filter(is_theirs).collect();
        shift_of(doctor, &windows, &off, (date, zone))
    };
    Ok(doctors.into_iter().map(shift).collect())
}

fn shift_of(
    doctor: OpenDoctor,
    windows: &[Window],
    off: &[&OffRow],
    (date, zone): (NaiveDate, Tz),
) -> Shift {
    let offered = || windows.iter().filter(|window| window.is_offered_on(date));
    let is_off = off.iter().any(|off| {
        let days = off.time.first_date..=off.time.last_date;
        off.time.starts.is_none() && days.contains(&date)
    });
    let off: Vec<Span> = off
        .iter()
        .map(|off| (off.time.starts_at, off.time.ends_at))
        .collect();
    let spans = offered().filter_map(|window| {
        let whole = whole(window, date, zone)?;
        Some((whole.starts_at, whole.ends_at))
    });
    let mut hours: Vec<Span> = spans.flat_map(|span| without(span, &off)).collect();
    hours.sort_unstable();
    Shift {
        doctor,
        hours,
        has_label: !is_off && offered().any(|window| window.hours.is_none()),
        is_planned: offered().next().is_some(),
        off,
    }
}

/// What is left of a span.
fn without(span: Span, off: &[Span]) -> Vec<Span> {
    off.iter().fold(vec![span], |left, off| {
        let pieces = left
            .into_iter()
            .flat_map(|(from, until)| [(from, until.min(off.0)), (from.max(off.1), until)]);
        pieces.filter(|(from, until)| from < until).collect()
    })
}

/// The doctor to whom somebody is sent who came without being booked and named none: of those who are
/// there now, or else still come today, whoever they would go in to first: after those who wait and
/// are with them, and as late as the doctor runs. All of them are locked, so that many who come at
/// once are spread.
///
/// # Errors
/// [`Refusal::Conflict`] (`nobody_on_duty`) if nobody works today any more.
pub(super) async fn first_free(
    clinic: &Clinic,
    tx: &mut Tx,
    specialisation: Option<i64>,
) -> Answer<i64> {
    let (today, now) = (clinic.today(), clinic.clock.now());
    let shifts = shifts(tx, clinic.zone, today, (None, specialisation)).await?;
    let on_duty = shifts
        .iter()
        .filter(|shift| shift.comes_later(now).is_some())
        .map(|shift| shift.doctor.id);
    let doctors = queue::lock_doctors(tx, &on_duty.collect::<Vec<i64>>()).await?;
    let chosen = soonest(clinic, tx, &doctors).await?;
    chosen.ok_or_else(|| Refusal::Conflict {
        code: "nobody_on_duty",
        detail: match specialisation {
            Some(_) => "Nobody who is for this works today any more; name a doctor.".to_owned(),
            None => "Nobody works today any more; name a doctor.".to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_they_are_away_for_is_cut_out() {
        let at = |hour: u32| {
            let at = format!("2026-03-02T{hour:02}:00:00Z").parse::<DateTime<Utc>>();
            at.unwrap()
        };
        let span = |from, until| (at(from), at(until));
        let day = span(9, 17);
        assert_eq!(without(day, &[]), [day]);
        assert_eq!(
            without(day, &[span(12, 13), span(16, 20)]),
            [span(9, 12), span(13, 16)]
        );
        assert_eq!(without(day, &[span(0, 9), span(17, 20)]), [day]);
        assert!(without(day, &[span(8, 12), span(11, 18)]).is_empty());
    }
}
