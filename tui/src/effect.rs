//! What the model wants done outside itself, and the runner that does it beside the loop.
//!
//! Every call to the server runs in a *slot*. A newer call in a slot ends the older one, and each
//! carries an id that the model compares on arrival: a late answer to an older question lands
//! nowhere.

mod config;
mod deed;
mod follow;
mod inbox;
mod leave;
mod people;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use clinic_shared::classic::taxonomies::Term;
use clinic_shared::client::{
    BoardQuery, Client, ContactQuery, DoctorQuery, Error, PatientQuery, SignedIn, SlotQuery,
    Tagged, UserQuery,
};
use clinic_shared::desk::appointments::{Appointment, BookingCheck, NewAppointment};
use clinic_shared::desk::contacts::{self, Colleague, Contact};
use clinic_shared::desk::doctors::{Doctor, DoctorRow, Named};
use clinic_shared::desk::patients::{Duplicate, Patient, PatientChange, PatientDraft, PatientRow};
use clinic_shared::desk::queue::{Board, DoctorDay, Queue};
use clinic_shared::desk::reports::Format;
use clinic_shared::desk::slots::FreeSlots;
use clinic_shared::desk::users::{Invitation, User, UserChange};
use clinic_shared::v1::user::{Me, Session};
use clinic_shared::{Page, SearchPage};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;
use uuid::Uuid;

use crate::credentials::{self, CredentialError, CredentialStore, Kept};
use crate::log::Ring;
use crate::profiles::Profiles;
use crate::term;

pub use config::{ConfigCall, ConfigReply};
pub use deed::Deed;
pub use follow::{Heard, Word};
pub use inbox::InboxCall;
pub use leave::{Hit, LeaveCall, LeaveReply, Plan};
pub use people::{PeopleCall, PeopleReply};

/// How long a keyring may take before the person is asked for the password instead.
const KEYRING_PATIENCE: Duration = Duration::from_secs(5);

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
    /// Changing an account, or ending a session.
    Account,
    /// Asking whether the server is back.
    Link,
    /// The list on the screen, read again beside what goes on because something in it changed.
    Refresh,
    /// Something done with an appointment.
    Deed,
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
    /// A day in numbers.
    Report,
    /// A change of the configuration file.
    Config,
}

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
    /// Something about absences, closures or openings.
    Leave(Box<LeaveCall>),
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
            Call::Leave(call) => call.name(),
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
    /// About absences, closures or openings.
    Leave(Box<LeaveReply>),
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

/// What comes back to the loop from the runner.
#[derive(Debug)]
pub(crate) enum Arrival {
    Answer(Answer),
    Heard(Heard),
    Log(Vec<String>),
}

/// Does what the model wants.
pub(crate) struct Runner {
    desk: Desk,
    log: Ring,
    arrivals: UnboundedSender<Arrival>,
    running: BTreeMap<Slot, AbortHandle>,
    following: Option<AbortHandle>,
}

/// What the calls need; cheap to clone into a task.
#[derive(Clone)]
struct Desk {
    client: Arc<RwLock<Option<Client>>>,
    credentials: Arc<dyn CredentialStore>,
    profiles: Arc<Mutex<Profiles>>,
    /// Sent with what this call sends.
    key: Option<String>,
}

impl Runner {
    pub(crate) fn new(
        client: Option<Client>,
        credentials: Arc<dyn CredentialStore>,
        profiles: Profiles,
        log: Ring,
        arrivals: UnboundedSender<Arrival>,
    ) -> Self {
        let client = Arc::new(RwLock::new(client));
        let desk = Desk {
            client,
            credentials,
            profiles: Arc::new(Mutex::new(profiles)),
            key: None,
        };
        Self {
            desk,
            log,
            arrivals,
            running: BTreeMap::new(),
            following: None,
        }
    }

