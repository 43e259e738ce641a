//! `clinicd mail incoming`: what a mail server hands over.

use clap::Subcommand;
use clinic_server::clinic::contacts::{self, Received};
use clinic_server::config::Config;
use clinic_server::infra::incoming;

use super::{Done, Failure, clinic, say};

/// Take mail in.
#[derive(Subcommand)]
pub(super) enum Mail {
    /// Record one mail that stands on standard input: an answer goes to the contact request that it
    /// answers, everything else is a new one. Attachments are not kept.
    ///
    /// For a mail server's pipe. Exit codes are those that mail servers know: 65, this is no mail that
    /// can be taken (it is sent back); 75, not now (it is tried again).
    Incoming,
}

impl Mail {
    /// Does it.
    pub(super) async fn run(self, config: &Config) -> Done {
        let Mail::Incoming = self;
        let read = tokio::task::spawn_blocking(|| incoming::read(std::io::stdin().lock())).await;
        let mail = match read.map_err(|error| Failure::Other(error.to_string()))? {
            Ok(mail) => mail,
            Err(incoming::Unreadable::Input(error)) => {
                return Err(Failure::Later(format!("The mail can't be read ({error}).")));
            }
            Err(unreadable) => return Err(Failure::NoMail(unreadable.to_string())),
        };
        let later = |error: String| Failure::Later(error);
        let clinic = clinic(config).await;
        let clinic = clinic.map_err(|error| later(error.to_string()))?;
        let received = contacts::receive(&clinic, &mail).await;
        let received = received.map_err(|error| later(error.to_string()));
        clinic.reads.stop().await;
        clinic.db.close().await;
        say(&match received? {
            Received::Answer(id) => format!("Recorded at contact request {id}."),
            Received::New(id) => format!("Recorded as contact request {id}."),
            Received::Again(id) => format!("Recorded at contact request {id} before."),
            Received::Ignored => {
                "A program sent this, and it answers nothing: not kept.".to_owned()
            }
        })
    }
}
