//! `/v1/api/user/` from registering to a new address, through the typed client and the mails
//! (API.md §2, §4).

use clinic_shared::Role;
use clinic_shared::client::reqwest::{Method, StatusCode};
use clinic_shared::client::{Client, Error, SignedIn};
use clinic_shared::v1::user::{MeChange, RegisterV1};
use serde_json::json;

use crate::support::db::TestDb;
use crate::support::server::{PASSWORD, TestServer, get, keys, post, send, status};
use crate::support::{on_both, on_both_databases};

on_both! {
    registering_activating_signing_in_and_refreshing,
    the_patient_row_is_made_at_activation_and_never_before,
    a_known_address_answers_alike_and_its_owner_is_told,
    registering_again_replaces_name_and_password_and_voids_the_code,
    an_account_of_classic_is_not_taken_over_by_registering,
    a_classic_account_proves_its_address,
    a_forgotten_password_is_set_by_a_code_which_proves_the_address,
    a_weak_new_password_does_not_use_the_code_up,
    an_address_changes_by_a_code_to_the_new_one_and_the_password,
    classics_profile_asks_for_the_code_and_shows_the_old_address,
    an_address_that_somebody_took_meanwhile_is_refused,
    me_changes_names_and_the_switch_and_nothing_else,
    own_sessions_are_listed_and_ended,
    signing_out_takes_the_refresh_token_or_the_bearer,
    unactivated_accounts_go_after_a_week,
    every_field_that_is_wrong_is_told,
    an_address_may_hold_what_a_username_may_not,
}

on_both_databases! {
    a_code_is_asked_for_where_the_setting_says_so,
    an_accounts_own_switch_asks_for_a_code_and_closes_classic,
}

const ANA: &str = "ana@example.org";

fn form(email: &str) -> RegisterV1 {
    RegisterV1 {
        email: email.to_owned(),
        password: "Pass1234".to_owned(),
        password2: None,
        first_name: Some("Ana".to_owned()),
        last_name: Some("Sousa".to_owned()),
    }
}

/// Registers and activates.
async fn activated(on: &TestServer, email: &str) -> Client {
    let client = on.anonymous();
    client.register_v1(&form(email)).await.unwrap();
    let code = on.code_to(email).await;
    client.activate(email, &code).await.unwrap();
    client
}

async fn registering_activating_signing_in_and_refreshing(on: TestServer) {
    let client = on.anonymous();
    let registered = client.register_v1(&form(ANA)).await.unwrap();
    assert_eq!(
        (registered.user.email.as_str(), registered.user.is_verified),
        (ANA, false)
    );
    // Before the code: told only to the right password.
    let refused = client.sign_in_v1(ANA, "Pass1234").await.unwrap_err();
    let refused = refused.refused().unwrap().clone();
    assert_eq!(
        (refused.status, refused.code.as_str()),
        (403, "account_not_verified")
    );
    assert_eq!(status(client.sign_in_v1(ANA, "wrong").await), 401);
    assert_eq!(
        status(client.sign_in(ANA, "Pass1234").await),
        403,
        "classic too"
    );

    let code = on.code_to(ANA).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(status(client.activate(ANA, wrong).await), 400);
    let activated = client.activate(ANA, &code).await.unwrap();
    assert!(activated.user.is_verified);
    let me = client.me().await.unwrap();
    assert_eq!(
        (me.email.as_str(), me.username.as_str(), me.role),
        (ANA, ANA, Role::Patient)
    );
    assert_eq!(
        status(on.anonymous().activate(ANA, &code).await),
        400,
        "once"
    );

    let again = on.anonymous();
    let signed_in = again
        .sign_in_v1("ANA@example.org", "Pass1234")
        .await
        .unwrap();
    assert!(matches!(signed_in, SignedIn::Tokens(_)));
    let first = again.tokens().unwrap();
    on.wait(5 * 60);
    again.me().await.unwrap();
    let second = again.tokens().unwrap();
    assert!(first.refresh != second.refresh, "pairs rotate");
    again.verify_token(&second.access).await.unwrap();
    again.verify_token(&second.refresh).await.unwrap();
    assert_eq!(status(again.verify_token(&first.refresh).await), 401);
    assert_eq!(status(again.verify_token("rubbish").await), 401);
    let (answer, body) = post(
        &on.anonymous(),
        "/v1/api/user/token/verify/",
        json!({ "token": second.access }),
    )
    .await;
    assert_eq!((answer, body), (StatusCode::OK, json!({})));
}

