//! What an admin decides, and the audit.

use clinic_shared::client::{AuditQuery, DecisionQuery};
use clinic_shared::desk::audit::{Kind, Row};
use clinic_shared::v1::qualifications::Decision;
use clinic_tui::effect::{AdminCall, Call, Deed, Matter, Part, Reply, Ruling, Slot};
use insta::assert_snapshot;

use super::support::admin::{
    application, audit, audit_row, bug_report, matter, matters, qualification,
};
use super::support::clinic::{admin, doctor_row, whole};
use super::support::{Desk, Look, receptionist, refused, styles, text};

const USUAL: Look = Look::new(80, 24);

fn asked(desk: &Desk) -> (Part, DecisionQuery) {
    match desk.call(Slot::List) {
        Some(Call::Admin(AdminCall::Matters(part, query))) => (*part, query.clone()),
        other => panic!("the list is not asked for but {other:?}"),
    }
}

fn ruling(desk: &Desk) -> Option<&Ruling> {
    match desk.call(Slot::Deed) {
        Some(Call::Deed(Deed::Decide(ruling))) => Some(ruling),
        _ => None,
    }
}

fn at_applications(look: Look, count: u32) -> Desk {
    let mut desk = Desk::at_work(look, admin());
    desk.press("esc g v");
    let (part, query) = asked(&desk);
    assert_eq!(
        (part, query.status),
        (Part::Applications, Some(Decision::Pending))
    );
    let rows = (1..=count).map(|number| Matter::Application(application(number)));
    desk.reply(Slot::List, matters(rows.collect()));
    desk
}

fn accepted(number: u32) -> Matter {
    let mut one = application(number);
    (one.status, one.version) = (Decision::Accepted, 2);
    Matter::Application(one)
}

#[test]
fn an_application_is_read_and_accepted_after_a_question() {
    let mut desk = at_applications(USUAL, 2);
    desk.sees("[Decisions]")
        .sees("Ivo Brandt")
        .sees("MD, Charité Berlin");
    desk.press("enter").sees("LANR 123451").sees("C-0001");
    // The address in the list may be too old by now.
    desk.sees("There is a picture of the certificate.")
        .sees_no("http://");
    let read = Call::Admin(AdminCall::Matter(Part::Applications, 1));
    assert_eq!(desk.call(Slot::Record), Some(&read));
    desk.reply(Slot::Record, matter(Matter::Application(application(1))));
    desk.sees("open this address in a browser")
        .sees("http://127.0.0.1:8000/media/c1.png");
    desk.press("a")
        .sees("Accept application?")
        .sees("A mail tells them")
        .press("enter");
    assert!(ruling(&desk).is_none(), "the safe answer has the focus");
    desk.press("a y");
    let ruled = ruling(&desk).unwrap();
    assert_eq!((ruled.id, ruled.version), (1, 1));
    assert_eq!(ruled.reject, None);
    desk.reply(Slot::Deed, matter(accepted(1)));
    desk.sees("Ivo Brandt is a doctor now; a mail tells them.")
        .sees("accepted");
    desk.press("a").sees("It is accepted already.");
}

#[test]
fn a_rejection_needs_words_and_they_stay_when_it_is_refused() {
    let mut desk = at_applications(USUAL, 2);
    desk.press("j x").sees("Reject application").press("enter");
    assert!(ruling(&desk).is_none(), "no reason is given yet");
    desk.type_text("blurred").press("enter");
    let ruled = ruling(&desk).unwrap();
    assert_eq!((ruled.id, ruled.reject.as_deref()), (2, Some("blurred")));
    let why = "Somebody decided this already.";
    desk.answer(Slot::Deed, Err(refused(409, why)));
    desk.sees("Not done. Somebody decided this already.")
        .sees("blurred");
    // Not sent again by itself; a second time with the words that are there.
    assert!(ruling(&desk).is_none());
    desk.press("enter");
    let mut gone = application(2);
    (gone.status, gone.version) = (Decision::Rejected, 2);
    desk.reply(Slot::Deed, matter(Matter::Application(gone)));
    desk.sees("Leyla Şahin is not accepted; a mail tells them why")
        .sees_no("Reject application");
}

#[test]
fn the_three_parts_and_what_was_decided() {
    let mut desk = at_applications(USUAL, 0);
    desk.sees("No application waits for a decision.");
    desk.press("2");
    assert_eq!(asked(&desk).0, Part::Qualifications);
    let rows = vec![Matter::Qualification(qualification(1))];
    desk.reply(Slot::List, matters(rows));
    desk.sees("Echocardiography").press("enter");
    desk.sees("There is no picture of the certificate.")
        .press("esc");
    desk.press("g b");
    assert_eq!(asked(&desk).0, Part::BugReports);
    desk.reply(Slot::List, matters(vec![Matter::BugReport(bug_report(1))]));
    desk.sees("The calendar is emp")
        .press("enter")
        .sees("I see no slots.")
        .press("a y");
    let ruled = ruling(&desk).unwrap();
    assert_eq!((ruled.part, ruled.id), (Part::BugReports, 1));
    let mut seen_to = bug_report(1);
    seen_to.status = Decision::Accepted;
    desk.reply(Slot::Deed, matter(Matter::BugReport(seen_to)));
    desk.sees("The report is accepted; nobody is mailed.");
    desk.press("esc f");
    desk.wait(100);
    assert_eq!(asked(&desk).1.status, Some(Decision::Accepted));
    desk.reply(Slot::List, matters(Vec::new()));
    desk.sees("No bug report is accepted.");
}

