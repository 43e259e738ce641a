//! `/v1/api/operations/apply/to-be/doctor/`, `doctor/…/qualifications/`, and the desk that decides
//! (API.md §4, §7).

use clinic_shared::Role;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{Client, DecisionQuery};
use clinic_shared::desk::decisions::{Acceptance, Rejection};
use clinic_shared::v1::lenient::Year;
use clinic_shared::v1::portal::BugReportInput;
use clinic_shared::v1::qualifications::{ApplicationInput, Decision, QualificationInput};
use serde_json::json;
use uuid::Uuid;

use crate::media::{fetch, png};
use crate::services::send_form;
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, post, request, status};
use crate::uploads::files;

on_both! {
    an_accepted_applicant_is_a_doctor,
    a_rejected_applicant_reads_why_and_applies_again,
    an_application_is_checked,
    one_application_at_a_time_also_in_a_race,
    two_admins_decide_once,
    a_profile_that_waits_is_verified,
    a_closed_account_is_not_accepted,
    a_doctor_hands_in_qualifications,
    certificates_are_private,
    bug_reports_are_decided,
    only_admins_decide,
}

const APPLY: &str = "/v1/api/operations/apply/to-be/doctor/";

fn application() -> ApplicationInput {
    ApplicationInput {
        registration_number: "R-4711".to_owned(),
        institution: "Charité".to_owned(),
        degree: "MD".to_owned(),
        certificate_registration_number: "C-0815".to_owned(),
        year: Year(2015),
    }
}

fn qualification(title: &str) -> QualificationInput {
    QualificationInput {
        title: title.to_owned(),
        institution: "Charité".to_owned(),
        degree: "PhD".to_owned(),
        year: Some(Year(2018)),
        grade: Some("magna cum laude".to_owned()),
        registration_id: Some("Q-1".to_owned()),
    }
}

/// Hands a qualification in, with its certificate, and has it accepted.
pub(crate) async fn accepted_qualification(on: &TestServer, doctor: &Client, admin: &Client) {
    let made = doctor
        .hand_in_qualification(&qualification("Research"), Some(png()))
        .await
        .unwrap();
    admin.accept_qualification(made.id, None).await.unwrap();
    on.settle().await;
}

async fn an_accepted_applicant_is_a_doctor(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    on.account_of(Role::Patient, "dora", ("Dora", "Keller"))
        .await;
    let dora = on.signed_in("dora").await;
    let made = dora
        .apply_to_be_doctor(&application(), png())
        .await
        .unwrap();
    assert_eq!((made.status, made.year), (Decision::Pending, 2015));
    assert_eq!(dora.my_doctor_applications().await.unwrap()[0].id, made.id);
    let waiting = DecisionQuery {
        status: Some(Decision::Pending),
        ..DecisionQuery::default()
    };
    let page = ada.applications(&waiting).await.unwrap();
    assert_eq!(page.count, 1);
    let seen = &page.results[0];
    assert_eq!(
        (seen.full_name.as_str(), seen.email.as_str()),
        ("Dora Keller", "dora@example.org")
    );
    assert_eq!(fetch(&on, &seen.certificate_img).await.0, StatusCode::OK);
    let form = Acceptance {
        fee: Some("75.50".to_owned()),
    };
    let accepted = ada
        .accept_application(made.id, &form, Some("\"v1\""))
        .await
        .unwrap();
    assert_eq!(accepted.value.status, Decision::Accepted);
    assert!(accepted.value.decided_at.is_some());
    // Her sessions ended with the new role.
    assert_eq!(
        get(&dora, "/v1/api/user/me/").await.0,
        StatusCode::UNAUTHORIZED
    );
    let dora = on.signed_in("dora").await;
    assert_eq!(dora.me().await.unwrap().role, Role::Doctor);
    let me = dora.my_doctor().await.unwrap().value;
    assert_eq!((me.fee.as_str(), me.verified_at.is_some()), ("75.50", true));
    assert_eq!(me.qualifications.len(), 1);
    assert_eq!(me.qualifications[0].status, Decision::Accepted);
    assert_eq!(
        me.qualifications[0].registration_id.as_deref(),
        Some("C-0815")
    );
    let public = on
        .anonymous()
        .doctor_profile("dora@example.org")
        .await
        .unwrap();
    assert_eq!(
        (
            public.full_name.as_str(),
            public.qualifications[0].degree.as_str()
        ),
        ("Dora Keller", "MD")
    );
    let mails = on.mails_to("dora@example.org").await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].subject.contains("doctor"), "{}", mails[0].subject);
    // Doctors do not apply.
    let again = dora.apply_to_be_doctor(&application(), png()).await;
    assert_eq!(status(again), 403);
    let audit = on.audit(30).await;
    for action in [
        "apply_to_be_doctor",
        "list_doctor_application",
        "accept_doctor_application",
        "set_role",
        "create_doctor",
        "create_qualification",
    ] {
        assert!(
            audit.iter().any(|row| row.1 == action),
            "{action}: {audit:?}"
        );
    }
}

