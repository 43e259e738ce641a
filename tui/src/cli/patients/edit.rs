//! What `clinic patients edit` changes.

use clinic_shared::Patch;
use clinic_shared::desk::patients::PatientChange;

use crate::cli::CliError;
use crate::cli::args::{Field, Fields};

/// The change that the options describe: what is not named stays.
pub(super) fn change(
    full_name: Option<String>,
    fields: Fields,
    clear: &[Field],
) -> Result<PatientChange, CliError> {
    let patch = Patches { clear };
    let change = PatientChange {
        full_name,
        birth_date: patch.of(Field::BirthDate, fields.birth_date)?,
        gender: patch.of(Field::Gender, fields.gender)?,
        phone: patch.of(Field::Phone, fields.phone)?,
        email: patch.of(Field::Email, fields.email)?,
        address: patch.of(Field::Address, fields.address)?,
        blood_group: patch.of(Field::BloodGroup, fields.blood_group)?,
        note: patch.of(Field::Note, fields.note)?,
        no_reminders: None,
    };
    if change == PatientChange::default() {
        return Err(CliError::Usage(
            "Nothing to change was named; see: clinic patients edit --help".to_owned(),
        ));
    }
    Ok(change)
}

struct Patches<'a> {
    clear: &'a [Field],
}

impl Patches<'_> {
    fn of<T>(&self, field: Field, value: Option<T>) -> Result<Patch<T>, CliError> {
        match (value, self.clear.contains(&field)) {
            (Some(_), true) => Err(CliError::Usage(format!(
                "{field:?} is set and cleared at once; name it once."
            ))),
            (Some(value), false) => Ok(Patch::Set(value)),
            (None, true) => Ok(Patch::Clear),
            (None, false) => Ok(Patch::Keep),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_stays() {
        let fields = Fields {
            phone: Some("030 1".to_owned()),
            ..Fields::default()
        };
        let change = change(None, fields, &[Field::Note]).unwrap();
        assert_eq!(
            serde_json::to_value(change).unwrap(),
            serde_json::json!({"phone": "030 1", "note": null})
        );
    }

    #[test]
    fn naming_nothing_or_a_contradiction_is_a_usage_error() {
        assert_eq!(change(None, Fields::default(), &[]).unwrap_err().code(), 2);
        let fields = Fields {
            phone: Some("030 1".to_owned()),
            ..Fields::default()
        };
        assert_eq!(change(None, fields, &[Field::Phone]).unwrap_err().code(), 2);
    }
}
