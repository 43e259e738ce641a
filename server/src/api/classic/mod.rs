//! The classic family: `/api/user/…`, `/patients/` (API.md §3).

pub(super) mod accounts;
pub(super) mod appointments;
pub(super) mod patients;
pub(super) mod profiles;
