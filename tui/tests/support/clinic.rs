//! Appointments, doctors and contact requests for tests.

use clinic_shared::Role;
use clinic_shared::client::Tagged;
use clinic_shared::desk::appointments::{Appointment, AppointmentRow, Kind, Person, Status};
use clinic_shared::desk::contacts::{self, Action, Colleague, Contact};
use clinic_shared::desk::doctors::{AvailableTime, Doctor, DoctorRow, DoctorWindow, Named};
use clinic_shared::desk::queue::{
    Board, BoardRow, DoctorBoard, NextFree, Priority, Queue, WaitLevel,
};
use clinic_shared::desk::slots::PartOfDay;
use clinic_shared::desk::users::User;
use clinic_shared::desk::waitlist::{Urgency, Waiting, WaitingStatus};
use clinic_shared::v1::user::Session;
use clinic_shared::{Page, WireType};
use clinic_tui::effect::{Call, Reply, Slot};
use uuid::Uuid;

use super::{Desk, Look, receptionist, rows};
use clinic_shared::v1::user::Me;

/// All there is on one page.
pub(crate) fn whole<T: WireType>(results: Vec<T>) -> Box<Page<T>> {
    Box::new(Page {
        count: i64::try_from(results.len()).unwrap(),
        next: None,
        previous: None,
        results,
    })
}

/// A record with its version.
pub(crate) fn versioned<T>(value: T) -> Box<Tagged<T>> {
    Box::new(Tagged {
        value,
        etag: Some("\"3\"".to_owned()),
    })
}

pub(crate) fn admin() -> Me {
    Me {
        username: "anna".to_owned(),
        first_name: "Anna".to_owned(),
        last_name: "Amt".to_owned(),
        role: clinic_shared::Role::Admin,
        ..receptionist()
    }
}

/// A doctor, who has a queue for a home.
pub(crate) fn lise() -> Me {
    Me {
        username: "lise".to_owned(),
        first_name: "Lise".to_owned(),
        last_name: "Meitner".to_owned(),
        role: clinic_shared::Role::Doctor,
        ..receptionist()
    }
}

fn person(number: u32, name: &str) -> Person {
    Person {
        id: Uuid::from_u128(1000 + u128::from(number)),
        number: i64::from(number),
        full_name: name.to_owned(),
    }
}

/// An appointment of the 23rd: one every half hour from 8:00.
pub(crate) fn booking(number: u32, name: &str) -> AppointmentRow {
    let clock = |half_hours: u32| {
        format!(
            "{:02}:{:02}",
            (8 + half_hours / 2) % 24,
            half_hours % 2 * 30
        )
    };
    let has_clock = number % 7 != 6;
    let doctors = ["Lise Meitner", "Maryam Mirzakhani", "Chien-Shiung Wu"];
    AppointmentRow {
        id: i64::from(number),
        date: "2026-11-23".parse().unwrap(),
        starts: has_clock.then(|| clock(number - 1)),
        ends: has_clock.then(|| clock(number)),
        window: (!has_clock).then(|| "Afternoon walk-in hours".to_owned()),
        appointment_type: [Kind::Offline, Kind::Offline, Kind::Online][number as usize % 3],
        status: Status::ALL[number as usize % Status::ALL.len()],
        overbooked: number % 5 == 3,
        patient: person(number, name),
        patient_birth_date: chrono::NaiveDate::from_ymd_opt(1950 + number as i32 % 60, 3, 8),
        doctor: person(500 + number % 3, doctors[number as usize % 3]),
    }
}

/// A day of so many appointments.
pub(crate) fn bookings(count: u32) -> Vec<AppointmentRow> {
    let named = rows(count);
    (1..=count)
        .zip(&named)
        .map(|(number, row)| booking(number, &row.full_name))
        .collect()
}

