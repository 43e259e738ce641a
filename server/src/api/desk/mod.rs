//! The desk family: `/v1/api/desk/…` (API.md §7).

pub(super) mod contacts;
pub(super) mod patients;
