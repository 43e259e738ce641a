//! What is a picture, and what of it is kept.

use bytes::Bytes;

use super::{gif, jpeg, png, webp};

/// The largest file taken: 5 MiB.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;

/// The most pixels taken, of the whole picture and of each of its frames: 40 megapixels.
pub const MAX_PIXELS: u64 = 40_000_000;

/// Why a file is not taken as a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// No bytes.
    #[error("The submitted file is empty.")]
    Empty,
    /// Above [`MAX_BYTES`]: 413.
    #[error("The submitted file is too large. An image may have at most 5 MiB.")]
    TooLarge,
    /// Not JPEG, PNG, WebP or GIF, or broken.
    #[error(
        "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
    )]
    NotAnImage,
    /// Above [`MAX_PIXELS`].
    #[error("The image has too many pixels. It may have at most 40 megapixels.")]
    TooManyPixels,
}

/// The formats taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// WebP, animated or not.
    Webp,
    /// GIF, animated or not.
    Gif,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 4] = [Format::Jpeg, Format::Png, Format::Webp, Format::Gif];

    /// The end of the file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::Webp => "webp",
            Format::Gif => "gif",
        }
    }

    /// The `Content-Type` it is served with.
    pub const fn content_type(self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::Webp => "image/webp",
            Format::Gif => "image/gif",
        }
    }

    /// By the first bytes; what the client says about the file counts for nothing.
    fn of(file: &[u8]) -> Option<Self> {
        match file {
            [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Format::Png),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Some(Format::Webp),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
            _ => None,
        }
    }
}

/// A picture with everything left out that does not draw it.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) bytes: Vec<u8>,
    /// Pixels of the whole or of the largest frame, whichever is more.
    pub(super) pixels: u64,
}

/// A picture that may be stored.
#[derive(Debug)]
pub(super) struct Clean {
    pub(super) bytes: Bytes,
    pub(super) format: Format,
}

/// Takes a file apart, keeps the pieces a decoder needs, and puts them together again. The
/// structure must be sound to its end; anything behind the end is dropped. Pixels are not decoded.
pub(super) fn clean(file: &[u8]) -> Result<Clean, ImageError> {
    if file.is_empty() {
        return Err(ImageError::Empty);
    }
    if file.len() > MAX_BYTES {
        return Err(ImageError::TooLarge);
    }
    let format = Format::of(file).ok_or(ImageError::NotAnImage)?;
    let picture = match format {
        Format::Jpeg => jpeg::clean(file),
        Format::Png => png::clean(file),
        Format::Webp => webp::clean(file),
        Format::Gif => gif::clean(file),
    }
    .ok_or(ImageError::NotAnImage)?;
    if picture.pixels > MAX_PIXELS {
        return Err(ImageError::TooManyPixels);
    }
    Ok(Clean {
        bytes: picture.bytes.into(),
        format,
    })
}

/// Pixels of a width and a height; a picture without any is none.
pub(super) fn area(width: impl Into<u64>, height: impl Into<u64>) -> Option<u64> {
    Some(width.into().checked_mul(height.into())?).filter(|pixels| *pixels > 0)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn refusal(file: &[u8]) -> ImageError {
        clean(file).map(|clean| clean.format).unwrap_err()
    }

    #[test]
    fn clean_pictures_pass_unchanged_and_are_known_by_their_bytes() {
        for (file, format) in [
            (samples::jpeg(), Format::Jpeg),
            (samples::progressive_jpeg(), Format::Jpeg),
            (samples::png(), Format::Png),
            (samples::webp(), Format::Webp),
            (samples::lossless_webp(), Format::Webp),
            (samples::transparent_webp(), Format::Webp),
            (samples::animated_webp(), Format::Webp),
            (samples::gif(), Format::Gif),
        ] {
            let clean = clean(&file).unwrap();
            assert_eq!(clean.format, format);
            assert_eq!(clean.bytes, file, "{format:?}");
        }
    }

    #[test]
    fn the_refusals_read_as_clients_know_them() {
        assert_eq!(refusal(b"").to_string(), "The submitted file is empty.");
        assert_eq!(
            refusal(b"hello").to_string(),
            "Upload a valid image. The file you uploaded was either not an image or a corrupted \
             image."
        );
    }

    #[test]
    fn only_pictures_are_taken() {
        for file in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..],
            b"<?xml version='1.0'?><svg/>",
            b"<!doctype html><script>alert(1)</script>",
            b"%PDF-1.7",
            b"BM\x46\0\0\0\0\0\0\0",
            b"II*\0\x08\0\0\0",
            b"\0\0\0\x1cftypavif",
            b"RIFF\x24\0\0\0WAVEfmt ",
            b"MZ",
            b"PK\x03\x04",
            b"GIF89b",
            b"\0",
        ] {
            assert_eq!(
                refusal(file),
                ImageError::NotAnImage,
                "{}",
                file.escape_ascii()
            );
        }
    }

    #[test]
    fn a_magic_number_alone_makes_no_picture() {
        for magic in [
            &b"\xff\xd8\xff\xe0"[..],
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\x04\0\0\0WEBP",
            b"RIFF\xff\xff\xff\xffWEBP",
            b"GIF87a",
            b"GIF89a",
        ] {
            for body in [
                &b""[..],
                b"<script>alert(1)</script>",
                b"/*",
                &[0; 64],
                &[0xFF; 64],
            ] {
                let file = [magic, body].concat();
                assert_eq!(
                    refusal(&file),
                    ImageError::NotAnImage,
                    "{}",
                    file.escape_ascii()
                );
            }
        }
    }

    #[test]
    fn a_picture_cut_short_anywhere_is_refused() {
        for file in samples::all() {
            for length in 1..file.len() {
                let cut = &file[..length];
                assert_eq!(
                    refusal(cut),
                    ImageError::NotAnImage,
                    "{length} of {}",
                    file.len()
                );
            }
        }
    }

    #[test]
    fn what_hangs_behind_the_picture_is_dropped() {
        for file in samples::all() {
            let with_tail = [&file[..], b"PK\x03\x04<script>alert(1)</script>"].concat();
            assert_eq!(clean(&with_tail).unwrap().bytes, file);
        }
    }

    #[test]
    fn size_is_limited_to_five_mebibytes() {
        let padded = |length| {
            let mut file = samples::png();
            file.resize(length, 0);
            file
        };
        assert!(clean(&padded(MAX_BYTES)).is_ok());
        assert_eq!(refusal(&padded(MAX_BYTES + 1)), ImageError::TooLarge);
    }

    #[test]
    fn damage_is_never_a_panic() {
        for file in samples::all() {
            for at in 0..file.len() {
                for flip in [0x01, 0x80, 0xFF] {
                    let mut damaged = file.clone();
                    damaged[at] ^= flip;
                    // Whatever is still taken must pass again, unchanged.
                    if let Ok(once) = clean(&damaged) {
                        assert_eq!(clean(&once.bytes).unwrap().bytes, once.bytes);
                    }
                }
            }
        }
    }
}
