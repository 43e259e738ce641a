//! The table of settings: what is given by flags, the environment or `.env`.

/// A setting that can be given.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Name in the environment.
    pub name: &'static str,
    /// Value when not given; what an empty one means stands in `doc`.
    pub default: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Whether `clinicd config` masks it.
    pub secret: bool,
}

const fn setting(name: &'static str, default: &'static str, doc: &'static str) -> Setting {
    Setting {
        name,
        default,
        doc,
        secret: false,
    }
}

const fn secret(name: &'static str, doc: &'static str) -> Setting {
    Setting {
        name,
        default: "",
        doc,
        secret: true,
    }
}

/// All settings, in the order of `.env.example`.
pub const SETTINGS: &[Setting] = &[
    setting(
        "DATA_DIR",
        "./data",
        "Directory for the database, the keys and the pictures.",
    ),
    setting(
        "DATABASE_URL",
        "sqlite://clinic.db",
        "sqlite://NAME (inside DATA_DIR), sqlite:////absolute/path.db, or postgres://user:password@host/database.",
    ),
    setting(
        "DATABASE_REPLICA_URL",
        "",
        "A streaming standby of a PostgreSQL DATABASE_URL, for lists that may be some seconds old. Unset: none.",
    ),
    secret(
        "SECRET_KEY",
        "At least 32 bytes. Signs tokens and media links. Unset on SQLite: made once and kept in DATA_DIR/secret.key.",
    ),
    setting(
        "LISTEN",
        "127.0.0.1:8000",
        "Address and port. Anything but loopback wants BEHIND_PROXY=true.",
    ),
    setting(
        "PUBLIC_URL",
        "",
        "How clients reach the server, e.g. https://desk.example.org. Unset: http://LISTEN.",
    ),
    setting(
        "BEHIND_PROXY",
        "false",
        "true: a proxy in front of this server speaks TLS.",
    ),
    setting(
        "TRUSTED_PROXIES",
        "",
        "Addresses or networks whose X-Forwarded-For is believed, e.g. 10.0.0.0/8.",
    ),
    setting(
        "CORS_ORIGINS",
        "",
        "Origins whose pages may call the API, e.g. https://www.example.org.",
    ),
    setting("CLINIC_NAME", "Clinic", "The clinic's name."),
    setting(
        "CLINIC_TIME_ZONE",
        "UTC",
        "The clinic's IANA time zone, e.g. Europe/Berlin.",
    ),
    setting(
        "BOOKING_HORIZON",
        "90",
        "How many days ahead a booking without a date looks for a free one.",
    ),
    setting(
        "OVERBOOK_LIMIT",
        "2",
        "How many appointments a doctor may have beside others on one day; 0: none.",
    ),
    setting(
        "OPEN_BOOKINGS_LIMIT",
        "20",
        "How many appointments ahead patients may book themselves; staff may go beyond it.",
    ),
    setting(
        "WAIT_WARN",
        "15m",
        "From when on a wait in the queue is long.",
    ),
    setting("WAIT_ALERT", "30m", "From when on it is too long."),
    setting(
        "REMINDERS",
        "off",
        "on: patients are reminded of their appointments by mail, unless their record says that they want none.",
    ),
    setting(
        "REMINDER_TIME",
        "16:00",
        "At which time of the clinic's day reminders go.",
    ),
    setting(
        "REMINDER_LEAD",
        "1d",
        "How many days before the appointment, 1d to 14d.",
    ),
    setting(
        "DOWNTIME_DIR",
        "",
        "Directory for day sheets of today and tomorrow, written every five minutes, for when nothing works. Unset: none.",
    ),
    setting(
        "AUDIT_RETENTION",
        "3653",
        "How many days the audit is kept; 0: for ever.",
    ),
    setting(
        "MEDIA_ROOT",
        "",
        "Where pictures are kept: a directory, or s3://bucket/prefix. Unset: DATA_DIR/media.",
    ),
    setting(
        "S3_ENDPOINT",
        "",
        "The service that has the bucket, e.g. https://s3.example.org. Unset: Amazon's in S3_REGION.",
    ),
    setting(
        "S3_PUBLIC_ENDPOINT",
        "",
        "The same service as clients reach it: they then fetch private pictures there, by a link good for a minute. Unset: all through this server.",
    ),
    setting("S3_REGION", "us-east-1", "The bucket's region."),
    setting(
        "S3_ALLOW_HTTP",
        "false",
        "true: an endpoint beyond loopback may be http://.",
    ),
    setting("AWS_ACCESS_KEY_ID", "", "Who asks for the bucket."),
    secret("AWS_SECRET_ACCESS_KEY", "The secret that belongs to it."),
    setting(
        "EMAIL_HOST",
        "",
        "The mail server. Unset: mails are written as files into MAIL_DIR.",
    ),
    setting("EMAIL_PORT", "587", "The mail server's port."),
    setting(
        "EMAIL_HOST_USER",
        "",
        "Whom to sign in as at the mail server. Unset: nobody.",
    ),
    secret("EMAIL_HOST_PASSWORD", "The password for it."),
    setting(
        "EMAIL_TLS",
        "auto",
        "starttls, tls, or off (loopback only); auto: tls on port 465, starttls elsewhere.",
    ),
    setting(
        "MAIL_DIR",
        "",
        "Directory for mails as .eml files while EMAIL_HOST is unset. Unset: DATA_DIR/mail.",
    ),
    setting(
        "MAIL_FROM",
        "clinic@localhost",
        "Who writes: an address, or Name <address>.",
    ),
    setting(
        "MAIL_REPLY_TO",
        "",
        "Where answers to what the desk mails go: the mailbox that `clinicd mail incoming` reads. Unset: MAIL_FROM.",
    ),
    setting(
        "LOGIN_OTP",
        "off",
        "Whose sign-in takes a code from a mail as well: off, staff or all.",
    ),
    setting(
        "JWT_ACCESS_LIFETIME",
        "5m",
        "How long an access token lives.",
    ),
    setting(
        "JWT_REFRESH_LIFETIME",
        "7d",
        "How long a refresh token lives.",
    ),
    setting(
        "SESSION_LIFETIME",
        "30d",
        "How long a session lives whatever is refreshed.",
    ),
    setting(
        "STAFF_SESSION_LIFETIME",
        "16h",
        "The same for admins and receptionists.",
    ),
    setting(
        "PASSWORD_MIN_LENGTH",
        "8",
        "Shortest password of a patient.",
    ),
    setting(
        "STAFF_PASSWORD_MIN_LENGTH",
        "12",
        "Shortest password of staff and doctors.",
    ),
    setting(
        "RATE_LIMITS",
        "auth=10/m,public=120/m,user=600/m,staff=3000/m",
        "Requests per client and per account, or off.",
    ),
    setting(
        "DATABASE_CONNECTIONS",
        "8",
        "Connections to PostgreSQL, or readers of SQLite.",
    ),
    setting(
        "REDIS_URL",
        "",
        "Redis that several servers share for limits and public lists: redis://:password@host:6379/0, or rediss:// with TLS. Unset: none.",
    ),
    setting("REQUEST_TIMEOUT", "30s", "How long one request may take."),
    setting(
        "LOG",
        "info",
        "Log filter, e.g. info or clinic_server=debug.",
    ),
    setting("LOG_FORMAT", "text", "text or json."),
    setting(
        "DEBUG",
        "false",
        "true: error causes in answers. Loopback only.",
    ),
];
