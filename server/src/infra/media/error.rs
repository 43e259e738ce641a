//! What can go wrong with a picture.

use std::path::PathBuf;

use super::ImageError;

/// Why a picture was not stored or found.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// What was sent is not taken: the caller's to mend.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// No file under this key.
    #[error("There is no file under this key.")]
    Missing,
    /// The directory cannot be used.
    #[error("Pictures can't be kept in \"{}\"; name a directory that the server may write to (MEDIA_ROOT).", .0.display())]
    Root(PathBuf, #[source] std::io::Error),
    /// The bucket's settings can't be used.
    #[error(
        "Pictures can't be kept in {0} ({1}); look at the S3_ settings and at this machine's certificates."
    )]
    Bucket(String, #[source] object_store::Error),
    /// The disk or the bucket said no.
    #[error("The media storage failed.")]
    Store(#[source] object_store::Error),
    /// The bucket can't be asked now.
    #[error("The storage of pictures does not answer; try again in a moment.")]
    Away(#[source] object_store::Error),
    /// What was stored does not come back as it was.
    #[error("{0} does not come back as it was stored.")]
    Differs(String),
    /// The server is stopping.
    #[error("The server is shutting down; try again in a moment.")]
    Stopped,
}

impl From<object_store::Error> for MediaError {
    fn from(error: object_store::Error) -> Self {
        match error {
            // No answer, or one that says "not now".
            object_store::Error::Generic { store: "S3", .. } => MediaError::Away(error),
            error => MediaError::Store(error),
        }
    }
}
