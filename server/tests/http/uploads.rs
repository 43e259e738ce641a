//! Files that strangers send (API.md §1 "Images"): what is stored is a clean picture or
//! nothing. How a file and its row keep together is in [`super::row_and_file`].

use std::path::{Path, PathBuf};

use clinic_server::infra::media::Place;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use clinic_shared::client::reqwest::{self, Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::media::{fetch, png};
use crate::services::send_form;
use crate::support::on_both;
use crate::support::server::{TestServer, get, keys, request, send};

on_both! {
    what_is_hidden_in_a_picture_is_not_stored,
    what_is_no_picture_is_refused_on_its_field,
    the_field_and_the_number_of_files_are_looked_at,
    the_files_own_name_is_never_used,
    a_large_file_in_chunks_is_refused_before_it_is_read,
    profiles_are_as_careful,
}

/// A service's form with this file.
fn with(file: Vec<u8>, name: &'static str) -> Form {
    Form::new()
        .text("name", "X-ray")
        .text("description", "Bones.")
        .part("image", Part::bytes(file).file_name(name))
}

async fn posted(staff: &Client, form: Form) -> (StatusCode, Value) {
    send_form(staff, Method::POST, "/services/", form).await
}

/// Every file under the media directory.
pub(crate) fn files(on: &TestServer) -> Vec<PathBuf> {
    fn below(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => below(&path, found),
                false => found.push(path),
            }
        }
    }
    let mut found = Vec::new();
    below(directory(on), &mut found);
    found
}

/// The media directory.
fn directory(on: &TestServer) -> &Path {
    match &on.config.media {
        Place::Directory(path) => path,
        Place::Bucket(bucket) => panic!("the pictures are in the bucket {}", bucket.name),
    }
}

/// The picture at a URL as a browser gets it.
async fn picture(on: &TestServer, url: &str) -> reqwest::Response {
    let path = url.strip_prefix(&on.server.url()).unwrap();
    let answer = request(&on.anonymous(), Method::GET, path).send().await;
    answer.unwrap()
}

fn chunk(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    let mut crc = !0_u32;
    for byte in kind.iter().chain(contents) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
        }
    }
    let mut chunk = u32::try_from(contents.len())
        .unwrap()
        .to_be_bytes()
        .to_vec();
    chunk.extend_from_slice(kind);
    chunk.extend_from_slice(contents);
    chunk.extend_from_slice(&(!crc).to_be_bytes());
    chunk
}

/// The one-pixel picture with a chunk of text behind its header.
fn with_text(text: &[u8]) -> Vec<u8> {
    const HEADER: usize = 8 + 25;
    let mut file = png();
    file.splice(HEADER..HEADER, chunk(b"tEXt", text));
    file
}

/// The one-pixel picture, saying that it has so many.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let plain = png();
    let mut header = plain[16..29].to_vec();
    header[..4].copy_from_slice(&width.to_be_bytes());
    header[4..8].copy_from_slice(&height.to_be_bytes());
    [&plain[..8], &chunk(b"IHDR", &header), &plain[33..]].concat()
}

const SCRIPT: &[u8] = b"<script>alert(document.domain)</script>";

async fn what_is_hidden_in_a_picture_is_not_stored(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let appended = |what: &[u8]| [&png(), what].concat();
    for file in [
        appended(SCRIPT),
        appended(b"PK\x03\x04 a zip archive PK\x05\x06"),
        with_text(&[b"Comment\0", SCRIPT].concat()),
    ] {
        let (status, made) = posted(&rosa, with(file, "a.html")).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let url = made["image"].as_str().unwrap();
        assert!(url.ends_with(".png"), "{url}");
        let answer = picture(&on, url).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "image/png");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(
            answer.headers()["content-security-policy"],
            "default-src 'none'"
        );
        assert_eq!(
            answer.bytes().await.unwrap(),
            png(),
            "only the picture is left"
        );
    }
}

