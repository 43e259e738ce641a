//! The desk family: `/v1/api/desk/…` (API.md §7).

pub mod absences;
pub mod appointments;
pub mod audit;
pub mod contacts;
pub mod decisions;
pub mod doctors;
pub mod merging;
pub mod openings;
pub mod patients;
pub mod queue;
pub mod reports;
pub mod slots;
pub mod users;
pub mod visits;
pub mod waitlist;
