//! Sessions: what stands behind a pair of tokens, cached in process.
//!
//! Checking a bearer costs no statement in the usual case: the session's row is kept in memory
//! until some session ends anywhere, which moves the *epoch*; a cache of an older epoch is
//! dropped at the next check. On SQLite the epoch is the length of a small file beside the
//! database, so that the command line's `clinicd user disable` is noticed by a running server; on
//! PostgreSQL it is a counter moved by NOTIFY, and while the listener has no connection nothing
//! cached is believed. See docs/decisions/0005.

mod rotation;
mod stay;

use std::collections::HashMap;
use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clinic_shared::Role;
use clinic_shared::classic::accounts::Tokens;
use uuid::Uuid;

pub use rotation::Rotated;
pub use stay::Stay;

use super::tokens::{Claims, Holder, Keys, TokenError, TokenType};
use crate::clinic::{Account, Answer, Refusal};
use crate::store::sessions::SessionOfAccount;
use crate::store::{Db, Recorder, Tx, notify, sessions};

/// The channel on which PostgreSQL tells that sessions ended.
pub const CHANNEL: &str = "session_ended";
/// Sessions kept in memory; beyond that the cache starts anew.
const CACHED: usize = 50_000;

/// Which of the two documents a session was opened by; the other's refresh refuses it (API.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `/api/user/login/`.
    Classic,
    /// `/v1/api/user/login/`.
    V1,
}

impl Family {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Family::Classic => "classic",
            Family::V1 => "v1",
        }
    }
}

/// How long things live.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// Access tokens.
    pub access: Duration,
    /// Refresh tokens.
    pub refresh: Duration,
    /// Sessions of patients and doctors.
    pub session: Duration,
    /// Sessions of staff.
    pub staff_session: Duration,
}

/// Where the epoch stands.
#[derive(Clone)]
pub enum Epoch {
    /// SQLite: the length of a file beside the database.
    File(PathBuf),
    /// PostgreSQL: moved by the listener, believed while it listens.
    Notified {
        /// How often sessions ended, as far as heard.
        count: Arc<AtomicU64>,
        /// Whether the listener has a connection.
        listening: Arc<AtomicBool>,
    },
}

impl Epoch {
    /// For PostgreSQL, before the listener has connected.
    pub fn notified() -> Self {
        Epoch::Notified {
            count: Arc::default(),
            listening: Arc::default(),
        }
    }

    /// The epoch now; none while it can't be known.
    fn now(&self) -> Option<u64> {
        match self {
            Epoch::File(path) => Some(std::fs::metadata(path).map_or(0, |file| file.len())),
            Epoch::Notified { count, listening } => listening
                .load(Ordering::Acquire)
                .then(|| count.load(Ordering::Acquire)),
        }
    }

    /// Sessions have ended: every cache, of every process, is old.
    fn advance(&self) {
        match self {
            Epoch::File(path) => {
                let file = private().create(true).append(true).open(path);
                if let Err(error) = file.and_then(|mut file| file.write_all(b".")) {
                    tracing::error!(%error, "the session epoch can't be written; other processes may honour ended sessions until restart");
                }
            }
            Epoch::Notified { count, .. } => {
                count.fetch_add(1, Ordering::AcqRel);
            }
        }
    }

    /// The listener has (or has lost) its connection.
    fn set_listening(&self, yes: bool) {
        if let Epoch::Notified { count, listening } = self {
            count.fetch_add(1, Ordering::AcqRel);
            listening.store(yes, Ordering::Release);
        }
    }

    /// The listener heard that sessions ended.
    fn heard(&self) {
        if let Epoch::Notified { count, .. } = self {
            count.fetch_add(1, Ordering::AcqRel);
        }
    }
}

/// Options for a file that is this user's alone.
#[cfg(unix)]
fn private() -> std::fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn private() -> std::fs::OpenOptions {
    std::fs::OpenOptions::new()
}

#[derive(Default)]
struct Cache {
    epoch: Option<u64>,
    sessions: HashMap<Uuid, Arc<SessionOfAccount>>,
}

/// Opens, checks and ends sessions. Cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    db: Db,
    keys: Arc<Keys>,
    lifetimes: Lifetimes,
    epoch: Epoch,
    cache: Arc<Mutex<Cache>>,
    moved: stay::Moved,
}