/// The same as a row of the board.
pub(crate) fn board_row(row: &AppointmentRow) -> BoardRow {
    let whole = appointment(row);
    BoardRow {
        id: row.id,
        starts: row.starts.clone(),
        ends: row.ends.clone(),
        starts_at: whole.starts_at,
        window: row.window.clone(),
        appointment_type: row.appointment_type,
        status: row.status,
        patient: row.patient.clone(),
        patient_birth_date: row.patient_birth_date,
        patient_phone: whole.patient_phone,
        patient_no_shows: i64::from(row.id % 11 == 4) * 2,
        doctor: row.doctor.clone(),
        title: whole.title,
        ticket: None,
        room: None,
        priority: Priority::Normal,
        checked_in_at: None,
        called_at: None,
        started_at: None,
        completed_at: None,
        waiting_minutes: None,
        wait_level: None,
        expected_at: None,
        expected: None,
        overbooked: row.overbooked,
        walk_in: false,
        is_late: false,
        version: 3,
    }
}

/// A day at the desk, as it comes from the server.
pub(crate) fn day(date: &str, rows: Vec<BoardRow>) -> Board {
    let mut doctors: Vec<DoctorBoard> = Vec::new();
    for row in &rows {
        if doctors.iter().all(|day| day.doctor.id != row.doctor.id) {
            doctors.push(doctor_day(&row.doctor));
        }
        let day = doctors
            .iter_mut()
            .find(|day| day.doctor.id == row.doctor.id);
        let day = day.unwrap();
        day.booked_minutes += 30;
        day.waiting += i64::from(row.status == Status::CheckedIn);
        day.awaited += i64::from(matches!(row.status, Status::Pending | Status::Confirmed));
    }
    doctors.sort_by(|a, b| a.doctor.full_name.cmp(&b.doctor.full_name));
    Board {
        date: date.parse().unwrap(),
        at: "2026-11-23T07:30:00Z".parse().unwrap(),
        warn_minutes: 15,
        alert_minutes: 30,
        next_free: doctors.first().map(|day| NextFree {
            doctor: day.doctor.clone(),
            expected_at: "2026-11-23T07:40:00Z".parse().unwrap(),
            expected: "08:40".to_owned(),
        }),
        doctors,
        appointments: rows,
    }
}

fn doctor_day(doctor: &Person) -> DoctorBoard {
    DoctorBoard {
        doctor: doctor.clone(),
        late_minutes: i64::from(doctor.full_name.starts_with("Lise")) * 10,
        offered_minutes: 420,
        booked_minutes: 0,
        awaited: 0,
        waiting: 0,
        running: 0,
        completed: 0,
        missed: 0,
        left: 0,
        cancelled: 0,
        walk_ins: 0,
        longest_wait_minutes: None,
    }
}

/// The board of these appointments, on the day of the first of them.
pub(crate) fn board(rows: Vec<AppointmentRow>) -> Reply {
    let date = rows
        .first()
        .map_or("2026-11-23".to_owned(), |row| row.date.to_string());
    let rows = rows.into_iter().map(|row| board_row(&row)).collect();
    Reply::Board(Box::new(day(&date, rows)))
}

/// Lise Meitner's queue of these rows: who is here, and who is still to come.
pub(crate) fn queue(rows: Vec<BoardRow>) -> Box<Queue> {
    let doctor = person(500, "Lise Meitner");
    let theirs = |mut row: BoardRow| {
        row.doctor = doctor.clone();
        row
    };
    let rows: Vec<BoardRow> = rows.into_iter().map(theirs).collect();
    let of = |wanted: &[Status]| {
        let rows = rows.iter().filter(|row| wanted.contains(&row.status));
        rows.cloned().collect::<Vec<_>>()
    };
    let entries = [of(&[Status::Running]), of(&[Status::CheckedIn])].concat();
    let to_come = of(&[Status::Pending, Status::Confirmed]);
    let count = |rows: &[BoardRow]| i64::try_from(rows.len()).unwrap();
    let mut numbers = doctor_day(&doctor);
    numbers.late_minutes = 0;
    numbers.completed = count(&of(&[Status::Completed]));
    numbers.waiting = count(&of(&[Status::CheckedIn]));
    numbers.awaited = count(&to_come);
    Box::new(Queue {
        date: "2026-11-23".parse().unwrap(),
        at: "2026-11-23T07:30:00Z".parse().unwrap(),
        warn_minutes: 15,
        alert_minutes: 30,
        doctor: numbers,
        average_wait_minutes: (!entries.is_empty()).then_some(12),
        entries,
        to_come,
    })
}

