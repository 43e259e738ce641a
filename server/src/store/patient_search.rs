//! Finding patients by the words of their names, by phone, birth date, record number and e-mail.
//!
//! What a query means is decided in `clinic::patients`; here it arrives as [`Names`] (what the
//! name must hold) and, for digits and e-mails, [`Marks`].

use chrono::NaiveDate;
use serde::Serialize;
use sqlx::types::Json;

use super::patients::{LineRow, line_columns};
use super::{Session, Sql};

/// What the total of a search stops at.
pub const MOST: i64 = 1000;
/// Hits that a search looks at. Some are of one patient (two words that begin alike), so this is
/// above [`MOST`].
const HITS: i64 = 1200;

/// Every text from `from` on and before `to`, byte by byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The first.
    pub from: String,
    /// The first beyond.
    pub to: String,
}

impl Range {
    /// Every text that begins so.
    pub fn beginning(with: &str) -> Self {
        Range {
            from: with.to_owned(),
            to: format!("{with}\u{10FFFF}"),
        }
    }

    /// This text alone.
    pub fn exactly(text: &str) -> Self {
        Range {
            from: text.to_owned(),
            to: format!("{text}\u{1}"),
        }
    }
}

/// One of the ways in which a name may satisfy the query's word number `word`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Which word of the query; one way of each must hold.
    pub word: usize,
    /// A LIKE pattern over the name's key.
    pub pattern: String,
}

/// What a pattern takes off a name's grade where it holds. The lower the grade, the better.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Merit {
    /// A LIKE pattern over the name's key.
    pub pattern: String,
    /// How much.
    pub points: i64,
}

/// What a name must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Words of which the name must have one; read in this order. Empty for queries by [`Marks`].
    pub ranges: Vec<Range>,
    /// LIKE patterns that must all hold.
    pub all: Vec<String>,
    /// For words with several ways.
    pub ways: Vec<Way>,
    /// How to grade what was found.
    pub merits: Vec<Merit>,
    /// The key of a name that is exactly what was typed. Among equally good names this comes
    /// first, then those of as many words.
    pub whole: String,
}

impl Names {
    /// How many patterns [`Names::all`] may hold; more go into [`Names::ways`].
    pub const PATTERNS: usize = 4;

    fn patterns(&self) -> [String; Self::PATTERNS] {
        std::array::from_fn(|at| self.all.get(at).cloned().unwrap_or_else(|| "%".to_owned()))
    }
}

/// What a query may say beside names. A patient is found who has any of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// A record number.
    pub number: Option<i64>,
    /// Birth dates.
    pub dates: Vec<NaiveDate>,
    /// What the phone's digits begin with.
    pub phone: Option<Range>,
    /// What the phone's digits, backwards, begin with.
    pub phone_ending: Option<Range>,
    /// What the e-mail or username begins with.
    pub login: Option<Range>,
    /// A LIKE pattern over the digits of the phone that must hold beside a birth date.
    pub phone_pattern: Option<String>,
}

/// Where a page of a search begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct From {
    /// After the patient of this grade …
    pub grade: i64,
    /// … and this number.
    pub id: i64,
    /// And this many further on.
    pub offset: i64,
}

impl From {
    /// At the best match.
    pub const START: From = From {
        grade: i64::MIN,
        id: 0,
        offset: 0,
    };
}

/// A match.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Match {
    /// The patient.
    #[sqlx(flatten)]
    pub patient: LineRow,
    /// How good it is; the lower, the better.
    pub grade: i64,
    /// How many match in all; beyond [`MOST`] it only says that there are more.
    pub total: i64,
}

/// The page of the matches `graded (name_key, patient_id, grade)`; $1 the row limit, $2 grade and
/// $3 number to begin after, $4 the offset. Where as many hits were looked at as `$hits` allows,
/// nobody knows how many there are.
macro_rules! page {
    ($hits:literal) => {
        concat!(
            "page AS (
                 SELECT patient_id, name_key, grade FROM graded
                 WHERE (grade, name_key, patient_id)
                     > ($2, (SELECT name_key FROM patient WHERE id = $3), $3)
                 ORDER BY grade, name_key, patient_id LIMIT $1 OFFSET $4)
             SELECT ",
            line_columns!(),
            ", page.grade, CAST(CASE WHEN (SELECT count(*) FROM hit) >= ",
            $hits,
            " THEN 1000000 ELSE (SELECT count(*) FROM graded) END AS bigint) AS total
             FROM page JOIN patient p ON p.id = page.patient_id
             ORDER BY page.grade, page.name_key, page.patient_id"
        )
    };
}

