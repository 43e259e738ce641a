//! Who is next, and when: pure.
//!
//! Serving order (API.md §7): who is with the doctor; then who waits, the most urgent first, and among
//! those by the earlier of due time and arrival. So who comes early goes in early if nobody is due,
//! and who comes late has not lost their turn.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use clinic_shared::desk::appointments::Status;
use clinic_shared::desk::queue::Priority;

/// What the queue knows of an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The appointment.
    pub id: i64,
    /// Where it stands.
    pub status: Status,
    /// Who goes first.
    pub priority: Priority,
    /// When it is due; none in a window without a clock.
    pub due: Option<DateTime<Utc>>,
    /// When the patient came.
    pub arrived: Option<DateTime<Utc>>,
    /// When the patient went in.
    pub started: Option<DateTime<Utc>>,
    /// How long it takes.
    pub length: TimeDelta,
}

impl Entry {
    /// The moment from which it is the patient's turn: the earlier of due time and arrival.
    fn turn(&self) -> Option<DateTime<Utc>> {
        match (self.due, self.arrived) {
            (Some(due), Some(arrived)) => Some(due.min(arrived)),
            (one, other) => one.or(other),
        }
    }
}

/// Those who are with the doctor and those who wait, in serving order; all others are left out.
pub fn in_serving_order(entries: &[Entry]) -> Vec<&Entry> {
    let here = |entry: &&Entry| matches!(entry.status, Status::Running | Status::CheckedIn);
    let mut queue: Vec<&Entry> = entries.iter().filter(here).collect();
    queue.sort_by_key(|entry| match entry.status {
        Status::Running => (false, Reverse(Priority::Emergency), entry.started, entry.id),
        _ => (true, Reverse(entry.priority), entry.turn(), entry.id),
    });
    queue
}

/// When a doctor is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The beginning of the window that is on, or else of the next one of the day; none if no window
    /// says.
    pub from: Option<DateTime<Utc>>,
    /// How late they run.
    pub late: TimeDelta,
}

/// When those who wait and those who are still to come will likely go in, by appointment: one after
/// the other in serving order, each as long as their time is; nobody before the doctor is there, and
/// nobody before their turn, both later by as much as the doctor runs late. Who is still to come
/// follows those who wait, at their due time or when the doctor is free; who is overdue takes nobody
/// else's time.
pub fn expectations(
    entries: &[Entry],
    now: DateTime<Utc>,
    hours: Hours,
) -> BTreeMap<i64, DateTime<Utc>> {
    let late = hours.late;
    let opens = hours.from.map_or(now, |from| from + late);
    let mut free = now.max(opens);
    let mut expected = BTreeMap::new();
    for entry in in_serving_order(entries) {
        if let (Status::Running, Some(started)) = (entry.status, entry.started) {
            free = free.max(started + entry.length);
        }
        if entry.status == Status::CheckedIn {
            let turn = entry.turn().map_or(now, |turn| turn + late);
            let at = free.max(turn);
            expected.insert(entry.id, at);
            free = at + entry.length;
        }
    }
    let awaited = |entry: &&Entry| matches!(entry.status, Status::Pending | Status::Confirmed);
    let mut awaited: Vec<_> = entries
        .iter()
        .filter(awaited)
        .filter_map(|entry| Some((entry.due?, entry)))
        .collect();
    awaited.sort_by_key(|(due, entry)| (*due, entry.id));
    for (due, entry) in awaited {
        let at = free.max(due + late);
        expected.insert(entry.id, at);
        if due + late >= now {
            free = at + entry.length;
        }
    }
    expected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(clock: &str) -> DateTime<Utc> {
        format!("2026-03-02T{clock}:00Z").parse().unwrap()
    }

    fn entry(id: i64, status: Status, due: &str, arrived: Option<&str>) -> Entry {
        Entry {
            id,
            status,
            priority: Priority::Normal,
            due: Some(at(due)),
            arrived: arrived.map(at),
            started: None,
            length: TimeDelta::minutes(30),
        }
    }

    fn told(entries: &[Entry], now: &str, from: &str, late: i64) -> Vec<(i64, String)> {
        let hours = Hours {
            from: Some(at(from)),
            late: TimeDelta::minutes(late),
        };
        let found = expectations(entries, at(now), hours).into_iter();
        found
            .map(|(id, at)| (id, at.format("%H:%M").to_string()))
            .collect()
    }

    fn clock(told: &[(i64, String)], id: i64) -> &str {
        &told.iter().find(|(one, _)| *one == id).unwrap().1
    }

    #[test]
    fn who_is_late_keeps_the_turn_and_who_is_urgent_takes_it() {
        let mut entries = vec![
            entry(1, Status::CheckedIn, "09:00", Some("09:40")),
            entry(2, Status::CheckedIn, "10:30", Some("09:20")),
            entry(3, Status::CheckedIn, "11:00", Some("09:50")),
            entry(4, Status::Running, "09:30", Some("09:10")),
            entry(5, Status::Confirmed, "09:00", None),
        ];
        let order = |entries: &[Entry]| -> Vec<i64> {
            in_serving_order(entries).iter().map(|e| e.id).collect()
        };
        assert_eq!(order(&entries), [4, 1, 2, 3]);
        entries[2].priority = Priority::Urgent;
        assert_eq!(order(&entries), [4, 3, 1, 2]);
        entries[1].priority = Priority::Emergency;
        assert_eq!(order(&entries), [4, 2, 3, 1]);
    }

    #[test]
    fn one_after_the_other_and_who_is_awaited_behind_them() {
        let mut entries = vec![
            entry(1, Status::Running, "09:00", Some("08:50")),
            entry(2, Status::CheckedIn, "09:30", Some("09:10")),
            entry(3, Status::Confirmed, "09:45", None),
            entry(4, Status::Pending, "11:00", None),
            entry(5, Status::Pending, "08:30", None),
        ];
        entries[0].started = Some(at("09:05"));
        let found = told(&entries, "09:15", "09:00", 0);
        assert_eq!(clock(&found, 2), "09:35");
        // Overdue: behind who waits, and in nobody's way.
        assert_eq!(clock(&found, 5), "10:05");
        assert_eq!(clock(&found, 3), "10:05");
        assert_eq!(clock(&found, 4), "11:00");
        assert_eq!(found.len(), 4, "who is inside is not expected");
        // A visit that takes longer than it should ends any moment.
        assert_eq!(clock(&told(&entries, "09:50", "09:00", 0), 2), "09:50");
    }

    #[test]
    fn nobody_goes_in_before_the_doctor_is_there() {
        let entries = [
            entry(1, Status::CheckedIn, "10:00", Some("09:40")),
            entry(2, Status::Pending, "10:30", None),
        ];
        let found = told(&entries, "09:45", "10:00", 0);
        assert_eq!((clock(&found, 1), clock(&found, 2)), ("10:00", "10:30"));
        let found = told(&entries, "09:45", "10:00", 20);
        assert_eq!((clock(&found, 1), clock(&found, 2)), ("10:20", "10:50"));
    }
}
