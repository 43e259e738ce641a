//! `clinicd serve`.

use std::collections::BTreeMap;

use clap::Args;
use clinic_server::config::Config;
use clinic_server::{Parts, Server};
use tokio::signal;

use super::{Done, log, say};

/// Run the server.
#[derive(Args)]
pub(super) struct Serve {
    /// Address and port (LISTEN).
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Leave the database's schema as it is.
    #[arg(long)]
    no_migrate: bool,
}

impl Serve {
    /// Its flags as settings.
    pub(super) fn flags(&self, flags: &mut BTreeMap<&'static str, String>) {
        if let Some(listen) = &self.listen {
            flags.insert("LISTEN", listen.clone());
        }
    }

    /// Serves until told to stop, then drains.
    pub(super) async fn run(&self, config: &Config) -> Done {
        log::start(config)?;
        // Heard from the first moment on: whoever is told to stop while it starts, or just after, ends
        // as well as one who has served for days.
        let mut stop = Stop::listen();
        let parts = Parts::default();
        let start = Box::pin(Server::start_with(config, &parts, !self.no_migrate));
        let server = tokio::select! {
            server = start => server?,
            () = stop.told() => return Ok(()),
        };
        say(&format!(
            "clinicd listens on {} (documentation: {}/docs)",
            server.url(),
            server.url()
        ))?;
        stop.told().await;
        tracing::info!("stopping: open requests may end");
        server.shutdown().await;
        Ok(())
    }
}

/// What tells the server to stop: SIGTERM and ctrl-c.
#[cfg(unix)]
struct Stop([Option<signal::unix::Signal>; 2]);

#[cfg(unix)]
impl Stop {
    /// Hears them from now on.
    fn listen() -> Self {
        use signal::unix::{SignalKind, signal};
        Self(
            [SignalKind::terminate(), SignalKind::interrupt()].map(|kind| {
                signal(kind)
                    .inspect_err(|error| tracing::warn!(%error, "a signal to stop can't be heard"))
                    .ok()
            }),
        )
    }

    /// Waits for one of them.
    async fn told(&mut self) {
        async fn next(signal: &mut Option<signal::unix::Signal>) {
            match signal {
                Some(signal) => {
                    signal.recv().await;
                }
                None => std::future::pending().await,
            }
        }
        let [terminate, interrupt] = &mut self.0;
        tokio::select! {
            () = next(terminate) => {}
            () = next(interrupt) => {}
        }
    }
}

/// What tells the server to stop: ctrl-c.
#[cfg(not(unix))]
struct Stop;

#[cfg(not(unix))]
impl Stop {
    fn listen() -> Self {
        Self
    }

    async fn told(&mut self) {
        let _ = signal::ctrl_c().await;
    }
}
