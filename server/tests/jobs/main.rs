//! Work after the commit: nothing lost, nothing done twice, whatever dies when.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::large_futures,
    reason = "a test that panics fails, which is what it is for"
)]

mod killed;
mod mailing;
mod nights;
mod outbox;
mod picture_moves;
mod reminders;
mod replies;
#[path = "../support/mod.rs"]
mod support;
