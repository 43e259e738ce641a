//! The classic family: `/api/user/…` and `/patients/` (API.md §3, seeds/classic-api).

pub mod accounts;
pub mod contacts;
pub mod lenient;
pub mod patients;
pub mod profiles;
pub mod reviews;
pub mod services;
