//! Every setting in one place: its name, default, meaning and check (DESIGN "Command line and
//! settings"). Values come from flags, then the environment, then `.env`.

mod mail;
mod media;
mod settings;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;
use lettre::message::Mailbox;

use crate::auth::limits::{Network, RateLimits, RateLimitsError};
use crate::auth::policy::LoginCodes;
use crate::clinic::reminders::Plan;
use crate::infra::mail::Way;
use crate::infra::media::{Place, S3};
use crate::infra::redis::Address;

pub use settings::{SETTINGS, Setting};

/// Settings whose value may hold a password in the middle.
const URLS: [&str; 3] = ["DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL"];

/// Keys that stand in examples; whoever leaves one in has no secret.
const KNOWN_KEYS: [&str; 6] = [
    "replace_me",
    "changeme",
    "change_me",
    "secret",
    "your_secret_key",
    "your-secret-key",
];

/// A setting that can't be used. `Display` names it and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct ConfigError {
    /// Which setting.
    pub name: &'static str,
    /// What is wrong and what to do.
    pub problem: String,
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A file of this machine.
    Sqlite(PathBuf),
    /// A PostgreSQL URL, password included.
    Postgres(String),
}

/// A log's look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// The effective configuration of a server.
#[derive(Clone)]
pub struct Config {
    /// Data directory.
    pub data_dir: PathBuf,
    /// Database.
    pub database: Database,
    /// A standby of the database, password included.
    pub replica: Option<String>,
    /// Signing key as given; none: make and keep one.
    pub secret_key: Option<String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// How clients reach the server, without a slash at the end; none: by `listen`.
    pub public_url: Option<String>,
    /// A proxy in front speaks TLS.
    pub behind_proxy: bool,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Origins for CORS.
    pub cors_origins: Vec<String>,
    /// The clinic's name.
    pub clinic_name: String,
    /// The clinic's zone.
    pub zone: Tz,
    /// Days that a booking without a date looks ahead.
    pub booking_horizon: u16,
    /// How many appointments a doctor may have beside others on one day.
    pub overbook_limit: u16,
    /// How many appointments ahead patients may book themselves.
    pub open_bookings_limit: u16,
    /// From when on a wait is long.
    pub wait_warn: TimeDelta,
    /// From when on a wait is too long.
    pub wait_alert: TimeDelta,
    /// When people are reminded; none: never.
    pub reminders: Option<Plan>,
    /// Directory for the copy for downtime.
    pub downtime_dir: Option<PathBuf>,
    /// How long the audit is kept; none: for ever.
    pub audit_retention: Option<TimeDelta>,
    /// Where pictures are kept.
    pub media: Place,
    /// How buckets are reached, whether or not pictures are in one.
    pub s3: S3,
    /// How mail leaves the house.
    pub mail: Way,
    /// Who writes the mails.
    pub mail_from: Mailbox,
    /// Where answers go; none: to who writes.
    pub mail_reply_to: Option<Mailbox>,
    /// Whose sign-in takes a code.
    pub login_codes: LoginCodes,
    /// Access token lifetime.
    pub access_lifetime: Duration,
    /// Refresh token lifetime.
    pub refresh_lifetime: Duration,
    /// Session lifetime of patients and doctors.
    pub session_lifetime: Duration,
    /// Session lifetime of staff.
    pub staff_session_lifetime: Duration,
    /// Shortest password of a patient.
    pub password_min: usize,
    /// Shortest password of staff and doctors.
    pub staff_password_min: usize,
    /// Rate limits.
    pub limits: RateLimits,
    /// Database connections.
    pub connections: u32,
    /// What the servers share for limits and lists.
    pub redis: Option<Address>,
    /// Longest request.
    pub request_timeout: Duration,
    /// Log filter.
    pub log: String,
    /// Log format.
    pub log_format: LogFormat,
    /// Error causes in answers.
    pub debug: bool,
}

