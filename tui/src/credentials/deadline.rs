//! Blocking calls that may hang, given up after a while.

use std::sync::mpsc;
use std::time::Duration;

/// Runs `work` on a thread of its own and waits at most `patience` for it; `None` if that passed,
/// or if no thread could be had. The thread is left behind: it waits on somebody else's program,
/// and nothing can take it back from there.
pub(super) fn within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (answer, answered) = mpsc::channel();
    std::thread::Builder::new()
        .name("keyring".to_owned())
        // The receiver is gone when the deadline has passed: nobody wants the answer any more.
        .spawn(move || answer.send(work()).unwrap_or_default())
        .ok()?;
    answered.recv_timeout(patience).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_time_arrives_and_a_hanging_call_is_given_up() {
        assert_eq!(within(Duration::from_secs(10), || 7), Some(7));
        let (_never, forever) = mpsc::channel::<()>();
        assert_eq!(
            within(Duration::from_millis(20), move || forever.recv()),
            None
        );
    }
}
