//! SQLite's plans, of the statements that were seen.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqlitePool;

use super::clinic::House;
use super::support::db::TestDb;
use super::{Plan, told};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_found_by_their_indexes() {
    let t = TestDb::sqlite().await;
    let house = House::open(&t.url.replace("sqlite://", "sqlite:///")).await;
    let pool = SqlitePool::connect(&t.url).await.unwrap();
    let recorder = &house.recorder;
    let walked = house
        .walk(async || {
            let texts: BTreeSet<_> = recorder.texts().into_iter().collect();
            recorder.clear();
            let mut plans = BTreeSet::new();
            for text in texts {
                if text.starts_with("SELECT") || text.starts_with("WITH") {
                    plans.insert(explain(&pool, text).await);
                }
            }
            plans
        })
        .await;
    pool.close().await;
    let (text, faults) = told(&walked);
    insta::assert_snapshot!("sqlite", text);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    house.close().await;
}

async fn explain(pool: &SqlitePool, text: &str) -> Plan {
    let lines: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")))
            .fetch_all(pool)
            .await
            .unwrap();
    let tables = aliases(text);
    let table = |name: &str| {
        let named = tables.get(name).map_or(name, String::as_str);
        named.to_owned()
    };
    let mut plan = Plan {
        text: text.to_owned(),
        ..Plan::default()
    };
    for (.., line) in lines {
        let words: Vec<_> = line.split(' ').collect();
        match words.as_slice() {
            // Along an index too: in its order, so that a page ends it.
            ["SEARCH" | "SCAN", name, "USING", rest @ ..] => {
                plan.found.insert((table(name), Some(index(rest))));
            }
            // By the key, in whose order the rows are; a page ends this too.
            ["SCAN", name, ..] if by_key(text, name) => {
                plan.found
                    .insert((table(name), Some("its key, in order".to_owned())));
            }
            ["SCAN", name, ..] => {
                plan.found.insert((table(name), None));
            }
            ["USE", "TEMP", "B-TREE", "FOR", "ORDER", "BY"] => plan.sorts = true,
            _ => {}
        }
    }
    plan
}

/// Whether a page in the order of this table's ids is asked for.
fn by_key(text: &str, name: &str) -> bool {
    let order = [format!("ORDER BY {name}.id"), "ORDER BY id".to_owned()];
    text.contains("LIMIT") && order.iter().any(|order| text.contains(order))
}

/// The tables behind the short names of a statement.
fn aliases(text: &str) -> BTreeMap<String, String> {
    let named = regex::Regex::new(r"(?:FROM|JOIN)\s+([a-z_]+)\s+(?:AS\s+)?([a-z_]+)").unwrap();
    named
        .captures_iter(text)
        .map(|found| (found[2].to_owned(), found[1].to_owned()))
        .collect()
}

/// The index in `COVERING INDEX name (…)`, `INTEGER PRIMARY KEY (…)`.
fn index(words: &[&str]) -> String {
    let named = words
        .iter()
        .position(|word| *word == "INDEX")
        .and_then(|at| words.get(at + 1));
    named.map_or_else(|| "its key".to_owned(), |name| (*name).to_owned())
}
