//! What a seal's hash is made of.
//!
//! SHA-256 over the hash before it (32 bytes), then the seal's number and every column of the row in
//! the table's order, each as a netstring (`5:alice,`) and nothing as `-,`. Outsiders can compute it
//! with a dozen lines; docs/operator.md shows how.

use std::io::Write;

use aws_lc_rs::digest::{Context, SHA256};

use crate::store::audit_chain::Columns;

/// A seal's hash.
pub(super) type Hash = [u8; 32];

/// The hash of a row's seal.
pub(super) fn seal(before: &[u8], number: i64, row: &Columns) -> Hash {
    let mut text = Vec::with_capacity(512);
    text.extend_from_slice(before);
    netstring(&mut text, Some(number.to_string().as_bytes()));
    for column in row.all() {
        netstring(&mut text, column);
    }
    let mut context = Context::new(&SHA256);
    context.update(&text);
    let mut hash = [0; 32];
    // The digest of SHA-256 is as long as the array.
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    hash
}

fn netstring(text: &mut Vec<u8>, column: Option<&[u8]>) {
    match column {
        Some(bytes) => {
            // Writing into memory does not fail.
            let _ = write!(text, "{}:", bytes.len());
            text.extend_from_slice(bytes);
            text.push(b',');
        }
        None => text.extend_from_slice(b"-,"),
    }
}

/// A hash as people note it.
pub(super) fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_one_column_can_not_stand_in_two() {
        let mut one = Vec::new();
        netstring(&mut one, Some(b"a,1:b"));
        let mut two = Vec::new();
        netstring(&mut two, Some(b"a"));
        netstring(&mut two, Some(b"b"));
        assert_eq!(one, b"5:a,1:b,");
        assert_eq!(two, b"1:a,1:b,");
        let mut none = Vec::new();
        netstring(&mut none, None);
        let mut empty = Vec::new();
        netstring(&mut empty, Some(b""));
        assert_ne!(none, empty);
    }

    #[test]
    fn hashes_are_written_in_hex() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
