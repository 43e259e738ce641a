//! Words for what the wire says in one word: statuses, times, kinds. The same on the screens and
//! in what the subcommands print.

use chrono::NaiveDate;
use clinic_shared::desk::appointments::{
    Appointment, AppointmentRow, CancelledBy, Kind, Person, ReasonKind, Status,
};
use clinic_shared::desk::contacts::{self, Contact};
use clinic_shared::desk::queue::{BoardRow, Priority};

use crate::dates::Format;

/// A sign and the word it stands for: neither is ever alone.
pub(crate) fn with_sign(sign: &str, word: &str) -> String {
    format!("{sign} {word}")
}

/// Where an appointment stands.
pub(crate) const fn status(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Confirmed => "confirmed",
        Status::CheckedIn => "checked in",
        Status::Running => "running",
        Status::Completed => "completed",
        Status::Cancelled => "cancelled",
        Status::NoShow => "no show",
        Status::Left => "left",
    }
}

/// That there are no such appointments: the beginning of a sentence.
pub(crate) const fn nobody(status: Status) -> &'static str {
    match status {
        Status::Pending => "No pending appointments",
        Status::Confirmed => "No confirmed appointments",
        Status::CheckedIn => "Nobody is checked in",
        Status::Running => "No running appointments",
        Status::Completed => "No completed appointments",
        Status::Cancelled => "No cancelled appointments",
        Status::NoShow => "No no-shows",
        Status::Left => "Nobody left without being seen",
    }
}

/// Where a contact request stands.
pub(crate) const fn contact_status(status: contacts::Status) -> &'static str {
    match status {
        contacts::Status::New => "new",
        contacts::Status::InProgress => "in progress",
        contacts::Status::Resolved => "resolved",
        contacts::Status::Spam => "spam",
    }
}

/// Whether people meet.
pub(crate) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Online => "online",
        Kind::Offline => "at the clinic",
    }
}

/// Whether a doctor may be booked.
pub(crate) const fn verified(is_verified: bool) -> &'static str {
    if is_verified { "verified" } else { "waiting" }
}

/// `09:00–09:30`, or the beginning alone; nothing without a clock.
pub(crate) fn clock(starts: Option<&str>, ends: Option<&str>, dash: &str) -> Option<String> {
    match (starts, ends) {
        (Some(starts), Some(ends)) => Some(format!("{starts}{dash}{ends}")),
        (Some(starts), None) => Some(starts.to_owned()),
        (None, _) => None,
    }
}

/// When somebody comes: the time, else the window's label, else nothing.
pub(crate) fn time(row: &AppointmentRow, dash: &str) -> String {
    clock(row.starts.as_deref(), row.ends.as_deref(), dash)
        .or_else(|| row.window.clone())
        .unwrap_or_default()
}

/// The window's label, unless it says no more than the time does.
pub(crate) fn window(row: &AppointmentRow) -> Option<&str> {
    let plain = |text: &str| text.replace(' ', "").replace(['–', '—'], "-");
    let time = clock(row.starts.as_deref(), row.ends.as_deref(), "-");
    let window = row.window.as_deref()?;
    (time.as_deref() != Some(plain(window).as_str())).then_some(window)
}

/// The number on a patient's record, as the clinic writes it.
pub(crate) fn record_number(patient: &Person) -> String {
    format!("P-{:06}", patient.number)
}

/// A birth date beside a name in a list.
pub(crate) fn born(date: Option<NaiveDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// The line of a day that an appointment is.
pub(crate) fn row_of(appointment: &Appointment) -> AppointmentRow {
    AppointmentRow {
        id: appointment.id,
        date: appointment.date,
        starts: appointment.starts.clone(),
        ends: appointment.ends.clone(),
        window: appointment.window.clone(),
        appointment_type: appointment.appointment_type,
        status: appointment.status,
        overbooked: appointment.overbooked,
        patient: appointment.patient.clone(),
        patient_birth_date: appointment.patient_birth_date,
        doctor: appointment.doctor.clone(),
    }
}

/// The row of a board that an appointment is, as far as an appointment alone tells.
pub(crate) fn board_row_of(appointment: &Appointment) -> BoardRow {
    BoardRow {
        id: appointment.id,
        starts: appointment.starts.clone(),
        ends: appointment.ends.clone(),
        starts_at: appointment.starts_at,
        window: appointment.window.clone(),
        appointment_type: appointment.appointment_type,
        status: appointment.status,
        patient: appointment.patient.clone(),
        patient_birth_date: appointment.patient_birth_date,
        patient_phone: appointment.patient_phone.clone(),
        patient_no_shows: 0,
        doctor: appointment.doctor.clone(),
        title: appointment.title.clone(),
        ticket: appointment.ticket,
        room: appointment.room.clone(),
        priority: appointment.priority,
        checked_in_at: appointment.checked_in_at,
        called_at: appointment.called_at,
        started_at: appointment.started_at,
        completed_at: appointment.completed_at,
        waiting_minutes: None,
        wait_level: None,
        expected_at: None,
        expected: None,
        overbooked: appointment.overbooked,
        walk_in: appointment.walk_in,
        is_late: false,
        version: appointment.version,
    }
}

/// `Mon 23 Nov, 09:00`, or with the window's label where there is no clock.
pub(crate) fn when(appointment: &Appointment, dates: Format) -> String {
    let day = dates.short(appointment.date);
    let time = appointment.starts.as_ref().or(appointment.window.as_ref());
    match time {
        Some(time) => format!("{day}, {time}"),
        None => day,
    }
}

/// Why an appointment was called off, missed or left, in a few words.
pub(crate) const fn reason(kind: ReasonKind) -> &'static str {
    match kind {
        ReasonKind::PatientRequest => "patient asked",
        ReasonKind::Illness => "too ill to come",
        ReasonKind::Transport => "could not get here",
        ReasonKind::Forgot => "forgot",
        ReasonKind::WaitedTooLong => "waited too long",
        ReasonKind::DoctorAway => "doctor away",
        ReasonKind::ClinicClosed => "clinic closed",
        ReasonKind::Duplicate => "booked twice",
        ReasonKind::Mistake => "booked by mistake",
        ReasonKind::Other => "other",
    }
}

