//! The terminal as a thing that is borrowed: modes, signals, and what it can show.

mod guard;
mod lean;
mod panic;
mod profile;
mod screen;
mod shown;
mod signals;
mod style;

pub use guard::{Guard, Modes, take_mouse};
pub use lean::Lean;
pub use panic::restore_on_panic;
pub use profile::{NotInteractive, Profile, check_interactive};
pub use screen::Screen;
pub use signals::{Signal, Signals};
