//! Records with a picture that came along, as classic's forms send them.

use clinic_shared::Patch;

use super::{Actor, Answer, Clinic, Faults, PatientRecord, change_contact, make_own, sight, table};
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
    let mut reader = clinic.db.read().await?;
    let row = table::by_id(&mut reader, number).await?;
    let row = sight::changeable(&mut reader, who, row).await?;
    drop(reader);
    let write = async |photo, faults| {
        change_contact(clinic, who, number, phone, kept_or(photo), faults).await
    };
    let old = row.photo;
    pictures::replacing(clinic, Kind::Private, picture, FIELD, old, faults, write).await
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
    pictures::replacing(clinic, Kind::Private, picture, FIELD, None, faults, write).await
}

fn kept_or(photo: Option<String>) -> Patch<String> {
    photo.map_or(Patch::Keep, Patch::Set)
}
