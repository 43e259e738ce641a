//! Encrypting what is kept for a while and must not stand in the clear.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;

use super::Ids;

/// Keeps this use of `SECRET_KEY` apart from every other.
const PURPOSE: &[u8] = b"clinic: sealed answers, version 1";

/// Encrypts with a key of its own for each context (AES-256-GCM), derived from `SECRET_KEY` and the
/// context; whoever has the database and even the key, but not the context, reads nothing.
#[derive(Clone)]
pub struct Sealer(hmac::Key);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

/// Encryption failed, or what was encrypted is not what was sealed under this context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("something kept could not be sealed or opened")]
pub struct SealError;

impl Sealer {
    /// With a key derived from `SECRET_KEY`.
    pub fn new(secret: &[u8]) -> Self {
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), PURPOSE);
        Self(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
    }

    /// Encrypts; the nonce stands before the rest.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(&self, ids: &Ids, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = ids.bytes::<NONCE_LEN>();
        let mut sealed = plain.to_vec();
        self.key(context)?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut sealed,
            )
            .map_err(|_| SealError)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`Sealer::seal`] made under the same context.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError)?;
        let mut plain = rest.to_vec();
        let opened = self
            .key(context)?
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::empty(),
                &mut plain,
            )
            .map_err(|_| SealError)?
            .len();
        plain.truncate(opened);
        Ok(plain)
    }

    fn key(&self, context: &[u8]) -> Result<LessSafeKey, SealError> {
        let key = hmac::sign(&self.0, context);
        let key = UnboundKey::new(&AES_256_GCM, key.as_ref()).map_err(|_| SealError)?;
        Ok(LessSafeKey::new(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_and_context_open_it() {
        let (ids, sealer) = (Ids::seeded(1), Sealer::new(b"secret"));
        let sealed = sealer.seal(&ids, b"ana", b"an answer").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"answer"));
        assert_eq!(sealer.open(b"ana", &sealed).unwrap(), b"an answer");
        assert_eq!(sealer.open(b"ben", &sealed), Err(SealError));
        assert_eq!(Sealer::new(b"other").open(b"ana", &sealed), Err(SealError));
        for cut in 0..sealed.len() {
            assert_eq!(sealer.open(b"ana", &sealed[..cut]), Err(SealError));
        }
        let again = sealer.seal(&ids, b"ana", b"an answer").unwrap();
        assert_ne!(sealed, again);
    }
}
