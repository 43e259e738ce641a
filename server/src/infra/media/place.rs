//! Where the pictures are kept: in a directory of this machine, or in a bucket.

use std::fmt;
use std::path::PathBuf;

/// The place that `MEDIA_ROOT` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A directory of this machine.
    Directory(PathBuf),
    /// A part of an S3 bucket.
    Bucket(Bucket),
}

/// A part of an S3 bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The bucket's name.
    pub name: String,
    /// What all names in it begin with, without slashes around it; may be empty.
    pub prefix: String,
    /// How it is reached.
    pub service: S3,
    /// Who asks.
    pub credentials: Credentials,
}

/// How buckets are reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct S3 {
    /// The service's address; none: Amazon's in the region.
    pub endpoint: Option<String>,
    /// The address by which clients reach the same service; none: they don't.
    pub public_endpoint: Option<String>,
    /// The region that requests are signed for.
    pub region: String,
    /// Who asks, if it was said.
    pub credentials: Option<Credentials>,
}

/// An access key and its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The key's id.
    pub key_id: String,
    /// The secret. Never shown.
    pub secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({}, …)", self.key_id)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Directory(path) => path.display().fmt(f),
            Place::Bucket(bucket) if bucket.prefix.is_empty() => {
                write!(f, "s3://{}", bucket.name)
            }
            Place::Bucket(bucket) => write!(f, "s3://{}/{}", bucket.name, bucket.prefix),
        }
    }
}

impl Place {
    /// The place of a text: `s3://bucket/prefix`, or a directory.
    ///
    /// # Errors
    /// One clause that says what to write instead, or what must be set for a bucket.
    pub fn parse(text: &str, service: &S3) -> Result<Self, String> {
        let Some(rest) = text.strip_prefix("s3://") else {
            return match text {
                "" => Err("name a directory or s3://bucket/prefix".to_owned()),
                text if text.contains("://") => Err(format!(
                    "“{text}” is neither a directory of this machine nor s3://bucket/prefix"
                )),
                text => Ok(Place::Directory(PathBuf::from(text))),
            };
        };
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        if !is_bucket(name) || !is_prefix(prefix) {
            return Err(format!(
                "“{text}” names no bucket; write it as s3://bucket/prefix, the bucket in small letters, digits, dots and dashes"
            ));
        }
        let Some(credentials) = service.credentials.clone() else {
            return Err(
                "a bucket wants AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; set both".to_owned(),
            );
        };
        Ok(Place::Bucket(Bucket {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
            service: service.clone(),
            credentials,
        }))
    }
}

fn is_bucket(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
}

/// Whether all its parts are plain names, so that it reads the same everywhere.
fn is_prefix(prefix: &str) -> bool {
    prefix.is_empty()
        || prefix.split('/').all(|part| {
            !matches!(part, "" | "." | "..")
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> S3 {
        S3 {
            credentials: Some(Credentials {
                key_id: "ID".to_owned(),
                secret: "hush".to_owned(),
            }),
            ..S3::default()
        }
    }

    #[test]
    fn a_place_is_a_directory_or_a_part_of_a_bucket() {
        for (text, shown) in [
            ("/srv/media", "/srv/media"),
            ("s3://clinic", "s3://clinic"),
            ("s3://clinic/", "s3://clinic"),
            ("s3://my.clinic-1/a/b/", "s3://my.clinic-1/a/b"),
        ] {
            let place = Place::parse(text, &service()).unwrap();
            assert_eq!(place.to_string(), shown);
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in [
            "",
            "s3://",
            "s3://ab",
            "s3://Clinic/x",
            "s3://user:secret@clinic/x",
            "s3://clinic//x",
            "s3://clinic/../x",
            "s3://clinic/a b",
            "https://clinic/x",
        ] {
            assert!(Place::parse(text, &service()).is_err(), "{text}");
        }
        let nobody = Place::parse("s3://clinic", &S3::default());
        assert!(nobody.unwrap_err().contains("AWS_SECRET_ACCESS_KEY"));
    }

    #[test]
    fn the_secret_does_not_show_in_logs() {
        let place = Place::parse("s3://clinic/x", &service()).unwrap();
        assert!(!format!("{place:?} {place}").contains("hush"));
    }
}
