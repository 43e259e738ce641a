//! Clinic's terminal client.

mod ahead;
pub mod app;
pub mod cli;
pub mod clock;
pub mod command;
pub mod credentials;
pub mod dates;
pub mod days;
#[cfg(feature = "demo")]
pub mod demo;
pub mod effect;
pub mod environment;
mod files;
pub mod glyphs;
mod hours;
pub mod keymap;
mod labels;
mod layers;
pub mod log;
mod paging;
pub mod prefs;
pub mod profiles;
pub mod run;
mod sanitize;
mod screens;
pub mod term;
pub mod text;
pub mod theme;
pub mod view;
pub mod weekdays;
mod widgets;
