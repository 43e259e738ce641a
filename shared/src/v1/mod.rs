//! The v1 family: `/v1/api/…` (API.md §4, seeds/v1-api).

pub mod appointments;
pub mod user;
pub mod waiting;
