//! The one table of everything that can be done: keys, footer, `?` help, palette and the keys
//! chapter of the guide are all made from it.

use std::borrow::Cow;
use std::fmt;
use std::fmt::Write as _;

pub(crate) mod available;
pub(crate) mod elsewhere;
mod label;
mod stack;
mod table;

pub use table::all;

use crate::app::Model;
use crate::effect::Effect;
use crate::keymap::Keymap;

/// Where a command's keys count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everywhere.
    Global,
    /// The appointments of a day.
    Today,
    /// Whose turn it is with a doctor.
    Queue,
    /// What is done with an appointment of the board or of a queue, there and in its record.
    Deeds,
    /// The patients screen.
    Patients,
    /// The doctors.
    Doctors,
    /// The contact requests.
    Contacts,
    /// What is done about a contact request, in the list and in its record.
    Inbox,
    /// The accounts.
    Users,
    /// One's own sessions.
    Sessions,
    /// Who waits for an earlier time.
    Waitlist,
    /// What an admin decides.
    Decisions,
    /// What is decided about one of it, in the list and in its record.
    Ruling,
    /// Who did or read what.
    Audit,
    /// The list of any of them.
    List,
    /// The search field over a list.
    Search,
    /// A record of any kind.
    Record,
    /// A patient's record.
    Patient,
    /// What is chosen in a patient's record.
    Visit,
    /// An appointment.
    Appointment,
    /// A doctor's record.
    Doctor,
    /// A contact request.
    Contact,
    /// An account.
    User,
    /// A row of the audit.
    AuditRow,
    /// The form that registers or edits a person.
    Form,
    /// The sign-in.
    SignIn,
    /// A form of a few lines.
    Ask,
    /// A few words before something is done with an appointment.
    Prompt,
    /// An answer or a note of several lines.
    Letter,
    /// Who at the desk is to see to it.
    Staff,
    /// Somebody who came without being booked.
    Arrival,
    /// The ticket of somebody who was taken in.
    Ticket,
    /// Booking.
    Book,
    /// The week of a booking.
    Week,
    /// Onto the waiting list.
    Wait,
    /// Two records of one person.
    Merge,
    /// A question.
    Dialog,
    /// The palette and the help.
    Picker,
    /// The log.
    Log,
    /// When doctors are away, or the clinic is closed.
    Away,
    /// The appointments that an absence or a closure hits.
    Hits,
    /// A doctor's weekly hours.
    Windows,
    /// How the screens look and behave.
    Settings,
    /// The servers of the configuration file.
    Servers,
    /// A day in numbers.
    Report,
    /// Whom to phone after an absence.
    Told,
    /// Any list that lies over the screen.
    Pane,
}

