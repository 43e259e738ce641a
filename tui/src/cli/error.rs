//! Why a subcommand did not do its work, and the exit code that says so.

use std::io::{self, Write};
use std::process::ExitCode;

use clinic_shared::{FieldErrors, client};
use serde_json::json;

use crate::credentials::CredentialError;
use crate::dates::UnknownFormat;
use crate::log::LogError;
use crate::profiles::ProfileError;
use crate::run::RunError;
use crate::term::NotInteractive;
use crate::text;
use crate::theme::UnknownTheme;

/// Why a subcommand did not do its work. `Display` is one sentence for a person.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The server refused, did not answer, or wants a sign-in.
    #[error(transparent)]
    Server(#[from] client::Error),
    /// Nobody is signed in.
    #[error("Nobody is signed in at {0}; run: clinic login")]
    SignedOut(String),
    /// Refused by this program, for a reason the person can weigh.
    #[error("{0}")]
    Refused(String),
    /// The command line does not make sense here.
    #[error("{0}")]
    Usage(String),
    /// There is no terminal to draw on.
    #[error(transparent)]
    NotInteractive(#[from] NotInteractive),
    /// The screens can't be shown.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The theme does not exist.
    #[error(transparent)]
    Theme(#[from] UnknownTheme),
    /// There is no such way to write days.
    #[error(transparent)]
    Dates(#[from] UnknownFormat),
    /// The session can't be read or kept.
    #[error(transparent)]
    Credentials(#[from] CredentialError),
    /// The configuration can't be used.
    #[error(transparent)]
    Profiles(#[from] ProfileError),
    /// The log can't be kept.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The system refused something.
    #[error("The system refused: {0}.")]
    Io(#[from] io::Error),
}

impl CliError {
    /// As the screens say it where there is no such thing: `No appointment 99 is known here.`
    pub(super) fn of_one(error: client::Error, what: &str, asked: &str) -> Self {
        match error {
            client::Error::Refused(refused) if refused.status == 404 => {
                Self::Refused(format!("No {what} {asked} is known here."))
            }
            error => error.into(),
        }
    }

    /// 0 done, 1 refused, 2 usage, 3 cannot reach the server, 4 not signed in (DESIGN).
    pub fn code(&self) -> u8 {
        match self {
            CliError::Server(error) => match error {
                client::Error::Address(_) => 2,
                client::Error::SignedOut => 4,
                client::Error::Unreachable(_) | client::Error::Garbled(_) => 3,
                // A proxy that says so for a server that is down.
                client::Error::Refused(refused) if matches!(refused.status, 502..=504) => 3,
                client::Error::Refused(_) => 1,
            },
            CliError::SignedOut(_) => 4,
            CliError::Usage(_)
            | CliError::NotInteractive(_)
            | CliError::Run(RunError::Keys(_))
            | CliError::Theme(_)
            | CliError::Dates(_)
            | CliError::Profiles(_)
            | CliError::Log(_) => 2,
            // Who closes the pipe has read enough: `clinic patients search | head -1`.
            CliError::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            CliError::Refused(_)
            | CliError::Run(RunError::Terminal(_))
            | CliError::Credentials(_)
            | CliError::Io(_) => 1,
        }
    }

    /// Says it on the error output, and answers the exit code.
    pub fn report(&self, json: bool) -> ExitCode {
        let code = self.code();
        if code != 0 {
            // Without an error output, the exit code is all that can be said.
            let _ = self.write(json, &mut io::stderr().lock());
        }
        ExitCode::from(code)
    }

    fn write(&self, json: bool, out: &mut impl Write) -> io::Result<()> {
        if json {
            return writeln!(out, "{}", self.problem());
        }
        writeln!(out, "{}", text::line(&self.to_string()))?;
        for (field, messages) in &self.fields().0 {
            for message in messages {
                writeln!(out, "  {}: {}", text::line(field), text::line(message))?;
            }
        }
        Ok(())
    }

    fn problem(&self) -> serde_json::Value {
        let refused = match self {
            CliError::Server(error) => error.refused(),
            _ => None,
        };
        json!({
            "detail": self.to_string(),
            "status": refused.map(|refused| refused.status),
            "code": refused.map(|refused| &refused.code),
            "errors": self.fields(),
        })
    }

    fn fields(&self) -> FieldErrors {
        match self {
            CliError::Server(client::Error::Refused(refused)) => refused.fields.clone(),
            _ => FieldErrors::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16) -> CliError {
        CliError::Server(client::Error::Refused(Box::new(client::Refused {
            status,
            code: "invalid".to_owned(),
            detail: "One field is faulty.".to_owned(),
            fields: FieldErrors::one("phone", "Too \u{1b}[31mlong."),
            reasons: Vec::new(),
            candidates: Vec::new(),
            merged_into: None,
            retry_after: None,
        })))
    }

    #[test]
    fn exit_codes_tell_refusal_reachability_and_sign_in_apart() {
        assert_eq!(refused(400).code(), 1);
        assert_eq!(refused(502).code(), 3);
        assert_eq!(CliError::Server(client::Error::SignedOut).code(), 4);
        assert_eq!(
            CliError::from(io::Error::from(io::ErrorKind::BrokenPipe)).code(),
            0
        );
    }

    #[test]
    fn faulty_fields_are_listed_without_control_characters() {
        let mut text = Vec::new();
        refused(400).write(false, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(
            text.starts_with("One field is faulty.\n  phone: Too "),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }

    #[test]
    fn programs_get_the_code_and_the_fields() {
        let problem = refused(400).problem();
        assert_eq!(problem["code"], "invalid");
        assert_eq!(problem["errors"]["phone"].as_array().unwrap().len(), 1);
    }
}