async fn the_patient_row_is_made_at_activation_and_never_before(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let count = async || get(&rosa, "/patients/").await.1["count"].clone();
    on.anonymous().register_v1(&form(ANA)).await.unwrap();
    assert_eq!(count().await, 0);
    let code = on.code_to(ANA).await;
    let ana = on.anonymous();
    ana.activate(ANA, &code).await.unwrap();
    assert_eq!(count().await, 1);
    let (_, own) = get(&ana, "/patients/").await;
    assert_eq!(own["results"][0]["user"], "Ana Sousa");
}

async fn a_known_address_answers_alike_and_its_owner_is_told(on: TestServer) {
    activated(&on, ANA).await;
    let (new, known) = (
        on.anonymous().register_v1(&form("new@example.org")).await,
        on.anonymous().register_v1(&form(ANA)).await,
    );
    let (new, known) = (new.unwrap(), known.unwrap());
    assert_eq!(new.message, known.message);
    assert_eq!(known.user.email, ANA);
    assert!(!known.user.is_verified, "nobody learns that it was proved");
    let mails = on.mails_to(ANA).await;
    let last = mails.last().unwrap();
    assert!(
        last.subject.contains("You have an account already"),
        "{last:?}"
    );
    // The password is what it was.
    on.anonymous().sign_in_v1(ANA, "Pass1234").await.unwrap();
}

async fn registering_again_replaces_name_and_password_and_voids_the_code(on: TestServer) {
    let client = on.anonymous();
    client.register_v1(&form(ANA)).await.unwrap();
    let old = on.code_to(ANA).await;
    on.wait(61);
    let again = RegisterV1 {
        password: "another fine one".to_owned(),
        first_name: Some("Anna".to_owned()),
        ..form(ANA)
    };
    client.register_v1(&again).await.unwrap();
    let new = on.code_to(ANA).await;
    if old != new {
        assert_eq!(status(client.activate(ANA, &old).await), 400);
    }
    client.activate(ANA, &new).await.unwrap();
    assert_eq!(client.me().await.unwrap().first_name, "Anna");
    assert_eq!(
        status(on.anonymous().sign_in_v1(ANA, "Pass1234").await),
        401
    );
    on.anonymous()
        .sign_in_v1(ANA, "another fine one")
        .await
        .unwrap();
}

async fn an_account_of_classic_is_not_taken_over_by_registering(on: TestServer) {
    let body = json!({
        "username": "ana", "email": ANA, "password": "Pass1234", "confirm_password": "Pass1234",
    });
    post(&on.anonymous(), "/api/user/register/", body).await;
    let thief = RegisterV1 {
        password: "the thief's own".to_owned(),
        ..form(ANA)
    };
    on.anonymous().register_v1(&thief).await.unwrap();
    assert_eq!(
        status(on.anonymous().sign_in("ana", "the thief's own").await),
        401
    );
    on.anonymous().sign_in("ana", "Pass1234").await.unwrap();
}

async fn a_classic_account_proves_its_address(on: TestServer) {
    let ana = on.anonymous();
    let body = json!({
        "username": "ana", "email": ANA, "password": "Pass1234", "confirm_password": "Pass1234",
    });
    post(&ana, "/api/user/register/", body).await;
    ana.sign_in("ana", "Pass1234").await.unwrap();
    assert_eq!(status(ana.me().await), 403);
    on.anonymous().resend_activation_code(ANA).await.unwrap();
    let code = on.code_to(ANA).await;
    on.anonymous().activate(ANA, &code).await.unwrap();
    // The session that was there may go on, now proved.
    assert!(ana.me().await.unwrap().is_verified);
    let (_, own) = get(&ana, "/patients/").await;
    assert_eq!(own["count"], 1, "no second patient row: {own}");
}

