//! Appointments: who comes to whom, and when (API.md §3 `/appointments/`, §5, §6).
//!
//! Staff see all, a doctor theirs, a patient their own; one the caller may not see is missing. There
//! is one way to take time ([`booking`]), for a new appointment and for one that is moved; the
//! database itself forbids that anybody is booked twice at once.

mod booking;
mod calling_off;
mod change;
mod classic;
mod day;
mod history;
mod missed;
mod paid;
mod place;
mod record;
mod states;
mod time_back;
mod transition;
mod undo;
mod whose;

pub use booking::{Request, When, book};
pub use calling_off::{cancel_all_of_doctor, cancel_all_of_patient, cancel_each, delete};
pub use change::{Change, change};
pub use classic::{Draft, Filter, Line, book_own, list, show};
pub use day::{Listing, after_change, detail, of_day};
pub use history::{Expected, Why, history};
pub use missed::close_missed;
pub use paid::set_paid;
pub use record::{detail_wire, line_wire};
pub use states::{Forbidden, decide, replay};
pub use transition::{Asked, transition};
pub use undo::undo;

#[expect(
    unused_imports,
    reason = "the rules of the queue write steps in their own transactions"
)]
pub(in crate::clinic) use transition::apply;

use super::Refusal;

const MISSING: Refusal = Refusal::Missing("Appointment");

/// Others keep changing it.
fn changed_meanwhile() -> Refusal {
    Refusal::Conflict {
        code: "version_conflict",
        detail: "Somebody else is changing this appointment; load it again.".to_owned(),
    }
}
