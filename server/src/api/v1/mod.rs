//! The v1 family: `/v1/api/…` (API.md §4).

pub(super) mod user;
