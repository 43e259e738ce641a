//! What a receptionist does in a morning, one function a task. Each begins and ends at today's
//! board, and asks the server at its end.

mod contact;
mod leave;
mod twins;
mod waiting;

use chrono::NaiveDate;
use clinic_shared::client::{BoardQuery, PatientQuery, SlotQuery};
use clinic_shared::desk::appointments::{Action, ReasonKind, Status};
use clinic_shared::desk::queue::BoardRow;

use super::house::{KNOWN, PASSWORD, USER};
use super::receptionist::Receptionist;

pub(crate) use contact::answer_a_contact_request;
pub(crate) use leave::enter_leave;
pub(crate) use twins::merge_a_duplicate;
pub(crate) use waiting::wait_and_be_offered;

/// Who came without being known.
const NEWCOMER: &str = "Zacharias Zwischenfall";

/// The user name, the password, and the day lies before her.
pub(crate) async fn sign_in(desk: &Receptionist) {
    desk.sees("Sign in").await;
    desk.type_text(USER);
    desk.press("tab");
    desk.type_text(PASSWORD);
    desk.picture(
        "sign-in",
        "Signing in",
        "The sign-in: server, user name and password.",
    )
    .await;
    desk.press("enter");
    desk.sees("[F2 Today]").await;
    desk.sees("Wait").await;
    desk.count("sign in", 2);
    desk.picture(
        "today",
        "Today",
        "The flow board: the day's appointments with time, patient, doctor, state and wait.",
    )
    .await;
    desk.begin();
}

/// Who is to come, in the order of the board.
fn to_come(rows: &[BoardRow]) -> Vec<&BoardRow> {
    let is_to_come = |row: &&BoardRow| row.status == Status::Confirmed && row.starts_at.is_some();
    rows.iter().filter(is_to_come).collect()
}

/// One key each; the last one was a mistake and is taken back, and done again.
pub(crate) async fn check_in_three(desk: &Receptionist) {
    let rows = desk.board().await;
    let three: Vec<&BoardRow> = to_come(&rows).into_iter().take(3).collect();
    assert_eq!(three.len(), 3, "too few are to come: {rows:?}");
    for row in &three {
        desk.go_to(row.id).await;
        desk.press("c");
        let name = &row.patient.full_name;
        desk.sees(&format!("{name} is checked in, ticket")).await;
        desk.count("check in the next patient", 2);
        let now = desk.becomes(row.id, Status::CheckedIn).await;
        assert!(now.ticket.is_some() && now.checked_in_at.is_some());
        desk.did(row.id, Action::CheckIn).await;
        desk.is_audited("check_in_appointment", row.id, 1).await;
        if row.id == three[0].id {
            desk.picture(
                "check-in",
                "Checked in",
                "The board after a check-in: the patient waits, and a remark names the ticket.",
            )
            .await;
        }
        desk.rests().await;
    }
    let last = three[2];
    desk.press("u");
    desk.sees(&format!("Taken back: {} is", last.patient.full_name))
        .await;
    desk.count("undo", 1);
    desk.becomes(last.id, Status::Confirmed).await;
    desk.is_audited("undo_appointment", last.id, 1).await;
    desk.rests().await;
    desk.press("c");
    desk.becomes(last.id, Status::CheckedIn).await;
    desk.is_audited("check_in_appointment", last.id, 2).await;
    desk.rests().await;
    desk.begin();
}

