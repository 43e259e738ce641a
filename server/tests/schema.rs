//! The two migrations make one schema: table by table, column by column, index by index.
#![allow(
    clippy::unwrap_used,
    clippy::large_futures,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can not go on fails"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use clinic_server::store::{Db, Session};
use support::db::TestDb;

/// What a column may be called on PostgreSQL, given what it is on SQLite.
const TYPES: &[(&str, &[&str])] = &[
    ("INTEGER", &["bigint", "integer", "boolean"]),
    (
        "TEXT",
        &["text", "date", "timestamp with time zone", "jsonb"],
    ),
    ("BLOB", &["uuid", "bytea"]),
    ("REAL", &["double precision"]),
];

/// Column by table and name: its type, and whether it may be null.
type Columns = BTreeMap<(String, String), (String, bool)>;
/// Index by table and name: its columns in order, whether it is unique, and whether it is partial.
type Indexes = BTreeMap<(String, String), (String, bool, bool)>;

async fn both() -> Option<(TestDb, TestDb)> {
    let postgres = TestDb::postgres().await?;
    Some((TestDb::sqlite().await, postgres))
}

async fn sqlite_columns(db: &Db) -> Columns {
    let rows: Vec<(String, String, String, bool)> = db
        .read()
        .await
        .unwrap()
        .sql(
            "SELECT t.name, c.name, c.type, c.\"notnull\" = 0 AND c.pk = 0
             FROM sqlite_schema t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_%' ESCAPE '\\'",
        )
        .all()
        .await
        .unwrap();
    rows.into_iter()
        .map(|(table, column, kind, null)| ((table, column), (kind, null)))
        .collect()
}

async fn postgres_columns(db: &Db) -> Columns {
    let rows: Vec<(String, String, String, bool)> = db
        .read()
        .await
        .unwrap()
        .sql(
            "SELECT CAST(table_name AS text), CAST(column_name AS text), CAST(data_type AS text),
                    is_nullable = 'YES'
             FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_%'",
        )
        .all()
        .await
        .unwrap();
    rows.into_iter()
        .map(|(table, column, kind, null)| ((table, column), (kind, null)))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_have_the_same_columns() {
    let Some((sqlite, postgres)) = both().await else {
        return;
    };
    let (sqlite, postgres) = (
        sqlite_columns(&sqlite.db).await,
        postgres_columns(&postgres.db).await,
    );
    assert!(sqlite.len() > 40, "{} columns", sqlite.len());
    let names = |columns: &Columns| columns.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&sqlite), names(&postgres));
    for (column, (kind, null)) in &sqlite {
        let (other, other_null) = &postgres[column];
        assert_eq!(null, other_null, "{column:?}: may it be null?");
        let fitting = TYPES
            .iter()
            .find(|(sqlite, _)| sqlite == kind)
            .map(|(_, fitting)| *fitting);
        assert!(
            fitting.unwrap_or_default().contains(&other.as_str()),
            "{column:?}: {kind}, {other}"
        );
    }
}

/// Only indexes that were given a name, and unique columns under the name PostgreSQL gives them:
/// what [`clinic_server::store::unique_violation`] relies on.
async fn sqlite_indexes(db: &Db) -> Indexes {
    let rows: Vec<(String, String, String, String, bool, bool)> = db
        .read()
        .await
        .unwrap()
        .sql(
            "SELECT t.name, i.name, i.origin,
                    (SELECT group_concat(c.name) FROM
                        (SELECT coalesce(name, 'expression') AS name FROM pragma_index_info(i.name)
                         ORDER BY seqno) c),
                    i.\"unique\", i.partial
             FROM sqlite_schema t JOIN pragma_index_list(t.name) i
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_%' ESCAPE '\\'
               AND i.origin <> 'pk'",
        )
        .all()
        .await
        .unwrap();
    let named = |(table, name, origin, columns, unique, partial): (
        String,
        String,
        String,
        String,
        bool,
        bool,
    )| {
        let name = match origin.as_str() {
            "u" => format!("{table}_{}_key", columns.replace(',', "_")),
            _ => name,
        };
        ((table, name), (columns, unique, partial))
    };
    rows.into_iter().map(named).collect()
}

async fn postgres_indexes(db: &Db) -> Indexes {
    let rows: Vec<(String, String, String, bool, bool)> = db
        .read()
        .await
        .unwrap()
        .sql(
            "SELECT CAST(t.relname AS text), CAST(c.relname AS text),
                    (SELECT string_agg(CAST(coalesce(a.attname, 'expression') AS text), ',' ORDER BY k.place)
                     FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                     LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
                          AND a.attnum > 0),
                    i.indisunique, i.indpred IS NOT NULL
             FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
                  JOIN pg_namespace n ON n.oid = t.relnamespace
             WHERE n.nspname = current_schema() AND NOT i.indisprimary
               AND NOT i.indisexclusion AND t.relname NOT LIKE '\\_%'",
        )
        .all()
        .await
        .unwrap();
    let named =
        |(table, name, columns, unique, partial)| ((table, name), (columns, unique, partial));
    rows.into_iter().map(named).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_have_the_same_indexes_under_the_same_names() {
    let Some((sqlite, postgres)) = both().await else {
        return;
    };
    let (sqlite, postgres) = (
        sqlite_indexes(&sqlite.db).await,
        postgres_indexes(&postgres.db).await,
    );
    assert!(sqlite.len() > 10, "{} indexes", sqlite.len());
    assert_eq!(sqlite, postgres);
    for ((table, name), (columns, unique, _)) in &sqlite {
        let said = format!("{table}_{}_key", columns.replace(',', "_"));
        assert_eq!(
            *unique,
            *name == said,
            "a unique index is called after its columns: {name}"
        );
    }
}
