//! Everything the clinic writes by mail, in one place: plain text and HTML of the same words.

use clinic_shared::desk::appointments::Kind;
use clinic_shared::v1::qualifications::Decision;
use serde::{Deserialize, Serialize};

use super::Clinic;
use super::appointments::local;
use super::codes::Purpose;
use super::jobs::{Claim, Failure};
use crate::infra::mail::Mail;
use crate::store::accounts::{self, AccountRow};
use crate::store::decisions::Decided;
use crate::store::reminders::ReminderRow;
use crate::store::{applications, qualifications};

/// What an account is told without a code in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Somebody registered with an address that has an account (API.md §4 `register/`).
    AlreadyRegistered,
    /// Somebody asked to change the account's address; goes to the old one (API.md §2).
    EmailChangeAsked,
    /// The password was changed or reset.
    PasswordChanged,
    /// The clinic linked a patient's record to the account (API.md §7).
    RecordLinked,
    /// The clinic unlinked it.
    RecordUnlinked,
    /// An admin accepted the application to become a doctor (API.md §4 `operations/`).
    ApplicationAccepted,
    /// An admin rejected it.
    ApplicationRejected {
        /// Which one: the mail says why.
        application: i64,
    },
    /// An admin decided what a doctor has learnt (API.md §7).
    QualificationDecided {
        /// Which one: the mail says how, and why.
        qualification: i64,
    },
}

/// What was decided, for the mail that says so.
#[derive(Default)]
struct Ruling {
    title: String,
    is_accepted: bool,
    reason: Option<String>,
}

/// A mail without its address.
struct Letter {
    subject: String,
    /// Paragraphs.
    body: Vec<String>,
    /// A code that stands on a line of its own after the first paragraph.
    code: Option<String>,
}

/// The mail that carries a code to `to`. `job` makes its id.
pub(super) fn of_code(
    clinic: &Clinic,
    job: i64,
    to: &str,
    (purpose, invited): (Purpose, bool),
    code: &str,
) -> Mail {
    let name = &clinic.name;
    let (subject, first, after): (&str, String, &str) = match purpose {
        Purpose::Activation => (
            "Your activation code",
            format!("Welcome to {name}. To activate your account, enter this code:"),
            "If you did not register, ignore this mail: without the code nothing happens.",
        ),
        Purpose::Login => (
            "Your sign-in code",
            format!("To sign in at {name}, enter this code:"),
            "If you are not signing in just now, somebody knows your password: change it.",
        ),
        Purpose::Reset if invited => (
            "Your account",
            format!(
                "An account was made for you at {name}. To choose your password, enter this code where the program asks for a forgotten password:"
            ),
            "If the code has run out, ask for another one there with your e-mail address.",
        ),
        Purpose::Reset => (
            "Your code for a new password",
            format!("To choose a new password at {name}, enter this code:"),
            "If you did not ask for it, ignore this mail: your password stays as it is.",
        ),
        Purpose::Email => (
            "Confirm your new e-mail address",
            format!("To use this address for your account at {name}, enter this code:"),
            "If you did not ask for it, ignore this mail: nothing changes.",
        ),
    };
    let letter = Letter {
        subject: format!("{name}: {subject}"),
        body: vec![
            first,
            "The code is good for five minutes and for one use. Nobody from the clinic will ever ask you for it.".to_owned(),
            after.to_owned(),
        ],
        code: Some(code.to_owned()),
    };
    letter.to(clinic, job, to)
}

