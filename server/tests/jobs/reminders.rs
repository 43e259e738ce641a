//! Reminders: once for each appointment and the time it has, whatever fails or dies when.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, Utc};
use clinic_server::clinic::{Clinic, jobs};
use clinic_server::infra::Clock;
use clinic_server::store::{Recorder, Session};
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::desk::appointments::{Cancel, CancelledBy, NewAppointment, Reschedule};
use clinic_shared::desk::patients::{PatientChange, PatientDraft};
use uuid::Uuid;

use super::killed::{release, serve_with};
use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::TestServer;
use crate::support::smtp::SmtpServer;

on_both_databases! {
    everybody_who_comes_tomorrow_is_reminded_once_by_two_servers,
    who_wants_none_or_can_not_be_reached_gets_none,
    a_moved_appointment_is_reminded_of_for_its_new_day,
    what_is_called_off_before_the_mail_goes_is_not_reminded_of,
    one_bad_address_stops_nobody_elses,
    a_night_without_a_server_is_caught_up_with_for_what_is_still_to_come,
    whatever_statement_fails_each_is_reminded_once,
    a_server_that_is_killed_leaves_no_reminder_out_and_none_twice,
    without_the_setting_nobody_is_written_to,
}

/// A clinic of Rosa at the desk and Dora, who reminds.
struct Desk {
    on: TestServer,
    rosa: Client,
    dora: Uuid,
}

async fn desk(db: TestDb, settings: &[(&str, &str)]) -> Desk {
    let mut all = vec![("REMINDERS", "on")];
    all.extend_from_slice(settings);
    let on = TestServer::start_with(db, &all).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let number = on.doctor_offering("dora", &[]).await;
    let mut reader = on.server.clinic.db.read().await.unwrap();
    let row = clinic_server::store::doctors::by_id(&mut reader, number).await;
    let dora = row.unwrap().unwrap().uid;
    drop(reader);
    Desk { on, rosa, dora }
}

/// An instant on the clinic's clock in March, an hour ahead of UTC.
fn at(day: u32, time: &str) -> DateTime<Utc> {
    format!("2026-03-{day:02}T{time}:00+01:00").parse().unwrap()
}

impl Desk {
    async fn person(&self, name: &str, email: Option<&str>) -> Uuid {
        let draft = PatientDraft {
            full_name: name.to_owned(),
            email: email.map(str::to_owned),
            ..PatientDraft::default()
        };
        self.rosa.register_patient(&draft).await.unwrap().value.id
    }

    async fn booked(&self, patient: Uuid, starts_at: DateTime<Utc>) -> i64 {
        let form = NewAppointment {
            patient: Some(patient),
            doctor: self.dora,
            starts_at: Some(starts_at),
            duration_minutes: Some(10),
            outside_hours: Some(true),
            title: Some("Secret".to_owned()),
            ..NewAppointment::default()
        };
        self.rosa.book(&form).await.unwrap().value.id
    }

    /// Somebody who can be written to, and an appointment of theirs.
    async fn comes(&self, name: &str, starts_at: DateTime<Utc>) -> i64 {
        let email = format!("{}@example.org", name.to_lowercase());
        let person = self.person(name, Some(&email)).await;
        self.booked(person, starts_at).await
    }

    async fn cancel(&self, id: i64) {
        let body = Cancel {
            by: CancelledBy::Patient,
            reason_kind: None,
            reason: None,
            version: None,
        };
        self.rosa.cancel_appointment(id, &body, None).await.unwrap();
    }

    async fn moved(&self, id: i64, starts_at: DateTime<Utc>) {
        let form = Reschedule {
            starts_at: Some(starts_at),
            outside_hours: Some(true),
            ..Reschedule::default()
        };
        self.rosa.reschedule(id, &form, None).await.unwrap();
    }

    /// Puts the clock there and lets everything happen that is due then.
    async fn goes(&self, now: DateTime<Utc>) {
        self.on.clock.set(now);
        look(&self.on).await;
    }

