//! The fields of two records, field by field: which differ, whose stays, what to write.

use clinic_shared::desk::merging::{DifferingField, MergeKeep, Side};
use clinic_shared::desk::patients::Gender;
use serde_json::{Map, Value, json};

use super::super::{Answer, Refusal, text};
use crate::store::patient_merges::Fields;
use crate::store::patients::Stored;

/// Fields by their names, as they are kept beside a merge.
pub(super) type Named = Map<String, Value>;

/// By name.
pub(super) fn named(fields: &Fields) -> Answer<Named> {
    match serde_json::to_value(fields).map_err(Refusal::broken)? {
        Value::Object(named) => Ok(named),
        _ => Ok(Named::new()),
    }
}

/// What is stored of fields by name.
pub(super) fn stored(named: Named) -> Answer<Stored> {
    let fields: Fields = serde_json::from_value(Value::Object(named)).map_err(Refusal::broken)?;
    let gender: Option<Gender> = fields.gender.and_then(|word| word.parse().ok());
    Ok(Stored {
        name_key: text::name_key(&fields.full_name),
        full_name: fields.full_name,
        birth_date: fields.birth_date,
        gender: gender.map(Gender::as_str),
        phone_digits: fields
            .phone
            .as_deref()
            .map(text::phone_digits)
            .unwrap_or_default(),
        phone: fields.phone,
        email: fields.email,
        address: fields.address,
        blood_group: fields.blood_group,
        height: fields.height,
        weight: fields.weight,
        note: fields.note,
        photo: fields.photo,
    })
}

/// What becomes of the fields of two records.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Joined {
    /// Those that differ.
    pub(super) differing: Vec<DifferingField>,
    /// The survivor's, as they will be.
    pub(super) result: Named,
    /// Of those of the survivor's that change, what they `was` and what they will be (`is`).
    pub(super) changes: Named,
}

/// Joins the fields of two records: the survivor's value stays, or where it has none the other's,
/// or whose `keep` says.
pub(super) fn join(survivor: &Fields, other: &Fields, keep: &MergeKeep) -> Answer<Joined> {
    let (survivor, other) = (named(survivor)?, named(other)?);
    let keep = serde_json::to_value(keep).map_err(Refusal::broken)?;
    let mut joined = Joined::default();
    for (name, ours) in survivor {
        let theirs = other.get(&name).cloned().unwrap_or_default();
        let asked = keep.get(&name).and_then(Value::as_str);
        let kept = match asked.and_then(|word| word.parse().ok()) {
            Some(side) => side,
            None if ours.is_null() => Side::Other,
            None => Side::Survivor,
        };
        let value = match kept {
            Side::Survivor => ours.clone(),
            Side::Other => theirs.clone(),
        };
        if ours != theirs {
            joined.differing.push(DifferingField {
                survivor: told(&name, &ours),
                other: told(&name, &theirs),
                field: name.clone(),
                kept,
            });
        }
        if value != ours {
            let change = json!({ "was": ours, "is": value });
            joined.changes.insert(name.clone(), change);
        }
        joined.result.insert(name, value);
    }
    Ok(joined)
}

/// The fields with what a merge changed put back, and the names of those that were changed again
/// since, which can't be.
pub(super) fn part(now: &Fields, changes: &Named) -> Answer<(Named, Vec<String>)> {
    let mut named = named(now)?;
    let mut changed = Vec::new();
    for (name, change) in changes {
        let (was, is) = (change.get("was"), change.get("is"));
        match named.get_mut(name) {
            Some(value) if Some(&*value) == is => {
                *value = was.cloned().unwrap_or_default();
            }
            _ => changed.push(name.clone()),
        }
    }
    Ok((named, changed))
}

/// A value in words.
fn told(name: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if matches!(name, "height" | "weight") => {
            let hundredths = number.as_i64()?;
            Some(format!("{}.{:02}", hundredths / 100, hundredths % 100))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(full_name: &str, phone: Option<&str>, height: Option<i64>) -> Fields {
        Fields {
            full_name: full_name.to_owned(),
            birth_date: None,
            gender: Some("female".to_owned()),
            phone: phone.map(str::to_owned),
            email: None,
            address: None,
            blood_group: None,
            height,
            weight: None,
            note: None,
            photo: None,
        }
    }

    #[test]
    fn blanks_are_filled_and_what_is_there_stays_unless_asked_otherwise() {
        let ana = fields("Ana Kovač", None, Some(17_050));
        let anna = fields("Anna Kovac", Some("030"), None);
        let joined = join(&ana, &anna, &MergeKeep::default()).unwrap();
        assert_eq!(joined.result["full_name"], "Ana Kovač");
        assert_eq!(joined.result["phone"], "030");
        assert_eq!(joined.result["height"], 17_050);
        let told: Vec<_> = joined
            .differing
            .iter()
            .map(|one| (one.field.as_str(), one.survivor.as_deref(), one.kept))
            .collect();
        assert_eq!(
            told,
            [
                ("full_name", Some("Ana Kovač"), Side::Survivor),
                ("height", Some("170.50"), Side::Survivor),
                ("phone", None, Side::Other)
            ]
        );
        let keep = MergeKeep {
            full_name: Some(Side::Other),
            phone: Some(Side::Survivor),
            ..MergeKeep::default()
        };
        let joined = join(&ana, &anna, &keep).unwrap();
        assert_eq!(joined.result["full_name"], "Anna Kovac");
        assert_eq!(joined.result["phone"], Value::Null);
        assert_eq!(joined.changes.len(), 1);
    }

    #[test]
    fn parting_puts_back_what_nobody_changed_since() {
        let (ana, anna) = (
            fields("Ana", None, None),
            fields("Ana", Some("030"), Some(1)),
        );
        let joined = join(&ana, &anna, &MergeKeep::default()).unwrap();
        let mut now = fields("Ana Maria", Some("030"), Some(1));
        let (named, changed) = part(&now, &joined.changes).unwrap();
        assert!(changed.is_empty());
        assert_eq!(stored(named).unwrap().full_name, "Ana Maria");
        now.phone = Some("031".to_owned());
        let (_, changed) = part(&now, &joined.changes).unwrap();
        assert_eq!(changed, ["phone"]);
    }
}
