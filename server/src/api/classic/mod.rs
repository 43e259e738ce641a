//! The classic family: `/api/user/…`, `/patients/` (API.md §3).

pub(super) mod accounts;
pub(super) mod contacts;
pub(super) mod patients;
pub(super) mod profiles;
pub(super) mod reviews;
pub(super) mod services;