/// Rows of the busy morning that stand so.
pub(crate) fn rows_of_status(status: Status) -> Vec<BoardRow> {
    let rows = busy(24).into_iter();
    rows.filter(|row| row.status == status).collect()
}

/// A morning in full swing: who waits and how long, rooms, tickets, flags.
pub(crate) fn busy(count: u32) -> Vec<BoardRow> {
    let mut rows: Vec<BoardRow> = bookings(count).iter().map(board_row).collect();
    for (number, row) in (1i64..).zip(&mut rows) {
        let waited = [4, 17, 31, 62, 125][usize::try_from(number).unwrap() / 8 % 5];
        if row.status.may_become(Status::Left) || row.status == Status::Running {
            row.ticket = Some(number);
            row.waiting_minutes = Some(waited);
            row.checked_in_at = Some("2026-11-23T07:10:00Z".parse().unwrap());
        }
        if row.status == Status::CheckedIn {
            row.wait_level = Some(WaitLevel::Ok);
            row.expected = Some("09:40".to_owned());
        }
        row.room = (row.status == Status::Running).then(|| "B 12".to_owned());
        row.walk_in = number % 9 == 2;
        row.is_late = number % 6 == 1;
        row.priority = Priority::ALL[usize::try_from(number % 13 / 11).unwrap()];
    }
    rows
}

pub(crate) fn appointment(row: &AppointmentRow) -> Appointment {
    let at = |clock: &Option<String>| {
        let clock = clock.as_ref()?;
        // The clinic's zone is one hour ahead of UTC, as the desk's is.
        Some(
            format!("2026-11-23T{clock}:00+01:00")
                .parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap(),
        )
    };
    Appointment {
        id: row.id,
        date: row.date,
        starts: row.starts.clone(),
        ends: row.ends.clone(),
        window: row.window.clone(),
        starts_at: at(&row.starts),
        ends_at: at(&row.ends),
        appointment_type: row.appointment_type,
        status: row.status,
        overbooked: row.overbooked,
        walk_in: false,
        ticket: None,
        room: None,
        priority: Priority::Normal,
        patient: row.patient.clone(),
        patient_phone: Some("030 5550 17".to_owned()),
        patient_birth_date: chrono::NaiveDate::from_ymd_opt(1990, 12, 10),
        doctor: row.doctor.clone(),
        title: Some("Cough that does not go".to_owned()),
        symptoms: "Coughs since Thursday, worse at night.\nNo fever.".to_owned(),
        meeting_link: None,
        is_paid: false,
        cancelled_by: None,
        reason_kind: None,
        cancel_reason: None,
        cancelled_late: false,
        confirmed_at: None,
        checked_in_at: None,
        called_at: None,
        started_at: None,
        completed_at: None,
        cancelled_at: None,
        no_show_at: None,
        left_at: None,
        version: 3,
        created_at: "2026-11-02T09:10:00Z".parse().unwrap(),
        updated_at: "2026-11-20T14:25:00Z".parse().unwrap(),
    }
}

const DOCTORS: [(&str, &[&str], &str); 6] = [
    ("Barbara McClintock", &["Dermatology"], "450.00"),
    (
        "Chien-Shiung Wu",
        &["Cardiology", "Internal medicine"],
        "1200.00",
    ),
    ("Dorothy Hodgkin", &["Neurology"], "500.00"),
    ("Emmy Noether", &[], "80.50"),
    (
        "Lise Meitner",
        &["Radiology", "Nuclear medicine", "Oncology"],
        "700.00",
    ),
    ("Maryam Mirzakhani", &["Cardiology"], "650.00"),
];

pub(crate) fn doctor_row(number: u32) -> DoctorRow {
    let (name, specialisations, fee) = DOCTORS[(number as usize - 1) % DOCTORS.len()];
    DoctorRow {
        id: Uuid::from_u128(500 + u128::from(number)),
        number: i64::from(number),
        full_name: name.to_owned(),
        specialisations: specialisations
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
        designations: vec!["Consultant".to_owned()],
        fee: fee.to_owned(),
        is_verified: !number.is_multiple_of(3),
    }
}

