//! Pictures and the rows that name them: neither without the other.

use bytes::Bytes;
use clinic_shared::FieldErrors;
use serde_json::json;
use std::collections::HashSet;

use super::{Actor, Answer, Clinic, Faults, Refusal};
use crate::infra::media::{ImageError, Key, Kind, MediaError};
use crate::store::pictures;

/// A picture's bytes and content type. A public one is everybody's; a private one is shown by a
/// signed link (`signed`), to its owner, and to staff, and the read is audited (API.md §1, §7).
///
/// # Errors
/// [`Refusal::Missing`], also when it is not the caller's to see.
pub async fn show(
    clinic: &Clinic,
    who: &Actor,
    key: &Key,
    signed: bool,
) -> Answer<(Bytes, &'static str)> {
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
    match clinic.media.get(key).await {
        Ok(found) => Ok(found),
        Err(MediaError::Missing) => Err(missing()),
        Err(error) => Err(Refusal::broken(error)),
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
        Err(error) => Err(Refusal::broken(error)),
    }
}

/// Adds what is wrong with a picture to what is wrong already with the other fields of its form, so
/// that the caller is told everything at once. Beside nothing wrong there is nothing to do: storing
/// a picture checks it.
///
/// # Errors
/// [`Refusal::TooLarge`].
pub async fn check_beside(
    clinic: &Clinic,
    bytes: Option<&[u8]>,
    field: &str,
    faults: &mut Faults,
) -> Answer<()> {
    let Some(bytes) = bytes.filter(|_| faults.any()) else {
        return Ok(());
    };
    match clinic.media.check(bytes.to_vec().into()).await {
        Ok(()) => {}
        Err(MediaError::Image(error @ ImageError::TooLarge)) => {
            return Err(Refusal::TooLarge(error.to_string()));
        }
        Err(MediaError::Image(error)) => faults.add(field, error.to_string()),
        Err(error) => return Err(Refusal::broken(error)),
    }
    Ok(())
}

/// Stores the picture that came in `field`, if one came, and runs `write` with its key, which
/// names it in a row. Whichever picture loses its row then goes: the one that was there (`old`), or
/// the new one if `write` fails.
///
/// # Errors
/// What [`store`] and `write` answer.
pub async fn replacing<T>(
    clinic: &Clinic,
    kind: Kind,
    bytes: Option<Vec<u8>>,
    field: &str,
    old: Option<String>,
    write: impl AsyncFnOnce(Option<String>) -> Answer<T>,
) -> Answer<T> {
    let Some(bytes) = bytes else {
        return write(None).await;
    };
    let new = store(clinic, kind, bytes, field).await?;
    let written = write(Some(new.clone())).await;
    match (&written, old) {
        (Ok(_), Some(old)) => discard(clinic, &old).await,
        (Ok(_), None) => {}
        (Err(_), _) => discard(clinic, &new).await,
    }
    written
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
    let swept = clinic.media.sweep(&live).await.map_err(Refusal::broken)?;
    if swept.removed > 0 {
        tracing::info!(
            removed = swept.removed,
            "pictures without a row were removed"
        );
    }
    Ok(())
}
