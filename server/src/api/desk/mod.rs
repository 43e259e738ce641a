//! The desk family: `/v1/api/desk/…` (API.md §7).

pub(super) mod absences;
pub(super) mod appointments;
pub(super) mod audit;
pub(super) mod contacts;
pub(super) mod decisions;
pub(super) mod doctors;
pub(super) mod merging;
pub(super) mod patients;
pub(super) mod queue;
pub(super) mod reports;
pub(super) mod slots;
pub(super) mod users;
pub(super) mod waitlist;

/// Every resource of the family.
pub(super) type Apis = (
    patients::Api,
    merging::Api,
    doctors::Api,
    appointments::Api,
    appointments::steps::Api,
    appointments::marks::Api,
    queue::Api,
    contacts::Api,
    contacts::steps::Api,
    reports::Api,
    users::Api,
    decisions::Api,
    (absences::Api, absences::Closures, slots::Api, waitlist::Api),
    audit::Api,
);

/// One of each.
pub(super) const APIS: Apis = (
    patients::Api,
    merging::Api,
    doctors::Api,
    appointments::Api,
    appointments::steps::Api,
    appointments::marks::Api,
    queue::Api,
    contacts::Api,
    contacts::steps::Api,
    reports::Api,
    users::Api,
    decisions::Api,
    (absences::Api, absences::Closures, slots::Api, waitlist::Api),
    audit::Api,
);
