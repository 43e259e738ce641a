//! What is not as it was between two looks at a merge.

use clinic_shared::desk::merging::MergePreview;

use super::view::name_of;

/// Whether a look shows something that the one before did not: of the same two records.
pub(super) fn is_other(before: &MergePreview, now: &MergePreview) -> bool {
    let pair = |preview: &MergePreview| (preview.survivor.id, preview.other.id);
    pair(before) == pair(now) && before != now
}

/// What changed, a sentence each.
pub(super) fn between(before: &MergePreview, now: &MergePreview) -> Vec<String> {
    let mut told = Vec::new();
    for field in &now.fields {
        let known = before
            .fields
            .iter()
            .find(|known| known.field == field.field);
        let was = |side: fn(&clinic_shared::desk::merging::DifferingField) -> &Option<String>| {
            known.is_some_and(|known| side(known) == side(field))
        };
        let name = name_of(&field.field);
        for (is_same, row, value) in [
            (was(|field| &field.survivor), &now.survivor, &field.survivor),
            (was(|field| &field.other), &now.other, &field.other),
        ] {
            if !is_same {
                let value = value.as_deref().unwrap_or("nothing");
                told.push(format!("{name} of {} is {value} now.", row.record_number));
            }
        }
    }
    for field in &before.fields {
        if now.fields.iter().all(|known| known.field != field.field) {
            told.push(format!(
                "{} is the same in both now.",
                name_of(&field.field)
            ));
        }
    }
    let (had, has) = (before.appointments.len(), now.appointments.len());
    if had != has {
        told.push(format!("{has} appointments move, not {had}."));
    }
    for reason in &now.conflicts {
        if !before.conflicts.contains(reason) {
            told.push(format!("New in the way: {}", reason.detail));
        }
    }
    told
}
