//! Roles become styles here, and nowhere else: no other file names a colour.

use std::fmt;
use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Plain text.
    Text,
    /// Less important than the text around it.
    Dim,
    /// Headings and names of things.
    Title,
    /// The first line.
    Header,
    /// The last line.
    Footer,
    /// A key that can be pressed.
    Key,
    /// The line the keys act on.
    Selected,
    /// That line while the keys act elsewhere.
    SelectedAside,
    /// Something wrong.
    Error,
    /// Something to know before going on.
    Warning,
    /// Something that worked.
    Success,
    /// A field's text.
    Field,
    /// The text of the field that has the cursor.
    FieldFocused,
    /// What a field's text could be.
    Placeholder,
    /// Lines around things.
    Border,
    /// Lines around the thing the keys act on.
    BorderFocused,
    /// A button.
    Button,
    /// The button Enter presses.
    ButtonFocused,
    /// Data that may be out of date.
    Stale,
}

/// A set of styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The terminal's own 16 colours, its own text and background.
    #[default]
    Default,
    /// For light backgrounds.
    Light,
    /// For dark backgrounds.
    Dark,
    /// Nothing faint, strong contrast.
    HighContrast,
    /// No colour at all: bold, reverse, underline. What `NO_COLOR` selects.
    Mono,
}

/// A theme name nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("There is no theme “{0}”; choose one of: default, light, dark, high-contrast, mono.")]
pub struct UnknownTheme(String);

impl Theme {
    /// Every theme.
    pub const ALL: &'static [Theme] = &[
        Theme::Default,
        Theme::Light,
        Theme::Dark,
        Theme::HighContrast,
        Theme::Mono,
    ];

    /// The name on the command line and in the configuration file.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::Default => "default",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::HighContrast => "high-contrast",
            Theme::Mono => "mono",
        }
    }

    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        let shape = Style::new().add_modifier(shape(role));
        match self {
            Theme::Mono => shape,
            Theme::Default => coloured(shape, ansi(role)),
            Theme::Light => coloured(shape, light(role)),
            Theme::Dark => coloured(shape, dark(role)),
            Theme::HighContrast => coloured(
                shape
                    .remove_modifier(Modifier::DIM)
                    .add_modifier(strong(role)),
                high_contrast(role),
            ),
        }
    }
}

/// The modifiers of a role, the same in every theme: state is never told by colour alone.
const fn shape(role: Role) -> Modifier {
    match role {
        Role::Text => Modifier::empty(),
        Role::Dim | Role::Placeholder | Role::Border | Role::Stale => Modifier::DIM,
        Role::Title | Role::Key | Role::Error | Role::Warning | Role::Success => Modifier::BOLD,
        Role::Header => Modifier::BOLD,
        Role::Footer => Modifier::empty(),
        Role::Selected | Role::ButtonFocused => Modifier::REVERSED,
        Role::SelectedAside | Role::BorderFocused => Modifier::BOLD,
        Role::Field | Role::Button => Modifier::empty(),
        Role::FieldFocused => Modifier::UNDERLINED,
    }
}

const fn strong(role: Role) -> Modifier {
    match role {
        Role::Selected | Role::ButtonFocused | Role::FieldFocused => Modifier::BOLD,
        _ => Modifier::empty(),
    }
}

fn coloured(style: Style, colour: Option<Color>) -> Style {
    match colour {
        Some(colour) => style.fg(colour),
        None => style,
    }
}

const fn ansi(role: Role) -> Option<Color> {
    match role {
        Role::Error => Some(Color::Red),
        Role::Warning => Some(Color::Yellow),
        Role::Success => Some(Color::Green),
        Role::Header | Role::Key | Role::BorderFocused => Some(Color::Cyan),
        _ => None,
    }
}

const fn light(role: Role) -> Option<Color> {
    match role {
        Role::Error => Some(Color::Indexed(124)),
        Role::Warning => Some(Color::Indexed(94)),
        Role::Success => Some(Color::Indexed(22)),
        Role::Header | Role::Key | Role::BorderFocused => Some(Color::Indexed(25)),
        Role::Dim | Role::Placeholder | Role::Border | Role::Stale => Some(Color::Indexed(242)),
        _ => Some(Color::Indexed(234)),
    }
}

const fn dark(role: Role) -> Option<Color> {
    match role {
        Role::Error => Some(Color::Indexed(210)),
        Role::Warning => Some(Color::Indexed(222)),
        Role::Success => Some(Color::Indexed(114)),
        Role::Header | Role::Key | Role::BorderFocused => Some(Color::Indexed(117)),
        Role::Dim | Role::Placeholder | Role::Border | Role::Stale => Some(Color::Indexed(246)),
        _ => Some(Color::Indexed(253)),
    }
}

const fn high_contrast(role: Role) -> Option<Color> {
    match role {
        Role::Error => Some(Color::LightRed),
        Role::Warning => Some(Color::LightYellow),
        Role::Success => Some(Color::LightGreen),
        Role::Header | Role::Key | Role::BorderFocused => Some(Color::LightCyan),
        _ => None,
    }
}

impl FromStr for Theme {
    type Err = UnknownTheme;

    fn from_str(name: &str) -> Result<Self, UnknownTheme> {
        Theme::ALL
            .iter()
            .copied()
            .find(|theme| theme.name() == name)
            .ok_or_else(|| UnknownTheme(name.to_owned()))
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: &[Role] = &[
        Role::Text,
        Role::Dim,
        Role::Title,
        Role::Header,
        Role::Footer,
        Role::Key,
        Role::Selected,
        Role::SelectedAside,
        Role::Error,
        Role::Warning,
        Role::Success,
        Role::Field,
        Role::FieldFocused,
        Role::Placeholder,
        Role::Border,
        Role::BorderFocused,
        Role::Button,
        Role::ButtonFocused,
        Role::Stale,
    ];

    #[test]
    fn mono_has_no_colour_and_still_shows_the_selection() {
        for role in ROLES {
            let style = Theme::Mono.style(*role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
        let selected = Theme::Mono.style(Role::Selected);
        assert!(selected.add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn no_theme_paints_the_background() {
        for theme in Theme::ALL {
            for role in ROLES {
                assert_eq!(theme.style(*role).bg, None, "{theme} {role:?}");
            }
        }
    }

    #[test]
    fn high_contrast_has_nothing_faint() {
        for role in ROLES {
            let style = Theme::HighContrast.style(*role);
            assert!(!style.add_modifier.contains(Modifier::DIM), "{role:?}");
        }
    }

    #[test]
    fn names_survive_the_round_trip() {
        for theme in Theme::ALL {
            assert_eq!(theme.name().parse(), Ok(*theme));
        }
        assert!(
            "pink"
                .parse::<Theme>()
                .unwrap_err()
                .to_string()
                .contains("high-contrast")
        );
    }

    #[test]
    fn no_other_file_names_a_colour() {
        // What writes them to the terminal knows each one's code, and chooses none.
        const WRITERS: [&str; 2] = ["term/style.rs", "term/lean.rs"];
        fn look(directory: &std::path::Path, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    look(&path, found);
                } else if path.file_name().is_some_and(|name| name != "theme.rs")
                    && path.extension().is_some_and(|extension| extension == "rs")
                    && !WRITERS.iter().any(|writer| path.ends_with(writer))
                    && std::fs::read_to_string(&path).unwrap().contains("Color::")
                {
                    found.push(path.display().to_string());
                }
            }
        }
        let mut found = Vec::new();
        look(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut found,
        );
        assert!(found.is_empty(), "{found:?}");
    }
}
