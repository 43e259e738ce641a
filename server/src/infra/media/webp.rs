//! WebP (RFC 9649): bitstreams, alpha, animation and colour profile; no EXIF, no XMP.

use super::exif;
use super::image::{Picture, area};
use super::reader::Reader;

/// Flags of the extended header.
const HAS_XMP: u8 = 0x04;
const HAS_EXIF: u8 = 0x08;

type Id = [u8; 4];

/// The file without its metadata; an orientation other than upright stays. None if it is not
/// sound: bitstreams are checked as far as their headers.
pub(super) fn clean(file: &[u8]) -> Option<Picture> {
    let mut input = Reader::new(file);
    if input.take(4)? != b"RIFF" {
        return None;
    }
    let size = usize::try_from(u32::from_le_bytes(input.array()?)).ok()?;
    let mut riff = Reader::new(input.take(size)?);
    if riff.take(4)? != b"WEBP" {
        return None;
    }
    let chunks = chunks(riff)?;
    let (first, content) = chunks.first()?;
    let mut out = Vec::with_capacity(file.len());
    let pixels = if first == b"VP8X" {
        extended(&mut out, content, &chunks)?
    } else {
        // The simple form is its one bitstream.
        let pixels = bitstream(*first, content)?;
        put(&mut out, *first, content);
        pixels
    };
    let size = u32::try_from(out.len() + 4).ok()?;
    let bytes = [&b"RIFF"[..], &size.to_le_bytes(), b"WEBP", &out].concat();
    Some(Picture { bytes, pixels })
}

/// Writes the extended form; answers its pixels.
fn extended(out: &mut Vec<u8>, header: &[u8], chunks: &[(Id, &[u8])]) -> Option<u64> {
    let [flags, reserved @ .., a, b, c, d, e, f]: [u8; 10] = header.try_into().ok()?;
    let side = |low, middle, high| u64::from(u32::from_le_bytes([low, middle, high, 0])) + 1;
    let mut pixels = area(side(a, b, c), side(d, e, f))?;
    let orientation = chunks
        .iter()
        .find(|(id, _)| id == b"EXIF")
        .and_then(|(_, content)| {
            exif::orientation(content.strip_prefix(exif::PREFIX).unwrap_or(content))
        });
    let exif_flag = if orientation.is_some() { HAS_EXIF } else { 0 };
    let flags = flags & !(HAS_XMP | HAS_EXIF) | exif_flag;
    put(
        out,
        *b"VP8X",
        &[&[flags], &reserved[..], &[a, b, c, d, e, f]].concat(),
    );
    let mut has_image = false;
    for (id, content) in chunks {
        match id {
            b"ICCP" | b"ANIM" | b"ALPH" => put(out, *id, content),
            b"VP8 " | b"VP8L" => {
                has_image = true;
                pixels = pixels.max(bitstream(*id, content)?);
                put(out, *id, content);
            }
            b"ANMF" => {
                has_image = true;
                let (frame, frame_pixels) = frame(content)?;
                pixels = pixels.max(frame_pixels);
                put(out, *id, &frame);
            }
            _ => {}
        }
    }
    if let Some(orientation) = orientation {
        put(out, *b"EXIF", &exif::minimal(orientation));
    }
    has_image.then_some(pixels)
}

/// One frame of an animation: its 16 bytes of header, alpha and bitstream, without the unknown
/// chunks that may follow; and its pixels.
fn frame(content: &[u8]) -> Option<(Vec<u8>, u64)> {
    let mut input = Reader::new(content);
    let mut frame = input.take(16)?.to_vec();
    let mut pixels = None;
    for (id, content) in chunks(input)? {
        match &id {
            b"ALPH" => put(&mut frame, id, content),
            b"VP8 " | b"VP8L" => {
                pixels = Some(bitstream(id, content)?);
                put(&mut frame, id, content);
            }
            _ => {}
        }
    }
    Some((frame, pixels?))
}

