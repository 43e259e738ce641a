//! The places of the desk: today's appointments, doctors and contact requests, and the way
//! between them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that panics has failed, and says where"
)]

mod accounts;
mod admin;
mod anywhere;
mod away;
mod board;
mod booking;
mod bytes;
mod contacts;
mod doctors;
mod freed;
mod ghosts;
mod going;
mod inbox;
mod letting_go;
mod live;
mod looks;
mod lost;
mod own;
mod people;
mod queue;
mod screens;
mod slips;
mod steps;
#[path = "../support/mod.rs"]
mod support;
mod themes;
mod today;
mod waitlist;
mod walk_in;
mod windows;
mod wire;
