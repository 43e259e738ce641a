//! Answers of the server, made safe to draw before they enter the model.

mod admin;
mod people;

use clinic_shared::client::Error;
use clinic_shared::desk::absences::Absence;
use clinic_shared::desk::appointments::{Appointment, AppointmentRow, BookingCheck};
use clinic_shared::desk::contacts::{self, Contact};
use clinic_shared::desk::doctors::{AvailableTime, Doctor, DoctorRow};
use clinic_shared::desk::openings::Opening;
use clinic_shared::desk::patients::{Duplicate, Patient, PatientRow};
use clinic_shared::desk::queue::{Board, BoardRow, Queue};
use clinic_shared::desk::slots::FreeSlot;
use clinic_shared::desk::users::User;
use clinic_shared::v1::user::Me;
use clinic_shared::{FieldErrors, Reason, SearchPage};

use crate::effect::{LeaveReply, Reply, WindowsReply};
use crate::text;

fn line(text: &mut String) {
    if let std::borrow::Cow::Owned(clean) = text::line(text) {
        *text = clean;
    }
}

fn lines<'a>(texts: impl IntoIterator<Item = &'a mut Option<String>>) {
    texts.into_iter().flatten().for_each(line);
}

fn block(text: &mut String) {
    if let std::borrow::Cow::Owned(clean) = text::block(text) {
        *text = clean;
    }
}

fn blocks<'a>(texts: impl IntoIterator<Item = &'a mut Option<String>>) {
    texts.into_iter().flatten().for_each(block);
}

/// An account.
pub(crate) fn me(mut me: Me) -> Me {
    for text in [
        &mut me.username,
        &mut me.email,
        &mut me.first_name,
        &mut me.last_name,
    ] {
        line(text);
    }
    me
}

fn user(user: &mut User) {
    for text in [
        &mut user.username,
        &mut user.email,
        &mut user.first_name,
        &mut user.last_name,
    ] {
        line(text);
    }
}

fn row(row: &mut PatientRow) {
    line(&mut row.record_number);
    line(&mut row.full_name);
    lines([&mut row.phone]);
}

fn page(page: &mut SearchPage<PatientRow>) {
    page.results.iter_mut().for_each(row);
    page.corrections.iter_mut().for_each(line);
}

fn patient(patient: &mut Patient) {
    line(&mut patient.record_number);
    line(&mut patient.full_name);
    let Patient {
        phone,
        email,
        blood_group,
        username,
        photo,
        ..
    } = patient;
    lines([phone, email, blood_group, username, photo]);
    blocks([&mut patient.address, &mut patient.note]);
}

fn doctor_row(row: &mut DoctorRow) {
    line(&mut row.full_name);
    line(&mut row.fee);
    row.specialisations.iter_mut().for_each(line);
    row.designations.iter_mut().for_each(line);
}

fn doctor(doctor: &mut Doctor) {
    for text in [
        &mut doctor.full_name,
        &mut doctor.username,
        &mut doctor.email,
        &mut doctor.fee,
    ] {
        line(text);
    }
    lines([&mut doctor.photo, &mut doctor.meet_link]);
    let named = doctor
        .specialisations
        .iter_mut()
        .chain(&mut doctor.designations);
    named.for_each(|named| line(&mut named.name));
    doctor.available_times.iter_mut().for_each(window);
}

fn window(window: &mut AvailableTime) {
    line(&mut window.name);
    lines([&mut window.starts, &mut window.ends]);
    window.weekdays.iter_mut().for_each(line);
}

fn windows(reply: &mut WindowsReply) {
    match reply {
        WindowsReply::List(_, found) => {
            for one in found {
                window(&mut one.window);
                let doctors = one.doctors.iter_mut();
                doctors.for_each(|doctor| line(&mut doctor.full_name));
            }
        }
        WindowsReply::Window(tagged) => {
            let made = &mut tagged.value;
            line(&mut made.name);
            lines([&mut made.starts, &mut made.ends]);
        }
        WindowsReply::Retired => {}
    }
}

fn board(board: &mut Board) {
    for doctor in &mut board.doctors {
        line(&mut doctor.doctor.full_name);
    }
    if let Some(free) = &mut board.next_free {
        line(&mut free.doctor.full_name);
        line(&mut free.expected);
    }
    board.appointments.iter_mut().for_each(board_row);
}

fn queue(queue: &mut Queue) {
    line(&mut queue.doctor.doctor.full_name);
    let rows = queue.entries.iter_mut().chain(&mut queue.to_come);
    rows.for_each(board_row);
}

fn board_row(row: &mut BoardRow) {
    line(&mut row.patient.full_name);
    line(&mut row.doctor.full_name);
    let BoardRow {
        starts,
        ends,
        window,
        patient_phone,
        title,
        room,
        expected,
        ..
    } = row;
    lines([starts, ends, window, patient_phone, title, room, expected]);
}

fn slot(slot: &mut FreeSlot) {
    line(&mut slot.doctor.full_name);
    line(&mut slot.window);
    lines([&mut slot.starts, &mut slot.ends]);
}

fn check(check: &mut BookingCheck) {
    line(&mut check.patient.full_name);
    lines([&mut check.starts, &mut check.ends]);
    reasons(&mut check.reasons);
    check.patient_same_day.iter_mut().for_each(appointment_row);
}

fn reasons(reasons: &mut [Reason]) {
    for reason in reasons {
        line(&mut reason.detail);
    }
}

