//! `/v1/api/desk/users/` and `/v1/api/user/list/`: accounts as admins keep them (API.md §4, §7).

use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{Client, UserQuery};
use clinic_shared::desk::users::{Invitation, UserChange};
use serde_json::json;

use crate::support::on_both;
use crate::support::server::{PASSWORD, TestServer, get, keys, post, read, request, status};

on_both! {
    somebody_invited_sets_a_password_and_signs_in,
    only_admins_see_and_change_accounts,
    lists_are_filtered_and_scrolled,
    a_change_is_conditional_and_audited,
    the_last_admin_stays_also_in_a_race,
    invitations_tell_everything_that_is_wrong,
    a_fault_is_told_before_a_stale_tag,
}

fn invitation(email: &str, role: Role) -> Invitation {
    Invitation {
        email: email.to_owned(),
        username: None,
        role,
        first_name: Some("Rosa".to_owned()),
        last_name: Some("Winter".to_owned()),
    }
}

async fn somebody_invited_sets_a_password_and_signs_in(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let email = "rosa@example.org";
    let made = ada
        .invite_user(&invitation(email, Role::Receptionist))
        .await
        .unwrap();
    assert_eq!(made.value.username, email);
    assert!(!made.value.has_password && !made.value.is_verified && made.value.is_active);
    let mails = on.mails_to(email).await;
    assert!(
        mails[0].raw.contains("An account was made for you"),
        "{}",
        mails[0].raw
    );
    let rosa = on.anonymous();
    assert_eq!(
        status(rosa.sign_in_v1(email, PASSWORD).await),
        401,
        "there is no password yet"
    );
    rosa.reset_password(email, &mails[0].code(), PASSWORD)
        .await
        .unwrap();
    rosa.sign_in_v1(email, PASSWORD).await.unwrap();
    assert_eq!(rosa.me().await.unwrap().role, Role::Receptionist);
    let shown = ada.user(made.value.id).await.unwrap().value;
    assert!(shown.has_password && shown.is_verified);
}

async fn only_admins_see_and_change_accounts(on: TestServer) {
    let ada = on.account(Role::Admin, "ada").await;
    for role in [Role::Receptionist, Role::Doctor, Role::Patient] {
        let client = on.sign_in(role, role.as_str()).await;
        assert_eq!(status(client.users(&UserQuery::default()).await), 403);
        assert_eq!(status(client.user(ada.uid).await), 403);
        assert_eq!(
            status(
                client
                    .change_user(ada.uid, &UserChange::default(), None)
                    .await
            ),
            403
        );
        assert_eq!(status(client.end_user_sessions(ada.uid).await), 403);
        let invited = client
            .invite_user(&invitation("x@example.org", Role::Admin))
            .await;
        assert_eq!(status(invited), 403);
        assert_eq!(
            get(&client, "/v1/api/user/list/").await.0,
            StatusCode::FORBIDDEN
        );
    }
    assert_eq!(
        get(&on.anonymous(), "/v1/api/user/list/").await.0,
        StatusCode::UNAUTHORIZED
    );
}

