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
            print(&client.appointment(appointment).await?.value, out)
        }
    }
}

const HEAD: [&str; 7] = ["DATE", "TIME", "PATIENT", "DOCTOR", "TYPE", "STATUS", "ID"];

fn row(row: &AppointmentRow) -> [String; 7] {
    [
        row.date.to_string(),
        labels::time(row, "-"),
        row.patient.full_name.clone(),
        row.doctor.full_name.clone(),
        row.appointment_type.to_string(),
        status(row),
        row.id.to_string(),
    ]
}

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
        ("Window", appointment.window.clone()),
        ("Status", Some(status(&row))),
        (
            "Type",
            Some(labels::kind(appointment.appointment_type).to_owned()),
        ),
        ("Doctor", Some(appointment.doctor.full_name.clone())),
        ("Patient", Some(appointment.patient.full_name.clone())),
        ("Phone", appointment.patient_phone.clone()),
        ("Born", born),
        ("About", appointment.title.clone()),
        ("Symptoms", Some(appointment.symptoms.clone())),
        ("Meeting", appointment.meeting_link.clone()),
        ("Paid", Some(paid.to_owned())),
        ("Called off", labels::called_off(appointment)),
        ("Id", Some(appointment.id.to_string())),
    ];
    page::pairs(&pairs, out)
}
