//! Whether they meet at the clinic, or by video.

use clinic_shared::desk::appointments::Kind;

use super::{Step, top, top_mut};
use crate::app::Model;
use crate::command::Availability;

/// As it stands on the page.
pub(super) const fn in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Online => "By video",
        Kind::Offline => "At the clinic",
    }
}

const fn other(kind: Kind) -> Kind {
    match kind {
        Kind::Online => Kind::Offline,
        Kind::Offline => Kind::Online,
    }
}

/// Whether it can be switched now.
pub(crate) fn can_switch(model: &Model) -> Availability {
    let why = match top(model) {
        Some(book) if book.moved.is_some() => "A moved appointment stays what it was.",
        Some(book) if book.step != Step::Confirm => "First choose a time.",
        Some(book)
            if book
                .confirm
                .as_ref()
                .is_none_or(|confirm| !confirm.is_sending()) =>
        {
            return Availability::Ok;
        }
        _ => "It is being booked already.",
    };
    Availability::Disabled(why.into())
}

/// What the key makes of it, in a sentence.
pub(super) const fn other_in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Online => "at the clinic",
        Kind::Offline => "by video",
    }
}

/// By video; again, at the clinic. Nothing else that was chosen or typed changes.
pub(crate) fn switch(model: &mut Model) {
    if let Some(book) = top_mut(model) {
        book.kind = other(book.kind);
    }
}