async fn a_rejected_applicant_reads_why_and_applies_again(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let dora = on.sign_in(Role::Patient, "dora").await;
    let made = dora
        .apply_to_be_doctor(&application(), png())
        .await
        .unwrap();
    let form = Rejection {
        reason: Some("The picture can't be read.".to_owned()),
    };
    ada.reject_application(made.id, &form, None).await.unwrap();
    let mails = on.mails_to("dora@example.org").await;
    assert!(
        mails[0].raw.contains("The picture can't be read."),
        "{}",
        mails[0].raw
    );
    let own = dora.my_doctor_applications().await.unwrap();
    assert_eq!(
        (own[0].status, own[0].reason.as_deref()),
        (Decision::Rejected, Some("The picture can't be read."))
    );
    assert_eq!(dora.me().await.unwrap().role, Role::Patient);
    let second = dora
        .apply_to_be_doctor(&application(), png())
        .await
        .unwrap();
    assert_ne!(second.id, made.id);
    assert_eq!(
        get(&on.anonymous(), "/v1/api/doctor/list/").await.1["count"],
        0
    );
}

async fn an_application_is_checked(on: TestServer) {
    let dora = on.sign_in(Role::Patient, "dora").await;
    // A form is what it takes, with the certificate.
    let (status, _) = post(&dora, APPLY, json!({})).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let form = Form::new()
        .text("registration_number", " ")
        .text("institution", "x".repeat(201))
        .text("degree", "MD")
        .text("year", "15")
        .text("rank", "chief");
    let (status, body) = send_form(&dora, Method::POST, APPLY, form).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&body["errors"]),
        [
            "certificate_img",
            "certificate_registration_number",
            "institution",
            "rank",
            "registration_number",
            "year"
        ],
        "{body}"
    );
    let form = |year: &str| {
        Form::new()
            .text("registration_number", "R-1")
            .text("institution", "Charité")
            .text("degree", "MD")
            .text("certificate_registration_number", "C-1")
            .text("year", year.to_owned())
            .part("certificate_img", Part::bytes(png()).file_name("c.png"))
    };
    for year in [
        "1850",
        "2027",
        "2015-6-1",
        "2015-02-30",
        "2010-99-99",
        "MMXV",
    ] {
        let (status, body) = send_form(&dora, Method::POST, APPLY, form(year)).await;
        assert_eq!(
            (status, keys(&body["errors"])),
            (StatusCode::BAD_REQUEST, vec!["year"]),
            "{year}"
        );
    }
    assert_eq!(files(&on).len(), 0);
    // A date is taken too.
    let (status, made) = send_form(&dora, Method::POST, APPLY, form("2015-06-30")).await;
    assert_eq!((status, &made["year"]), (StatusCode::CREATED, &json!(2015)));
    for role in [Role::Admin, Role::Receptionist, Role::Doctor] {
        let client = on.sign_in(role, role.as_str()).await;
        let refused = client.apply_to_be_doctor(&application(), png()).await;
        assert_eq!(self::status(refused), 403);
    }
}

async fn one_application_at_a_time_also_in_a_race(on: TestServer) {
    let dora = on.sign_in(Role::Patient, "dora").await;
    let tasks = (0..6).map(|_| {
        let dora = dora.clone();
        tokio::spawn(async move { dora.apply_to_be_doctor(&application(), png()).await })
    });
    let mut made = 0;
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(_) => made += 1,
            Err(error) => assert_eq!(error.status(), Some(409)),
        }
    }
    assert_eq!((made, files(&on).len()), (1, 1));
}

