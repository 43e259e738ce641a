//! JPEG (ITU-T T.81): the frame, its tables and scans; of the rest only colour and orientation.

use super::exif;
use super::image::{Picture, area};
use super::reader::Reader;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP14: u8 = 0xEE;

/// The file without its metadata: comments, EXIF (an orientation other than upright stays), XMP,
/// thumbnails, further pictures and whatever follows the end. None if it is not sound.
pub(super) fn clean(file: &[u8]) -> Option<Picture> {
    let mut input = Reader::new(file);
    if input.take(2)? != [0xFF, SOI] {
        return None;
    }
    let mut jfif = None;
    let mut orientation = None;
    let mut pixels = None;
    let mut has_scan = false;
    let mut body = Vec::with_capacity(file.len());
    loop {
        let marker = next_marker(&mut input)?;
        if marker == EOI {
            break;
        }
        let length = u16::from_be_bytes(input.array()?);
        let content = input.take(usize::from(length).checked_sub(2)?)?;
        match marker {
            // Version, unit and density; not the thumbnail.
            APP0 if content.starts_with(b"JFIF\0") => {
                jfif = jfif.or(content.get(..12).map(|head| [head, &[0, 0]].concat()));
            }
            APP1 => {
                let tiff = content.strip_prefix(exif::PREFIX);
                orientation = orientation.or(tiff.and_then(exif::orientation));
            }
            APP2 if content.starts_with(b"ICC_PROFILE\0") => segment(&mut body, marker, content),
            // Says how the colours are coded; without it some pictures turn green.
            APP14 if content.starts_with(b"Adobe") => {
                segment(&mut body, marker, content.get(..12)?);
            }
            // Baseline, extended and progressive: what browsers draw.
            0xC0..=0xC2 => {
                let mut frame = Reader::new(content.get(1..)?);
                let height = u16::from_be_bytes(frame.array()?);
                let width = u16::from_be_bytes(frame.array()?);
                if pixels.replace(area(width, height)?).is_some() {
                    return None;
                }
                segment(&mut body, marker, content);
            }
            // Huffman tables, quantisation tables, restart interval.
            0xC4 | 0xDB | 0xDD => segment(&mut body, marker, content),
            SOS if pixels.is_some() => {
                has_scan = true;
                segment(&mut body, marker, content);
                body.extend_from_slice(scan(&mut input)?);
            }
            // Lossless, hierarchical and arithmetic coding; a scan before its frame; parameters
            // where none belong.
            0x00..=0xDF => return None,
            // All other application segments and comments.
            _ => {}
        }
    }
    if !has_scan {
        return None;
    }
    let mut bytes = Vec::with_capacity(body.len() + 64);
    bytes.extend_from_slice(&[0xFF, SOI]);
    if let Some(jfif) = jfif {
        segment(&mut bytes, APP0, &jfif);
    }
    if let Some(orientation) = orientation {
        segment(
            &mut bytes,
            APP1,
            &[exif::PREFIX, &exif::minimal(orientation)].concat(),
        );
    }
    bytes.append(&mut body);
    bytes.extend_from_slice(&[0xFF, EOI]);
    Some(Picture {
        bytes,
        pixels: pixels?,
    })
}

/// The next marker. Bytes before it belong to nothing; cameras leave some, decoders skip them.
fn next_marker(input: &mut Reader<'_>) -> Option<u8> {
    while input.byte()? != 0xFF {}
    loop {
        match input.byte()? {
            0xFF => {}
            marker => return Some(marker),
        }
    }
}

/// The coded data of a scan: up to the next marker that is no restart marker (0xFF00 is a byte of
/// data, 0xFFFF fills).
fn scan<'a>(input: &mut Reader<'a>) -> Option<&'a [u8]> {
    let is_end =
        |pair: &[u8]| matches!(pair, [0xFF, next] if !matches!(next, 0x00 | 0xD0..=0xD7 | 0xFF));
    let length = input.rest().windows(2).position(is_end)?;
    input.take(length)
}

