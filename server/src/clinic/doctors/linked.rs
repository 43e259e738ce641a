//! What is linked to doctors: designations, specialisations and windows of time.

use std::collections::HashMap;

use clinic_shared::desk::doctors::Named;
use serde_json::json;

use super::form::{Changes, Checked};
use super::record::DoctorRecord;
use crate::clinic::available_times::Window;
use crate::clinic::{Answer, Faults};
use crate::store::doctor_links::{self as table, Link};
use crate::store::doctors::DoctorRow;
use crate::store::{Session, Tx, available_times};

/// What is to be linked to a doctor: exactly these.
#[derive(Debug)]
pub(super) struct Linked {
    link: Link,
    /// Where it stands in the form.
    field: &'static str,
    /// In order, each once.
    ids: Vec<i64>,
}

impl Linked {
    pub(super) fn new(link: Link, field: &'static str, mut ids: Vec<i64>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        Linked { link, field, ids }
    }
}

/// Notes as a fault each id that there is not.
pub(super) async fn check(tx: &mut Tx, linked: &Linked, faults: &mut Faults) -> Answer<()> {
    if linked.ids.is_empty() {
        return Ok(());
    }
    let known = table::hold(tx, linked.link, &linked.ids).await?;
    for id in linked.ids.iter().filter(|id| !known.contains(id)) {
        let message = format!("Invalid pk \"{id}\" - object does not exist.");
        faults.add(linked.field, message);
    }
    Ok(())
}

/// Links what the form says, and notes what that changes; answers the windows that came or went.
pub(super) async fn replace(
    tx: &mut Tx,
    doctor: i64,
    form: &Checked,
    changes: &mut Changes,
) -> Answer<Vec<i64>> {
    let mut windows = Vec::new();
    for Linked { link, ids, .. } in &form.linked {
        let was = table::of(tx, *link, &[doctor]).await?;
        let was: Vec<i64> = was.into_iter().map(|row| row.id).collect();
        if was != *ids {
            table::replace(tx, *link, doctor, ids).await?;
            changes.setting(setting(*link), json!(was), json!(ids));
            if *link == Link::AvailableTimes {
                windows.extend(was.iter().filter(|id| !ids.contains(id)));
                windows.extend(ids.iter().filter(|id| !was.contains(id)));
            }
        }
    }
    Ok(windows)
}

/// What the audit calls a link.
fn setting(link: Link) -> &'static str {
    match link {
        Link::Designations => "designations",
        Link::Specialisations => "specialisations",
        Link::AvailableTimes => "available_times",
    }
}

/// The names linked to each of these doctors, by the doctor's number.
pub(super) async fn names(
    session: &mut impl Session,
    link: Link,
    doctors: &[i64],
) -> Answer<HashMap<i64, Vec<Named>>> {
    let mut names: HashMap<i64, Vec<Named>> = HashMap::new();
    for row in table::of(session, link, doctors).await? {
        let (id, name) = (row.id, row.name);
        names
            .entry(row.doctor_id)
            .or_default()
            .push(Named { id, name });
    }
    Ok(names)
}

/// A doctor with everything linked.
pub(super) async fn record(session: &mut impl Session, row: DoctorRow) -> Answer<DoctorRecord> {
    let id = row.id;
    let designations = names(session, Link::Designations, &[id]).await?;
    let specialisations = names(session, Link::Specialisations, &[id]).await?;
    let windows = available_times::of_doctor(session, id).await?;
    Ok(DoctorRecord {
        id: row.uid,
        number: id,
        full_name: row.full_name,
        username: row.username,
        email: row.email,
        photo: row.photo,
        designations: designations.into_values().flatten().collect(),
        specialisations: specialisations.into_values().flatten().collect(),
        available_times: windows.into_iter().map(Window::from).collect(),
        fee_cents: row.fee_cents,
        meet_link: row.meet_link,
        verified_at: row.verified_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