async fn lists_are_filtered_and_scrolled(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    for (name, role) in [
        ("rosa", Role::Receptionist),
        ("dora", Role::Doctor),
        ("ben", Role::Patient),
    ] {
        on.account_of(role, name, ("Name", name)).await;
    }
    let (_, all) = get(&ada, "/v1/api/user/list/").await;
    assert_eq!(keys(&all), ["count", "next", "previous", "results"]);
    assert_eq!(all["count"], 4);
    let text = all.to_string();
    assert!(
        !text.contains("password_hash") && !text.contains("argon2"),
        "{text}"
    );
    for (query, names) in [
        ("search=ROSA", vec!["rosa"]),
        ("search=name+dora", vec!["dora"]),
        ("search=100%25", vec![]),
        ("role=patient", vec!["ben"]),
        ("is_active=false", vec![]),
        ("role=doctor&is_active=true", vec!["dora"]),
    ] {
        let (_, page) = get(&ada, &format!("/v1/api/user/list/?{query}")).await;
        let found: Vec<_> = page["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["username"].clone())
            .collect();
        assert_eq!(found, names, "{query}");
    }
    assert_eq!(
        get(&ada, "/v1/api/user/list/?role=boss").await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        get(&ada, "/v1/api/user/list/?page=9").await.0,
        StatusCode::NOT_FOUND
    );
    let mut query = UserQuery {
        limits: Some(2),
        ..UserQuery::default()
    };
    let first = ada.users(&query).await.unwrap();
    let cursor = first.next.unwrap();
    query.cursor = cursor.split("cursor=").nth(1).map(str::to_owned);
    let second = ada.users(&query).await.unwrap();
    let names: Vec<_> = first
        .results
        .iter()
        .chain(&second.results)
        .map(|user| user.username.as_str())
        .collect();
    assert_eq!(names, ["ada", "rosa", "dora", "ben"]);
    assert_eq!(second.next, None);
}

async fn a_change_is_conditional_and_audited(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let rosa = on.account(Role::Receptionist, "rosa").await;
    let seen = ada.user(rosa.uid).await.unwrap();
    let change = UserChange {
        last_name: Some("Sommer".to_owned()),
        ..UserChange::default()
    };
    let changed = ada
        .change_user(rosa.uid, &change, seen.etag.as_deref())
        .await
        .unwrap();
    assert_eq!(changed.value.last_name, "Sommer");
    let stale = UserChange {
        role: Some(Role::Admin),
        ..UserChange::default()
    };
    assert_eq!(
        status(
            ada.change_user(rosa.uid, &stale, seen.etag.as_deref())
                .await
        ),
        412
    );
    let promoted = ada
        .change_user(rosa.uid, &stale, changed.etag.as_deref())
        .await
        .unwrap();
    assert_eq!(promoted.value.role, Role::Admin);
    let mail = UserChange {
        email: Some("ROSA@winter.example".to_owned()),
        ..UserChange::default()
    };
    let moved = ada.change_user(rosa.uid, &mail, None).await.unwrap().value;
    assert_eq!(
        (moved.email.as_str(), moved.is_verified),
        ("ROSA@winter.example", false)
    );
    let taken = UserChange {
        email: Some("ada@example.org".to_owned()),
        ..UserChange::default()
    };
    let refused = ada.change_user(rosa.uid, &taken, None).await.unwrap_err();
    assert!(
        refused.refused().unwrap().fields.first("email").is_some(),
        "{refused:?}"
    );
    let changes = on
        .audit(20)
        .await
        .into_iter()
        .filter(|row| row.1 == "change_user")
        .count();
    assert_eq!(changes, 3);
}

async fn the_last_admin_stays_also_in_a_race(on: TestServer) {
    let (a, b) = (
        on.account(Role::Admin, "ada").await,
        on.account(Role::Admin, "bea").await,
    );
    let demote = UserChange {
        role: Some(Role::Patient),
        ..UserChange::default()
    };
    let promote = UserChange {
        role: Some(Role::Admin),
        ..UserChange::default()
    };
    for round in 0..10 {
        let (ada, bea) = (on.signed_in("ada").await, on.signed_in("bea").await);
        let (first, second) = tokio::join!(
            ada.change_user(b.uid, &demote, None),
            bea.change_user(a.uid, &demote, None),
        );
        assert!(
            first.is_ok() != second.is_ok(),
            "round {round}: {first:?} {second:?}"
        );
        let (left, own, other) = match first.is_ok() {
            true => (ada, a.uid, b.uid),
            false => (bea, b.uid, a.uid),
        };
        let refused = left.change_user(own, &demote, None).await.unwrap_err();
        assert_eq!(refused.refused().unwrap().code, "last_admin");
        left.change_user(other, &promote, None).await.unwrap();
    }
}

async fn invitations_tell_everything_that_is_wrong(on: TestServer) {
    let ada: Client = on.sign_in(Role::Admin, "ada").await;
    let body = json!({ "email": "nowhere", "role": "patient" });
    let (answer, body) = post(&ada, "/v1/api/desk/users/", body).await;
    assert_eq!(
        (answer, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["email", "role"]),
        "{body}"
    );
    let taken = ada
        .invite_user(&invitation("ada@example.org", Role::Doctor))
        .await;
    assert!(
        taken
            .unwrap_err()
            .refused()
            .unwrap()
            .fields
            .first("email")
            .is_some()
    );
}

/// RFC 9110 §13.2.1: what would be refused anyway is refused for that, not for a stale tag.
async fn a_fault_is_told_before_a_stale_tag(on: TestServer) {
    let ada = on.sign_in(Role::Admin, "ada").await;
    let rosa = on.account(Role::Receptionist, "rosa").await;
    let user = format!("/v1/api/desk/users/{}/", rosa.uid);
    for (path, body, field) in [
        (user.as_str(), json!({ "role": {} }), "role"),
        (
            "/v1/api/user/me/",
            json!({ "login_codes": {} }),
            "login_codes",
        ),
    ] {
        let sent = request(&ada, Method::PATCH, path).header("If-Match", "");
        let (told, answer) = read(sent.json(&body).send().await.unwrap()).await;
        assert_eq!(told, StatusCode::BAD_REQUEST, "{path}: {answer}");
        assert!(answer["errors"][field].is_array(), "{answer}");
        let sent = request(&ada, Method::PATCH, path).header("If-Match", "\"v99\"");
        let (told, _) = read(sent.json(&json!({})).send().await.unwrap()).await;
        assert_eq!(told, StatusCode::PRECONDITION_FAILED, "{path}");
    }
}
