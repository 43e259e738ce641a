//! Signals as messages to the loop, and a way out when the loop no longer listens.

use std::io;
use std::time::Duration;

use tokio::sync::mpsc;

/// How long the loop may take to end after it was told to. A vanished terminal can leave its reader
/// spinning; the process must not outlive its user.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the loop is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End now, without asking, with this exit code (128 + the signal's number).
    End(u8),
    /// Give the terminal back and stop: [`super::Guard::suspend`].
    Suspend,
    /// We were stopped and go on: [`super::Guard::resume`], then draw everything.
    Continue,
}

/// The signals of this process.
#[derive(Debug)]
pub struct Signals {
    received: mpsc::Receiver<Signal>,
}

impl Signals {
    /// Listens from now on; call it inside the runtime, before the terminal is entered.
    ///
    /// # Errors
    /// The system refuses a handler.
    pub fn listen() -> io::Result<Self> {
        let (tell, received) = mpsc::channel(8);
        spawn(&tell)?;
        Ok(Self { received })
    }

    /// The next signal. Cancel-safe.
    pub async fn next(&mut self) -> Signal {
        match self.received.recv().await {
            Some(signal) => signal,
            // The listener ended with the runtime: nothing will come any more.
            None => std::future::pending().await,
        }
    }
}

/// Ends the process if it still runs after [`PATIENCE`]. On a thread of its own: the runtime may be
/// what hangs. A terminal that is still there is given back.
fn end_soon(code: u8) {
    let watch = move || {
        std::thread::park_timeout(PATIENCE);
        let _ = super::guard::leave();
        std::process::exit(code.into());
    };
    // Without a thread we can only hope that the loop ends by itself.
    let _ = std::thread::Builder::new()
        .name("end".to_owned())
        .spawn(watch);
}

#[cfg(unix)]
fn spawn(tell: &mpsc::Sender<Signal>) -> io::Result<()> {
    use tokio::signal::unix::{Signal as Listener, SignalKind, signal};

    async fn pass_on(mut listener: Listener, tell: mpsc::Sender<Signal>, meaning: Signal) {
        while listener.recv().await.is_some() {
            if let Signal::End(code) = meaning {
                end_soon(code);
            }
            // A full queue means the loop is busy with the same news; a closed one, that it ended.
            let _ = tell.try_send(meaning);
        }
    }

    // tokio knows no name for these two; their numbers differ between systems.
    let stop_key = SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw());
    let go_on = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
    for (kind, meaning) in [
        (SignalKind::hangup(), Signal::End(129)),
        (SignalKind::interrupt(), Signal::End(130)),
        (SignalKind::terminate(), Signal::End(143)),
        (stop_key, Signal::Suspend),
        (go_on, Signal::Continue),
    ] {
        tokio::spawn(pass_on(signal(kind)?, tell.clone(), meaning));
    }
    Ok(())
}

#[cfg(not(unix))]
fn spawn(tell: &mpsc::Sender<Signal>) -> io::Result<()> {
    let tell = tell.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            end_soon(130);
            let _ = tell.try_send(Signal::End(130));
        }
    });
    Ok(())
}
