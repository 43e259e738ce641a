//! What the rules lean on and tests replace: time, ids, media.

pub mod clock;
pub mod files;
pub mod ids;
pub mod incoming;
pub mod mail;
pub mod media;
pub mod redis;
pub mod seal;
pub mod sockets;

pub use clock::Clock;
pub use ids::Ids;
pub use seal::Sealer;