async fn two_admins_decide_once(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let dora = on.sign_in(Role::Patient, "dora").await;
    let made = dora
        .apply_to_be_doctor(&application(), png())
        .await
        .unwrap();
    let tasks = (0..6).map(|n| {
        let (ada, id) = (ada.clone(), made.id);
        tokio::spawn(async move {
            match n % 2 {
                0 => {
                    ada.accept_application(id, &Acceptance::default(), None)
                        .await
                }
                _ => {
                    ada.reject_application(id, &Rejection::default(), None)
                        .await
                }
            }
        })
    });
    let mut decided = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(row) => decided.push(row.value.status),
            Err(error) => assert_eq!(error.status(), Some(409)),
        }
    }
    assert_eq!(decided.len(), 1);
    let page = ada.applications(&DecisionQuery::default()).await.unwrap();
    assert_eq!(page.results[0].status, decided[0]);
    let (_, doctors) = get(&on.anonymous(), "/v1/api/doctor/list/").await;
    let expected = i64::from(decided[0] == Decision::Accepted);
    assert_eq!(doctors["count"], expected);
    assert_eq!(on.mails_to("dora@example.org").await.len(), 1);
    let late = ada
        .accept_application(made.id, &Acceptance::default(), Some("\"v1\""))
        .await;
    assert_eq!(status(late), 412);
    let missing = ada
        .accept_application(987_654, &Acceptance::default(), None)
        .await;
    assert_eq!(status(missing), 404);
}

async fn a_profile_that_waits_is_verified(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    on.hidden_doctor("dora", &[]).await;
    let dora = on.signed_in("dora").await;
    let made = dora
        .apply_to_be_doctor(&application(), png())
        .await
        .unwrap();
    ada.accept_application(made.id, &Acceptance::default(), None)
        .await
        .unwrap();
    let (_, doctors) = get(&on.anonymous(), "/v1/api/doctor/list/").await;
    assert_eq!(
        (&doctors["count"], &doctors["results"][0]["fee"]),
        (&json!(1), &json!("500.00")),
        "what the profile said stays"
    );
}

async fn a_closed_account_is_not_accepted(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let dora = on.sign_in(Role::Patient, "dora").await;
    let made = dora
        .apply_to_be_doctor(&application(), png())
        .await
        .unwrap();
    dora.close_my_account().await.unwrap();
    let refused = ada
        .accept_application(made.id, &Acceptance::default(), None)
        .await;
    assert_eq!(status(refused), 409);
    ada.reject_application(made.id, &Rejection::default(), None)
        .await
        .unwrap();
}

async fn a_doctor_hands_in_qualifications(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let id = on.doctor("dora", 500).await.id;
    let dora = on.signed_in("dora").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let first = dora
        .hand_in_qualification(&qualification("Research"), Some(png()))
        .await
        .unwrap();
    assert_eq!(first.status, Decision::Pending);
    // JSON works too; what is optional may be absent.
    let body = json!({ "title": "Course", "institution": "Charité", "degree": "Diploma",
        "year": "2019-01-02" });
    let (created, second) = post(&dora, "/v1/api/doctor/qualifications/apply/", body).await;
    assert_eq!(created, StatusCode::CREATED, "{second}");
    assert_eq!(second["year"], 2019);
    // Until they are accepted, only the doctor and staff see them.
    assert_eq!(dora.qualifications(id).await.unwrap().len(), 2);
    assert_eq!(ada.qualifications(id).await.unwrap().len(), 2);
    assert!(ana.qualifications(id).await.unwrap().is_empty());
    ada.accept_qualification(first.id, None).await.unwrap();
    let rejection = Rejection {
        reason: Some("No date on it.".to_owned()),
    };
    let second = second["id"].as_i64().unwrap();
    let waiting = DecisionQuery {
        status: Some(Decision::Pending),
        ..DecisionQuery::default()
    };
    let page = ada.desk_qualifications(&waiting).await.unwrap();
    assert_eq!((page.count, page.results[0].id), (1, second));
    ada.reject_qualification(second, &rejection, None)
        .await
        .unwrap();
    assert_eq!(
        status(ada.accept_qualification(second, None).await),
        409,
        "it was decided"
    );
    // By mail, after the work is done.
    let mails = on.mails_to("dora@example.org").await;
    let told = |subject: &str, word: &str| {
        let mail = mails.iter().find(|mail| mail.subject.contains(subject));
        assert!(
            mail.is_some_and(|mail| mail.raw.contains(word)),
            "{subject}"
        );
    };
    assert_eq!(mails.len(), 2);
    told("was accepted", &first.title);
    told("was not accepted", "No date on it.");
    let seen = ana.qualifications(id).await.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (
            seen[0].registration_id.as_deref(),
            seen[0].certificate_img.as_deref()
        ),
        (None, None),
        "which is the doctor's"
    );
    let own = dora.qualifications(id).await.unwrap();
    assert!(own[0].certificate_img.is_some());
    assert_eq!(own[1].status, Decision::Rejected);
    let public = on
        .anonymous()
        .doctor_profile("dora@example.org")
        .await
        .unwrap();
    assert_eq!(public.qualifications.len(), 1);
    assert_eq!(
        public.qualifications[0].grade.as_deref(),
        Some("magna cum laude")
    );
    // Whoever is no doctor hands nothing in.
    let refused = ana.hand_in_qualification(&qualification("X"), None).await;
    assert_eq!(status(refused), 403);
    let emil = on.sign_in(Role::Doctor, "emil").await;
    let refused = emil
        .hand_in_qualification(&qualification("X"), Some(png()))
        .await;
    assert_eq!(status(refused), 400, "there is no profile");
    assert_eq!(files(&on).len(), 1);
    assert_eq!(status(ana.qualifications(Uuid::nil()).await), 404);
    let body = json!({ "title": "", "institution": "x", "degree": "x", "year": 2030,
        "grade": "x".repeat(51) });
    let (refused, body) = post(&dora, "/v1/api/doctor/qualifications/apply/", body).await;
    assert_eq!(
        (refused, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["grade", "title", "year"])
    );
}

