//! The settings of where pictures are kept.

use std::net::IpAddr;
use std::path::Path;

use super::{ConfigError, Reader, boolean, error, is_loopback};
use crate::infra::media::{Credentials, Place, S3};

/// How buckets are reached, whether or not there is one.
pub(super) fn service(read: &Reader<'_>) -> Result<S3, ConfigError> {
    let allow_http = read.parse("S3_ALLOW_HTTP", boolean)?;
    let key_id = read.text("AWS_ACCESS_KEY_ID");
    let secret = read.text("AWS_SECRET_ACCESS_KEY");
    let credentials = match (key_id.is_empty(), secret.is_empty()) {
        (true, true) => None,
        (false, false) => Some(Credentials { key_id, secret }),
        (true, false) => {
            return Err(error(
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY is set without it; set both or neither".to_owned(),
            ));
        }
        (false, true) => {
            return Err(error(
                "AWS_SECRET_ACCESS_KEY",
                "AWS_ACCESS_KEY_ID is set without it; set both or neither".to_owned(),
            ));
        }
    };
    Ok(S3 {
        endpoint: read.parse("S3_ENDPOINT", |url| endpoint(url, allow_http))?,
        public_endpoint: read.parse("S3_PUBLIC_ENDPOINT", |url| endpoint(url, allow_http))?,
        region: read.parse("S3_REGION", region)?,
        credentials,
    })
}

/// `MEDIA_ROOT`.
pub(super) fn place(
    read: &Reader<'_>,
    data_dir: &Path,
    service: &S3,
) -> Result<Place, ConfigError> {
    read.parse("MEDIA_ROOT", |text| match text {
        "" => Ok(Place::Directory(data_dir.join("media"))),
        text => Place::parse(text, service),
    })
}

/// Pictures and signatures must not cross a network in clear.
fn endpoint(url: &str, allow_http: bool) -> Result<Option<String>, String> {
    if url.is_empty() {
        return Ok(None);
    }
    let (rest, is_clear) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (rest, false),
        (None, Some(rest)) => (rest, true),
        (None, None) => {
            return Err(format!("“{url}” does not start with https:// or http://"));
        }
    };
    let rest = rest.trim_end_matches('/');
    if rest.is_empty() || rest.contains(['/', '@', '?', '#', ' ']) {
        return Err(
            "it is no address of a service; write it as https://s3.example.org, without bucket and user"
                .to_owned(),
        );
    }
    if is_clear && !allow_http && !is_here(rest) {
        return Err(format!(
            "“{url}” is not this machine, and pictures must not cross a network in clear; use https://, or set S3_ALLOW_HTTP=true where the network is yours alone"
        ));
    }
    Ok(Some(url.trim_end_matches('/').to_owned()))
}

/// Whether `host:port` is this machine's loopback.
fn is_here(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name == "localhost"
        || name
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(is_loopback)
}

fn region(text: &str) -> Result<String, String> {
    let is_word = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match is_word {
        true => Ok(text.to_owned()),
        false => Err(format!("“{text}” is no region; write it as eu-central-1")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::{Config, effective};
    use super::*;

    const KEYS: [(&str, &str); 2] = [
        ("AWS_ACCESS_KEY_ID", "ID"),
        ("AWS_SECRET_ACCESS_KEY", "hush"),
    ];

    fn config(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_lookup(|name| {
            let found = settings.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    /// Which setting is refused, and why.
    fn fault(settings: &[(&str, &str)]) -> (&'static str, String) {
        let error = config(settings).err().expect("it is refused");
        (error.name, error.problem)
    }

    #[test]
    fn pictures_are_in_the_data_directory_in_another_one_or_in_a_bucket() {
        let place = |settings: &[(&str, &str)]| config(settings).unwrap().media;
        assert_eq!(
            place(&[("DATA_DIR", "/data")]),
            Place::Directory(PathBuf::from("/data/media"))
        );
        assert_eq!(
            place(&[("MEDIA_ROOT", "/pictures")]),
            Place::Directory(PathBuf::from("/pictures"))
        );
        let bucket = [KEYS[0], KEYS[1], ("MEDIA_ROOT", "s3://clinic/pictures")];
        let Place::Bucket(bucket) = place(&bucket) else {
            panic!("no bucket");
        };
        assert_eq!(
            (&*bucket.name, &*bucket.prefix, &*bucket.service.region),
            ("clinic", "pictures", "us-east-1")
        );
    }

    #[test]
    fn a_bucket_wants_both_keys() {
        let bucket = ("MEDIA_ROOT", "s3://clinic");
        assert_eq!(fault(&[bucket]).0, "MEDIA_ROOT");
        assert_eq!(fault(&[bucket, KEYS[0]]).0, "AWS_SECRET_ACCESS_KEY");
        assert_eq!(fault(&[bucket, KEYS[1]]).0, "AWS_ACCESS_KEY_ID");
    }

    #[test]
    fn nothing_leaves_the_machine_in_clear_unless_it_was_said() {
        for name in ["S3_ENDPOINT", "S3_PUBLIC_ENDPOINT"] {
            for here in [
                "http://localhost:9000",
                "http://127.0.0.1",
                "http://[::1]:9000/",
                "https://s3.example.org",
            ] {
                assert!(config(&[(name, here)]).is_ok(), "{here}");
            }
            let away = (name, "http://minio.lan:9000");
            let (faulty, why) = fault(&[away]);
            assert!(
                faulty == name && why.contains("S3_ALLOW_HTTP=true"),
                "{why}"
            );
            assert!(config(&[away, ("S3_ALLOW_HTTP", "true")]).is_ok());
            for wrong in [
                "s3.example.org",
                "https://",
                "https://s3.example.org/clinic",
                "https://me:hush@s3.example.org",
                "http://localhost.example.org",
            ] {
                let (faulty, why) = fault(&[(name, wrong)]);
                assert!(faulty == name && !why.contains("hush"), "{wrong}: {why}");
            }
        }
        assert_eq!(fault(&[("S3_REGION", "eu/1")]).0, "S3_REGION");
    }

    #[test]
    fn the_secret_is_masked() {
        let shown = effective(|name| (name == KEYS[1].0).then(|| KEYS[1].1.to_owned()));
        assert!(
            shown.contains("AWS_SECRET_ACCESS_KEY=********") && !shown.contains("hush"),
            "{shown}"
        );
    }
}
