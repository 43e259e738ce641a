//! A server that misbehaves on demand.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What came in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// `GET /v1/api/desk/patients/?search=ada`.
    pub(crate) line: String,
    /// All header lines, lower case.
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Request {
    pub(crate) fn is(&self, beginning: &str) -> bool {
        self.line.starts_with(beginning)
    }
}

/// What goes out.
#[derive(Debug, Clone)]
pub(crate) enum Response {
    Json(u16, Value),
    Tagged(u16, Value, &'static str),
    After(u64, Box<Response>),
    /// Nothing: the connection is cut.
    Cut,
    /// A stream of events: each piece after so many milliseconds; then the connection is cut.
    Stream(Vec<(u64, String)>),
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers as `answer` says, until the test ends.
    pub(crate) async fn start(
        answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                tokio::spawn(async move {
                    let Some((stream, request)) = read(stream).await else {
                        return;
                    };
                    let response = answer(&request);
                    seen.lock().unwrap().push(request);
                    write(stream, response).await;
                });
            }
        });
        Self { address, requests }
    }

    /// The requests that begin so.
    pub(crate) fn got(&self, beginning: &str) -> Vec<Request> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .filter(|request| request.is(beginning))
            .cloned()
            .collect()
    }
}

async fn read(mut stream: TcpStream) -> Option<(TcpStream, Request)> {
    let mut bytes = Vec::new();
    let mut buffer = [0u8; 4096];
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let lower = head.to_lowercase();
            let length: usize = lower
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .and_then(|length| length.trim().parse().ok())
                .unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                let body = serde_json::from_slice(&bytes[end + 4..end + 4 + length]);
                let line = head
                    .lines()
                    .next()?
                    .trim_end_matches(" HTTP/1.1")
                    .to_owned();
                let body = body.unwrap_or(Value::Null);
                return Some((
                    stream,
                    Request {
                        line,
                        head: lower,
                        body,
                    },
                ));
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

async fn write(mut stream: TcpStream, response: Response) {
    let (status, body, etag) = match response {
        Response::Cut => return,
        Response::Stream(pieces) => return stream_out(stream, pieces).await,
        Response::After(ms, response) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            return Box::pin(write(stream, *response)).await;
        }
        Response::Json(status, body) => (status, body, None),
        Response::Tagged(status, body, etag) => (status, body, Some(etag)),
    };
    let body = body.to_string();
    let etag = etag
        .map(|etag| format!("etag: {etag}\r\n"))
        .unwrap_or_default();
    let text = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{etag}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // The client may have gone on to another request: then nobody reads this.
    let _ = stream.write_all(text.as_bytes()).await;
}

async fn stream_out(mut stream: TcpStream, pieces: Vec<(u64, String)>) {
    let head = "HTTP/1.1 200 X\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let mut is_read = stream.write_all(head.as_bytes()).await.is_ok();
    for (ms, piece) in pieces {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        is_read = is_read && stream.write_all(piece.as_bytes()).await.is_ok();
    }
}

/// A problem as the desk's API words it.
pub(crate) fn problem(status: u16, code: &str, detail: &str) -> Response {
    Response::Json(
        status,
        json!({"type": "about:blank", "title": "x", "status": status, "detail": detail, "code": code}),
    )
}
