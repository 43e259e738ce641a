//! Answers about people, made safe to draw.

use clinic_shared::desk::appointments::HistoryEntry;
use clinic_shared::desk::merging::{Merge, MergePreview};
use clinic_shared::desk::patients::Patient;
use clinic_shared::desk::waitlist::Waiting;

use super::{appointment, blocks, line, lines, patient, reasons, row};
use crate::effect::PeopleReply;

fn merge(merge: &mut Merge) {
    line(&mut merge.other.record_number);
    line(&mut merge.other.full_name);
    lines([&mut merge.by]);
    merge.fields.iter_mut().for_each(line);
}

fn step(step: &mut HistoryEntry) {
    line(&mut step.doctor.full_name);
    lines([&mut step.by, &mut step.starts, &mut step.ends]);
    blocks([&mut step.reason]);
}

fn preview(preview: &mut MergePreview) {
    row(&mut preview.survivor);
    row(&mut preview.other);
    for moving in &mut preview.appointments {
        line(&mut moving.doctor);
        lines([&mut moving.starts]);
    }
    for review in &mut preview.reviews {
        line(&mut review.doctor);
    }
    for field in &mut preview.fields {
        line(&mut field.field);
        // An address has lines of its own; here it stands in one.
        lines([&mut field.survivor, &mut field.other]);
    }
    reasons(&mut preview.conflicts);
}

fn waiting(entry: &mut Waiting) {
    line(&mut entry.patient.full_name);
    if let Some(doctor) = &mut entry.doctor {
        line(&mut doctor.full_name);
    }
    if let Some(term) = &mut entry.specialisation {
        line(&mut term.name);
    }
    lines([&mut entry.patient_phone, &mut entry.note]);
    if let Some(hold) = &mut entry.hold {
        line(&mut hold.doctor.full_name);
        lines([&mut hold.starts]);
    }
}

/// A good end of a question, or of a deed, about people.
pub(super) fn reply(reply: &mut PeopleReply) {
    let whole = |value: &mut Patient| patient(value);
    match reply {
        PeopleReply::Visits(visits) => visits.appointments.iter_mut().for_each(appointment),
        PeopleReply::Steps(steps) => steps.iter_mut().for_each(step),
        PeopleReply::Merges(merges) => merges.iter_mut().for_each(merge),
        PeopleReply::Preview(found) => preview(found),
        PeopleReply::Candidates(_) => {}
        PeopleReply::Waiting(entry) => waiting(entry),
        PeopleReply::WaitingList(page) => page.results.iter_mut().for_each(waiting),
        PeopleReply::Merged(tagged) => {
            merge(&mut tagged.value.merge);
            whole(&mut tagged.value.patient);
        }
        PeopleReply::Unmerged(tagged) => {
            merge(&mut tagged.value.merge);
            whole(&mut tagged.value.patient);
            whole(&mut tagged.value.restored);
        }
    }
}