impl Sessions {
    /// Sessions in this database, signed with these keys.
    pub fn new(db: Db, keys: Keys, lifetimes: Lifetimes, epoch: Epoch) -> Self {
        Self {
            db,
            keys: Arc::new(keys),
            lifetimes,
            epoch,
            cache: Arc::default(),
            moved: stay::Moved::default(),
        }
    }

    /// The same sessions and cache over a database whose statements are recorded: for tests that
    /// count them.
    pub fn recorded(&self, recorder: &Arc<Recorder>) -> Self {
        Self {
            db: self.db.recorded(recorder),
            ..self.clone()
        }
    }

    /// Checks an access token: signature and claims, then that its session has not ended.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`], or the database's.
    pub async fn authenticate(&self, bearer: &str, now: DateTime<Utc>) -> Answer<Account> {
        let claims = self
            .keys
            .check(bearer, TokenType::Access, now)
            .map_err(|error| refused(&error))?;
        let mut session = self.live(&claims, now).await?.ok_or_else(not_valid)?;
        if rotation::is_behind(&session, &claims) {
            self.forget(session.id);
            session = self.live(&claims, now).await?.ok_or_else(not_valid)?;
        }
        self.note_first_use(&session, &claims).await?;
        Ok(Account {
            id: session.account_id,
            uid: session.account_uid,
            role: session.role.0,
            session: session.id,
            is_verified: session.is_verified,
        })
    }

    /// Checks a refresh token of a live session of this family.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`], or the database's.
    pub async fn of_refresh(
        &self,
        refresh: &str,
        family: Family,
        now: DateTime<Utc>,
    ) -> Answer<Arc<SessionOfAccount>> {
        let claims = self
            .keys
            .check(refresh, TokenType::Refresh, now)
            .map_err(|error| refused(&error))?;
        let session = self.live(&claims, now).await?.ok_or_else(not_valid)?;
        let is_current = session.refresh_jti == claims.jti && session.family == family.as_str();
        is_current.then_some(session).ok_or_else(not_valid)
    }

    /// Which session a refresh token belongs to, live or ended; none if the token has run out and
    /// there is nothing left to end.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] if it is no refresh token of ours.
    pub fn named_by(&self, refresh: &str, now: DateTime<Utc>) -> Answer<Option<Uuid>> {
        match self.keys.check(refresh, TokenType::Refresh, now) {
            Ok(claims) => Ok(Some(claims.sid)),
            Err(TokenError::Expired) => Ok(None),
            Err(TokenError::WrongType | TokenError::Invalid) => Err(Refusal::field(
                "refresh",
                "This is not a valid refresh token.",
            )),
        }
    }

