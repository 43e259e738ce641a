//! What may be written of a patient: the fields of a draft or a change, checked all at once.

use chrono::NaiveDate;
use clinic_shared::Patch;
use clinic_shared::desk::patients::{Gender, PatientChange, PatientDraft};
use clinic_shared::v1::lenient::{Centimetres, Kilograms, Measure};
use clinic_shared::v1::patients as own;

use super::super::{Answer, Faults, Refusal, audit, text};
use super::own::hundredths;
use crate::store::patients::{PatientRow, Stored};

/// The writable fields, as somebody filled them in.
#[derive(Debug, Clone, Default)]
pub(super) struct Form {
    full_name: String,
    /// An account's name may be anything that is a username, and so may have no letters.
    name_of_account: bool,
    birth_date: Option<NaiveDate>,
    gender: Option<Gender>,
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
    blood_group: Option<String>,
    height: Option<i64>,
    new_height: Patch<Centimetres>,
    weight: Option<i64>,
    new_weight: Patch<Kilograms>,
    note: Option<String>,
    no_reminders: Option<bool>,
    photo: Option<String>,
}

/// A form without faults.
#[derive(Debug, Clone)]
pub(super) struct Checked(Stored);

impl Form {
    pub(super) fn of_draft(draft: PatientDraft) -> Self {
        Form {
            full_name: draft.full_name,
            birth_date: draft.birth_date,
            gender: draft.gender,
            phone: draft.phone,
            email: draft.email,
            address: draft.address,
            blood_group: draft.blood_group,
            note: draft.note,
            ..Form::default()
        }
    }

    pub(super) fn of_row(row: &PatientRow) -> Self {
        Form {
            full_name: row.full_name.clone(),
            name_of_account: row.account_id.is_some(),
            birth_date: row.birth_date,
            gender: row.gender.as_deref().and_then(|word| word.parse().ok()),
            phone: row.phone.clone(),
            email: own_email(row),
            address: row.address.clone(),
            blood_group: row.blood_group.clone(),
            height: row.height,
            new_height: Patch::Keep,
            weight: row.weight,
            new_weight: Patch::Keep,
            note: row.note.clone(),
            no_reminders: Some(row.no_reminders),
            photo: row.photo.clone(),
        }
    }

    /// With the fields of a desk's change.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] on `email` if the patient has an account with another one.
    pub(super) fn with(mut self, change: PatientChange, row: &PatientRow) -> Answer<Self> {
        if let Some(name) = change.full_name {
            self.full_name = name;
            self.name_of_account = false;
        }
        self.birth_date = change.birth_date.apply(self.birth_date);
        self.gender = change.gender.apply(self.gender);
        self.phone = change.phone.apply(self.phone);
        self.address = change.address.apply(self.address);
        self.blood_group = change.blood_group.apply(self.blood_group);
        self.note = change.note.apply(self.note);
        self.no_reminders = change.no_reminders.or(self.no_reminders);
        match row.account_id {
            None => self.email = change.email.apply(self.email),
            // What GET gave may be sent back.
            Some(_) if change.email.clone().apply(row.email.clone()) == row.email => {}
            Some(_) => {
                let message = "This patient has an account; its e-mail is changed there.";
                return Err(Refusal::field("email", message));
            }
        }
        Ok(self)
    }

    /// With the fields of the patient's own change on v1, but the name; the measures are checked with
    /// the rest.
    pub(super) fn with_own(mut self, change: own::PatientChange, photo: Patch<String>) -> Self {
        self.birth_date = change.birthday.apply(self.birth_date);
        self.gender = change.gender.apply(self.gender);
        self.blood_group = change.blood_group.apply(self.blood_group);
        self.new_height = change.height;
        self.new_weight = change.weight;
        self.address = change.address.apply(self.address);
        self.with_contact(change.phone_number, photo)
    }

    /// With another phone and picture.
    pub(super) fn with_contact(mut self, phone: Patch<String>, photo: Patch<String>) -> Self {
        self.phone = phone.apply(self.phone);
        self.photo = photo.apply(self.photo);
        self
    }

    /// With the name of an account.
    pub(super) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.full_name);
        self.name_of_account = true;
        self
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with every faulty field.
    pub(super) fn checked(self, today: NaiveDate, mut faults: Faults) -> Answer<Checked> {
        let full_name = faults.take("full_name", self.name()).unwrap_or_default();
        let birth_date = faults
            .take("birth_date", birth(self.birth_date, today))
            .flatten();
        let phone = faults.take("phone", phone(self.phone.as_deref())).flatten();
        let email = faults.take("email", email(self.email.as_deref())).flatten();
        let address = faults
            .take("address", short(self.address.as_deref(), 1000))
            .flatten();
        let blood = faults
            .take("blood_group", short(self.blood_group.as_deref(), 5))
            .flatten();
        let note = faults
            .take("note", short(self.note.as_deref(), 5000))
            .flatten();
        let height = measured(self.new_height, self.height);
        let height = faults.take("height", height).flatten();
        let weight = measured(self.new_weight, self.weight);
        let weight = faults.take("weight", weight).flatten();
        faults.refuse()?;
        Ok(Checked(Stored {
            name_key: text::name_key(&full_name),
            full_name,
            birth_date,
            gender: self.gender.map(Gender::as_str),
            phone_digits: phone.as_deref().map(text::phone_digits).unwrap_or_default(),
            phone,
            email,
            address,
            blood_group: blood,
            height,
            weight,
            note,
            no_reminders: self.no_reminders,
            photo: self.photo,
        }))
    }

    fn name(&self) -> Result<String, String> {
        // An account's first and last name are 150 each.
        let most = if self.name_of_account { 301 } else { 255 };
        let name = text::required(&self.full_name, most)?;
        if !self.name_of_account && text::name_key(&name).is_empty() {
            return Err("Enter a name with at least one letter.".to_owned());
        }
        Ok(name)
    }
}

