//! Windows as staff and doctors keep them on v1: staff any, a doctor those that only they offer
//! (API.md §4 `available-times/`).

use std::collections::BTreeMap;

use clinic_shared::FieldErrors;
use clinic_shared::v1::appointments::Named;
use clinic_shared::v1::available_times::{AvailableTime, AvailableTimeChange};
use clinic_shared::v1::lenient::PersonId;
use serde_json::json;
use uuid::Uuid;

use super::{OBJECT, Window, form, table};
use crate::clinic::paging::{Listed, Paging};
use crate::clinic::{Actor, Answer, Clinic, Faults, Refusal, audit, doctors, events};
use crate::store::available_times::OfferRow;
use crate::store::{Session, Tx, doctors as doctor_table};

const MISSING: Refusal = Refusal::Missing("AvailableTime");

/// A window and who offers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The window.
    pub window: Window,
    /// Counts the changes, from 1.
    pub version: i64,
    /// Who offers it.
    pub doctors: Vec<OfferRow>,
}

/// A page of the windows on offer, by id.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn page(clinic: &Clinic, paging: &Paging) -> Answer<Listed<Kept>> {
    let span = paging.span()?;
    let mut reader = clinic.db.read().await?;
    let count = table::count(&mut reader).await?;
    let after = span.after.unwrap_or(0);
    let rows = table::page(&mut reader, after, span.limit, span.offset).await?;
    let page = paging.listed(count, rows, |row| row.id)?;
    let ids: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
    let mut offers: BTreeMap<i64, Vec<OfferRow>> = BTreeMap::new();
    for offer in table::offers(&mut reader, &ids).await? {
        let of_window = offers.entry(offer.available_time_id).or_default();
        of_window.push(offer);
    }
    Ok(page.map(|row| Kept {
        doctors: offers.remove(&row.id).unwrap_or_default(),
        version: row.version,
        window: row.into(),
    }))
}

/// One of them.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, id: i64) -> Answer<Kept> {
    kept(&mut clinic.db.read().await?, id).await
}

