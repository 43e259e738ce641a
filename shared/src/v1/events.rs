//! `/v1/api/events/` (API.md §7): what happened, as it happens. Ids only; whoever wants to know more
//! asks for the object.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::macros::wire_enum;

wire_enum! {
    /// What kind of thing something happened to. It is the event's name on the stream, too.
    pub enum EventKind {
        /// An appointment was booked or changed.
        Appointment = "appointment",
        /// A patient's record was merged into another, parted again, or linked to an account.
        Patient = "patient",
        /// A doctor's queue moved without any of its appointments.
        Queue = "queue",
        /// Somebody wrote to the clinic, or what they wrote changed.
        Contact = "contact",
        /// When people can be booked changed: an absence, a closure, extra hours,
        /// an available time.
        Schedule = "schedule",
        /// Somebody waits for a time, or does not any more.
        Waitlist = "waitlist",
    }
}

wire_enum! {
    /// Why the server ended a stream.
    pub enum EndReason {
        /// The access token ran out: refresh it and follow again.
        TokenExpired = "token_expired",
        /// The session ended: sign in again.
        SessionEnded = "session_ended",
        /// The client read too slowly: follow again, what was missed is replayed.
        TooSlow = "too_slow",
        /// The server stops, or can't reach its database: follow again.
        Closing = "closing",
    }
}

/// Something that happened: the `data` of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Event {
    /// What kind of thing it happened to.
    pub kind: EventKind,
    /// The thing's id: the appointment's, the record's number, the contact request's, the waiting list entry's, or that of
    /// the absence, closure, extra hours or available time. Null for a queue, which is its doctor's.
    pub object: Option<i64>,
    /// The doctor whose it is.
    pub doctor: Option<Uuid>,
    /// The patient whose it is.
    pub patient: Option<Uuid>,
}

/// The `data` of the last event of a stream that the server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct Ending {
    /// Why it ends.
    pub reason: EndReason,
}
