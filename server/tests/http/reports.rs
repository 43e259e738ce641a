//! A day in numbers and on paper (API.md §7 `reports/`).

use std::time::Duration;

use clinic_shared::Role;
use clinic_shared::client::Plain;
use clinic_shared::client::reqwest::StatusCode;
use clinic_shared::desk::appointments::{Cancel, CancelledBy, NewAppointment};
use clinic_shared::desk::queue::WalkIn;
use clinic_shared::desk::reports::{DayNumbers, Format, Spread};

use super::queue::{Desk, clock, desk};
use crate::support::db::TestDb;
use crate::support::server::{TestServer, get, request, status};
use crate::support::{on_both, on_both_databases};

on_both! {
    a_day_is_counted_for_each_doctor,
    it_comes_as_text_and_as_a_table,
    the_day_sheet_tells_who_comes_when,
    a_day_without_anybody_is_told_too,
    only_the_desk_reads_reports,
}

on_both_databases! {
    the_downtime_copy_is_kept_up_to_date,
}

/// A morning: Ana was seen after 20 minutes and 10 late, Ben after 5 and on time, Cleo did not come,
/// Didi called off, Emma walked in and waits, Finn is to come, and Gus beside him.
async fn morning(on: TestServer) -> Desk {
    let desk = desk(on).await;
    let ana = desk.booked("Ana Berg", desk.dora, "10:00").await.id;
    let ben = desk.booked("Ben Dorn", desk.dora, "10:30").await.id;
    let cleo = desk.booked("Cleo", desk.dora, "11:00").await.id;
    let didi = desk.booked("Didi", desk.emil, "11:00").await.id;
    desk.booked("Finn", desk.dora, "11:30").await;
    let beside = NewAppointment {
        record_number: Some(desk.number("Gus").await),
        doctor: desk.dora,
        starts_at: Some(clock("11:30")),
        overbook: Some("Urgent".to_owned()),
        ..NewAppointment::default()
    };
    desk.rosa.book(&beside).await.unwrap();
    let off = Cancel {
        by: CancelledBy::Patient,
        reason_kind: None,
        reason: None,
        version: None,
    };
    desk.rosa
        .cancel_appointment(didi, &off, None)
        .await
        .unwrap();
    desk.at("09:50");
    desk.check_in(ana).await;
    desk.at("10:10");
    desk.go(ana, Plain::Start).await;
    desk.at("10:25");
    desk.go(ana, Plain::Complete).await;
    desk.check_in(ben).await;
    desk.at("10:30");
    desk.go(ben, Plain::Start).await;
    desk.at("11:20");
    desk.rosa
        .no_show(cleo, &Default::default(), None)
        .await
        .unwrap();
    let emma = WalkIn {
        full_name: Some("Emma".to_owned()),
        doctor: Some(desk.dora),
        ..WalkIn::default()
    };
    desk.rosa.take_walk_in(&emma).await.unwrap();
    desk
}

impl Desk {
    async fn number(&self, name: &str) -> String {
        let clinic = &self.on.server.clinic;
        crate::support::bookable::person(clinic, name)
            .await
            .to_string()
    }
}

async fn a_day_is_counted_for_each_doctor(on: TestServer) {
    let desk = morning(on).await;
    let report = desk.rosa.day_report(None).await.unwrap();
    assert_eq!(report.date, "2026-03-02".parse().unwrap());
    let names: Vec<_> = report.doctors.iter().map(|one| one.doctor.id).collect();
    assert_eq!(names, [desk.dora, desk.emil]);
    let spread = |count, median, p90| Spread {
        count,
        median: Some(median),
        p90: Some(p90),
    };
    let doras = DayNumbers {
        booked: 5,
        walk_ins: 1,
        seen: 2,
        waiting: 1,
        awaited: 2,
        no_shows: 1,
        overbooked: 1,
        wait: spread(2, 5, 20),
        started_late: spread(2, 0, 10),
        ..DayNumbers::default()
    };
    assert_eq!(report.doctors[0].numbers, doras);
    let emils = DayNumbers {
        booked: 1,
        cancelled: 1,
        ..DayNumbers::default()
    };
    assert_eq!(report.doctors[1].numbers, emils);
    let total = DayNumbers {
        booked: 6,
        cancelled: 1,
        ..doras
    };
    assert_eq!(report.total, total);
    let audit = desk.on.audit(5).await;
    assert!(
        audit.iter().any(|row| row.1 == "show_day_report"),
        "{audit:?}"
    );
    let yesterday = desk
        .rosa
        .day_report("2026-03-01".parse().ok())
        .await
        .unwrap();
    assert!(yesterday.doctors.is_empty());
}

