//! SQLite's plans, of the statements that were seen.

use std::collections::BTreeSet;

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
    let mut plan = Plan {
        text: text.to_owned(),
        ..Plan::default()
    };
    for (.., line) in lines {
        let words: Vec<_> = line.split(' ').collect();
        match words.as_slice() {
            ["SEARCH", table, "USING", rest @ ..] => {
                plan.found.push(format!("{table} by {}", index(rest)))
            }
            // In the order of an index, so that a page ends it.
            ["SCAN", table, "USING", rest @ ..] => {
                plan.found.push(format!("{table} along {}", index(rest)));
            }
            ["SCAN", table, ..] => {
                plan.found.push(format!("all of {table}"));
                plan.whole.push((*table).to_owned());
            }
            ["USE", "TEMP", "B-TREE", "FOR", "ORDER", "BY"] => plan.sorts = true,
            _ => {}
        }
    }
    plan
}

/// The index in `COVERING INDEX name (…)`, `INTEGER PRIMARY KEY (…)`.
fn index(words: &[&str]) -> String {
    let named = words
        .iter()
        .position(|word| *word == "INDEX")
        .and_then(|at| words.get(at + 1));
    named.map_or_else(|| "its key".to_owned(), |name| (*name).to_owned())
}