/// The pixels a bitstream's header tells.
fn bitstream(id: Id, content: &[u8]) -> Option<u64> {
    let mut input = Reader::new(content);
    match &id {
        b"VP8 " => {
            // A key frame (RFC 6386 §9.1): the lowest bit of its tag is 0.
            let [tag, _, _] = input.array()?;
            if tag & 1 != 0 || input.take(3)? != [0x9D, 0x01, 0x2A] {
                return None;
            }
            let mut side = || Some(u16::from_le_bytes(input.array()?) & 0x3FFF);
            area(side()?, side()?)
        }
        b"VP8L" => {
            let [signature] = input.array()?;
            let bits = u32::from_le_bytes(input.array()?);
            if signature != 0x2F || bits >> 29 != 0 {
                return None;
            }
            area((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        _ => None,
    }
}

/// Splits into chunks: id, length, content, and a byte of padding behind an odd length.
fn chunks(mut input: Reader<'_>) -> Option<Vec<(Id, &[u8])>> {
    let mut chunks = Vec::new();
    while !input.is_empty() {
        let id = input.array()?;
        let length = usize::try_from(u32::from_le_bytes(input.array()?)).ok()?;
        chunks.push((id, input.take(length)?));
        if !length.is_multiple_of(2) {
            input.byte()?;
        }
    }
    Some(chunks)
}

fn put(out: &mut Vec<u8>, id: Id, content: &[u8]) {
    // Contents come from chunks of a file that is far below 4 GiB.
    let Ok(length) = u32::try_from(content.len()) else {
        return;
    };
    out.extend_from_slice(&id);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(content);
    if !length.is_multiple_of(2) {
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::image::{ImageError, clean as clean_file};
    use super::super::samples;
    use super::*;

    /// An extended file of these chunks, with every flag in `flags` set.
    fn extended_file(flags: u8, side: [u8; 3], chunks: &[(&Id, &[u8])]) -> Vec<u8> {
        let mut out = Vec::new();
        put(
            &mut out,
            *b"VP8X",
            &[&[flags, 0, 0, 0][..], &side, &side].concat(),
        );
        for (id, content) in chunks {
            put(&mut out, **id, content);
        }
        let size = u32::try_from(out.len() + 4).unwrap();
        [&b"RIFF"[..], &size.to_le_bytes(), b"WEBP", &out].concat()
    }

    fn lossy() -> Vec<u8> {
        let file = samples::webp();
        let length = usize::from(file[16]);
        file[20..20 + length].to_vec()
    }

    #[test]
    fn place_and_description_are_gone_and_the_picture_is_the_same() {
        let side = [7, 0, 0];
        let icc: (&Id, &[u8]) = (b"ICCP", b"profile");
        let image: (&Id, &[u8]) = (b"VP8 ", &lossy());
        let exif: (&Id, &[u8]) = (b"EXIF", b"II*\0\x08\0\0\0\0\0\0\0\0\0 GPS 52.52");
        let xmp: (&Id, &[u8]) = (b"XMP ", b"<x:xmpmeta>GPS</x:xmpmeta>");
        let unknown: (&Id, &[u8]) = (b"junk", b"<script>");
        let full = extended_file(
            0x20 | HAS_EXIF | HAS_XMP,
            side,
            &[icc, image, exif, xmp, unknown],
        );
        assert_eq!(
            clean_file(&full).unwrap().bytes,
            extended_file(0x20, side, &[icc, image]),
        );
    }

    #[test]
    fn the_way_up_stays() {
        let image: (&Id, &[u8]) = (b"VP8 ", &lossy());
        let minimal = exif::minimal(8);
        let prefixed = [exif::PREFIX, &minimal].concat();
        let wanted = extended_file(HAS_EXIF, [7, 0, 0], &[image, (b"EXIF", &minimal)]);
        for exif in [&minimal[..], &prefixed] {
            let file = extended_file(HAS_EXIF, [7, 0, 0], &[image, (b"EXIF", exif)]);
            assert_eq!(clean_file(&file).unwrap().bytes, wanted);
        }
    }

    #[test]
    fn nothing_hides_in_an_animations_frames() {
        let clean = samples::animated_webp();
        let mut out = Vec::new();
        let mut riff = Reader::new(&clean[12..]);
        for (id, content) in chunks(riff).unwrap() {
            let mut content = content.to_vec();
            if id == *b"ANMF" {
                put(&mut content, *b"EXIF", b"GPS");
            }
            put(&mut out, id, &content);
        }
        riff = Reader::new(&out);
        assert!(riff.rest().windows(3).any(|window| window == b"GPS"));
        let size = u32::try_from(out.len() + 4).unwrap();
        let hiding = [&b"RIFF"[..], &size.to_le_bytes(), b"WEBP", &out].concat();
        assert_eq!(clean_file(&hiding).unwrap().bytes, clean);
    }

    #[test]
    fn too_many_pixels_are_refused_wherever_they_are_claimed() {
        let image: (&Id, &[u8]) = (b"VP8 ", &lossy());
        let canvas = extended_file(0, [0xFF, 0xFF, 0], &[image]);
        assert_eq!(clean_file(&canvas).unwrap_err(), ImageError::TooManyPixels);
        let mut bitstream = lossy();
        bitstream[6..10].copy_from_slice(&[0xFF, 0x3F, 0xFF, 0x3F]);
        let inside = extended_file(0, [7, 0, 0], &[(b"VP8 ", &bitstream)]);
        assert_eq!(clean_file(&inside).unwrap_err(), ImageError::TooManyPixels);
    }

    #[test]
    fn a_canvas_without_a_picture_is_none() {
        let empty = extended_file(0, [7, 0, 0], &[(b"ICCP", b"profile")]);
        assert_eq!(clean_file(&empty).unwrap_err(), ImageError::NotAnImage);
    }
}