/// Who goes first.
pub(crate) const fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Normal => "in their turn",
        Priority::Urgent => "urgent",
        Priority::Emergency => "emergency",
    }
}

/// How an appointment was called off, if it was.
pub(crate) fn called_off(appointment: &Appointment) -> Option<String> {
    let by = appointment.cancelled_by.map(|by| match by {
        CancelledBy::Patient => "by the patient",
        CancelledBy::Clinic => "by the clinic",
    });
    let late = appointment
        .cancelled_late
        .then_some("less than a day before");
    let how: Vec<&str> = [by, late].into_iter().flatten().collect();
    let parts = [
        Some(how.join(", ")).filter(|how| !how.is_empty()),
        appointment.reason_kind.map(|kind| reason(kind).to_owned()),
        appointment.cancel_reason.clone(),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Some(parts.join(": ")).filter(|text| !text.is_empty())
}

/// How whoever wrote can be reached: the phone, else the e-mail.
pub(crate) fn reach(contact: &Contact) -> &str {
    match &contact.email {
        Some(email) if contact.phone.is_empty() => email,
        _ => &contact.phone,
    }
}

/// How long something took, by its largest unit: `25 min`, `3 h`, `2 days`.
pub(crate) fn age(span: chrono::TimeDelta) -> String {
    let plural = |count: i64, word: &str| match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    match (span.num_minutes(), span.num_hours(), span.num_days()) {
        (..1, ..) => "less than a minute".to_owned(),
        (minutes, 0, _) => format!("{minutes} min"),
        (_, hours, 0) => format!("{hours} h"),
        (.., days @ ..60) => plural(days, "day"),
        (.., days @ ..730) => plural(days / 30, "month"),
        (.., days) => plural(days / 365, "year"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_called_as_the_wire_calls_it() {
        for known in Status::ALL {
            assert_eq!(status(*known), known.as_str().replace('_', " "));
        }
        for known in contacts::Status::ALL {
            assert_eq!(contact_status(*known), known.as_str().replace('_', " "));
        }
    }

    #[test]
    fn an_age_is_told_by_its_largest_unit() {
        for (minutes, told) in [
            (0, "less than a minute"),
            (25, "25 min"),
            (90, "1 h"),
            (60 * 24, "1 day"),
            (60 * 24 * 59, "59 days"),
            (60 * 24 * 90, "3 months"),
            (60 * 24 * 800, "2 years"),
        ] {
            assert_eq!(age(chrono::TimeDelta::minutes(minutes)), told);
        }
    }

    #[test]
    fn a_window_is_not_said_twice() {
        let person = || Person {
            id: uuid::Uuid::nil(),
            number: 145,
            full_name: "Ada Lovelace".to_owned(),
        };
        assert_eq!(record_number(&person()), "P-000145");
        let mut row = AppointmentRow {
            id: 1,
            date: chrono::NaiveDate::MIN,
            starts: Some("04:00".to_owned()),
            ends: Some("08:00".to_owned()),
            window: Some("04:00 - 08:00".to_owned()),
            appointment_type: Kind::Offline,
            status: Status::Pending,
            overbooked: false,
            patient: person(),
            patient_birth_date: None,
            doctor: person(),
        };
        assert_eq!(window(&row), None);
        row.ends = Some("04:30".to_owned());
        assert_eq!(window(&row), Some("04:00 - 08:00"));
        row.window = None;
        assert_eq!(window(&row), None);
    }

    #[test]
    fn a_time_is_as_much_as_is_known() {
        assert_eq!(
            clock(Some("09:00"), Some("09:30"), "–").as_deref(),
            Some("09:00–09:30")
        );
        assert_eq!(clock(Some("09:00"), None, "–").as_deref(), Some("09:00"));
        assert_eq!(clock(None, None, "–"), None);
    }
}