    /// To whom reminders went so far.
    async fn reminded(&self) -> Vec<String> {
        let mails = self.on.mails().await.into_iter();
        let mut to: Vec<_> = mails
            .filter(|mail| mail.subject.contains("Your appointment on"))
            .map(|mail| mail.to.replace("@example.org", ""))
            .collect();
        to.sort();
        to
    }
}

/// Lets the schedulers look, several times.
async fn look(on: &TestServer) {
    for _ in 0..4 {
        on.server.clinic.jobs.wake();
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    on.settle().await;
}

async fn everybody_who_comes_tomorrow_is_reminded_once_by_two_servers(db: TestDb) {
    let desk = desk(db, &[]).await;
    let second = desk.on.second().await;
    desk.comes("Ana", at(3, "10:00")).await;
    desk.comes("Ben", at(3, "11:00")).await;
    desk.comes("Cleo", at(2, "18:00")).await;
    desk.comes("Didi", at(4, "10:00")).await;
    desk.goes(at(2, "15:59")).await;
    assert_eq!(desk.reminded().await, [""; 0]);
    desk.goes(at(2, "16:00")).await;
    second.clinic.jobs.wake();
    look(&desk.on).await;
    assert_eq!(desk.reminded().await, ["ana", "ben"]);
    let mail = desk.on.mails_to("ana@example.org").await.remove(0);
    assert_eq!(
        mail.subject,
        "Clinic: Your appointment on Tuesday, 3 March 2026 at 10:00"
    );
    assert!(
        !mail.raw.contains("Secret"),
        "what it is about is nobody else's business"
    );
    assert!(mail.raw.contains("Auto-Submitted: auto-generated"));
    for (day, time) in [(2, "23:00"), (3, "09:00"), (3, "15:59")] {
        desk.goes(at(day, time)).await;
        assert_eq!(desk.reminded().await, ["ana", "ben"], "{day} {time}");
    }
    desk.goes(at(3, "16:30")).await;
    assert_eq!(desk.reminded().await, ["ana", "ben", "didi"]);
    let audit = desk.on.audit(50).await;
    let sent = audit.iter().filter(|row| row.1 == "send_reminder");
    assert_eq!(sent.count(), 3);
    second.shutdown().await;
}

async fn who_wants_none_or_can_not_be_reached_gets_none(db: TestDb) {
    let desk = desk(db, &[]).await;
    desk.comes("Ana", at(3, "10:00")).await;
    let ben = desk.person("Ben", Some("ben@example.org")).await;
    desk.booked(ben, at(3, "10:10")).await;
    let change = PatientChange {
        no_reminders: Some(true),
        ..PatientChange::default()
    };
    let changed = desk.rosa.change_patient(ben, &change, None).await.unwrap();
    assert!(changed.value.no_reminders);
    // Another change leaves it as it is.
    let change = PatientChange {
        full_name: Some("Ben Dorn".to_owned()),
        ..PatientChange::default()
    };
    let changed = desk.rosa.change_patient(ben, &change, None).await.unwrap();
    assert!(changed.value.no_reminders);
    let cleo = desk.person("Cleo", None).await;
    desk.booked(cleo, at(3, "10:20")).await;
    let didi = desk.comes("Didi", at(3, "10:30")).await;
    desk.cancel(didi).await;
    desk.goes(at(2, "16:00")).await;
    assert_eq!(desk.reminded().await, ["ana"]);
}

async fn a_moved_appointment_is_reminded_of_for_its_new_day(db: TestDb) {
    let desk = desk(db, &[]).await;
    let ana = desk.comes("Ana", at(3, "10:00")).await;
    let ben = desk.comes("Ben", at(3, "11:00")).await;
    desk.moved(ben, at(5, "11:00")).await;
    desk.goes(at(2, "16:00")).await;
    assert_eq!(desk.reminded().await, ["ana"], "Ben comes another day");
    desk.moved(ana, at(4, "12:00")).await;
    desk.goes(at(3, "16:00")).await;
    assert_eq!(desk.reminded().await, ["ana", "ana"]);
    let mails = desk.on.mails_to("ana@example.org").await;
    assert!(
        mails[1]
            .subject
            .ends_with("Wednesday, 4 March 2026 at 12:00"),
        "{:?}",
        mails[1]
    );
    desk.goes(at(4, "16:00")).await;
    assert_eq!(desk.reminded().await, ["ana", "ana", "ben"]);
}

async fn with_smtp(db: TestDb, smtp: &SmtpServer) -> Desk {
    let settings = smtp.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    desk(db, &settings).await
}

async fn what_is_called_off_before_the_mail_goes_is_not_reminded_of(db: TestDb) {
    let smtp = SmtpServer::start().await;
    let desk = with_smtp(db, &smtp).await;
    let ana = desk.comes("Ana", at(3, "10:00")).await;
    let ben = desk.comes("Ben", at(3, "11:00")).await;
    desk.comes("Cleo", at(3, "12:00")).await;
    smtp.refuse(Some("450 later"));
    desk.goes(at(2, "16:00")).await;
    assert_eq!(smtp.delivered(), []);
    desk.cancel(ana).await;
    desk.moved(ben, at(6, "11:00")).await;
    smtp.refuse(None);
    desk.goes(at(2, "16:05")).await;
    let to: Vec<_> = smtp.delivered().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, [["cleo@example.org"]]);
    desk.goes(at(5, "16:00")).await;
    let to: Vec<_> = smtp.delivered().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, [["cleo@example.org"], ["ben@example.org"]]);
}

