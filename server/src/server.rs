//! A server from a [`Config`]: the program, the tests and `clinic demo` all start it this way.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use poem::Server as Poem;
use poem::listener::TcpAcceptor;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::api::Witness;
use crate::auth::codes::Hasher;
use crate::auth::passwords::{Cost, PasswordError, Passwords, Policy};
use crate::auth::sessions::{self, Epoch, Lifetimes, Sessions};
use crate::auth::tokens::Keys;
use crate::clinic::{Clinic, audit, events, jobs, pictures};
use crate::config::{Config, Database};
use crate::infra::mail::{Mailer, SetupError};
use crate::infra::media::{Media, MediaError, Signer};
use crate::infra::redis::Redis;
use crate::infra::sockets::Sockets;
use crate::infra::{Clock, Ids, Sealer};
use crate::store::{Db, migrate, notify, open, replica};

/// How long open requests may take to end at shutdown.
const DRAIN: Duration = Duration::from_secs(10);
/// Jobs done at once: a slow mail server must not hold up the night's work.
const JOB_RUNNERS: usize = 2;

/// What tests hand in instead of the world.
#[derive(Clone)]
pub struct Parts {
    /// The time.
    pub clock: Clock,
    /// Ids and chance.
    pub ids: Ids,
    /// What a password hash costs.
    pub cost: Cost,
    /// Who looks at answers before they go out, if anybody does.
    pub witness: Option<Arc<dyn Witness>>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            ids: Ids::system(),
            cost: Cost::default(),
            witness: None,
        }
    }
}

