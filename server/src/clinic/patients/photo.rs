//! Records with a picture that came along, as classic's forms send them.

use clinic_shared::Patch;

use super::{
    Actor, Answer, Clinic, Faults, MISSING, PatientRecord, change_contact, make_own, may_see, table,
};
use crate::clinic::pictures;
use crate::infra::media::Kind;

/// The picture's field in classic's forms.
const FIELD: &str = "profile";

/// Changes the phone and, if one came, the picture of a record.
///
/// # Errors
/// [`super::Refusal::Missing`] if the caller may not see it, [`super::Refusal::Invalid`].
pub async fn change_with_photo(
    clinic: &Clinic,
    who: &Actor,
    number: i64,
    phone: Patch<String>,
    faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<PatientRecord> {
    let row = table::by_id(&mut clinic.db.read().await?, number).await?;
    let row = row.filter(|row| may_see(who, row)).ok_or(MISSING)?;
    let write = async |photo, faults| {
        change_contact(clinic, who, number, phone, kept_or(photo), faults).await
    };
    let old = row.photo;
    pictures::replacing_in_form(clinic, Kind::Private, picture, FIELD, old, faults, write).await
}

/// Makes the caller's missing record, with the picture if one came.
///
/// # Errors
/// [`super::Refusal::Invalid`] if there is one already, or on a field.
pub async fn make_own_with_photo(
    clinic: &Clinic,
    who: &Actor,
    phone: Patch<String>,
    faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<PatientRecord> {
    let write = async |photo, faults| make_own(clinic, who, phone, kept_or(photo), faults).await;
    pictures::replacing_in_form(clinic, Kind::Private, picture, FIELD, None, faults, write).await
}

fn kept_or(photo: Option<String>) -> Patch<String> {
    photo.map_or(Patch::Keep, Patch::Set)
}
