//! The walk through accounts, the front and the desk: each operation that changes something, once.

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

    async fn somebody(&self) -> String {
        let number = person(self.clinic(), &format!("{CANARY} Person")).await;
        format!("P-{number:06}")
    }

    /// An appointment of somebody new with Dora, on a day of March at the next free time.
    async fn booked(&mut self, day: u8) -> String {
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
    fn next_hours(&mut self) {
        self.booked = 0;
    }

    async fn step(&mut self, operation: &str, appointment: &str, body: Value) {
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
    let uid = found.iter().find(|one| one["number"].to_string() == number);
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

pub(super) async fn own_appointments(s: &mut Story) {
    let (ben, dora) = (s.ben.clone(), s.dora.clone());
    let (window, doctor) = (s.window(), s.doctor.clone());
    let w = &mut s.walk;
    let symptoms = format!("{CANARY} fever");
    let body = json!({
        "doctor": doctor.0, "time": window, "appointment_type": "Online", "symptoms": symptoms,
        "date": "2026-03-10",
    });
    let appointment = id(&w.go("create_appointment", &ben, &[], body.clone()).await);
    let change = json!({ "symptoms": format!("{CANARY} cold") });
    w.go("change_appointment", &ben, &[&appointment], change)
        .await;
    w.go("replace_appointment", &ben, &[&appointment], body)
        .await;
    w.go("delete_appointment", &ben, &[&appointment], ()).await;

    let body = json!({
        "doctor": doctor.1, "meeting_date": "2026-03-11", "meeting_time": window,
        "appointment_type": "online", "symptoms": symptoms, "title": format!("{CANARY} title"),
    });
    let made = w.go("book_appointment", &ben, &[], body).await;
    let patient = id(&made["patient"]);
    let body = json!({ "reason": format!("{CANARY} reason") });
    w.go("cancel_my_appointment", &ben, &[&id(&made)], body)
        .await;
    let body = json!({
        "patient": patient, "meeting_date": "2026-03-12", "meeting_time": window,
        "appointment_type": "offline", "symptoms": symptoms,
    });
    let made = id(&w.go("book_for_patient", &dora, &[], body).await);
    let body = json!({
        "status": "confirmed", "meeting_link": format!("https://meet.example/{CANARY}"),
    });
    w.go("update_appointment_status", &dora, &[&made], body)
        .await;
}

pub(super) async fn desk_appointments(s: &mut Story) {
    let reason = || format!("{CANARY} reason");
    s.next_hours();
    let one = s.booked(2).await;
    for (operation, body) in [
        ("desk_confirm_appointment", json!({})),
        ("desk_check_in_appointment", json!({})),
        ("desk_assign_room", json!({ "room": "3" })),
        (
            "desk_prioritise_appointment",
            json!({ "priority": "urgent", "reason": reason() }),
        ),
        ("desk_call_patient_in", json!({ "room": "4" })),
        ("desk_start_appointment", json!({})),
        ("desk_send_appointment_back", json!({})),
        ("desk_start_appointment", json!({})),
        ("desk_complete_appointment", json!({})),
        ("desk_undo_appointment", json!({})),
        ("desk_pay_appointment", json!({ "is_paid": true })),
    ] {
        s.step(operation, &one, body).await;
    }
    let two = s.booked(2).await;
    let body = json!({ "starts_at": "2026-03-05T12:00:00Z", "reason": reason() });
    s.step("desk_reschedule_appointment", &two, body).await;
    let body = json!({ "by": "clinic", "reason": reason() });
    s.step("desk_cancel_appointment", &two, body).await;
    let three = s.booked(2).await;
    s.step("desk_check_in_appointment", &three, json!({})).await;
    s.step(
        "desk_leave_appointment",
        &three,
        json!({ "reason": reason() }),
    )
    .await;
    let four = s.booked(2).await;
    s.step(
        "desk_miss_appointment",
        &four,
        json!({ "reason": reason() }),
    )
    .await;

    let rosa = s.rosa.clone();
    let record = s.somebody().await;
    let doctor = s.doctor.1.clone();
    let w = &mut s.walk;
    let body = json!({
        "doctor": doctor, "record_number": record, "starts_at": "2026-03-06T12:00:00Z",
        "symptoms": format!("{CANARY} pain"), "title": format!("{CANARY} title"),
    });
    w.go("desk_check_booking", &rosa, &[], body).await;
    let body = json!({
        "full_name": format!("{CANARY} Walker"), "phone": "+49 30 12312312", "doctor": doctor,
        "note": format!("{CANARY} note"), "symptoms": format!("{CANARY} ache"),
        "title": format!("{CANARY} title"), "address": format!("{CANARY} alley"),
    });
    w.go("desk_take_walk_in", &rosa, &[], body).await;
    w.go(
        "desk_set_running_late",
        &rosa,
        &[&doctor],
        json!({ "minutes": 20 }),
    )
    .await;
}

pub(super) async fn time_off(s: &mut Story) {
    let rosa = s.rosa.clone();
    let doctor = s.doctor.1.clone();
    let note = || format!("{CANARY} holiday");
    s.next_hours();
    for (what, day, operations) in [
        (
            json!({ "doctor": doctor, "first_date": "2026-03-20", "note": note() }),
            20,
            [
                "desk_enter_absence",
                "desk_change_absence",
                "desk_move_absence_appointments",
                "desk_cancel_absence_appointments",
                "desk_take_back_absence",
            ],
        ),
        (
            json!({ "first_date": "2026-03-24", "note": note() }),
            24,
            [
                "desk_close_clinic",
                "desk_change_closure",
                "desk_move_closure_appointments",
                "desk_cancel_closure_appointments",
                "desk_take_back_closure",
            ],
        ),
    ] {
        let (moved, cancelled) = (s.booked(day).await, s.booked(day).await);
        let [enter, change, move_hits, cancel_hits, take_back] = operations;
        let w = &mut s.walk;
        let off = id(&w.go(enter, &rosa, &[], what).await["absence"]);
        w.go(
            change,
            &rosa,
            &[&off],
            json!({ "note": format!("{CANARY} other") }),
        )
        .await;
        for (operation, appointment) in [(move_hits, moved), (cancel_hits, cancelled)] {
            let appointment: i64 = appointment.parse().unwrap();
            let body = json!({ "appointments": [appointment], "reason": note() });
            w.go(operation, &rosa, &[&off], body).await;
        }
        w.go(take_back, &rosa, &[&off], ()).await;
    }
    let w = &mut s.walk;
    let body = json!({
        "doctor": doctor, "date": "2026-03-27", "starts": "20:00", "ends": "21:00",
    });
    let opening = id(&w.go("desk_open_hours", &rosa, &[], body).await);
    w.go("desk_close_hours", &rosa, &[&opening], ()).await;
}

pub(super) async fn waiting(s: &mut Story) {
    let (rosa, ben) = (s.rosa.clone(), s.ben.clone());
    let (window, doctor) = (s.window(), s.doctor.1.clone());
    let note = || format!("{CANARY} note");
    let record = s.somebody().await;
    let w = &mut s.walk;
    let body = json!({
        "record_number": record, "date_from": "2026-03-02", "date_to": "2026-03-31",
        "note": note(),
    });
    let entry = id(&w.go("desk_add_waiting", &rosa, &[], body).await);
    w.go(
        "desk_change_waiting",
        &rosa,
        &[&entry],
        json!({ "note": format!("{CANARY} other") }),
    )
    .await;
    let offer = json!({
        "doctor": doctor, "available_time": window, "starts_at": "2026-03-18T12:00:00Z",
    });
    w.go("desk_offer_waiting", &rosa, &[&entry], offer.clone())
        .await;
    w.go("desk_skip_waiting", &rosa, &[&entry], ()).await;
    let again = json!({
        "doctor": doctor, "available_time": window, "starts_at": "2026-03-19T12:00:00Z",
    });
    w.go("desk_offer_waiting", &rosa, &[&entry], again).await;
    let body = json!({ "symptoms": format!("{CANARY} ache"), "title": format!("{CANARY} title") });
    w.go("desk_accept_waiting", &rosa, &[&entry], body).await;

    let body = json!({
        "doctor": doctor, "date_from": "2026-03-02", "date_to": "2026-03-31", "note": note(),
    });
    let own = id(&w.go("request_time", &ben, &[], body.clone()).await);
    w.go("withdraw_requested_time", &ben, &[&own], ()).await;
    let own = id(&w.go("request_time", &ben, &[], body).await);
    w.go("desk_withdraw_waiting", &rosa, &[&own], ()).await;
}
