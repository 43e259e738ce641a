//! Answers of the server, made safe to draw before they enter the model.

use clinic_shared::client::{Error, Tagged};
use clinic_shared::desk::patients::{Duplicate, Patient, PatientRow};
use clinic_shared::v1::user::Me;
use clinic_shared::{FieldErrors, SearchPage};

use crate::effect::Reply;
use crate::text;

fn line(text: &mut String) {
    if let std::borrow::Cow::Owned(clean) = text::line(text) {
        *text = clean;
    }
}

fn lines<'a>(texts: impl IntoIterator<Item = &'a mut Option<String>>) {
    texts.into_iter().flatten().for_each(line);
}

fn block(text: &mut Option<String>) {
    if let Some(text) = text
        && let std::borrow::Cow::Owned(clean) = text::block(text)
    {
        *text = clean;
    }
}

/// An account.
pub(crate) fn me(mut me: Me) -> Me {
    for text in [
        &mut me.username,
        &mut me.email,
        &mut me.first_name,
        &mut me.last_name,
    ] {
        line(text);
    }
    me
}

fn row(row: &mut PatientRow) {
    line(&mut row.record_number);
    line(&mut row.full_name);
    lines([&mut row.phone]);
}

fn page(page: &mut SearchPage<PatientRow>) {
    page.results.iter_mut().for_each(row);
    page.corrections.iter_mut().for_each(line);
}

fn patient(tagged: &mut Tagged<Patient>) {
    let patient = &mut tagged.value;
    line(&mut patient.record_number);
    line(&mut patient.full_name);
    let Patient {
        phone,
        email,
        blood_group,
        username,
        photo,
        ..
    } = patient;
    lines([phone, email, blood_group, username, photo]);
    block(&mut patient.address);
    block(&mut patient.note);
}

fn duplicates(found: &mut [Duplicate]) {
    found
        .iter_mut()
        .for_each(|duplicate| row(&mut duplicate.patient));
}

/// A call's good end.
pub(crate) fn reply(mut reply: Reply) -> Reply {
    match &mut reply {
        Reply::SignedIn { who, .. } => **who = me((**who).clone()),
        Reply::Restored(Some(who)) | Reply::Me(who) => **who = me((**who).clone()),
        Reply::Patients(found) => page(found),
        Reply::Patient(tagged) | Reply::Saved(tagged) => patient(tagged),
        Reply::Duplicates(found) => duplicates(found),
        Reply::Restored(None) | Reply::SignedOut { .. } => {}
    }
    reply
}

/// A call's bad end.
pub(crate) fn error(error: Error) -> Error {
    match error {
        Error::Refused(mut refused) => {
            line(&mut refused.detail);
            let mut fields = FieldErrors::default();
            for (field, messages) in &refused.fields.0 {
                for message in messages {
                    fields.add(field, text::line(message));
                }
            }
            refused.fields = fields;
            Error::Refused(refused)
        }
        other => other,
    }
}
