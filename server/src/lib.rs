//! Clinic's server: `api` (HTTP) → [`clinic`] (rules) → [`store`] (SQL).
//!
//! Dependencies point one way; nothing imports `api`. [`Server::start`] makes a running server
//! from a [`config::Config`]: the program, the tests and `clinic demo` all go through it.

pub mod api;
pub mod auth;
pub mod clinic;
pub mod config;
pub mod demo;
pub mod infra;
mod server;
pub mod store;

pub use server::{Parts, Server, StartError, open_clinic, open_database};