async fn a_forgotten_password_is_set_by_a_code_which_proves_the_address(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let v1 = on.anonymous();
    v1.sign_in_v1("rosa@example.org", PASSWORD).await.unwrap();
    let stranger = on.anonymous();
    stranger.forgot_password("rosa@example.org").await.unwrap();
    let code = on.code_to("rosa@example.org").await;
    let new = "a fine new passphrase";
    stranger
        .reset_password("rosa@example.org", &code, new)
        .await
        .unwrap();
    assert_eq!(rosa.me().await, Err(Error::SignedOut));
    assert_eq!(v1.me().await, Err(Error::SignedOut));
    assert_eq!(status(on.anonymous().sign_in("rosa", PASSWORD).await), 401);
    on.anonymous().sign_in("rosa", new).await.unwrap();
    let mails = on.mails_to("rosa@example.org").await;
    assert!(
        mails
            .last()
            .unwrap()
            .subject
            .contains("Your password was changed")
    );
    assert_eq!(
        status(
            stranger
                .reset_password("rosa@example.org", &code, "yet another one")
                .await
        ),
        400,
        "once"
    );
    for path in ["forget-password/otp/send/", "forget-password/otp/resend/"] {
        let body = json!({ "email": "nobody@example.org" });
        let (answer, _) = post(&stranger, &format!("/v1/api/user/{path}"), body).await;
        assert_eq!(answer, StatusCode::OK, "{path}");
    }
}

async fn a_weak_new_password_does_not_use_the_code_up(on: TestServer) {
    on.account(Role::Receptionist, "rosa").await;
    let client = on.anonymous();
    client.forgot_password("rosa@example.org").await.unwrap();
    let code = on.code_to("rosa@example.org").await;
    let weak = client
        .reset_password("rosa@example.org", &code, "short pw")
        .await;
    let weak = weak.unwrap_err();
    assert!(
        weak.refused()
            .unwrap()
            .fields
            .first("new_password")
            .is_some(),
        "{weak:?}"
    );
    client
        .reset_password("rosa@example.org", &code, "long enough for staff")
        .await
        .unwrap();
}

async fn an_address_changes_by_a_code_to_the_new_one_and_the_password(on: TestServer) {
    let ana = activated(&on, ANA).await;
    on.wait(61);
    let new = "ana.sousa@example.net";
    ana.ask_email_change(new).await.unwrap();
    assert_eq!(ana.me().await.unwrap().email, ANA, "not yet");
    let notice = on.mails_to(ANA).await;
    assert!(notice.last().unwrap().subject.contains("about to change"));
    let code = on.code_to(new).await;
    assert_eq!(status(ana.confirm_email_change(&code, "wrong").await), 400);
    let me = ana.confirm_email_change(&code, "Pass1234").await.unwrap();
    assert_eq!(
        (me.email.as_str(), me.username.as_str(), me.is_verified),
        (new, new, true)
    );
    assert_eq!(
        status(on.anonymous().sign_in_v1(ANA, "Pass1234").await),
        401
    );
    on.anonymous().sign_in_v1(new, "Pass1234").await.unwrap();
}

async fn classics_profile_asks_for_the_code_and_shows_the_old_address(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (_, mine) = get(&rosa, "/api/user/profiles/me/").await;
    let path = format!("/api/user/profiles/{}/", mine["id"]);
    let body = json!({ "email": "rosa@winter.example" });
    let (answer, shown) = send(&rosa, Method::PATCH, &path, body).await;
    assert_eq!(
        (answer, &shown["user"]["email"]),
        (StatusCode::OK, &json!("rosa@example.org"))
    );
    let code = on.code_to("rosa@winter.example").await;
    let me = rosa.confirm_email_change(&code, PASSWORD).await.unwrap();
    assert_eq!(
        (me.email.as_str(), me.username.as_str()),
        ("rosa@winter.example", "rosa")
    );
}

async fn an_address_that_somebody_took_meanwhile_is_refused(on: TestServer) {
    let ana = activated(&on, ANA).await;
    on.wait(61);
    ana.ask_email_change("rosa@example.org").await.unwrap();
    let code = on.code_to("rosa@example.org").await;
    on.account(Role::Receptionist, "rosa").await;
    let refused = ana
        .confirm_email_change(&code, "Pass1234")
        .await
        .unwrap_err();
    assert!(
        refused.refused().unwrap().fields.first("email").is_some(),
        "{refused:?}"
    );
    assert_eq!(ana.me().await.unwrap().email, ANA);
}