fn appointment(appointment: &mut Appointment) {
    line(&mut appointment.patient.full_name);
    line(&mut appointment.doctor.full_name);
    let Appointment {
        starts,
        ends,
        window,
        patient_phone,
        title,
        meeting_link,
        room,
        ..
    } = appointment;
    lines([
        starts,
        ends,
        window,
        patient_phone,
        title,
        meeting_link,
        room,
    ]);
    block(&mut appointment.symptoms);
    blocks([&mut appointment.cancel_reason]);
}

fn appointment_row(row: &mut AppointmentRow) {
    line(&mut row.patient.full_name);
    line(&mut row.doctor.full_name);
    lines([&mut row.starts, &mut row.ends, &mut row.window]);
}

fn absence(absence: &mut Absence) {
    if let Some(doctor) = &mut absence.doctor {
        line(&mut doctor.full_name);
    }
    lines([&mut absence.starts, &mut absence.ends, &mut absence.note]);
}

fn opening(opening: &mut Opening) {
    for text in [
        &mut opening.doctor.full_name,
        &mut opening.name,
        &mut opening.starts,
        &mut opening.ends,
    ] {
        line(text);
    }
}

fn leave(reply: &mut LeaveReply) {
    match reply {
        LeaveReply::Plan(plan) => {
            let absences = plan.absences.iter_mut().chain(&mut plan.closures);
            absences.for_each(absence);
            plan.openings.iter_mut().for_each(opening);
        }
        LeaveReply::Closures(closures) => closures.iter_mut().for_each(absence),
        LeaveReply::Hit(hit) => {
            absence(&mut hit.detail.value.absence);
            let rows = &mut hit.detail.value.appointments;
            rows.iter_mut().for_each(appointment_row);
            hit.whole.iter_mut().for_each(appointment);
            hit.emails.iter_mut().for_each(|(_, email)| line(email));
        }
        LeaveReply::Results(results) => {
            for result in results {
                reasons(&mut result.reasons);
                appointment_row(&mut result.appointment);
            }
        }
        LeaveReply::Opened(opened) => opening(opened),
        LeaveReply::Gone => {}
    }
}

fn contact(contact: &mut Contact) {
    line(&mut contact.name);
    line(&mut contact.phone);
    lines([&mut contact.email, &mut contact.subject]);
    block(&mut contact.message);
    if let Some(assignee) = &mut contact.assignee {
        line(&mut assignee.name);
    }
    if let Some(patient) = &mut contact.patient {
        line(&mut patient.full_name);
    }
}

fn step(step: &mut contacts::Step) {
    let contacts::Step {
        by,
        assignee,
        address,
        subject,
        ..
    } = step;
    lines([by, assignee, address, subject]);
    blocks([&mut step.text]);
}

fn duplicates(found: &mut [Duplicate]) {
    found
        .iter_mut()
        .for_each(|duplicate| row(&mut duplicate.patient));
}

/// A call's good end.
pub(crate) fn reply(mut reply: Reply) -> Reply {
    match &mut reply {
        Reply::SignedIn { who, .. } => **who = me((**who).clone()),
        Reply::Restored(Some(who)) | Reply::Me(who) => **who = me((**who).clone()),
        Reply::Patients(found) => page(found),
        Reply::Patient(tagged) | Reply::Saved(tagged) => patient(&mut tagged.value),
        Reply::People(found) => people::reply(found),
        Reply::Admin(found) => admin::reply(found),
        Reply::Doctors(found) => found.results.iter_mut().for_each(doctor_row),
        Reply::Doctor(tagged) => doctor(&mut tagged.value),
        Reply::Board(found) => board(found),
        Reply::Queue(found) => queue(found),
        Reply::Slots(found) => found.slots.iter_mut().for_each(slot),
        Reply::Check(found) => check(found),
        Reply::Terms(found) => found.iter_mut().for_each(|term| line(&mut term.name)),
        Reply::Late(day) => line(&mut day.doctor.full_name),
        Reply::Leave(found) => leave(found),
        Reply::Windows(found) => windows(found),
        Reply::Report(found) => block(found),
        Reply::Appointment(tagged) => appointment(&mut tagged.value),
        Reply::Contacts(found) => found.results.iter_mut().for_each(contact),
        Reply::Contact(tagged) => contact(&mut tagged.value),
        Reply::Steps(_, found) => found.iter_mut().for_each(step),
        Reply::Colleagues(found) => found.iter_mut().for_each(|one| line(&mut one.name)),
        Reply::Users(found) => found.results.iter_mut().for_each(user),
        Reply::User(tagged) => user(&mut tagged.value),
        Reply::Sessions(found) => {
            for session in found {
                line(&mut session.family);
                lines([&mut session.address]);
            }
        }
        Reply::Duplicates(found) => duplicates(found),
        Reply::Restored(None)
        | Reply::SignedOut { .. }
        | Reply::CodeAsked
        | Reply::CodeSent
        | Reply::PasswordSet
        // From the user's own files.
        | Reply::Config(_)
        | Reply::Done => {}
    }
    reply
}

/// A call's bad end.
pub(crate) fn error(error: Error) -> Error {
    match error {
        Error::Refused(mut refused) => {
            line(&mut refused.detail);
            duplicates(&mut refused.candidates);
            reasons(&mut refused.reasons);
            let mut fields = FieldErrors::default();
            for (field, messages) in &refused.fields.0 {
                for message in messages {
                    fields.add(field, text::line(message));
                }
            }
            refused.fields = fields;
            Error::Refused(refused)
        }
        other => other,
    }
}
