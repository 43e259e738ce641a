//! The board and the queue (API.md §7).

use chrono::{DateTime, Utc};
use clinic_server::store::{Session, doctors};
use clinic_shared::Role;
use clinic_shared::client::{BoardQuery, Client, Plain};
use clinic_shared::desk::appointments::{Appointment, Loss, NewAppointment, Return, Status, Step};
use clinic_shared::desk::queue::{BoardRow, Priority, SetPriority, WaitLevel};
use uuid::Uuid;

use crate::support::bookable::{person, shape, window};
use crate::support::db::TestDb;
use crate::support::server::{TestServer, get, status};
use crate::support::{on_both, on_both_databases};

on_both! {
    a_wait_is_counted_from_check_in_and_judged,
    the_board_tells_everything_of_a_day_and_each_doctors_numbers,
    who_is_next_and_when,
    who_went_in_unannounced_and_is_sent_back_waits_as_everybody,
    a_board_is_of_a_date_that_is_written_out,
    a_doctor_sees_their_own_queue_and_patients_none,
    of_a_day_that_is_over_nobody_is_expected,
}

on_both_databases! {
    the_thresholds_are_the_clinics,
    a_day_is_as_long_as_the_clocks_make_it,
}

/// A clinic of Rosa at the desk, and of Dora and Emil, who are there from nine to twelve.
pub(super) struct Desk {
    pub(super) on: TestServer,
    pub(super) rosa: Client,
    pub(super) dora: Uuid,
    pub(super) emil: Uuid,
}

pub(super) async fn desk(on: TestServer) -> Desk {
    let clinic = on.server.clinic.clone();
    let window = window(&clinic, "09:00-12:00").await;
    shape(&clinic, window, Some(30), 127).await;
    let mut found = Vec::new();
    for name in ["dora", "emil"] {
        let number = on.doctor_offering(name, &[window]).await;
        let row = doctors::by_id(&mut clinic.db.read().await.unwrap(), number).await;
        found.push(row.unwrap().unwrap().uid);
    }
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    Desk {
        on,
        rosa,
        dora: found[0],
        emil: found[1],
    }
}

/// An instant of the test's day, by the clinic's clock, which is an hour ahead of UTC.
pub(super) fn clock(text: &str) -> DateTime<Utc> {
    format!("2026-03-02T{text}:00+01:00").parse().unwrap()
}

impl Desk {
    /// Puts the clock to a time of the clinic's day.
    pub(super) fn at(&self, text: &str) {
        self.on.clock.set(clock(text));
    }

    /// Somebody new's appointment at a time of today.
    pub(super) async fn booked(&self, name: &str, doctor: Uuid, at: &str) -> Appointment {
        let number = person(&self.on.server.clinic, name).await;
        let form = NewAppointment {
            record_number: Some(number.to_string()),
            doctor,
            starts_at: Some(clock(at)),
            ..NewAppointment::default()
        };
        self.rosa.book(&form).await.unwrap().value
    }

    pub(super) async fn check_in(&self, id: i64) -> Appointment {
        let done = self.rosa.check_in(id, &Return::default(), None).await;
        done.unwrap().value
    }

    pub(super) async fn go(&self, id: i64, step: Plain) -> Appointment {
        let done = self.rosa.step(id, step, &Step::default(), None).await;
        done.unwrap().value
    }

    async fn row(&self, id: i64) -> BoardRow {
        let board = self.rosa.board(&BoardQuery::default()).await.unwrap();
        let mut rows = board.appointments.into_iter();
        rows.find(|row| row.id == id).unwrap()
    }

    async fn names(&self, doctor: Uuid) -> Vec<String> {
        let queue = self.rosa.queue(Some(doctor)).await.unwrap();
        let entries = queue.entries.into_iter();
        entries.map(|entry| entry.patient.full_name).collect()
    }
}

/// Name and expected time of who is told one.
pub(super) fn told(rows: &[BoardRow]) -> Vec<(&str, &str)> {
    rows.iter()
        .filter_map(|row| Some((row.patient.full_name.as_str(), row.expected.as_deref()?)))
        .collect()
}

