//! Somebody sits at the program, which runs whole in this process.

use std::sync::Arc;

use clinic_shared::client::Client;
use clinic_shared::v1::user::Me;
use clinic_tui::credentials::MemoryStore;
use clinic_tui::profiles::Profiles;
use clinic_tui::run::{ExitReason, Options, Start, run};

use super::terminal::{Person, terminal};

/// Signed in already, at this client's server.
pub(crate) fn start(client: &Client, who: Me) -> Start {
    Start {
        client: Some(client.clone()),
        who: Some(who),
        ..nobody(client.base().as_str())
    }
}

/// Nobody is signed in at this server.
pub(crate) fn nobody(server: &str) -> Start {
    Start {
        server: server.to_owned(),
        user: None,
        who: None,
        client: None,
        credentials: Arc::new(MemoryStore::default()),
        profiles: Profiles::default(),
        log: clinic_tui::log::Ring::default(),
        options: Options::default(),
    }
}

/// Runs it in a window of this size against a person, who leaves with Ctrl-C.
pub(crate) async fn with<F: Future<Output = ()>>(
    start: Start,
    (columns, rows): (u16, u16),
    act: impl FnOnce(Arc<Person>) -> F,
) {
    let (mut screen, input, person) = terminal(columns, rows);
    let person = Arc::new(person);
    let script = async {
        act(Arc::clone(&person)).await;
        person.press("ctrl-c ctrl-c");
    };
    let (ended, ()) = tokio::join!(Box::pin(run(&mut screen, input, start)), script);
    assert_eq!(ended.unwrap(), ExitReason::Quit);
}
