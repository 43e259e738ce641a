//! Following what happens at the clinic: a stream for as long as somebody is signed in. What is made
//! of its words, and when a broken one is opened again, the model decides ([`crate::app`]).

use clinic_shared::client::{Client, Error, Told};
use tokio::sync::mpsc::UnboundedSender;

use super::Arrival;

/// Something a stream said.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// Which stream: the id of its [`super::Effect::Follow`].
    pub id: u64,
    /// What it said.
    pub word: Word,
}

/// What can be heard.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// The server said something.
    Told(Told),
    /// It can't be opened, or broke: nothing more comes of it.
    Lost(Error),
}

/// Listens until the stream is over. That it lives is nobody's concern but its own: nothing wakes
/// the loop while nothing happens.
pub(super) async fn follow(
    client: Result<Client, Error>,
    id: u64,
    after: Option<i64>,
    arrivals: UnboundedSender<Arrival>,
) {
    // Fails only when the loop has ended, and then nobody listens.
    let tell = |word| drop(arrivals.send(Arrival::Heard(Heard { id, word })));
    let lost = |error: Error| {
        tracing::info!(%error, "what happens can't be followed");
        tell(Word::Lost(error));
    };
    let opened = match client {
        Ok(client) => client.events(after).await,
        Err(error) => Err(error),
    };
    let mut events = match opened {
        Ok(events) => events,
        Err(error) => return lost(error),
    };
    loop {
        match events.next().await {
            Ok(Some(Told::Alive)) => {}
            Ok(Some(told)) => {
                tell(Word::Told(told));
                if let Told::End(reason) = told {
                    tracing::info!(%reason, "the server ends the stream of events");
                    return;
                }
            }
            Ok(None) => return lost(Error::Unreachable("the stream of events ended".to_owned())),
            Err(error) => return lost(error),
        }
    }
}