async fn a_wait_is_counted_from_check_in_and_judged(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "10:00").await.id;
    desk.at("09:50");
    assert_eq!(desk.row(ana).await.waiting_minutes, None);
    desk.check_in(ana).await;
    for (time, minutes, level) in [
        ("09:50", 0, WaitLevel::Ok),
        ("10:04", 14, WaitLevel::Ok),
        ("10:05", 15, WaitLevel::Warn),
        ("10:19", 29, WaitLevel::Warn),
        ("10:20", 30, WaitLevel::Alert),
    ] {
        desk.at(time);
        let row = desk.row(ana).await;
        assert_eq!(
            (row.waiting_minutes, row.wait_level),
            (Some(minutes), Some(level)),
            "{time}"
        );
        assert!(!row.is_late, "they came before they were due");
    }
    desk.go(ana, Plain::Start).await;
    desk.at("10:40");
    let row = desk.row(ana).await;
    assert_eq!((row.waiting_minutes, row.wait_level), (Some(30), None));
    // Sent back, they have waited since they came.
    desk.go(ana, Plain::BackToWaiting).await;
    let row = desk.row(ana).await;
    assert_eq!(
        (row.waiting_minutes, row.wait_level),
        (Some(50), Some(WaitLevel::Alert))
    );
}

async fn who_went_in_unannounced_and_is_sent_back_waits_as_everybody(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "10:00").await.id;
    let ben = desk.booked("Ben Ito", desk.dora, "10:30").await.id;
    desk.at("09:50");
    desk.check_in(ben).await;
    desk.at("10:00");
    desk.go(ana, Plain::Start).await;
    desk.at("10:05");
    let back = desk.go(ana, Plain::BackToWaiting).await;
    assert_eq!(
        (back.ticket, back.checked_in_at),
        (Some(2), Some(clock("10:05")))
    );
    desk.at("10:12");
    let row = desk.row(ana).await;
    assert_eq!((row.ticket, row.waiting_minutes), (Some(2), Some(7)));
    // Who was checked in keeps number and time.
    desk.go(ben, Plain::Start).await;
    let back = desk.go(ben, Plain::BackToWaiting).await;
    assert_eq!(
        (back.ticket, back.checked_in_at),
        (Some(1), Some(clock("09:50")))
    );
}

async fn a_board_is_of_a_date_that_is_written_out(on: TestServer) {
    let desk = desk(on).await;
    for (date, expected) in [("2026-01-01", 200), ("2026-1-1", 400), ("26-01-01", 400)] {
        let path = format!("/v1/api/desk/board/?date={date}");
        let (status, body) = get(&desk.rosa, &path).await;
        assert_eq!(status.as_u16(), expected, "{date}");
        assert_eq!(body["errors"]["date"].is_array(), expected == 400, "{body}");
    }
}

async fn a_day_is_as_long_as_the_clocks_make_it(db: TestDb) {
    let on = TestServer::start(db).await;
    let clinic = on.server.clinic.clone();
    let window = window(&clinic, "00:00-12:00").await;
    shape(&clinic, window, Some(30), 127).await;
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql("UPDATE available_time SET ends_at = 1440 WHERE id = $1")
        .bind(window)
        .run()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    on.doctor_offering("dora", &[window]).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    for (date, minutes) in [
        ("2027-10-30", 1440),
        ("2027-10-31", 1500),
        ("2027-03-28", 1380),
    ] {
        let query = BoardQuery {
            date: Some(date.parse().unwrap()),
            ..BoardQuery::default()
        };
        let board = rosa.board(&query).await.unwrap();
        assert_eq!(board.doctors[0].offered_minutes, minutes, "{date}");
    }
}

async fn the_thresholds_are_the_clinics(db: TestDb) {
    let settings = [("WAIT_WARN", "5m"), ("WAIT_ALERT", "10m")];
    let desk = desk(TestServer::start_with(db, &settings).await).await;
    let board = desk.rosa.board(&BoardQuery::default()).await.unwrap();
    assert_eq!((board.warn_minutes, board.alert_minutes), (5, 10));
    let ana = desk.booked("Ana Berg", desk.dora, "10:00").await.id;
    desk.check_in(ana).await;
    desk.on.wait(10 * 60);
    assert_eq!(desk.row(ana).await.wait_level, Some(WaitLevel::Alert));
}

