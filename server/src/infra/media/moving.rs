//! Pictures on their way from one place to another. What is done shows in the two places alone, so
//! whoever was interrupted begins again and goes on where it was.

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::{ObjectStoreExt, PutPayload};

use super::{Key, Media, MediaError, NotAKey, path};

/// What a place holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// Pictures, in the order of their names.
    pub pictures: Vec<Key>,
    /// The names of what is not ours.
    pub foreign: Vec<String>,
}

/// What became of one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// It was not there, or not as it should be; it was copied and read back.
    Now,
    /// It was there, byte for byte.
    Before,
    /// It was removed while we looked: somebody replaced or deleted it.
    Gone,
}

impl Media {
    /// Everything that is here.
    ///
    /// # Errors
    /// [`MediaError::Away`], [`MediaError::Store`].
    pub async fn kept(&self) -> Result<Kept, MediaError> {
        let mut kept = Kept::default();
        let mut files = self.store.list(None);
        while let Some(file) = files.try_next().await? {
            match file.location.as_ref().parse::<Key>() {
                Ok(key) => kept.pictures.push(key),
                Err(NotAKey) => kept.foreign.push(file.location.to_string()),
            }
        }
        kept.pictures.sort_unstable();
        kept.foreign.sort_unstable();
        Ok(kept)
    }

    /// Whether both are one place, under whatever names. It is tried by writing there.
    ///
    /// # Errors
    /// What [`Media::check`] says of `to`.
    pub async fn is_same(&self, to: &Self) -> Result<bool, MediaError> {
        to.probe(self).await
    }

    /// Whether this picture is there as well, byte for byte.
    ///
    /// # Errors
    /// [`MediaError::Missing`] if it is not even here; [`MediaError::Away`], [`MediaError::Store`].
    pub async fn is_there(&self, key: &Key, to: &Self) -> Result<bool, MediaError> {
        let (bytes, _) = self.get(key).await?;
        to.holds(key, &bytes).await
    }

    /// Copies a picture and reads it back, unless it is there already.
    ///
    /// # Errors
    /// [`MediaError::Differs`], [`MediaError::Away`], [`MediaError::Store`].
    pub async fn copy(&self, key: &Key, to: &Self) -> Result<Copied, MediaError> {
        let bytes = match self.get(key).await {
            Ok((bytes, _)) => bytes,
            Err(MediaError::Missing) => return Ok(Copied::Gone),
            Err(error) => return Err(error),
        };
        if to.holds(key, &bytes).await? {
            return Ok(Copied::Before);
        }
        let payload = PutPayload::from(bytes.clone());
        to.store.put(&path(key), payload).await?;
        match to.holds(key, &bytes).await? {
            true => Ok(Copied::Now),
            false => Err(MediaError::Differs(key.to_string())),
        }
    }

    /// Whether these very bytes are under this key. The length is asked first: it is cheap.
    async fn holds(&self, key: &Key, bytes: &Bytes) -> Result<bool, MediaError> {
        match self.store.head(&path(key)).await {
            Ok(found) if found.size != bytes.len() as u64 => return Ok(false),
            Ok(_) => {}
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        match self.get(key).await {
            Ok((found, _)) => Ok(found == *bytes),
            Err(MediaError::Missing) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Place, samples};
    use super::*;
    use crate::infra::{Clock, Ids};

    fn media(directory: &std::path::Path) -> Media {
        let place = Place::Directory(directory.to_owned());
        Media::open(&place, Clock::system(), Ids::system()).unwrap()
    }

    #[tokio::test]
    async fn a_picture_is_copied_once_and_again_if_the_copy_is_not_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (media(&dir.path().join("a")), media(&dir.path().join("b")));
        let key = from
            .put(Kind::Private, samples::png().into())
            .await
            .unwrap();
        assert!(!from.is_there(&key, &to).await.unwrap());
        assert_eq!(from.copy(&key, &to).await.unwrap(), Copied::Now);
        assert!(from.is_there(&key, &to).await.unwrap());
        assert_eq!(from.copy(&key, &to).await.unwrap(), Copied::Before);
        // As long, but another one; then shorter.
        let copy = dir.path().join("b").join(key.to_string());
        for damaged in [
            vec![0; samples::png().len()],
            samples::png()[..20].to_owned(),
        ] {
            std::fs::write(&copy, damaged).unwrap();
            assert!(!from.is_there(&key, &to).await.unwrap());
            assert_eq!(from.copy(&key, &to).await.unwrap(), Copied::Now);
        }
        assert_eq!(std::fs::read(&copy).unwrap(), samples::png());
        from.delete(&key).await.unwrap();
        assert_eq!(from.copy(&key, &to).await.unwrap(), Copied::Gone);
    }

    #[tokio::test]
    async fn what_is_kept_is_told_apart_from_what_is_not_ours() {
        let dir = tempfile::tempdir().unwrap();
        let here = media(dir.path());
        std::fs::write(dir.path().join("README"), "put here by the operator").unwrap();
        let key = here.put(Kind::Public, samples::gif().into()).await.unwrap();
        let kept = here.kept().await.unwrap();
        assert_eq!(kept.pictures, [key]);
        assert_eq!(kept.foreign, ["README"]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn one_place_under_two_names_is_one_place() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = (dir.path().join("one"), dir.path().join("other"));
        let here = media(&one);
        std::os::unix::fs::symlink(&one, &other).unwrap();
        assert!(here.is_same(&media(&other)).await.unwrap());
        assert!(!here.is_same(&media(&dir.path().join("new"))).await.unwrap());
        assert_eq!(here.kept().await.unwrap(), Kept::default());
    }
}
