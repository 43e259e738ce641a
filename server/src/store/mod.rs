//! SQL and nothing else: the two engines ([`db`]), and one file of free functions over a
//! [`Session`] per table family. Transactions and rules are `clinic`'s.

pub mod account_lists;
pub mod accounts;
pub mod appointment_bulk;
pub mod appointment_history;
pub mod appointment_images;
pub mod appointment_lists;
pub mod appointment_own;
pub mod appointments;
pub mod audit;
pub mod available_times;
pub mod bookings;
pub mod codes;
pub mod contacts;
pub mod db;
pub mod doctor_links;
pub mod doctor_lists;
pub mod doctors;
pub mod events;
pub mod front_bulk;
pub mod guesses;
pub mod health;
pub mod jobs;
pub mod kept_answers;
mod lists;
pub mod migrate;
pub mod notify;
pub mod open;
pub mod patient_bulk;
pub mod patient_lists;
pub mod patient_merge_items;
pub mod patient_merges;
pub mod patient_search;
pub mod patients;
pub mod pictures;
pub mod profiles;
pub mod recorder;
pub mod review_lists;
pub mod reviews;
pub mod services;
pub mod sessions;
pub mod taxonomies;
pub mod words;

pub use db::{Db, Engine, Reader, Record, Session, Sql, Stmt, Tx, Value, unique_violation};
pub use open::Settings;
pub use recorder::Recorder;