async fn the_board_tells_everything_of_a_day_and_each_doctors_numbers(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await;
    let ben = desk.booked("Ben Ito", desk.dora, "09:30").await.id;
    let cora = desk.booked("Cora Lund", desk.dora, "10:00").await.id;
    let dan = desk.booked("Dan Okoro", desk.dora, "10:30").await.id;
    let eve = desk.booked("Eve Prado", desk.emil, "09:00").await.id;
    // Ana missed one before this day.
    let clinic = &desk.on.server.clinic;
    let mut tx = clinic.db.begin().await.unwrap();
    tx.sql(
        "INSERT INTO appointment (patient_id, doctor_id, date, starts_at, ends_at, at, kind, status,
             overbooked, symptoms, is_paid, cancelled_late, version, created_at, updated_at)
         SELECT patient_id, doctor_id, $2, $3, $4, $3, kind, 'no_show', overbooked, symptoms,
             is_paid, cancelled_late, version, created_at, updated_at FROM appointment WHERE id = $1",
    )
    .bind(ana.id)
    .bind("2026-02-02".parse::<chrono::NaiveDate>().unwrap())
    .bind("2026-02-02T09:00:00Z".parse::<DateTime<Utc>>().unwrap())
    .bind("2026-02-02T09:30:00Z".parse::<DateTime<Utc>>().unwrap())
    .run()
    .await
    .unwrap();
    tx.commit().await.unwrap();
    desk.at("09:10");
    desk.check_in(ana.id).await;
    desk.go(ana.id, Plain::Start).await;
    desk.check_in(ben).await;
    desk.at("09:40");
    desk.check_in(cora).await;
    desk.rosa
        .no_show(eve, &Loss::default(), None)
        .await
        .unwrap();

    let board = desk.rosa.board(&BoardQuery::default()).await.unwrap();
    let order: Vec<i64> = board.appointments.iter().map(|row| row.id).collect();
    assert_eq!(order, [ana.id, eve, ben, cora, dan]);
    let row = &board.appointments[0];
    assert_eq!(row.patient.full_name, "Ana Berg");
    assert_eq!(
        (row.starts.as_deref(), row.status),
        (Some("09:00"), Status::Running)
    );
    assert_eq!((row.ticket, row.patient_no_shows), (Some(1), 1));
    assert!(row.is_late, "she came ten minutes after she was due");
    assert_eq!(board.appointments[2].patient_no_shows, 0);
    let dora = &board.doctors[0];
    assert_eq!(dora.doctor.id, desk.dora);
    assert_eq!(
        (dora.awaited, dora.waiting, dora.running, dora.missed),
        (1, 2, 1, 0)
    );
    assert_eq!((dora.offered_minutes, dora.booked_minutes), (180, 120));
    assert_eq!(dora.longest_wait_minutes, Some(30));
    let emil = &board.doctors[1];
    assert_eq!((emil.missed, emil.booked_minutes), (1, 0));
    // Narrowed to one doctor, and on a day with nothing.
    let of_emil = BoardQuery {
        doctor: Some(desk.emil),
        ..BoardQuery::default()
    };
    let board = desk.rosa.board(&of_emil).await.unwrap();
    assert_eq!((board.doctors.len(), board.appointments.len()), (1, 1));
    let tomorrow = BoardQuery {
        date: Some("2026-03-03".parse().unwrap()),
        doctor: None,
    };
    let board = desk.rosa.board(&tomorrow).await.unwrap();
    assert_eq!((board.doctors.len(), board.appointments.len()), (2, 0));
    let nobody = BoardQuery {
        date: None,
        doctor: Some(Uuid::nil()),
    };
    let board = desk.rosa.board(&nobody).await.unwrap();
    assert_eq!((board.doctors.len(), board.appointments.len()), (0, 0));
    let audit = desk.on.audit(20).await;
    assert!(
        audit
            .iter()
            .any(|(kind, action, _)| kind == "read" && action == "show_board")
    );
}

