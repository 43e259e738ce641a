//! The walk through the rest of v1, what is decided at the desk, and merging records.

use clinic_shared::Role;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::cases::{Story, id, mail, png};
use crate::support::server::{TestServer, get};
use crate::walk::CANARY;

/// Somebody's row in a list of the desk, found by a field.
async fn listed(s: &Story, path: &str) -> Vec<Value> {
    let (status, found) = get(&s.ada, path).await;
    assert!(status.is_success(), "{path}: {found}");
    found["results"].as_array().unwrap().clone()
}

async fn somebody(on: &TestServer, role: Role, name: &str) -> clinic_shared::client::Client {
    on.sign_in(role, name).await
}

pub(super) async fn windows_and_words(s: &mut Story) {
    let (ada, rosa) = (s.ada.clone(), s.rosa.clone());
    let w = &mut s.walk;
    let body =
        json!({ "name": "Evenings", "starts": "18:00", "ends": "20:00", "weekdays": ["mon"] });
    let window = id(&w.go("create_available_time_v1", &rosa, &[], body).await);
    let change = json!({ "name": "Late", "slot_minutes": 30 });
    w.go("change_available_time_v1", &rosa, &[&window], change)
        .await;
    let body = json!({ "name": "Later", "starts": "19:00", "ends": "21:00", "weekdays": ["tue"] });
    w.go("replace_available_time_v1", &rosa, &[&window], body)
        .await;
    w.go("delete_available_time_v1", &rosa, &[&window], ())
        .await;
    for [make, change, replace, delete] in [
        [
            "create_designation_v1",
            "change_designation_v1",
            "replace_designation_v1",
            "delete_designation_v1",
        ],
        [
            "create_specialization",
            "change_specialization",
            "replace_specialization",
            "delete_specialization",
        ],
    ] {
        let term = id(&w.go(make, &ada, &[], json!({ "name": "Bones" })).await);
        w.go(change, &ada, &[&term], json!({ "name": "All bones" }))
            .await;
        w.go(replace, &ada, &[&term], json!({ "name": "Few bones" }))
            .await;
        w.go(delete, &ada, &[&term], ()).await;
    }
}

pub(super) async fn people_of_v1(s: &mut Story) {
    let doctor = s.doctor.1.clone();
    let ben = s.ben.clone();
    let w = &mut s.walk;
    let body = json!({ "doctor": doctor, "body": format!("{CANARY} good"), "star": 5 });
    let review = id(&w.go("create_review_v1", &ben, &[], body.clone()).await);
    let change = json!({ "body": format!("{CANARY} better") });
    w.go("change_review_v1", &ben, &[&review], change).await;
    w.go("replace_review_v1", &ben, &[&review], body).await;
    w.go("delete_review_v1", &ben, &[&review], ()).await;

    let change = json!({ "address": format!("{CANARY} place"), "height": 170 });
    w.go("change_my_patient", &ben, &[], change).await;
    let body = json!({ "full_name": format!("{CANARY} Ben"), "phone_number": "+49 30 7776665" });
    w.go("replace_my_patient", &ben, &[], body).await;
    let leaver = somebody(&w.on, Role::Patient, "leaver").await;
    w.go("close_my_account", &leaver, &[], ()).await;

    w.on.doctor("otto", 500).await;
    let otto = w.on.signed_in("otto").await;
    let link = format!("https://meet.example/{CANARY}");
    w.go("change_my_doctor", &otto, &[], json!({ "meet_link": link }))
        .await;
    let body = json!({ "fee": "70.00", "personal_status": format!("{CANARY} status") });
    w.go("replace_my_doctor", &otto, &[], body).await;
    w.go("delete_my_doctor", &otto, &[], ()).await;

    let nobody = s.nobody.clone();
    let w = &mut s.walk;
    let body = json!({
        "name": format!("{CANARY} Name"), "email": mail("c"), "subject": format!("{CANARY} subject"),
        "message": format!("{CANARY} message"),
    });
    w.go("contact_us", &nobody, &[], body).await;
    for _ in 0..2 {
        let body = json!({
            "bug_type": format!("{CANARY} type"), "issue": format!("{CANARY} issue"),
            "email": mail("b"),
        });
        w.go("report_bug", &nobody, &[], body).await;
    }
}

pub(super) async fn what_is_decided(s: &mut Story) {
    let ada = s.ada.clone();
    let reason = || json!({ "reason": format!("{CANARY} reason") });
    for (name, decide, body) in [
        ("amber", "desk_reject_application", reason()),
        (
            "basil",
            "desk_accept_application",
            json!({ "fee": "50.00" }),
        ),
    ] {
        let applicant = somebody(&s.walk.on, Role::Patient, name).await;
        let form = Form::new()
            .text("registration_number", format!("{CANARY} r"))
            .text("institution", format!("{CANARY} school"))
            .text("degree", format!("{CANARY} degree"))
            .text("certificate_registration_number", format!("{CANARY} c"))
            .text("year", "2001")
            .part("certificate_img", Part::bytes(png()).file_name("c.png"));
        let applied = s.walk.go("apply_to_be_doctor", &applicant, &[], form).await;
        s.walk.go(decide, &ada, &[&id(&applied)], body).await;
    }
    let dora = s.dora.clone();
    for (decide, body) in [
        ("desk_reject_qualification", Some(reason())),
        ("desk_accept_qualification", None),
    ] {
        let form = json!({
            "title": format!("{CANARY} title"), "institution": format!("{CANARY} school"),
            "degree": format!("{CANARY} degree"),
        });
        let applied = s.walk.go("apply_qualification", &dora, &[], form).await;
        match body {
            Some(body) => s.walk.go(decide, &ada, &[&id(&applied)], body).await,
            None => s.walk.go(decide, &ada, &[&id(&applied)], ()).await,
        };
    }
    let bugs = listed(s, "/v1/api/desk/bug-reports/").await;
    let (one, two) = (id(&bugs[0]), id(&bugs[1]));
    s.walk.go("desk_accept_bug_report", &ada, &[&one], ()).await;
    s.walk
        .go("desk_reject_bug_report", &ada, &[&two], reason())
        .await;
}

pub(super) async fn records_merged(s: &mut Story) {
    let rosa = s.rosa.clone();
    let w = &mut s.walk;
    let draft =
        |n: u8| json!({ "full_name": format!("{CANARY} Twin"), "phone": format!("+49 30 88{n}") });
    let one = id(&w.go("desk_register_patient", &rosa, &[], draft(1)).await);
    let two = id(&w.go("desk_register_patient", &rosa, &[], draft(2)).await);
    let merged = w
        .go(
            "desk_merge_patients",
            &rosa,
            &[&one],
            json!({ "other": two }),
        )
        .await;
    let merge = ["merge", "id"]
        .iter()
        .map(|key| &merged[key])
        .find_map(|value| value.as_i64().or_else(|| value["id"].as_i64()))
        .unwrap_or_else(|| panic!("{merged}"));
    w.go(
        "desk_unmerge_patients",
        &rosa,
        &[&one],
        json!({ "merge": merge }),
    )
    .await;
    w.on.account(Role::Patient, "linked").await;
    let body = json!({ "email": "linked@example.org" });
    w.go("desk_link_account", &rosa, &[&one], body).await;
    w.go("desk_unlink_account", &rosa, &[&one], ()).await;
}
