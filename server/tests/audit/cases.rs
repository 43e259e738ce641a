//! The walk through accounts, doctors, the front and patients: each operation that changes
//! something, once.

use clinic_server::clinic::Clinic;
use clinic_shared::Role;
use clinic_shared::client::Client;
use clinic_shared::client::reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::bookable::{person, shape, window};
use crate::support::server::{TestServer, get};
use crate::walk::{CANARY, Walk};

pub(super) fn png() -> Vec<u8> {
    let hex = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000\
               0003010100c9fe92ef0000000049454e44ae426082";
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

pub(super) fn mail(name: &str) -> String {
    format!("{CANARY}{name}@example.org")
}

/// A password as people make them up.
pub(super) fn password(n: u8) -> String {
    format!("{CANARY} horse battery {n}")
}

pub(super) fn id(answer: &Value) -> String {
    match &answer["id"] {
        Value::String(id) => id.clone(),
        id => id.to_string(),
    }
}

/// The clinic of this story.
pub(super) struct Story {
    pub(super) walk: Walk,
    pub(super) ada: Client,
    pub(super) rosa: Client,
    pub(super) dora: Client,
    pub(super) ben: Client,
    pub(super) nobody: Client,
    window: String,
    /// Dora's number and id.
    pub(super) doctor: (String, String),
    booked: u32,
}

pub(super) async fn story(on: TestServer) -> Story {
    let clinic = &on.server.clinic;
    let open = window(clinic, "09:00-19:00").await;
    shape(clinic, open, Some(15), 127).await;
    let number = on.doctor_offering("dora", &[open]).await;
    let ada = on.sign_in(Role::Admin, "ada").await;
    let rosa = on.sign_in(Role::Receptionist, "rosa").await;
    let ben = on.sign_in(Role::Patient, "ben").await;
    let (_, doctors) = get(&rosa, "/v1/api/desk/doctors/").await;
    let uid = id(&doctors["results"][0]);
    Story {
        ada,
        rosa,
        dora: on.signed_in("dora").await,
        ben,
        nobody: on.anonymous(),
        window: open.to_string(),
        doctor: (number.to_string(), uid),
        booked: 0,
        walk: Walk::new(on),
    }
}

impl Story {
    pub(super) fn clinic(&self) -> &Clinic {
        &self.walk.on.server.clinic
    }

    pub(super) fn window(&self) -> i64 {
        self.window.parse().unwrap()
    }

    pub(super) async fn somebody(&self) -> String {
        let number = person(self.clinic(), &format!("{CANARY} Person")).await;
        format!("P-{number:06}")
    }

    /// An appointment of somebody new with Dora, on a day of March at the next free time.
    pub(super) async fn booked(&mut self, day: u8) -> String {
        let record = self.somebody().await;
        self.booked += 1;
        let minutes = 10 * 60 + self.booked * 15;
        let rosa = self.rosa.clone();
        let body = json!({
            "doctor": self.doctor.1,
            "record_number": record,
            "starts_at": format!("2026-03-{day:02}T{:02}:{:02}:00Z", minutes / 60, minutes % 60),
            "symptoms": format!("{CANARY} cough"),
            "title": format!("{CANARY} title"),
        });
        let made = self
            .walk
            .go("desk_book_appointment", &rosa, &[], body)
            .await;
        id(&made)
    }

    /// The same with a window without slots left out: two hours on, it is another day's.
    pub(super) fn next_hours(&mut self) {
        self.booked = 0;
    }

    pub(super) async fn step(&mut self, operation: &str, appointment: &str, body: Value) {
        let rosa = self.rosa.clone();
        self.walk.go(operation, &rosa, &[appointment], body).await;
    }
}

pub(super) async fn accounts_of_classic(s: &mut Story) {
    let nobody = s.nobody.clone();
    let (w, ada) = (&mut s.walk, s.ada.clone());
    let body = json!({
        "username": format!("{CANARY}1"), "email": mail("1"), "first_name": format!("{CANARY}na"),
        "last_name": format!("{CANARY}la"), "password": password(1), "confirm_password": password(1),
    });
    w.go("register", &nobody, &[], body).await;
    let body = json!({ "username": format!("{CANARY}1"), "password": password(1) });
    let tokens = w.go("login", &nobody, &[], body).await;
    let refresh = tokens["refresh"]
        .as_str()
        .unwrap_or_else(|| panic!("{tokens}"));
    let body = json!({ "refresh": refresh });
    w.go("refresh_token", &nobody, &[], body.clone()).await;
    w.go("logout", &nobody, &[], body).await;

    let body = json!({
        "username": format!("{CANARY}2"), "email": mail("2"), "first_name": format!("{CANARY}na"),
        "address": format!("{CANARY} street"), "bio": format!("{CANARY} bio"),
    });
    let profile = id(&w.go("create_profile", &ada, &[], body.clone()).await);
    w.go(
        "change_profile",
        &ada,
        &[&profile],
        json!({ "bio": format!("{CANARY} other") }),
    )
    .await;
    let body =
        json!({ "first_name": format!("{CANARY}nana"), "address": format!("{CANARY} road") });
    w.go("replace_profile", &ada, &[&profile], body).await;
    w.go("delete_profile", &ada, &[&profile], ()).await;
}

pub(super) async fn accounts_of_v1(s: &mut Story) {
    let nobody = s.nobody.clone();
    let w = &mut s.walk;
    let address = mail("3");
    let body = json!({
        "email": address, "password": password(3), "first_name": format!("{CANARY}na"),
        "last_name": format!("{CANARY}la"),
    });
    w.go("register_v1", &nobody, &[], body).await;
    w.on.mails().await;
    w.on.wait(61);
    let asked = json!({ "email": address });
    w.go("resend_activation_code", &nobody, &[], asked.clone())
        .await;
    let code = w.on.code_to(&address).await;
    let body = json!({ "email": address, "otp": code });
    w.go("activate_account", &nobody, &[], body).await;

    for (n, operation) in ["forget_password", "send_reset_code", "resend_reset_code"]
        .into_iter()
        .enumerate()
    {
        w.on.wait(61 + u64::try_from(n).unwrap());
        w.go(operation, &nobody, &[], asked.clone()).await;
        w.on.mails().await;
    }
    let code = w.on.code_to(&address).await;
    let body = json!({ "email": address, "otp": code, "new_password": password(4) });
    w.go("confirm_reset", &nobody, &[], body).await;

    let body = json!({ "email": address, "password": password(4) });
    let tokens = w.go("login_v1", &nobody, &[], body).await;
    let body = json!({ "refresh": tokens["refresh"] });
    let tokens = w.go("refresh_token_v1", &nobody, &[], body).await;
    w.go(
        "verify_token",
        &nobody,
        &[],
        json!({ "token": tokens["access"] }),
    )
    .await;

    let own = w.on.anonymous();
    own.sign_in_v1(&address, &password(4)).await.unwrap();
    let body = json!({ "first_name": format!("{CANARY}neu"), "login_codes": false });
    w.go("change_me", &own, &[], body).await;
    let body = json!({ "old_password": password(4), "new_password": password(5) });
    w.go("change_password", &own, &[], body).await;
    w.on.wait(3700);
    own.sign_in_v1(&address, &password(5)).await.unwrap();
    let new = mail("new3");
    let body = json!({ "email": new });
    w.go("ask_email_change", &own, &[], body).await;
    let code = w.on.code_to(&new).await;
    let body = json!({ "otp": code, "password": password(5) });
    w.go("confirm_email_change", &own, &[], body).await;

    own.sign_in_v1(&new, &password(5)).await.unwrap();
    let (_, sessions) = get(&own, "/v1/api/user/sessions/").await;
    let sessions = sessions["results"]
        .as_array()
        .or(sessions.as_array())
        .unwrap()
        .clone();
    let other = sessions
        .iter()
        .find(|one| one["is_current"] != true && one["current"] != true);
    let other = id(other.unwrap_or_else(|| panic!("{sessions:?}")));
    w.go("end_session", &own, &[&other], ()).await;
    w.go("change_me", &own, &[], json!({ "login_codes": true }))
        .await;
    w.go("logout_v1", &own, &[], json!({})).await;

    let body = json!({ "email": new, "password": password(5) });
    w.go("login_v1", &nobody, &[], body).await;
    w.on.mails().await;
    w.on.wait(61);
    w.go("resend_login_code", &nobody, &[], json!({ "email": new }))
        .await;
    let code = w.on.code_to(&new).await;
    let body = json!({ "email": new, "otp": code });
    w.go("verify_login_code", &nobody, &[], body).await;
}

pub(super) async fn accounts_at_the_desk(s: &mut Story) {
    let ada = s.walk.on.signed_in("ada").await;
    s.ada = ada.clone();
    s.rosa = s.walk.on.signed_in("rosa").await;
    s.dora = s.walk.on.signed_in("dora").await;
    s.ben = s.walk.on.signed_in("ben").await;
    let w = &mut s.walk;
    let body = json!({
        "email": mail("6"), "role": "receptionist", "first_name": format!("{CANARY}na"),
        "last_name": format!("{CANARY}la"),
    });
    let user = id(&w.go("desk_invite_user", &ada, &[], body).await);
    let body = json!({ "role": "doctor", "last_name": format!("{CANARY}neu"), "email": mail("7") });
    w.go("desk_change_user", &ada, &[&user], body).await;
    w.go("desk_end_user_sessions", &ada, &[&user], ()).await;
}

pub(super) async fn doctors(s: &mut Story) {
    let (ada, rosa, ben) = (s.ada.clone(), s.rosa.clone(), s.ben.clone());
    let window = s.window();
    let dora = s.doctor.1.clone();
    let w = &mut s.walk;
    w.go(
        "create_designation",
        &ada,
        &[],
        json!({ "name": "Surgeon" }),
    )
    .await;
    w.go(
        "create_specialisation",
        &ada,
        &[],
        json!({ "name": "Heart" }),
    )
    .await;
    w.go(
        "create_available_time",
        &ada,
        &[],
        json!({ "time": "20:00-21:00" }),
    )
    .await;
    let cleo = w.on.sign_in(Role::Patient, "cleo").await;
    let link = format!("https://meet.example/{CANARY}");
    let body = json!({ "fee": 500, "available_time": [window], "meet_link": link });
    let doctor = w.go("create_doctor", &cleo, &[], body.clone()).await;
    let number = id(&doctor);
    w.go("change_doctor", &cleo, &[&number], json!({ "fee": 600 }))
        .await;
    w.go("replace_doctor", &cleo, &[&number], body).await;
    let (_, found) = get(&rosa, "/v1/api/desk/doctors/?search=cleo&is_verified=false").await;
    let found = found["results"].as_array().unwrap();
    let uid = found
        .iter()
        .find(|one| one["number"].as_i64() == number.parse().ok());
    let uid = id(uid.unwrap_or_else(|| panic!("{found:?}")));
    w.go("desk_verify_doctor", &ada, &[&uid], ()).await;
    w.go("delete_doctor", &ada, &[&number], ()).await;
    let body = json!({ "fee": "80.00", "meet_link": link });
    w.go("desk_change_doctor", &rosa, &[&dora], body).await;

    let doctor = s.doctor.0.clone();
    let w = &mut s.walk;
    let body = json!({ "doctor": doctor, "body": format!("{CANARY} good"), "rating": 5 });
    let review = id(&w.go("create_review", &ben, &[], body.clone()).await);
    w.go(
        "change_review",
        &ben,
        &[&review],
        json!({ "body": format!("{CANARY} fine") }),
    )
    .await;
    w.go("replace_review", &ben, &[&review], body).await;
    w.go("delete_review", &ben, &[&review], ()).await;
}

pub(super) async fn the_front(s: &mut Story) {
    let (rosa, nobody) = (s.rosa.clone(), s.nobody.clone());
    let w = &mut s.walk;
    let form = Form::new()
        .text("name", "X-ray")
        .text("description", format!("{CANARY} bones."))
        .part(
            "image",
            Part::bytes(png()).file_name(format!("{CANARY}.png")),
        );
    let service = id(&w.go("create_service", &rosa, &[], form).await);
    let body = json!({ "description": format!("{CANARY} more bones") });
    w.go("change_service", &rosa, &[&service], body).await;
    let body = json!({ "name": "Scan", "description": format!("{CANARY} all bones") });
    w.go("replace_service", &rosa, &[&service], body).await;
    w.go("delete_service", &rosa, &[&service], ()).await;

    let body = json!({
        "name": format!("{CANARY} Name"), "phone": "+49 30 99887766",
        "massage": format!("{CANARY} hello"),
    });
    let contact = id(&w.go("create_contact", &nobody, &[], body.clone()).await);
    let change = json!({ "massage": format!("{CANARY} good bye") });
    w.go("change_contact", &rosa, &[&contact], change).await;
    w.go("replace_contact", &rosa, &[&contact], body).await;
    w.go("delete_contact", &rosa, &[&contact], ()).await;
}

pub(super) async fn patients(s: &mut Story) {
    let rosa = s.rosa.clone();
    let w = &mut s.walk;
    let tina = w.on.sign_in(Role::Doctor, "tina").await;
    let body = json!({ "phone": "+49 30 11223344" });
    let own = id(&w.go("create_patient", &tina, &[], body.clone()).await);
    w.go(
        "change_patient",
        &tina,
        &[&own],
        json!({ "phone": "+49 30 11223355" }),
    )
    .await;
    w.go("replace_patient", &tina, &[&own], body).await;
    w.go("delete_patient", &tina, &[&own], ()).await;
    let body = json!({
        "full_name": format!("{CANARY} Person"), "birth_date": "1970-01-01", "gender": "female",
        "phone": "+49 30 5566778", "email": mail("p"), "address": format!("{CANARY} lane"),
        "blood_group": "A+", "note": format!("{CANARY} note"),
    });
    w.go("desk_possible_duplicates", &rosa, &[], body.clone())
        .await;
    let patient = id(&w.go("desk_register_patient", &rosa, &[], body).await);
    let body = json!({ "note": format!("{CANARY} other"), "email": mail("q"), "address": null });
    w.go("desk_change_patient", &rosa, &[&patient], body).await;
}
