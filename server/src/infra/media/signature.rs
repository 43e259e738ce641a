//! Links to private pictures that work without a bearer, for a while.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};

use super::Key;

/// Keeps this use of `SECRET_KEY` apart from every other.
const PURPOSE: &[u8] = b"clinic: signed media links, version 1";

/// Signs and verifies links (HMAC-SHA256 over key and expiry).
#[derive(Clone)]
pub struct Signer(hmac::Key);

/// Why a link is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It was good until a moment ago.
    #[error("This link has expired; load the page that gave it again.")]
    Expired,
    /// It was not made here, or not for this picture.
    #[error("This link is not valid.")]
    Invalid,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(…)")
    }
}

impl Signer {
    /// A signer with a key derived from `SECRET_KEY`.
    pub fn new(secret: &[u8]) -> Self {
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), PURPOSE);
        Self(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
    }

    /// The query (`exp=…&sig=…`) that opens a picture until `expires`, to the second.
    pub fn sign(&self, key: &Key, expires: DateTime<Utc>) -> String {
        let exp = expires.timestamp();
        let signature = hmac::sign(&self.0, message(key, exp).as_bytes());
        format!("exp={exp}&sig={}", BASE64.encode(signature))
    }

    /// Verifies a link's `exp` and `sig` for a picture at the time `now`.
    ///
    /// # Errors
    /// [`SignatureError::Invalid`] before [`SignatureError::Expired`], so that only a real link
    /// is told that it is too late.
    pub fn verify(
        &self,
        key: &Key,
        exp: i64,
        sig: &str,
        now: DateTime<Utc>,
    ) -> Result<(), SignatureError> {
        let signature = BASE64.decode(sig).map_err(|_| SignatureError::Invalid)?;
        // Compares in constant time.
        hmac::verify(&self.0, message(key, exp).as_bytes(), &signature)
            .map_err(|_| SignatureError::Invalid)?;
        if exp <= now.timestamp() {
            return Err(SignatureError::Expired);
        }
        Ok(())
    }
}

fn message(key: &Key, exp: i64) -> String {
    format!("{key}\n{exp}")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn key(last: char) -> Key {
        format!("private/2026/0190163d-8694-739b-aea5-966c26f8ad9{last}.jpg")
            .parse()
            .unwrap()
    }

    fn now() -> DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn link(signer: &Signer) -> (i64, String) {
        let query = signer.sign(&key('1'), now() + TimeDelta::minutes(5));
        let (exp, sig) = query
            .strip_prefix("exp=")
            .unwrap()
            .split_once("&sig=")
            .unwrap();
        assert!(
            sig.chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)),
            "{sig}"
        );
        (exp.parse().unwrap(), sig.to_owned())
    }

    #[test]
    fn a_link_opens_its_picture_until_it_expires() {
        let signer = Signer::new(b"secret");
        let (exp, sig) = link(&signer);
        assert_eq!(exp, now().timestamp() + 300);
        let at = |seconds| signer.verify(&key('1'), exp, &sig, now() + TimeDelta::seconds(seconds));
        assert_eq!(at(0), Ok(()));
        assert_eq!(at(299), Ok(()));
        assert_eq!(at(300), Err(SignatureError::Expired));
    }

    #[test]
    fn it_opens_no_other_picture_lasts_no_longer_and_cannot_be_made_up() {
        let signer = Signer::new(b"secret");
        let (exp, sig) = link(&signer);
        let invalid = Err(SignatureError::Invalid);
        assert_eq!(signer.verify(&key('2'), exp, &sig, now()), invalid);
        assert_eq!(signer.verify(&key('1'), exp + 1, &sig, now()), invalid);
        assert_eq!(signer.verify(&key('1'), i64::MAX, &sig, now()), invalid);
        for made_up in ["", "AAAA", "not base64!", &sig[1..], &format!("{sig}=")] {
            assert_eq!(
                signer.verify(&key('1'), exp, made_up, now()),
                invalid,
                "{made_up}"
            );
        }
        assert_eq!(
            Signer::new(b"another").verify(&key('1'), exp, &sig, now()),
            invalid
        );
    }

    #[test]
    fn the_secret_does_not_show_in_logs() {
        assert_eq!(format!("{:?}", Signer::new(b"secret")), "Signer(…)");
    }
}
