//! How the screens look and behave, as whoever sits here chose it: what the settings show and
//! change. What was not chosen follows the terminal.

use std::path::PathBuf;

use crate::dates;
use crate::glyphs::Glyphs;
use crate::theme::Theme;

/// Minutes without a key after which the screen is covered, unless anything else was chosen.
pub const LOCK_MINUTES: u32 = 10;

/// What was chosen, and what the terminal can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefs {
    /// The theme.
    pub theme: Theme,
    /// Symbols in ASCII only; none: as the terminal can.
    pub ascii: Option<bool>,
    /// Whether the mouse is taken.
    pub mouse: bool,
    /// How days are written.
    pub dates: dates::Format,
    /// Minutes without a key after which the screen is covered; 0: never.
    pub lock_minutes: u32,
    /// The file with other keys.
    pub keys: Option<PathBuf>,
    /// No colour whatever the theme (`NO_COLOR`).
    pub no_color: bool,
    /// Whether the terminal shows more than ASCII.
    pub unicode: bool,
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            theme: Theme::Default,
            ascii: None,
            mouse: true,
            dates: dates::Format::default(),
            lock_minutes: LOCK_MINUTES,
            keys: None,
            no_color: false,
            unicode: true,
        }
    }
}

impl Prefs {
    /// The theme that is drawn with.
    pub const fn shown_theme(&self) -> Theme {
        if self.no_color {
            Theme::Mono
        } else {
            self.theme
        }
    }

    /// The symbols that are drawn with.
    pub fn glyphs(&self) -> Glyphs {
        Glyphs::new(self.ascii.unwrap_or(!self.unicode))
    }
}
