//! The one thing worth keeping of a photo's EXIF: which way is up.

use super::reader::Reader;

/// What stands before the TIFF structure in JPEG, and sometimes in WebP.
pub(super) const PREFIX: &[u8] = b"Exif\0\0";

const TAG_ORIENTATION: u16 = 0x0112;
const TYPE_SHORT: u16 = 3;

/// The orientation (2 to 8) that a TIFF structure asks for; none if it is upright (1), missing or
/// nonsense.
pub(super) fn orientation(tiff: &[u8]) -> Option<u8> {
    let mut header = Reader::new(tiff);
    let order = match &header.array::<4>()? {
        b"II*\0" => Order::Little,
        b"MM\0*" => Order::Big,
        _ => return None,
    };
    let start = usize::try_from(order.u32(header.array()?)).ok()?;
    let mut directory = Reader::new(tiff.get(start..)?);
    for _ in 0..order.u16(directory.array()?) {
        let tag = order.u16(directory.array()?);
        let kind = order.u16(directory.array()?);
        let count = order.u32(directory.array()?);
        let mut value = Reader::new(directory.take(4)?);
        if (tag, kind, count) == (TAG_ORIENTATION, TYPE_SHORT, 1) {
            let value = u8::try_from(order.u16(value.array()?)).ok()?;
            return (2..=8).contains(&value).then_some(value);
        }
    }
    None
}

/// A TIFF structure that says the orientation and nothing else.
pub(super) fn minimal(orientation: u8) -> [u8; 26] {
    #[rustfmt::skip]
    let tiff = [
        b'I', b'I', b'*', 0, 8, 0, 0, 0, // little-endian, directory at 8
        1, 0,                            // one entry:
        0x12, 0x01, 3, 0, 1, 0, 0, 0,    // orientation, short, one value
        orientation, 0, 0, 0,
        0, 0, 0, 0,                      // no further directory
    ];
    tiff
}

/// The byte order of a TIFF structure.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Order::Little => u16::from_le_bytes(bytes),
            Order::Big => u16::from_be_bytes(bytes),
        }
    }

    fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for value in 2..=8 {
            assert_eq!(orientation(&minimal(value)), Some(value));
        }
        assert_eq!(orientation(&minimal(1)), None);
        assert_eq!(orientation(&minimal(9)), None);
    }

    #[test]
    fn cameras_write_big_endian_and_other_tags_first() {
        let tiff = [
            &b"MM\0*\0\0\0\x08"[..],
            b"\0\x02",
            b"\x01\x0f\0\x02\0\0\0\x04Cam\0",
            b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0",
            b"\0\0\0\0",
        ]
        .concat();
        assert_eq!(orientation(&tiff), Some(6));
    }

    #[test]
    fn nonsense_has_no_orientation() {
        let cut = minimal(6);
        for length in 0..22 {
            assert_eq!(orientation(&cut[..length]), None, "{length} bytes");
        }
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), None);
        assert_eq!(orientation(b"<html>"), None);
    }
}
