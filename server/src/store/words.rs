//! The words patients are found by: `patient_word`, `word` and `word_slip`.
//!
//! Texts take their lists as JSON arrays, so that one statement serves any number of words.

use sqlx::types::Json;

use super::patient_search::Range;
use super::{Session, Sql, Tx};

/// Puts a patient's words, and counts them up. Answers the words nobody had before: their slips
/// must be put with [`put_slips`].
///
/// # Errors
/// Anything the engine reports.
pub async fn put(
    tx: &mut Tx,
    patient: i64,
    name_key: &str,
    words: &[&str],
) -> sqlx::Result<Vec<String>> {
    tx.sql(Sql {
        sqlite: "INSERT INTO patient_word (word, name_key, patient_id)
                 SELECT value, $2, $3 FROM json_each($1)",
        postgres: "INSERT INTO patient_word (word, name_key, patient_id)
                   SELECT value, $2, $3 FROM jsonb_array_elements_text($1)",
    })
    .bind(Json(words))
    .bind(name_key)
    .bind(patient)
    .run()
    .await?;
    let counted: Vec<(String, i64)> = tx
        .sql(Sql {
            sqlite: "INSERT INTO word (word, patients) SELECT value, 1 FROM json_each($1) WHERE true
                     ON CONFLICT (word) DO UPDATE SET patients = word.patients + 1
                     RETURNING word, patients",
            // In one order everywhere, so that two writers never wait for each other.
            postgres: "INSERT INTO word (word, patients)
                       SELECT value, 1 FROM jsonb_array_elements_text($1) ORDER BY value COLLATE \"C\"
                       ON CONFLICT (word) DO UPDATE SET patients = word.patients + 1
                       RETURNING word, patients",
        })
        .bind(Json(words))
        .all()
        .await?;
    Ok(counted
        .into_iter()
        .filter(|(_, patients)| *patients == 1)
        .map(|(word, _)| word)
        .collect())
}

/// Takes a patient's words away, and counts them down. Answers the words nobody has any more:
/// their slips must be dropped with [`drop_slips`].
///
/// # Errors
/// Anything the engine reports.
pub async fn take(
    tx: &mut Tx,
    patient: i64,
    name_key: &str,
    words: &[&str],
) -> sqlx::Result<Vec<String>> {
    tx.sql(Sql {
        sqlite: "DELETE FROM patient_word WHERE name_key = $2 AND patient_id = $3
                 AND word IN (SELECT value FROM json_each($1))",
        postgres: "DELETE FROM patient_word WHERE name_key = $2 AND patient_id = $3
                   AND word IN (SELECT jsonb_array_elements_text($1))",
    })
    .bind(Json(words))
    .bind(name_key)
    .bind(patient)
    .run()
    .await?;
    tx.sql(Sql {
        sqlite: "UPDATE word SET patients = patients - 1
                 WHERE word IN (SELECT value FROM json_each($1))",
        postgres: "UPDATE word SET patients = patients - 1 WHERE word IN
                   (SELECT word FROM word WHERE word IN (SELECT jsonb_array_elements_text($1))
                    ORDER BY word FOR UPDATE)",
    })
    .bind(Json(words))
    .run()
    .await?;
    let gone: Vec<(String,)> = tx
        .sql(Sql {
            sqlite: "SELECT word FROM word WHERE patients <= 0
                     AND word IN (SELECT value FROM json_each($1))",
            postgres: "SELECT word FROM word WHERE patients <= 0
                       AND word IN (SELECT jsonb_array_elements_text($1))",
        })
        .bind(Json(words))
        .all()
        .await?;
    Ok(gone.into_iter().map(|(word,)| word).collect())
}

/// Removes words that nobody has any more, once their slips are dropped.
///
/// # Errors
/// Anything the engine reports.
pub async fn remove(tx: &mut Tx, words: &[String]) -> sqlx::Result<()> {
    tx.sql(Sql {
        sqlite: "DELETE FROM word WHERE word IN (SELECT value FROM json_each($1))",
        postgres: "DELETE FROM word WHERE word IN (SELECT jsonb_array_elements_text($1))",
    })
    .bind(Json(words))
    .run()
    .await?;
    Ok(())
}

