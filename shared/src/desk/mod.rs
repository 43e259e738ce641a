//! The desk family: `/v1/api/desk/…` (API.md §7).

pub mod appointments;
pub mod contacts;
pub mod doctors;
pub mod merging;
pub mod patients;
pub mod users;
