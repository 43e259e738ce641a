//! The one place that reads the time.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

/// A moment with the offset its clock face is read in.
pub type Now = DateTime<FixedOffset>;

/// Says what time it is. The program asks the system; a test says what it likes.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Now + Send + Sync>);

impl Clock {
    /// The machine's clock, in the machine's zone: whoever sits in front of it reads it.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks")]
    pub fn system() -> Self {
        Self(Arc::new(|| chrono::Local::now().fixed_offset()))
    }

    /// A clock that answers what `tell` says.
    pub fn new(tell: impl Fn() -> Now + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// The time now.
    pub fn now(&self) -> Now {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