async fn certificates_are_private(on: TestServer) {
    let dora = on.sign_in(Role::Patient, "dora").await;
    let made = dora
        .apply_to_be_doctor(&application(), png())
        .await
        .unwrap();
    assert_eq!(fetch(&on, &made.certificate_img).await.0, StatusCode::OK);
    let bare = made.certificate_img.split('?').next().unwrap();
    let path = bare.strip_prefix(&on.server.url()).unwrap();
    assert_eq!(fetch(&on, bare).await.0, StatusCode::NOT_FOUND);
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ada = on.sign_in(Role::Admin, "ada").await;
    for (client, expected) in [
        (&ana, StatusCode::NOT_FOUND),
        (&dora, StatusCode::OK),
        (&ada, StatusCode::OK),
    ] {
        let answer = request(client, Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), expected);
    }
    let audit = on.audit(5).await;
    assert!(audit.iter().any(|row| row.1 == "show_picture"), "{audit:?}");
    // The sweep leaves what rows name.
    ada.accept_application(made.id, &Acceptance::default(), None)
        .await
        .unwrap();
    let clinic = &on.server.clinic;
    on.wait(24 * 60 * 60);
    clinic_server::clinic::pictures::sweep(clinic)
        .await
        .unwrap();
    assert_eq!(files(&on).len(), 1);
}

async fn bug_reports_are_decided(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let nobody = on.anonymous();
    for n in 0..3 {
        let report = BugReportInput {
            bug_type: "display".to_owned(),
            issue: format!("Number {n}"),
            email: Some("ana@example.org".to_owned()),
        };
        nobody.report_bug(&report, None).await.unwrap();
    }
    let mut query = DecisionQuery {
        limits: Some(2),
        ..DecisionQuery::default()
    };
    let first = ada.bug_reports(&query).await.unwrap();
    assert_eq!(
        (first.count, first.results[0].issue.as_str()),
        (3, "Number 2")
    );
    let next = first.next.unwrap();
    query.cursor = next.split("cursor=").nth(1).map(str::to_owned);
    let rest = ada.bug_reports(&query).await.unwrap();
    assert_eq!(rest.results[0].issue, "Number 0");
    let id = rest.results[0].id;
    let accepted = ada.accept_bug_report(id, Some("\"v1\"")).await.unwrap();
    assert_eq!(accepted.etag.as_deref(), Some("\"v2\""));
    let reject = Rejection::default();
    assert_eq!(status(ada.reject_bug_report(id, &reject, None).await), 409);
    let open = DecisionQuery {
        status: Some(Decision::Pending),
        ..DecisionQuery::default()
    };
    assert_eq!(ada.bug_reports(&open).await.unwrap().count, 2);
    let (found, report) = get(&ada, &format!("/v1/api/desk/bug-reports/{id}/")).await;
    assert_eq!(
        (found, &report["status"]),
        (StatusCode::OK, &json!("accepted"))
    );
}

async fn only_admins_decide(on: TestServer) {
    let dora = on.sign_in(Role::Patient, "dora").await;
    let made = dora
        .apply_to_be_doctor(&application(), png())
        .await
        .unwrap();
    for role in [Role::Receptionist, Role::Doctor] {
        let client = on.sign_in(role, role.as_str()).await;
        for path in ["applications", "qualifications", "bug-reports"] {
            let (status, _) = get(&client, &format!("/v1/api/desk/{path}/")).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{role} {path}");
        }
        let form = Acceptance::default();
        let refused = client.accept_application(made.id, &form, None).await;
        assert_eq!(status(refused), 403);
    }
    let (status, _) = get(&on.anonymous(), "/v1/api/desk/applications/").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}
