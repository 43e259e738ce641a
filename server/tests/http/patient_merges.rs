//! Merging two records at the desk, parting them again, and linking records to accounts (API.md §7).

use clinic_shared::client::reqwest::StatusCode;
use clinic_shared::client::{Client, PatientQuery, Plain, Tagged};
use clinic_shared::desk::appointments::NewAppointment;
use clinic_shared::desk::merging::{MergeKeep, Merged, Merging, Side};
use clinic_shared::desk::patients::{Patient, PatientChange, PatientDraft};
use clinic_shared::{Patch, Role};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::bookable::{shape, window};
use crate::support::on_both;
use crate::support::server::{TestServer, get, post, status};

on_both! {
    everything_moves_and_the_old_number_leads_here,
    a_merge_does_what_its_preview_says,
    what_is_in_the_way_is_named,
    parting_brings_back_what_moved_and_leaves_what_came_since,
    what_was_changed_in_the_way_is_named,
    merges_are_parted_from_the_newest_on,
    a_linked_patient_sees_what_is_theirs_and_is_told,
    an_empty_record_of_the_account_is_taken_in_and_one_in_use_is_not,
    only_a_proved_patients_account_is_linked,
    nothing_is_booked_for_a_record_that_is_being_merged,
    of_two_who_merge_each_into_the_other_one_does,
}

struct Desk {
    on: TestServer,
    rosa: Client,
    dora: Uuid,
    emil: Uuid,
    window: i64,
}

