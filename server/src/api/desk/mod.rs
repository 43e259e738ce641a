//! The desk family: `/v1/api/desk/…` (API.md §7).

pub(super) mod appointments;
pub(super) mod contacts;
pub(super) mod doctors;
pub(super) mod patients;