impl Config {
    /// Reads the settings from a lookup by name.
    ///
    /// # Errors
    /// The first setting that can't be used.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let read = Reader { lookup: &lookup };
        let data_dir = PathBuf::from(read.text("DATA_DIR"));
        let database = read.parse("DATABASE_URL", |url| database(url, &data_dir))?;
        let replica = replica(&read, &database)?;
        let debug = read.parse("DEBUG", boolean)?;
        let behind_proxy = read.parse("BEHIND_PROXY", boolean)?;
        let listen: SocketAddr = read.parse("LISTEN", |text| {
            text.parse()
                .map_err(|_| format!("“{text}” is no address; write it as 127.0.0.1:8000"))
        })?;
        if !listen.ip().is_loopback() {
            if !behind_proxy {
                return Err(error(
                    "LISTEN",
                    format!(
                        "{listen} is open to the network and this server speaks plain HTTP; put a proxy with TLS in front and set BEHIND_PROXY=true, or listen on 127.0.0.1"
                    ),
                ));
            }
            if debug {
                return Err(error(
                    "DEBUG",
                    "shows causes of errors to callers; unset it, or listen on loopback".to_owned(),
                ));
            }
        }
        let secret_key = read.parse("SECRET_KEY", secret_key)?;
        if secret_key.is_none() && matches!(database, Database::Postgres(_)) {
            return Err(error(
                "SECRET_KEY",
                "several servers on one PostgreSQL must share it; set at least 32 random bytes"
                    .to_owned(),
            ));
        }
        let wait_warn = read.parse("WAIT_WARN", delta)?;
        let wait_alert = read.parse("WAIT_ALERT", delta)?;
        if wait_alert < wait_warn {
            return Err(error(
                "WAIT_ALERT",
                "a wait is too long before it is long; set it to WAIT_WARN or more".to_owned(),
            ));
        }
        let s3 = media::service(&read)?;
        Ok(Self {
            database,
            replica,
            secret_key,
            listen,
            public_url: read.parse("PUBLIC_URL", public_url)?,
            behind_proxy,
            trusted_proxies: read.list("TRUSTED_PROXIES", |text| {
                text.parse::<Network>().map_err(|error| error.to_string())
            })?,
            cors_origins: read.list("CORS_ORIGINS", origin)?,
            clinic_name: read.text("CLINIC_NAME"),
            zone: read.parse("CLINIC_TIME_ZONE", |text| {
                text.parse().map_err(|_| {
                    format!("“{text}” is no IANA time zone; write it as Europe/Berlin")
                })
            })?,
            booking_horizon: read.parse("BOOKING_HORIZON", |text| number(text, 1, 730))?,
            overbook_limit: read.parse("OVERBOOK_LIMIT", |text| number(text, 0, 1000))?,
            open_bookings_limit: read
                .parse("OPEN_BOOKINGS_LIMIT", |text| number(text, 1, 60_000))?,
            wait_warn,
            wait_alert,
            reminders: reminders(&read)?,
            downtime_dir: Some(read.text("DOWNTIME_DIR"))
                .filter(|path| !path.is_empty())
                .map(PathBuf::from),
            audit_retention: match read.parse("AUDIT_RETENTION", |text| number(text, 0, 36_500))? {
                0 => None,
                days => Some(TimeDelta::days(days)),
            },
            media: media::place(&read, &data_dir, &s3)?,
            s3,
            mail: mail::way(&read, &data_dir)?,
            mail_from: read.parse("MAIL_FROM", mail::mailbox)?,
            mail_reply_to: read.parse("MAIL_REPLY_TO", mail::optional_mailbox)?,
            login_codes: read.parse("LOGIN_OTP", mail::login_codes)?,
            access_lifetime: read.parse("JWT_ACCESS_LIFETIME", duration)?,
            refresh_lifetime: read.parse("JWT_REFRESH_LIFETIME", duration)?,
            session_lifetime: read.parse("SESSION_LIFETIME", duration)?,
            staff_session_lifetime: read.parse("STAFF_SESSION_LIFETIME", duration)?,
            password_min: read.parse("PASSWORD_MIN_LENGTH", |text| number(text, 4, 128))?,
            staff_password_min: read
                .parse("STAFF_PASSWORD_MIN_LENGTH", |text| number(text, 4, 128))?,
            limits: read.parse("RATE_LIMITS", |text| {
                text.parse()
                    .map_err(|error: RateLimitsError| error.to_string())
            })?,
            connections: read.parse("DATABASE_CONNECTIONS", |text| number(text, 1, 1000))?,
            redis: match read.text("REDIS_URL") {
                url if url.is_empty() => None,
                url => Some(url.parse().map_err(|problem| error("REDIS_URL", problem))?),
            },
            request_timeout: read.parse("REQUEST_TIMEOUT", duration)?,
            log: read.text("LOG"),
            log_format: read.parse("LOG_FORMAT", |text| match text {
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err(format!("“{text}” is neither text nor json")),
            })?,
            debug,
            data_dir,
        })
    }

    /// Reads the settings from the given flags, the environment, and `.env`, in that order.
    ///
    /// # Errors
    /// The first setting that can't be used, or a `.env` that can't be read.
    pub fn load(flags: &BTreeMap<&'static str, String>) -> Result<Self, ConfigError> {
        Self::from_lookup(sources(flags)?)
    }

    /// The configuration of tests and of `clinic demo`: SQLite in `dir`, a free port.
    ///
    /// # Errors
    /// None in practice: the defaults are sound.
    pub fn embedded(dir: &Path) -> Result<Self, ConfigError> {
        let dir = dir.to_string_lossy().into_owned();
        Self::from_lookup(|name| match name {
            "DATA_DIR" => Some(dir.clone()),
            "LISTEN" => Some("127.0.0.1:0".to_owned()),
            _ => None,
        })
    }
}

