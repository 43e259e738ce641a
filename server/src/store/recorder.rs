//! What tests want to know of the statements that ran, and the check that every `$n` was bound.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Sees every statement of the sessions of a [`super::Db`] made with
/// [`recorded`](super::Db::recorded), and can make one of them fail.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    texts: Vec<&'static str>,
    fail_at: Option<usize>,
}

impl Recorder {
    /// How a commit shows among the statements.
    pub const COMMIT: &'static str = "COMMIT";

    /// A recorder that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The texts that were about to run, oldest first; a commit shows as [`Recorder::COMMIT`].
    pub fn texts(&self) -> Vec<&'static str> {
        self.seen().texts.clone()
    }

    /// How many statements there were, commits included.
    pub fn count(&self) -> usize {
        self.seen().texts.len()
    }

    /// Forgets what it saw, and fails nothing any more.
    pub fn clear(&self) {
        *self.seen() = Seen::default();
    }

    /// Makes the n-th statement from now (1 is the next) fail instead of running.
    pub fn fail_at(&self, n: usize) {
        let mut seen = self.seen();
        seen.fail_at = Some(seen.texts.len() + n);
    }

    /// Notes a statement that is about to run.
    pub(super) fn pass(&self, text: &'static str) -> sqlx::Result<()> {
        let mut seen = self.seen();
        seen.texts.push(text);
        if seen.fail_at == Some(seen.texts.len()) {
            return Err(sqlx::Error::Protocol(
                "the recorder was told to fail here".to_owned(),
            ));
        }
        Ok(())
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses a statement whose highest `$n` is not the number of bound values.
pub(super) fn check_arity(text: &str, bound: usize) -> sqlx::Result<()> {
    let wanted = highest_placeholder(text);
    if wanted == bound {
        return Ok(());
    }
    Err(sqlx::Error::Encode(
        format!("{bound} values are bound, but the statement wants {wanted}: {text}").into(),
    ))
}

fn highest_placeholder(text: &str) -> usize {
    text.split('$')
        .skip(1)
        .filter_map(|rest| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest.get(..digits)?.parse().ok()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_may_repeat_and_come_in_any_order() {
        assert_eq!(highest_placeholder("SELECT $2 || $1 || $2"), 2);
        assert_eq!(highest_placeholder("SELECT 1"), 0);
        assert_eq!(highest_placeholder("VALUES ($1,$10,$9)"), 10);
    }

    #[test]
    fn a_value_too_few_or_too_many_is_refused() {
        assert!(check_arity("SELECT $1, $2", 2).is_ok());
        let few = check_arity("SELECT $1, $2", 1).unwrap_err().to_string();
        assert!(
            few.contains("1 values are bound, but the statement wants 2"),
            "{few}"
        );
        assert!(check_arity("SELECT $1", 2).is_err());
    }
}
