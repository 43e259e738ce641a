//! The real `clinic` from outside: in a pseudo-terminal, in pipes, and against a small server that
//! this test plays itself.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers are tests too: what fails here has to fail loudly"
)]

mod account;
mod clinic;
mod command;
#[cfg(feature = "demo")]
mod demo;
mod desk;
mod live;
mod patients;
mod pipes;
mod screens;
mod server;
mod signals;
#[path = "../support/mod.rs"]
#[allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]
mod support;
mod terminal;
