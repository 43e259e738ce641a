//! The API as its callers see it: a whole server on each engine, driven over a socket.

mod accounts;
mod classic_patients;
mod desk_patients;
mod document;
mod errors;
mod media;
mod policy;
mod profiles;
mod server;
mod sessions;
#[path = "../support/mod.rs"]
mod support;
