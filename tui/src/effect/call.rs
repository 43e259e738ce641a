//! What the server is asked, and asked to do.

use chrono::NaiveDate;
use clinic_shared::client::{
    BoardQuery, ContactQuery, DoctorQuery, PatientQuery, SlotQuery, UserQuery,
};
use clinic_shared::desk::appointments::NewAppointment;
use clinic_shared::desk::patients::{PatientChange, PatientDraft};
use clinic_shared::desk::users::{Invitation, UserChange};
use uuid::Uuid;

use super::{AdminCall, ConfigCall, Deed, InboxCall, LeaveCall, PeopleCall, WindowsCall};

/// A call to the server.
#[derive(Clone, PartialEq)]
pub enum Call {
    /// Sign in with a password, and keep the token.
    SignIn {
        /// The server's address.
        server: String,
        /// The username or e-mail.
        user: String,
        /// The password.
        password: String,
    },
    /// Forget the session here and end it at the server: the screen is covered.
    Lock {
        /// The server's address.
        server: String,
        /// The username or e-mail it was kept under.
        user: String,
    },
    /// Finish signing in with the code from the mail.
    VerifyCode {
        /// The server's address.
        server: String,
        /// The e-mail.
        user: String,
        /// The code.
        otp: String,
    },
    /// Ask for another sign-in code.
    ResendCode {
        /// The server's address.
        server: String,
        /// The e-mail.
        user: String,
    },
    /// Ask for a code that sets a new password.
    Forgot {
        /// The server's address.
        server: String,
        /// The e-mail.
        user: String,
    },
    /// Ask for another one.
    ResendReset {
        /// The server's address.
        server: String,
        /// The e-mail.
        user: String,
    },
    /// Set a new password with the code from the mail.
    Reset {
        /// The server's address.
        server: String,
        /// The e-mail.
        user: String,
        /// The code.
        otp: String,
        /// The new password.
        password: String,
    },
    /// Sign in with the kept token.
    Restore {
        /// The server's address.
        server: String,
        /// The username or e-mail.
        user: String,
    },
    /// Sign out and forget the token.
    SignOut {
        /// The server's address.
        server: String,
        /// The username or e-mail it was kept under.
        user: String,
    },
    /// Who is signed in.
    Me,
    /// A page of patients.
    Patients(PatientQuery),
    /// One patient's record.
    Patient(Uuid),
    /// A page of doctors.
    Doctors(DoctorQuery),
    /// One doctor's record.
    Doctor(Uuid),
    /// Verifies a doctor.
    Verify(Uuid),
    /// Everything of a day.
    Board(BoardQuery),
    /// Who is next with a doctor; with whoever is signed in, if none is said.
    Queue(Option<Uuid>),
    /// Free slots.
    Slots(SlotQuery),
    /// Whether a booking would go well.
    Check(Box<NewAppointment>),
    /// What doctors are for.
    Terms,
    /// Something done with an appointment.
    Deed(Deed),
    /// A question about a person, beside their record.
    People(PeopleCall),
    /// What is to be decided by an admin, or the audit.
    Admin(AdminCall),
    /// Something about absences, closures or openings.
    Leave(Box<LeaveCall>),
    /// Something about a doctor's weekly hours.
    Windows(Box<WindowsCall>),
    /// A day in numbers, for paper.
    Report(NaiveDate),
    /// A change of the configuration file.
    Config(ConfigCall),
    /// One appointment.
    Appointment(i64),
    /// A page of contact requests.
    Contacts(ContactQuery),
    /// One contact request.
    Contact(i64),
    /// What is asked, or done, about contact requests.
    Inbox(InboxCall),
    /// A page of accounts.
    Users(UserQuery),
    /// One account.
    User(Uuid),
    /// Invites somebody.
    Invite(Invitation),
    /// Changes an account.
    ChangeUser {
        /// Whose.
        id: Uuid,
        /// What.
        change: UserChange,
    },
    /// Ends all sessions of an account.
    EndUserSessions(Uuid),
    /// One's own sessions.
    Sessions,
    /// Ends one of them.
    EndSession(Uuid),
    /// Records that may be this person.
    Duplicates(PatientDraft),
    /// Registers a person.
    Register(PatientDraft),
    /// Changes a record.
    Change {
        /// Whose.
        id: Uuid,
        /// What.
        change: PatientChange,
        /// The version the form began with.
        etag: Option<String>,
    },
}

