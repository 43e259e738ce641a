//! The v1 family: `/v1/api/…` (API.md §4).

pub(super) mod appointments;
pub(super) mod me;
pub(super) mod user;
pub(super) mod waiting;

/// Every resource of the family.
pub(super) type Apis = (user::Api, me::Api, appointments::Api, waiting::Api);

/// One of each.
pub(super) const APIS: Apis = (user::Api, me::Api, appointments::Api, waiting::Api);
