//! What guessing costs (API.md §2, docs/decisions/0008).

use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::{PASSWORD, TestServer};

on_both_databases! {
    guesses_at_one_account_cost_more_and_more_whatever_their_address,
    a_stranger_does_not_keep_the_owner_out,
    a_restart_forgets_nothing,
    a_hundred_at_once_are_a_hundred,
    one_address_is_slowed_down_over_all_names,
    guesses_at_nobody_cost_the_same,
    the_old_password_is_guessed_at_no_faster,
    codes_are_guessed_at_no_faster,
}

/// The gate's own limit is wide here: it is the count in the database that is looked at. Clients'
/// addresses come from a proxy that is believed.
const SETTINGS: [(&str, &str); 2] = [
    ("RATE_LIMITS", "auth=100000/m,public=100000/m"),
    ("TRUSTED_PROXIES", "127.0.0.0/8"),
];

async fn started(db: TestDb) -> TestServer {
    let on = TestServer::start_with(db, &SETTINGS).await;
    on.account(Role::Receptionist, "rosa").await;
    on
}

/// Signs in on v1 from an address.
async fn try_from(client: &Client, address: &str, email: &str, password: &str) -> StatusCode {
    let body = json!({ "email": email, "password": password });
    let request = client.request(Method::POST, "/v1/api/user/login/").unwrap();
    let request = request.header("x-forwarded-for", address).json(&body);
    request.send().await.unwrap().status()
}

const ROSA: &str = "rosa@example.org";

async fn guesses_at_one_account_cost_more_and_more_whatever_their_address(db: TestDb) {
    let on = started(db).await;
    let client = on.anonymous();
    let mut last = 0;
    let mut guess = async || {
        last += 1;
        let address = format!("198.51.{}.{}", last / 200, last % 200 + 1);
        try_from(&client, &address, ROSA, "wrong").await
    };
    for _ in 0..6 {
        assert_eq!(guess().await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        guess().await,
        StatusCode::TOO_MANY_REQUESTS,
        "the sixth cost a second"
    );
    for seconds in [1, 2, 4, 8, 16, 32] {
        on.wait(seconds - 1);
        assert_eq!(
            guess().await,
            StatusCode::TOO_MANY_REQUESTS,
            "{seconds} s are not over"
        );
        on.wait(1);
        assert_eq!(guess().await, StatusCode::UNAUTHORIZED, "after {seconds} s");
    }
    on.wait(3600 + 1);
    for _ in 0..6 {
        assert_eq!(
            guess().await,
            StatusCode::UNAUTHORIZED,
            "an hour later it begins anew"
        );
    }
}

async fn a_stranger_does_not_keep_the_owner_out(db: TestDb) {
    let on = started(db).await;
    let client = on.anonymous();
    let desk = "192.0.2.10";
    assert_eq!(
        try_from(&client, desk, ROSA, PASSWORD).await,
        StatusCode::OK
    );
    // Guessing for a day from everywhere.
    for hour in 0..24 {
        for guess in 0..20 {
            try_from(&client, &format!("198.51.{hour}.{guess}"), ROSA, "wrong").await;
        }
        on.wait(3600);
    }
    for guess in 0..20 {
        try_from(&client, &format!("203.0.113.{guess}"), ROSA, "wrong").await;
    }
    let stranger = try_from(&client, "203.0.113.99", ROSA, PASSWORD).await;
    assert_eq!(stranger, StatusCode::TOO_MANY_REQUESTS, "strangers wait");
    assert_eq!(
        try_from(&client, desk, ROSA, PASSWORD).await,
        StatusCode::OK,
        "her own desk"
    );
    // Her own typing errors there are forgiven by the right password.
    for _ in 0..4 {
        assert_eq!(
            try_from(&client, desk, ROSA, "worng").await,
            StatusCode::UNAUTHORIZED
        );
    }
    assert_eq!(
        try_from(&client, desk, ROSA, PASSWORD).await,
        StatusCode::OK
    );
    for _ in 0..5 {
        assert_eq!(
            try_from(&client, desk, ROSA, "worng").await,
            StatusCode::UNAUTHORIZED
        );
    }
}

async fn a_restart_forgets_nothing(db: TestDb) {
    let on = started(db).await;
    for guess in 0..6 {
        try_from(
            &on.anonymous(),
            &format!("203.0.113.{guess}"),
            ROSA,
            "wrong",
        )
        .await;
    }
    let restarted = on.second().await;
    let client = Client::new(&restarted.url()).unwrap();
    let answer = try_from(&client, "203.0.113.99", ROSA, PASSWORD).await;
    assert_eq!(answer, StatusCode::TOO_MANY_REQUESTS);
    on.wait(1);
    assert_eq!(
        try_from(&client, "203.0.113.99", ROSA, PASSWORD).await,
        StatusCode::OK
    );
    restarted.shutdown().await;
}

async fn a_hundred_at_once_are_a_hundred(db: TestDb) {
    let on = started(db).await;
    let url = on.server.url();
    let tasks: Vec<_> = (0..100)
        .map(|guess| {
            let client = Client::new(&url).unwrap();
            tokio::spawn(async move {
                try_from(&client, &format!("198.51.100.{guess}"), ROSA, "wrong").await
            })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        match task.await.unwrap() {
            StatusCode::UNAUTHORIZED => taken += 1,
            other => assert_eq!(other, StatusCode::TOO_MANY_REQUESTS),
        }
    }
    assert_eq!(taken, 6, "the free ones, and the first that cost");
}

async fn one_address_is_slowed_down_over_all_names(db: TestDb) {
    let on = started(db).await;
    let client = on.anonymous();
    let mut taken = 0;
    for name in 0..100 {
        let email = format!("name{name}@example.org");
        if try_from(&client, "203.0.113.7", &email, "wrong").await == StatusCode::UNAUTHORIZED {
            taken += 1;
        }
    }
    assert_eq!(taken, 31);
    let elsewhere = try_from(&client, "203.0.113.8", ROSA, PASSWORD).await;
    assert_eq!(elsewhere, StatusCode::OK);
}

async fn guesses_at_nobody_cost_the_same(db: TestDb) {
    let on = started(db).await;
    let client = on.anonymous();
    let mut answers = [Vec::new(), Vec::new()];
    for guess in 0..12 {
        for (at, email) in [ROSA, "nobody@example.org"].into_iter().enumerate() {
            let address = format!("198.51.{at}.{guess}");
            answers[at].push(try_from(&client, &address, email, "wrong").await);
        }
        on.wait(1);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].contains(&StatusCode::TOO_MANY_REQUESTS));
}

async fn the_old_password_is_guessed_at_no_faster(db: TestDb) {
    let on = started(db).await;
    let rosa = on.signed_in("rosa").await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        let changed = rosa.change_password("wrong", "a fine new passphrase").await;
        answers.push(changed.unwrap_err().status().unwrap());
    }
    assert_eq!(answers, [400, 400, 400, 400, 400, 400, 429, 429]);
    on.wait(2);
    rosa.change_password(PASSWORD, "a fine new passphrase")
        .await
        .unwrap();
}

async fn codes_are_guessed_at_no_faster(db: TestDb) {
    let on = started(db).await;
    let client = on.anonymous();
    client.forgot_password(ROSA).await.unwrap();
    on.settle().await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        let entered = client
            .reset_password(ROSA, "000000", "a fine new passphrase")
            .await;
        answers.push(entered.unwrap_err().status().unwrap());
    }
    assert_eq!(answers[6..], [429, 429], "{answers:?}");
}