impl Call {
    /// Whether the server is left as it was, so that the call can be repeated freely.
    pub const fn is_read(&self) -> bool {
        if let Call::Leave(call) = self {
            return call.is_read();
        }
        if let Call::Windows(call) = self {
            return call.is_read();
        }
        if let Call::Inbox(call) = self {
            return call.is_read();
        }
        matches!(
            self,
            Call::Me
                | Call::Patients(_)
                | Call::Patient(_)
                | Call::Doctors(_)
                | Call::Doctor(_)
                | Call::Board(_)
                | Call::Queue(_)
                | Call::Slots(_)
                | Call::Check(_)
                | Call::Terms
                | Call::Appointment(_)
                | Call::People(_)
                | Call::Admin(_)
                | Call::Contacts(_)
                | Call::Contact(_)
                | Call::Users(_)
                | Call::User(_)
                | Call::Sessions
                | Call::Duplicates(_)
                | Call::Report(_)
                | Call::Restore { .. }
        )
    }

    /// Whether it is made by a form beside the sign-in, which then says what went wrong.
    pub(crate) const fn is_asked(&self) -> bool {
        matches!(
            self,
            Call::VerifyCode { .. }
                | Call::ResendCode { .. }
                | Call::Forgot { .. }
                | Call::ResendReset { .. }
                | Call::Reset { .. }
        )
    }

    /// The call's name, for the log: no patient's data, no secret.
    pub const fn name(&self) -> &'static str {
        match self {
            Call::SignIn { .. } => "sign in",
            Call::Lock { .. } => "lock the screen",
            Call::VerifyCode { .. } => "sign in with a code",
            Call::ResendCode { .. } => "ask for a sign-in code",
            Call::Forgot { .. } | Call::ResendReset { .. } => "ask for a reset code",
            Call::Reset { .. } => "set a new password",
            Call::Users(_) => "list accounts",
            Call::User(_) => "read an account",
            Call::Invite(_) => "invite somebody",
            Call::ChangeUser { .. } => "change an account",
            Call::EndUserSessions(_) => "end an account's sessions",
            Call::Sessions => "list sessions",
            Call::EndSession(_) => "end a session",
            Call::Restore { .. } => "restore the session",
            Call::SignOut { .. } => "sign out",
            Call::Me => "who am I",
            Call::Patients(_) => "list patients",
            Call::Patient(_) => "read a record",
            Call::Doctors(_) => "list doctors",
            Call::Doctor(_) => "read a doctor",
            Call::Verify(_) => "verify a doctor",
            Call::Board(_) => "read the board",
            Call::Queue(_) => "read a queue",
            Call::Slots(_) => "look for free slots",
            Call::Check(_) => "check a booking",
            Call::Terms => "list specialisations",
            Call::Deed(deed) => deed.name(),
            Call::People(call) => call.name(),
            Call::Admin(call) => call.name(),
            Call::Leave(call) => call.name(),
            Call::Windows(call) => call.name(),
            Call::Report(_) => "read the report of a day",
            Call::Config(call) => call.name(),
            Call::Appointment(_) => "read an appointment",
            Call::Contacts(_) => "list contact requests",
            Call::Contact(_) => "read a contact request",
            Call::Inbox(call) => call.name(),
            Call::Duplicates(_) => "look for duplicates",
            Call::Register(_) => "register a patient",
            Call::Change { .. } => "change a record",
        }
    }
}

// Calls carry passwords and patients' data: they stay out of logs and panics.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
