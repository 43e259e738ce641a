//! A server for random keys: answers whatever is asked, well or badly.

use std::time::Duration;

use chrono::NaiveDate;
use clinic_shared::client::{Error, Refused, Told};
use clinic_shared::desk::appointments::{BookingCheck, Status};
use clinic_shared::desk::doctors::Named;
use clinic_shared::desk::patients::{Duplicate, DuplicateReason};
use clinic_shared::desk::queue::DoctorDay;
use clinic_shared::desk::slots::{FreeSlot, FreeSlots};
use clinic_shared::desk::visits::Visits;
use clinic_shared::v1::events::{EndReason, Event, EventKind};
use clinic_shared::{FieldErrors, Reason};
use clinic_tui::credentials::Kept;
use clinic_tui::effect::{
    AdminCall, Call, ConfigReply, Deed, InboxCall, Matter, Part, PeopleCall, PeopleReply, Reply,
    WindowsCall, WindowsReply,
};

use super::rare::{leave, merges, preview};
use super::support::admin::{
    application, audit, audit_row, bug_report, matter, matters, qualification,
};
use super::support::clinic::{
    admin, appointment, booking, busy, colleagues, contact, contact_rows, day, doctor, doctor_row,
    doctor_rows, queue, session, steps, user, users, versioned, waiting, whole, windows,
};
use super::support::history::history;
use super::support::{Desk, page, record, row, rows, tagged};

/// A name that tries the columns.
pub(crate) const NAME: &str = "山田 \u{202e}太郎";

/// Ends one of the calls that wait, if there is one.
pub(crate) fn answer(desk: &mut Desk, which: u8, how: u8) {
    let asked = desk.asked();
    if asked.is_empty() {
        return;
    }
    let (slot, call) = &asked[usize::from(which) % asked.len()];
    let result = match failure(how) {
        Some(error) => Err(error),
        None => reply(call, u32::from(how)).ok_or_else(missing),
    };
    desk.answer(*slot, result);
}

/// Answers everything well, until nothing is asked any more.
pub(crate) fn answer_all(desk: &mut Desk) {
    for _ in 0..20 {
        let Some((slot, call)) = desk.asked().into_iter().next() else {
            return;
        };
        let answer = reply(&call, 23).ok_or_else(missing);
        desk.answer(slot, answer);
    }
    panic!("it asks for ever: {:?}", desk.asked());
}

/// Nobody plays this here: it is not there.
fn missing() -> Error {
    Error::Refused(Box::new(Refused {
        status: 404,
        code: "not_found".to_owned(),
        detail: "Not found.".to_owned(),
        fields: FieldErrors::default(),
        reasons: Vec::new(),
        candidates: Vec::new(),
        merged_into: None,
        retry_after: None,
    }))
}

/// A third of all calls fails.
fn failure(how: u8) -> Option<Error> {
    let refused = |status, code: &str| {
        let mut fields = FieldErrors::default();
        fields.add("phone", "At most 32 characters.");
        fields.add("full_name", "山".repeat(60));
        let reason = |code: &str| Reason {
            code: code.to_owned(),
            detail: format!("{NAME} is in the way of {code}."),
            ..Reason::default()
        };
        Some(Error::Refused(Box::new(Refused {
            status,
            code: code.to_owned(),
            detail: "Not so; \u{1b}[31mthat can't be.".to_owned(),
            fields,
            reasons: vec![reason("doctor_busy"), reason("patient_busy"), reason("x")],
            candidates: vec![candidate()],
            merged_into: None,
            retry_after: Some(Duration::from_secs(3)),
        })))
    };
    match how % 24 {
        0 => Some(Error::Unreachable("it took too long".to_owned())),
        1 => Some(Error::SignedOut),
        2 => Some(Error::Garbled("rubbish".to_owned())),
        3 => refused(400, "invalid"),
        4 => refused(403, "forbidden"),
        5 => refused(409, "unbookable"),
        6 => refused(412, "stale"),
        7 => refused(500, "internal"),
        _ => None,
    }
}

fn candidate() -> Duplicate {
    Duplicate {
        patient: row(4, NAME),
        reasons: vec![DuplicateReason::NameAndBirthDate, DuplicateReason::Phone],
    }
}