/// That a name holds what $5 to $8 want.
macro_rules! fits {
    () => {
        "name_key LIKE $5 AND name_key LIKE $6 AND name_key LIKE $7 AND name_key LIKE $8"
    };
}

/// … and what the ways want, too. Looking at an empty list for each name takes time, so this is
/// left out where no word has several ways.
macro_rules! fits_ways {
    () => {
        concat!(
            fits!(),
            " AND NOT EXISTS (SELECT 1 FROM way AS w WHERE NOT EXISTS
                 (SELECT 1 FROM way AS v WHERE v.word = w.word AND name_key LIKE v.pattern))"
        )
    };
}

/// The grade of a name; $11 is the whole name.
macro_rules! grade {
    () => {
        "CASE WHEN name_key = $11 THEN 0
              WHEN length(replace(name_key, ' ', '')) - length(name_key)
                 = length(replace($11, ' ', '')) - length($11) THEN 1
              ELSE 2 END
         - coalesce((SELECT sum(m.points) FROM merit m WHERE name_key LIKE m.pattern), 0)"
    };
}

macro_rules! lists {
    (sqlite) => {
        "way (word, pattern) AS MATERIALIZED (
             SELECT value ->> 'word', value ->> 'pattern' FROM json_each($9)),
         merit (pattern, points) AS MATERIALIZED (
             SELECT value ->> 'pattern', value ->> 'points' FROM json_each($10)), "
    };
    (postgres) => {
        "way (word, pattern) AS MATERIALIZED (
             SELECT value ->> 'word', value ->> 'pattern' FROM jsonb_array_elements($9)),
         merit (pattern, points) AS MATERIALIZED (
             SELECT value ->> 'pattern', CAST(value ->> 'points' AS bigint)
             FROM jsonb_array_elements($10)), "
    };
}

