//! What an admin decides, and the audit, made safe to draw.

use clinic_shared::desk::audit::Row;
use serde_json::Value;

use super::{block, blocks, line, lines};
use crate::effect::{AdminReply, Matter};

fn matter(matter: &mut Matter) {
    match matter {
        Matter::Application(one) => {
            for text in [
                &mut one.full_name,
                &mut one.email,
                &mut one.registration_number,
                &mut one.institution,
                &mut one.degree,
                &mut one.certificate_registration_number,
                &mut one.certificate_img,
            ] {
                line(text);
            }
            blocks([&mut one.reason]);
        }
        Matter::Qualification(one) => {
            for text in [
                &mut one.full_name,
                &mut one.title,
                &mut one.institution,
                &mut one.degree,
            ] {
                line(text);
            }
            lines([
                &mut one.grade,
                &mut one.registration_id,
                &mut one.certificate_img,
            ]);
            blocks([&mut one.reason]);
        }
        Matter::BugReport(one) => {
            line(&mut one.bug_type);
            block(&mut one.issue);
            lines([&mut one.email, &mut one.image]);
            blocks([&mut one.reason]);
        }
    }
}

fn row(row: &mut Row) {
    line(&mut row.action);
    lines([&mut row.address, &mut row.object_type]);
    if let Some(account) = &mut row.account {
        lines([&mut account.username]);
    }
    if let Some(patient) = &mut row.patient {
        lines([&mut patient.full_name]);
    }
    value(&mut row.detail);
}

/// The texts of a value; names of fields are cleaned where they are drawn.
fn value(one: &mut Value) {
    match one {
        Value::String(text) => line(text),
        Value::Array(list) => list.iter_mut().for_each(value),
        Value::Object(fields) => fields.values_mut().for_each(value),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A good end of a question, or of a decision.
pub(super) fn reply(reply: &mut AdminReply) {
    match reply {
        AdminReply::Matters(rows, ..) => rows.iter_mut().for_each(matter),
        AdminReply::Matter(tagged) => matter(&mut tagged.value),
        AdminReply::Audit(page) => page.results.iter_mut().for_each(row),
    }
}