async fn one_bad_address_stops_nobody_elses(db: TestDb) {
    let desk = desk(db, &[]).await;
    for (n, name) in ["Ana", "Ben", "Cleo"].iter().enumerate() {
        desk.comes(name, at(3, &format!("1{n}:00"))).await;
    }
    let mut tx = desk.on.server.clinic.db.begin().await.unwrap();
    let text = "UPDATE patient SET email = 'nowhere' WHERE full_name = 'Ana'";
    tx.sql(text).run().await.unwrap();
    tx.commit().await.unwrap();
    desk.goes(at(2, "16:00")).await;
    assert_eq!(desk.reminded().await, ["ben", "cleo"]);
    let dead = jobs::list(&desk.on.server.clinic, Some("dead"), 10).await;
    let dead = dead.unwrap();
    assert_eq!((dead.len(), dead[0].kind.as_str()), (1, "send_reminder"));
}

async fn a_night_without_a_server_is_caught_up_with_for_what_is_still_to_come(db: TestDb) {
    let desk = desk(db, &[]).await;
    desk.on.stop_runners().await;
    desk.comes("Ana", at(3, "08:00")).await;
    desk.comes("Ben", at(3, "14:00")).await;
    desk.on.clock.set(at(3, "09:00"));
    let restarted = desk.on.second().await;
    for _ in 0..200 {
        restarted.clinic.jobs.wake();
        if !desk.reminded().await.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(desk.reminded().await, ["ben"]);
    restarted.shutdown().await;
}

async fn whatever_statement_fails_each_is_reminded_once(db: TestDb) {
    let desk = desk(db, &[]).await;
    desk.on.clock.set(at(2, "10:00"));
    desk.comes("Ana", at(3, "10:00")).await;
    desk.comes("Ben", at(3, "11:00")).await;
    desk.on.stop_runners().await;
    let clinic = &desk.on.server.clinic;
    let recorder = Arc::new(Recorder::new());
    let failing = Clinic {
        db: clinic.db.recorded(&recorder),
        ..clinic.clone()
    };
    for n in 1..200 {
        // The same afternoon, begun anew.
        let mut tx = clinic.db.begin().await.unwrap();
        for text in ["DELETE FROM job", "DELETE FROM reminder"] {
            tx.sql(text).run().await.unwrap();
        }
        tx.sql(
            "INSERT INTO job (kind, payload, once_key, status, run_at, tries, created_at)
             VALUES ('remind', $1, 'remind', 'waiting', $2, 0, $2)",
        )
        .bind(sqlx::types::Json(
            serde_json::json!({ "kind": "remind", "day": "2026-03-02" }),
        ))
        .bind(at(2, "16:00"))
        .run()
        .await
        .unwrap();
        tx.commit().await.unwrap();
        for entry in std::fs::read_dir(desk.on.mail_dir()).into_iter().flatten() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
        desk.on.clock.set(at(2, "16:00"));
        recorder.clear();
        recorder.fail_at(n);
        let _ = jobs::run_due(&failing).await;
        let has_failed = recorder.count() >= n;
        recorder.clear();
        // Claims that were lost run out, pauses are over.
        for _ in 0..4 {
            desk.on.wait(6 * 60);
            jobs::run_due(clinic).await.unwrap();
        }
        assert_eq!(desk.reminded().await, ["ana", "ben"], "at statement {n}");
        if !has_failed {
            assert!(n > 15, "there were statements to fail: {n}");
            return;
        }
    }
    panic!("it never came to an end");
}

async fn a_server_that_is_killed_leaves_no_reminder_out_and_none_twice(db: TestDb) {
    const COMING: usize = 40;
    let url = db.url.clone();
    let desk = desk(db, &[("REMINDERS", "off")]).await;
    desk.on.stop_runners().await;
    let now = Clock::system().now();
    desk.on.clock.set(now);
    let rosa = desk.on.signed_in("rosa").await;
    let desk = Desk { rosa, ..desk };
    let tomorrow = desk.on.server.clinic.today().checked_add_days(Days::new(1));
    let morning = tomorrow.unwrap().and_hms_opt(7, 0, 0).unwrap().and_utc();
    for n in 0..COMING {
        let starts_at = morning + Duration::from_secs(600 * n as u64);
        desk.comes(&format!("Guest{n}"), starts_at).await;
    }
    let dir = tempfile::tempdir().unwrap();
    let settings = [
        ("REMINDERS", "on"),
        ("REMINDER_TIME", "00:00"),
        ("CLINIC_TIME_ZONE", "Europe/Berlin"),
    ];
    for pause in [0, 40, 120, 300] {
        let server = serve_with(dir.path(), &url, &settings).await;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        drop(server); // SIGKILL, in the middle of whatever it did
        release(&desk.on.server.clinic.db).await;
    }
    let last = serve_with(dir.path(), &url, &settings).await;
    let mut mails = Vec::new();
    for _ in 0..400 {
        mails = addresses(dir.path());
        if mails.len() >= COMING {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    mails = if mails.len() >= COMING {
        addresses(dir.path())
    } else {
        mails
    };
    assert_eq!(mails.len(), COMING, "each once: {mails:?}");
    mails.dedup();
    assert_eq!(mails.len(), COMING, "each once: {mails:?}");
    drop(last);
}

fn addresses(dir: &std::path::Path) -> Vec<String> {
    let files = std::fs::read_dir(dir.join("mail")).into_iter().flatten();
    let mut to: Vec<String> = files
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            path.extension().filter(|kind| *kind == "eml")?;
            let text = std::fs::read_to_string(path).ok()?;
            let line = text.lines().find(|line| line.starts_with("To: "))?;
            Some(line.to_owned())
        })
        .collect();
    to.sort();
    to
}

async fn without_the_setting_nobody_is_written_to(db: TestDb) {
    let desk = desk(db, &[]).await;
    desk.on.stop_runners().await;
    let off = clinic_server::config::Config {
        reminders: None,
        ..desk.on.config.clone()
    };
    let off = clinic_server::Server::start_with(&off, &desk.on.parts, true).await;
    let off = off.unwrap();
    desk.comes("Ana", at(3, "10:00")).await;
    desk.on.clock.set(at(2, "16:30"));
    for _ in 0..4 {
        off.clinic.jobs.wake();
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    assert_eq!(desk.reminded().await, [""; 0]);
    off.shutdown().await;
}
