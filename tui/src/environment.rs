//! The environment, read once, in one place; everything else takes it as a value.

use std::ffi::OsString;

/// What `clinic` looks at in its environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `NO_COLOR` is set and not empty (no-color.org).
    pub no_color: bool,
    /// `TERM`.
    pub term: Option<String>,
    /// The first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set and not empty (POSIX's order).
    pub locale: Option<String>,
    /// `SSH_CONNECTION` is set: the terminal is far away.
    pub over_ssh: bool,
    /// Something that may be a session bus: `DBUS_SESSION_BUS_ADDRESS`, or `$XDG_RUNTIME_DIR/bus`.
    pub session_bus: bool,
}

impl Environment {
    /// Reads the process's environment.
    pub fn read() -> Self {
        Self::from_lookup(variable)
    }

    fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Self {
        let bus_socket = get("XDG_RUNTIME_DIR")
            .is_some_and(|directory| std::path::Path::new(&directory).join("bus").exists());
        Self {
            no_color: get("NO_COLOR").is_some(),
            term: get("TERM"),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(&get),
            over_ssh: get("SSH_CONNECTION").is_some(),
            session_bus: get("DBUS_SESSION_BUS_ADDRESS").is_some() || bus_socket,
        }
    }
}

/// `CLINIC_TOKEN`. Apart from the rest, which may be printed.
pub fn token() -> Option<String> {
    variable("CLINIC_TOKEN")
}

/// `CLINIC_TEST_PANIC`, for the test of the panic hook; builds that are shipped don't know it.
#[cfg(debug_assertions)]
pub fn test_panic() -> bool {
    variable("CLINIC_TEST_PANIC").is_some()
}

/// A variable that is set and not empty. What is no Unicode is read with replacement characters:
/// none of these values may carry any.
fn variable(name: &str) -> Option<String> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(|value: OsString| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::Environment;

    fn read(pairs: &[(&str, &str)]) -> Environment {
        Environment::from_lookup(|name| {
            pairs
                .iter()
                .find(|pair| pair.0 == name)
                .map(|pair| pair.1.to_owned())
        })
    }

    #[test]
    fn lc_all_beats_lang() {
        let both = read(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")]);
        assert_eq!(both.locale.as_deref(), Some("C"));
        assert_eq!(
            read(&[("LANG", "de_DE.UTF-8")]).locale.as_deref(),
            Some("de_DE.UTF-8")
        );
    }

    #[test]
    fn a_runtime_directory_without_a_bus_is_no_bus() {
        assert!(!read(&[("XDG_RUNTIME_DIR", "/nowhere")]).session_bus);
        assert!(read(&[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/x")]).session_bus);
    }
}