async fn me_changes_names_and_the_switch_and_nothing_else(on: TestServer) {
    let ana = activated(&on, ANA).await;
    let change = MeChange {
        first_name: Some("Anna".to_owned()),
        login_codes: Some(true),
        ..MeChange::default()
    };
    let me = ana.change_me(&change).await.unwrap();
    assert_eq!(
        (me.first_name.as_str(), me.last_name.as_str()),
        ("Anna", "Sousa")
    );
    assert!(me.login_codes && me.signs_in_with_code);
    let (_, own) = get(&ana, "/patients/").await;
    assert_eq!(own["results"][0]["user"], "Anna Sousa");
    // What GET gave can be sent back; what is unknown can't.
    let (_, shown) = get(&ana, "/v1/api/user/me/").await;
    let (answer, _) = send(&ana, Method::PATCH, "/v1/api/user/me/", shown).await;
    assert_eq!(answer, StatusCode::OK);
    let (answer, body) = send(
        &ana,
        Method::PATCH,
        "/v1/api/user/me/",
        json!({"is_staff": true}),
    )
    .await;
    assert_eq!(answer, StatusCode::BAD_REQUEST);
    assert_eq!(keys(&body["errors"]), ["is_staff"]);
}

async fn own_sessions_are_listed_and_ended(on: TestServer) {
    let here = activated(&on, ANA).await;
    on.wait(1);
    let there = on.anonymous();
    there.sign_in("ana@example.org", "Pass1234").await.unwrap();
    let sessions = here.sessions().await.unwrap();
    let shown: Vec<_> = sessions
        .iter()
        .map(|session| (session.family.as_str(), session.is_current))
        .collect();
    assert_eq!(shown, [("classic", false), ("v1", true)]);
    assert_eq!(sessions[0].address.as_deref(), Some("127.0.0.1"));
    here.end_session(sessions[0].id).await.unwrap();
    assert_eq!(there.me().await, Err(Error::SignedOut));
    assert_eq!(status(here.end_session(sessions[0].id).await), 404);
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    assert_eq!(
        status(rosa.end_session(sessions[1].id).await),
        404,
        "somebody else's"
    );
    here.me().await.unwrap();
}

async fn signing_out_takes_the_refresh_token_or_the_bearer(on: TestServer) {
    activated(&on, ANA).await;
    let path = "/v1/api/user/logout/";
    let by_bearer = on.anonymous();
    by_bearer.sign_in_v1(ANA, "Pass1234").await.unwrap();
    let none = clinic_shared::client::reqwest::Method::POST;
    let request = by_bearer.request(none, path).unwrap();
    let bearer = by_bearer.tokens().unwrap().access;
    let answer = request.bearer_auth(bearer).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(by_bearer.me().await, Err(Error::SignedOut));

    let by_token = on.anonymous();
    by_token.sign_in_v1(ANA, "Pass1234").await.unwrap();
    let body = json!({ "refresh": by_token.tokens().unwrap().refresh });
    assert_eq!(post(&on.anonymous(), path, body).await.0, StatusCode::OK);
    assert_eq!(by_token.me().await, Err(Error::SignedOut));
    assert_eq!(
        post(&on.anonymous(), path, json!({})).await.0,
        StatusCode::UNAUTHORIZED
    );
    let rubbish = json!({ "refresh": "rubbish" });
    assert_eq!(
        post(&on.anonymous(), path, rubbish).await.0,
        StatusCode::BAD_REQUEST
    );
}

async fn unactivated_accounts_go_after_a_week(on: TestServer) {
    on.anonymous().register_v1(&form(ANA)).await.unwrap();
    on.anonymous()
        .register_v1(&form("ben@example.org"))
        .await
        .unwrap();
    let code = on.code_to("ben@example.org").await;
    on.anonymous()
        .activate("ben@example.org", &code)
        .await
        .unwrap();
    let count = async || {
        let filter = clinic_server::store::account_lists::AccountFilter::default();
        let mut reader = on.server.clinic.db.read().await.unwrap();
        clinic_server::store::account_lists::count(&mut reader, &filter)
            .await
            .unwrap()
    };
    assert_eq!(count().await, 2);
    for (days, left) in [(6, 2), (2, 1)] {
        on.wait(days * 86_400);
        nights_work(&on).await;
        assert_eq!(count().await, left, "after {days} days more");
    }
    on.anonymous()
        .sign_in_v1("ben@example.org", "Pass1234")
        .await
        .unwrap();
    let rows = on.audit(50).await;
    assert!(rows.iter().any(|(_, action, _)| action == "purge_account"));
}

