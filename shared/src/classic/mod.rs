//! The classic family: `/api/user/…`, `/patients/`, `/doctors/` (API.md §3, seeds/classic-api).

pub mod accounts;
pub mod appointments;
pub mod available_times;
pub mod contacts;
pub mod doctors;
pub mod lenient;
pub mod patients;
pub mod profiles;
pub mod reviews;
pub mod services;
pub mod taxonomies;
