//! Pictures and the rows that name them: neither without the other.

use bytes::Bytes;
use clinic_shared::{FieldErrors, Patch};
use serde_json::json;
use std::collections::HashSet;

use super::{Actor, Answer, Clinic, Faults, Refusal};
use crate::infra::media::{ImageError, Key, Kind, MediaError};
use crate::store::pictures;

/// A picture as it is given out.
#[derive(Debug)]
pub enum Shown {
    /// Its bytes and content type.
    Here(Bytes, &'static str),
    /// A link into the bucket, good for a minute.
    There(String),
}

/// A picture, or where the caller gets it now. A public one is everybody's; a private one is shown by a
/// signed link (`signed`), to its owner, and to staff, and the read is audited (API.md §1, §7).
///
/// # Errors
/// [`Refusal::Missing`], also when it is not the caller's to see.
pub async fn show(clinic: &Clinic, who: &Actor, key: &Key, signed: bool) -> Answer<Shown> {
    let missing = || Refusal::Missing("Picture");
    if key.kind() == Kind::Private {
        let owner = pictures::owner(&mut clinic.db.read().await?, &key.to_string()).await?;
        let owner = owner.ok_or_else(missing)?;
        let own = owner.account_id.is_some() && owner.account_id == who.account_id();
        if !(signed || own || who.is_staff()) {
            return Err(missing());
        }
        match (owner.patient_id, owner.account_id) {
            (None, Some(account)) => {
                clinic
                    .reads
                    .note_account(who, "show_picture", account)
                    .await;
            }
            (patient, _) => {
                clinic
                    .reads
                    .note(who, "show_picture", patient, json!({}))
                    .await;
            }
        }
    }
    if let Some(link) = clinic.media.link(key).await.map_err(refused)? {
        return Ok(Shown::There(link));
    }
    match clinic.media.get(key).await {
        Ok((bytes, content_type)) => Ok(Shown::Here(bytes, content_type)),
        Err(MediaError::Missing) => Err(missing()),
        Err(error) => Err(refused(error)),
    }
}

/// Whether the public picture that the caller has already is still there.
///
/// # Errors
/// [`Refusal::Unavailable`].
pub async fn is_kept(clinic: &Clinic, key: &Key) -> Answer<bool> {
    clinic.media.has(key).await.map_err(refused)
}

/// What the storage's error is to the caller. Why it does not answer goes to the log.
fn refused(error: MediaError) -> Refusal {
    match error {
        MediaError::Away(ref cause) => {
            tracing::warn!(%cause, "the storage of pictures does not answer");
            Refusal::Unavailable(error.to_string())
        }
        error => Refusal::broken(error),
    }
}

/// Stores a picture that came in `field`, and answers its key. Write the row next; if that fails,
/// [`discard`] it.
///
/// # Errors
/// [`Refusal::Invalid`] on `field`, [`Refusal::TooLarge`].
pub async fn store(clinic: &Clinic, kind: Kind, bytes: Vec<u8>, field: &str) -> Answer<String> {
    match clinic.media.put(kind, bytes.into()).await {
        Ok(key) => Ok(key.to_string()),
        Err(MediaError::Image(error @ ImageError::TooLarge)) => {
            Err(Refusal::TooLarge(error.to_string()))
        }
        Err(MediaError::Image(error)) => {
            Err(Refusal::Invalid(FieldErrors::one(field, error.to_string())))
        }
        Err(error) => Err(refused(error)),
    }
}

/// Stores the picture that came in `field`, if one came, and runs `write` with its key, which
/// names it in a row. Whichever picture loses its row then goes: the one that was there (`old`), or
/// the new one if `write` fails. What is wrong with the picture joins what is wrong with the form's
/// other fields: `write` looks at the rest and refuses everything at once.
///
/// # Errors
/// [`Refusal::TooLarge`], and what `write` answers.
pub async fn replacing<T>(
    clinic: &Clinic,
    kind: Kind,
    bytes: Option<Vec<u8>>,
    field: &str,
    old: Option<String>,
    mut faults: Faults,
    write: impl AsyncFnOnce(Option<String>, Faults) -> Answer<T>,
) -> Answer<T> {
    let new = match bytes {
        None => None,
        Some(bytes) => match store(clinic, kind, bytes, field).await {
            Ok(key) => Some(key),
            Err(Refusal::Invalid(told)) => {
                faults.add_all(told);
                None
            }
            Err(refusal) => return Err(refusal),
        },
    };
    let written = write(new.clone(), faults).await;
    let loses = match written {
        Ok(_) => old.filter(|_| new.is_some()),
        Err(_) => new,
    };
    if let Some(key) = loses {
        discard(clinic, &key).await;
    }
    written
}

/// Whether a body clears the picture that is there (`old`); the URL that GET gave of it keeps it, and
/// any other is a fault: pictures come as files.
pub(super) fn is_cleared(
    said: &Patch<String>,
    old: Option<&str>,
    field: &str,
    faults: &mut Faults,
) -> bool {
    match said {
        Patch::Keep => false,
        Patch::Clear => true,
        Patch::Set(url) => {
            if !old.is_some_and(|key| url.contains(key)) {
                faults.add(field, "Send a new picture as a file, in a form.");
            }
            false
        }
    }
}

/// Removes a picture that no row names any more. If that fails the sweep finds it.
pub async fn discard(clinic: &Clinic, key: &str) {
    let Ok(key) = key.parse::<Key>() else { return };
    if let Err(error) = clinic.media.delete(&key).await {
        tracing::warn!(%error, "a picture could not be removed; the next start sweeps it away");
    }
}

/// Removes files that no row names: what a crash left between file and row.
///
/// # Errors
/// The database's, or the disk's.
pub async fn sweep(clinic: &Clinic) -> Answer<()> {
    let named = pictures::keys(&mut clinic.db.read().await?).await?;
    let live: HashSet<Key> = named.iter().filter_map(|key| key.parse().ok()).collect();
    let swept = clinic.media.sweep(&live).await.map_err(refused)?;
    if swept.removed > 0 {
        tracing::info!(
            removed = swept.removed,
            "pictures without a row were removed"
        );
    }
    Ok(())
}