async fn it_comes_as_text_and_as_a_table(on: TestServer) {
    let desk = morning(on).await;
    let text = desk
        .rosa
        .written_day_report(None, Format::Text)
        .await
        .unwrap();
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    let dora = text.lines().find(|line| line.starts_with("dora")).unwrap();
    let cells: Vec<_> = dora.split_whitespace().rev().take(9).collect();
    assert_eq!(
        cells,
        ["0/10", "5/20", "1", "1", "0", "0", "1", "2", "5"],
        "{dora}"
    );
    assert!(text.contains("Monday, 2 March 2026"), "{text}");
    let table = desk
        .rosa
        .written_day_report(None, Format::Csv)
        .await
        .unwrap();
    let lines: Vec<_> = table.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "{table}");
    assert!(lines[0].starts_with("date,doctor_id,doctor_number,doctor,booked,"));
    assert!(
        lines[1].starts_with(&format!("2026-03-02,{},", desk.dora)),
        "{table}"
    );
    assert!(
        lines[1].ends_with(",5,1,2,1,2,1,0,0,1,2,5,20,0,10"),
        "{table}"
    );
    assert!(lines[2].ends_with(",1,0,0,0,0,0,1,0,0,0,,,,"), "{table}");
    for (format, kind) in [
        ("text", "text/plain"),
        ("csv", "text/csv"),
        ("json", "application/json"),
    ] {
        let path = format!("/v1/api/desk/reports/day/?format={format}");
        let method = clinic_shared::client::reqwest::Method::GET;
        let answer = request(&desk.rosa, method, &path).send().await.unwrap();
        let said = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(said.starts_with(kind), "{said}");
    }
    for query in ["format=pdf", "date=monday"] {
        let (status, _) = get(&desk.rosa, &format!("/v1/api/desk/reports/day/?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
    }
}

async fn the_day_sheet_tells_who_comes_when(on: TestServer) {
    let desk = morning(on).await;
    let sheet = desk.rosa.day_sheet(None, Some(desk.dora)).await.unwrap();
    assert!(
        sheet.lines().all(|line| line.chars().count() <= 80),
        "{sheet}"
    );
    let line = |name: &str| {
        sheet
            .lines()
            .find(|line| line.contains(name))
            .unwrap_or_default()
    };
    assert!(
        line("Ana Berg").starts_with("10:00-10:30  Ana Berg P-"),
        "{sheet}"
    );
    assert!(line("Ana Berg").ends_with("completed"), "{sheet}");
    assert!(line("Emma").ends_with("walk-in"), "{sheet}");
    assert!(!sheet.contains("Didi"), "another doctor's, and called off");
    let all = desk.rosa.day_sheet(None, None).await.unwrap();
    assert!(all.contains("Finn") && !all.contains("Didi"), "{all}");
    assert_eq!(
        status(desk.rosa.day_sheet(None, Some(uuid::Uuid::now_v7())).await),
        404
    );
    let audit = desk.on.audit(5).await;
    assert!(
        audit.iter().any(|row| row.1 == "print_day_sheet"),
        "{audit:?}"
    );
}

async fn a_day_without_anybody_is_told_too(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let text = rosa.written_day_report(None, Format::Text).await.unwrap();
    assert!(text.contains("Nobody has an appointment"), "{text}");
    assert!(
        rosa.day_sheet(None, None)
            .await
            .unwrap()
            .contains("Nobody comes.")
    );
}

async fn only_the_desk_reads_reports(on: TestServer) {
    for role in [Role::Patient, Role::Doctor] {
        let client = on.sign_in(role, role.as_str()).await;
        assert_eq!(status(client.day_report(None).await), 403);
        assert_eq!(status(client.day_sheet(None, None).await), 403);
    }
}

async fn the_downtime_copy_is_kept_up_to_date(db: TestDb) {
    let dir = tempfile::tempdir().unwrap();
    let copies = dir.path().join("downtime");
    std::fs::create_dir(&copies).unwrap();
    for name in [
        "day-sheet-2026-03-01.txt",
        "day-sheet-notes.txt",
        "mine.txt",
    ] {
        std::fs::write(copies.join(name), "old").unwrap();
    }
    let setting = copies.to_string_lossy().into_owned();
    let on = TestServer::start_with(db, &[("DOWNTIME_DIR", &setting)]).await;
    let desk = desk(on).await;
    desk.booked("Ana Berg", desk.dora, "10:00").await;
    let today = copies.join("day-sheet-2026-03-02.txt");
    let holds = async |path: &std::path::Path, name: &str| {
        for _ in 0..400 {
            desk.on.server.clinic.jobs.wake();
            if std::fs::read_to_string(path).is_ok_and(|text| text.contains(name)) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    };
    desk.on.wait(5 * 60);
    assert!(holds(&today, "Ana Berg").await);
    assert!(holds(&copies.join("day-sheet-2026-03-03.txt"), "Nobody comes.").await);
    let mut names: Vec<_> = std::fs::read_dir(&copies)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        // One that is being written at this moment.
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "day-sheet-2026-03-02.txt",
            "day-sheet-2026-03-03.txt",
            "day-sheet-notes.txt",
            "mine.txt"
        ],
        "sheets of days that are over go, and nothing else"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&today).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    desk.booked("Ben Dorn", desk.dora, "11:00").await;
    desk.on.wait(4 * 60);
    desk.on.server.clinic.jobs.wake();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(
        !std::fs::read_to_string(&today)
            .unwrap()
            .contains("Ben Dorn"),
        "not yet"
    );
    desk.on.wait(60);
    assert!(holds(&today, "Ben Dorn").await);
    let audit = desk.on.audit(50).await;
    assert!(audit.iter().any(|row| row.1 == "write_downtime_copy"));
}
