//! Asking for a name and a password.

use std::io::{self, BufRead, IsTerminal, Write};

use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal;

use super::CliError;

/// Where the password comes from.
///
/// # Errors
/// There is nobody to ask, or they did not answer.
pub(super) fn password(from_stdin: bool, user: &str) -> Result<String, CliError> {
    if from_stdin {
        return first_line(&mut io::stdin().lock());
    }
    require_terminal("--password-stdin")?;
    ask_hidden(&format!("Password of {user}: "))
}

/// Asks for the code from the mail; where the password came on standard input, its next line.
///
/// # Errors
/// There is nobody to ask, or they did not answer.
pub(super) fn code(from_stdin: bool, user: &str) -> Result<String, CliError> {
    if from_stdin {
        return first_line(&mut io::stdin().lock());
    }
    require_terminal("--password-stdin, with the code on the second line")?;
    let mut prompt = io::stderr().lock();
    write!(prompt, "Code mailed to {user}: ")?;
    prompt.flush()?;
    first_line(&mut io::stdin().lock())
}

/// Asks for the user's name on the terminal.
///
/// # Errors
/// There is nobody to ask, or they did not answer.
pub(super) fn user_name(password_from_stdin: bool) -> Result<String, CliError> {
    if password_from_stdin {
        return Err(CliError::Usage("Say who signs in: --user NAME.".to_owned()));
    }
    require_terminal("--user NAME --password-stdin")?;
    let mut prompt = io::stderr().lock();
    write!(prompt, "User name: ")?;
    prompt.flush()?;
    let name = first_line(&mut io::stdin().lock())?;
    Ok(name.trim().to_owned())
}

fn require_terminal(instead: &str) -> Result<(), CliError> {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "There is no terminal to ask on; use {instead}."
    )))
}

fn first_line(input: &mut impl BufRead) -> Result<String, CliError> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let line = line.trim_end_matches(['\r', '\n']).to_owned();
    if line.is_empty() {
        return Err(CliError::Usage(
            "Nothing was entered; nothing was done.".to_owned(),
        ));
    }
    Ok(line)
}

/// Raw mode, for as long as a password is typed.
struct Raw;

impl Raw {
    fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        Ok(Self)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that is gone can't be restored.
        let _ = terminal::disable_raw_mode();
    }
}

fn ask_hidden(prompt: &str) -> Result<String, CliError> {
    let mut out = io::stderr().lock();
    let typed = {
        // Before the prompt: who types at once must not see it echoed.
        let _raw = Raw::enter()?;
        write!(out, "{prompt}")?;
        out.flush()?;
        type_line()
    };
    writeln!(out)?;
    let typed =
        typed?.ok_or_else(|| CliError::Refused("Cancelled; nothing was done.".to_owned()))?;
    if typed.is_empty() {
        return Err(CliError::Usage(
            "Nothing was entered; nothing was done.".to_owned(),
        ));
    }
    Ok(typed)
}

/// Reads keys up to Enter; `None` if it was given up.
fn type_line() -> io::Result<Option<String>> {
    let mut line = String::new();
    loop {
        let Event::Key(key) = event::read()? else {
            continue;
        };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return Ok(Some(line)),
            KeyCode::Esc => return Ok(None),
            KeyCode::Char('c' | 'd') if control => return Ok(None),
            KeyCode::Char('u') if control => line.clear(),
            KeyCode::Backspace => {
                line.pop();
            }
            KeyCode::Char(character) if !control => line.push(character),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piped_password_ends_with_the_line_and_keeps_its_spaces() {
        assert_eq!(
            first_line(&mut &b" pass word \r\nrest"[..]).unwrap(),
            " pass word "
        );
        assert_eq!(first_line(&mut &b"\n"[..]).unwrap_err().code(), 2);
    }
}