async fn what_is_no_picture_is_refused_on_its_field(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
    let cut = png()[..40].to_vec();
    for (file, message) in [
        (svg, "Upload a valid image."),
        (b"just text".to_vec(), "Upload a valid image."),
        (SCRIPT.to_vec(), "Upload a valid image."),
        (b"GIF89a<script>/*".to_vec(), "Upload a valid image."),
        (cut, "Upload a valid image."),
        (Vec::new(), "The submitted file is empty."),
        (claiming(65_535, 65_535), "The image has too many pixels."),
        (claiming(0, 0), "Upload a valid image."),
    ] {
        let (status, errors) = posted(&rosa, with(file, "a.png")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{errors}");
        let messages = errors["image"].as_array().unwrap();
        assert_eq!(
            (errors.as_object().unwrap().len(), messages.len()),
            (1, 1),
            "{errors}"
        );
        assert!(
            messages[0].as_str().unwrap().starts_with(message),
            "{errors}"
        );
    }
    assert_eq!(files(&on), Vec::<PathBuf>::new());
    assert_eq!(get(&rosa, "/services/").await.1, json!([]));
}

async fn the_field_and_the_number_of_files_are_looked_at(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let texts = || {
        Form::new()
            .text("name", "X-ray")
            .text("description", "Bones.")
    };
    let file = || Part::bytes(png()).file_name("a.png");
    for (form, message) in [
        (texts().part("picture", file()), "No file was submitted."),
        (texts().text("image", ""), "No file was submitted."),
        (
            texts().text("image", "http://example.org/a.png"),
            "The submitted data was not a file. Check the encoding type on the form.",
        ),
        (
            texts().part("image", file()).part("image", file()),
            "Send one file only.",
        ),
    ] {
        let refused = posted(&rosa, form).await;
        assert_eq!(
            refused,
            (StatusCode::BAD_REQUEST, json!({ "image": [message] }))
        );
    }
    // A text field may not come as a file of bytes that are no text.
    let bytes = Part::bytes(vec![0xff, 0xfe]).file_name("name.txt");
    let form = Form::new()
        .part("name", bytes)
        .text("description", "?")
        .part("image", file());
    assert_eq!(posted(&rosa, form).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(files(&on), Vec::<PathBuf>::new());
}

async fn the_files_own_name_is_never_used(on: TestServer) {
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    for name in [
        "../../x.png",
        "/etc/passwd",
        "..\\..\\x.png",
        "a.php",
        "\u{202e}gnp.exe",
        "%2e%2e%2fx",
    ] {
        let (status, made) = posted(&rosa, with(png(), name)).await;
        assert_eq!(status, StatusCode::CREATED, "{name}: {made}");
        let url = made["image"].as_str().unwrap();
        let key = url.split("/media/").last().unwrap();
        assert!(key.starts_with("public/2026/"), "{key}");
        assert!(directory(&on).join(key).is_file(), "{key}");
        assert_eq!(fetch(&on, url).await.0, StatusCode::OK);
    }
    assert_eq!(files(&on).len(), 6);
    let beside = directory(&on).parent().unwrap().join("x.png");
    assert!(!beside.exists());
}

async fn a_large_file_in_chunks_is_refused_before_it_is_read(on: TestServer) {
    const WHOLE: usize = 256 * 1024 * 1024;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let host = on.server.url().replace("http://", "");
    let (mut reader, mut writer) = TcpStream::connect(&host).await.unwrap().into_split();
    let head = format!(
        "POST /services/ HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n",
        rosa.tokens().unwrap().access
    );
    writer.write_all(head.as_bytes()).await.unwrap();
    let part = "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n";
    let zeros = "\0".repeat(64 * 1024);
    // No length is announced, and the file never ends of itself.
    let writing = tokio::spawn(async move {
        let mut sent = 0;
        let mut piece = part;
        while sent < WHOLE {
            let chunk = format!("{:x}\r\n{piece}\r\n", piece.len());
            if writer.write_all(chunk.as_bytes()).await.is_err() {
                break;
            }
            sent += piece.len();
            piece = &zeros;
        }
        sent
    });
    let mut answer = [0; 12];
    reader.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, *b"HTTP/1.1 413");
    drop(reader);
    let sent = writing.await.unwrap();
    assert!(sent < 64 * 1024 * 1024, "the server took {sent} bytes");
    assert_eq!(files(&on), Vec::<PathBuf>::new());
    assert_eq!(get(&rosa, "/services/").await, (StatusCode::OK, json!([])));
}

async fn profiles_are_as_careful(on: TestServer) {
    let ana = on.sign_in(Role::Patient, "ana").await;
    let (_, own) = get(&ana, "/api/user/profiles/me/").await;
    let path = format!("/api/user/profiles/{}/", own["id"]);
    let sent = async |file: Vec<u8>| {
        let form = Form::new().part("profile_picture", Part::bytes(file).file_name("../a.png"));
        send_form(&ana, Method::PATCH, &path, form).await
    };
    for file in [SCRIPT.to_vec(), claiming(65_535, 65_535), Vec::new()] {
        let (status, errors) = sent(file).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(errors["profile_picture"].is_array(), "{errors}");
    }
    let faulty = Form::new()
        .part("profile_picture", Part::bytes(SCRIPT).file_name("a.png"))
        .text("date_of_birth", "2999-01-01")
        .text("first_name", "x".repeat(151))
        .text("bio", "\u{7}");
    let (status, errors) = send_form(&ana, Method::PATCH, &path, faulty).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        keys(&errors),
        ["bio", "date_of_birth", "first_name", "profile_picture"],
        "all at once"
    );
    let (status, first) = sent([&png(), SCRIPT].concat()).await;
    assert_eq!(status, StatusCode::OK, "{first}");
    let answer = picture(&on, first["profile_picture"].as_str().unwrap()).await;
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.bytes().await.unwrap(), png());
    assert_eq!(sent(png()).await.0, StatusCode::OK);
    assert_eq!(files(&on).len(), 1);
    assert_eq!(
        send(&ana, Method::DELETE, &path, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(files(&on), Vec::<PathBuf>::new());
}
