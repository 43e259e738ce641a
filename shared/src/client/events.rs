//! Following what happens: `GET /v1/api/events/`.

use std::time::Duration;

use reqwest::{Method, Response};

use super::{Client, Error, Result};
use crate::v1::events::{EndReason, Ending, Event};

/// The longest silence: the server says every 15 seconds that the stream lives.
const SILENCE: Duration = Duration::from_secs(45);
/// Longer than any stream: it ends with the access token.
const LONGEST: Duration = Duration::from_secs(24 * 3600);
/// The longest piece of a stream; ours have a hundred bytes.
const LONGEST_PIECE: usize = 64 * 1024;

/// What a stream says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Too much was missed to be told: everything is to be loaded anew. What happens after this id
    /// follows.
    Reset(i64),
    /// Something that happened, with its id.
    Happened(i64, Event),
    /// All that was missed has been told, up to this id; what comes now happens now.
    Ready(i64),
    /// Nothing happens, and the stream lives.
    Alive,
    /// The server ends the stream.
    End(EndReason),
}

/// An open stream. Connecting again, with [`Events::last_id`], is the caller's.
#[derive(Debug)]
pub struct Events {
    answer: Response,
    pieces: Pieces,
    last_id: Option<i64>,
}

impl Client {
    /// Follows what happens that the caller may see: from now on, or after the event with this id.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn events(&self, last_id: Option<i64>) -> Result<Events> {
        let mut request = self
            .request(Method::GET, "v1/api/events/")?
            .timeout(LONGEST);
        if let Some(id) = last_id {
            request = request.header("Last-Event-ID", id.to_string());
        }
        Ok(Events {
            answer: self.send(request).await?,
            pieces: Pieces::default(),
            last_id,
        })
    }
}

impl Events {
    /// The next word; none when the stream is over. Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`Error::Unreachable`] if the stream broke, or nothing came for 45 seconds;
    /// [`Error::Garbled`].
    pub async fn next(&mut self) -> Result<Option<Told>> {
        loop {
            while let Some(piece) = self.pieces.next()? {
                if let Some(told) = piece.told()? {
                    if let Told::Reset(id) | Told::Happened(id, _) | Told::Ready(id) = told {
                        self.last_id = Some(id);
                    }
                    return Ok(Some(told));
                }
            }
            let chunk = tokio::time::timeout(SILENCE, self.answer.chunk()).await;
            let chunk = chunk.map_err(|_| Error::Unreachable("it has gone silent".to_owned()))?;
            match chunk? {
                Some(bytes) => self.pieces.feed(&bytes),
                None => return Ok(None),
            }
        }
    }

    /// The id to follow from after this stream.
    pub fn last_id(&self) -> Option<i64> {
        self.last_id
    }
}

/// One piece of a stream, up to its empty line.
#[derive(Debug, Default, PartialEq)]
struct Piece {
    name: String,
    id: Option<i64>,
    data: String,
    is_comment: bool,
}

impl Piece {
    /// What a piece says; none if it is of no concern to us.
    fn told(&self) -> Result<Option<Told>> {
        let id = || self.id.ok_or_else(|| garbled("an event without an id"));
        Ok(Some(match self.name.as_str() {
            "" if self.is_comment && self.data.is_empty() => Told::Alive,
            "reset" => Told::Reset(id()?),
            "ready" => Told::Ready(id()?),
            "end" => {
                let ending = serde_json::from_str::<Ending>(&self.data);
                // A reason of a later version: the stream ends all the same.
                Told::End(ending.map_or(EndReason::Closing, |ending| ending.reason))
            }
            _ => match serde_json::from_str::<Event>(&self.data) {
                Ok(event) => Told::Happened(id()?, event),
                // A kind of a later version.
                Err(_) => return Ok(None),
            },
        }))
    }
}

/// Cuts a stream of bytes into pieces.
#[derive(Debug, Default)]
struct Pieces {
    bytes: Vec<u8>,
    piece: Piece,
}

impl Pieces {
    fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole piece.
    fn next(&mut self) -> Result<Option<Piece>> {
        while let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            let line = String::from_utf8(line).map_err(|_| garbled("bytes that are no text"))?;
            let line = line.trim_end_matches(['\n', '\r']);
            if line.is_empty() {
                let piece = std::mem::take(&mut self.piece);
                if piece != Piece::default() {
                    return Ok(Some(piece));
                }
                continue;
            }
            self.take(line);
        }
        if self.bytes.len() > LONGEST_PIECE {
            return Err(garbled("an event without an end"));
        }
        Ok(None)
    }

    fn take(&mut self, line: &str) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => self.piece.is_comment = true,
            "event" => value.clone_into(&mut self.piece.name),
            "id" => self.piece.id = value.parse().ok(),
            "data" => {
                if !self.piece.data.is_empty() {
                    self.piece.data.push('\n');
                }
                self.piece.data.push_str(value);
            }
            // When to connect again is the caller's; the rest means nothing.
            _ => {}
        }
    }
}

fn garbled(what: &str) -> Error {
    Error::Garbled(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::events::EventKind;

    const STREAM: &str = "retry: 2000\n\nevent: ready\nid: 4\ndata: {}\n\n: alive\n\n\
        event: contact\r\nid: 5\r\ndata: {\"kind\":\"contact\",\"object\":7,\"doctor\":null,\"patient\":null}\r\n\r\n\
        event: comet\nid: 6\ndata: {\"kind\":\"comet\"}\n\n\
        event: end\ndata: {\"reason\":\"token_expired\"}\n\n";

    #[test]
    fn a_stream_is_read_whatever_the_chunks() {
        for size in [1, 3, 17, 1000] {
            let mut pieces = Pieces::default();
            let mut told = Vec::new();
            for chunk in STREAM.as_bytes().chunks(size) {
                pieces.feed(chunk);
                while let Some(piece) = pieces.next().unwrap() {
                    told.extend(piece.told().unwrap());
                }
            }
            let event = Event {
                kind: EventKind::Contact,
                object: Some(7),
                doctor: None,
                patient: None,
            };
            let expected = [
                Told::Ready(4),
                Told::Alive,
                Told::Happened(5, event),
                Told::End(EndReason::TokenExpired),
            ];
            assert_eq!(told, expected, "chunks of {size}");
        }
    }

    #[test]
    fn a_piece_without_an_end_is_not_kept() {
        let mut pieces = Pieces::default();
        pieces.feed(&[b'x'; LONGEST_PIECE + 1]);
        assert!(pieces.next().is_err());
    }
}
