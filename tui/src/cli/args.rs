//! What `clinic` understands on its command line.

mod desk;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use clinic_shared::desk::patients::Gender;

pub(super) use desk::{Appointments, Contacts, Doctors, Report};

/// The front desk of a clinic, in the terminal.
///
/// Without a subcommand it opens the screens; the subcommands do the same work for scripts and
/// screen readers. Exit codes: 0 done, 1 refused, 2 usage, 3 cannot reach the server, 4 not signed
/// in.
#[derive(Debug, Parser)]
#[command(name = "clinic", version, about, disable_help_subcommand = false)]
pub struct Cli {
    /// Options of every subcommand.
    #[command(flatten)]
    pub global: Global,
    /// What to do; nothing opens the screens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every subcommand.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// The server's address, or its name in the configuration file
    #[arg(long, global = true, env = "CLINIC_SERVER", value_name = "URL")]
    pub server: Option<String>,
    /// The account to use; without it, the one that signed in last
    #[arg(long, global = true, value_name = "NAME")]
    pub user: Option<String>,
    /// Print JSON: answers to the output, refusals to the error output
    #[arg(long, global = true)]
    pub json: bool,
    /// The theme of the screens
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Draw with ASCII characters only; names in other letters are spelled in Latin ones
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Leave the mouse to the terminal
    #[arg(long, global = true)]
    pub no_mouse: bool,
    /// Read this configuration file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Append the log to this file
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Keep the session's token in this file (mode 0600) instead of a keyring
    #[arg(long, global = true, value_name = "FILE")]
    pub insecure_file: Option<PathBuf>,
}

/// A subcommand.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a throw-away clinic: server inside, data filled in, signed in
    #[cfg(feature = "demo")]
    Demo,
    /// Sign in and keep the session
    Login(Login),
    /// End the session and forget it
    Logout,
    /// Say who is signed in
    Whoami,
    /// Print a day in numbers: who was seen, who did not come, how long people waited
    Report(Report),
    /// About the session
    #[command(subcommand)]
    Auth(Auth),
    /// Find, show, register and correct patients
    #[command(subcommand)]
    Patients(Patients),
    /// List, show and verify doctors
    #[command(subcommand)]
    Doctors(Doctors),
    /// List and show appointments
    #[command(subcommand)]
    Appointments(Appointments),
    /// Read what people wrote to the clinic
    #[command(subcommand)]
    Contacts(Contacts),
    /// Print the keys of the screens
    Keys,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man {
        /// Write one page a subcommand into this directory instead
        #[arg(long, value_name = "DIR")]
        directory: Option<PathBuf>,
    },
}

/// How to sign in. A password is never an argument: others could read it in the process list.
#[derive(Debug, Args)]
pub struct Login {
    /// Read the password from the first line of the input instead of asking for it
    #[arg(long)]
    pub password_stdin: bool,
    /// Print the session's token instead of keeping it, for CLINIC_TOKEN
    #[arg(long)]
    pub print_token: bool,
}

/// About the session.
#[derive(Debug, Subcommand)]
pub enum Auth {
    /// Say where the session is kept, whose it is, and whether the server still knows it
    Status,
}

/// Patients.
#[derive(Debug, Subcommand)]
pub enum Patients {
    /// Find patients by parts of the name, phone digits, record number or birth date
    Search {
        /// What to look for; nothing lists everybody, newest first
        words: Vec<String>,
        /// At most this many
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Go on after an earlier answer: its `cursor`
        #[arg(long, value_name = "CURSOR")]
        cursor: Option<String>,
    },
    /// Show one record
    Show {
        /// The patient's id or record number (P-000042)
        patient: String,
    },
    /// Register a person; refused if a record may be theirs already
    Add {
        /// Full name
        full_name: String,
        /// What else is known
        #[command(flatten)]
        fields: Fields,
        /// Register although a record may be this person's already
        #[arg(long)]
        anyway: bool,
    },
    /// Correct a record; what is not named stays
    Edit {
        /// The patient's id or record number (P-000042)
        patient: String,
        /// Full name
        #[arg(long, value_name = "NAME")]
        full_name: Option<String>,
        /// What to set
        #[command(flatten)]
        fields: Fields,
        /// What to empty
        #[arg(long, value_name = "FIELD", value_delimiter = ',')]
        clear: Vec<Field>,
    },
}

/// A record's optional fields.
#[derive(Debug, Clone, Default, Args)]
pub struct Fields {
    /// Birth date
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub birth_date: Option<NaiveDate>,
    /// Administrative gender: male, female or other
    #[arg(long, value_name = "GENDER")]
    pub gender: Option<Gender>,
    /// Phone, as one writes it
    #[arg(long, value_name = "NUMBER")]
    pub phone: Option<String>,
    /// E-mail address
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// Postal address
    #[arg(long, value_name = "TEXT")]
    pub address: Option<String>,
    /// Blood group, e.g. A+
    #[arg(long, value_name = "GROUP")]
    pub blood_group: Option<String>,
    /// What the desk should know
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// A field that `--clear` can empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Field {
    /// Birth date.
    BirthDate,
    /// Administrative gender.
    Gender,
    /// Phone.
    Phone,
    /// E-mail address.
    Email,
    /// Postal address.
    Address,
    /// Blood group.
    BloodGroup,
    /// What the desk should know.
    Note,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_option_takes_a_password_or_token() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                let takes_value = argument.get_action().takes_values();
                let id = argument.get_id().as_str();
                assert!(
                    !(takes_value && (id.contains("pass") || id.contains("token"))),
                    "{id}"
                );
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
