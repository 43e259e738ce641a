//! Pictures on disk or in a bucket: taken in clean, kept under names nobody can guess, given out by
//! key (API.md §1 "Images").

mod bucket;
mod error;
mod exif;
mod gif;
mod image;
mod jpeg;
mod key;
mod moving;
mod place;
mod png;
mod reader;
#[cfg(test)]
mod samples;
mod signature;
mod staged;
mod webp;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use bucket::{Links, Opened};
use bytes::Bytes;
use chrono::{Datelike, TimeDelta};
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};

use super::{Clock, Ids};

pub use error::MediaError;
pub use image::{Format, ImageError, MAX_BYTES, MAX_PIXELS};
pub use key::{Key, Kind, NotAKey};
pub use moving::{Copied, Kept};
pub use place::{Bucket, Credentials, Place, S3};
pub use signature::{SignatureError, Signer};

/// A file this young may belong to a transaction that has not committed yet.
const SWEEP_AGE: TimeDelta = TimeDelta::hours(1);

/// What a [`sweep`](Media::sweep) did, in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Removed: no row named them and they were older than an hour.
    pub removed: usize,
    /// Left alone because their names are not ours.
    pub foreign: usize,
}

/// The media store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Media {
    store: Arc<dyn ObjectStore>,
    links: Option<Links>,
    place: Arc<Place>,
    clock: Clock,
    ids: Ids,
}

