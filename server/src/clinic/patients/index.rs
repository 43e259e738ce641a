//! Keeping the words patients are found by, in the transaction that changes the name.

use super::super::text;
use crate::store::{Tx, words as table};

/// Puts the words of a name.
pub(super) async fn put(tx: &mut Tx, patient: i64, name_key: &str) -> sqlx::Result<()> {
    let words = text::words_of_key(name_key).into_iter().collect::<Vec<_>>();
    if words.is_empty() {
        return Ok(());
    }
    let new = table::put(tx, patient, name_key, &words).await?;
    if !new.is_empty() {
        table::put_slips(tx, &slips(&new)).await?;
    }
    Ok(())
}

/// Takes the words of a name away.
pub(super) async fn take(tx: &mut Tx, patient: i64, name_key: &str) -> sqlx::Result<()> {
    let words = text::words_of_key(name_key).into_iter().collect::<Vec<_>>();
    if words.is_empty() {
        return Ok(());
    }
    let gone = table::take(tx, patient, name_key, &words).await?;
    if !gone.is_empty() {
        table::drop_slips(tx, &slips(&gone)).await?;
        table::remove(tx, &gone).await?;
    }
    Ok(())
}

fn slips(words: &[String]) -> Vec<(String, &str)> {
    let pairs = |word: &'_ String| text::slips(word).into_iter();
    words
        .iter()
        .flat_map(|word| pairs(word).map(|slip| (slip, word.as_str())))
        .collect()
}