fn segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    // Contents come from segments, whose length fits, or are a few bytes of ours.
    let Ok(length) = u16::try_from(content.len() + 2) else {
        return;
    };
    out.extend_from_slice(&[0xFF, marker]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::super::image::{ImageError, clean as clean_file};
    use super::super::samples;
    use super::*;

    /// Puts segments behind the start of a picture.
    fn with(file: &[u8], segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut out = vec![0xFF, SOI];
        for (marker, content) in segments {
            segment(&mut out, *marker, content);
        }
        [&out[..], &file[2..]].concat()
    }

    /// EXIF as a phone writes it: camera, orientation, and a GPS directory.
    fn phone_exif(orientation: u8) -> Vec<u8> {
        let mut tiff = b"II*\0\x08\0\0\0\x03\0".to_vec();
        tiff.extend_from_slice(b"\x0f\x01\x02\0\x04\0\0\0Cam\0");
        tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        tiff.extend_from_slice(b"\x25\x88\x04\0\x01\0\0\0\x32\0\0\0");
        tiff.extend_from_slice(b"\0\0\0\0GPS:52.5200N,13.4050E");
        [exif::PREFIX, &tiff].concat()
    }

    fn holds(file: &[u8], needle: &[u8]) -> bool {
        file.windows(needle.len()).any(|window| window == needle)
    }

    #[test]
    fn where_a_photo_was_taken_is_gone_and_the_picture_is_the_same() {
        for picture in [samples::jpeg(), samples::progressive_jpeg()] {
            let photo = with(
                &picture,
                &[
                    (APP1, &phone_exif(1)),
                    (
                        APP1,
                        b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPS:52.52</x:xmpmeta>",
                    ),
                    (0xED, b"Photoshop 3.0\x008BIM GPS:52.52"),
                    (0xE2, b"MPF\0GPS:52.52"),
                    (0xFE, b"comment GPS:52.52"),
                ],
            );
            assert!(holds(&photo, b"GPS"));
            assert_eq!(clean_file(&photo).unwrap().bytes, picture);
        }
    }

    #[test]
    fn a_photo_taken_sideways_stays_sideways_and_nothing_else_is_told() {
        let photo = with(&samples::jpeg(), &[(APP1, &phone_exif(6))]);
        let clean = clean_file(&photo).unwrap().bytes;
        assert!(!holds(&clean, b"GPS") && !holds(&clean, b"Cam"));
        let start = clean
            .windows(6)
            .position(|window| window == exif::PREFIX)
            .unwrap();
        assert_eq!(exif::orientation(&clean[start + 6..]), Some(6));
        assert_eq!(clean.len(), samples::jpeg().len() + 4 + 6 + 26);
    }

    #[test]
    fn the_colour_profile_stays() {
        let profile = b"ICC_PROFILE\0\x01\x01profile";
        let photo = with(&samples::jpeg(), &[(APP2, profile)]);
        assert!(holds(&clean_file(&photo).unwrap().bytes, profile));
    }

    #[test]
    fn a_thumbnail_in_the_header_is_dropped() {
        let thumbnail = [&b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01"[..], b"RGB"].concat();
        let bare = samples::jpeg();
        // The sample's own header is the first segment; take its place.
        let header = 4 + 14;
        let photo = with(
            &[&[0xFF, SOI], &bare[2 + header..]].concat(),
            &[(APP0, &thumbnail)],
        );
        assert_eq!(clean_file(&photo).unwrap().bytes, bare);
    }

    #[test]
    fn a_second_picture_behind_the_first_is_dropped() {
        let hidden = with(&samples::jpeg(), &[(APP1, &phone_exif(1))]);
        let both = [samples::jpeg(), hidden].concat();
        assert_eq!(clean_file(&both).unwrap().bytes, samples::jpeg());
    }

    #[test]
    fn a_scan_goes_on_behind_its_restart_markers_and_stuffed_bytes() {
        let picture = samples::jpeg();
        let (head, end) = picture.split_at(picture.len() - 2);
        let long = [head, b"\xff\xd0data\xff\x00data\xff\xd7data", end].concat();
        assert_eq!(clean_file(&long).unwrap().bytes, long);
    }

    #[test]
    fn comments_between_scans_are_dropped_too() {
        let picture = samples::progressive_jpeg();
        let second_scan = picture
            .windows(2)
            .rposition(|pair| pair == [0xFF, SOS])
            .unwrap();
        let (head, tail) = picture.split_at(second_scan);
        let mut commented = head.to_vec();
        segment(&mut commented, 0xFE, b"between the scans");
        commented.extend_from_slice(tail);
        assert_eq!(clean_file(&commented).unwrap().bytes, picture);
    }

    #[test]
    fn sixty_five_thousand_pixels_square_are_too_many() {
        let mut huge = samples::jpeg();
        let frame = huge
            .windows(2)
            .position(|pair| pair == [0xFF, 0xC0])
            .unwrap();
        huge[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
        assert_eq!(clean_file(&huge).unwrap_err(), ImageError::TooManyPixels);
        huge[frame + 5..frame + 7].copy_from_slice(&[0; 2]);
        assert_eq!(clean_file(&huge).unwrap_err(), ImageError::NotAnImage);
    }
}
