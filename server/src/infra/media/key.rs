//! The name of a stored picture.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::Format;

/// Who may fetch a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Everyone: doctors' photos, services' images.
    Public,
    /// Whom the row that names it allows, or the holder of a signed URL.
    Private,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Kind::Public => "public",
            Kind::Private => "private",
        }
    }
}

/// Where a picture is stored: `private/2026/<uuid>.jpg`. Made by the store only; a text that is
/// not exactly of this form does not parse, so a key can never lead out of the media directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    kind: Kind,
    year: u16,
    id: Uuid,
    format: Format,
}

/// A text that is not the key of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not the key of a stored picture.")]
pub struct NotAKey;

impl Key {
    pub(super) const fn new(kind: Kind, year: u16, id: Uuid, format: Format) -> Self {
        Self {
            kind,
            year,
            id,
            format,
        }
    }

    /// Public or private.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The file's format, which its content type follows from.
    pub const fn format(&self) -> Format {
        self.format
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            year,
            id,
            format,
        } = self;
        write!(f, "{}/{year:04}/{id}.{}", kind.as_str(), format.extension())
    }
}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let parsed = parse(text).ok_or(NotAKey)?;
        // Numbers and UUIDs can be written in several ways; a key only in its own.
        if parsed.to_string() == text {
            Ok(parsed)
        } else {
            Err(NotAKey)
        }
    }
}

fn parse(text: &str) -> Option<Key> {
    let mut parts = text.split('/');
    let kind = match parts.next()? {
        "public" => Kind::Public,
        "private" => Kind::Private,
        _ => return None,
    };
    let year = parts.next()?.parse().ok()?;
    let (id, extension) = parts.next()?.split_once('.')?;
    let format = Format::ALL
        .into_iter()
        .find(|format| format.extension() == extension)?;
    let id = id.parse().ok()?;
    parts.next().is_none().then_some(Key {
        kind,
        year,
        id,
        format,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "private/2026/0190163d-8694-739b-aea5-966c26f8ad91.jpg";

    #[test]
    fn a_key_reads_back_as_it_is_written() {
        let key: Key = TEXT.parse().unwrap();
        assert_eq!(key.to_string(), TEXT);
        assert_eq!((key.kind(), key.format()), (Kind::Private, Format::Jpeg));
    }

    #[test]
    fn nothing_else_is_a_key() {
        let id = "0190163d-8694-739b-aea5-966c26f8ad91";
        for bad in [
            String::new(),
            "/".to_owned(),
            "../../etc/passwd".to_owned(),
            format!("private/2026/../{id}.jpg"),
            format!("private/2026/../../{id}.jpg"),
            format!("private/2026/..%2f{id}.jpg"),
            format!("private\\2026\\{id}.jpg"),
            format!("/{TEXT}"),
            format!("{TEXT}/"),
            format!("{TEXT}/x"),
            format!("{TEXT}\0"),
            format!(" {TEXT}"),
            format!("private//{id}.jpg"),
            format!("private/+2026/{id}.jpg"),
            format!("private/26/{id}.jpg"),
            format!("private/02026/{id}.jpg"),
            format!("secret/2026/{id}.jpg"),
            format!("Private/2026/{id}.jpg"),
            format!("private/2026/{id}"),
            format!("private/2026/{id}.html"),
            format!("private/2026/{id}.JPG"),
            format!("private/2026/{id}.jpg.html"),
            format!("private/2026/{}.jpg", id.to_uppercase()),
            format!("private/2026/{}.jpg", id.replace('-', "")),
            format!("private/2026/{{{id}}}.jpg"),
            format!("private/2026/urn:uuid:{id}.jpg"),
        ] {
            assert_eq!(bad.parse::<Key>(), Err(NotAKey), "{bad:?}");
        }
    }
}
