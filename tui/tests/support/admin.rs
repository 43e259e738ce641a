//! What an admin decides, and the audit, for tests.

use clinic_shared::Role;
use clinic_shared::client::Tagged;
use clinic_shared::desk::audit::{Account, Kind, Outcome, Page, Person, Row};
use clinic_shared::desk::decisions::{Application, BugReport, Qualification};
use clinic_shared::v1::qualifications::Decision;
use clinic_tui::effect::{AdminReply, Matter, Reply};
use serde_json::json;
use uuid::Uuid;

/// Somebody who wants to be a doctor.
pub(crate) fn application(number: u32) -> Application {
    let at = format!("2026-11-{:02}T09:00:00Z", 1 + number % 22);
    Application {
        id: i64::from(number),
        user: Uuid::from_u128(900 + u128::from(number)),
        full_name: ["Dora Keller", "Ivo Brandt", "Leyla Şahin"][number as usize % 3].to_owned(),
        email: format!("applicant{number}@example.org"),
        registration_number: format!("LANR 12345{number}"),
        institution: "Charité Berlin".to_owned(),
        degree: "MD".to_owned(),
        certificate_registration_number: format!("C-{number:04}"),
        year: 2015,
        certificate_img: format!("http://127.0.0.1:8000/media/c{number}.png?expires=1&sig=abc"),
        status: Decision::Pending,
        reason: None,
        decided_at: None,
        version: 1,
        created_at: at.parse().unwrap(),
        updated_at: at.parse().unwrap(),
    }
}

/// What a doctor has learnt.
pub(crate) fn qualification(number: u32) -> Qualification {
    let from = application(number);
    Qualification {
        id: i64::from(number),
        doctor: from.user,
        full_name: "Grace Hopper".to_owned(),
        title: "Echocardiography".to_owned(),
        institution: from.institution,
        degree: "Diploma".to_owned(),
        year: None,
        grade: Some("1.3".to_owned()),
        registration_id: None,
        certificate_img: None,
        status: Decision::Pending,
        reason: None,
        decided_at: None,
        version: 1,
        created_at: from.created_at,
        updated_at: from.updated_at,
    }
}

/// What somebody says is wrong.
pub(crate) fn bug_report(number: u32) -> BugReport {
    let from = application(number);
    BugReport {
        id: i64::from(number),
        user: None,
        bug_type: "display".to_owned(),
        issue: "The calendar is empty on Sundays.\nI see no slots.".to_owned(),
        email: (number % 2 == 1).then_some(from.email),
        image: None,
        status: Decision::Pending,
        reason: None,
        decided_at: None,
        version: 1,
        created_at: from.created_at,
        updated_at: from.updated_at,
    }
}

/// All of them on one page.
pub(crate) fn matters(rows: Vec<Matter>) -> Reply {
    let count = i64::try_from(rows.len()).unwrap();
    AdminReply::Matters(rows, count, None).into()
}

/// One of them, with its version.
pub(crate) fn matter(matter: Matter) -> Reply {
    let etag = Some(format!("\"{}\"", matter.version()));
    AdminReply::Matter(Box::new(Tagged {
        value: matter,
        etag,
    }))
    .into()
}

/// A row of the audit: the first changed something, the second read, the third could not come in.
pub(crate) fn audit_row(number: u32) -> Row {
    let at = format!("2026-11-23T07:{:02}:00Z", 59 - number % 60);
    let (kind, action, detail) = match number % 3 {
        1 => (
            Kind::Change,
            "change_doctor",
            json!({ "fields": ["fee"], "from": { "fee": "80.00" }, "to": { "fee": "95.00" } }),
        ),
        2 => (Kind::Read, "show_patient", json!({})),
        _ => (Kind::Access, "sign_in", json!({ "because": "password" })),
    };
    Row {
        id: i64::from(number),
        at: at.parse().unwrap(),
        kind,
        action: action.to_owned(),
        outcome: match kind {
            Kind::Access => Outcome::Refused,
            _ => Outcome::Done,
        },
        account: (kind != Kind::Access).then(|| Account {
            number: 7,
            id: Some(Uuid::from_u128(1)),
            username: Some("eva".to_owned()),
        }),
        role: (kind != Kind::Access).then_some(Role::Receptionist),
        session: None,
        address: Some("192.0.2.7".to_owned()),
        object_type: (kind == Kind::Change).then(|| "doctor".to_owned()),
        object_id: (kind == Kind::Change).then_some(3),
        patient: (kind == Kind::Read).then(|| Person {
            number: 42,
            id: Some(Uuid::from_u128(1042)),
            full_name: Some("Ada Lovelace".to_owned()),
        }),
        detail,
    }
}

/// All of them on one page.
pub(crate) fn audit(results: Vec<Row>) -> Reply {
    let page = Page {
        count: i64::try_from(results.len()).unwrap(),
        count_capped: false,
        next: None,
        previous: None,
        results,
    };
    AdminReply::Audit(Box::new(page)).into()
}