pub(crate) fn doctor_rows(count: u32) -> Vec<DoctorRow> {
    (1..=count).map(doctor_row).collect()
}

pub(crate) fn doctor(row: &DoctorRow) -> Doctor {
    let named = |names: &[String]| {
        (1i64..)
            .zip(names)
            .map(|(id, name)| Named {
                id,
                name: name.clone(),
            })
            .collect()
    };
    let window =
        |name: &str, starts: Option<&str>, ends: Option<&str>, days: &[&str]| AvailableTime {
            id: 1,
            name: name.to_owned(),
            starts: starts.map(str::to_owned),
            ends: ends.map(str::to_owned),
            weekdays: days.iter().map(|day| (*day).to_owned()).collect(),
            slot_minutes: starts.is_some().then_some(30),
            valid_from: None,
            valid_to: None,
        };
    Doctor {
        id: row.id,
        number: row.number,
        full_name: row.full_name.clone(),
        username: "dr_hodgkin".to_owned(),
        email: "hodgkin@clinic.example".to_owned(),
        photo: None,
        specialisations: named(&row.specialisations),
        designations: named(&row.designations),
        available_times: vec![
            window(
                "Mornings",
                Some("09:00"),
                Some("12:30"),
                &["mon", "tue", "wed", "thu", "fri"],
            ),
            window("Evening walk-in", None, None, &["tue", "thu"]),
        ],
        fee: row.fee.clone(),
        meet_link: Some("https://meet.clinic.example/hodgkin".to_owned()),
        verified_at: row
            .is_verified
            .then(|| "2026-02-01T09:00:00Z".parse().unwrap()),
        version: 3,
        created_at: "2026-01-02T09:10:00Z".parse().unwrap(),
        updated_at: "2026-10-01T14:25:00Z".parse().unwrap(),
    }
}

/// The hours of a doctor as their list shows them: some of every day, some to come that are shared,
/// some without a clock, some until midnight.
pub(crate) fn windows(row: &DoctorRow) -> Vec<DoctorWindow> {
    let [mornings, evening] = <[AvailableTime; 2]>::try_from(doctor(row).available_times).unwrap();
    let own = Person {
        id: row.id,
        number: row.number,
        full_name: row.full_name.clone(),
    };
    let mut both = vec![own.clone()];
    both.push(person(77, "Lise Meitner"));
    let window = |window: AvailableTime, doctors: &[Person], booked, booked_by_all| DoctorWindow {
        window,
        doctors: doctors.to_vec(),
        booked,
        booked_by_all,
        version: 3,
    };
    let saturdays = AvailableTime {
        id: 3,
        name: "10:00 - 12:00".to_owned(),
        starts: Some("10:00".to_owned()),
        ends: Some("12:00".to_owned()),
        weekdays: vec!["sat".to_owned()],
        slot_minutes: Some(20),
        valid_from: "2027-01-01".parse().ok(),
        valid_to: None,
    };
    let late = AvailableTime {
        id: 4,
        name: "Late\u{1b}[31m".to_owned(),
        starts: Some("20:00".to_owned()),
        ends: Some("00:00".to_owned()),
        weekdays: vec!["fri".to_owned()],
        slot_minutes: None,
        valid_from: None,
        valid_to: None,
    };
    let own = std::slice::from_ref(&own);
    vec![
        window(mornings, own, 3, 3),
        window(AvailableTime { id: 2, ..evening }, own, 1, 1),
        window(saturdays, &both, 2, 5),
        window(late, own, 0, 0),
    ]
}

