//! Pictures in a bucket: what callers see is as it is with a directory (API.md §1 "Images").

use std::time::Instant;

use clinic_server::Server;
use clinic_server::infra::media::Place;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{self, Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::media::png;
use crate::services::{form, make, send_form};
use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::s3::TestS3;
use crate::support::server::{TestServer, get, post, read, request, send};

on_both_databases! {
    pictures_come_stay_and_go_in_a_bucket,
    private_ones_come_from_the_bucket_itself_where_clients_reach_it,
    a_bucket_that_does_not_answer_is_told_and_the_rest_works,
    a_bucket_that_refuses_is_the_servers_fault,
}

const ME: &str = "/v1/api/patient/patients/me/";

/// GET of a URL of this server with this client's bearer, redirects not followed.
async fn fetch(client: &Client, server: &Server, url: &str, known: Option<&str>) -> Response {
    let path = url.strip_prefix(&server.url()).expect("an own URL");
    let mut request = request(client, Method::GET, path);
    if let Some(etag) = known {
        request = request.header("If-None-Match", etag);
    }
    request.send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    let value = answer.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

/// Gives the patient a photo; answers its signed URL.
async fn photo(patient: &Client) -> String {
    let form = Form::new().part("photo", Part::bytes(png()).file_name("me.png"));
    let (status, me) = send_form(patient, Method::PATCH, ME, form).await;
    assert_eq!(status, StatusCode::OK, "{me}");
    me["photo"].as_str().unwrap().to_owned()
}

async fn pictures_come_stay_and_go_in_a_bucket(db: TestDb) {
    let Some(s3) = TestS3::fresh() else { return };
    let on = TestServer::start_with(db, &s3.settings()).await;
    let stored = async || s3.media().kept().await.unwrap().pictures.len();
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let nobody = on.anonymous();

    // A public one: by classic, everybody's, kept by caches, asked for again in vain.
    let made = make(&rosa, "X-ray").await;
    let image = made["image"].as_str().unwrap();
    let answer = fetch(&nobody, &on.server, image, None).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(header(&answer, "content-type"), "image/png");
    assert!(header(&answer, "cache-control").contains("immutable"));
    let etag = header(&answer, "etag").to_owned();
    assert_eq!(answer.bytes().await.unwrap(), png());
    let again = fetch(&nobody, &on.server, image, Some(&etag)).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&again, "etag"), etag);

    // A private one: by v1, its owner's and staff's, and whoever's the link is.
    let link = photo(&ana).await;
    let bare = link.split('?').next().unwrap();
    for (client, url, expected) in [
        (&nobody, &*link, StatusCode::OK),
        (&ana, bare, StatusCode::OK),
        (&rosa, bare, StatusCode::OK),
        (&ben, bare, StatusCode::NOT_FOUND),
        (&nobody, bare, StatusCode::NOT_FOUND),
    ] {
        let answer = fetch(client, &on.server, url, Some("*")).await;
        assert_eq!(answer.status(), expected, "{url}");
        if expected == StatusCode::OK {
            assert_eq!(header(&answer, "cache-control"), "private, no-store");
            assert_eq!(answer.bytes().await.unwrap(), png());
        }
    }
    assert_eq!(stored().await, 2);
    assert!(!on.config.data_dir.join("media").exists());

    // Another one takes its place, and both go.
    let newer = photo(&ana).await;
    assert_eq!(stored().await, 2);
    let old = fetch(&nobody, &on.server, &link, None).await;
    assert_eq!(old.status(), StatusCode::NOT_FOUND);
    let (status, me) = send(&ana, Method::PATCH, ME, json!({ "photo": null })).await;
    assert_eq!((status, &me["photo"]), (StatusCode::OK, &Value::Null));
    let service = format!("/services/{}/", made["id"]);
    let (status, _) = send(&rosa, Method::DELETE, &service, json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(stored().await, 0);
    for (url, known) in [(&*newer, None), (image, None), (image, Some(&*etag))] {
        let gone = fetch(&nobody, &on.server, url, known).await;
        assert_eq!(gone.status(), StatusCode::NOT_FOUND, "{url}");
    }
}

async fn private_ones_come_from_the_bucket_itself_where_clients_reach_it(db: TestDb) {
    let Some(s3) = TestS3::fresh() else { return };
    // The same service under the name by which clients know it.
    let outside = s3.endpoint.replace("127.0.0.1", "localhost");
    let mut settings = s3.settings();
    settings.push(("S3_PUBLIC_ENDPOINT", &outside));
    let on = TestServer::start_with(db, &settings).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let nobody = on.anonymous();

    let made = make(&rosa, "X-ray").await;
    let image = made["image"].as_str().unwrap();
    let public = fetch(&nobody, &on.server, image, None).await;
    assert_eq!(
        public.status(),
        StatusCode::OK,
        "public ones stay cacheable"
    );

    let link = photo(&ana).await;
    let bare = link.split('?').next().unwrap();
    let mut there = String::new();
    for (client, url, expected) in [
        (&ben, bare, StatusCode::NOT_FOUND),
        (&nobody, bare, StatusCode::NOT_FOUND),
        (&ana, bare, StatusCode::TEMPORARY_REDIRECT),
        (&rosa, bare, StatusCode::TEMPORARY_REDIRECT),
        (&nobody, &*link, StatusCode::TEMPORARY_REDIRECT),
    ] {
        let answer = fetch(client, &on.server, url, None).await;
        assert_eq!(answer.status(), expected, "{url}");
        if expected == StatusCode::TEMPORARY_REDIRECT {
            assert_eq!(header(&answer, "cache-control"), "private, no-store");
            assert_eq!(header(&answer, "referrer-policy"), "no-referrer");
            there = header(&answer, "location").to_owned();
        }
    }
    let looks = on.audit(50).await;
    let looks = looks
        .iter()
        .filter(|(_, action, _)| action == "show_picture");
    assert_eq!(looks.count(), 3, "by owner, by staff, by link");

    assert!(there.starts_with(&outside), "{there}");
    assert!(there.contains("X-Amz-Expires=60"), "{there}");
    assert!(!there.contains(&s3.secret));
    let stranger = reqwest::Client::new();
    let got = stranger.get(&there).send().await.unwrap();
    assert_eq!(got.status(), StatusCode::OK, "{there}");
    assert_eq!(header(&got, "content-type"), "image/png");
    assert_eq!(got.bytes().await.unwrap(), png());
    // It opens this picture and nothing else, and lasts no longer than it says.
    let other = image.rsplit("/media/").next().unwrap();
    let key = bare.rsplit("/media/").next().unwrap();
    for forged in [
        there.replace(key, other),
        there.replace("X-Amz-Expires=60", "X-Amz-Expires=86400"),
        there.split('?').next().unwrap().to_owned(),
    ] {
        let refused = stranger.get(&forged).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{forged}");
    }
}

async fn a_bucket_that_does_not_answer_is_told_and_the_rest_works(db: TestDb) {
    let Some(s3) = TestS3::fresh() else { return };
    let on = TestServer::start_with(db, &s3.settings()).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ana = on.sign_in(Role::Patient, "ana").await;
    let made = make(&rosa, "X-ray").await;
    let link = photo(&ana).await;

    // Another server on the same rows, whose bucket has gone.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}", taken.local_addr().unwrap());
    drop(taken);
    let mut config = on.config.clone();
    let Place::Bucket(bucket) = &mut config.media else {
        panic!("no bucket");
    };
    bucket.service.endpoint = Some(dead);
    let server = Server::start_with(&config, &on.parts, true).await.unwrap();
    let at = |client: &Client| {
        let there = Client::new(&server.url()).unwrap();
        there.set_tokens(client.tokens());
        there
    };
    let (rosa, ana) = (at(&rosa), at(&ana));
    let begun = Instant::now();
    let image = made["image"].as_str().unwrap();
    for url in [image, &*link] {
        let path = url.strip_prefix(&on.server.url()).unwrap();
        let answer = request(&ana, Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(header(&answer, "retry-after"), "1");
        let said = read(answer).await.1;
        let detail = said["detail"].as_str().unwrap();
        assert!(detail.contains("storage of pictures"), "{detail}");
    }
    let (status, said) = send_form(&rosa, Method::POST, "/services/", form("MRI")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{said}");
    let me = Form::new().part("photo", Part::bytes(png()).file_name("me.png"));
    let (status, said) = send_form(&ana, Method::PATCH, ME, me).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{said}");
    assert_eq!(said["status"], 503, "a problem on v1: {said}");
    assert!(begun.elapsed().as_secs() < 15, "{:?}", begun.elapsed());

    // Nothing names a picture that is not there, and what has no picture works.
    let (_, services) = get(&rosa, "/services/").await;
    assert_eq!(services.as_array().unwrap().len(), 1);
    let patient = json!({ "full_name": "Ida Blum" });
    let (status, _) = post(&rosa, "/v1/api/desk/patients/", patient).await;
    assert_eq!(status, StatusCode::CREATED);
    server.shutdown().await;
    let answer = fetch(&on.anonymous(), &on.server, &link, None).await;
    assert_eq!(answer.status(), StatusCode::OK, "the old one is still hers");
}

async fn a_bucket_that_refuses_is_the_servers_fault(db: TestDb) {
    let Some(mut s3) = TestS3::fresh() else {
        return;
    };
    "not the secret".clone_into(&mut s3.secret);
    let on = TestServer::start_with(db, &s3.settings()).await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let (status, said) = send_form(&rosa, Method::POST, "/services/", form("X-ray")).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{said}");
    let told = said.to_string();
    assert!(told.contains("logged") && !told.contains("s3"), "{told}");
    assert_eq!(get(&rosa, "/services/").await.1, json!([]));
}