    /// Starts an effect; answers the reason if it is to leave the loop.
    pub(crate) fn start(&mut self, effect: Effect) -> Option<ExitReason> {
        match effect {
            Effect::Exit(reason) => return Some(reason),
            Effect::Abort(slot) => self.abort(slot),
            Effect::Follow { id, after } => {
                self.stop_following();
                let client = self.desk.client();
                let arrivals = self.arrivals.clone();
                let task = tokio::spawn(follow::follow(client, id, after, arrivals));
                self.following = Some(task.abort_handle());
            }
            Effect::StopFollowing => self.stop_following(),
            Effect::Mouse(on) => {
                if let Err(error) = term::take_mouse(on) {
                    tracing::warn!(%error, "the terminal can't be told about the mouse");
                }
            }
            Effect::ReadLog => {
                // Fails only when the loop has ended, and then nobody waits for it.
                let _ = self.arrivals.send(Arrival::Log(self.log.lines()));
            }
            Effect::Call {
                slot,
                id,
                call,
                after,
                key,
            } => {
                self.abort(slot);
                let desk = Desk {
                    key,
                    ..self.desk.clone()
                };
                let arrivals = self.arrivals.clone();
                let task = tokio::spawn(async move {
                    if !after.is_zero() {
                        tokio::time::sleep(after).await;
                    }
                    let name = call.name();
                    let begun = Instant::now();
                    let result = desk.call(*call).await;
                    report(name, begun.elapsed(), &result);
                    let _ = arrivals.send(Arrival::Answer(Answer { slot, id, result }));
                });
                self.running.insert(slot, task.abort_handle());
            }
        }
        None
    }

    fn stop_following(&mut self) {
        if let Some(task) = self.following.take() {
            task.abort();
        }
    }

