//! The types on Clinic's wire, one file per resource, and behind the feature `client` the typed
//! client over them.
//!
//! Three families share the wire (API.md): [`classic`] (`/api/user/…`, `/patients/`), [`v1`]
//! (`/v1/api/…`) and [`desk`] (`/v1/api/desk/…`). What they have in common is in this module.
//! With the feature `openapi` each type also carries its OpenAPI schema; the data itself always
//! goes through serde, on both sides.

pub mod classic;
#[cfg(feature = "client")]
pub mod client;
pub mod desk;
mod macros;
mod page;
mod patch;
mod problem;
pub mod role;
pub mod v1;

pub use page::{Page, SearchPage, WireType};
pub use patch::Patch;
pub use problem::{FieldErrors, Problem, Reason};
pub use role::Role;
