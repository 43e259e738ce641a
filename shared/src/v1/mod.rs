//! The v1 family: `/v1/api/…` (API.md §4, seeds/v1-api).

pub mod appointments;
pub mod available_times;
pub mod doctors;
pub mod events;
pub mod lenient;
pub mod patients;
pub mod portal;
pub mod qualifications;
pub mod reviews;
pub mod terms;
pub mod user;
pub mod waiting;
