//! All pictures from one place to another: copied, read back, and only then, if it was asked for,
//! removed where they were. Whoever is interrupted begins again and goes on where it was.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;

use super::{Actor, Clinic, Refusal};
use crate::infra::media::{Copied, Key, Media, MediaError};
use crate::store::pictures;

/// How many pictures are on their way at once.
const AT_ONCE: usize = 8;

/// What there is to move, and what is odd about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory {
    /// Every picture that is stored.
    pub pictures: Vec<Key>,
    /// Those among them that no row names: a crash or a write that is still going on.
    pub orphans: Vec<Key>,
    /// What a row names and neither place has.
    pub missing: Vec<String>,
    /// What is stored beside them under names that are not ours; it stays.
    pub foreign: Vec<String>,
}

/// How many pictures were copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// Now.
    pub now: usize,
    /// Before: they were there already, byte for byte.
    pub before: usize,
}

/// Why a move stopped.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The database, or the audit.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// One of the places.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// From a place to itself.
    #[error("The pictures are there already: both are the same place.")]
    SamePlace,
}

/// What the configured place holds, seen beside the rows. `to` is where it is to go, if that is
/// there already.
///
/// # Errors
/// The database's, or the places'.
pub async fn inventory(clinic: &Clinic, to: Option<&Media>) -> Result<Inventory, MoveError> {
    let kept = clinic.media.kept().await?;
    let mut reader = clinic.db.read().await.map_err(Refusal::from)?;
    let named = pictures::keys(&mut reader).await.map_err(Refusal::from)?;
    drop(reader);
    let named: HashSet<Key> = named.iter().filter_map(|key| key.parse().ok()).collect();
    let stored: HashSet<Key> = kept.pictures.iter().copied().collect();
    let mut missing = Vec::new();
    for key in named.difference(&stored) {
        // It may have come after we looked, or have been moved by an earlier run.
        let is_there = match to {
            Some(to) => to.has(key).await?,
            None => false,
        };
        if !is_there && !clinic.media.has(key).await? {
            missing.push(key.to_string());
        }
    }
    missing.sort_unstable();
    Ok(Inventory {
        orphans: kept
            .pictures
            .iter()
            .filter(|key| !named.contains(key))
            .copied()
            .collect(),
        pictures: kept.pictures,
        missing,
        foreign: kept.foreign,
    })
}

/// How many of these pictures are there already, byte for byte.
///
/// # Errors
/// The places'.
pub async fn already_there(
    clinic: &Clinic,
    pictures: &[Key],
    to: &Media,
    mut told: impl FnMut(),
) -> Result<usize, MoveError> {
    let mut seen = stream::iter(pictures.to_vec())
        .map(|key| async move { clinic.media.is_there(&key, to).await })
        .buffer_unordered(AT_ONCE);
    let mut there = 0;
    while let Some(is_there) = seen.next().await {
        match is_there {
            Ok(is_there) => there += usize::from(is_there),
            Err(MediaError::Missing) => {}
            Err(error) => return Err(error.into()),
        }
        told();
    }
    Ok(there)
}

/// Copies all these pictures. Each is read back and compared; nothing is removed. Audited before
/// the first one is read.
///
/// # Errors
/// [`MoveError::SamePlace`], the places' and the audit's; what was copied before it stays and need
/// not be copied again.
pub async fn copy(
    clinic: &Clinic,
    who: &Actor,
    pictures: &[Key],
    to: &Media,
    mut told: impl FnMut(),
) -> Result<Moved, MoveError> {
    if clinic.media.is_same(to).await? {
        return Err(MoveError::SamePlace);
    }
    note(clinic, who, "copy_pictures", pictures.len(), to).await;
    let mut copies = stream::iter(pictures.to_vec())
        .map(|key| async move { clinic.media.copy(&key, to).await })
        .buffer_unordered(AT_ONCE);
    let mut moved = Moved::default();
    while let Some(copied) = copies.try_next().await? {
        match copied {
            Copied::Now => moved.now += 1,
            Copied::Before => moved.before += 1,
            Copied::Gone => {}
        }
        told();
    }
    Ok(moved)
}

/// Removes these pictures where they were, each only if it is there byte for byte; answers how many
/// went. Run [`copy`] first, to its end.
///
/// # Errors
/// [`MoveError::SamePlace`], the places', the audit's; what was removed before it stays removed.
pub async fn delete_source(
    clinic: &Clinic,
    who: &Actor,
    pictures: &[Key],
    to: &Media,
    mut told: impl FnMut(),
) -> Result<usize, MoveError> {
    if clinic.media.is_same(to).await? {
        return Err(MoveError::SamePlace);
    }
    note(clinic, who, "delete_moved_pictures", pictures.len(), to).await;
    let mut removals = stream::iter(pictures.to_vec())
        .map(|key| async move {
            match clinic.media.is_there(&key, to).await {
                Ok(true) => clinic.media.delete(&key).await.map(|()| true),
                Ok(false) => Err(MediaError::Differs(key.to_string())),
                Err(MediaError::Missing) => Ok(false),
                Err(error) => Err(error),
            }
        })
        .buffer_unordered(AT_ONCE);
    let mut removed = 0;
    while let Some(went) = removals.try_next().await? {
        removed += usize::from(went);
        told();
    }
    Ok(removed)
}

/// Says in the audit what is about to happen, and waits until it stands there.
async fn note(clinic: &Clinic, who: &Actor, action: &str, pictures: usize, to: &Media) {
    let detail = json!({
        "count": pictures,
        "from": clinic.media.place().to_string(),
        "to": to.place().to_string(),
    });
    clinic.reads.note(who, action, None, detail).await;
    clinic.reads.flush().await;
}