    fn abort(&mut self, slot: Slot) {
        if let Some(task) = self.running.remove(&slot) {
            task.abort();
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        for task in self.running.values().chain(&self.following) {
            task.abort();
        }
    }
}

/// One line in the log a call: what, how long, how it ended; nothing of whom.
fn report(name: &str, took: Duration, result: &Result<Reply, Error>) {
    let ms = took.as_millis();
    match result {
        Ok(_) => tracing::info!(ms, "{name}: done"),
        Err(Error::Refused(refused)) => {
            tracing::warn!(
                ms,
                status = refused.status,
                code = refused.code,
                "{name}: refused"
            );
        }
        Err(Error::SignedOut) => tracing::info!(ms, "{name}: not signed in"),
        Err(error) => tracing::warn!(ms, %error, "{name}: failed"),
    }
}

impl Desk {
    async fn call(&self, call: Call) -> Result<Reply, Error> {
        match call {
            Call::SignIn {
                server,
                user,
                password,
            } => self.sign_in(&server, &user, &password).await,
            Call::Lock { server, user } => Ok(self.lock(server, user).await),
            Call::Report(date) => Ok(Reply::Report(
                self.client()?
                    .written_day_report(Some(date), Format::Text)
                    .await?,
            )),
            Call::Config(call) => {
                let (profiles, store) = (Arc::clone(&self.profiles), Arc::clone(&self.credentials));
                let done = tokio::task::spawn_blocking(move || call.run(&profiles, store.as_ref()));
                let reply = done
                    .await
                    .unwrap_or_else(|error| ConfigReply::Failed(error.to_string()));
                Ok(Reply::Config(Box::new(reply)))
            }
            Call::VerifyCode { server, user, otp } => {
                let client = Client::new(&server)?;
                client.verify_login_code(&user, &otp).await?;
                self.begun(client, &server, &user).await
            }
            Call::ResendCode { server, user } => {
                Client::new(&server)?.resend_login_code(&user).await?;
                Ok(Reply::CodeSent)
            }
            Call::Forgot { server, user } | Call::ResendReset { server, user } => {
                Client::new(&server)?.forgot_password(&user).await?;
                Ok(Reply::CodeSent)
            }
            Call::Reset {
                server,
                user,
                otp,
                password,
            } => {
                let client = Client::new(&server)?;
                client.reset_password(&user, &otp, &password).await?;
                Ok(Reply::PasswordSet)
            }
            Call::Users(query) => Ok(Reply::Users(Box::new(self.client()?.users(&query).await?))),
            Call::User(id) => Ok(Reply::User(Box::new(self.client()?.user(id).await?))),
            Call::Invite(invitation) => Ok(Reply::User(Box::new(
                self.client()?.invite_user(&invitation).await?,
            ))),
            Call::ChangeUser { id, change } => Ok(Reply::User(Box::new(
                self.client()?.change_user(id, &change, None).await?,
            ))),
            Call::EndUserSessions(id) => {
                self.client()?.end_user_sessions(id).await?;
                Ok(Reply::Done)
            }
            Call::Sessions => Ok(Reply::Sessions(self.client()?.sessions().await?)),
            Call::EndSession(id) => {
                self.client()?.end_session(id).await?;
                Ok(Reply::Done)
            }
            Call::Restore { server, user } => self.restore(server, user).await,
            Call::SignOut { server, user } => Ok(self.sign_out(server, user).await),
            Call::Me => Ok(Reply::Me(Box::new(self.client()?.me().await?))),
            Call::Patients(query) => Ok(Reply::Patients(Box::new(
                self.client()?.patients(&query).await?,
            ))),
            Call::Patient(id) => Ok(Reply::Patient(Box::new(self.client()?.patient(id).await?))),
            Call::Doctors(query) => Ok(Reply::Doctors(Box::new(
                self.client()?.doctors(&query).await?,
            ))),
            Call::Doctor(id) => Ok(Reply::Doctor(Box::new(self.client()?.doctor(id).await?))),
            Call::Verify(id) => Ok(Reply::Doctor(Box::new(
                self.client()?.verify_doctor(id).await?,
            ))),
            Call::Board(query) => Ok(Reply::Board(Box::new(self.client()?.board(&query).await?))),
            Call::Queue(doctor) => Ok(Reply::Queue(Box::new(self.client()?.queue(doctor).await?))),
            Call::Slots(query) => Ok(Reply::Slots(Box::new(
                self.client()?.free_slots(&query).await?,
            ))),
            Call::Check(form) => Ok(Reply::Check(Box::new(
                self.client()?.check_booking(&form).await?,
            ))),
            Call::Terms => {
                let terms = self.client()?.specialisations().await?.into_iter();
                let named = |term: Term| Named {
                    id: term.id,
                    name: term.name,
                };
                Ok(Reply::Terms(terms.map(named).collect()))
            }
            Call::Deed(deed) => deed.run(&self.client()?).await,
            Call::People(call) => call.run(&self.client()?).await,
            Call::Leave(call) => {
                let reply = call.run(&self.client()?).await?;
                Ok(Reply::Leave(Box::new(reply)))
            }
            Call::Appointment(id) => Ok(Reply::Appointment(Box::new(
                self.client()?.appointment(id).await?,
            ))),
            Call::Contacts(query) => Ok(Reply::Contacts(Box::new(
                self.client()?.contacts(&query).await?,
            ))),
            Call::Contact(id) => Ok(Reply::Contact(Box::new(self.client()?.contact(id).await?))),
            Call::Inbox(call) => call.run(&self.client()?).await,
            Call::Duplicates(draft) => Ok(Reply::Duplicates(
                self.client()?.possible_duplicates(&draft).await?,
            )),
            Call::Register(draft) => Ok(Reply::Saved(Box::new(
                self.client()?.register_patient(&draft).await?,
            ))),
            Call::Change { id, change, etag } => {
                let saved = self
                    .client()?
                    .change_patient(id, &change, etag.as_deref())
                    .await?;
                Ok(Reply::Saved(Box::new(saved)))
            }
        }
    }

    fn client(&self) -> Result<Client, Error> {
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner);
        let client = client.clone().ok_or(Error::SignedOut)?;
        Ok(match &self.key {
            Some(key) => client.under_key(key),
            None => client,
        })
    }

    fn use_client(&self, client: Option<Client>) {
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
    }