/// Why a server did not start. `Display` is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory.
    #[error("The data directory {} can't be used ({cause}); create it or set DATA_DIR to one this user may write.", .path.display())]
    DataDir {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The kept signing key.
    #[error("The key file {} can't be used ({cause}); let this user read and write it, or set SECRET_KEY.", .path.display())]
    Key {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The database can't be opened.
    #[error(transparent)]
    Database(#[from] open::Error),
    /// The schema can't be brought up to date.
    #[error(transparent)]
    Migrate(#[from] migrate::Error),
    /// The pictures' directory.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// Mail.
    #[error(transparent)]
    Mail(#[from] SetupError),
    /// Password hashing.
    #[error(transparent)]
    Passwords(#[from] PasswordError),
    /// The address.
    #[error(
        "{address} can't be listened on ({cause}); stop what runs there or set LISTEN to another port."
    )]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// Opens the clinic behind a configuration, migrated unless told not to: what the server and the
/// command line share.
///
/// # Errors
/// What [`StartError`] lists, but for listening.
pub async fn open_clinic(
    config: &Config,
    parts: &Parts,
    migrate_first: bool,
) -> Result<Clinic, StartError> {
    private_dir(&config.data_dir).map_err(|cause| StartError::DataDir {
        path: config.data_dir.clone(),
        cause,
    })?;
    let secret = secret(config, &parts.ids)?;
    let db = open_database(config).await?;
    if migrate_first {
        migrate::run(&db).await?;
    }
    let epoch = match &config.database {
        Database::Sqlite(path) => Epoch::File(with_suffix(path, "-sessions")),
        Database::Postgres(_) => Epoch::notified(),
    };
    let lifetimes = Lifetimes {
        access: config.access_lifetime,
        refresh: config.refresh_lifetime,
        session: config.session_lifetime,
        staff_session: config.staff_session_lifetime,
    };
    let (cost, ids) = (parts.cost, parts.ids.clone());
    // Takes the time of one hash, so not on an async worker.
    let passwords =
        tokio::task::spawn_blocking(move || Passwords::new(cost, Passwords::cores(), ids))
            .await
            .map_err(|_| PasswordError::Stopped)??;
    Ok(Clinic {
        reads: audit::Reads::start(db.clone(), parts.clock.clone()),
        sessions: Sessions::new(db.clone(), Keys::new(&secret), lifetimes, epoch),
        passwords,
        throttles: !config.limits.is_off(),
        hasher: Hasher::new(&secret),
        sealer: Sealer::new(&secret),
        login_codes: config.login_codes,
        jobs: jobs::Jobs::default(),
        events: events::Hub::default(),
        mailer: Mailer::new(
            &config.mail,
            config.mail_from.clone(),
            config.mail_reply_to.clone(),
        )?,
        public_url: config.public_url.clone(),
        password_policy: Policy {
            patient_min: config.password_min,
            staff_min: config.staff_password_min,
        },
        media: Media::open(&config.media, parts.clock.clone(), parts.ids.clone())?,
        signer: Signer::new(&secret),
        zone: config.zone,
        booking_horizon: config.booking_horizon,
        overbook_limit: config.overbook_limit,
        open_bookings_limit: config.open_bookings_limit,
        wait_warn: config.wait_warn,
        wait_alert: config.wait_alert,
        reminders: config.reminders,
        downtime_dir: config.downtime_dir.clone(),
        audit_retention: config.audit_retention,
        name: config.clinic_name.clone(),
        clock: parts.clock.clone(),
        ids: parts.ids.clone(),
        db,
    })
}

/// Opens the database of a configuration.
///
/// # Errors
/// [`open::Error`].
pub async fn open_database(config: &Config) -> Result<Db, open::Error> {
    let url = match &config.database {
        Database::Sqlite(path) => format!("sqlite://{}", path.display()),
        Database::Postgres(url) => url.clone(),
    };
    let settings = open::Settings {
        replica: config.replica.clone(),
        pool_size: config.connections,
        ..open::Settings::new(url)
    };
    Db::open(&settings).await
}

/// A running server.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// The clinic behind it.
    pub clinic: Clinic,
    stop: Arc<Notify>,
    serving: JoinHandle<std::io::Result<()>>,
    stop_sealing: watch::Sender<bool>,
    sealing: JoinHandle<()>,
    stop_jobs: watch::Sender<bool>,
    job_runners: tokio::sync::Mutex<Vec<JoinHandle<()>>>,
    background: Vec<JoinHandle<()>>,
}

impl Server {
    /// Starts a server: opens and migrates the database, listens, and serves in the background.
    ///
    /// # Errors
    /// What [`StartError`] lists.
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        Self::start_with(config, &Parts::default(), true).await
    }

    /// Starts a server with its parts handed in; `migrate_first` false leaves the schema alone.
    ///
    /// # Errors
    /// What [`StartError`] lists.
    pub async fn start_with(
        config: &Config,
        parts: &Parts,
        migrate_first: bool,
    ) -> Result<Self, StartError> {
        let clinic = open_clinic(config, parts, migrate_first).await?;
        let listening = async {
            let listener = TcpListener::bind(config.listen).await?;
            let address = listener.local_addr()?;
            Ok((Sockets::new(TcpAcceptor::from_tokio(listener)?), address))
        };
        let (acceptor, address) = listening.await.map_err(|cause| StartError::Listen {
            address: config.listen,
            cause,
        })?;

        let redis = Redis::start(config.redis.as_ref()).await;
        let witness = parts.witness.clone();
        let endpoint = crate::api::endpoint(&clinic, config, &redis, address.to_string(), witness);
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let serving = tokio::spawn(
            Poem::new_with_acceptor(acceptor)
                .name("clinicd")
                .idle_timeout(Duration::from_secs(75))
                .run_with_graceful_shutdown(
                    endpoint,
                    async move { stopped.notified().await },
                    Some(DRAIN),
                ),
        );
        let (stop_jobs, stopping) = watch::channel(false);
        let mut job_runners: Vec<_> = (0..JOB_RUNNERS)
            .map(|_| tokio::spawn(jobs::run(clinic.clone(), stopping.clone())))
            .collect();
        let downtime = jobs::keep_downtime_copy(clinic.clone(), stopping);
        job_runners.push(tokio::spawn(downtime));
        let job_runners = job_runners.into();
        let (stop_sealing, sealed) = watch::channel(false);
        let sealing = tokio::spawn(audit::run_sealer(clinic.clone(), sealed));
        let background = vec![
            tokio::spawn(hear_others(clinic.clone())),
            tokio::spawn(events::run(clinic.clone())),
            tokio::spawn(sweep_pictures(clinic.clone())),
            tokio::spawn(replica::watch(clinic.db.clone())),
        ];
        Ok(Self {
            address,
            clinic,
            stop,
            serving,
            stop_sealing,
            sealing,
            stop_jobs,
            job_runners,
            background,
        })
    }

    /// The server's address as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Does no more jobs: one that was begun is finished; one that takes too long is left to whoever
    /// comes after its claim.
    pub async fn stop_jobs(&self) {
        self.stop_jobs.send_replace(true);
        for runner in self.job_runners.lock().await.drain(..) {
            let abort = runner.abort_handle();
            if tokio::time::timeout(DRAIN, runner).await.is_err() {
                abort.abort();
            }
        }
    }

    /// Takes no new requests, lets open ones end, writes what is queued, closes the database.
    pub async fn shutdown(mut self) {
        // A stream of events does not end by itself.
        self.clinic.events.close();
        self.stop.notify_one();
        if let Ok(Err(error)) = (&mut self.serving).await {
            tracing::error!(%error, "the listener failed");
        }
        self.stop_jobs().await;
        for task in self.background {
            task.abort();
        }
        self.clinic.reads.stop().await;
        // After everything that is audited: the last rows get their seals too.
        self.stop_sealing.send_replace(true);
        let abort = self.sealing.abort_handle();
        if tokio::time::timeout(DRAIN, self.sealing).await.is_err() {
            abort.abort();
        }
        self.clinic.db.close().await;
    }
}

/// Hears from other servers on the same PostgreSQL that sessions ended, that there is work, and that
/// something happened; nothing to hear on SQLite.
async fn hear_others(clinic: Clinic) {
    let channels = [sessions::CHANNEL, jobs::CHANNEL, events::CHANNEL];
    loop {
        match notify::Listener::open(&clinic.db, &channels).await {
            Ok(None) => return,
            Ok(Some(mut listener)) => {
                clinic.sessions.set_listening(true);
                heard(&clinic, None);
                while let Ok(channel) = listener.next().await {
                    heard(&clinic, channel.as_deref());
                }
            }
            Err(error) => {
                tracing::warn!(%error, "other servers can't be heard; every check of a session asks the database, jobs and events are looked for");
            }
        }
        clinic.sessions.set_listening(false);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Something was told on a channel; none: the connection was lost, and it may have been anything.
fn heard(clinic: &Clinic, channel: Option<&str>) {
    let is = |name| channel.is_none_or(|channel| channel == name);
    if is(sessions::CHANNEL) {
        clinic.sessions.heard();
    }
    if is(jobs::CHANNEL) {
        clinic.jobs.wake();
    }
    if is(events::CHANNEL) {
        clinic.events.wake();
    }
}

async fn sweep_pictures(clinic: Clinic) {
    if let Err(error) = pictures::sweep(&clinic).await {
        tracing::warn!(%error, "the pictures' sweep failed; the next start tries again");
    }
}

/// The signing key: as set, or made once and kept in the data directory.
fn secret(config: &Config, ids: &Ids) -> Result<Vec<u8>, StartError> {
    if let Some(key) = &config.secret_key {
        return Ok(key.as_bytes().to_vec());
    }
    let path = config.data_dir.join("secret.key");
    kept_secret(&path, ids).map_err(|cause| StartError::Key { path, cause })
}

fn kept_secret(path: &Path, ids: &Ids) -> std::io::Result<Vec<u8>> {
    match std::fs::read(path) {
        Ok(key) if key.len() >= 32 => return Ok(key),
        Ok(_) => return Err(std::io::Error::other("it holds fewer than 32 bytes")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let key = ids.bytes::<32>();
    // Written beside and linked into place: two servers starting at once end up with one key.
    let draft = with_suffix(path, &format!(".{}", ids.v4()));
    private_file(&draft, &key)?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(key.to_vec()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => std::fs::read(path),
        Err(error) => Err(error),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(unix)]
fn private_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn private_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}

#[cfg(unix)]
fn private_dir(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn private_dir(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}