#[test]
fn who_is_no_admin_is_told() {
    let mut desk = Desk::at_work(USUAL, receptionist());
    desk.press("esc g v").sees("Only an admin decides that.");
    desk.press("g j").sees("Only an admin reads the audit.");
    desk.sees("[F3 Patients]");
}

#[test]
fn verifying_leads_to_the_application_where_there_is_one() {
    let mut waits = doctor_row(3);
    waits.is_verified = false;
    let mut desk = Desk::at_doctors(USUAL, admin(), vec![waits.clone()]);
    desk.press("v").sees("Verify?").sees_no("application");
    let mut theirs = application(1);
    theirs.full_name.clone_from(&waits.full_name);
    let rows = vec![
        Matter::Application(application(2)),
        Matter::Application(theirs),
    ];
    desk.reply(Slot::Applied, matters(rows));
    desk.sees("Their application waits").press("r");
    desk.sees("[Decisions]").sees("LANR 123451");
    let read = Call::Admin(AdminCall::Matter(Part::Applications, 1));
    assert_eq!(desk.call(Slot::Record), Some(&read));
    assert_eq!(desk.call(Slot::Verify), None);
}

fn at_audit(look: Look, rows: Vec<Row>) -> Desk {
    let mut desk = Desk::at_work(look, admin());
    desk.press("esc g j");
    desk.reply(Slot::List, audit(rows));
    desk
}

fn audit_query(desk: &Desk) -> AuditQuery {
    match desk.call(Slot::List) {
        Some(Call::Admin(AdminCall::Audit(query))) => AuditQuery {
            limits: None,
            ..(**query).clone()
        },
        other => panic!("the audit is not asked for but {other:?}"),
    }
}

#[test]
fn the_audit_says_what_was_and_what_is() {
    let mut desk = at_audit(USUAL, (1..=3).map(audit_row).collect());
    desk.sees("change doctor").sees("show patient");
    desk.press("enter")
        .sees("eva, receptionist")
        .sees("fee: 80.00 → 95.00");
    // Nothing more is asked for it.
    assert_eq!(desk.call(Slot::Record), None);
    desk.press("]").sees("Ada Lovelace").press("o");
    assert!(matches!(desk.call(Slot::Record), Some(Call::Patient(_))));
}

#[test]
fn the_audit_names_the_doctors_that_are_known_here() {
    let mut row = audit_row(1);
    row.object_type = Some("doctor".to_owned());
    let doctor = doctor_row(2);
    row.object_id = Some(doctor.number);
    row.detail = serde_json::json!({ "doctor": doctor.number, "date": "2026-12-04" });
    let mut desk = Desk::at_work(USUAL, admin());
    desk.press("esc g d");
    desk.reply(Slot::List, Reply::Doctors(whole(vec![doctor.clone()])));
    desk.press("esc g j").reply(Slot::List, audit(vec![row]));
    desk.sees(&doctor.full_name).press("enter");
    desk.sees(&format!("About        {}", doctor.full_name))
        .sees(&format!("doctor: {}", doctor.full_name))
        .sees("date: 4 Dec 2026");
}

#[test]
fn the_audit_is_narrowed_by_person_patient_action_and_days() {
    let mut desk = at_audit(USUAL, (1..=3).map(audit_row).collect());
    desk.press("t");
    assert_eq!(audit_query(&desk).who.as_deref(), Some("eva"));
    desk.reply(Slot::List, audit(vec![audit_row(2)]));
    desk.sees("by eva").press("p");
    let both = audit_query(&desk);
    assert_eq!(both.patient, audit_row(2).patient.unwrap().id);
    desk.reply(Slot::List, audit(vec![audit_row(2)]));
    desk.sees("about Ada Lovelace").press("f").wait(100);
    assert_eq!(audit_query(&desk).kind, Some(Kind::Change));
    desk.reply(Slot::List, audit(Vec::new()));
    desk.sees("No row of the audit is like that.").press("esc");
    assert_eq!(audit_query(&desk), AuditQuery::default());
    desk.reply(Slot::List, audit(vec![audit_row(1)]));
    // As the list shows it, with a space.
    desk.press("/ tab").type_text("change doctor").press("tab");
    desk.type_text("rubbish").press("enter").sees("Not a day");
    desk.press("ctrl-u").type_text("fri").press("enter");
    let query = audit_query(&desk);
    assert_eq!(query.action.as_deref(), Some("change_doctor"));
    assert_eq!(query.from, "2026-11-20".parse().ok());
}

#[test]
fn pictures_of_decisions_and_of_the_audit() {
    let mut seen = String::new();
    let mut shown = |look: Look, desk: &mut Desk| {
        let (buffer, _) = desk.draw();
        let lines = text(&buffer);
        let lines: Vec<&str> = lines.lines().filter(|line| !line.is_empty()).collect();
        let (width, height) = look.size;
        seen.push_str(&format!("── {width}×{height} ──\n{}\n", lines.join("\n")));
        seen.push_str(&styles(&buffer));
    };
    for look in [USUAL, Look::new(40, 15), Look::new(200, 60)] {
        let mut desk = at_applications(look, 4);
        shown(look, desk.press("j"));
        desk.press("enter");
        desk.reply(Slot::Record, matter(Matter::Application(application(2))));
        shown(look, &mut desk);
        let mut desk = at_audit(look, (1..=8).map(audit_row).collect());
        shown(look, desk.press("j"));
        shown(look, desk.press("k enter"));
    }
    let mut desk = at_applications(USUAL, 0);
    shown(USUAL, &mut desk);
    assert_snapshot!("admin", seen);
}
