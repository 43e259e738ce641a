//! Mail that comes in: what the clinic keeps of an RFC 5322 message. Attachments are not kept.

use std::io::Read;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mail_parser::{Message, MessageParser};

/// The largest mail that is read: attachments come along, though they are not kept.
pub const MOST_BYTES: usize = 25 * 1024 * 1024;

/// What stands where there are no words.
const WORDLESS: &str = "(The mail had no text.)";

/// What is kept of a mail. `Debug` shows nothing of it: all of it is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// A hash by which the same mail is known again.
    pub key: String,
    /// Who wrote: the name, or else the address.
    pub name: String,
    /// From which address.
    pub address: String,
    /// About what, on one line.
    pub subject: String,
    /// The words, without what they quote at the end.
    pub text: String,
    /// Whether a program sent it: nobody is there, or the mail could not be delivered.
    pub is_automatic: bool,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Incoming(…)")
    }
}

/// Why a mail was not taken. `Display` is one sentence.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It can't be read to its end.
    #[error("The mail can't be read ({0}).")]
    Input(#[from] std::io::Error),
    /// It is too large.
    #[error("The mail is larger than {} MiB.", MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// It is no mail.
    #[error("This is no mail.")]
    NoMail,
    /// Nobody can be answered.
    #[error("The mail names no sender.")]
    NoSender,
}

/// Reads one mail to its end.
///
/// # Errors
/// [`Unreadable`].
pub fn read(input: impl Read) -> Result<Incoming, Unreadable> {
    let mut raw = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    input.take(most + 1).read_to_end(&mut raw)?;
    match raw.len() > MOST_BYTES {
        true => Err(Unreadable::TooLarge),
        false => parse(&raw),
    }
}

/// What is kept of a mail.
///
/// # Errors
/// [`Unreadable`].
pub fn parse(raw: &[u8]) -> Result<Incoming, Unreadable> {
    // Mail servers that hand a mail to a program may put a line of their own before the headers.
    let raw = match raw.starts_with(b"From ") {
        true => raw.splitn(2, |byte| *byte == b'\n').nth(1).unwrap_or(raw),
        false => raw,
    };
    let mail = MessageParser::default()
        .parse(raw)
        .ok_or(Unreadable::NoMail)?;
    let sender = mail
        .from()
        .and_then(|from| from.first())
        .ok_or(Unreadable::NoSender)?;
    let address = one_line(sender.address.as_deref().unwrap_or_default());
    // What can't be written to is no sender: it would be refused when it is answered.
    if address.chars().count() > 254 || address.parse::<lettre::Address>().is_err() {
        return Err(Unreadable::NoSender);
    }
    let name = one_line(sender.name.as_deref().unwrap_or_default());
    let words = mail.body_text(0).unwrap_or_default();
    let text = without_quote(&clean(&words));
    Ok(Incoming {
        key: key(&mail, raw),
        name: match name.is_empty() {
            true => address.clone(),
            false => name,
        },
        subject: one_line(mail.subject().unwrap_or_default()),
        text: match text.is_empty() {
            true => WORDLESS.to_owned(),
            false => text,
        },
        is_automatic: is_automatic(&mail),
        address,
    })
}

/// By its Message-ID, which stays when a mail is delivered twice; else by all of it.
fn key(mail: &Message<'_>, raw: &[u8]) -> String {
    let id = mail.message_id().filter(|id| !id.trim().is_empty());
    let hash = digest(&SHA256, id.map_or(raw, str::as_bytes));
    URL_SAFE_NO_PAD.encode(hash)
}

/// RFC 3834, lists, and notices of mail servers.
fn is_automatic(mail: &Message<'_>) -> bool {
    let said = |name: &str| {
        let raw = mail.header_raw(name).unwrap_or_default();
        raw.trim().to_ascii_lowercase()
    };
    let submitted = said("Auto-Submitted");
    let precedence = said("Precedence");
    (!submitted.is_empty() && !submitted.starts_with("no"))
        || ["bulk", "junk", "list", "auto_reply"].contains(&precedence.as_str())
        || said("Return-Path") == "<>"
        || mail.header_raw("List-Id").is_some()
        || said("Content-Type").starts_with("multipart/report")
}

/// Without what no database or terminal should hold, lines ended in one way.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(kept).collect()
}