/// $12 the ranges of words, $13 how many hits are looked at, $14 how many names are read for them.
macro_rules! by_words {
    ($fits:ident) => {
        Sql {
            // CROSS JOIN keeps SQLite to the order of the ranges, and each range to that of the key.
            sqlite: concat!(
                "WITH ",
                lists!(sqlite),
                "hit AS MATERIALIZED (
                     SELECT name_key, patient_id FROM (
                         SELECT name_key, patient_id
                         FROM json_each($12) AS r CROSS JOIN patient_word
                         WHERE word >= r.value ->> 'from' AND word < r.value ->> 'to' LIMIT $14)
                     WHERE ",
                $fits!(),
                " LIMIT $13),
                 graded AS MATERIALIZED (
                     SELECT name_key, patient_id, ",
                grade!(),
                " AS grade FROM (SELECT DISTINCT name_key, patient_id FROM hit) AS h), ",
                page!("$13")
            ),
            postgres: concat!(
                "WITH ",
                lists!(postgres),
                "hit AS MATERIALIZED (
                     SELECT name_key, patient_id
                     FROM jsonb_array_elements($12) AS r (value) CROSS JOIN LATERAL (
                         SELECT name_key, patient_id FROM (
                             SELECT word, name_key, patient_id FROM patient_word
                             WHERE word >= r.value ->> 'from' AND word < r.value ->> 'to'
                             ORDER BY word, name_key, patient_id LIMIT $14) AS named
                         WHERE ",
                $fits!(),
                "        LIMIT $13) AS f LIMIT $13),
                 graded AS MATERIALIZED (
                     SELECT name_key, patient_id, CAST(",
                grade!(),
                " AS bigint) AS grade FROM (SELECT DISTINCT name_key, patient_id FROM hit) AS h), ",
                page!("$13")
            ),
        }
    };
}

const BY_WORDS: Sql = by_words!(fits);
const BY_WORDS_WITH_WAYS: Sql = by_words!(fits_ways);

/// $12 number, $13 dates, $14 and $15 the range of phones, $16 and $17 of their endings, $18 and
/// $19 of logins, $20 how many hits of each are looked at, $21 a pattern for the phone.
macro_rules! by_marks {
    ($lists:ident, $dates:literal) => {
        concat!(
            "WITH ",
            lists!($lists),
            "named AS NOT MATERIALIZED (
                 SELECT id, name_key, birth_date, phone_digits, phone_ending, email_key, account_id
                 FROM patient WHERE retired_at IS NULL AND ",
            fits_ways!(),
            "),
             hit (patient_id, name_key, mark) AS MATERIALIZED (
                 SELECT id, name_key, 0 FROM named WHERE id = $12
                 UNION ALL SELECT id, name_key, 1 FROM named
                     WHERE phone_digits LIKE $21 AND birth_date IN (",
            $dates,
            ")
                 UNION ALL SELECT * FROM (SELECT id, name_key, 2 FROM named
                     WHERE phone_digits >= $14 AND phone_digits < $15
                     ORDER BY phone_digits, id LIMIT $20) AS by_phone
                 UNION ALL SELECT * FROM (SELECT id, name_key, 3 FROM named
                     WHERE phone_ending >= $16 AND phone_ending < $17
                     ORDER BY phone_ending, id LIMIT $20) AS by_ending
                 UNION ALL SELECT * FROM (SELECT id, name_key, 2 FROM named
                     WHERE email_key >= $18 AND email_key < $19 AND email_key IS NOT NULL
                     ORDER BY email_key, id LIMIT $20) AS by_email
                 UNION ALL SELECT * FROM (SELECT n.id, n.name_key, 2
                     FROM account a JOIN named n ON n.account_id = a.id
                     WHERE a.email_key >= $18 AND a.email_key < $19 LIMIT $20) AS by_account_email
                 UNION ALL SELECT * FROM (SELECT n.id, n.name_key, 2
                     FROM account a JOIN named n ON n.account_id = a.id
                     WHERE a.username_key >= $18 AND a.username_key < $19 LIMIT $20) AS by_username),
             graded AS MATERIALIZED (
                 SELECT name_key, patient_id, CAST(1000 * min(mark) + ",
            grade!(),
            " AS bigint) AS grade FROM hit GROUP BY name_key, patient_id LIMIT $20), ",
            page!("$20")
        )
    };
}

const BY_MARKS: Sql = Sql {
    sqlite: by_marks!(sqlite, "SELECT value FROM json_each($13)"),
    postgres: by_marks!(
        postgres,
        "SELECT CAST(value AS date) FROM jsonb_array_elements_text($13)"
    ),
};

/// A page of those whose name fits, best first, among the first `read` names of the ranges.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_words(
    session: &mut impl Session,
    names: &Names,
    read: i64,
    from: From,
    limit: i64,
) -> sqlx::Result<Vec<Match>> {
    let [a, b, c, d] = names.patterns();
    session
        .sql(if names.ways.is_empty() {
            BY_WORDS
        } else {
            BY_WORDS_WITH_WAYS
        })
        .bind(limit)
        .bind(from.grade)
        .bind(from.id)
        .bind(from.offset)
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .bind(Json(&names.ways))
        .bind(Json(&names.merits))
        .bind(names.whole.as_str())
        .bind(Json(&names.ranges))
        .bind(HITS)
        .bind(read)
        .all()
        .await
}

/// A page of those who have one of the marks and whose name fits, best first.
///
/// # Errors
/// Anything the engine reports.
pub async fn by_marks(
    session: &mut impl Session,
    marks: &Marks,
    names: &Names,
    from: From,
    limit: i64,
) -> sqlx::Result<Vec<Match>> {
    let [a, b, c, d] = names.patterns();
    let lower = |range: &Option<Range>| range.as_ref().map(|range| range.from.clone());
    let upper = |range: &Option<Range>| range.as_ref().map(|range| range.to.clone());
    session
        .sql(BY_MARKS)
        .bind(limit)
        .bind(from.grade)
        .bind(from.id)
        .bind(from.offset)
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .bind(Json(&names.ways))
        .bind(Json(&names.merits))
        .bind(names.whole.as_str())
        .bind(marks.number)
        .bind(Json(&marks.dates))
        .bind(lower(&marks.phone))
        .bind(upper(&marks.phone))
        .bind(lower(&marks.phone_ending))
        .bind(upper(&marks.phone_ending))
        .bind(lower(&marks.login))
        .bind(upper(&marks.login))
        .bind(HITS)
        .bind(marks.phone_pattern.as_deref().unwrap_or("%"))
        .all()
        .await
}
