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
mod desk;
mod elsewhere;
mod free;
mod history;
mod marks;
mod missed;
mod now;
mod obstacles;
mod origins;
mod own;
mod paid;
mod place;
mod record;
mod states;
mod time_back;
mod transition;
mod undo;
mod whose;

pub use booking::{Booking, Request, When, Wish, book, book_as};
pub use calling_off::{cancel_all_of_doctor, cancel_all_of_patient, cancel_each, delete};
pub use change::{Change, change};
pub use classic::{Draft, Filter, Line, book_own, list, show};
pub use day::{Listing, after_change, detail, of_day};
pub use desk::{book_at_desk, check, reschedule};
pub use elsewhere::{Elsewhere, cancel_by_clinic, move_to_first_free};
pub use free::{Wanted, free_slots, open_times};
pub use history::{Expected, Why, history};
pub use marks::{call_in, prioritise, set_room};
pub use missed::close_missed;
pub use own::{
    ByDoctor, ByPatient, Mine, book_as_doctor, book_as_patient, mine_of_doctor, mine_of_patient,
    one_of_mine, own_wire, shown_after_change,
};
pub use paid::set_paid;
pub use record::{detail_wire, line_wire};
pub use states::{Forbidden, decide, replay};
pub use transition::{Asked, transition};
pub use undo::undo;

pub(in crate::clinic) use whose::Sight;
pub(in crate::clinic) use {
    booking::{Failure, Tries, book_within, find_place, told_to},
    desk::{LONGEST_SYMPTOMS, LONGEST_TITLE, booking_of, patient_of},
    free::part_of_day,
    marks::LONGEST_ROOM,
    place::{FARTHEST, USUAL},
    record::{local, person, word},
    transition::apply,
};

use super::Refusal;

const MISSING: Refusal = Refusal::Missing("Appointment");

/// Others keep changing it.
fn changed_meanwhile() -> Refusal {
    Refusal::Conflict {
        code: "version_conflict",
        detail: "Somebody else is changing this appointment; load it again.".to_owned(),
    }
}
