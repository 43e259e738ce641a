//! SQL and nothing else: the two engines ([`db`]), and one file of free functions over a
//! [`Session`] per table family. Transactions and rules are `clinic`'s.

pub mod accounts;
pub mod audit;
pub mod contacts;
pub mod db;
pub mod health;
pub mod migrate;
pub mod notify;
pub mod open;
pub mod patient_bulk;
pub mod patient_search;
pub mod patients;
pub mod pictures;
pub mod recorder;
pub mod review_lists;
pub mod reviews;
pub mod services;
pub mod sessions;
pub mod words;

pub use db::{Db, Engine, Reader, Record, Session, Sql, Stmt, Tx, Value, unique_violation};
pub use open::Settings;
pub use recorder::Recorder;
