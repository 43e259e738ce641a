//! The board of a day and the queue of a doctor, as the desk shows them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use clinic_shared::desk::appointments::{Person, Status};
use clinic_shared::desk::queue::{
    Board, BoardRow, DoctorBoard, NextFree, Priority, Queue, WaitLevel,
};
use serde_json::json;
use uuid::Uuid;

use super::super::appointments::{USUAL, local, person};
use super::super::{Actor, Answer, Clinic, Refusal, doctors};
use super::duty::{Shift, shifts};
use super::order::{Entry, Hours, expectations, in_serving_order};
use crate::store::board::{self as table, BoardRow as Row};
use crate::store::{Session, doctors as doctor_table};

/// Everything of a day, or of one doctor's: how it stands with each appointment, and each doctor's
/// numbers. The policy lets staff in only.
///
/// # Errors
/// The database's.
pub async fn board(
    clinic: &Clinic,
    who: &Actor,
    date: Option<NaiveDate>,
    doctor: Option<Uuid>,
) -> Answer<Board> {
    let date = date.unwrap_or_else(|| clinic.today());
    let day = Day::read(clinic, &mut clinic.db.read().await?, date, doctor).await?;
    let detail = json!({ "date": date, "count": day.rows.len() });
    clinic.reads.note(who, "show_board", None, detail).await;
    let doctors = day.doctors();
    let doctors = doctors.into_values().map(|doctor| day.numbers(doctor));
    let mut doctors: Vec<DoctorBoard> = doctors.collect();
    doctors.sort_by(|a, b| {
        let name = |one: &DoctorBoard| (one.doctor.full_name.clone(), one.doctor.number);
        name(a).cmp(&name(b))
    });
    Ok(Board {
        date,
        at: day.now,
        warn_minutes: clinic.wait_warn.num_minutes(),
        alert_minutes: clinic.wait_alert.num_minutes(),
        doctors,
        next_free: match (doctor, date == clinic.today()) {
            (None, true) => day.next_free(clinic.zone),
            _ => None,
        },
        appointments: day.rows.iter().map(|row| day.wire(clinic, row)).collect(),
    })
}

/// Who is with a doctor and who waits for them today, the next one first, and who is still to come:
/// any doctor's for staff, for a doctor their own.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such doctor, [`Refusal::Forbidden`] if a doctor asks for
/// another one's, [`Refusal::Invalid`] on `doctor` if staff say none.
pub async fn of_doctor(clinic: &Clinic, who: &Actor, doctor: Option<Uuid>) -> Answer<Queue> {
    let date = clinic.today();
    let mut reader = clinic.db.read().await?;
    let doctor = asked(&mut reader, who, doctor).await?;
    let day = Day::read(clinic, &mut reader, date, Some(doctor.id)).await?;
    drop(reader);
    let entries: Vec<Entry> = day.rows.iter().map(entry).collect();
    let by_id: BTreeMap<i64, &Row> = day.rows.iter().map(|row| (row.line.id, row)).collect();
    let order = in_serving_order(&entries).into_iter();
    let rows = order.filter_map(|entry| by_id.get(&entry.id));
    let entries: Vec<BoardRow> = rows.map(|row| day.wire(clinic, row)).collect();
    let to_come: Vec<BoardRow> = day.to_come().map(|row| day.wire(clinic, row)).collect();
    let count = entries.len() + to_come.len();
    let detail = json!({ "doctor": doctor.number, "count": count });
    clinic.reads.note(who, "show_queue", None, detail).await;
    Ok(Queue {
        date,
        at: day.now,
        warn_minutes: clinic.wait_warn.num_minutes(),
        alert_minutes: clinic.wait_alert.num_minutes(),
        average_wait_minutes: day.average_wait(),
        doctor: day.numbers(doctor),
        entries,
        to_come,
    })
}

/// The doctor with whom somebody who comes now, without being booked, goes in first, of these.
///
/// # Errors
/// The database's.
pub(super) async fn soonest(
    clinic: &Clinic,
    session: &mut impl Session,
    of: &[i64],
) -> Answer<Option<i64>> {
    let day = Day::read(clinic, session, clinic.today(), None).await?;
    let soonest = day.soonest(|doctor| of.contains(&doctor));
    Ok(soonest.map(|(doctor, _)| doctor))
}

/// Whose queue is asked for.
async fn asked(session: &mut impl Session, who: &Actor, doctor: Option<Uuid>) -> Answer<Person> {
    const MISSING: Refusal = Refusal::Missing("Doctor");
    let row = match doctor {
        Some(id) => doctor_table::by_uid(session, id).await?.ok_or(MISSING)?,
        None if who.is_staff() => {
            return Err(Refusal::field("doctor", "Say whose queue."));
        }
        None => {
            let own = doctors::of_caller(session, who).await?.ok_or(MISSING)?;
            doctor_table::by_id(session, own).await?.ok_or(MISSING)?
        }
    };
    match who.is_staff() || doctors::of_caller(session, who).await? == Some(row.id) {
        true => Ok(person(row.uid, row.id, row.full_name)),
        false => Err(Refusal::forbidden()),
    }
}