pub(crate) fn contact(number: u32) -> Contact {
    let row = &rows(number)[number as usize - 1];
    let came = [
        "2026-11-23T06:05:00Z",
        "2026-11-21T16:40:00Z",
        "2025-12-30T10:00:00Z",
    ];
    let came = came[(number as usize - 1).min(2)].parse().unwrap();
    Contact {
        id: i64::from(number),
        name: row.full_name.clone(),
        phone: if number.is_multiple_of(3) {
            String::new()
        } else {
            format!("030 55 {number:04}")
        },
        email: number
            .is_multiple_of(3)
            .then(|| "someone@example.org".to_owned()),
        subject: (number % 2 == 1).then(|| "Opening hours".to_owned()),
        message: "Good morning, are you open between the holidays, and can my daughter come \
                  along for her vaccination on the same day?\n\nThank you, and greetings."
            .to_owned(),
        status: contacts::Status::ALL[(number as usize - 1) % 4],
        assignee: None,
        patient: None,
        appointment: None,
        version: 1,
        created_at: came,
        updated_at: came,
    }
}

pub(crate) fn contact_rows(count: u32) -> Vec<Contact> {
    (1..=count).map(contact).collect()
}

/// Who is at the desk; the first one is whoever sits here.
pub(crate) fn colleagues() -> Vec<Colleague> {
    let names = ["Eva Empfang", "Rosa Winter", "Otto Ahlers"];
    (1u128..)
        .zip(names)
        .map(|(id, name)| Colleague {
            id: Uuid::from_u128(id),
            name: name.to_owned(),
        })
        .collect()
}

/// What was done about a contact request.
pub(crate) fn steps() -> Vec<contacts::Step> {
    let step = |version, action, text: Option<&str>| contacts::Step {
        version,
        action,
        at: "2026-11-23T07:10:00Z".parse().unwrap(),
        by: (action != Action::Incoming).then(|| "Rosa Winter".to_owned()),
        role: None,
        from: contacts::Status::New,
        to: contacts::Status::InProgress,
        assignee: Some("Rosa Winter".to_owned()),
        address: Some("someone@example.org".to_owned()),
        subject: None,
        text: text.map(str::to_owned),
        sent_at: None,
        failed_at: None,
    };
    vec![
        step(2, Action::Assign, None),
        step(3, Action::Note, Some("Called at eight, nobody there.")),
        step(4, Action::Reply, Some("Yes, we are open on the 28th.")),
        step(5, Action::Incoming, Some("Thank you!")),
    ]
}

/// An account; the third is disabled, the fourth was invited and has not begun.
pub(crate) fn user(number: u32) -> User {
    let made = "2026-01-05T08:30:00Z".parse().unwrap();
    let role = Role::ALL[number as usize % 4];
    User {
        id: Uuid::from_u128(700 + u128::from(number)),
        number: i64::from(number),
        username: format!("person{number}"),
        email: format!("person{number}@clinic.example"),
        first_name: ["Ada", "Rosa", "山田", ""][number as usize % 4].to_owned(),
        last_name: "Winter".to_owned(),
        role,
        is_active: number != 3,
        is_verified: number != 4,
        has_password: number != 4,
        login_codes: number == 2,
        signs_in_with_code: number == 2,
        created_at: made,
        updated_at: made,
    }
}

pub(crate) fn users(count: u32) -> Vec<User> {
    (1..=count).map(user).collect()
}

/// A session; the first is the one here.
pub(crate) fn session(number: u32) -> Session {
    let opened = "2026-08-28T05:00:00Z".parse().unwrap();
    Session {
        id: Uuid::from_u128(900 + u128::from(number)),
        is_current: number == 1,
        family: if number == 1 { "v1" } else { "classic" }.to_owned(),
        address: (number != 3).then(|| format!("192.0.2.{number}")),
        created_at: opened,
        refreshed_at: (number == 1).then_some(opened),
        expires_at: "2026-08-28T21:00:00Z".parse().unwrap(),
    }
}

impl Desk {
    /// At the accounts, as an admin.
    pub(crate) fn at_users(look: Look, rows: Vec<User>) -> Self {
        let mut desk = Self::at_work(look, admin());
        desk.press("esc g u")
            .reply(Slot::List, Reply::Users(whole(rows)));
        desk
    }

    /// At one's own sessions.
    pub(crate) fn at_sessions(look: Look, rows: Vec<Session>) -> Self {
        let mut desk = Self::at_work(look, receptionist());
        desk.press("esc g s")
            .reply(Slot::List, Reply::Sessions(rows));
        desk
    }

