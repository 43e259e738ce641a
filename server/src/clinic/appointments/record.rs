//! An appointment as the desk shows it: local times beside the instants.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clinic_shared::desk::appointments::{Appointment, AppointmentRow, Person};
use uuid::Uuid;

use crate::store::appointment_lists::{DetailRow, NamedRow};

/// A line of a day.
pub fn line_wire(row: NamedRow, zone: Tz) -> AppointmentRow {
    AppointmentRow {
        id: row.id,
        date: row.date,
        starts: local(row.starts_at, zone),
        ends: local(row.ends_at, zone),
        window: row.window_name,
        appointment_type: row.kind.0,
        status: row.status.0,
        overbooked: row.overbooked,
        patient: person(row.patient_uid, row.patient_id, row.patient_name),
        patient_birth_date: row.patient_birth_date,
        doctor: person(row.doctor_uid, row.doctor_id, row.doctor_name),
    }
}

/// A whole appointment.
pub fn detail_wire(row: DetailRow, zone: Tz) -> Appointment {
    let marks = row.marks;
    let (starts_at, ends_at) = (row.line.starts_at, row.line.ends_at);
    let line = line_wire(row.line, zone);
    Appointment {
        id: line.id,
        date: line.date,
        starts: line.starts,
        ends: line.ends,
        window: line.window,
        starts_at,
        ends_at,
        appointment_type: line.appointment_type,
        status: line.status,
        overbooked: line.overbooked,
        walk_in: row.walk_in,
        ticket: row.ticket,
        room: row.room,
        priority: row.priority.0,
        patient: line.patient,
        patient_phone: row.patient_phone,
        patient_birth_date: line.patient_birth_date,
        doctor: line.doctor,
        title: row.title,
        symptoms: row.symptoms,
        meeting_link: row.meeting_link,
        is_paid: row.is_paid,
        cancelled_by: word(marks.cancelled_by.as_deref()),
        reason_kind: word(marks.reason_kind.as_deref()),
        cancel_reason: marks.reason,
        cancelled_late: marks.cancelled_late,
        confirmed_at: marks.confirmed_at,
        checked_in_at: marks.checked_in_at,
        called_at: row.called_at,
        started_at: marks.started_at,
        completed_at: marks.completed_at,
        cancelled_at: marks.cancelled_at,
        no_show_at: marks.no_show_at,
        left_at: marks.left_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// What a stored word means; none where there is none.
pub(in crate::clinic) fn word<T: FromStr>(stored: Option<&str>) -> Option<T> {
    stored?.parse().ok()
}

pub(in crate::clinic) fn person(id: Uuid, number: i64, full_name: String) -> Person {
    Person {
        id,
        number,
        full_name,
    }
}

pub(in crate::clinic) fn local(at: Option<DateTime<Utc>>, zone: Tz) -> Option<String> {
    Some(at?.with_timezone(&zone).format("%H:%M").to_string())
}
