//! What a digit chooses: why something is called off, and who goes first.

use clinic_shared::desk::appointments::{CancelledBy, ReasonKind};
use clinic_shared::desk::queue::Priority;

/// The digits that choose why. Letters are words: whoever types at once why it is called off
/// chooses nothing by it.
pub(crate) const REASONS: [(char, ReasonKind); 10] = [
    ('1', ReasonKind::PatientRequest),
    ('2', ReasonKind::Illness),
    ('3', ReasonKind::Transport),
    ('4', ReasonKind::Forgot),
    ('5', ReasonKind::WaitedTooLong),
    ('6', ReasonKind::DoctorAway),
    ('7', ReasonKind::ClinicClosed),
    ('8', ReasonKind::Duplicate),
    ('9', ReasonKind::Mistake),
    ('0', ReasonKind::Other),
];

/// The digits that choose who goes first.
pub(crate) const PRIORITIES: [(char, Priority); 3] = [
    ('1', Priority::Normal),
    ('2', Priority::Urgent),
    ('3', Priority::Emergency),
];

/// Who calls it off where nobody says so.
pub(super) const fn usual(why: ReasonKind) -> CancelledBy {
    match (side(why), why) {
        (Some(by), _) => by,
        (None, ReasonKind::Other) => CancelledBy::Patient,
        (None, _) => CancelledBy::Clinic,
    }
}

/// Whose reason it is; none if it may be either's.
pub(super) const fn side(why: ReasonKind) -> Option<CancelledBy> {
    match why {
        ReasonKind::DoctorAway | ReasonKind::ClinicClosed => Some(CancelledBy::Clinic),
        ReasonKind::PatientRequest
        | ReasonKind::Illness
        | ReasonKind::Transport
        | ReasonKind::Forgot
        | ReasonKind::WaitedTooLong => Some(CancelledBy::Patient),
        ReasonKind::Duplicate | ReasonKind::Mistake | ReasonKind::Other => None,
    }
}