/// Puts slips of new words, as pairs of slip and word.
///
/// # Errors
/// Anything the engine reports.
pub async fn put_slips(tx: &mut Tx, slips: &[(String, &str)]) -> sqlx::Result<()> {
    tx.sql(Sql {
        sqlite: "INSERT INTO word_slip (slip, word)
                 SELECT value ->> 0, value ->> 1 FROM json_each($1) WHERE true
                 ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO word_slip (slip, word)
                   SELECT value ->> 0, value ->> 1 FROM jsonb_array_elements($1)
                   ON CONFLICT DO NOTHING",
    })
    .bind(Json(slips))
    .run()
    .await?;
    Ok(())
}

/// Drops slips of words that nobody has any more, as pairs of slip and word.
///
/// # Errors
/// Anything the engine reports.
pub async fn drop_slips(tx: &mut Tx, slips: &[(String, &str)]) -> sqlx::Result<()> {
    tx.sql(Sql {
        sqlite: "DELETE FROM word_slip WHERE (slip, word) IN
                 (SELECT value ->> 0, value ->> 1 FROM json_each($1))",
        postgres: "DELETE FROM word_slip WHERE (slip, word) IN
                   (SELECT value ->> 0, value ->> 1 FROM jsonb_array_elements($1))",
    })
    .bind(Json(slips))
    .run()
    .await?;
    Ok(())
}

/// How many patients have a word that begins with each of these, in the order asked; an estimate
/// from below where very many words begin so.
///
/// # Errors
/// Anything the engine reports.
pub async fn counts(session: &mut impl Session, beginnings: &[Range]) -> sqlx::Result<Vec<i64>> {
    // 2000 words are more than begin with any three letters, and few enough to add up.
    let counts: Vec<(i64,)> = session
        .sql(Sql {
            sqlite: "SELECT (SELECT coalesce(sum(patients), 0) FROM
                         (SELECT patients FROM word
                          WHERE word >= value ->> 'from' AND word < value ->> 'to' LIMIT 2000))
                     FROM json_each($1) ORDER BY key",
            postgres: "SELECT CAST((SELECT coalesce(sum(patients), 0) FROM
                           (SELECT patients FROM word
                            WHERE word >= value ->> 'from' AND word < value ->> 'to' LIMIT 2000) w)
                           AS bigint)
                       FROM jsonb_array_elements($1) WITH ORDINALITY AS r (value, key) ORDER BY key",
        })
        .bind(Json(beginnings))
        .all()
        .await?;
    Ok(counts.into_iter().map(|(count,)| count).collect())
}

/// Words that may be one slip from a typed one, and how many patients have each. `slips` are ranges
/// of what the typed word's own slips are, or begin with.
///
/// # Errors
/// Anything the engine reports.
pub async fn near(session: &mut impl Session, slips: &[Range]) -> sqlx::Result<Vec<(String, i64)>> {
    // The counts are looked up one by one: a join would read the whole dictionary.
    session
        .sql(Sql {
            sqlite: "WITH near AS MATERIALIZED (
                         SELECT DISTINCT s.word FROM json_each($1) AS r CROSS JOIN word_slip AS s
                         WHERE s.slip >= r.value ->> 'from' AND s.slip < r.value ->> 'to'
                         LIMIT 5000)
                     SELECT word, coalesce((SELECT patients FROM word AS w WHERE w.word = near.word), 0)
                     FROM near",
            postgres: "WITH near AS MATERIALIZED (
                           SELECT DISTINCT s.word
                           FROM jsonb_array_elements($1) AS r (value) CROSS JOIN LATERAL (
                               SELECT word FROM word_slip
                               WHERE slip >= r.value ->> 'from' AND slip < r.value ->> 'to'
                               ORDER BY slip LIMIT 5000) AS s
                           LIMIT 5000)
                       SELECT word, coalesce((SELECT patients FROM word AS w WHERE w.word = near.word), 0)
                       FROM near",
        })
        .bind(Json(slips))
        .all()
        .await
}