fn one_line(text: &str) -> String {
    let text = clean(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Without the mail that is quoted at the end, and the line that says whose it is.
fn without_quote(text: &str) -> String {
    let mut lines: Vec<&str> = text.trim_end().lines().collect();
    let all = lines.len();
    while lines.last().is_some_and(|line| {
        let line = line.trim();
        line.starts_with('>') || (line.is_empty() && !is_whole(&lines, all))
    }) {
        lines.pop();
    }
    if lines.len() < all {
        // `On Monday Ann wrote:`, perhaps over two lines.
        if lines
            .last()
            .is_some_and(|line| line.trim_end().ends_with(':'))
        {
            lines.pop();
        }
    }
    let kept = lines.join("\n");
    match kept.trim() {
        // Nothing but a quotation: that is what was said, then.
        "" => text.trim().to_owned(),
        kept => kept.to_owned(),
    }
}

/// Whether nothing was taken off yet.
fn is_whole(lines: &[&str], all: usize) -> bool {
    lines.len() == all
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "From: =?utf-8?q?Ida_M=C3=BCller?= <ida@example.org>\r\n\
        To: desk@clinic.example\r\nSubject: Re: =?utf-8?q?=C3=96ffnungszeiten?=\r\n \
        [#C-1-ab12cd]\r\nMessage-ID: <1@example.org>\r\nContent-Type: multipart/mixed; \
        boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
        --c\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: \
        quoted-printable\r\n\r\nSch=F6n, danke!\r\n\r\nAm Montag schrieb die Praxis:\r\n\
        > Wir haben offen.\r\n>\r\n> Gru=DF\r\n--c\r\nContent-Type: text/html\r\n\r\n\
        <p>Other</p>\r\n--c--\r\n--b\r\nContent-Type: application/pdf\r\n\
        Content-Disposition: attachment; filename=x.pdf\r\nContent-Transfer-Encoding: base64\r\n\
        \r\nAAAA\r\n--b--\r\n";

    #[test]
    fn the_words_of_an_answer_are_kept_and_the_rest_is_not() {
        let mail = parse(ANSWER.as_bytes()).unwrap();
        assert_eq!(mail.name, "Ida Müller");
        assert_eq!(mail.address, "ida@example.org");
        assert_eq!(mail.subject, "Re: Öffnungszeiten [#C-1-ab12cd]");
        assert_eq!(mail.text, "Schön, danke!");
        assert!(!mail.is_automatic);
        // Delivered by another way it is the same mail.
        let again = format!("From x Mon\nReceived: there\r\n{ANSWER}");
        assert_eq!(parse(again.as_bytes()).unwrap().key, mail.key);
    }

    #[test]
    fn programs_are_told_from_people() {
        for header in [
            "Auto-Submitted: auto-replied",
            "Precedence: bulk",
            "Return-Path: <>",
            "List-Id: <news.example.org>",
            "Content-Type: multipart/report; boundary=x",
        ] {
            let raw = format!("{header}\r\nFrom: a@example.org\r\n\r\nI am away.\r\n");
            assert!(parse(raw.as_bytes()).unwrap().is_automatic, "{header}");
        }
        let raw = b"From: a@example.org\r\nAuto-Submitted: no\r\n\r\nI am here.\r\n";
        assert!(!parse(raw).unwrap().is_automatic);
    }

    #[test]
    fn what_is_no_mail_is_refused_and_odd_ones_are_not() {
        assert!(parse(b"").is_err());
        assert!(matches!(
            parse(b"Subject: x\r\n\r\nHello"),
            Err(Unreadable::NoSender)
        ));
        let odd = b"From: Nobody <not an address>\r\n\r\nHello";
        assert!(matches!(parse(odd), Err(Unreadable::NoSender)));
        let mail = parse(b"From: a@example.org\nSubject: \x00 a\tb\n\n\x00\x1b[31mred\n").unwrap();
        assert_eq!(
            (mail.subject.as_str(), mail.text.as_str()),
            ("a b", "[31mred")
        );
        let html = b"From: a@example.org\nContent-Type: text/html\n\n<p>Hello <b>you</b></p>\n";
        assert_eq!(parse(html).unwrap().text, "Hello you");
        let quoted = b"From: a@example.org\n\n> only this\n";
        assert_eq!(parse(quoted).unwrap().text, "> only this");
        let wordless = b"From: a@example.org\n\n\n";
        assert_eq!(parse(wordless).unwrap().text, WORDLESS);
        let long = vec![b'x'; MOST_BYTES + 1];
        assert!(matches!(read(long.as_slice()), Err(Unreadable::TooLarge)));
    }
}
