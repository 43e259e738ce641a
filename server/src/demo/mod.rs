//! Invented people to try the program with: a clinic of 300, or a million for measuring.
//!
//! The same seed makes the same people, on either engine. Nobody here exists: e-mails are at
//! `example.org`, and phone numbers have the 555 that is kept for fiction.

mod dice;
mod load;
mod names;
mod people;
mod serve;

pub use load::fill;
pub use people::{People, Person};
pub use serve::{DemoError, DemoServer, start};
