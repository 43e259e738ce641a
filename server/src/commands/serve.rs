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
        let server = Server::start_with(config, &Parts::default(), !self.no_migrate).await?;
        say(&format!(
            "clinicd listens on {} (documentation: {}/docs)",
            server.url(),
            server.url()
        ))?;
        told_to_stop().await;
        tracing::info!("stopping: open requests may end");
        server.shutdown().await;
        Ok(())
    }
}

#[cfg(unix)]
async fn told_to_stop() {
    let mut terminate = match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM can't be heard; ctrl-c stops the server");
            let _ = signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    let _ = signal::ctrl_c().await;
}
