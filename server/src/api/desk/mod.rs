//! The desk family: `/v1/api/desk/…` (API.md §7).

pub(super) mod appointments;
pub(super) mod contacts;
pub(super) mod decisions;
pub(super) mod doctors;
pub(super) mod patients;
pub(super) mod users;

/// Every resource of the family.
pub(super) type Apis = (
    patients::Api,
    doctors::Api,
    appointments::Api,
    appointments::steps::Api,
    contacts::Api,
    users::Api,
    decisions::Api,
);

/// One of each.
pub(super) const APIS: Apis = (
    patients::Api,
    doctors::Api,
    appointments::Api,
    appointments::steps::Api,
    contacts::Api,
    users::Api,
    decisions::Api,
);