/// What is asked for, of this many or about this one; none for what nobody plays here.
fn reply(call: &Call, number: u32) -> Option<Reply> {
    let next = number
        .is_multiple_of(2)
        .then(|| "http://a/?cursor=x".to_owned());
    let few = number % 28;
    Some(match call {
        Call::SignIn { .. } | Call::VerifyCode { .. } => Reply::SignedIn {
            who: Box::new(admin()),
            kept: Ok(Kept::Keyring),
        },
        Call::ResendCode { .. } | Call::Forgot { .. } | Call::ResendReset { .. } => Reply::CodeSent,
        Call::Reset { .. } => Reply::PasswordSet,
        Call::Restore { .. } => Reply::Restored(Some(Box::new(admin()))),
        Call::SignOut { .. } => Reply::SignedOut { forgotten: true },
        Call::Me => Reply::Me(Box::new(admin())),
        Call::Patients(_) => {
            let mut page = page(rows(number));
            page.next = next;
            Reply::Patients(Box::new(page))
        }
        Call::Patient(_) => Reply::Patient(tagged(record(&row(1, NAME)))),
        Call::Doctors(_) => {
            let mut page = whole(doctor_rows(number));
            page.next = next;
            Reply::Doctors(page)
        }
        Call::Doctor(_) | Call::Verify(_) => Reply::Doctor(versioned(doctor(&doctor_row(3)))),
        Call::Board(query) => {
            let date = query
                .date
                .map_or("2026-11-23".to_owned(), |date| date.to_string());
            Reply::Board(Box::new(day(&date, busy(few))))
        }
        Call::Slots(_) => Reply::Slots(Box::new(slots(few))),
        Call::Check(_) => Reply::Check(Box::new(check(number))),
        Call::Queue(_) => Reply::Queue(queue(busy(few))),
        Call::People(PeopleCall::Visits(_)) => {
            PeopleReply::Visits(Box::new(visits(few % 5))).into()
        }
        Call::People(PeopleCall::Candidates(_)) => {
            PeopleReply::Candidates((few % 3) as usize).into()
        }
        Call::People(PeopleCall::Steps(_)) => PeopleReply::Steps(history()).into(),
        Call::People(PeopleCall::Merges(_)) => merges(few % 4),
        Call::People(PeopleCall::PreviewMerge(..)) => preview(few),
        Call::People(PeopleCall::WaitingList(_) | PeopleCall::Waits(_)) => {
            PeopleReply::WaitingList(whole((1..=number % 9).map(waiting).collect())).into()
        }
        Call::Admin(AdminCall::Matters(part, _)) => {
            matters((1..=few).map(|number| one_of(*part, number)).collect())
        }
        Call::Admin(AdminCall::Matter(part, _)) => matter(one_of(*part, 2)),
        Call::Admin(AdminCall::Audit(_)) => audit((1..=few).map(audit_row).collect()),
        Call::Deed(Deed::Decide(ruling)) => matter(one_of(ruling.part, number % 9)),
        Call::Inbox(InboxCall::History(_)) => Reply::Steps(2, steps()),
        Call::Inbox(InboxCall::Colleagues) => Reply::Colleagues(colleagues()),
        Call::Inbox(_) => Reply::Contact(versioned(contact(2))),
        Call::Leave(call) => Reply::Leave(Box::new(leave(call, few))),
        Call::Deed(Deed::Leave(call)) => Reply::Leave(Box::new(leave(call, few))),
        Call::Windows(call) => Reply::Windows(Box::new(match &**call {
            WindowsCall::List(doctor) => {
                WindowsReply::List(*doctor, windows(&doctor_row(few % 6 + 1)))
            }
            WindowsCall::Retire(_) => WindowsReply::Retired,
            WindowsCall::Make(_) | WindowsCall::Change(..) => return None,
        })),
        Call::Report(_) => Reply::Report(format!("{NAME}\nlater\n").repeat(30)),
        Call::Config(_) => Reply::Config(Box::new(ConfigReply::Saved(number.is_multiple_of(2)))),
        Call::Lock { .. } => Reply::Done,
        Call::Terms => Reply::Terms(vec![Named {
            id: 5,
            name: "Cardiology".to_owned(),
        }]),
        Call::Deed(Deed::RunLate(..)) => Reply::Late(Box::new(DoctorDay {
            doctor: appointment(&booking(1, NAME)).doctor,
            date: monday(),
            late_minutes: i64::from(few),
            version: 2,
        })),
        Call::Deed(deed) => {
            let id = deed.appointment().and_then(|id| u32::try_from(id).ok());
            let mut done = appointment(&booking(id.unwrap_or(3), NAME));
            done.status = Status::ALL[number as usize % Status::ALL.len()];
            (done.version, done.ticket) = (4, Some(i64::from(number)));
            Reply::Appointment(versioned(done))
        }
        Call::Appointment(_) => Reply::Appointment(versioned(appointment(&booking(3, NAME)))),
        Call::Contacts(_) => {
            let mut page = whole(contact_rows(few));
            page.next = next;
            Reply::Contacts(page)
        }
        Call::Contact(_) => Reply::Contact(versioned(contact(2))),
        Call::Users(_) => {
            let mut page = whole(users(few));
            page.next = next;
            Reply::Users(page)
        }
        Call::User(_) | Call::Invite(_) | Call::ChangeUser { .. } => {
            Reply::User(versioned(user(1)))
        }
        Call::Sessions => Reply::Sessions((1..=number % 9).map(session).collect()),
        Call::EndUserSessions(_) | Call::EndSession(_) => Reply::Done,
        Call::Duplicates(_) => Reply::Duplicates(vec![candidate(); number as usize % 5]),
        Call::Register(_) | Call::Change { .. } => {
            Reply::Saved(tagged(record(&row(3, "Zoe\u{308}"))))
        }
    })
}