    /// Signed in at the patients, as every morning.
    pub(crate) fn at_work(look: Look, who: Me) -> Self {
        let mut desk = Self::start(look, Some(who), None);
        desk.press("f3")
            .reply(Slot::List, Reply::Patients(Box::new(super::page(rows(40)))));
        desk
    }

    /// At today's appointments, at the first of them.
    pub(crate) fn at_today(look: Look, rows: Vec<AppointmentRow>) -> Self {
        let mut desk = Self::at_work(look, receptionist());
        desk.press("f2").reply(Slot::List, board(rows));
        desk.press("home");
        desk
    }

    /// At today's board in full swing, at its first row.
    pub(crate) fn at_board(look: Look, rows: Vec<BoardRow>) -> Self {
        let mut desk = Self::start(look, Some(receptionist()), None);
        let day = day("2026-11-23", rows);
        desk.reply(Slot::List, Reply::Board(Box::new(day)));
        desk.press("home");
        desk
    }

    /// A doctor at their queue of these rows, at its first row.
    pub(crate) fn at_queue(look: Look, rows: Vec<BoardRow>) -> Self {
        let mut desk = Self::start(look, Some(lise()), None);
        desk.reply(Slot::List, Reply::Queue(queue(rows)));
        desk
    }

    /// At the doctors, as this person.
    pub(crate) fn at_doctors(look: Look, who: Me, rows: Vec<DoctorRow>) -> Self {
        let mut desk = Self::at_work(look, who);
        desk.press("f4")
            .reply(Slot::List, Reply::Doctors(whole(rows)));
        desk
    }

    /// At the contact requests.
    pub(crate) fn at_contacts(look: Look, rows: Vec<Contact>) -> Self {
        let mut desk = Self::at_work(look, receptionist());
        desk.press("f5")
            .reply(Slot::List, Reply::Contacts(whole(rows)));
        desk
    }

    /// Answers whatever waits in the record's slot with the record it asks for.
    pub(crate) fn reply_record(&mut self) -> &mut Self {
        let reply = match self.call(Slot::Record) {
            Some(Call::Appointment(id)) => {
                let row = booking(u32::try_from(*id).unwrap(), "Grace Hopper");
                Reply::Appointment(versioned(appointment(&row)))
            }
            Some(Call::Doctor(id)) => {
                let number = u32::try_from(id.as_u128() - 500).unwrap();
                Reply::Doctor(versioned(doctor(&doctor_row(number))))
            }
            Some(Call::User(id)) => {
                let number = u32::try_from(id.as_u128() - 700).unwrap();
                Reply::User(versioned(user(number)))
            }
            Some(Call::Contact(id)) => {
                Reply::Contact(versioned(contact(u32::try_from(*id).unwrap())))
            }
            Some(Call::Patient(_)) => Reply::Patient(super::tagged(super::record(&rows(1)[0]))),
            other => panic!("no record is asked for but {other:?}"),
        };
        self.reply(Slot::Record, reply)
    }
}

/// Somebody who waits for an earlier time.
pub(crate) fn waiting(number: u32) -> Waiting {
    let doctor = doctor_row(2);
    Waiting {
        id: i64::from(number),
        patient: person(number, NAMES_OF_WAITING[number as usize % 3]),
        patient_phone: Some(format!("030 {number:04}")),
        doctor: (number % 3 != 2).then(|| Person {
            id: doctor.id,
            number: doctor.number,
            full_name: doctor.full_name.clone(),
        }),
        specialisation: None,
        date_from: "2026-11-20".parse().unwrap(),
        date_to: "2026-12-07".parse().unwrap(),
        part_of_day: number.is_multiple_of(2).then_some(PartOfDay::Morning),
        urgency: Urgency::ALL[number as usize % 3],
        note: Some("knee hurts".to_owned()),
        status: WaitingStatus::Waiting,
        appointment: None,
        skipped: i64::from(number % 2),
        hold: None,
        version: 1,
        created_at: "2026-11-20T09:00:00Z".parse().unwrap(),
        updated_at: "2026-11-20T09:00:00Z".parse().unwrap(),
    }
}

const NAMES_OF_WAITING: [&str; 3] = ["Ana Berg", "Bo Lind", "Cem Kaya"];