/// Somebody whom nobody knows stands there.
pub(crate) async fn walk_in(desk: &Receptionist) {
    desk.press("w");
    desk.sees("Walk-in").await;
    desk.type_text(NEWCOMER);
    desk.press("enter");
    desk.type_text("1.2.1990");
    desk.picture(
        "walk-in",
        "Walk-in",
        "The form for somebody without an appointment: name, birth date, phone, doctor.",
    )
    .await;
    desk.press("enter enter enter");
    desk.sees("Ticket").await;
    desk.picture("ticket", "The ticket", "The ticket's number, shown large.")
        .await;
    desk.count("walk-in of a new person", 6);
    desk.press("enter");
    desk.sees_no_more("Enter closes").await;
    let rows = desk.board().await;
    let row = rows
        .iter()
        .find(|row| row.patient.full_name == NEWCOMER)
        .unwrap();
    assert!(row.walk_in && row.status == Status::CheckedIn);
    let born = row.patient_birth_date.map(|born| born.to_string());
    assert_eq!(born.as_deref(), Some("1990-02-01"));
    desk.is_audited("take_walk_in", row.id, 1).await;
    desk.rests().await;

    // Known by now: the form says so, and registers nobody twice.
    desk.press("w");
    desk.type_text(NEWCOMER);
    desk.sees("Here already?").await;
    desk.press("esc");
    desk.sees("Discard").await;
    desk.press("d");
    desk.sees_no_more("Here already?").await;
    let query = PatientQuery {
        search: Some(NEWCOMER.to_owned()),
        ..PatientQuery::default()
    };
    let found = desk.client.patients(&query).await.unwrap();
    assert_eq!(found.results.len(), 1, "{found:?}");
    desk.begin();
}

/// Somebody on the phone wants to come; answers the appointment.
pub(crate) async fn book(desk: &Receptionist) -> i64 {
    desk.press("f3");
    desk.sees("[F3 Patients]").await;
    desk.type_text("wiederkehr");
    desk.sees("1–1 of 1").await;
    desk.picture(
        "find",
        "Finding a patient",
        "The patients: a few letters, and one is found.",
    )
    .await;
    desk.press("enter");
    desk.sees("Registered").await;
    desk.sees("12 Apr 1961").await;
    desk.count("find and open a patient", 2);

    desk.press("b");
    desk.sees("For     Wanda").await;
    desk.sees("Mei Tanaka").await;
    desk.type_text("tanaka");
    desk.picture(
        "book-with",
        "Booking: with whom",
        "The booking: for whom it is known, letters of a name choose the doctor.",
    )
    .await;
    desk.press("enter");
    desk.sees_that("free times of the doctor", |screen| {
        screen
            .lines()
            .any(|line| line.contains("Mei Tanaka") && line.contains('–'))
    })
    .await;
    desk.picture(
        "book-when",
        "Booking: when",
        "The booking: the free times of the doctor, the next one first.",
    )
    .await;
    desk.press("enter");
    desk.sees("Enter books").await;
    desk.picture(
        "book-confirm",
        "Booking: the last look",
        "The booking before it is done: what there is to know, and a line for what it is about.",
    )
    .await;
    desk.press("enter");
    desk.sees(&format!("Booked: {KNOWN}")).await;
    desk.count("book the next free slot of a doctor", 6);

    let id = booked(desk).await;
    let now = desk.appointment(id).await;
    assert_eq!(now.doctor.full_name, "Mei Tanaka");
    assert!(matches!(now.status, Status::Pending | Status::Confirmed));
    let later = SlotQuery {
        doctor: Some(now.doctor.id),
        ..SlotQuery::default()
    };
    let free = desk.client.free_slots(&later).await.unwrap().slots;
    assert!(free[0].starts_at > now.starts_at, "an earlier one was free");
    desk.did(id, Action::Book).await;
    desk.is_audited("book_appointment", id, 1).await;
    desk.rests().await;
    desk.press("f2");
    desk.sees("[F2 Today]").await;
    desk.begin();
    id
}

/// The appointment of the person on the phone, whose only one it is.
async fn booked(desk: &Receptionist) -> i64 {
    let today = desk
        .client
        .board(&BoardQuery::default())
        .await
        .unwrap()
        .date;
    for day in today.iter_days().take(14) {
        let query = BoardQuery {
            date: Some(day),
            ..BoardQuery::default()
        };
        let board = desk.client.board(&query).await.unwrap();
        let mut rows = board.appointments.iter();
        if let Some(row) = rows.find(|row| row.patient.full_name == KNOWN) {
            return row.id;
        }
    }
    panic!("nothing is booked for {KNOWN}")
}