async fn who_is_next_and_when(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    let ben = desk.booked("Ben Ito", desk.dora, "09:30").await.id;
    let cora = desk.booked("Cora Lund", desk.dora, "10:00").await.id;
    let dan = desk.booked("Dan Okoro", desk.dora, "10:30").await.id;
    desk.booked("Eve Prado", desk.dora, "11:00").await;
    desk.check_in(ana).await;
    desk.go(ana, Plain::Start).await;
    // Dan is an hour early, Cora on time, Ben late: the earlier of due time and arrival counts.
    desk.at("09:20");
    desk.check_in(dan).await;
    desk.at("09:25");
    desk.check_in(cora).await;
    desk.at("09:40");
    desk.check_in(ben).await;
    assert_eq!(
        desk.names(desk.dora).await,
        ["Ana Berg", "Dan Okoro", "Cora Lund", "Ben Ito"]
    );
    let urgent = SetPriority {
        priority: Priority::Urgent,
        reason: Some("High fever".to_owned()),
        version: None,
    };
    desk.rosa.prioritise(ben, &urgent, None).await.unwrap();
    let queue = desk.rosa.queue(Some(desk.dora)).await.unwrap();
    // Ana should be out by half past nine; then one after the other.
    assert_eq!(
        told(&queue.entries),
        [
            ("Ben Ito", "09:40"),
            ("Dan Okoro", "10:10"),
            ("Cora Lund", "10:40")
        ]
    );
    assert_eq!(queue.entries[0].expected_at, None, "Ana is inside");
    assert_eq!((queue.doctor.waiting, queue.doctor.awaited), (3, 1));
    assert_eq!(told(&queue.to_come), [("Eve Prado", "11:10")]);
    // Ana went in at once, Dan waits for 20 minutes, Cora for 15, Ben for none.
    assert_eq!(queue.average_wait_minutes, Some(8));
    let idle = desk.rosa.queue(Some(desk.emil)).await.unwrap();
    assert_eq!((idle.average_wait_minutes, idle.to_come.len()), (None, 0));
    let board = desk.rosa.board(&BoardQuery::default()).await.unwrap();
    assert!(told(&board.appointments).contains(&("Eve Prado", "11:10")));
    assert!(desk.names(desk.emil).await.is_empty());
    assert_eq!(status(desk.rosa.queue(None).await), 400);
    assert_eq!(status(desk.rosa.queue(Some(Uuid::nil())).await), 404);
}

async fn a_doctor_sees_their_own_queue_and_patients_none(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    desk.check_in(ana).await;
    let dora = desk.on.signed_in("dora").await;
    let own = dora.queue(None).await.unwrap();
    assert_eq!(own.entries.len(), 1);
    assert_eq!(dora.queue(Some(desk.dora)).await.unwrap(), own);
    assert_eq!(status(dora.queue(Some(desk.emil)).await), 403);
    // Whom they see they can read up on, and nobody else.
    let whole = dora.appointment(ana).await.unwrap().value;
    assert_eq!(whole.patient.full_name, "Ana Berg");
    let emils = desk.booked("Ben Ito", desk.emil, "09:00").await.id;
    assert_eq!(status(dora.appointment(emils).await), 404);
    assert_eq!(status(dora.board(&BoardQuery::default()).await), 403);
    let pat = desk.on.sign_in(Role::Patient, "pat").await;
    assert_eq!(status(pat.queue(Some(desk.dora)).await), 403);
    assert_eq!(status(pat.board(&BoardQuery::default()).await), 403);
}

async fn of_a_day_that_is_over_nobody_is_expected(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "09:00").await.id;
    desk.on.wait(24 * 3600);
    let yesterday = BoardQuery {
        date: Some("2026-03-02".parse().unwrap()),
        doctor: None,
    };
    let rosa = desk.on.signed_in("rosa").await;
    let board = rosa.board(&yesterday).await.unwrap();
    assert_eq!(board.appointments[0].id, ana);
    assert_eq!(board.appointments[0].expected_at, None);
}
