//! What the rules lean on and tests replace: time, ids, media.

pub mod clock;
pub mod ids;
pub mod mail;
pub mod media;
pub mod seal;

pub use clock::Clock;
pub use ids::Ids;
pub use seal::Sealer;
