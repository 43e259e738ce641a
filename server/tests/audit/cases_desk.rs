//! The walk through appointments, absences and the waiting list.

use serde_json::json;

use crate::cases::{Story, id};
use crate::support::server::get;
use crate::walk::CANARY;

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

/// What people wrote, and what the desk does about it.
pub(super) async fn the_inbox(s: &mut Story) {
    let (rosa, nobody) = (s.rosa.clone(), s.nobody.clone());
    let doctor = s.doctor.1.clone();
    let w = &mut s.walk;
    let body = json!({
        "name": format!("{CANARY} Writer"), "email": format!("{CANARY}@example.org"),
        "subject": format!("{CANARY} subject"), "message": format!("{CANARY} hello"),
    });
    w.go("contact_us", &nobody, &[], body).await;
    let (_, newest) = get(&rosa, "/v1/api/desk/contacts/").await;
    let one = id(&newest["results"][0]);
    let change = json!({ "status": "in_progress", "reason": format!("{CANARY} why") });
    w.go("desk_set_contact_status", &rosa, &[&one], change)
        .await;
    let nobodys = json!({ "nobody": true });
    w.go("desk_assign_contact", &rosa, &[&one], json!({})).await;
    w.go("desk_assign_contact", &rosa, &[&one], nobodys).await;
    let note = json!({ "text": format!("{CANARY} note") });
    w.go("desk_note_contact", &rosa, &[&one], note).await;
    let reply = json!({ "message": format!("{CANARY} answer"), "subject": format!("{CANARY} re") });
    w.go("desk_reply_contact", &rosa, &[&one], reply).await;
    let person = json!({ "full_name": format!("{CANARY} Writer One"), "anyway": true });
    w.go("desk_turn_contact_into_patient", &rosa, &[&one], person)
        .await;
    let booking = json!({
        "doctor": doctor, "starts_at": "2026-03-17T12:00:00Z", "title": format!("{CANARY} title"),
    });
    w.go(
        "desk_turn_contact_into_appointment",
        &rosa,
        &[&one],
        booking,
    )
    .await;
}
