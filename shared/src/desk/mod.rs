//! The desk family: `/v1/api/desk/…` (API.md §7).

pub mod appointments;
pub mod contacts;
pub mod decisions;
pub mod doctors;
pub mod patients;
pub mod users;
