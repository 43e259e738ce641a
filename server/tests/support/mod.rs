//! What the integration tests share: databases on both engines, and whole servers.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    dead_code,
    unreachable_pub,
    unused_imports,
    unused_macros,
    reason = "each test program is a crate of its own and uses its part"
)]

pub mod bookable;
pub mod contract;
pub mod db;
pub mod doctors;
pub mod mail;
pub mod redis;
pub mod s3;
pub mod server;
pub mod smtp;

/// Makes two tests, one an engine, of each of these functions over a running [`server::TestServer`].
macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let db = $crate::support::db::TestDb::sqlite().await;
                super::$case($crate::support::server::TestServer::start(db).await).await;
            }
        )+}
        mod postgres {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(db) = $crate::support::db::TestDb::postgres().await {
                    super::$case($crate::support::server::TestServer::start(db).await).await;
                }
            }
        )+}
    };
}
pub(crate) use on_both;

/// The same over a fresh database, for tests that start their servers themselves.
macro_rules! on_both_databases {
    ($($case:ident),+ $(,)?) => {
        mod sqlite_database {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($crate::support::db::TestDb::sqlite().await).await;
            }
        )+}
        mod postgres_database {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(db) = $crate::support::db::TestDb::postgres().await {
                    super::$case(db).await;
                }
            }
        )+}
    };
}
pub(crate) use on_both_databases;
