//! What the model wants done outside itself, and the runner that does it beside the loop.
//!
//! Every call to the server runs in a *slot*. A newer call in a slot ends the older one, and each
//! carries an id that the model compares on arrival: a late answer to an older question lands
//! nowhere.

mod admin;
mod answering;
mod call;
mod config;
mod deed;
mod follow;
mod inbox;
mod leave;
mod people;
mod runner;
mod signing_in;
mod windows;

use std::time::Duration;

use clinic_shared::client::{Error, Tagged};
use clinic_shared::desk::appointments::{Appointment, BookingCheck};
use clinic_shared::desk::contacts::{self, Colleague, Contact};
use clinic_shared::desk::doctors::{Doctor, DoctorRow, Named};
use clinic_shared::desk::patients::{Duplicate, Patient, PatientRow};
use clinic_shared::desk::queue::{Board, DoctorDay, Queue};
use clinic_shared::desk::slots::FreeSlots;
use clinic_shared::desk::users::User;
use clinic_shared::v1::user::{Me, Session};
use clinic_shared::{Page, SearchPage};

use crate::credentials::{CredentialError, Kept};

pub use admin::{AdminCall, AdminReply, Matter, Part, Ruling};
pub use call::Call;
pub use config::{ConfigCall, ConfigReply};
pub use deed::Deed;
pub use follow::{Heard, Word};
pub use inbox::InboxCall;
pub use leave::{Hit, LeaveCall, LeaveReply, Plan};
pub use people::{PeopleCall, PeopleReply};
pub(crate) use runner::{Arrival, Runner};
pub use windows::{WindowsCall, WindowsReply};

/// A place for one call at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// Signing in and out.
    Session,
    /// Forgetting the session as the screen is covered.
    Lock,
    /// The first page of the list.
    List,
    /// The next page of the list.
    More,
    /// The open record.
    Record,
    /// Records that may be the person in the form.
    Duplicates,
    /// The form's save.
    Save,
    /// Verifying a doctor.
    Verify,
    /// Whether somebody who is to be verified has applied.
    Applied,
    /// Changing an account, or ending a session.
    Account,
    /// Asking whether the server is back.
    Link,
    /// The list on the screen, read again beside what goes on because something in it changed.
    Refresh,
    /// Something done with an appointment.
    Deed,
    /// Who waits for a time that was freed by it.
    Freed,
    /// People that may be meant.
    People,
    /// Who can be booked.
    Bookable,
    /// What they can be booked for.
    Terms,
    /// Free slots.
    Slots,
    /// The day of the doctor who is to be booked.
    Day,
    /// What to know before booking.
    Check,
    /// Everything booked for the patient whose record is open.
    Visits,
    /// The merges into that record.
    Merges,
    /// What that patient waits for.
    Waits,
    /// What was done to the appointment whose record is open.
    Steps,
    /// The other record of a merge, and what the merge would do.
    Twin,
    /// Something done about a contact request.
    Inbox,
    /// What was done about the contact request whose record is open.
    History,
    /// Who can see to contact requests.
    Staff,
    /// A doctor's absences and openings, or the closures.
    Plan,
    /// One of them, or something done with one.
    Leave,
    /// A doctor's weekly hours.
    Windows,
    /// Something done with some of them.
    Window,
    /// A day in numbers.
    Report,
    /// A change of the configuration file.
    Config,
}
/// What a call that went well answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Signed in.
    SignedIn {
        /// As whom.
        who: Box<Me>,
        /// Where the token is kept, or why it is not.
        kept: Result<Kept, CredentialError>,
    },
    /// The password was right, and a code was mailed.
    CodeAsked,
    /// A code was mailed, if there is such an account.
    CodeSent,
    /// The new password is set.
    PasswordSet,
    /// Done, and there is nothing to show.
    Done,
    /// The answer to [`Call::Restore`]: nobody if no token was kept, or it has run out.
    Restored(Option<Box<Me>>),
    /// Signed out here; `forgotten` is false if the kept token could not be removed.
    SignedOut {
        /// Whether the kept token is gone.
        forgotten: bool,
    },
    /// Who is signed in.
    Me(Box<Me>),
    /// A page of patients.
    Patients(Box<SearchPage<PatientRow>>),
    /// A patient's record.
    Patient(Box<Tagged<Patient>>),
    /// A page of doctors.
    Doctors(Box<Page<DoctorRow>>),
    /// A doctor's record, also as it is once they are verified.
    Doctor(Box<Tagged<Doctor>>),
    /// Everything of a day.
    Board(Box<Board>),
    /// Who is next with a doctor.
    Queue(Box<Queue>),
    /// Free slots.
    Slots(Box<FreeSlots>),
    /// Whether a booking would go well.
    Check(Box<BookingCheck>),
    /// What doctors are for.
    Terms(Vec<Named>),
    /// How late a doctor runs.
    Late(Box<DoctorDay>),
    /// What is known of a person beside their record, also after records were merged.
    People(PeopleReply),
    /// What an admin decides, or the audit.
    Admin(AdminReply),
    /// About absences, closures or openings.
    Leave(Box<LeaveReply>),
    /// About a doctor's weekly hours.
    Windows(Box<WindowsReply>),
    /// A day in numbers, for paper.
    Report(String),
    /// What came of a change of the configuration file.
    Config(Box<ConfigReply>),
    /// An appointment, also as it is after something was done with it.
    Appointment(Box<Tagged<Appointment>>),
    /// A page of contact requests.
    Contacts(Box<Page<Contact>>),
    /// A contact request, also as it is after something was done about it.
    Contact(Box<Tagged<Contact>>),
    /// What was done about a contact request, oldest first.
    Steps(i64, Vec<contacts::Step>),
    /// Who can see to contact requests.
    Colleagues(Vec<Colleague>),
    /// A page of accounts.
    Users(Box<Page<User>>),
    /// An account, also as it is after a change.
    User(Box<Tagged<User>>),
    /// One's own sessions.
    Sessions(Vec<Session>),
    /// Records that may be the person.
    Duplicates(Vec<Duplicate>),
    /// A record as it is after the save.
    Saved(Box<Tagged<Patient>>),
}

/// The end of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Where it ran.
    pub slot: Slot,
    /// Which call of that slot it was.
    pub id: u64,
    /// How it ended.
    pub result: Result<Reply, Error>,
}

/// Why the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitReason {
    /// The person asked for it.
    Quit,
    /// The system asked for it (SIGTERM, SIGINT).
    Terminated,
    /// The terminal went away (SIGHUP, end of input).
    HungUp,
}

/// What [`crate::app::update`] wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Make this call in place of the slot's older one.
    Call {
        /// Where it runs.
        slot: Slot,
        /// What comes back in the [`Answer`].
        id: u64,
        /// What to ask.
        call: Box<Call>,
        /// How long to wait for a newer one first.
        after: Duration,
        /// For a write: the key under which the server does it once, however often it is sent.
        key: Option<String>,
    },
    /// Listen to what happens, in place of what was listened to before: from now on, or after the
    /// event with this id.
    Follow {
        /// What comes back in each [`Heard`].
        id: u64,
        /// The last event that was heard.
        after: Option<i64>,
    },
    /// Listen no more.
    StopFollowing,
    /// End the slot's call; its answer is not wanted any more.
    Abort(Slot),
    /// Bring the newest log lines.
    ReadLog,
    /// Take the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Leave the loop.
    Exit(ExitReason),
}