    async fn sign_in(&self, server: &str, user: &str, password: &str) -> Result<Reply, Error> {
        let client = Client::new(server)?;
        // v1 knows accounts by their e-mail; a sign-in name is classic's.
        if user.contains('@') {
            if client.sign_in_v1(user, password).await? == SignedIn::CodeAsked {
                return Ok(Reply::CodeAsked);
            }
        } else {
            client.sign_in(user, password).await?;
        }
        self.begun(client, server, user).await
    }

    /// Whoever quits at the covered screen and starts again is not signed in, and what waits in
    /// memory is worth nothing.
    async fn lock(&self, server: String, user: String) -> Reply {
        let client = self.client();
        self.use_client(None);
        if self.credentials.is_given() {
            // A token that was given for the run is not ours to end.
            return Reply::Done;
        }
        let forgotten = self
            .keyring(move |store| store.forget(&server, &user))
            .await;
        if let Err(error) = forgotten {
            tracing::warn!(%error, "the kept token could not be forgotten");
        }
        if let Ok(client) = client
            && let Err(error) = client.sign_out().await
        {
            tracing::warn!(%error, "the session lives on at the server until it runs out");
        }
        Reply::Done
    }

    /// Somebody has signed in: their session is kept, and used from now on.
    async fn begun(&self, client: Client, server: &str, user: &str) -> Result<Reply, Error> {
        let who = Box::new(client.me().await?);
        let tokens = client.tokens().ok_or(Error::SignedOut)?;
        credentials::keep(&client, &self.credentials, server, user);
        self.use_client(Some(client));
        let (server, user) = (server.to_owned(), user.to_owned());
        let profiles = Arc::clone(&self.profiles);
        let kept = self
            .keyring(move |store| {
                let noted = {
                    let mut profiles = profiles.lock().unwrap_or_else(PoisonError::into_inner);
                    profiles.remember(&server, &user)
                };
                if let Err(error) = noted {
                    tracing::warn!(%error, "the sign-in was not noted in the configuration");
                }
                store.save(&server, &user, &tokens.refresh)
            })
            .await;
        Ok(Reply::SignedIn { who, kept })
    }

    async fn restore(&self, server: String, user: String) -> Result<Reply, Error> {
        let client = Client::new(&server)?;
        credentials::keep(&client, &self.credentials, &server, &user);
        let kept = self.keyring(move |store| store.load(&server, &user)).await;
        let token = kept.unwrap_or_else(|error| {
            tracing::warn!(%error, "the kept token can't be read");
            None
        });
        let Some(token) = token else {
            return Ok(Reply::Restored(None));
        };
        client.set_tokens(Some(credentials::tokens(token)));
        match client.me().await {
            Ok(who) => {
                self.use_client(Some(client));
                Ok(Reply::Restored(Some(Box::new(who))))
            }
            Err(Error::SignedOut) => Ok(Reply::Restored(None)),
            Err(error) => Err(error),
        }
    }

    async fn sign_out(&self, server: String, user: String) -> Reply {
        if let Ok(client) = self.client() {
            self.use_client(None);
            if let Err(error) = client.sign_out().await {
                tracing::warn!(%error, "the session lives on at the server until it runs out");
            }
        }
        let forgotten = self
            .keyring(move |store| store.forget(&server, &user))
            .await;
        Reply::SignedOut {
            forgotten: forgotten.is_ok(),
        }
    }

    /// Asks the credential store, which blocks, on a thread that may.
    async fn keyring<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn CredentialStore) -> Result<T, CredentialError> + Send + 'static,
    ) -> Result<T, CredentialError> {
        let store = Arc::clone(&self.credentials);
        let asked = tokio::task::spawn_blocking(move || ask(store.as_ref()));
        match tokio::time::timeout(KEYRING_PATIENCE, asked).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(broken)) => Err(CredentialError::Keyring(broken.to_string())),
            Err(_) => Err(CredentialError::TooSlow(KEYRING_PATIENCE.as_secs())),
        }
    }
}