/// Lets the server notice that the night has come, and do its work.
async fn nights_work(on: &TestServer) {
    on.server.clinic.jobs.wake();
    for _ in 0..500 {
        let night = on.clock.now().format("%Y-%m-%d").to_string();
        let mut reader = on.server.clinic.db.read().await.unwrap();
        let asked = clinic_server::store::jobs::list(&mut reader, None, 500)
            .await
            .unwrap();
        drop(reader);
        let tonight = |row: &&clinic_server::store::jobs::JobRow| {
            row.kind == "purge_unactivated"
                && row.created_at.format("%Y-%m-%d").to_string() == night
        };
        if asked.iter().any(|row| tonight(&row)) {
            return on.settle().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the night's work was not asked for");
}

async fn every_field_that_is_wrong_is_told(on: TestServer) {
    let body = json!({ "email": "nowhere", "password": "short", "password2": "other" });
    let (answer, body) = post(&on.anonymous(), "/v1/api/user/register/", body).await;
    assert_eq!(answer, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&body["errors"]),
        ["email", "password", "password2"],
        "{body}"
    );
    let unknown = json!({ "email": ANA, "password": "Pass1234", "is_staff": true });
    let (answer, body) = post(&on.anonymous(), "/v1/api/user/register/", unknown).await;
    assert_eq!(
        (answer, keys(&body["errors"])),
        (StatusCode::BAD_REQUEST, vec!["is_staff"])
    );
}

async fn a_code_is_asked_for_where_the_setting_says_so(db: TestDb) {
    let on = TestServer::start_with(db, &[("LOGIN_OTP", "staff")]).await;
    on.account(Role::Receptionist, "rosa").await;
    on.account(Role::Doctor, "dora").await;
    let dora = on
        .anonymous()
        .sign_in_v1("dora@example.org", PASSWORD)
        .await
        .unwrap();
    assert!(matches!(dora, SignedIn::Tokens(_)));
    let rosa = on.anonymous();
    let email = "rosa@example.org";
    assert_eq!(status(rosa.sign_in_v1(email, "wrong").await), 401);
    assert_eq!(
        on.mails_to(email).await.len(),
        0,
        "no code without the password"
    );
    on.anonymous().resend_login_code(email).await.unwrap();
    assert_eq!(
        on.mails_to(email).await.len(),
        0,
        "none by asking again either"
    );
    on.wait(61);
    assert_eq!(
        rosa.sign_in_v1(email, PASSWORD).await.unwrap(),
        SignedIn::CodeAsked
    );
    let first = on.code_to(email).await;
    on.anonymous().resend_login_code(email).await.unwrap();
    assert_eq!(on.mails_to(email).await.len(), 1, "once a minute");
    on.wait(61);
    on.anonymous().resend_login_code(email).await.unwrap();
    assert_eq!(on.mails_to(email).await.len(), 2);
    let second = on.code_to(email).await;
    if first != second {
        assert_eq!(status(rosa.verify_login_code(email, &first).await), 400);
    }
    rosa.verify_login_code(email, &second).await.unwrap();
    assert!(rosa.me().await.unwrap().signs_in_with_code);
    assert_eq!(
        status(rosa.verify_login_code(email, &second).await),
        400,
        "once"
    );
    assert_eq!(
        status(rosa.verify_login_code("nobody@example.org", "123456").await),
        400
    );
}

async fn an_accounts_own_switch_asks_for_a_code_and_closes_classic(db: TestDb) {
    let on = TestServer::start_with(db, &[]).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let on_switch = MeChange {
        login_codes: Some(true),
        ..MeChange::default()
    };
    rosa.change_me(&on_switch).await.unwrap();
    let body = json!({ "username": "rosa", "password": PASSWORD });
    let (answer, body) = post(&on.anonymous(), "/api/user/login/", body).await;
    assert_eq!(answer, StatusCode::FORBIDDEN);
    assert_eq!(
        (keys(&body), &body["code"]),
        (vec!["code", "detail"], &json!("login_code_required"))
    );
    assert_eq!(
        status(on.anonymous().sign_in("rosa", "wrong").await),
        401,
        "not told to others"
    );
    let v1 = on.anonymous();
    let asked = v1.sign_in_v1("rosa@example.org", PASSWORD).await.unwrap();
    assert_eq!(asked, SignedIn::CodeAsked);
}

async fn an_address_may_hold_what_a_username_may_not(on: TestServer) {
    let email = "o'brien!x@example.org";
    let client = activated(&on, email).await;
    assert_eq!(client.me().await.unwrap().username, email);
}
