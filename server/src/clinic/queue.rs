//! The queue (API.md §7 `board/`, `queue/`, `walk-ins/`): who is here, who is next, when they will
//! likely go in, and who came without being booked.

mod board;
mod duty;
mod late;
mod order;
mod walk_in;

pub use board::{board, of_doctor};
pub use late::{late_of, run_late};
pub use order::{Entry, Hours, expectations, in_serving_order};
pub use walk_in::take_in;