async fn desk(on: TestServer) -> Desk {
    let window = window(&on.server.clinic, "10:00-16:00").await;
    shape(&on.server.clinic, window, Some(30), 127).await;
    on.doctor_offering("dora", &[window]).await;
    on.doctor_offering("emil", &[window]).await;
    on.account_of(Role::Receptionist, "rosa", ("Rosa", "Winter"))
        .await;
    let rosa = on.signed_in("rosa").await;
    let (_, doctors) = get(&rosa, "/v1/api/desk/doctors/").await;
    let id = |at: usize| {
        doctors["results"][at]["id"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    };
    Desk {
        dora: id(0),
        emil: id(1),
        on,
        rosa,
        window,
    }
}

impl Desk {
    async fn person(&self, full_name: &str, more: PatientDraft) -> Patient {
        let draft = PatientDraft {
            full_name: full_name.to_owned(),
            ..more
        };
        self.rosa.register_patient(&draft).await.unwrap().value
    }

    async fn plain(&self, full_name: &str) -> Patient {
        self.person(full_name, PatientDraft::default()).await
    }

    fn form(&self, patient: Uuid, doctor: Uuid, at: &str) -> NewAppointment {
        let form = json!({ "patient": patient, "doctor": doctor,
            "available_time": self.window, "starts_at": format!("2026-03-04T{at}:00Z") });
        serde_json::from_value(form).unwrap()
    }

    async fn book(&self, patient: Uuid, doctor: Uuid, at: &str) -> i64 {
        let made = self.rosa.book(&self.form(patient, doctor, at)).await;
        made.unwrap().value.id
    }

    async fn whose(&self, appointment: i64) -> Uuid {
        self.rosa
            .appointment(appointment)
            .await
            .unwrap()
            .value
            .patient
            .id
    }

    async fn merge(&self, id: Uuid, other: Uuid) -> Tagged<Merged> {
        let merged = self.rosa.merge_patients(id, &into(other), None).await;
        merged.unwrap()
    }

    async fn found(&self, typed: &str) -> Vec<Uuid> {
        let query = PatientQuery {
            search: Some(typed.to_owned()),
            ..PatientQuery::default()
        };
        let page = self.rosa.patients(&query).await.unwrap();
        page.results.into_iter().map(|row| row.id).collect()
    }

    async fn number_of_doctor(&self, id: Uuid) -> i64 {
        self.rosa.doctor(id).await.unwrap().value.number
    }
}

fn into(other: Uuid) -> Merging {
    Merging {
        other,
        version: None,
        other_version: None,
        keep: None,
    }
}

fn path(id: Uuid) -> String {
    format!("/v1/api/desk/patients/{id}/")
}

fn codes(body: &Value) -> Vec<&str> {
    let reasons = body["reasons"]
        .as_array()
        .unwrap_or_else(|| panic!("{body}"));
    reasons
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect()
}

async fn everything_moves_and_the_old_number_leads_here(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.plain("Ana Kovač").await;
    let twin = PatientDraft {
        phone: Some("030 5550 1234".to_owned()),
        birth_date: "1980-02-01".parse().ok(),
        ..PatientDraft::default()
    };
    let twin = desk.person("Anna Kovac", twin).await;
    let own = desk.book(ana.id, desk.dora, "09:00").await;
    let theirs = desk.book(twin.id, desk.emil, "10:00").await;
    let merged = desk.merge(ana.id, twin.id).await;
    assert_eq!(merged.value.merge.appointments, [theirs]);
    assert_eq!(merged.value.merge.fields, ["birth_date", "phone"]);
    assert_eq!(merged.value.merge.by.as_deref(), Some("Rosa Winter"));
    let patient = merged.value.patient;
    assert_eq!(patient.full_name, "Ana Kovač");
    assert_eq!(patient.phone.as_deref(), Some("030 5550 1234"));
    assert_eq!(desk.rosa.patient(ana.id).await.unwrap().etag, merged.etag);
    for appointment in [own, theirs] {
        assert_eq!(desk.whose(appointment).await, ana.id);
    }
    // The number and its digits find who it became; the other name finds nobody else.
    for typed in [twin.record_number.clone(), twin.number.to_string()] {
        assert_eq!(desk.found(&typed).await, [ana.id], "{typed}");
    }
    assert_eq!(desk.found("kovac").await, [ana.id]);
    let all = desk.rosa.patients(&PatientQuery::default()).await.unwrap();
    assert_eq!(all.count, 1);
    let (status, problem) = get(&desk.rosa, &path(twin.id)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(problem["code"], "merged");
    assert_eq!(problem["merged_into"], json!(ana.id));
    assert_eq!(
        problem["detail"],
        format!("This record was merged into {}.", ana.record_number)
    );
    let change = PatientChange::default();
    let refused = desk.rosa.change_patient(twin.id, &change, None).await;
    assert_eq!(refused.unwrap_err().refused().unwrap().code, "merged");
    let (status, _) = get(&desk.rosa, &format!("/patients/{}/", twin.number)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let audit = desk.on.audit(40).await;
    let merges = audit.iter().filter(|row| row.1 == "merge_patients").count();
    assert_eq!(merges, 2, "in the trail of either: {audit:?}");
}

async fn a_merge_does_what_its_preview_says(on: TestServer) {
    let desk = desk(on).await;
    desk.on.account(Role::Patient, "ben").await;
    let ana = PatientDraft {
        phone: Some("030 1".to_owned() + "11"),
        note: Some("deaf".to_owned()),
        ..PatientDraft::default()
    };
    let ana = desk.person("Ana", ana).await;
    let ben = desk.found("ben").await[0];
    let ben = desk.rosa.patient(ben).await.unwrap().value;
    let mut moving = Vec::new();
    for at in ["09:00", "11:00"] {
        moving.push(desk.book(ben.id, desk.dora, at).await);
    }
    let client = desk.on.signed_in("ben").await;
    let doctor = desk.number_of_doctor(desk.dora).await;
    let review = json!({ "doctor": doctor, "body": "Good.", "rating": "5" });
    assert_eq!(
        post(&client, "/reviews/", review).await.0,
        StatusCode::CREATED
    );

    let preview = desk.rosa.preview_merge(ana.id, ben.id).await.unwrap();
    let ids: Vec<i64> = preview.appointments.iter().map(|one| one.id).collect();
    assert_eq!(ids, moving);
    assert_eq!(preview.appointments[0].starts.as_deref(), Some("10:00"));
    assert_eq!(preview.appointments[0].doctor, "dora");
    assert!(preview.account && preview.conflicts.is_empty());
    assert_eq!((preview.version, preview.other_version), (1, 1));
    let fields: Vec<_> = preview
        .fields
        .iter()
        .map(|one| (one.field.as_str(), one.kept))
        .collect();
    assert_eq!(
        fields,
        [
            ("full_name", Side::Survivor),
            ("note", Side::Survivor),
            ("phone", Side::Survivor)
        ]
    );
    let keep = MergeKeep {
        full_name: Some(Side::Other),
        note: Some(Side::Other),
        ..MergeKeep::default()
    };
    let asked = Merging {
        version: Some(preview.version),
        other_version: Some(preview.other_version),
        keep: Some(keep),
        ..into(ben.id)
    };
    let merged = desk
        .rosa
        .merge_patients(ana.id, &asked, Some("\"v1\""))
        .await;
    let merged = merged.unwrap().value;
    assert_eq!(merged.merge.appointments, moving);
    let reviews: Vec<i64> = preview.reviews.iter().map(|one| one.id).collect();
    assert_eq!((merged.merge.reviews.clone(), reviews.len()), (reviews, 1));
    assert!(merged.merge.account);
    assert_eq!(merged.merge.fields, ["full_name", "note"]);
    assert_eq!(
        (merged.patient.full_name.as_str(), &merged.patient.note),
        ("ben", &None)
    );
    assert_eq!(merged.patient.username.as_deref(), Some("ben"));
    assert_eq!(desk.rosa.merges(ana.id).await.unwrap(), [merged.merge]);
    // The account sees the record, its review is still theirs, and the session went on.
    let (_, own) = get(&client, "/patients/").await;
    assert_eq!(own["results"][0]["id"], ana.number);
    let (_, reviews) = get(&client, "/reviews/").await;
    assert_eq!(reviews["results"][0]["reviewer"], "ben");
}

async fn what_is_in_the_way_is_named(on: TestServer) {
    let desk = desk(on).await;
    for username in ["ana", "ben"] {
        desk.on.account(Role::Patient, username).await;
    }
    let (ana, ben) = (desk.found("ana").await[0], desk.found("ben").await[0]);
    desk.book(ana, desk.dora, "09:00").await;
    let second = desk.book(ben, desk.emil, "09:00").await;
    let preview = desk.rosa.preview_merge(ana, ben).await.unwrap();
    let told: Vec<&str> = preview
        .conflicts
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(told, ["appointments_overlap", "two_accounts"]);
    assert!(preview.conflicts[0].detail.contains("dora"), "{preview:?}");
    let (status_code, problem) = post(
        &desk.rosa,
        &format!("{}merge/", path(ana)),
        json!(into(ben)),
    )
    .await;
    assert_eq!(status_code, StatusCode::CONFLICT);
    assert_eq!(problem["code"], "merge_conflict");
    assert_eq!(codes(&problem), ["appointments_overlap", "two_accounts"]);
    assert_eq!(desk.whose(second).await, ben);
    // A phone that a third account has.
    let phone = |phone: &str| PatientChange {
        phone: Patch::Set(phone.to_owned()),
        ..PatientChange::default()
    };
    desk.rosa
        .change_patient(ben, &phone("030 5550"), None)
        .await
        .unwrap();
    let cid = PatientDraft {
        phone: Some("030 5550".to_owned()),
        ..PatientDraft::default()
    };
    let cid = desk.person("Cid", cid).await.id;
    let preview = desk.rosa.preview_merge(cid, ana).await.unwrap();
    assert_eq!(preview.conflicts[0].code, "phone_taken");
    // The same one, nobody, an older version, a patient who asks.
    let merge = async |id: Uuid, asked: Merging| {
        let refused = desk.rosa.merge_patients(id, &asked, None).await;
        let refused = refused.unwrap_err().refused().unwrap().clone();
        (refused.status, refused.code)
    };
    assert_eq!(merge(cid, into(cid)).await, (400, "invalid".to_owned()));
    let nobody = merge(cid, into(Uuid::nil())).await;
    assert_eq!(nobody, (404, "not_found".to_owned()));
    let stale = Merging {
        other_version: Some(1),
        ..into(ben)
    };
    let late = merge(cid, stale).await;
    assert_eq!(late, (409, "version_conflict".to_owned()));
}

async fn parting_brings_back_what_moved_and_leaves_what_came_since(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.plain("Ana").await;
    let twin = PatientDraft {
        phone: Some("030 5550".to_owned()),
        ..PatientDraft::default()
    };
    let twin = desk.person("Anna", twin).await;
    let own = desk.book(ana.id, desk.dora, "09:00").await;
    let moved = desk.book(twin.id, desk.dora, "10:00").await;
    let merged = desk.merge(ana.id, twin.id).await;
    let since = desk.book(ana.id, desk.emil, "11:00").await;
    desk.rosa
        .step(moved, Plain::Confirm, &json_step(), None)
        .await
        .unwrap();
    let note = PatientChange {
        note: Patch::Set("deaf".to_owned()),
        ..PatientChange::default()
    };
    let changed = desk.rosa.change_patient(ana.id, &note, None).await.unwrap();
    let merge = merged.value.merge.id;
    let late = desk
        .rosa
        .unmerge_patients(ana.id, merge, merged.etag.as_deref())
        .await;
    assert_eq!(status(late), 412);
    let etag = changed.etag.as_deref();
    let parted = desk
        .rosa
        .unmerge_patients(ana.id, merge, etag)
        .await
        .unwrap()
        .value;
    assert!(parted.merge.undone_at.is_some());
    assert_eq!(parted.restored.phone.as_deref(), Some("030 5550"));
    assert_eq!(parted.patient.phone, None);
    assert_eq!(
        parted.patient.note.as_deref(),
        Some("deaf"),
        "not the merge's doing"
    );
    assert_eq!(desk.whose(own).await, ana.id);
    assert_eq!(desk.whose(since).await, ana.id);
    assert_eq!(desk.whose(moved).await, twin.id);
    let moved = desk.rosa.appointment(moved).await.unwrap().value;
    assert_eq!(moved.status.as_str(), "confirmed", "as it is now");
    assert_eq!(desk.found(&twin.record_number).await, [twin.id]);
    assert_eq!(desk.found("anna").await[0], twin.id);
    let again = desk
        .rosa
        .unmerge_patients(ana.id, merge, None)
        .await
        .unwrap_err();
    assert_eq!(again.refused().unwrap().code, "already_undone");
    let other = desk.rosa.unmerge_patients(twin.id, merge, None).await;
    assert_eq!(status(other), 404);
    // And merged once more, the other way round.
    let back = desk.merge(twin.id, ana.id).await;
    assert_eq!(back.value.merge.appointments.len(), 2);
}

fn json_step() -> clinic_shared::desk::appointments::Step {
    serde_json::from_value(json!({})).unwrap()
}

async fn what_was_changed_in_the_way_is_named(on: TestServer) {
    let desk = desk(on).await;
    desk.on.account(Role::Patient, "anna").await;
    let ana = desk.plain("Ana").await;
    let anna = desk.found("anna").await[0];
    let phone = |phone: &str| PatientChange {
        phone: Patch::Set(phone.to_owned()),
        ..PatientChange::default()
    };
    desk.rosa
        .change_patient(anna, &phone("030 5550"), None)
        .await
        .unwrap();
    let merge = desk.merge(ana.id, anna).await.value.merge.id;
    desk.rosa
        .change_patient(ana.id, &phone("030 5551"), None)
        .await
        .unwrap();
    desk.rosa.unlink_account(ana.id, None).await.unwrap();
    desk.on.account(Role::Patient, "cid").await;
    let cid = desk.found("cid").await[0];
    desk.rosa
        .change_patient(cid, &phone("030 5550"), None)
        .await
        .unwrap();
    let unmerge = format!("{}unmerge/", path(ana.id));
    let (status_code, problem) = post(&desk.rosa, &unmerge, json!({ "merge": merge })).await;
    assert_eq!(status_code, StatusCode::CONFLICT);
    assert_eq!(problem["code"], "unmerge_conflict");
    assert_eq!(
        codes(&problem),
        ["field_changed", "account_changed", "phone_taken"]
    );
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("another phone")
    );
    // Put back by hand, it can be parted.
    desk.rosa
        .change_patient(cid, &phone("030 5552"), None)
        .await
        .unwrap();
    desk.rosa
        .link_account(ana.id, "anna@example.org", None)
        .await
        .unwrap();
    desk.rosa
        .change_patient(ana.id, &phone("030 5550"), None)
        .await
        .unwrap();
    let parted = desk
        .rosa
        .unmerge_patients(ana.id, merge, None)
        .await
        .unwrap()
        .value;
    assert_eq!(parted.restored.username.as_deref(), Some("anna"));
    assert_eq!(
        (parted.patient.username, parted.patient.phone),
        (None, None)
    );
}

async fn merges_are_parted_from_the_newest_on(on: TestServer) {
    let desk = desk(on).await;
    let (a, b, c) = (
        desk.plain("Ana").await,
        desk.plain("Bea").await,
        desk.plain("Cleo").await,
    );
    let visit = desk.book(a.id, desk.dora, "09:00").await;
    let first = desk.merge(b.id, a.id).await.value.merge.id;
    let second = desk.merge(c.id, b.id).await.value.merge.id;
    assert_eq!(desk.whose(visit).await, c.id);
    assert_eq!(desk.found(&a.record_number).await, [c.id], "through both");
    let (_, problem) = get(&desk.rosa, &path(a.id)).await;
    assert_eq!(problem["merged_into"], json!(c.id));
    let early = desk
        .rosa
        .unmerge_patients(b.id, first, None)
        .await
        .unwrap_err();
    assert_eq!(early.refused().unwrap().code, "merged");
    desk.rosa
        .unmerge_patients(c.id, second, None)
        .await
        .unwrap();
    assert_eq!(desk.whose(visit).await, b.id);
    assert_eq!(desk.found(&a.record_number).await, [b.id]);
    desk.rosa.unmerge_patients(b.id, first, None).await.unwrap();
    assert_eq!(desk.whose(visit).await, a.id);
}

/// An account without a record of its own.
async fn lone_account(desk: &Desk, username: &str) -> Client {
    desk.on.account(Role::Patient, username).await;
    let client = desk.on.signed_in(username).await;
    let (_, own) = get(&client, "/patients/").await;
    let number = own["results"][0]["id"].clone();
    let path = format!("/patients/{number}/");
    let deleted = crate::support::server::request(
        &client,
        clinic_shared::client::reqwest::Method::DELETE,
        &path,
    );
    assert!(deleted.send().await.unwrap().status().is_success());
    client
}

async fn a_linked_patient_sees_what_is_theirs_and_is_told(on: TestServer) {
    let desk = desk(on).await;
    let client = lone_account(&desk, "ana").await;
    let ana = desk.plain("Ana Kovač").await;
    let visit = desk.book(ana.id, desk.dora, "09:00").await;
    let (_, seen) = get(&client, "/appointments/").await;
    assert_eq!(seen["count"], 0);
    let linked = desk
        .rosa
        .link_account(ana.id, "Ana@example.org", Some("\"v1\""))
        .await;
    let linked = linked.unwrap();
    assert_eq!(linked.value.username.as_deref(), Some("ana"));
    assert_eq!(linked.value.email.as_deref(), Some("ana@example.org"));
    let (_, seen) = get(&client, "/appointments/").await;
    assert_eq!(seen["results"][0]["id"], visit, "in the same session");
    let twice = desk
        .rosa
        .link_account(ana.id, "ana@example.org", None)
        .await
        .unwrap_err();
    assert_eq!(twice.refused().unwrap().code, "has_account");
    let late = desk.rosa.unlink_account(ana.id, Some("\"v1\"")).await;
    assert_eq!(status(late), 412);
    desk.rosa
        .unlink_account(ana.id, linked.etag.as_deref())
        .await
        .unwrap();
    let (_, seen) = get(&client, "/appointments/").await;
    assert_eq!(seen["count"], 0);
    assert_eq!(desk.whose(visit).await, ana.id, "the record stays");
    assert_eq!(status(desk.rosa.unlink_account(ana.id, None).await), 404);
    let mails = desk.on.mails_to("ana@example.org").await;
    let told = mails
        .iter()
        .filter(|mail| mail.subject.contains("patient record"));
    assert_eq!(told.count(), 2);
    let audit = desk.on.audit(10).await;
    for action in ["link_account", "unlink_account"] {
        assert!(audit.iter().any(|row| row.1 == action), "{audit:?}");
    }
}

async fn an_empty_record_of_the_account_is_taken_in_and_one_in_use_is_not(on: TestServer) {
    let desk = desk(on).await;
    desk.on.account(Role::Patient, "ana").await;
    desk.on.account(Role::Patient, "ben").await;
    let (own, used) = (desk.found("ana").await[0], desk.found("ben").await[0]);
    let record = desk.plain("Ana Kovač").await;
    let visit = desk.book(record.id, desk.dora, "09:00").await;
    desk.book(used, desk.emil, "10:00").await;
    let refused = desk
        .rosa
        .link_account(record.id, "ben@example.org", None)
        .await;
    assert_eq!(
        refused.unwrap_err().refused().unwrap().code,
        "account_has_record"
    );
    let linked = desk
        .rosa
        .link_account(record.id, "ana@example.org", None)
        .await
        .unwrap();
    assert_eq!(linked.value.full_name, "Ana Kovač");
    assert_eq!(linked.value.username.as_deref(), Some("ana"));
    let (_, problem) = get(&desk.rosa, &path(own)).await;
    assert_eq!(problem["merged_into"], json!(record.id));
    let client = desk.on.signed_in("ana").await;
    let (_, seen) = get(&client, "/appointments/").await;
    assert_eq!(seen["results"][0]["id"], visit);
    // It was a merge, so it can be parted like one.
    let merge = desk.rosa.merges(record.id).await.unwrap()[0].id;
    let parted = desk
        .rosa
        .unmerge_patients(record.id, merge, None)
        .await
        .unwrap()
        .value;
    assert_eq!(parted.restored.username.as_deref(), Some("ana"));
    assert_eq!(parted.patient.username, None);
}

async fn only_a_proved_patients_account_is_linked(on: TestServer) {
    let desk = desk(on).await;
    let ana = desk.plain("Ana").await;
    let register = json!({ "username": "eve", "email": "eve@example.org", "password": "long enough 1",
        "confirm_password": "long enough 1" });
    let anonymous = desk.on.anonymous();
    let made = post(&anonymous, "/api/user/register/", register).await;
    assert_eq!(made.0, StatusCode::CREATED, "{}", made.1);
    for email in [
        "nobody@example.org",
        "rosa@example.org",
        "dora@example.org",
        "eve@example.org",
    ] {
        let refused = desk
            .rosa
            .link_account(ana.id, email, None)
            .await
            .unwrap_err();
        let refused = refused.refused().unwrap();
        assert_eq!(refused.status, 400, "{email}");
        assert!(refused.fields.first("email").is_some(), "{refused:?}");
    }
    assert_eq!(desk.rosa.patient(ana.id).await.unwrap().value.version, 1);
}

async fn nothing_is_booked_for_a_record_that_is_being_merged(on: TestServer) {
    let desk = desk(on).await;
    for _ in 0..6 {
        let ana = desk.plain("Ana").await;
        let twin = desk.plain("Anna").await;
        let mut booking = tokio::task::JoinSet::new();
        for at in 9..13 {
            for (doctor, minute) in [(desk.dora, "00"), (desk.emil, "30")] {
                let form = desk.form(twin.id, doctor, &format!("{at:02}:{minute}"));
                let rosa = desk.rosa.clone();
                booking.spawn(async move { rosa.book(&form).await.map(|made| made.value.id) });
            }
        }
        let rosa = desk.rosa.clone();
        let merging =
            tokio::spawn(async move { rosa.merge_patients(ana.id, &into(twin.id), None).await });
        let mut made = Vec::new();
        for outcome in booking.join_all().await {
            match outcome {
                Ok(id) => made.push(id),
                Err(error) => {
                    let refused = error.refused().unwrap().clone();
                    assert!([400, 404].contains(&refused.status), "{refused:?}");
                }
            }
        }
        let merge = merging.await.unwrap().unwrap().value.merge;
        assert_eq!(
            merge.appointments.len(),
            made.len(),
            "all that was booked moved"
        );
        for id in &made {
            assert_eq!(desk.whose(*id).await, ana.id);
            let reason = json!({ "by": "patient" });
            let cancel = format!("/v1/api/desk/appointments/{id}/cancel/");
            let (status, body) = post(&desk.rosa, &cancel, reason).await;
            assert_eq!(status, StatusCode::OK, "{body}");
        }
    }
}

async fn of_two_who_merge_each_into_the_other_one_does(on: TestServer) {
    let desk = desk(on).await;
    for _ in 0..10 {
        let (a, b) = (desk.plain("Ana").await, desk.plain("Anna").await);
        let go = |id: Uuid, other: Uuid| {
            let rosa = desk.rosa.clone();
            tokio::spawn(async move { rosa.merge_patients(id, &into(other), None).await })
        };
        let (one, two) = (go(a.id, b.id), go(b.id, a.id));
        let both = [one.await.unwrap(), two.await.unwrap()];
        let done = both.iter().filter(|one| one.is_ok()).count();
        assert_eq!(done, 1);
        for refused in both.into_iter().filter_map(Result::err) {
            assert_eq!(refused.refused().unwrap().code, "merged");
        }
    }
}
