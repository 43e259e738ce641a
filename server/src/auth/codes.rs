//! One-time codes, pure: how one looks, and the keyed hashes under which it is kept (API.md §2).

use aws_lc_rs::hmac;
use uuid::Uuid;

use crate::infra::Ids;

/// Keeps this use of `SECRET_KEY` apart from every other.
const PURPOSE: &[u8] = b"clinic: one-time codes and guesses, version 1";

/// How many codes there are.
const CODES: u32 = 1_000_000;

/// Hashes what must be recognised but not read: a million codes would be tried in no time, were the
/// hash not keyed.
#[derive(Clone)]
pub struct Hasher(hmac::Key);

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher(…)")
    }
}

impl Hasher {
    /// With a key derived from `SECRET_KEY`.
    pub fn new(secret: &[u8]) -> Self {
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), PURPOSE);
        Self(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
    }

    /// The hash of a code, bound to its account, its purpose and the address it went to.
    pub fn code(&self, account: Uuid, purpose: &str, address: &str, code: &str) -> Vec<u8> {
        self.hash(&["code", &account.to_string(), purpose, address, code])
    }

    /// Whether this code has this hash, in the same time either way.
    pub fn is_code(
        &self,
        hash: &[u8],
        (account, purpose, address): (Uuid, &str, &str),
        code: &str,
    ) -> bool {
        let account = account.to_string();
        let message = joined(&["code", &account, purpose, address, code]);
        hmac::verify(&self.0, message.as_bytes(), hash).is_ok()
    }

    /// The hash of anything else, e.g. of an address that asks for codes.
    pub fn hash(&self, parts: &[&str]) -> Vec<u8> {
        hmac::sign(&self.0, joined(parts).as_bytes())
            .as_ref()
            .to_vec()
    }
}

/// No two lists of parts make the same text.
fn joined(parts: &[&str]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| format!("{}:{part}", part.len()))
        .collect();
    parts.join(",")
}

/// A new code: six digits, each of the million as likely.
pub fn new_code(ids: &Ids) -> String {
    format!("{:06}", ids.below(CODES))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher() -> Hasher {
        Hasher::new(b"a secret of thirty-two bytes or more")
    }

    #[test]
    fn a_code_is_bound_to_everything() {
        let (ana, ben) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let hash = hasher().code(ana, "login", "a@b.example", "012345");
        let is = |account, purpose, address, code| {
            hasher().is_code(&hash, (account, purpose, address), code)
        };
        assert!(is(ana, "login", "a@b.example", "012345"));
        assert!(!is(ben, "login", "a@b.example", "012345"));
        assert!(!is(ana, "reset", "a@b.example", "012345"));
        assert!(!is(ana, "login", "b@b.example", "012345"));
        assert!(!is(ana, "login", "a@b.example", "012346"));
        let other = Hasher::new(b"another secret of thirty-two bytes!!");
        assert!(!other.is_code(&hash, (ana, "login", "a@b.example"), "012345"));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hasher().hash(&["ab", "c"]), hasher().hash(&["a", "bc"]));
        assert_ne!(hasher().hash(&["a,1:b"]), hasher().hash(&["a", "b"]));
    }

    #[test]
    fn codes_have_six_digits() {
        let ids = Ids::seeded(1);
        for _ in 0..1000 {
            let code = new_code(&ids);
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
        }
    }
}
