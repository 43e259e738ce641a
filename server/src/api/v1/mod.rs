//! The v1 family: `/v1/api/…` (API.md §4).

pub(super) mod appointments;
pub(super) mod available_times;
pub(super) mod doctors;
pub(super) mod events;
pub(super) mod me;
pub(super) mod operations;
pub(super) mod patients;
pub(super) mod portal;
pub(super) mod qualifications;
pub(super) mod reviews;
pub(super) mod terms;
pub(super) mod user;
pub(super) mod waiting;

/// Every resource of the family.
pub(super) type Apis = (
    user::Api,
    me::Api,
    appointments::Api,
    patients::Api,
    doctors::Api,
    available_times::Api,
    terms::Api,
    reviews::Api,
    qualifications::Api,
    portal::Api,
    operations::Api,
    waiting::Api,
    events::Api,
);

/// One of each.
pub(super) const APIS: Apis = (
    user::Api,
    me::Api,
    appointments::Api,
    patients::Api,
    doctors::Api,
    available_times::Api,
    terms::Api,
    reviews::Api,
    qualifications::Api,
    portal::Api,
    operations::Api,
    waiting::Api,
    events::Api,
);