/// A lookup over flags, environment and `.env`.
///
/// # Errors
/// A `.env` that can't be read.
pub fn sources(
    flags: &BTreeMap<&'static str, String>,
) -> Result<impl Fn(&str) -> Option<String> + use<>, ConfigError> {
    let mut file = BTreeMap::new();
    match dotenvy::dotenv_iter() {
        Ok(lines) => {
            for line in lines {
                let (name, value) = line.map_err(|problem| error(".env", problem.to_string()))?;
                file.insert(name, value);
            }
        }
        Err(problem) if problem.not_found() => {}
        Err(problem) => return Err(error(".env", problem.to_string())),
    }
    let flags = flags.clone();
    Ok(move |name: &str| {
        flags
            .get(name)
            .cloned()
            .or_else(|| environment(name))
            .or_else(|| file.get(name).cloned())
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The effective settings as `NAME=value` lines, secrets masked: `clinicd config`.
pub fn effective(lookup: impl Fn(&str) -> Option<String>) -> String {
    SETTINGS
        .iter()
        .map(|setting| {
            let value = lookup(setting.name).unwrap_or_else(|| setting.default.to_owned());
            let shown = match () {
                () if setting.secret && !value.is_empty() => "********".to_owned(),
                () if URLS.contains(&setting.name) => without_password(&value),
                () => value,
            };
            format!("{}={shown}\n", setting.name)
        })
        .collect()
}

/// The text of `.env.example`: every setting with its meaning and default, commented out.
pub fn example() -> String {
    let mut text = String::from(
        "# Copy to .env and set what differs. Flags win over the environment, which wins over this file.\n",
    );
    for setting in SETTINGS {
        text.push_str(&format!(
            "\n# {}\n#{}={}\n",
            setting.doc, setting.name, setting.default
        ));
    }
    text
}

/// A database's or a Redis' URL with its password replaced.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((user, host)) = rest.rsplit_once('@') else {
        return url.to_owned();
    };
    match user.split_once(':') {
        Some((name, _)) => format!("{scheme}://{name}:********@{host}"),
        None => url.to_owned(),
    }
}

struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    fn text(&self, name: &'static str) -> String {
        let given = (self.lookup)(name).map(|text| text.trim().to_owned());
        given.filter(|text| !text.is_empty()).unwrap_or_else(|| {
            SETTINGS
                .iter()
                .find(|setting| setting.name == name)
                .map_or_else(String::new, |setting| setting.default.to_owned())
        })
    }

    fn parse<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        parse(&self.text(name)).map_err(|problem| error(name, problem))
    }

    fn list<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, ConfigError> {
        let text = self.text(name);
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        parts
            .map(|part| parse(part).map_err(|problem| error(name, problem)))
            .collect()
    }
}

