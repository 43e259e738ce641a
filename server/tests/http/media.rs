//! Pictures by link (API.md §1 "Images"; security requirements 44 to 47).

use clinic_shared::Role;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{self, Method, StatusCode};

use crate::support::on_both;
use crate::support::server::{TestServer, get, read, request};

on_both! {
    a_private_picture_needs_its_link_and_the_link_runs_out,
    a_file_too_large_is_refused_while_it_streams,
}

/// A picture of one pixel.
pub(crate) fn png() -> Vec<u8> {
    let hex = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000\
               0003010100c9fe92ef0000000049454e44ae426082";
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

/// Status and content type of a picture's URL.
pub(crate) async fn fetch(on: &TestServer, url: &str) -> (StatusCode, String) {
    let path = url
        .strip_prefix(&on.server.url())
        .expect("an absolute URL of this server");
    let answer = on
        .anonymous()
        .request(Method::GET, path)
        .unwrap()
        .send()
        .await
        .unwrap();
    let kind = answer
        .headers()
        .get("content-type")
        .map_or("", |value| value.to_str().unwrap());
    (answer.status(), kind.to_owned())
}

async fn a_private_picture_needs_its_link_and_the_link_runs_out(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (_, mine) = get(&ana, "/patients/").await;
    let path = format!("/patients/{}/", mine["results"][0]["id"]);
    let form = Form::new().part("profile", Part::bytes(png()).file_name("a.png"));
    let answer = request(&ana, Method::PATCH, &path)
        .multipart(form)
        .send()
        .await
        .unwrap();
    let (status, patient) = read(answer).await;
    assert_eq!(status, StatusCode::OK, "{patient}");
    let url = patient["profile"].as_str().unwrap().to_owned();
    assert_eq!(
        fetch(&on, &url).await,
        (StatusCode::OK, "image/png".to_owned())
    );

    let bare = url.split('?').next().unwrap();
    assert_eq!(fetch(&on, bare).await.0, StatusCode::NOT_FOUND);
    let forged = url.replace("sig=", "sig=0");
    assert_eq!(fetch(&on, &forged).await.0, StatusCode::NOT_FOUND);
    assert_eq!(
        fetch(
            &on,
            &format!("{}/media/private/2026/../../clinic.db", on.server.url())
        )
        .await
        .0,
        StatusCode::NOT_FOUND
    );
    // The owner and staff need no link, others get nothing; each look is audited.
    let ben = on.sign_in(Role::Patient, "ben").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let own = bare.strip_prefix(&on.server.url()).unwrap();
    for (client, expected) in [
        (&ana, StatusCode::OK),
        (&rosa, StatusCode::OK),
        (&ben, StatusCode::NOT_FOUND),
    ] {
        let answer = request(client, Method::GET, own).send().await.unwrap();
        assert_eq!(answer.status(), expected);
    }
    let looks = on.audit(50).await;
    let looks = looks
        .iter()
        .filter(|(_, action, _)| action == "show_picture");
    assert_eq!(looks.count(), 3, "by link, by owner, by staff");
    on.wait(21 * 60);
    assert_eq!(fetch(&on, &url).await.0, StatusCode::NOT_FOUND);
}

async fn a_file_too_large_is_refused_while_it_streams(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (_, mine) = get(&ana, "/patients/").await;
    let path = format!("/patients/{}/", mine["results"][0]["id"]);
    let mut large = png();
    large.resize(6 * 1024 * 1024, 0);
    let form = Form::new().part("profile", Part::bytes(large).file_name("a.png"));
    let answer = request(&ana, Method::PATCH, &path)
        .multipart(form)
        .send()
        .await;
    // The server may answer before it has read all, which some clients see as a broken pipe.
    match answer {
        Ok(answer) => assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE),
        Err(error) => assert!(reqwest::Error::is_request(&error), "{error}"),
    }
    let again = on.anonymous();
    again.set_tokens(ana.tokens());
    assert_eq!(
        get(&again, &path).await.1["profile"],
        serde_json::Value::Null
    );
}
