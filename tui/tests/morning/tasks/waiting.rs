//! Nothing suits: somebody waits, is offered what another one gives back, and takes it. That was a
//! slip: it is taken back, and they wait again.

use clinic_shared::client::{PatientQuery, SlotQuery, WaitingQuery};
use clinic_shared::desk::appointments::{Cancel, CancelledBy, NewAppointment, Status};
use clinic_shared::desk::slots::FreeSlot;
use clinic_shared::desk::waitlist::{Waiting, WaitingStatus};

use crate::house::KNOWN;
use crate::receptionist::Receptionist;

/// For whom she waits.
const DOCTOR: &str = "Mei Tanaka";

/// Onto the list, an offer, a yes, and back onto the list.
pub(crate) async fn wait_and_be_offered(desk: &Receptionist) {
    let (slot, given) = somebody_is_faster(desk).await;
    waits_instead(desk).await;
    let entry = entry(desk).await;
    assert_eq!(entry.status, WaitingStatus::Waiting);
    let doctor = entry.doctor.as_ref();
    assert_eq!(doctor.map(|one| one.full_name.as_str()), Some(DOCTOR));

    // Whoever was faster does not come: she is the one to ask.
    let cancel = Cancel {
        by: CancelledBy::Patient,
        reason_kind: None,
        reason: None,
        version: None,
    };
    let called_off = desk.admin.cancel_appointment(given, &cancel, None);
    called_off.await.unwrap();
    let asked = desk.client.candidates(given).await.unwrap();
    let asked: Vec<i64> = asked.iter().map(|one| one.id).collect();
    assert_eq!(asked, [entry.id]);

    desk.press("f2");
    desk.sees("[F2 Today]").await;
    desk.press("g w");
    desk.sees("[Waiting]").await;
    is_listed(desk, "routine").await;
    desk.press("o");
    desk.sees("A time to keep for who waits").await;
    desk.sees_that("the time that was given back", |screen| {
        let starts = slot.starts.as_deref().unwrap();
        let mut lines = screen.lines();
        lines.any(|line| line.contains(starts) && line.contains(DOCTOR))
    })
    .await;
    desk.press("enter");
    desk.sees(&format!("for {KNOWN}:")).await;
    let kept = self::entry(desk).await.hold.unwrap();
    assert_eq!(kept.starts_at, slot.starts_at, "the time that was freed");
    is_listed(desk, "until").await;

    desk.press("a");
    desk.sees(&format!("Booked: {KNOWN}")).await;
    let booked = self::entry(desk).await;
    assert_eq!(booked.status, WaitingStatus::Booked);
    let id = booked.appointment.unwrap();
    assert_eq!(desk.appointment(id).await.starts_at, slot.starts_at);

    desk.press("alt-u");
    desk.sees(&format!(
        "Taken back: {KNOWN} is on the waiting list again."
    ))
    .await;
    desk.becomes(id, Status::Cancelled).await;
    let again = self::entry(desk).await;
    assert_eq!(
        (again.status, again.appointment, again.hold.as_ref()),
        (WaitingStatus::Waiting, None, None)
    );
    assert!(again.version > booked.version);
    desk.is_audited_of("waiting", "unbook_waiting", entry.id, 1)
        .await;
    desk.rests().await;
    is_listed(desk, "routine").await;

    // It was none after all.
    desk.press("alt-u");
    desk.sees(&format!("Taken back: {KNOWN} is pending again."))
        .await;
    desk.becomes(id, Status::Pending).await;
    let again = self::entry(desk).await;
    assert_eq!(
        (again.status, again.appointment),
        (WaitingStatus::Booked, Some(id))
    );
}

/// Somebody at another desk has the doctor's next free time.
async fn somebody_is_faster(desk: &Receptionist) -> (FreeSlot, i64) {
    let any = SlotQuery {
        limit: Some(500),
        ..SlotQuery::default()
    };
    let slots = desk.client.free_slots(&any).await.unwrap().slots;
    let mut hers = slots.into_iter();
    let slot = hers.find(|slot| slot.doctor.full_name == DOCTOR && slot.starts_at.is_some());
    let slot = slot.unwrap();
    let people = desk.client.patients(&PatientQuery::default()).await;
    let people = people.unwrap().results;
    let other = people.iter().find(|row| row.full_name != KNOWN).unwrap();
    let form = NewAppointment {
        patient: Some(other.id),
        doctor: slot.doctor.id,
        starts_at: slot.starts_at,
        ..NewAppointment::default()
    };
    let given = desk.admin.book(&form).await.unwrap().value.id;
    (slot, given)
}

/// From the booking, where nothing suits.
async fn waits_instead(desk: &Receptionist) {
    desk.press("f3");
    desk.sees("[F3 Patients]").await;
    desk.type_text("wiederkehr");
    desk.sees("1–1 of 1").await;
    desk.press("enter");
    desk.sees("12 Apr 1961").await;
    desk.press("b");
    desk.sees("For     Wanda").await;
    desk.sees(DOCTOR).await;
    desk.type_text("tanaka");
    desk.press("enter");
    desk.sees("l Waiting list").await;
    desk.press("l");
    desk.sees("Onto the waiting list").await;
    desk.sees("routine").await;
    desk.press("ctrl-s");
    desk.sees(&format!("{KNOWN} waits for {DOCTOR}")).await;
}

/// The list has her, with this in her line.
async fn is_listed(desk: &Receptionist, words: &str) {
    let what = format!("{words:?} in the line of {KNOWN}");
    desk.sees_that(&what, |screen| {
        let mut lines = screen.lines();
        lines.any(|line| line.contains('▸') && line.contains(KNOWN) && line.contains(words))
    })
    .await;
}

/// The entry, as the server has it.
async fn entry(desk: &Receptionist) -> Waiting {
    let all = desk.client.waiting_list(&WaitingQuery::default()).await;
    let rows = all.unwrap().results.into_iter();
    let mut hers = rows.filter(|row| row.patient.full_name == KNOWN);
    hers.next().unwrap()
}
