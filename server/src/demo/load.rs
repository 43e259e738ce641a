//! Putting invented people into a clinic, a million in minutes.

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use super::people::{People, Person};
use crate::clinic::text;
use crate::store::patient_bulk::{self as bulk, Row, Word};
use crate::store::{Db, Tx, patients, words};

/// Patients of one transaction: enough to sort their words well, few enough to hold in memory.
const AT_ONCE: usize = 50_000;
/// Rows of one statement.
const ROWS: usize = 1000;

/// Adds `count` invented patients, with everything they are found by; `progress` hears how many are
/// there so far. Staff accounts are made elsewhere (`clinic::accounts`).
///
/// # Errors
/// The database's. What was committed before stays.
pub async fn fill(
    db: &Db,
    count: u64,
    seed: u64,
    mut progress: impl FnMut(u64),
) -> sqlx::Result<()> {
    let mut people = People::of_seed(seed);
    // Slips of a word are put once.
    let mut slipped = HashSet::new();
    let mut done = 0;
    while done < count {
        let wanted = usize::try_from(count - done)
            .unwrap_or(AT_ONCE)
            .min(AT_ONCE);
        let chunk: Vec<Row> = people.by_ref().take(wanted).map(row).collect();
        let mut tx = db.begin().await?;
        patients::count_by(&mut tx, i64::try_from(chunk.len()).unwrap_or(0)).await?;
        put(&mut tx, &chunk, &mut slipped, |rows| progress(done + rows)).await?;
        tx.commit().await?;
        done += wanted as u64;
        progress(done);
    }
    bulk::settle(db).await
}

async fn put(
    tx: &mut Tx,
    chunk: &[Row],
    slipped: &mut HashSet<String>,
    mut progress: impl FnMut(u64),
) -> sqlx::Result<()> {
    let mut numbers: HashMap<Uuid, i64> = HashMap::with_capacity(chunk.len());
    for (at, rows) in chunk.chunks(ROWS).enumerate() {
        numbers.extend(bulk::insert(tx, rows).await?);
        progress((at * ROWS) as u64);
    }

    let mut all = Vec::new();
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for row in chunk {
        let Some(patient) = numbers.get(&row.uid) else {
            continue;
        };
        for word in text::words_of_key(&row.name_key) {
            *counts.entry(word).or_default() += 1;
            let (word, name_key) = (word.to_owned(), row.name_key.clone());
            all.push(Word {
                word,
                name_key,
                patient: *patient,
            });
        }
    }
    all.sort_unstable();
    for some in all.chunks(ROWS * 5) {
        bulk::put_words(tx, some).await?;
    }
    let counts: Vec<(&str, i64)> = counts.into_iter().collect();
    for some in counts.chunks(ROWS * 5) {
        bulk::count_words(tx, some).await?;
    }
    let new: Vec<&str> = counts
        .iter()
        .map(|(word, _)| *word)
        .filter(|word| slipped.insert((*word).to_owned()))
        .collect();
    let mut slips: Vec<(String, &str)> = Vec::new();
    for word in new {
        slips.extend(text::slips(word).into_iter().map(|slip| (slip, word)));
    }
    slips.sort_unstable();
    for some in slips.chunks(ROWS * 5) {
        words::put_slips(tx, some).await?;
    }
    Ok(())
}

fn row(person: Person) -> Row {
    Row {
        uid: person.uid,
        name_key: text::name_key(&person.full_name),
        full_name: person.full_name,
        birth_date: person.birth_date,
        gender: person.gender,
        phone_digits: person
            .phone
            .as_deref()
            .map(text::digits)
            .unwrap_or_default(),
        phone: person.phone,
        email: person.email,
        blood_group: person.blood_group,
        at: person.registered,
    }
}
