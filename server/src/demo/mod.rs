//! An invented clinic to try the program with: 300 patients and eight doctors, or a million and two
//! hundred for measuring.
//!
//! The same seed makes the same people, on either engine. Nobody here exists: e-mails are at
//! `example.org`, and phone numbers have the 555 that is kept for fiction.

mod cast;
mod diary;
mod dice;
mod furnish;
mod load;
mod matters;
mod names;
mod people;
mod serve;
mod steps;
mod texts;
mod windows;

pub use furnish::{Progress, Size, furnish};
pub use load::fill;
pub use people::{People, Person};
pub use serve::{DemoError, DemoServer, start};
