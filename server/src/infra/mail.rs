//! How mail leaves the house: over SMTP, or as `.eml` files in a directory (DESIGN "Command line
//! and settings"). What it says is [`crate::clinic::letters`]'s business.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::files;

/// The longest that one exchange with the mail server may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How to reach the outside, as the settings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Files in this directory: `EMAIL_HOST` is unset.
    Files(PathBuf),
    /// A mail server.
    Smtp(Smtp),
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Encryption,
    /// Whom to sign in as, with which password.
    pub user: Option<(String, String)>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smtp({}:{}, {:?})", self.host, self.port, self.tls)
    }
}

/// How a connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// It begins plain and must turn to TLS before anything is said (port 587).
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
    /// None: loopback only.
    Off,
}

/// One mail. `Debug` shows nobody's address and no text: both are personal.
#[derive(Clone)]
pub struct Mail {
    /// Stays the same when a mail is tried again: it makes the Message-ID and the file's name, so
    /// that whoever gets it twice can tell.
    pub id: String,
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// What plain readers show.
    pub text: String,
    /// What others show.
    pub html: String,
    /// Whether a program wrote it: then other programs are told not to answer, and people are not
    /// told where to.
    pub is_automatic: bool,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({})", self.id)
    }
}

/// Why a mail did not go. Says nothing about the person it was for.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It may go later.
    #[error("{0}")]
    Later(String),
    /// It never will.
    #[error("{0}")]
    Never(String),
}

/// A mail setting that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The directory for files.
    #[error("The mail directory {} can't be used ({cause}); create it or set MAIL_DIR to one this user may write.", .path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The mail server's name can't be used for TLS.
    #[error("The mail server “{0}” can't be used with TLS; set EMAIL_HOST to its name.")]
    Host(String),
}

/// Sends mails. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    transport: Transport,
}

#[derive(Clone)]
enum Transport {
    Files(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Mailer {
    /// A mailer; connects to nobody yet. Answers to what people write go to `reply_to`, or to `from`.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn new(way: &Way, from: Mailbox, reply_to: Option<Mailbox>) -> Result<Self, SetupError> {
        let transport = match way {
            Way::Files(path) => Transport::Files(path.clone()),
            Way::Smtp(smtp) => Transport::Smtp(smtp_transport(smtp)?),
        };
        Ok(Self {
            from,
            reply_to,
            transport,
        })
    }

    /// Sends one mail. When this answers, the mail server has taken it, or the file is on the disk.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn send(&self, mail: &Mail, now: DateTime<Utc>) -> Result<(), MailError> {
        let message = self.message(mail, now)?;
        match &self.transport {
            Transport::Smtp(smtp) => match smtp.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => Err(refused(&error)),
            },
            Transport::Files(path) => {
                files::replace(path, format!("{}.eml", mail.id), message.formatted())
                    .await
                    .map_err(|error| {
                        MailError::Later(format!(
                            "the mail directory {} can't be written ({error})",
                            path.display()
                        ))
                    })
            }
        }
    }

    /// Whether mail could go now: connects and greets, or looks at the directory. Sends nothing.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn check(&self) -> Result<(), MailError> {
        match &self.transport {
            Transport::Files(path) => {
                let probe = path.join(".probe");
                let written = async {
                    files::private_dir(path)?;
                    tokio::fs::write(&probe, b"").await?;
                    tokio::fs::remove_file(&probe).await
                };
                written.await.map_err(|error: std::io::Error| {
                    MailError::Later(format!("{} can't be written ({error})", path.display()))
                })
            }
            Transport::Smtp(smtp) => match smtp.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(MailError::Later(
                    "the mail server does not answer".to_owned(),
                )),
                Err(error) => Err(refused(&error)),
            },
        }
    }

    fn message(&self, mail: &Mail, now: DateTime<Utc>) -> Result<Message, MailError> {
        // An address is parsed, never pasted: nothing in it can become another header.
        let to: Mailbox = mail
            .to
            .parse()
            .map_err(|_| MailError::Never("the address can't be written to".to_owned()))?;
        let domain = self.from.email.domain();
        let builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&mail.subject)
            .date(SystemTime::from(now))
            .message_id(Some(format!("<{}@{domain}>", mail.id)));
        let builder = match (mail.is_automatic, &self.reply_to) {
            (true, _) => builder.header(AutoSubmitted),
            (false, Some(reply_to)) => builder.reply_to(reply_to.clone()),
            (false, None) => builder,
        };
        builder
            .multipart(MultiPart::alternative_plain_html(
                mail.text.clone(),
                mail.html.clone(),
            ))
            .map_err(|_| MailError::Never("the mail can't be written".to_owned()))
    }
}

/// Tells other programs not to answer (RFC 3834).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn smtp_transport(smtp: &Smtp) -> Result<AsyncSmtpTransport<Tokio1Executor>, SetupError> {
    let tls =
        || TlsParameters::new(smtp.host.clone()).map_err(|_| SetupError::Host(smtp.host.clone()));
    let tls = match smtp.tls {
        Encryption::Off => Tls::None,
        Encryption::StartTls => Tls::Required(tls()?),
        Encryption::Tls => Tls::Wrapper(tls()?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(TIMEOUT));
    if let Some((name, password)) = &smtp.user {
        builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
    }
    Ok(builder.build())
}

/// What a mail server's refusal means. Its words stay out: they repeat the address.
fn refused(error: &lettre::transport::smtp::Error) -> MailError {
    match error.status() {
        Some(code) if error.is_permanent() => {
            MailError::Never(format!("the mail server refused it for good ({code})"))
        }
        Some(code) => MailError::Later(format!("the mail server can't take it now ({code})")),
        None if error.is_timeout() => MailError::Later("the mail server took too long".to_owned()),
        None if error.is_tls() => {
            MailError::Later("no safe connection to the mail server could be made".to_owned())
        }
        None => MailError::Later("the mail server can't be reached".to_owned()),
    }
}