fn of_notice(
    clinic: &Clinic,
    job: i64,
    account: &AccountRow,
    (notice, ruling): (Notice, Ruling),
) -> Mail {
    let name = &clinic.name;
    let (subject, body) = match notice {
        Notice::AlreadyRegistered => (
            "You have an account already",
            vec![
                format!(
                    "Somebody, perhaps you, tried to register at {name} with this address. It has an account already, so nothing was changed."
                ),
                "If you have forgotten your password, ask for a new one where you sign in."
                    .to_owned(),
            ],
        ),
        Notice::EmailChangeAsked => (
            "Your e-mail address is about to change",
            vec![
                format!(
                    "Somebody who knows your password asked to change the e-mail address of your account at {name}. It changes once a code sent to the new address is entered; until then this one stays."
                ),
                "If it was not you, change your password now.".to_owned(),
            ],
        ),
        Notice::ApplicationAccepted => (
            "You are a doctor here now",
            vec![
                format!(
                    "Your application to become a doctor at {name} was accepted. Patients can find you from now on, and your certificate stands among your qualifications."
                ),
                "Sign in again to go on: your sessions ended with your new role. Then say what a visit costs and when you can be seen.".to_owned(),
            ],
        ),
        Notice::ApplicationRejected { .. } => (
            "Your application was not accepted",
            [
                Some(format!(
                    "Your application to become a doctor at {name} was not accepted."
                )),
                ruling.why(),
                Some("You may apply again.".to_owned()),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        Notice::QualificationDecided { .. } if ruling.is_accepted => (
            "Your qualification was accepted",
            vec![format!(
                "\u{201c}{}\u{201d} was accepted at {name}: patients read it beside your name from now on.",
                ruling.title
            )],
        ),
        Notice::QualificationDecided { .. } => (
            "Your qualification was not accepted",
            [
                Some(format!("\u{201c}{}\u{201d} was not accepted at {name}.", ruling.title)),
                ruling.why(),
                Some("You may hand it in again.".to_owned()),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        Notice::PasswordChanged => (
            "Your password was changed",
            vec![
                format!(
                    "The password of your account at {name} was changed, and your other sessions ended."
                ),
                "If it was not you, ask for a new password at once and tell the clinic.".to_owned(),
            ],
        ),
        Notice::RecordLinked => (
            "Your patient record",
            vec![
                format!(
                    "{name} linked your patient record to this account: you see your appointments where you sign in."
                ),
                "If what you see there is not yours, tell the clinic at once.".to_owned(),
            ],
        ),
        Notice::RecordUnlinked => (
            "Your patient record",
            vec![
                format!(
                    "{name} unlinked your patient record from this account: your appointments are no longer shown there. The clinic keeps them."
                ),
                "If you did not expect this, ask the clinic.".to_owned(),
            ],
        ),
    };
    let letter = Letter {
        subject: format!("{name}: {subject}"),
        body,
        code: None,
    };
    letter.to(clinic, job, &account.email)
}

/// A reply to a contact request, as somebody at the desk wrote it: it can be answered.
pub(super) fn of_reply(clinic: &Clinic, job: i64, to: &str, subject: &str, body: &str) -> Mail {
    let paragraphs = body.replace("\r\n", "\n");
    let paragraphs = paragraphs.split("\n\n").map(str::trim);
    let letter = Letter {
        subject: subject.to_owned(),
        body: paragraphs
            .filter(|paragraph| !paragraph.is_empty())
            .map(str::to_owned)
            .collect(),
        code: None,
    };
    Mail {
        is_automatic: false,
        ..letter.to(clinic, job, to)
    }
}

/// A reminder of an appointment: when and with whom, never what about.
pub(super) fn of_reminder(clinic: &Clinic, job: i64, to: &str, row: &ReminderRow) -> Mail {
    let name = &clinic.name;
    let day = row.date.format("%A, %-d %B %Y").to_string();
    let time = match (local(row.starts_at, clinic.zone), &row.window_name) {
        (Some(time), _) => format!(" at {time}"),
        (None, Some(window)) => format!(" ({window})"),
        (None, None) => String::new(),
    };
    let place = match (row.kind.0, &row.meeting_link) {
        (Kind::Online, Some(link)) => format!("You meet online: {link}"),
        (Kind::Online, None) => "You meet online.".to_owned(),
        (Kind::Offline, _) => format!("Please come to {name}."),
    };
    let letter = Letter {
        subject: format!("{name}: Your appointment on {day}{time}"),
        body: vec![
            format!("Hello {},", row.patient_name),
            format!(
                "This is a reminder of your appointment with {} on {day}{time}. {place}",
                row.doctor_name
            ),
            "If you can't come, please tell us as soon as you can: somebody else waits for the time."
                .to_owned(),
            "If you want no reminders, tell the front desk.".to_owned(),
        ],
        code: None,
    };
    letter.to(clinic, job, to)
}

/// Mails a notice to the address that the account has now.
///
/// # Errors
/// [`Failure`].
pub async fn send_notice(
    clinic: &Clinic,
    account: i64,
    notice: Notice,
    claim: &Claim,
) -> Result<(), Failure> {
    let mut reader = clinic.db.read().await?;
    let account = accounts::by_id(&mut reader, account).await?;
    let ruling = match notice {
        Notice::ApplicationRejected { application } => {
            let application = applications::by_id(&mut reader, application).await?;
            application.map(|row| Ruling::of(row.degree, row.decided))
        }
        Notice::QualificationDecided { qualification } => {
            let qualification = qualifications::by_id(&mut reader, qualification).await?;
            qualification.map(|row| Ruling::of(row.title, row.decided))
        }
        _ => None,
    };
    drop(reader);
    // Gone meanwhile: there is nobody to tell.
    if let Some(account) = account {
        let mail = of_notice(
            clinic,
            claim.id,
            &account,
            (notice, ruling.unwrap_or_default()),
        );
        clinic.mailer.send(&mail, clinic.clock.now()).await?;
    }
    claim.done(clinic).await
}

impl Ruling {
    fn of(title: String, row: Decided) -> Self {
        Ruling {
            title,
            is_accepted: row.status.0 == Decision::Accepted,
            reason: row.reason,
        }
    }

    fn why(&self) -> Option<String> {
        let reason = self.reason.as_ref()?;
        Some(format!("The reason: {reason}"))
    }
}

impl Letter {
    fn to(self, clinic: &Clinic, job: i64, to: &str) -> Mail {
        let place = clinic.public_url.as_deref();
        let signature = match place {
            Some(url) => format!("{}, {url}", clinic.name),
            None => clinic.name.clone(),
        };
        Mail {
            id: format!("clinic-{job:08}"),
            to: to.to_owned(),
            text: self.text(&signature),
            html: self.html(&signature),
            // A line break in the clinic's name is no new header.
            subject: self.subject.replace(['\r', '\n'], " "),
            is_automatic: true,
        }
    }

    fn text(&self, signature: &str) -> String {
        let mut text = String::new();
        for (at, paragraph) in self.body.iter().enumerate() {
            text.push_str(paragraph);
            text.push_str("\n\n");
            if let Some(code) = self.code.as_ref().filter(|_| at == 0) {
                text.push_str(&format!("    {code}\n\n"));
            }
        }
        text.push_str(&format!("-- \n{signature}\n"));
        text
    }

    fn html(&self, signature: &str) -> String {
        let mut html = String::from(
            "<!doctype html><html><body style=\"font-family:sans-serif;max-width:36em\">",
        );
        for (at, paragraph) in self.body.iter().enumerate() {
            let lines = escaped(paragraph).replace('\n', "<br>");
            html.push_str(&format!("<p>{lines}</p>"));
            if let Some(code) = self.code.as_ref().filter(|_| at == 0) {
                html.push_str(&format!(
                    "<p style=\"font-size:1.6em;letter-spacing:.2em\"><strong>{}</strong></p>",
                    escaped(code)
                ));
            }
        }
        html.push_str(&format!(
            "<p style=\"color:#666\">{}</p></body></html>",
            escaped(signature)
        ));
        html
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_say_the_same_and_html_is_escaped() {
        let letter = Letter {
            subject: "s".to_owned(),
            body: vec!["Smith & <Sons>:".to_owned(), "Bye.".to_owned()],
            code: Some("012345".to_owned()),
        };
        let text = letter.text("Clinic");
        assert!(
            text.contains("Smith & <Sons>:\n\n    012345\n\nBye."),
            "{text}"
        );
        let html = letter.html("Clinic");
        assert!(html.contains("<p>Smith &amp; &lt;Sons&gt;:</p>"), "{html}");
        assert!(html.contains("<strong>012345</strong>"), "{html}");
    }
}
