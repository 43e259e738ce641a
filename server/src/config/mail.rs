//! The settings of mail, and whose sign-in waits for one.

use std::path::{Path, PathBuf};

use lettre::message::Mailbox;

use super::{ConfigError, Reader, error, number};
use crate::auth::policy::LoginCodes;
use crate::infra::mail::{Encryption, Smtp, Way};

/// A mail server, or a directory.
pub(super) fn way(read: &Reader<'_>, data_dir: &Path) -> Result<Way, ConfigError> {
    let host = read.text("EMAIL_HOST");
    if host.is_empty() {
        return Ok(Way::Files(match read.text("MAIL_DIR") {
            directory if directory.is_empty() => data_dir.join("mail"),
            directory => PathBuf::from(directory),
        }));
    }
    let port = read.parse("EMAIL_PORT", |text| number(text, 1, 65_535))?;
    let user = read.text("EMAIL_HOST_USER");
    let password = read.text("EMAIL_HOST_PASSWORD");
    if !user.is_empty() && password.is_empty() {
        return Err(error(
            "EMAIL_HOST_PASSWORD",
            "EMAIL_HOST_USER is set without it; set both or neither".to_owned(),
        ));
    }
    let tls = read.parse("EMAIL_TLS", |text| encryption(text, &host, port))?;
    Ok(Way::Smtp(Smtp {
        host,
        port,
        tls,
        user: (!user.is_empty()).then_some((user, password)),
    }))
}

fn encryption(text: &str, host: &str, port: u16) -> Result<Encryption, String> {
    let is_loopback = host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    match text {
        "auto" if port == 465 => Ok(Encryption::Tls),
        "auto" | "starttls" => Ok(Encryption::StartTls),
        "tls" => Ok(Encryption::Tls),
        "off" if is_loopback => Ok(Encryption::Off),
        "off" => Err(format!(
            "“{host}” is not this machine, and codes must not cross a network in clear; use starttls or tls"
        )),
        _ => Err(format!("“{text}” is none of auto, starttls, tls, off")),
    }
}

/// `clinic@example.org`, or `The Clinic <clinic@example.org>`.
pub(super) fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse()
        .map_err(|_| format!("“{text}” is no address; write it as Name <clinic@example.org>"))
}

/// [`mailbox`], or nothing.
pub(super) fn optional_mailbox(text: &str) -> Result<Option<Mailbox>, String> {
    match text {
        "" => Ok(None),
        text => mailbox(text).map(Some),
    }
}

/// `LOGIN_OTP`.
pub(super) fn login_codes(text: &str) -> Result<LoginCodes, String> {
    match text {
        "off" => Ok(LoginCodes::Off),
        "staff" => Ok(LoginCodes::Staff),
        "all" => Ok(LoginCodes::All),
        _ => Err(format!("“{text}” is none of off, staff, all")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn config(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_lookup(|name| {
            let found = settings.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn tls(settings: &[(&str, &str)]) -> Result<Encryption, ConfigError> {
        match config(settings)?.mail {
            Way::Smtp(smtp) => Ok(smtp.tls),
            Way::Files(path) => panic!("files in {}", path.display()),
        }
    }

    #[test]
    fn without_a_host_mails_are_files() {
        let way = config(&[("DATA_DIR", "/data")]).unwrap().mail;
        assert_eq!(way, Way::Files(PathBuf::from("/data/mail")));
        let way = config(&[("MAIL_DIR", "/out")]).unwrap().mail;
        assert_eq!(way, Way::Files(PathBuf::from("/out")));
    }

    #[test]
    fn nothing_leaves_the_machine_in_clear() {
        let remote = ("EMAIL_HOST", "mail.example.org");
        assert_eq!(tls(&[remote]).unwrap(), Encryption::StartTls);
        assert_eq!(
            tls(&[remote, ("EMAIL_PORT", "465")]).unwrap(),
            Encryption::Tls
        );
        let error = tls(&[remote, ("EMAIL_TLS", "off")]).unwrap_err();
        assert_eq!(error.name, "EMAIL_TLS");
        let here = ("EMAIL_HOST", "127.0.0.1");
        assert_eq!(tls(&[here, ("EMAIL_TLS", "off")]).unwrap(), Encryption::Off);
    }

    #[test]
    fn a_user_without_a_password_is_a_mistake() {
        let settings = [
            ("EMAIL_HOST", "mail.example.org"),
            ("EMAIL_HOST_USER", "me"),
        ];
        assert_eq!(config(&settings).err().unwrap().name, "EMAIL_HOST_PASSWORD");
    }
}