fn error(name: &'static str, problem: String) -> ConfigError {
    ConfigError { name, problem }
}

fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("“{text}” is neither true nor false")),
    }
}

fn number<T>(text: &str, least: T, most: T) -> Result<T, String>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display + Copy,
{
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("“{text}” is no number from {least} to {most}"))
}

/// `90s`, `5m`, `12h`, `7d`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("“{text}” is no duration; write it as 90s, 5m, 12h or 7d");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let count: u64 = text.trim_end_matches(unit).parse().map_err(|_| wrong())?;
    match count.checked_mul(seconds) {
        Some(seconds) if (1..=86_400 * 3650).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(wrong()),
    }
}

/// `REMINDERS` and what belongs to it, checked even while they are off.
fn reminders(read: &Reader<'_>) -> Result<Option<Plan>, ConfigError> {
    let time = read.parse("REMINDER_TIME", |text| {
        NaiveTime::parse_from_str(text, "%H:%M")
            .map_err(|_| format!("“{text}” is no time of the day; write it as 16:00"))
    })?;
    let days = read.parse("REMINDER_LEAD", |text| {
        let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
        days.filter(|days| (1..=14).contains(days))
            .ok_or_else(|| format!("“{text}” is no number of days from 1d to 14d"))
    })?;
    let is_on = read.parse("REMINDERS", boolean)?;
    Ok(is_on.then_some(Plan { time, days }))
}

fn delta(text: &str) -> Result<TimeDelta, String> {
    TimeDelta::from_std(duration(text)?).map_err(|error| error.to_string())
}

fn database(url: &str, data_dir: &Path) -> Result<Database, String> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Database::Postgres(url.to_owned()));
    }
    let Some(path) = url.strip_prefix("sqlite:") else {
        return Err(format!(
            "“{}” is neither sqlite://… nor postgres://…",
            without_password(url)
        ));
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    // The seed's `sqlite:///db.sqlite3` means a file in DATA_DIR; a further slash makes it absolute.
    let path = match path.strip_prefix('/') {
        Some(name) if !name.contains('/') => name,
        _ => path
            .strip_prefix('/')
            .filter(|rest| rest.starts_with('/'))
            .unwrap_or(path),
    };
    if path.is_empty() || path.contains(":memory:") {
        return Err("name a file, e.g. sqlite://clinic.db".to_owned());
    }
    Ok(Database::Sqlite(data_dir.join(path)))
}

fn replica(read: &Reader<'_>, database: &Database) -> Result<Option<String>, ConfigError> {
    const NAME: &str = "DATABASE_REPLICA_URL";
    let url = read.text(NAME);
    if url.is_empty() {
        return Ok(None);
    }
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return Err(error(
            NAME,
            format!("“{}” is not postgres://…", without_password(&url)),
        ));
    }
    match database {
        Database::Postgres(_) => Ok(Some(url)),
        Database::Sqlite(_) => Err(error(
            NAME,
            "a file has no standby; set DATABASE_URL to the PostgreSQL server that this one follows, or unset it"
                .to_owned(),
        )),
    }
}

fn secret_key(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if KNOWN_KEYS.contains(&text.to_ascii_lowercase().as_str()) {
        return Err("this is the example's; set at least 32 random bytes".to_owned());
    }
    if text.len() < 32 {
        return Err(format!(
            "{} bytes are too few; set at least 32 random bytes",
            text.len()
        ));
    }
    Ok(Some(text.to_owned()))
}

fn public_url(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if !(text.starts_with("http://") || text.starts_with("https://")) {
        return Err(format!("“{text}” does not start with http:// or https://"));
    }
    Ok(Some(text.trim_end_matches('/').to_owned()))
}

