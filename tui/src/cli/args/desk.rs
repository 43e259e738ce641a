//! The subcommands of appointments, doctors and contact requests.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use clinic_shared::desk::{appointments, contacts};

use crate::clock::Clock;

/// A day as one says it.
fn day(text: &str) -> Result<NaiveDate, String> {
    let today = Clock::system().now().date_naive();
    let day = match text.to_lowercase().as_str() {
        "today" => Some(today),
        "tomorrow" => today.succ_opt(),
        "yesterday" => today.pred_opt(),
        text => text.parse().ok(),
    };
    day.ok_or_else(|| "say today, tomorrow, yesterday or a date such as 2026-11-23".to_owned())
}

/// Which part of a list.
#[derive(Debug, Clone, Args)]
pub struct Part {
    /// At most this many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// Go on after an earlier answer: its `cursor`
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,
}

/// Doctors.
#[derive(Debug, Subcommand)]
pub enum Doctors {
    /// List doctors by name
    List {
        /// Words of the name; nothing lists everybody
        words: Vec<String>,
        /// Only those who wait to be verified
        #[arg(long, conflicts_with = "verified")]
        waiting: bool,
        /// Only those who are verified
        #[arg(long)]
        verified: bool,
        /// Which part of the list
        #[command(flatten)]
        part: Part,
    },
    /// Show one doctor
    Show {
        /// The doctor's id, or so much of the name that it is nobody else's
        doctor: String,
    },
    /// Verify a doctor, so that patients see them; for admins
    Verify {
        /// The doctor's id or whole name
        doctor: String,
    },
}

/// Appointments.
#[derive(Debug, Subcommand)]
pub enum Appointments {
    /// List the appointments of a day in their order
    List {
        /// The day at the clinic: today, tomorrow, yesterday or YYYY-MM-DD; today without it
        #[arg(long, value_name = "DAY", value_parser = day)]
        date: Option<NaiveDate>,
        /// Only this doctor's: an id, or so much of the name that it is nobody else's
        #[arg(long, value_name = "DOCTOR")]
        doctor: Option<String>,
        /// Only those that stand so: pending, confirmed, checked_in, running, completed,
        /// cancelled, no_show or left
        #[arg(long, value_name = "STATUS")]
        status: Option<appointments::Status>,
        /// Which part of the list
        #[command(flatten)]
        part: Part,
    },
    /// Show one appointment
    Show {
        /// The appointment's id
        appointment: i64,
    },
}

/// A day in numbers.
#[derive(Debug, Args)]
pub struct Report {
    /// The day at the clinic: today, tomorrow, yesterday or YYYY-MM-DD; today without it
    #[arg(value_name = "DAY", value_parser = day)]
    pub date: Option<NaiveDate>,
    /// For tables: a line a doctor, with commas
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// Contact requests.
#[derive(Debug, Subcommand)]
pub enum Contacts {
    /// List what people wrote, newest first
    List {
        /// Only those that stand so: new, in_progress, resolved or spam
        #[arg(long, value_name = "STATUS")]
        status: Option<contacts::Status>,
        /// Which part of the list
        #[command(flatten)]
        part: Part,
    },
    /// Show one contact request with its whole message
    Show {
        /// The contact request's id
        contact: i64,
    },
}