impl Media {
    /// Opens `MEDIA_ROOT`. A directory is made if it is missing, and closed to everyone but the
    /// server's own user (0700); a bucket must be there, but is not asked yet: a server starts
    /// without it.
    ///
    /// # Errors
    /// [`MediaError::Root`], [`MediaError::Bucket`].
    pub fn open(place: &Place, clock: Clock, ids: Ids) -> Result<Self, MediaError> {
        let Opened { store, links } = match place {
            Place::Directory(root) => Opened {
                store: directory(root)?,
                links: None,
            },
            Place::Bucket(bucket) => bucket::open(bucket)
                .map_err(|error| MediaError::Bucket(place.to_string(), error))?,
        };
        Ok(Self {
            store,
            links,
            place: Arc::new(place.clone()),
            clock,
            ids,
        })
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Stores something small, reads it back and removes it: whether the place can be used.
    ///
    /// # Errors
    /// [`MediaError::Away`], [`MediaError::Store`], [`MediaError::Differs`].
    pub async fn check(&self) -> Result<(), MediaError> {
        self.probe(self).await?;
        Ok(())
    }

    /// Stores something small here and looks for it there: whether both are one place.
    async fn probe(&self, there: &Self) -> Result<bool, MediaError> {
        let name = format!("probe-{}", self.ids.v4());
        let place = object_store::path::Path::from(name.as_str());
        let written = Bytes::from_static(b"clinicd tries whether it may write here");
        self.store
            .put(&place, PutPayload::from(written.clone()))
            .await?;
        let here = self.store.get(&place).await;
        let seen = there.store.head(&place).await;
        self.store.delete(&place).await?;
        if here?.bytes().await? != written {
            return Err(MediaError::Differs(name));
        }
        match seen {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// A link into the bucket that gives out this private picture for a minute; none if pictures
    /// go through this server. Public ones always do: their addresses stay, so they are cached.
    ///
    /// # Errors
    /// [`MediaError::Store`].
    pub async fn link(&self, key: &Key) -> Result<Option<String>, MediaError> {
        match &self.links {
            Some(links) if key.kind() == Kind::Private => Ok(Some(links.to(key).await?)),
            _ => Ok(None),
        }
    }

    /// Whether there is a picture under this key.
    ///
    /// # Errors
    /// [`MediaError::Away`], [`MediaError::Store`].
    pub async fn has(&self, key: &Key) -> Result<bool, MediaError> {
        match self.store.head(&path(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Checks a picture, strips what it tells about where and with what it was taken, and stores
    /// it. Write the row that names the key afterwards: a file without a row is swept away.
    ///
    /// # Errors
    /// [`MediaError::Image`] if it is not taken, [`MediaError::Store`].
    pub async fn put(&self, kind: Kind, bytes: Bytes) -> Result<Key, MediaError> {
        // Milliseconds for a large file: too long for an async worker.
        let clean = tokio::task::spawn_blocking(move || image::clean(&bytes))
            .await
            .map_err(|_| MediaError::Stopped)??;
        let year = u16::try_from(self.clock.now().year()).unwrap_or(0);
        let key = Key::new(kind, year, self.ids.v4(), clean.format);
        self.store
            .put(&path(&key), PutPayload::from(clean.bytes))
            .await?;
        Ok(key)
    }

    /// The picture under a key, and its content type.
    ///
    /// # Errors
    /// [`MediaError::Missing`], [`MediaError::Store`].
    pub async fn get(&self, key: &Key) -> Result<(Bytes, &'static str), MediaError> {
        match self.store.get(&path(key)).await {
            Ok(found) => Ok((found.bytes().await?, key.format().content_type())),
            Err(object_store::Error::NotFound { .. }) => Err(MediaError::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a picture; one that is gone already is no error.
    ///
    /// # Errors
    /// [`MediaError::Store`].
    pub async fn delete(&self, key: &Key) -> Result<(), MediaError> {
        match self.store.delete(&path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the files that no row names and the half-written ones: what a crash before, between
    /// or after file and row left behind. `live` are the keys of all rows.
    ///
    /// # Errors
    /// [`MediaError::Store`], [`MediaError::Root`]; what was removed before it stays removed.
    pub async fn sweep(&self, live: &HashSet<Key>) -> Result<Swept, MediaError> {
        let young = self.clock.now() - SWEEP_AGE;
        let mut swept = Swept::default();
        let mut files = self.store.list(None);
        while let Some(file) = files.try_next().await? {
            match file.location.as_ref().parse::<Key>() {
                Ok(key) if !live.contains(&key) && file.last_modified < young => {
                    self.delete(&key).await?;
                    swept.removed += 1;
                }
                Ok(_) => {}
                Err(NotAKey) => swept.foreign += 1,
            }
        }
        if let Place::Directory(root) = &*self.place {
            let below = root.clone();
            swept.removed += tokio::task::spawn_blocking(move || staged::remove(&below, young))
                .await
                .map_err(|_| MediaError::Stopped)?
                .map_err(|error| MediaError::Root(root.clone(), error))?;
        }
        Ok(swept)
    }
}

/// A directory as a store.
fn directory(root: &Path) -> Result<Arc<dyn ObjectStore>, MediaError> {
    make_private(root).map_err(|error| MediaError::Root(root.to_owned(), error))?;
    // Synced: a picture must be as safe as the committed row that names it.
    let store = LocalFileSystem::new_with_prefix(root)?.with_fsync(true);
    Ok(Arc::new(store))
}

fn path(key: &Key) -> object_store::path::Path {
    object_store::path::Path::from(key.to_string())
}

#[cfg(unix)]
fn make_private(root: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(root)?;
    // It may have been there before, open to all.
    std::fs::set_permissions(root, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(root: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(root)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    struct Bench {
        media: Media,
        clock: Clock,
        root: tempfile::TempDir,
    }

    fn bench() -> Bench {
        let root = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(Clock::system().now());
        let place = Place::Directory(root.path().join("media"));
        let media = Media::open(&place, clock.clone(), Ids::seeded(1)).unwrap();
        Bench { media, clock, root }
    }

    #[tokio::test]
    async fn a_picture_comes_back_with_its_type_until_it_is_deleted() {
        let Bench { media, .. } = bench();
        let key = media
            .put(Kind::Public, samples::png().into())
            .await
            .unwrap();
        assert!(key.to_string().starts_with("public/20"), "{key}");
        let (bytes, content_type) = media.get(&key).await.unwrap();
        assert_eq!(
            (&bytes[..], content_type),
            (&samples::png()[..], "image/png")
        );
        media.delete(&key).await.unwrap();
        media.delete(&key).await.unwrap();
        assert!(matches!(media.get(&key).await, Err(MediaError::Missing)));
    }

    #[tokio::test]
    async fn a_check_leaves_nothing_behind_and_says_what_can_not_be_used() {
        let Bench { media, root, .. } = bench();
        media.check().await.unwrap();
        let directory = root.path().join("media");
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0);
        std::fs::remove_dir(&directory).unwrap();
        std::fs::write(&directory, "a file").unwrap();
        assert!(matches!(media.check().await, Err(MediaError::Store(_))));
    }

    #[tokio::test]
    async fn the_same_picture_twice_has_two_names() {
        let Bench { media, .. } = bench();
        let one = media
            .put(Kind::Private, samples::gif().into())
            .await
            .unwrap();
        let two = media
            .put(Kind::Private, samples::gif().into())
            .await
            .unwrap();
        assert_ne!(one, two);
    }

    #[tokio::test]
    async fn what_is_no_picture_leaves_no_file() {
        let Bench { media, root, .. } = bench();
        let refused = media
            .put(Kind::Public, Bytes::from_static(b"<svg></svg>"))
            .await;
        assert!(matches!(
            refused,
            Err(MediaError::Image(ImageError::NotAnImage))
        ));
        assert_eq!(
            std::fs::read_dir(root.path().join("media"))
                .unwrap()
                .count(),
            0
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_on_the_machine_can_look() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let open_to_all = root.path().join("there before");
        std::fs::create_dir(&open_to_all).unwrap();
        std::fs::set_permissions(&open_to_all, std::fs::Permissions::from_mode(0o777)).unwrap();
        for dir in [open_to_all, root.path().join("new").join("deeper")] {
            let place = Place::Directory(dir.clone());
            Media::open(&place, Clock::system(), Ids::system()).unwrap();
            let mode = std::fs::metadata(&dir).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", dir.display());
        }
    }

    #[test]
    fn a_root_that_is_a_file_is_named_in_the_error() {
        let root = tempfile::NamedTempFile::new().unwrap();
        let place = Place::Directory(root.path().to_owned());
        let error = Media::open(&place, Clock::system(), Ids::system()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains(&root.path().display().to_string()),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_sweep_removes_old_files_without_a_row_and_nothing_else() {
        let Bench { media, clock, root } = bench();
        let named = media
            .put(Kind::Private, samples::jpeg().into())
            .await
            .unwrap();
        let orphan = media
            .put(Kind::Private, samples::webp().into())
            .await
            .unwrap();
        std::fs::write(root.path().join("media/README"), "put here by the operator").unwrap();
        let half_written = root.path().join(format!("media/{orphan}#1"));
        std::fs::write(&half_written, &samples::webp()[..9]).unwrap();
        let live = HashSet::from([named]);

        clock.advance(Duration::from_secs(59 * 60));
        let early = media.sweep(&live).await.unwrap();
        assert_eq!(
            early,
            Swept {
                removed: 0,
                foreign: 1
            }
        );
        assert!(half_written.exists());

        clock.advance(Duration::from_secs(2 * 60));
        let swept = media.sweep(&live).await.unwrap();
        assert_eq!(
            swept,
            Swept {
                removed: 2,
                foreign: 1
            }
        );
        assert!(!half_written.exists());
        assert!(media.get(&named).await.is_ok());
        assert!(matches!(media.get(&orphan).await, Err(MediaError::Missing)));
        assert!(root.path().join("media/README").exists());
    }
}