fn one_of(part: Part, number: u32) -> Matter {
    match part {
        Part::Applications => Matter::Application(application(number)),
        Part::Qualifications => Matter::Qualification(qualification(number)),
        Part::BugReports => Matter::BugReport(bug_report(number)),
    }
}

/// So many appointments of the patient.
fn visits(count: u32) -> Visits {
    Visits {
        count: i64::from(count),
        no_shows: i64::from(count / 2),
        cancelled: 1,
        cancelled_late: 1,
        left: 0,
        has_more: count > 3,
        appointments: (1..=count)
            .map(|number| appointment(&booking(number, NAME)))
            .collect(),
    }
}

/// The stream says something, or breaks.
pub(crate) fn hear(desk: &mut Desk, kind: u8) {
    if desk.stream.is_none() {
        return;
    }
    let id = i64::from(kind);
    match kind % 16 {
        0 => desk.hears(Told::Reset(id)),
        1 => desk.hears(Told::Ready(id)),
        2 => desk.hears(Told::End(EndReason::TokenExpired)),
        3 => desk.hears(Told::End(EndReason::SessionEnded)),
        4 => desk.hears(Told::End(EndReason::Closing)),
        5 => desk.loses_stream(Error::Unreachable("the stream ended".to_owned())),
        6 => desk.loses_stream(Error::Garbled("rubbish".to_owned())),
        other => {
            let kinds = EventKind::ALL;
            let event = Event {
                kind: kinds[usize::from(other) % kinds.len()],
                object: Some(id % 5),
                doctor: None,
                patient: Some(row(1, "").id),
            };
            desk.hears(Told::Happened(id, event))
        }
    };
}

fn monday() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn slots(count: u32) -> FreeSlots {
    let slot = |number: u32| {
        let taken = appointment(&booking(number, NAME));
        FreeSlot {
            doctor: taken.doctor,
            available_time: 1,
            window: "Mornings".to_owned(),
            date: monday() + chrono::Days::new(u64::from(number / 9)),
            starts: taken.starts,
            ends: taken.ends,
            starts_at: taken.starts_at,
            ends_at: taken.ends_at,
        }
    };
    FreeSlots {
        from: monday(),
        to: monday() + chrono::Days::new(7),
        has_more: true,
        slots: (1..=count).map(slot).collect(),
    }
}

fn check(number: u32) -> BookingCheck {
    let taken = appointment(&booking(number % 28 + 1, NAME));
    let reasons = match number % 3 {
        0 => vec![Reason {
            code: "doctor_busy".to_owned(),
            detail: "Booked already.".to_owned(),
            ..Reason::default()
        }],
        _ => Vec::new(),
    };
    BookingCheck {
        is_bookable: reasons.is_empty(),
        reasons,
        date: Some(taken.date),
        starts: taken.starts,
        ends: taken.ends,
        starts_at: taken.starts_at,
        ends_at: taken.ends_at,
        available_time: Some(1),
        overbooked: false,
        patient: taken.patient,
        patient_no_shows: i64::from(number % 4),
        patient_open_bookings: i64::from(number % 3),
        patient_same_day: Vec::new(),
    }
}
