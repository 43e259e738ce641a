//! `clinic appointments …`: what the screen of a day does.

use clinic_shared::client::AppointmentQuery;
use clinic_shared::desk::appointments::{Appointment, AppointmentRow};

use super::args::Appointments;
use super::output::Output;
use super::session::Session;
use super::{CliError, Global, doctors, page};
use crate::environment::Environment;
use crate::labels;

pub(super) async fn run(
    global: &Global,
    environment: &Environment,
    command: Appointments,
    out: &mut Output,
) -> Result<(), CliError> {
    let client = Session::open(global, environment)?.signed_in()?;
    match command {
        Appointments::List {
            date,
            doctor,
            status,
            part,
        } => {
            let doctor = match doctor {
                Some(asked) => Some(doctors::find(&client, &asked, doctors::Name::Part).await?),
                None => None,
            };
            let query = AppointmentQuery {
                date,
                doctor,
                status,
                cursor: part.cursor,
                limits: Some(part.limit),
            };
            page::print(&client.appointments(&query).await?, &HEAD, row, out)
        }
        Appointments::Show { appointment } => {
            let found = client.appointment(appointment).await;
            let unknown = |error| CliError::of_one(error, "appointment", &appointment.to_string());
            print(&found.map_err(unknown)?.value, out)
        }
    }
}

const HEAD: [&str; 9] = [
    "DATE", "TIME", "RECORD", "PATIENT", "BORN", "DOCTOR", "TYPE", "STATUS", "ID",
];

/// A line of the day. Record number and birth date tell namesakes apart.
fn row(row: &AppointmentRow) -> [String; 9] {
    let mark = if row.overbooked { OVERBOOKED } else { "" };
    [
        row.date.to_string(),
        format!("{}{mark}", labels::time(row, "-")),
        labels::record_number(&row.patient),
        row.patient.full_name.clone(),
        labels::born(row.patient_birth_date),
        row.doctor.full_name.clone(),
        labels::kind(row.appointment_type).to_owned(),
        labels::status(row.status).to_owned(),
        row.id.to_string(),
    ]
}

/// Behind the time of those that were booked beside another one, as on the screen of the day.
const OVERBOOKED: &str = "+";

fn status(row: &AppointmentRow) -> String {
    let word = labels::status(row.status);
    if row.overbooked {
        format!("{word}, overbooked")
    } else {
        word.to_owned()
    }
}

fn print(appointment: &Appointment, out: &mut Output) -> Result<(), CliError> {
    if out.is_json() {
        return out.json(appointment);
    }
    let row = labels::row_of(appointment);
    let born = appointment.patient_birth_date.map(|date| date.to_string());
    let paid = if appointment.is_paid { "yes" } else { "no" };
    let pairs = [
        ("Date", Some(appointment.date.to_string())),
        ("Time", Some(labels::time(&row, "-"))),
        ("Window", labels::window(&row).map(str::to_owned)),
        ("Status", Some(status(&row))),
        (
            "Type",
            Some(labels::kind(appointment.appointment_type).to_owned()),
        ),
        ("Doctor", Some(appointment.doctor.full_name.clone())),
        ("Record", Some(labels::record_number(&appointment.patient))),
        ("Patient", Some(appointment.patient.full_name.clone())),
        ("Born", born),
        ("Phone", appointment.patient_phone.clone()),
        ("About", appointment.title.clone()),
        ("Symptoms", Some(appointment.symptoms.clone())),
        ("Meeting", appointment.meeting_link.clone()),
        ("Paid", Some(paid.to_owned())),
        ("Called off", labels::called_off(appointment)),
        ("Id", Some(appointment.id.to_string())),
    ];
    page::pairs(&pairs, out)
}
