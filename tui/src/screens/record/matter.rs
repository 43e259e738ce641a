//! Something to decide, whole: an application, a qualification, a bug report.

use chrono::{DateTime, Utc};
use clinic_shared::v1::qualifications::Decision;

use super::view::{Sheet, moment};
use super::{Known, Subject};
use crate::app::Model;
use crate::effect::{Effect, Matter, Part};
use crate::screens::decisions::view::status;

/// Opens one of the list.
pub(crate) fn open(model: &mut Model, row: Matter) -> Vec<Effect> {
    let id = (row.part(), row.id());
    super::open(model, Subject::Matter(Known::row(id, row)))
}

type Facts = Vec<(&'static str, Option<String>)>;

pub(super) fn sheet(model: &Model, known: &Known<(Part, i64), Matter, Matter>) -> Sheet {
    // A line of the list is the whole of it, but for the picture's address, which may be too old.
    let Some(matter) = known.value().or(known.row.as_ref()) else {
        return Sheet::default();
    };
    let picture = |address: Option<&str>, name: &str| match (address, known.full.is_some()) {
        (None, _) => None,
        (Some(_), false) => Some(format!("There is {name}.")),
        (Some(address), true) => Some(format!(
            "There is {name}.\nTo see it, open this address in a browser; {} brings a new one.\n{address}",
            crate::screens::list::view::key(model, "app.reload")
        )),
    };
    match matter {
        Matter::Application(one) => {
            let mut facts = stands(model, one.created_at, one.status, one.decided_at);
            facts.extend([
                ("E-mail", Some(one.email.clone())),
                ("Registered", Some(one.registration_number.clone())),
                ("Degree", Some(one.degree.clone())),
                ("From", Some(one.institution.clone())),
                ("Year", Some(one.year.to_string())),
                (
                    "Certificate",
                    Some(one.certificate_registration_number.clone()),
                ),
            ]);
            facts.extend(reason(one.reason.as_ref()));
            Sheet {
                title: "Application to be a doctor".to_owned(),
                name: one.full_name.clone(),
                facts,
                body: picture(Some(&one.certificate_img), "a picture of the certificate"),
            }
        }
        Matter::Qualification(one) => {
            let mut facts = stands(model, one.created_at, one.status, one.decided_at);
            facts.extend([
                ("Doctor", Some(one.full_name.clone())),
                ("Degree", Some(one.degree.clone())),
                ("From", Some(one.institution.clone())),
                ("Year", one.year.map(|year| year.to_string())),
                ("Grade", one.grade.clone()),
                ("Registered", one.registration_id.clone()),
            ]);
            facts.extend(reason(one.reason.as_ref()));
            let address = one.certificate_img.as_deref();
            let none = Some("There is no picture of the certificate.".to_owned());
            Sheet {
                title: "Qualification".to_owned(),
                name: one.title.clone(),
                facts,
                body: picture(address, "a picture of the certificate").or(none),
            }
        }
        Matter::BugReport(one) => {
            let mut facts = stands(model, one.created_at, one.status, one.decided_at);
            facts.push(("E-mail", one.email.clone()));
            let from = match one.user {
                Some(_) => "somebody who was signed in",
                None => "somebody who was not signed in",
            };
            facts.push(("From", Some(from.to_owned())));
            facts.extend(reason(one.reason.as_ref()));
            let picture = picture(one.image.as_deref(), "a picture");
            let parts = [Some(one.issue.clone()), picture];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            Sheet {
                title: "Bug report".to_owned(),
                name: one.bug_type.clone(),
                facts,
                body: Some(parts.join("\n\n")),
            }
        }
    }
}

/// When it came, and what became of it.
fn stands(
    model: &Model,
    came: DateTime<Utc>,
    decision: Decision,
    decided: Option<DateTime<Utc>>,
) -> Facts {
    let mut facts = vec![
        ("Came", Some(moment(model, came))),
        ("Status", Some(status(model, decision))),
    ];
    facts.extend(decided.map(|at| ("Decided", Some(moment(model, at)))));
    facts
}

/// Why not, if that was said.
fn reason(reason: Option<&String>) -> Option<(&'static str, Option<String>)> {
    reason.map(|why| ("Why", Some(why.clone())))
}
