//! Answers by mail. The mark of the thread stands in the subject, so that what comes back is found
//! again: `Re: Opening hours [#C-123-ab12cd]`.

use clinic_shared::desk::contacts::{Action, Reply, Status};
use serde_json::json;

use super::super::jobs::{self, Claim, Failure, Job};
use super::super::{Actor, Answer, Clinic, Faults, Refusal, letters, text};
use super::inbox::{Seen, locked};
use super::steps::{Done, take, taken};
use super::{LONGEST_MESSAGE, LONGEST_SUBJECT};
use crate::infra::mail::MailError;
use crate::store::contact_steps::{self as steps, State};
use crate::store::contacts as table;

/// The letters of a token: none that is taken for another one.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// How long a token is: guessing one of them takes a thousand million mails.
const TOKEN: usize = 6;

/// Answers by mail: the mail goes when this has committed.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`], [`Refusal::Stale`]; [`Refusal::Conflict`] if it is not
/// what the caller saw, if there is no address (`no_address`), or it is spam (`is_spam`).
pub async fn reply(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Reply,
    seen: &Seen,
    mut faults: Faults,
) -> Answer<()> {
    let words = faults.take("message", text::prose(&form.message, LONGEST_MESSAGE));
    let subject = text::line(form.subject.as_deref().unwrap_or_default())
        .and_then(|subject| text::optional(&subject, LONGEST_SUBJECT));
    let subject = faults.take("subject", subject).flatten();
    faults.refuse()?;
    let mut tx = clinic.db.begin().await?;
    let row = locked(clinic, &mut tx, id, seen).await?;
    let Some(address) = row.email.clone() else {
        return Err(Refusal::Conflict {
            code: "no_address",
            detail: "They left no e-mail address; call them.".to_owned(),
        });
    };
    if row.status.0 == Status::Spam {
        return Err(Refusal::Conflict {
            code: "is_spam",
            detail: "It is marked as spam; take the mark back before you answer.".to_owned(),
        });
    }
    let subject = subject
        .or_else(|| row.subject.clone())
        .unwrap_or_else(|| format!("Your message to {}", clinic.name));
    let state = taken(&row, who);
    let state = State {
        status: form.status.unwrap_or(state.status),
        token: row.token.clone().or_else(|| Some(new_token(clinic))),
        ..state
    };
    let done = Done {
        action: Action::Reply,
        address: Some(&address),
        subject: Some(&subject),
        body: words.as_deref(),
    };
    let detail = json!({ "from": row.status.0, "to": state.status });
    let step = take(clinic, &mut tx, who, &row, (&state, &done), detail).await?;
    let job = Job::SendReply { step };
    jobs::enqueue(clinic, &mut tx, &job, clinic.clock.now()).await?;
    Ok(tx.commit().await?)
}

fn new_token(clinic: &Clinic) -> String {
    let bytes = clinic.ids.bytes::<TOKEN>();
    let letter = |byte: &u8| {
        LETTERS
            .get(usize::from(byte % 32))
            .map(|one| char::from(*one))
    };
    bytes.iter().filter_map(letter).collect()
}

/// The mark that stands in a subject.
pub(super) fn mark(contact: i64, token: &str) -> String {
    format!("[#C-{contact}-{token}]")
}

/// The contact request and the token that a subject's mark names, the last one if there are several.
pub(super) fn marked(subject: &str) -> Option<(i64, String)> {
    let start = subject.to_ascii_lowercase().rfind("[#c-")?;
    let rest = subject.get(start + 4..)?;
    let (inside, _) = rest.split_once(']')?;
    let (number, token) = inside.split_once('-')?;
    let token = token.trim().to_ascii_lowercase();
    Some((number.trim().parse().ok()?, token)).filter(|(_, token)| token.len() == TOKEN)
}

/// Mails a reply: the job.
///
/// # Errors
/// [`Failure`].
pub async fn send(clinic: &Clinic, step: i64, claim: &Claim) -> Result<(), Failure> {
    let mut reader = clinic.db.read().await?;
    let found = match steps::by_id(&mut reader, step).await? {
        Some(step) => table::by_id(&mut reader, step.contact_id)
            .await?
            .map(|contact| (step, contact)),
        None => None,
    };
    drop(reader);
    // Deleted meanwhile: there is nothing to say.
    let Some((step, contact)) = found else {
        return claim.done(clinic).await;
    };
    let words = |text: Option<String>| text.unwrap_or_default();
    let mark = mark(contact.id, &words(contact.token));
    let subject = answering(&words(step.subject), &mark);
    let (to, body) = (words(step.address), words(step.body));
    let mail = letters::of_reply(clinic, claim.id, &to, &subject, &body);
    let now = clinic.clock.now();
    let sent = clinic.mailer.send(&mail, now).await;
    let mut tx = clinic.db.begin().await?;
    match sent {
        Ok(()) => {
            steps::sent(&mut tx, step.id, clinic.clock.now()).await?;
            claim.finish(clinic, &mut tx).await?;
            Ok(tx.commit().await?)
        }
        Err(MailError::Later(why)) => Err(Failure::Later(why)),
        Err(MailError::Never(why)) => {
            // The desk sees at the contact request that nobody got it.
            steps::failed(&mut tx, step.id, now).await?;
            tx.commit().await?;
            Err(Failure::Never(why))
        }
    }
}

/// `Re: subject [mark]`, with neither twice.
fn answering(subject: &str, mark: &str) -> String {
    let plain = subject.replace(mark, "");
    let plain = plain.trim();
    let is_answer = plain
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("re:"));
    match is_answer {
        true => format!("{plain} {mark}"),
        false => format!("Re: {plain} {mark}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_again_whatever_mail_programs_put_around_it() {
        let mark = mark(123, "ab12cd");
        assert_eq!(mark, "[#C-123-ab12cd]");
        let known = Some((123, "ab12cd".to_owned()));
        for subject in [
            answering("Opening hours", &mark),
            "AW: Re: [#C-9-zz99zz] hours [#c-123-AB12CD] (was: late)".to_owned(),
            mark.clone(),
        ] {
            assert_eq!(marked(&subject), known, "{subject}");
        }
        for subject in [
            "",
            "hours",
            "[#C-123]",
            "[#C-x-ab12cd]",
            "[#C-1-ab]",
            "ÄÖ[#C-1-ab12cd",
        ] {
            assert_eq!(marked(subject), None, "{subject}");
        }
    }

    #[test]
    fn subjects_do_not_grow() {
        let once = answering("Hours", "[#C-1-aaaaaa]");
        assert_eq!(once, "Re: Hours [#C-1-aaaaaa]");
        assert_eq!(answering(&once, "[#C-1-aaaaaa]"), once);
    }
}