/// A day, as it was read: in as many statements whatever there is of it.
struct Day {
    now: DateTime<Utc>,
    rows: Vec<Row>,
    /// Whose day it is, by number.
    shifts: BTreeMap<i64, Shift>,
    /// By how many minutes each doctor runs late.
    late: BTreeMap<i64, i64>,
    /// When who waits and who is still to come will likely go in.
    expected: BTreeMap<i64, DateTime<Utc>>,
}

impl Day {
    async fn read(
        clinic: &Clinic,
        session: &mut impl Session,
        date: NaiveDate,
        doctor: Option<Uuid>,
    ) -> Answer<Self> {
        let rows = table::day(session, date, doctor).await?;
        let shifts = shifts(session, clinic.zone, date, (doctor, None)).await?;
        let late = table::late(session, date).await?.into_iter().collect();
        let mut day = Day {
            now: clinic.clock.now(),
            rows,
            shifts: shifts.into_iter().map(|one| (one.doctor.id, one)).collect(),
            late,
            expected: BTreeMap::new(),
        };
        // Nobody is expected on a day that is over.
        if date >= clinic.today() {
            day.expect();
        }
        Ok(day)
    }

    /// Reckons when everybody will likely go in.
    fn expect(&mut self) {
        for (doctor, entries) in &self.entries() {
            let expected = expectations(entries, self.now, self.hours(*doctor));
            self.expected.extend(expected);
        }
    }

    /// What the queue knows of each doctor's appointments.
    fn entries(&self) -> BTreeMap<i64, Vec<Entry>> {
        let mut entries: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
        for row in &self.rows {
            let of_doctor = entries.entry(row.line.doctor_id).or_default();
            of_doctor.push(entry(row));
        }
        entries
    }

    /// When a doctor is there, and how late they run.
    fn hours(&self, doctor: i64) -> Hours {
        let shift = self.shifts.get(&doctor);
        Hours {
            from: shift.and_then(|shift| shift.begins(self.now)),
            late: TimeDelta::minutes(self.late.get(&doctor).copied().unwrap_or(0)),
        }
    }

    /// With which of the doctors somebody who comes now, without being booked, goes in first, and
    /// when: of those who are there, or else still come today. Of equals it is whoever has fewer
    /// people still to come.
    fn soonest(&self, may: impl Fn(i64) -> bool) -> Option<(i64, DateTime<Utc>)> {
        // Comes after everybody who is here.
        const NEWCOMER: i64 = i64::MAX;
        let mut entries = self.entries();
        let on_duty = self.shifts.values().filter(|shift| may(shift.doctor.id));
        let found = on_duty.filter_map(|shift| {
            let doctor = shift.doctor.id;
            let comes_later = shift.comes_later(self.now)?;
            let mut entries = entries.remove(&doctor).unwrap_or_default();
            let to_come = |one: &&Entry| matches!(one.status, Status::Pending | Status::Confirmed);
            let to_come = entries.iter().filter(to_come).count();
            entries.push(Entry {
                id: NEWCOMER,
                status: Status::CheckedIn,
                priority: Priority::Normal,
                due: Some(self.now),
                arrived: Some(self.now),
                started: None,
                length: TimeDelta::minutes(USUAL),
            });
            let expected = expectations(&entries, self.now, self.hours(doctor));
            let at = expected.get(&NEWCOMER).copied()?;
            Some((comes_later, at, to_come, doctor))
        });
        found.min().map(|(_, at, _, doctor)| (doctor, at))
    }

    fn next_free(&self, zone: Tz) -> Option<NextFree> {
        let (doctor, at) = self.soonest(|_| true)?;
        let doctor = &self.shifts.get(&doctor)?.doctor;
        Some(NextFree {
            doctor: person(doctor.uid, doctor.id, doctor.full_name.clone()),
            expected_at: at,
            expected: local(Some(at), zone)?,
        })
    }

    /// Who is still to come, by due time; those without a clock last.
    fn to_come(&self) -> impl Iterator<Item = &Row> {
        let awaited = |row: &&Row| matches!(status(row), Status::Pending | Status::Confirmed);
        let mut rows: Vec<&Row> = self.rows.iter().filter(awaited).collect();
        rows.sort_by_key(|row| {
            (
                row.line.starts_at.is_none(),
                row.line.starts_at,
                row.line.id,
            )
        });
        rows.into_iter()
    }

    /// How long those who came have waited on average, in whole minutes.
    fn average_wait(&self) -> Option<i64> {
        let waits = self.rows.iter().filter_map(|row| waited(row, self.now));
        let (sum, count) = waits.fold((0, 0), |(sum, count), wait| (sum + wait, count + 1));
        (count > 0).then(|| sum / count)
    }