/// Makes a window; a doctor's own is offered by them.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field, [`Refusal::Forbidden`] to a doctor who names others.
pub async fn make(
    clinic: &Clinic,
    who: &Actor,
    form: AvailableTimeChange,
    mut faults: Faults,
) -> Answer<Kept> {
    let new = form::over(form.clone(), None, &mut faults);
    let mut tx = clinic.db.begin().await?;
    let caller = Caller::of(&mut tx, who).await?;
    if caller == Caller::WithoutProfile {
        faults.add(FieldErrors::CROSS_FIELD, "You have no doctor profile.");
    }
    let asked = caller.asks_for(form.doctors)?;
    let doctors = locked(&mut tx, &asked, &[], &mut faults).await?;
    faults.refuse()?;
    let new = new.ok_or_else(unsound)?;
    let row = table::insert(&mut tx, &form::stored(&new), clinic.clock.now()).await?;
    for doctor in &doctors {
        table::offer(&mut tx, row.id, *doctor).await?;
        doctor_table::touch(&mut tx, *doctor, clinic.clock.now()).await?;
    }
    tell(&mut tx, clinic, row.id, &doctors).await?;
    let detail = json!({ "name": new.name, "doctors": doctors });
    let action = "create_available_time";
    audit::change_of(&mut tx, clinic, who, action, OBJECT, row.id, detail).await?;
    let made = kept(&mut tx, row.id).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a window, where any of the versions `expected` will do. What was booked in it stays where
/// it is.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Forbidden`], [`Refusal::Invalid`] with every faulty field,
/// [`Refusal::Stale`].
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: AvailableTimeChange,
    expected: Option<&[i64]>,
    mut faults: Faults,
) -> Answer<Kept> {
    let mut tx = clinic.db.begin().await?;
    let was_offered = changeable(&mut tx, who, id).await?;
    let asked = match form.doctors.clone() {
        None => was_offered.iter().map(|offer| offer.doctor_uid).collect(),
        given => Caller::of(&mut tx, who).await?.asks_for(given)?,
    };
    // Doctors before the window, as their own changes take them.
    let doctors = locked(&mut tx, &asked, &was_offered, &mut faults).await?;
    let row = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    let (version, changed_at) = (row.version, row.updated_at);
    let was = Window::from(row);
    let is = form::over(form, Some(&was), &mut faults);
    faults.refuse()?;
    Refusal::unless_current(clinic, expected, version, changed_at)?;
    let is = is.ok_or_else(unsound)?;
    let had: Vec<i64> = was_offered.iter().map(|offer| offer.doctor_id).collect();
    let mut fields = form::differing(&is, &was);
    if had != doctors {
        fields.push("doctors");
    }
    if !fields.is_empty() {
        let now = clinic.clock.now();
        table::update(&mut tx, id, &form::stored(&is), now).await?;
        for doctor in had.iter().filter(|doctor| !doctors.contains(doctor)) {
            table::withdraw(&mut tx, id, *doctor).await?;
            doctor_table::touch(&mut tx, *doctor, now).await?;
        }
        for doctor in doctors.iter().filter(|doctor| !had.contains(doctor)) {
            table::offer(&mut tx, id, *doctor).await?;
            doctor_table::touch(&mut tx, *doctor, now).await?;
        }
        let came = doctors.iter().filter(|doctor| !had.contains(doctor));
        let concerned: Vec<i64> = had.iter().chain(came).copied().collect();
        tell(&mut tx, clinic, id, &concerned).await?;
        let detail = json!({ "fields": fields, "doctors": { "from": had, "to": doctors } });
        let action = "change_available_time";
        audit::change_of(&mut tx, clinic, who, action, OBJECT, id, detail).await?;
    }
    let changed = kept(&mut tx, id).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Retires a window: it is offered no more, and what was booked in it keeps it.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Forbidden`].
pub async fn retire(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let offered = changeable(&mut tx, who, id).await?;
    table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    table::retire(&mut tx, id, clinic.clock.now()).await?;
    let doctors: Vec<i64> = offered.iter().map(|offer| offer.doctor_id).collect();
    tell(&mut tx, clinic, id, &doctors).await?;
    let action = "retire_available_time";
    audit::change_of(&mut tx, clinic, who, action, OBJECT, id, json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// When these doctors can be booked in this window has changed.
async fn tell(tx: &mut Tx, clinic: &Clinic, window: i64, doctors: &[i64]) -> sqlx::Result<()> {
    for doctor in doctors {
        events::record(tx, clinic, events::SCHEDULE, window, Some(*doctor), None).await?;
    }
    Ok(())
}

/// A form without faults that says nothing is ours to answer for.
fn unsound() -> Refusal {
    Refusal::broken("a window without faults could not be read")
}

async fn kept(session: &mut impl Session, id: i64) -> Answer<Kept> {
    let row = table::by_id(session, id).await?.ok_or(MISSING)?;
    Ok(Kept {
        doctors: table::offers(session, &[id]).await?,
        version: row.version,
        window: row.into(),
    })
}

/// Who keeps windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Staff,
    /// A doctor: number and id.
    Doctor(i64, Uuid),
    /// A doctor whose profile is missing, or not verified.
    WithoutProfile,
}

impl Caller {
    async fn of(tx: &mut Tx, who: &Actor) -> Answer<Self> {
        if who.is_staff() {
            return Ok(Caller::Staff);
        }
        let row = match doctors::of_caller(tx, who).await? {
            Some(number) => doctor_table::by_id(tx, number).await?,
            None => None,
        };
        Ok(row.map_or(Caller::WithoutProfile, |row| {
            Caller::Doctor(row.id, row.uid)
        }))
    }

    /// Whom a form names; a doctor names nobody but themselves.
    fn asks_for(self, given: Option<Vec<PersonId>>) -> Answer<Vec<Uuid>> {
        let given: Option<Vec<Uuid>> =
            given.map(|people| people.into_iter().map(Uuid::from).collect());
        match (self, given) {
            (Caller::Staff, given) => Ok(given.unwrap_or_default()),
            (Caller::Doctor(_, own), None) => Ok(vec![own]),
            (Caller::Doctor(_, own), Some(given)) if given == [own] => Ok(given),
            (Caller::WithoutProfile, None) => Ok(Vec::new()),
            (Caller::Doctor(..) | Caller::WithoutProfile, Some(_)) => Err(Refusal::forbidden()),
        }
    }
}

/// Who offers a window, if the caller may change it: staff, or the only doctor who does.
async fn changeable(tx: &mut Tx, who: &Actor, id: i64) -> Answer<Vec<OfferRow>> {
    let kept = kept(tx, id).await?;
    let is_theirs = match Caller::of(tx, who).await? {
        Caller::Staff => true,
        Caller::Doctor(number, _) => {
            let offered: Vec<i64> = kept.doctors.iter().map(|offer| offer.doctor_id).collect();
            offered == [number]
        }
        Caller::WithoutProfile => false,
    };
    match is_theirs {
        true => Ok(kept.doctors),
        false => Err(Refusal::forbidden()),
    }
}

/// The numbers of these doctors, in order; they and those who `offered` it are kept to this
/// transaction. Those that there are not are faults.
async fn locked(
    tx: &mut Tx,
    asked: &[Uuid],
    offered: &[OfferRow],
    faults: &mut Faults,
) -> Answer<Vec<i64>> {
    let mut numbers = Vec::new();
    for id in asked {
        match doctor_table::by_uid(tx, *id).await? {
            Some(row) => numbers.push(row.id),
            None => faults.add(
                "doctors",
                format!("Invalid pk \"{id}\" - object does not exist."),
            ),
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    let mut all = numbers.clone();
    all.extend(offered.iter().map(|offer| offer.doctor_id));
    all.sort_unstable();
    all.dedup();
    for number in all {
        doctor_table::lock_id(tx, number).await?;
    }
    Ok(numbers)
}

impl Kept {
    /// The window as v1 shows it.
    pub fn wire(self) -> AvailableTime {
        let shown = self.window.wire();
        let days = shown.weekdays.iter();
        AvailableTime {
            id: shown.id,
            name: shown.name,
            starts: shown.starts,
            ends: shown.ends,
            weekdays: days.filter_map(|day| day.parse().ok()).collect(),
            slot_minutes: shown.slot_minutes,
            valid_from: shown.valid_from,
            valid_to: shown.valid_to,
            doctors: self
                .doctors
                .into_iter()
                .map(|offer| Named {
                    id: offer.doctor_uid,
                    full_name: offer.full_name,
                })
                .collect(),
        }
    }
}
