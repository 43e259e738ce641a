//! Half-written files. The store writes a picture beside its place, as `<name>#<number>`, and
//! renames it when it is whole; a crash in between leaves a file that no listing shows.

use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::Key;

/// Removes the half-written files below `root` that were last written before `before`; answers
/// how many. Blocks: run it off the async workers.
pub(super) fn remove(root: &Path, before: DateTime<Utc>) -> io::Result<usize> {
    let mut removed = 0;
    for kind in ["public", "private"] {
        for year in entries(&root.join(kind))? {
            for file in entries(&year?.path())? {
                let file = file?;
                let below_root = format!("{kind}/{}", below(&file.path()));
                if is_staged(&below_root)
                    && DateTime::<Utc>::from(file.metadata()?.modified()?) < before
                {
                    std::fs::remove_file(file.path())?;
                    removed += 1;
                }
            }
        }
    }
    Ok(removed)
}

/// The last two parts of a path: year and name.
fn below(path: &Path) -> String {
    let name = |path: Option<&Path>| {
        path.and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    format!("{}/{}", name(path.parent()), name(Some(path)))
}

/// Whether it is a key of ours with `#` and a number behind it.
fn is_staged(path: &str) -> bool {
    path.rsplit_once('#').is_some_and(|(key, number)| {
        key.parse::<Key>().is_ok()
            && !number.is_empty()
            && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// The entries of a directory; none if it is missing or no directory.
fn entries(directory: &Path) -> io::Result<impl Iterator<Item = io::Result<std::fs::DirEntry>>> {
    match std::fs::read_dir(directory) {
        Ok(entries) => Ok(Some(entries).into_iter().flatten()),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None.into_iter().flatten())
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_half_written_files_are_taken_for_such() {
        let key = "private/2026/0190163d-8694-739b-aea5-966c26f8ad91.jpg";
        for (path, staged) in [
            (format!("{key}#1"), true),
            (format!("{key}#12"), true),
            (key.to_owned(), false),
            (format!("{key}#"), false),
            (format!("{key}#old"), false),
            ("private/2026/notes#1".to_owned(), false),
        ] {
            assert_eq!(is_staged(&path), staged, "{path}");
        }
    }

    #[test]
    fn a_store_without_files_has_none_to_remove() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("public"), "not a directory").unwrap();
        assert_eq!(remove(root.path(), DateTime::<Utc>::MAX_UTC).unwrap(), 0);
    }
}