    /// Opens a session inside the caller's transaction.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(&self, tx: &mut Tx, new: Opening, now: DateTime<Utc>) -> Answer<Tokens> {
        let lifetime = match new.role.is_staff() {
            true => self.lifetimes.staff_session,
            false => self.lifetimes.session,
        };
        let expires_at = now + TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::days(30));
        let row = sessions::NewSession {
            id: new.session,
            account_id: new.account_id,
            family: new.family.as_str(),
            refresh_jti: new.refresh_jti,
            access_jti: (new.family == Family::V1).then_some(new.access_jti),
            address: new.address.map(|address| address.to_string()),
            at: now,
            expires_at,
        };
        sessions::insert(tx, &row).await?;
        let holder = Holder {
            account: new.account_uid,
            role: new.role,
            session: new.session,
        };
        let subject = Subject { holder, expires_at };
        Ok(Tokens {
            access: self.token(&subject, TokenType::Access, new.access_jti, now)?,
            refresh: self.token(&subject, TokenType::Refresh, new.refresh_jti, now)?,
        })
    }

    /// A new access token for a live session.
    ///
    /// # Errors
    /// A token that can't be signed: ours.
    pub fn access(
        &self,
        session: &SessionOfAccount,
        jti: Uuid,
        now: DateTime<Utc>,
    ) -> Answer<String> {
        let holder = Holder {
            account: session.account_uid,
            role: session.role.0,
            session: session.id,
        };
        let subject = Subject {
            holder,
            expires_at: session.expires_at,
        };
        self.token(&subject, TokenType::Access, jti, now)
    }

    /// Ends one session inside the caller's transaction; call [`Sessions::ended`] after commit.
    ///
    /// # Errors
    /// The database's.
    pub async fn end(
        &self,
        tx: &mut Tx,
        id: Uuid,
        reason: &str,
        now: DateTime<Utc>,
    ) -> sqlx::Result<bool> {
        let ended = sessions::end(tx, id, reason, now).await?;
        notify::notify(tx, CHANNEL, "").await?;
        Ok(ended)
    }

    /// Ends an account's sessions, all or all but one, inside the caller's transaction; call
    /// [`Sessions::ended`] after commit.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_all(
        &self,
        tx: &mut Tx,
        account: i64,
        except: Option<Uuid>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> sqlx::Result<u64> {
        let ended = sessions::end_all(tx, account, except, reason, now).await?;
        notify::notify(tx, CHANNEL, "").await?;
        Ok(ended)
    }

    /// The transaction that ended sessions has committed: their tokens stop at the next request.
    pub fn ended(&self) {
        self.epoch.advance();
        self.moved.tell();
    }

    fn token(
        &self,
        of: &Subject,
        kind: TokenType,
        jti: Uuid,
        now: DateTime<Utc>,
    ) -> Answer<String> {
        let lifetime = match kind {
            TokenType::Access => self.lifetimes.access,
            TokenType::Refresh => self.lifetimes.refresh,
        };
        let until = now + TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::minutes(5));
        let until = until.min(of.expires_at).timestamp();
        let claims = Claims::restored(kind, of.holder, jti, now.timestamp(), until);
        self.keys.sign(&claims).map_err(Refusal::broken)
    }

    /// The session of these claims, if it is live.
    async fn live(
        &self,
        claims: &Claims,
        now: DateTime<Utc>,
    ) -> Answer<Option<Arc<SessionOfAccount>>> {
        let epoch = self.epoch.now();
        let session = match self.cached(claims.sid, epoch) {
            Some(session) => session,
            None => {
                let row = sessions::find(&mut self.db.read().await?, claims.sid).await?;
                let Some(row) = row.map(Arc::new) else {
                    return Ok(None);
                };
                self.keep(&row, epoch);
                row
            }
        };
        Ok(rotation::is_live(&session, claims, now).then_some(session))
    }

    /// What is cached of a session is old.
    pub fn forget(&self, id: Uuid) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.sessions.remove(&id);
    }

    fn cached(&self, id: Uuid, epoch: Option<u64>) -> Option<Arc<SessionOfAccount>> {
        let epoch = epoch?;
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.epoch != Some(epoch) {
            cache.sessions.clear();
            cache.epoch = Some(epoch);
        }
        cache.sessions.get(&id).cloned()
    }

    /// Keeps a row that was read in `epoch`, unless sessions have ended since: it may be one of
    /// them.
    fn keep(&self, session: &Arc<SessionOfAccount>, epoch: Option<u64>) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if epoch.is_some() && cache.epoch == epoch && self.epoch.now() == epoch {
            if cache.sessions.len() >= CACHED {
                cache.sessions.clear();
            }
            cache.sessions.insert(session.id, Arc::clone(session));
        }
    }
}

/// What a new session is made of; the ids are handed in.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// The session's id.
    pub session: Uuid,
    /// `jti` of the access token.
    pub access_jti: Uuid,
    /// `jti` of the refresh token.
    pub refresh_jti: Uuid,
    /// Which document opened it.
    pub family: Family,
    /// The account's number.
    pub account_id: i64,
    /// The account's UUID.
    pub account_uid: Uuid,
    /// The account's role.
    pub role: Role,
    /// From where.
    pub address: Option<IpAddr>,
}

struct Subject {
    holder: Holder,
    expires_at: DateTime<Utc>,
}

fn not_valid() -> Refusal {
    refused(&TokenError::Invalid)
}

fn refused(error: &TokenError) -> Refusal {
    let detail = match error {
        TokenError::WrongType => "Token has wrong type.",
        TokenError::Expired | TokenError::Invalid => "Token is invalid or expired.",
    };
    Refusal::Unauthenticated {
        code: "token_not_valid",
        detail: detail.to_owned(),
    }
}