impl Checked {
    /// What is stored.
    pub(super) fn stored(&self) -> &Stored {
        &self.0
    }

    /// Names of the fields that are filled in.
    pub(super) fn filled(&self) -> Vec<&'static str> {
        let new = &self.0;
        audit::fields([
            ("full_name", true),
            ("birth_date", new.birth_date.is_some()),
            ("gender", new.gender.is_some()),
            ("phone", new.phone.is_some()),
            ("email", new.email.is_some()),
            ("address", new.address.is_some()),
            ("blood_group", new.blood_group.is_some()),
            ("height", new.height.is_some()),
            ("weight", new.weight.is_some()),
            ("note", new.note.is_some()),
            ("photo", new.photo.is_some()),
        ])
    }

    /// Names of the fields that are not as in the row.
    pub(super) fn differing(&self, row: &PatientRow) -> Vec<&'static str> {
        let new = &self.0;
        audit::fields([
            ("full_name", new.full_name != row.full_name),
            ("birth_date", new.birth_date != row.birth_date),
            ("gender", new.gender != row.gender.as_deref()),
            ("phone", new.phone != row.phone),
            ("email", new.email != own_email(row)),
            ("address", new.address != row.address),
            ("blood_group", new.blood_group != row.blood_group),
            ("height", new.height != row.height),
            ("weight", new.weight != row.weight),
            ("note", new.note != row.note),
            (
                "no_reminders",
                new.no_reminders
                    .is_some_and(|none| none != row.no_reminders),
            ),
            ("photo", new.photo != row.photo),
        ])
    }
}

/// The row's e-mail is the account's where there is one; that is not the patient's to store.
fn own_email(row: &PatientRow) -> Option<String> {
    row.email.clone().filter(|_| row.account_id.is_none())
}

fn measured<const MAX: i64>(
    new: Patch<Measure<MAX>>,
    was: Option<i64>,
) -> Result<Option<i64>, String> {
    match new {
        Patch::Keep => Ok(was),
        Patch::Clear => Ok(None),
        Patch::Set(measure) => hundredths(measure).map(Some),
    }
}

fn short(text: Option<&str>, most: usize) -> Result<Option<String>, String> {
    text.map_or(Ok(None), |text| text::optional(text, most))
}

fn birth(date: Option<NaiveDate>, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
    date.map(|date| text::birth_date(date, today)).transpose()
}

fn phone(phone: Option<&str>) -> Result<Option<String>, String> {
    let phone = short(phone, 32)?;
    phone.map(|typed| text::line(&typed)).transpose()
}

fn email(email: Option<&str>) -> Result<Option<String>, String> {
    let email = short(email, 254)?;
    match &email {
        Some(typed) if !text::is_email(typed) => Err("Enter a valid email address.".to_owned()),
        _ => Ok(email),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();

    fn faults(draft: PatientDraft) -> std::collections::BTreeMap<String, Vec<String>> {
        match Form::of_draft(draft).checked(TODAY, Faults::new()) {
            Err(Refusal::Invalid(errors)) => errors.0,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let draft = PatientDraft {
            full_name: "  ".to_owned(),
            birth_date: Some("2026-11-23".parse().unwrap()),
            phone: Some("1\n2".to_owned()),
            email: Some("nobody".to_owned()),
            blood_group: Some("AB+ or so".to_owned()),
            note: Some("a\0b".to_owned()),
            ..PatientDraft::default()
        };
        let faults = faults(draft);
        assert_eq!(faults["full_name"], ["This field may not be blank."]);
        assert_eq!(
            faults["birth_date"],
            ["A birth date can't be in the future."]
        );
        assert_eq!(faults["phone"], ["Write this on one line."]);
        assert_eq!(faults["email"], ["Enter a valid email address."]);
        assert_eq!(
            faults["blood_group"],
            ["Ensure this field has no more than 5 characters."]
        );
        assert_eq!(faults["note"], ["Null characters are not allowed."]);
    }

    #[test]
    fn a_typo_in_the_century_and_a_name_of_dashes_are_refused() {
        let draft = PatientDraft {
            full_name: "--".to_owned(),
            birth_date: Some("1080-02-01".parse().unwrap()),
            ..PatientDraft::default()
        };
        let faults = faults(draft);
        assert_eq!(
            faults["full_name"],
            ["Enter a name with at least one letter."]
        );
        assert_eq!(faults["birth_date"], ["A birth date can't be before 1880."]);
    }

    #[test]
    fn fields_are_trimmed_and_blank_ones_are_none() {
        let draft = PatientDraft {
            full_name: " Ana Kovač ".to_owned(),
            phone: Some(" +385 1 555 01 ".to_owned()),
            email: Some("  ".to_owned()),
            ..PatientDraft::default()
        };
        let checked = Form::of_draft(draft).checked(TODAY, Faults::new()).unwrap();
        assert_eq!(checked.stored().full_name, "Ana Kovač");
        assert_eq!(checked.stored().name_key, " ana kovac ");
        assert_eq!(checked.stored().phone_digits, "385155501");
        assert_eq!(checked.filled(), ["full_name", "phone"]);
    }
}
