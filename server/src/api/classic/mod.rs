//! The classic family: `/api/user/…`, `/patients/`, `/doctors/` (API.md §3).

pub(super) mod accounts;
pub(super) mod appointments;
pub(super) mod available_times;
pub(super) mod contacts;
pub(super) mod doctors;
pub(super) mod patients;
pub(super) mod profiles;
pub(super) mod reviews;
pub(super) mod services;
pub(super) mod taxonomies;

/// Every resource of the family.
pub(super) type Apis = (
    accounts::Api,
    profiles::Api,
    patients::Api,
    taxonomies::Api,
    available_times::Api,
    doctors::Api,
    reviews::Api,
    appointments::Api,
    services::Api,
    contacts::Api,
);

/// One of each.
pub(super) const APIS: Apis = (
    accounts::Api,
    profiles::Api,
    patients::Api,
    taxonomies::Api,
    available_times::Api,
    doctors::Api,
    reviews::Api,
    appointments::Api,
    services::Api,
    contacts::Api,
);
