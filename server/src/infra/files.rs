//! Files that only this user reads, and that are there whole or not at all.

use std::path::Path;

use uuid::Uuid;

/// Writes beside and renames into place: whoever looks sees the old file or the new one, each whole.
/// Directory (0700) and file (0600) are this user's alone.
///
/// # Errors
/// The system's.
pub async fn replace(directory: &Path, name: String, bytes: Vec<u8>) -> std::io::Result<()> {
    let directory = directory.to_owned();
    let written = tokio::task::spawn_blocking(move || {
        private_dir(&directory)?;
        let draft = directory.join(format!(".{name}.{}", Uuid::now_v7()));
        let placed = write_private(&draft, &bytes)
            .and_then(|()| std::fs::rename(&draft, directory.join(&name)));
        if placed.is_err() {
            let _ = std::fs::remove_file(&draft);
        }
        placed?;
        std::fs::File::open(&directory)?.sync_all()
    });
    written.await.map_err(std::io::Error::other)?
}

/// Removes files of a directory of whose names this is so.
///
/// # Errors
/// The system's.
pub async fn remove(
    directory: &Path,
    is_one: impl Fn(&str) -> bool + Send + 'static,
) -> std::io::Result<()> {
    let directory = directory.to_owned();
    let removed = tokio::task::spawn_blocking(move || {
        for entry in std::fs::read_dir(&directory)? {
            let entry = entry?;
            if entry.file_name().to_str().is_some_and(&is_one) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    });
    removed.await.map_err(std::io::Error::other)?
}

/// Makes a directory that is this user's alone, and those above it.
///
/// # Errors
/// The system's.
#[cfg(unix)]
pub fn private_dir(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// Makes a directory, and those above it.
///
/// # Errors
/// The system's.
#[cfg(not(unix))]
pub fn private_dir(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