impl Scope {
    /// Every scope, in the order of the guide.
    pub const ALL: &'static [Scope] = &[
        Scope::Search,
        Scope::Today,
        Scope::Queue,
        Scope::Deeds,
        Scope::Patients,
        Scope::Doctors,
        Scope::Contacts,
        Scope::Inbox,
        Scope::Users,
        Scope::Sessions,
        Scope::Waitlist,
        Scope::Decisions,
        Scope::Ruling,
        Scope::Audit,
        Scope::List,
        Scope::Patient,
        Scope::Visit,
        Scope::Appointment,
        Scope::Doctor,
        Scope::Contact,
        Scope::User,
        Scope::AuditRow,
        Scope::Record,
        Scope::Form,
        Scope::SignIn,
        Scope::Ask,
        Scope::Prompt,
        Scope::Letter,
        Scope::Staff,
        Scope::Arrival,
        Scope::Ticket,
        Scope::Book,
        Scope::Week,
        Scope::Wait,
        Scope::Merge,
        Scope::Dialog,
        Scope::Picker,
        Scope::Log,
        Scope::Away,
        Scope::Hits,
        Scope::Windows,
        Scope::Settings,
        Scope::Servers,
        Scope::Report,
        Scope::Told,
        Scope::Pane,
        Scope::Global,
    ];

    /// The scope whose keys count wherever this one's do, but for the global ones.
    pub const fn beneath(self) -> Option<Scope> {
        match self {
            Scope::Today
            | Scope::Queue
            | Scope::Patients
            | Scope::Doctors
            | Scope::Contacts
            | Scope::Users
            | Scope::Sessions
            | Scope::Waitlist
            | Scope::Decisions
            | Scope::Audit => Some(Scope::List),
            Scope::Patient
            | Scope::Visit
            | Scope::Appointment
            | Scope::Doctor
            | Scope::Contact
            | Scope::User
            | Scope::Ruling
            | Scope::AuditRow => Some(Scope::Record),
            Scope::Week => Some(Scope::Book),
            Scope::Away
            | Scope::Hits
            | Scope::Windows
            | Scope::Settings
            | Scope::Servers
            | Scope::Report
            | Scope::Told => Some(Scope::Pane),
            _ => None,
        }
    }

    /// Its name for a person.
    pub const fn title(self) -> &'static str {
        match self {
            Scope::Global => "Everywhere",
            Scope::Today => "Today",
            Scope::Queue => "Queue",
            Scope::Deeds => "Appointment of the day",
            Scope::Patients => "Patients",
            Scope::Doctors => "Doctors",
            Scope::Contacts => "Contacts",
            Scope::Inbox => "What is done about one",
            Scope::Users => "Accounts",
            Scope::Sessions => "Your sessions",
            Scope::Waitlist => "Waiting list",
            Scope::Decisions => "Decisions",
            Scope::Ruling => "What is decided",
            Scope::Audit => "Audit",
            Scope::List => "List",
            Scope::Search => "Search field",
            Scope::Record => "Record",
            Scope::Patient => "Patient",
            Scope::Visit => "Chosen in a patient's record",
            Scope::Appointment => "Appointment",
            Scope::Doctor => "Doctor",
            Scope::Contact => "Contact request",
            Scope::User => "Account",
            Scope::AuditRow => "Row of the audit",
            Scope::Form => "Form",
            Scope::SignIn => "Sign in",
            Scope::Ask => "Form of a few lines",
            Scope::Prompt => "A few words",
            Scope::Letter => "Answer or note",
            Scope::Staff => "Who sees to it",
            Scope::Arrival => "Walk-in",
            Scope::Ticket => "Ticket of a walk-in",
            Scope::Book => "Booking",
            Scope::Week => "Week of a booking",
            Scope::Wait => "Onto the waiting list",
            Scope::Merge => "Merging",
            Scope::Dialog => "Question",
            Scope::Picker => "Palette and help",
            Scope::Log => "Log",
            Scope::Away => "Absences, closures",
            Scope::Hits => "What an absence hits",
            Scope::Windows => "Hours of a doctor",
            Scope::Settings => "Settings",
            Scope::Servers => "Servers",
            Scope::Report => "Report of a day",
            Scope::Told => "Whom to phone",
            Scope::Pane => "Lists over the screen",
        }
    }
}

/// Whether a command can be run now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// Yes.
    Ok,
    /// No, and why: one sentence.
    Disabled(Cow<'static, str>),
}

/// Something that can be done.
pub struct Command {
    /// Its name in the key file, stable: `patients.new`.
    pub name: &'static str,
    /// Two or three words, for footer and palette.
    pub title: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// Other words that the palette finds it by.
    pub also: &'static str,
    /// The built-in keys, the usual one first.
    pub keys: &'static [&'static str],
    /// Where its keys count.
    pub scope: Scope,
    /// Its place in the footer, 1 first; 0: not there.
    pub footer: u8,
    /// What it is called in a footer with little room; empty: its title.
    pub short: &'static str,
    /// What it is called in the footer where that depends on what is on the screen.
    pub(crate) label: fn(&Model) -> Option<&'static str>,
    /// Whether it only moves the selection: such keys are in the help, not in the palette.
    pub is_motion: bool,
    /// Whether it can be run now.
    pub available: fn(&Model) -> Availability,
    /// What it does.
    pub(crate) run: fn(&mut Model) -> Vec<Effect>,
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Command {}

