//! Reports (API.md §7 `reports/day/`): a day in numbers, and the sheet of who comes when.

mod csv;
mod day;
mod paper;

pub use csv::csv;
pub use day::{day, of_rows};
pub use paper::{day_sheet, report_text, sheet_of};