fn origin(text: &str) -> Result<String, String> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '*']) => Ok(text.to_owned()),
        _ => Err(format!(
            "“{text}” is no origin; write it as https://www.example.org"
        )),
    }
}

/// Whether an address is this machine's own.
pub fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(given: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_lookup(|name| {
            given
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    fn problem(given: &[(&str, &str)]) -> String {
        config(given)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn defaults_start_a_server_on_loopback_with_sqlite() {
        let config = config(&[]).unwrap();
        assert_eq!(
            config.database,
            Database::Sqlite(PathBuf::from("./data/clinic.db"))
        );
        assert!(config.listen.ip().is_loopback());
        assert_eq!(config.access_lifetime, Duration::from_secs(300));
    }

    #[test]
    fn the_seeds_database_line_means_a_file_in_the_data_directory() {
        for (url, path) in [
            ("sqlite:///db.sqlite3", "/srv/db.sqlite3"),
            ("sqlite://clinic.db", "/srv/clinic.db"),
            ("sqlite:////var/lib/clinic.db", "/var/lib/clinic.db"),
            ("sqlite:///var/lib/clinic.db", "/var/lib/clinic.db"),
        ] {
            let config = config(&[("DATA_DIR", "/srv"), ("DATABASE_URL", url)]).unwrap();
            assert_eq!(
                config.database,
                Database::Sqlite(PathBuf::from(path)),
                "{url}"
            );
        }
    }

    #[test]
    fn bad_settings_are_named_with_what_to_do() {
        for (name, value, part) in [
            ("SECRET_KEY", "replace_me", "example's"),
            ("SECRET_KEY", "short", "at least 32"),
            ("LISTEN", "0.0.0.0:80", "BEHIND_PROXY"),
            ("LISTEN", "here", "127.0.0.1:8000"),
            ("DATABASE_URL", "mysql://x:y@z/d", "neither"),
            ("DATABASE_URL", "postgres://h/d", "SECRET_KEY"),
            ("CLINIC_TIME_ZONE", "Berlin", "Europe/Berlin"),
            ("JWT_ACCESS_LIFETIME", "5", "90s, 5m"),
            ("RATE_LIMITS", "auth=lots", "lots"),
            ("CORS_ORIGINS", "*", "origin"),
            ("WAIT_ALERT", "5m", "WAIT_WARN"),
            ("REDIS_URL", "memcached://:hush@h", "redis://:password@"),
            ("REMINDERS", "sometimes", "neither true nor false"),
            ("REMINDER_TIME", "4pm", "16:00"),
            ("REMINDER_LEAD", "24h", "1d to 14d"),
            ("DEBUG", "maybe", "neither true nor false"),
        ] {
            let problem = problem(&[(name, value)]);
            assert!(problem.contains(part), "{name}={value}: {problem}");
            assert!(!problem.contains("hush"), "{problem}");
        }
    }

    #[test]
    fn debug_is_refused_beyond_loopback() {
        let given = [
            ("DEBUG", "true"),
            ("BEHIND_PROXY", "true"),
            ("LISTEN", "0.0.0.0:80"),
        ];
        assert!(problem(&given).starts_with("DEBUG"));
    }

    #[test]
    fn secrets_are_masked() {
        let shown = effective(|name| match name {
            "SECRET_KEY" => Some("k".repeat(40)),
            "DATABASE_URL" => Some("postgres://clinic:hush@db/clinic".to_owned()),
            "REDIS_URL" => Some("rediss://:hush@cache:6379/0".to_owned()),
            _ => None,
        });
        assert!(!shown.contains("kkk") && !shown.contains("hush"), "{shown}");
        assert!(shown.contains("DATABASE_URL=postgres://clinic:********@db/clinic"));
        assert!(shown.contains("REDIS_URL=rediss://:********@cache:6379/0"));
    }

    #[test]
    fn the_example_file_is_up_to_date() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../.env.example");
        let written = std::fs::read_to_string(file).unwrap_or_default();
        assert_eq!(
            written,
            example(),
            "write `clinicd config --example` to .env.example"
        );
    }
}
