//! The API as its callers see it: a whole server on each engine, driven over a socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::large_futures,
    clippy::print_stdout,
    reason = "a test that panics fails, which is what it is for"
)]

mod absences;
mod accounts;
mod appointment_sight;
mod appointment_states;
mod available_times;
mod classic_appointments;
mod classic_booking;
mod classic_doctors;
mod classic_patients;
mod codes;
mod connections;
mod contacts;
mod desk_audit;
mod desk_booking;
mod desk_contacts;
mod desk_doctors;
mod desk_patients;
mod desk_users;
mod document;
mod document_examples;
mod endings;
mod enumeration;
mod errors;
mod events;
mod idempotency;
mod inbox;
mod media;
mod media_bucket;
mod patient_merges;
mod policy;
mod profiles;
mod queue;
mod queue_marks;
mod reports;
mod review_lists;
mod reviews;
mod rotation;
mod row_and_file;
mod running_late;
mod server;
mod services;
mod sessions;
mod slots;
mod strangers_client;
#[path = "../support/mod.rs"]
mod support;
mod taxonomies;
mod throttling;
mod uploads;
mod v1_accounts;
mod v1_appointments;
mod v1_available_times;
mod v1_doctors;
mod v1_operations;
mod v1_patients;
mod v1_portal;
mod v1_reviews;
mod v1_seed;
mod v1_terms;
mod visits;
mod waitlist;
mod walk_ins;
