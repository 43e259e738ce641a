//! What the terminal can show, from the environment alone: a question to the terminal would cost a
//! round trip before the first frame, and over SSH its late answer would be read as keys.

use std::io::IsTerminal;

use crate::environment::Environment;

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Colours may be used; without, only reverse, bold and underline.
    pub color: bool,
    /// Glyphs beyond ASCII may be used.
    pub unicode: bool,
    /// The terminal is at the other end of an SSH connection: nothing should move by itself.
    pub remote: bool,
}

impl Profile {
    /// Reads the profile off the environment.
    pub fn new(environment: &Environment) -> Self {
        Self {
            color: !environment.no_color,
            unicode: environment.locale.as_deref().is_some_and(is_utf8),
            remote: environment.over_ssh,
        }
    }
}

/// `de_DE.UTF-8`, `C.utf8`, `en_GB.UTF-8@euro`.
fn is_utf8(locale: &str) -> bool {
    let codeset = locale.split_once('.').map_or("", |(_, codeset)| codeset);
    let codeset = codeset.split('@').next().unwrap_or_default();
    codeset.eq_ignore_ascii_case("utf-8") || codeset.eq_ignore_ascii_case("utf8")
}

/// Why no screen can be drawn here. `Display` says what to use instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotInteractive {
    /// Input or output is a file or a pipe.
    #[error(
        "clinic draws on a terminal, and this is none. In scripts use its subcommands: \
         clinic login, whoami, auth status, patients search|show|add|edit (clinic help lists them)."
    )]
    NoTerminal,
    /// `TERM=dumb`: it can't move the cursor.
    #[error(
        "This terminal can't move its cursor (TERM=dumb). Use the subcommands: \
         clinic login, whoami, auth status, patients search|show|add|edit (clinic help lists them)."
    )]
    Dumb,
}

/// Whether a screen can be drawn here.
///
/// # Errors
/// Why not.
pub fn check_interactive(environment: &Environment) -> Result<(), NotInteractive> {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return Err(NotInteractive::NoTerminal);
    }
    if environment.term.as_deref() == Some("dumb") {
        return Err(NotInteractive::Dumb);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_follow_the_locale() {
        for (locale, unicode) in [
            (Some("de_DE.UTF-8"), true),
            (Some("C.utf8"), true),
            (Some("en_GB.UTF-8@euro"), true),
            (Some("de_DE.ISO-8859-1"), false),
            (Some("C"), false),
            (None, false),
        ] {
            let environment = Environment {
                locale: locale.map(str::to_owned),
                ..Environment::default()
            };
            assert_eq!(Profile::new(&environment).unicode, unicode, "{locale:?}");
        }
    }

    #[test]
    fn no_color_is_honoured() {
        let environment = Environment {
            no_color: true,
            ..Environment::default()
        };
        assert!(!Profile::new(&environment).color);
    }
}
