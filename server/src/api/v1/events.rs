//! `/v1/api/events/` (API.md §7): what happened, as server-sent events.

use bytes::Bytes;
use clinic_shared::v1::events::{EndReason, Ending, Event};
use futures_util::stream;
use poem::http::{HeaderMap, HeaderName, StatusCode};
use poem::web::Data;
use poem::{Body, IntoResponse, Response};
use poem_openapi::param::Header;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, OpenApi};
use serde::Serialize;

use crate::api::Tag;
use crate::api::call::Call;
use crate::api::gate::bearer;
use crate::clinic::events::{Follower, Told, follow};
use crate::clinic::{Answer, Clinic, Refusal};

/// After how many milliseconds a client that lost its stream asks for another.
const RETRY: u32 = 2000;
/// Tells nginx to hand on what it gets.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api", tag = "Tag::V1Events")]
impl Api {
    /// Follow what happens
    ///
    /// Server-sent events without an end. An event named `appointment`, `patient`, `queue`,
    /// `contact`, `schedule` or `waitlist` is something that happened and that the caller may see: staff see
    /// all, doctors their own work and the clinic's hours, everybody what is theirs as a patient.
    /// Its data is an `Event`: ids only. Event ids follow the order of commits: `Last-Event-ID`
    /// replays what was missed, each once and none left out.
    ///
    /// `ready` (data `{}`) says that what was missed has been told; its id is where the stream
    /// stands. `reset` (data `{}`) comes first if too much was missed to be told: load everything
    /// anew. `end` (data `Ending`) says why the server ends the stream, at the latest when the access
    /// token runs out. A comment comes every 15 seconds when nothing happens.
    #[oai(path = "/events/", method = "get", operation_id = "follow_events")]
    async fn follow(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        headers: &HeaderMap,
        /// The id of the last event that was seen; without it the stream begins now. One that is
        /// not known, or no longer, is answered by `reset`.
        #[oai(name = "Last-Event-ID")]
        last_id: Header<Option<String>>,
    ) -> Answer<Events> {
        // The gate let nobody in without one.
        let bearer = bearer(headers).ok_or_else(Refusal::forbidden)?;
        let last_id = last_id.as_deref().filter(|id| !id.is_empty());
        follow(&clinic, &call.who, &bearer, last_id)
            .await
            .map(Events)
    }
}

/// 200 with a stream of events.
struct Events(Follower);

impl IntoResponse for Events {
    fn into_response(self) -> Response {
        let begin = Bytes::from(format!("retry: {RETRY}\n\n"));
        let words = stream::unfold((Some(begin), self.0), |(begin, mut follower)| async move {
            let word = match begin {
                Some(begin) => begin,
                None => written(follower.next().await?),
            };
            Some((Ok::<_, std::io::Error>(word), (None, follower)))
        });
        Response::builder()
            .status(StatusCode::OK)
            .content_type("text/event-stream")
            .header(UNBUFFERED, "no")
            .body(Body::from_bytes_stream(words))
    }
}

/// A word as it stands on the stream.
fn written(told: Told) -> Bytes {
    let text = match told {
        Told::Reset(id) => format!("event: reset\nid: {id}\ndata: {{}}\n\n"),
        Told::Ready(id) => format!("event: ready\nid: {id}\ndata: {{}}\n\n"),
        Told::Happened(id, event) => {
            format!(
                "event: {}\nid: {id}\ndata: {}\n\n",
                event.kind,
                json(&event)
            )
        }
        Told::Alive => ": alive\n\n".to_owned(),
        Told::End(reason) => format!("event: end\ndata: {}\n\n", json(&Ending { reason })),
    };
    text.into()
}

/// Ids and words always can be written.
fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default()
}

impl ApiResponse for Events {
    fn meta() -> MetaResponses {
        let mut text = MetaSchema::new("string");
        text.description = Some("Server-sent events; their data is an `Event` or an `Ending`.");
        let content = MetaMediaType {
            content_type: "text/event-stream",
            schema: MetaSchemaRef::Inline(Box::new(text)),
        };
        let response = MetaResponse {
            description: "A stream that goes on.",
            status: Some(200),
            status_range: None,
            content: vec![content],
            headers: Vec::new(),
        };
        MetaResponses {
            responses: vec![response],
        }
    }

    fn register(registry: &mut Registry) {
        Event::register(registry);
        Ending::register(registry);
        EndReason::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use clinic_shared::v1::events::EventKind;

    use super::*;

    #[test]
    fn events_are_written_as_the_standard_has_them() {
        let event = Event {
            kind: EventKind::Appointment,
            object: Some(7),
            doctor: None,
            patient: None,
        };
        assert_eq!(
            written(Told::Happened(12, event)),
            "event: appointment\nid: 12\ndata: {\"kind\":\"appointment\",\"object\":7,\"doctor\":null,\"patient\":null}\n\n"
        );
        assert_eq!(written(Told::Ready(3)), "event: ready\nid: 3\ndata: {}\n\n");
        // Without an id, so that the client keeps the last one.
        assert_eq!(
            written(Told::End(EndReason::TooSlow)),
            "event: end\ndata: {\"reason\":\"too_slow\"}\n\n"
        );
    }
}