/// The command with this name.
pub fn find(name: &str) -> Option<&'static Command> {
    all().find(|command| command.name == name)
}

/// The keys chapter of the guide, in Markdown: a table a scope.
pub fn docs(keymap: &Keymap) -> String {
    let mut out = String::from("# Keys\n");
    for scope in Scope::ALL {
        let _ = write!(out, "\n## {}\n\n", scope.title());
        out.push_str("| keys | command | what it does | name |\n|---|---|---|---|\n");
        for command in all().filter(|command| command.scope == *scope) {
            let keys: Vec<String> = keymap
                .keys_of(command)
                .map(|keys| format!("`{}`", keys.replace('|', "\\|")))
                .collect();
            let keys = if keys.is_empty() {
                "palette".to_owned()
            } else {
                keys.join(" ")
            };
            let Command {
                title, doc, name, ..
            } = command;
            let _ = writeln!(out, "| {keys} | {title} | {doc} | `{name}` |");
        }
    }
    out.push_str(EDITING);
    out
}

/// What the keys that edit text do; they are the field's own and can't be changed.
const EDITING: &str = "
## In every field

| keys | what it does |
|---|---|
| `Left` `Right` `Ctrl-B` `Ctrl-F` | one character |
| `Ctrl-Left` `Ctrl-Right` | one word |
| `Home` `End` `Ctrl-A` `Ctrl-E` | to the beginning, to the end |
| `Backspace` `Del` | deletes a character |
| `Ctrl-W` `Alt-Backspace` `Ctrl-Del` | deletes a word |
| `Ctrl-U` `Ctrl-K` | deletes everything, deletes to the end |
| `Ctrl-Y` | brings back what was deleted last |
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_explains_itself() {
        for command in all() {
            assert!(
                !command.title.is_empty() && command.title.len() <= 20,
                "{}",
                command.name
            );
            assert!(
                command.doc.ends_with('.'),
                "{}: {}",
                command.name,
                command.doc
            );
            assert!(command.name.contains('.'), "{}", command.name);
        }
    }

    #[test]
    fn names_are_used_once() {
        for (at, command) in all().enumerate() {
            assert!(
                all().take(at).all(|other| other.name != command.name),
                "{}",
                command.name
            );
        }
    }

    #[test]
    fn the_guide_names_every_command() {
        let docs = docs(&Keymap::default());
        for command in all() {
            assert!(
                docs.contains(&format!("`{}`", command.name)),
                "{}",
                command.name
            );
        }
    }

    #[test]
    fn every_place_but_the_root_has_a_way_back_and_all_have_help() {
        let help = find("app.help").unwrap();
        assert_eq!(help.scope, Scope::Global);
        assert!(help.keys.contains(&"f1"));
        // What is done with a row is done where the row is: that is no place of its own.
        let is_place =
            |scope: &&Scope| !matches!(scope, Scope::Global | Scope::Deeds | Scope::Inbox);
        for scope in Scope::ALL.iter().filter(is_place) {
            let scopes = [Some(*scope), scope.beneath()];
            let back = all().any(|command| {
                scopes.contains(&Some(command.scope)) && command.keys.contains(&"esc")
            });
            assert!(back, "{scope:?} has no way back");
        }
    }

    #[test]
    fn footers_are_short() {
        for scope in Scope::ALL {
            let scopes = [Some(*scope), scope.beneath()];
            let shown = all()
                .filter(|c| scopes.contains(&Some(c.scope)) && c.footer > 0)
                .count();
            assert!(shown <= 9, "{scope:?}");
        }
    }
}
