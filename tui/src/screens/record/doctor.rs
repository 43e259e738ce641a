//! A doctor's record.

use clinic_shared::desk::doctors::{Doctor, DoctorRow, Named};
use uuid::Uuid;

use super::view::{Sheet, moment};
use super::{Known, Subject};
use crate::app::Model;
use crate::effect::Effect;
use crate::screens::away;
use crate::{hours, labels};

/// Opens a doctor of the list.
pub(crate) fn open(model: &mut Model, row: DoctorRow) -> Vec<Effect> {
    let id = row.id;
    let mut effects = super::open(model, Subject::Doctor(Known::row(id, row)));
    effects.extend(away::ask_plan(model, id));
    effects
}

pub(super) fn sheet(model: &Model, known: &Known<Uuid, DoctorRow, Doctor>) -> Sheet {
    match (known.value(), &known.row) {
        (Some(doctor), _) => whole(model, doctor),
        (None, Some(row)) => Sheet {
            title: "Doctor".to_owned(),
            name: row.full_name.clone(),
            facts: vec![
                ("Verified", Some(verified(model, row.is_verified))),
                ("Works as", list(&row.designations)),
                ("Specialised", list(&row.specialisations)),
                ("Fee", Some(row.fee.clone())),
            ],
            body: None,
        },
        (None, None) => Sheet::default(),
    }
}

fn verified(model: &Model, is_verified: bool) -> String {
    let sign = model.glyphs.verified(is_verified);
    if is_verified {
        labels::with_sign(sign, "yes")
    } else {
        labels::with_sign(sign, "not yet; patients do not see them")
    }
}

fn whole(model: &Model, doctor: &Doctor) -> Sheet {
    let since = doctor.verified_at.map(|at| {
        let sign = model.glyphs.verified(true);
        labels::with_sign(sign, &format!("since {}", moment(model, at)))
    });
    let names = |named: &[Named]| {
        let names: Vec<String> = named.iter().map(|named| named.name.clone()).collect();
        list(&names)
    };
    let windows: Vec<String> = doctor
        .available_times
        .iter()
        .map(|window| hours::spelled_out(window, model.glyphs.dash, model.prefs.dates))
        .collect();
    let hours = Some(windows.join("\n")).filter(|hours| !hours.is_empty());
    let mut facts = vec![
        ("Verified", since.or_else(|| Some(verified(model, false)))),
        ("Works as", names(&doctor.designations)),
        ("Specialised", names(&doctor.specialisations)),
        ("Hours", hours),
    ];
    facts.extend(plan(model, doctor.id));
    facts.extend([
        ("Fee", Some(doctor.fee.clone())),
        ("E-mail", Some(doctor.email.clone())),
        ("Meeting", doctor.meet_link.clone()),
        ("Account", Some(doctor.username.clone())),
        ("Registered", Some(moment(model, doctor.created_at))),
        ("Changed", Some(moment(model, doctor.updated_at))),
    ]);
    Sheet {
        title: "Doctor".to_owned(),
        name: doctor.full_name.clone(),
        facts,
        body: None,
    }
}

/// How full today is, and what is special about the days to come, once that is known.
fn plan(model: &Model, doctor: Uuid) -> Vec<(&'static str, Option<String>)> {
    let Some(plan) = away::plan_of(model, doctor) else {
        return Vec::new();
    };
    let whose = away::Whose::Doctor {
        id: doctor,
        name: String::new(),
    };
    let items = away::items(model, &whose).unwrap_or_default();
    let (off, extra): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|item| matches!(item, away::Item::Off(..)));
    let today = match &plan.today {
        Some(day) => away::view::load(day),
        None => "nothing to do".to_owned(),
    };
    let mut facts = vec![
        ("Today", Some(today)),
        ("Away", away::view::lines(model, &off)),
    ];
    if !extra.is_empty() {
        facts.push(("Extra hours", away::view::lines(model, &extra)));
    }
    facts
}

fn list(names: &[String]) -> Option<String> {
    Some(names.join(", ")).filter(|names| !names.is_empty())
}
