//! A day in numbers.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use clinic_shared::desk::appointments::{Person, Status};
use clinic_shared::desk::reports::{DayNumbers, DayReport, DoctorReport, Spread};
use serde_json::json;

use super::super::appointments::person;
use super::super::{Actor, Answer, Clinic};
use crate::store::board::{self, BoardRow};

/// What became of a day's appointments, of each doctor and of all. The policy lets staff in only.
///
/// # Errors
/// The database's.
pub async fn day(clinic: &Clinic, who: &Actor, date: Option<NaiveDate>) -> Answer<DayReport> {
    let date = date.unwrap_or_else(|| clinic.today());
    let rows = board::day(&mut clinic.db.read_behind().await?, date, None).await?;
    let detail = json!({ "date": date, "count": rows.len() });
    let action = "show_day_report";
    clinic.reads.note(who, action, None, detail).await;
    Ok(of_rows(date, clinic.clock.now(), &rows))
}

/// The report of a day's appointments.
pub fn of_rows(date: NaiveDate, at: DateTime<Utc>, rows: &[BoardRow]) -> DayReport {
    let mut doctors: BTreeMap<(&str, i64), (Person, Vec<&BoardRow>)> = BTreeMap::new();
    for row in rows {
        let line = &row.line;
        let of_doctor = doctors
            .entry((&line.doctor_name, line.doctor_id))
            .or_insert_with(|| {
                let name = line.doctor_name.clone();
                (person(line.doctor_uid, line.doctor_id, name), Vec::new())
            });
        of_doctor.1.push(row);
    }
    let doctors = doctors.into_values().map(|(doctor, rows)| DoctorReport {
        doctor,
        numbers: numbers(&rows),
    });
    DayReport {
        date,
        at,
        doctors: doctors.collect(),
        total: numbers(&rows.iter().collect::<Vec<_>>()),
    }
}

fn numbers(rows: &[&BoardRow]) -> DayNumbers {
    let count = |is_so: &dyn Fn(&BoardRow) -> bool| -> i64 {
        let found = rows.iter().filter(|row| is_so(row)).count();
        i64::try_from(found).unwrap_or(i64::MAX)
    };
    let stand = |states: &[Status]| count(&|row| states.contains(&row.line.status.0));
    DayNumbers {
        booked: count(&|row| !row.walk_in),
        walk_ins: count(&|row| row.walk_in),
        seen: stand(&[Status::Running, Status::Completed]),
        waiting: stand(&[Status::CheckedIn]),
        awaited: stand(&[Status::Pending, Status::Confirmed]),
        no_shows: stand(&[Status::NoShow]),
        cancelled: stand(&[Status::Cancelled]),
        left: stand(&[Status::Left]),
        overbooked: count(&|row| row.line.overbooked && !row.walk_in),
        wait: spread(rows.iter().filter_map(|row| waited(row)).collect()),
        started_late: spread(rows.iter().filter_map(|row| late(row)).collect()),
    }
}

/// How long somebody waited who waits no longer.
fn waited(row: &BoardRow) -> Option<i64> {
    let until = match row.line.status.0 {
        Status::Running | Status::Completed => row.started_at,
        Status::Left => row.left_at,
        _ => None,
    };
    Some((until? - row.checked_in_at?).num_minutes().max(0))
}

/// How late a booked one began; what was early was not late.
fn late(row: &BoardRow) -> Option<i64> {
    let is_seen = matches!(row.line.status.0, Status::Running | Status::Completed);
    let due = row.line.starts_at.filter(|_| is_seen && !row.walk_in)?;
    Some((row.started_at? - due).num_minutes().max(0))
}

fn spread(mut minutes: Vec<i64>) -> Spread {
    minutes.sort_unstable();
    // The least of which so many percent are no longer.
    let at = |percent: usize| {
        let rank = (minutes.len() * percent).div_ceil(100);
        rank.checked_sub(1).and_then(|at| minutes.get(at).copied())
    };
    Spread {
        count: i64::try_from(minutes.len()).unwrap_or(i64::MAX),
        median: at(50),
        p90: at(90),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_nine_of_ten_took_no_longer() {
        let of = |minutes: &[i64]| {
            let spread = spread(minutes.to_vec());
            (spread.count, spread.median, spread.p90)
        };
        assert_eq!(of(&[]), (0, None, None));
        assert_eq!(of(&[7]), (1, Some(7), Some(7)));
        assert_eq!(of(&[30, 10]), (2, Some(10), Some(30)));
        let ten: Vec<i64> = (1..=10).rev().collect();
        assert_eq!(of(&ten), (10, Some(5), Some(9)));
        let eleven: Vec<i64> = (1..=11).collect();
        assert_eq!(of(&eleven), (11, Some(6), Some(10)));
    }
}
