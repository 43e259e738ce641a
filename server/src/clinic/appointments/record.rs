//! An appointment as the desk shows it: local times beside the instants.

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
    let cancelled_by = row.cancelled_by();
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
        patient: line.patient,
        patient_phone: row.patient_phone,
        patient_birth_date: line.patient_birth_date,
        doctor: line.doctor,
        title: row.title,
        symptoms: row.symptoms,
        meeting_link: row.meeting_link,
        is_paid: row.is_paid,
        cancelled_by,
        cancel_reason: row.cancel_reason,
        cancelled_late: row.cancelled_late,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn person(id: Uuid, number: i64, full_name: String) -> Person {
    Person {
        id,
        number,
        full_name,
    }
}

fn local(at: Option<DateTime<Utc>>, zone: Tz) -> Option<String> {
    Some(at?.with_timezone(&zone).format("%H:%M").to_string())
}