    /// Who works on this day, or has appointments on it.
    fn doctors(&self) -> BTreeMap<i64, Person> {
        let planned = self.shifts.values().filter(|shift| shift.is_planned);
        let planned = planned.map(|shift| {
            let doctor = &shift.doctor;
            person(doctor.uid, doctor.id, doctor.full_name.clone())
        });
        let booked = self.rows.iter().map(|row| {
            let line = &row.line;
            person(line.doctor_uid, line.doctor_id, line.doctor_name.clone())
        });
        let all = planned.chain(booked);
        all.map(|person| (person.number, person)).collect()
    }

    /// A doctor's day in numbers.
    fn numbers(&self, doctor: Person) -> DoctorBoard {
        let rows: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| row.line.doctor_id == doctor.number)
            .collect();
        let count = |wanted: &[Status]| -> i64 {
            let of = rows.iter().filter(|row| wanted.contains(&status(row)));
            number_of(of.count())
        };
        let booked = rows.iter().filter(|row| status(row).holds_time());
        let waits = rows.iter().filter(|row| status(row) == Status::CheckedIn);
        let shift = self.shifts.get(&doctor.number);
        DoctorBoard {
            late_minutes: self.late.get(&doctor.number).copied().unwrap_or(0),
            offered_minutes: shift.map_or(0, Shift::minutes),
            booked_minutes: booked.map(|row| length(row).num_minutes()).sum(),
            awaited: count(&[Status::Pending, Status::Confirmed]),
            waiting: count(&[Status::CheckedIn]),
            running: count(&[Status::Running]),
            completed: count(&[Status::Completed]),
            missed: count(&[Status::NoShow]),
            left: count(&[Status::Left]),
            cancelled: count(&[Status::Cancelled]),
            walk_ins: number_of(rows.iter().filter(|row| row.walk_in).count()),
            longest_wait_minutes: waits.filter_map(|row| waited(row, self.now)).max(),
            doctor,
        }
    }

    fn wire(&self, clinic: &Clinic, row: &Row) -> BoardRow {
        let (line, zone) = (&row.line, clinic.zone);
        let waiting_minutes = waited(row, self.now);
        let level = |minutes: i64| match TimeDelta::minutes(minutes) {
            long if long >= clinic.wait_alert => WaitLevel::Alert,
            long if long >= clinic.wait_warn => WaitLevel::Warn,
            _ => WaitLevel::Ok,
        };
        let waits = status(row) == Status::CheckedIn;
        let expected_at = self.expected.get(&line.id).copied();
        BoardRow {
            id: line.id,
            starts: local(line.starts_at, zone),
            ends: local(line.ends_at, zone),
            starts_at: line.starts_at,
            window: line.window_name.clone(),
            appointment_type: line.kind.0,
            status: status(row),
            patient: person(line.patient_uid, line.patient_id, line.patient_name.clone()),
            patient_birth_date: line.patient_birth_date,
            patient_phone: row.patient_phone.clone(),
            patient_no_shows: row.no_shows,
            doctor: person(line.doctor_uid, line.doctor_id, line.doctor_name.clone()),
            title: row.title.clone(),
            ticket: row.ticket,
            room: row.room.clone(),
            priority: row.priority.0,
            checked_in_at: row.checked_in_at,
            called_at: row.called_at,
            started_at: row.started_at,
            completed_at: row.completed_at,
            waiting_minutes,
            wait_level: waiting_minutes.filter(|_| waits).map(level),
            expected_at,
            expected: local(expected_at, zone),
            overbooked: line.overbooked,
            walk_in: row.walk_in,
            is_late: is_late(row, self.now),
            version: row.version,
        }
    }
}

fn status(row: &Row) -> Status {
    row.line.status.0
}

fn number_of(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// How long an appointment takes; what has no clock as long as is usual.
fn length(row: &Row) -> TimeDelta {
    let span = row.line.starts_at.zip(row.line.ends_at);
    span.map_or(TimeDelta::minutes(USUAL), |(starts, ends)| ends - starts)
}

fn entry(row: &Row) -> Entry {
    Entry {
        id: row.line.id,
        status: status(row),
        priority: row.priority.0,
        due: row.line.starts_at,
        arrived: row.checked_in_at,
        started: row.started_at,
        length: length(row),
    }
}

/// How many whole minutes a patient has waited, or waited until they went in or left.
fn waited(row: &Row, now: DateTime<Utc>) -> Option<i64> {
    let until = match status(row) {
        Status::CheckedIn => Some(now),
        Status::Running | Status::Completed => row.started_at,
        Status::Left => row.left_at,
        _ => None,
    };
    Some((until? - row.checked_in_at?).num_minutes().max(0))
}

/// Whether the patient came a minute or more after it was due, or is due for as long.
fn is_late(row: &Row, now: DateTime<Utc>) -> bool {
    let came = match status(row) {
        Status::Pending | Status::Confirmed => Some(now),
        Status::CheckedIn | Status::Running | Status::Completed | Status::Left => row.checked_in_at,
        Status::Cancelled | Status::NoShow => None,
    };
    match (came, row.line.starts_at) {
        (Some(came), Some(due)) => !row.walk_in && came - due >= TimeDelta::minutes(1),
        _ => false,
    }
}
