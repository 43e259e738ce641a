//! PNG (third edition): image data, palette, colour and animation; no text, no time, no EXIF.

use bytes::Bytes;
use img_parts::png::{Png, PngChunk};

use super::exif;
use super::image::{Picture, area};
use super::reader::Reader;

/// The chunks that draw. Everything else (text, time, EXIF, private ones) is dropped.
const KEPT: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

/// The file without its metadata; an orientation other than upright stays. None if it is not
/// sound: checksums are verified, pixels are not decoded.
pub(super) fn clean(file: &[u8]) -> Option<Picture> {
    let mut png = Png::from_bytes(Bytes::copy_from_slice(file)).ok()?;
    let [first, .., last] = png.chunks().as_slice() else {
        return None;
    };
    if first.kind() != *b"IHDR" || last.kind() != *b"IEND" {
        return None;
    }
    let pixels = header(first)?;
    let single = |kind| png.chunks_by_type(kind).count() == 1;
    if !single(*b"IHDR") || !is_zlib(png.chunk_by_type(*b"IDAT")?) {
        return None;
    }
    let orientation = png
        .chunk_by_type(*b"eXIf")
        .and_then(|chunk| exif::orientation(chunk.contents()));
    let chunks = png.chunks_mut();
    chunks.retain(|chunk| KEPT.contains(&&chunk.kind()));
    if let Some(orientation) = orientation {
        let tiff = Bytes::copy_from_slice(&exif::minimal(orientation));
        chunks.insert(1, PngChunk::new(*b"eXIf", tiff));
    }
    Some(Picture {
        bytes: png.encoder().bytes().into(),
        pixels,
    })
}

/// Checks the header and counts the pixels.
fn header(chunk: &PngChunk) -> Option<u64> {
    if chunk.contents().len() != 13 {
        return None;
    }
    let mut header = Reader::new(chunk.contents());
    let width = u32::from_be_bytes(header.array()?);
    let height = u32::from_be_bytes(header.array()?);
    let [depth, colour, compression, filter, interlace] = header.array()?;
    let is_known = matches!(
        (colour, depth),
        (0, 1 | 2 | 4 | 8 | 16) | (2 | 4 | 6, 8 | 16) | (3, 1 | 2 | 4 | 8)
    );
    if !is_known || (compression, filter) != (0, 0) || interlace > 1 {
        return None;
    }
    area(width, height)
}

/// Whether the image data begins as a zlib stream (RFC 1950).
fn is_zlib(chunk: &PngChunk) -> bool {
    match *chunk.contents().as_ref() {
        [method, flags, ..] => {
            method & 0x0F == 8 && u16::from_be_bytes([method, flags]).is_multiple_of(31)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::image::{ImageError, clean as clean_file};
    use super::super::samples;
    use super::*;

    /// Puts chunks behind the header of the sample.
    fn with(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut png = Png::from_bytes(samples::png().into()).unwrap();
        for (kind, contents) in chunks {
            png.chunks_mut()
                .insert(1, PngChunk::new(**kind, Bytes::copy_from_slice(contents)));
        }
        png.encoder().bytes().into()
    }

    #[test]
    fn text_time_and_place_are_gone_and_the_picture_is_the_same() {
        let file = with(&[
            (b"tEXt", b"Comment\0GPS 52.52"),
            (b"zTXt", b"Comment\0\0x"),
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0GPS"),
            (b"tIME", &[7, 0xEA, 11, 22, 12, 0, 0]),
            (b"eXIf", b"II*\0\x08\0\0\0\0\0\0\0\0\0 GPS"),
            (b"prVt", b"<script>"),
        ]);
        assert_eq!(clean_file(&file).unwrap().bytes, samples::png());
    }

    #[test]
    fn the_colour_profile_and_the_way_up_stay() {
        let file = with(&[(b"gAMA", &[0, 0, 0xB1, 0x8F])]);
        assert_eq!(clean_file(&file).unwrap().bytes, file);
        let sideways = with(&[(b"eXIf", &exif::minimal(6))]);
        assert_eq!(clean_file(&sideways).unwrap().bytes, sideways);
    }

    #[test]
    fn a_header_that_claims_too_many_pixels_is_refused() {
        let claim = |width: u32, height: u32| {
            let mut png = Png::from_bytes(samples::png().into()).unwrap();
            let rest = png.chunks()[0].contents().slice(8..);
            let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &rest].concat();
            png.chunks_mut()[0] = PngChunk::new(*b"IHDR", header.into());
            clean_file(&png.encoder().bytes()).map(|_| ())
        };
        assert_eq!(claim(65_535, 65_535), Err(ImageError::TooManyPixels));
        assert_eq!(claim(u32::MAX, u32::MAX), Err(ImageError::TooManyPixels));
        assert_eq!(claim(40_000_001, 1), Err(ImageError::TooManyPixels));
        assert_eq!(claim(8_000, 5_000), Ok(()));
        assert_eq!(claim(0, 5_000), Err(ImageError::NotAnImage));
    }

    #[test]
    fn a_wrong_checksum_is_a_corrupted_image() {
        let mut file = samples::png();
        let last = file.len() - 1;
        file[last] ^= 1;
        assert_eq!(clean_file(&file).unwrap_err(), ImageError::NotAnImage);
    }

    #[test]
    fn image_data_that_is_no_compressed_stream_is_refused() {
        let mut png = Png::from_bytes(samples::png().into()).unwrap();
        let data = PngChunk::new(*b"IDAT", Bytes::from_static(b"<script>alert(1)</script>"));
        png.chunks_mut()[1] = data;
        let file = png.encoder().bytes();
        assert_eq!(clean_file(&file).unwrap_err(), ImageError::NotAnImage);
    }
}
