//! GIF (87a and 89a): frames, palettes, timing and looping; no comments, no application data.

use super::image::{Picture, area};
use super::reader::Reader;

const IMAGE: u8 = 0x2C;
const EXTENSION: u8 = 0x21;
const TRAILER: u8 = 0x3B;

const GRAPHIC_CONTROL: u8 = 0xF9;
const APPLICATION: u8 = 0xFF;

/// The file without comments, plain text and application data other than looping. None if it is
/// not sound from the header to the trailer, or has no frame.
pub(super) fn clean(file: &[u8]) -> Option<Picture> {
    let mut input = Reader::new(file);
    let mut out = Vec::with_capacity(file.len());
    let signature = input.take(6)?;
    if signature != b"GIF87a" && signature != b"GIF89a" {
        return None;
    }
    out.extend_from_slice(signature);
    let screen: [u8; 7] = input.array()?;
    let [a, b, c, d, flags, _background, _aspect] = screen;
    let mut pixels = area(u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]))?;
    out.extend_from_slice(&screen);
    out.extend_from_slice(input.take(palette_bytes(flags))?);
    let mut has_frame = false;
    loop {
        match input.byte()? {
            IMAGE => {
                has_frame = true;
                pixels = pixels.max(frame(&mut input, &mut out)?);
            }
            EXTENSION => extension(&mut input, &mut out)?,
            TRAILER => break,
            _ => return None,
        }
    }
    out.push(TRAILER);
    has_frame.then_some(Picture { bytes: out, pixels })
}

/// Copies a frame; answers its pixels.
fn frame(input: &mut Reader<'_>, out: &mut Vec<u8>) -> Option<u64> {
    let descriptor: [u8; 9] = input.array()?;
    let [_, _, _, _, a, b, c, d, flags] = descriptor;
    let pixels = area(u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]))?;
    out.push(IMAGE);
    out.extend_from_slice(&descriptor);
    out.extend_from_slice(input.take(palette_bytes(flags))?);
    let code_size = input.byte()?;
    if !(2..=8).contains(&code_size) {
        return None;
    }
    out.push(code_size);
    out.extend_from_slice(sub_blocks(input)?);
    Some(pixels)
}

/// Copies an extension if the picture needs it, skips it if not.
fn extension(input: &mut Reader<'_>, out: &mut Vec<u8>) -> Option<()> {
    let label = input.byte()?;
    let blocks = sub_blocks(input)?;
    let is_kept = match label {
        // Timing, transparency and disposal: one block of four bytes.
        GRAPHIC_CONTROL => matches!(blocks, [4, _, _, _, _, 0]),
        // How often to loop, and nothing but that: one block of three bytes behind the name.
        APPLICATION => matches!(
            blocks
                .strip_prefix(b"\x0bNETSCAPE2.0")
                .or(blocks.strip_prefix(b"\x0bANIMEXTS1.0")),
            Some([3, 1, _, _, 0])
        ),
        _ => false,
    };
    if is_kept {
        out.extend_from_slice(&[EXTENSION, label]);
        out.extend_from_slice(blocks);
    }
    Some(())
}

/// Blocks of up to 255 bytes, each behind its length, up to and with the empty one that ends them.
fn sub_blocks<'a>(input: &mut Reader<'a>) -> Option<&'a [u8]> {
    let start = input.rest();
    let mut length = 0;
    loop {
        let size = usize::from(input.byte()?);
        input.take(size)?;
        length += 1 + size;
        if size == 0 {
            return start.get(..length);
        }
    }
}

/// The size of the palette that follows a descriptor with these flags.
fn palette_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 0x07) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::image::{ImageError, clean as clean_file};
    use super::super::samples;
    use super::*;

    /// The sample with `extra` between the screen's palette and the first block.
    fn with(extra: &[u8]) -> Vec<u8> {
        let file = samples::gif();
        let (head, tail) = file.split_at(13 + palette_bytes(file[10]));
        [head, extra, tail].concat()
    }

    #[test]
    fn an_animation_keeps_its_frames_its_timing_and_its_looping() {
        let clean = clean_file(&samples::gif()).unwrap().bytes;
        assert!(clean.windows(11).any(|window| window == b"NETSCAPE2.0"));
        let timings = clean
            .windows(3)
            .filter(|window| window == &[0x21, 0xF9, 4])
            .count();
        assert_eq!(timings, 3);
        assert_eq!(clean, samples::gif());
    }

    #[test]
    fn comments_and_application_data_are_dropped() {
        for extra in [
            &b"\x21\xfe\x07GPS 52.\0"[..],
            b"\x21\xff\x0bXMP DataXMP\x05<xmp>\0",
            b"\x21\xff\x0bNETSCAPE2.0\x05\x02hide\x03\x01\0\0\0",
            b"\x21\x01\x0c\0\0\0\0\0\0\0\0\0\0\0\0\x04text\0",
            b"\x21\x99\x08<script>\0",
            b"\x21\xf9\x08GPS 52.5\0",
        ] {
            let bytes = clean_file(&with(extra)).unwrap().bytes;
            assert_eq!(bytes, samples::gif(), "{}", extra.escape_ascii());
        }
    }

    #[test]
    fn a_page_that_begins_like_a_gif_is_refused() {
        for page in [
            &b"GIF89a<script>alert(1)</script>"[..],
            b"GIF89a/*\0\0\0\0\0*/=1;alert(1)//;",
            b"GIF89a=1;alert(1)//                        \x3b",
        ] {
            let refused = clean_file(page).unwrap_err();
            assert_eq!(refused, ImageError::NotAnImage, "{}", page.escape_ascii());
        }
    }

    #[test]
    fn a_screen_without_a_frame_is_no_picture() {
        let empty = b"GIF89a\x08\0\x06\0\0\0\0\x3b";
        assert_eq!(clean_file(empty).unwrap_err(), ImageError::NotAnImage);
    }

    #[test]
    fn too_many_pixels_are_refused_for_the_screen_and_for_a_frame() {
        let mut screen = samples::gif();
        screen[6..10].copy_from_slice(&[0xFF; 4]);
        assert_eq!(clean_file(&screen).unwrap_err(), ImageError::TooManyPixels);
        let mut frame = samples::gif();
        let at = frame.iter().rposition(|byte| *byte == IMAGE).unwrap();
        frame[at + 5..at + 9].copy_from_slice(&[0xFF; 4]);
        assert_eq!(clean_file(&frame).unwrap_err(), ImageError::TooManyPixels);
    }
}
