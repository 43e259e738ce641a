//! Files that are this user's own.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Puts `content` in place of the file at `path`, whole or not at all, readable by this user only.
/// Directories on the way are made, with mode 0700. A symbolic link stays one: its target is
/// replaced.
///
/// # Errors
/// What the file system says; the old file is then untouched.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(directory) = path
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty())
    {
        make_private_directory(directory)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let written = write_private(&new, content).and_then(|()| fs::rename(&new, &path));
    if written.is_err() {
        // Best effort: what could not be written may not be removable either.
        let _ = fs::remove_file(&new);
    }
    written
}

/// Opens a file to append to, made readable by this user only.
///
/// # Errors
/// What the file system says.
pub(crate) fn append_private(path: &Path) -> io::Result<fs::File> {
    options().create(true).append(true).open(path)
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = options()
        .create(true)
        .truncate(true)
        .write(true)
        .open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn options() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn make_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_a_link_and_its_target_gets_the_content() {
        let directory = tempfile::tempdir().unwrap();
        let (target, link) = (
            directory.path().join("target"),
            directory.path().join("link"),
        );
        fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(
            fs::read_dir(directory.path()).unwrap().count(),
            2,
            "nothing left behind"
        );
    }
}