/// That time does not suit after all.
pub(crate) async fn move_it(desk: &Receptionist, id: i64) {
    let before = desk.appointment(id).await;
    turn_to(desk, before.date).await;
    find(desk, KNOWN).await;
    desk.begin();
    desk.press("v");
    desk.sees("Move the appointment of").await;
    desk.sees_that("free times of the doctor", |screen| {
        screen
            .lines()
            .any(|line| line.contains("Mei Tanaka") && line.contains('–'))
    })
    .await;
    desk.press("down");
    desk.picture(
        "move",
        "Moving",
        "Moving is the booking's screen, begun at the free times of the same doctor.",
    )
    .await;
    desk.press("enter");
    desk.sees("Enter moves it").await;
    desk.press("enter");
    desk.sees(&format!("Moved: {KNOWN}")).await;
    desk.count("move to another time", 4);
    let now = desk.appointment(id).await;
    assert_ne!(now.starts_at, before.starts_at);
    assert_eq!(now.doctor, before.doctor);
    desk.did(id, Action::Reschedule).await;
    desk.is_audited("move_appointment", id, 1).await;
    desk.rests().await;
    desk.press("t");
    desk.sees("Today").await;
    // Whoever rings and asks is told who moved it, and from when to when.
    turn_to(desk, now.date).await;
    let query = BoardQuery {
        date: Some(now.date),
        ..BoardQuery::default()
    };
    let rows = desk.client.board(&query).await.unwrap().appointments;
    let at = rows.iter().position(|row| row.id == id).unwrap();
    desk.sees(&format!(" of {}", rows.len())).await;
    desk.press("home");
    for _ in 0..at {
        desk.press("j");
    }
    desk.is_at(&rows[at]).await;
    desk.press("enter");
    desk.sees("What was done").await;
    desk.press("ctrl-d ctrl-d");
    desk.sees("  Rosa Winter moved").await;
    desk.press("esc");
    desk.sees_no_more("What was done").await;
    desk.press("t");
    desk.sees("Today").await;
    desk.begin();
}

/// Turns the board to this day.
async fn turn_to(desk: &Receptionist, date: NaiveDate) {
    let board = desk.client.board(&BoardQuery::default()).await.unwrap();
    for _ in 0..(date - board.date).num_days() {
        desk.press("]");
    }
    desk.sees(&date.format("%-d %b %Y").to_string()).await;
}

/// Goes down to somebody's row.
async fn find(desk: &Receptionist, name: &str) {
    desk.sees_that("the day's rows", |screen| screen.contains("born"))
        .await;
    desk.press("home");
    let told = format!(" {name} · born");
    for _ in 0..200 {
        if desk.seat.screen().contains(&told) {
            return;
        }
        let before = desk.seat.screen();
        desk.press("j");
        desk.sees_that("the next row", |screen| screen != before)
            .await;
    }
    panic!("{name} is not on the board:\n{}", desk.seat.screen());
}

/// Somebody rings: ill. And then comes after all.
pub(crate) async fn cancel_and_undo(desk: &Receptionist) {
    let rows = desk.board().await;
    let last = (*to_come(&rows).last().unwrap()).clone();
    desk.go_to(last.id).await;
    desk.press("x");
    desk.sees("Cancel appointment").await;
    desk.press("2");
    desk.picture(
        "cancel",
        "Calling off",
        "Calling an appointment off: a digit says why, letters are the note.",
    )
    .await;
    desk.press("enter");
    desk.sees(&format!(
        "{} is cancelled: by the patient",
        last.patient.full_name
    ))
    .await;
    desk.count("cancel with a reason", 4);
    let now = desk.becomes(last.id, Status::Cancelled).await;
    assert_eq!(now.reason_kind, Some(ReasonKind::Illness));
    desk.is_audited("cancel_appointment", last.id, 1).await;
    desk.press("u");
    desk.sees(&format!("Taken back: {} is", last.patient.full_name))
        .await;
    desk.count("undo", 1);
    desk.picture(
        "undo",
        "Taken back",
        "The board after an undo: the appointment stands as it stood.",
    )
    .await;
    let now = desk.becomes(last.id, Status::Confirmed).await;
    assert_eq!(now.reason_kind, None);
    desk.is_audited("undo_appointment", last.id, 1).await;
    desk.rests().await;
}
