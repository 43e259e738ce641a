//! A server on loopback with two patients, as far as the terminal client can tell a real one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::support::clinic::{busy, day};
use super::terminal::PATIENCE;

/// The only account.
pub(crate) const USER: &str = "eva";
/// Its password.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// The token that its session is refreshed with.
pub(crate) const REFRESH: &str = "refresh-of-eva";
/// The id of Ada Lovelace, `P-000001`.
pub(crate) const ADA: &str = "01890000-0000-7000-8000-000000000001";

const ACCESS: &str = "access-of-eva";
const GRACE: &str = "01890000-0000-7000-8000-000000000002";

/// A running server; it ends with the test.
pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`
    pub(crate) address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::answering(answer)
    }

    /// One whose board is followed live. The board is answered once: the next time, as everything
    /// else but the session, it stays without an answer.
    pub(crate) fn live() -> Self {
        Self::answering(answer_live)
    }

    fn answering(answer: fn(TcpStream, &Mutex<Vec<String>>)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::default());
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || answer(stream, &seen));
            }
        });
        Self { address, requests }
    }

    /// What was asked so far: method, path and query, body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// An address where nothing listens.
pub(crate) fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

struct Request {
    method: String,
    target: String,
    bearer: Option<String>,
    if_match: Option<String>,
    body: Value,
}

/// One request a connection is enough here. A connection that breaks is the client's business.
fn answer(stream: TcpStream, seen: &Mutex<Vec<String>>) {
    if let Some(request) = noted(&stream, seen) {
        respond(stream, route(&request));
    }
}

fn answer_live(mut stream: TcpStream, seen: &Mutex<Vec<String>>) {
    let Some(request) = noted(&stream, seen) else {
        return;
    };
    let asked = |path: &str| {
        let seen = seen.lock().unwrap();
        seen.iter().filter(|asked| asked.contains(path)).count()
    };
    let path = request.target.split('?').next().unwrap_or_default();
    match path {
        "/v1/api/events/" => {
            let head = "HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\n\r\n";
            let mut said = write!(stream, "{head}event: ready\nid: 7\ndata: {{}}\n\n");
            while said.is_ok() {
                std::thread::park_timeout(Duration::from_millis(200));
                said = write!(stream, ": alive\n\n");
            }
        }
        "/v1/api/desk/board/" if asked(path) == 1 => {
            let day = day("2026-11-23", busy(40));
            respond(stream, (200, serde_json::to_value(day).unwrap()));
        }
        path if path.starts_with("/v1/api/desk/") => {
            std::thread::park_timeout(PATIENCE * 2);
        }
        _ => respond(stream, route(&request)),
    }
}

fn noted(stream: &TcpStream, seen: &Mutex<Vec<String>>) -> Option<Request> {
    let request = read(stream)?;
    seen.lock().unwrap().push(format!(
        "{} {} {}",
        request.method, request.target, request.body
    ));
    Some(request)
}

fn respond(mut stream: TcpStream, (status, body): (u16, Value)) {
    let text = body.to_string();
    let _ = write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nETag: \"1\"\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let (mut bearer, mut if_match, mut length) = (None, None, 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => bearer = value.strip_prefix("Bearer ").map(str::to_owned),
            "if-match" => if_match = Some(value.to_owned()),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Some(Request {
        method,
        target,
        bearer,
        if_match,
        body,
    })
}

fn route(request: &Request) -> (u16, Value) {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let path = path.trim_end_matches('/');
    match (request.method.as_str(), path) {
        ("POST", "/api/user/login") => {
            if request.body["username"] == USER && request.body["password"] == PASSWORD {
                return (200, json!({"access": ACCESS, "refresh": REFRESH}));
            }
            return (401, json!({"detail": "Wrong name or password."}));
        }
        ("POST", "/api/user/token/refresh") if request.body["refresh"] == REFRESH => {
            return (200, json!({"access": ACCESS}));
        }
        ("POST", "/api/user/logout") => return (200, json!({"detail": "Signed out."})),
        _ if request.bearer.as_deref() != Some(ACCESS) => {
            return (401, json!({"detail": "Not signed in."}));
        }
        _ => {}
    }
    if let Some(answer) = super::clinic::route(&request.method, path, query) {
        return answer;
    }
    match (request.method.as_str(), path) {
        ("GET", "/v1/api/user/me") => (200, me()),
        ("GET", "/v1/api/desk/patients") => (200, search(query)),
        ("POST", "/v1/api/desk/patients") => match request.body["phone"].as_str() {
            Some(phone) if phone.len() > 32 => (400, too_long()),
            _ => (201, record(GRACE, "P-000003", &request.body)),
        },
        ("POST", "/v1/api/desk/patients/duplicates") => (200, duplicates(&request.body)),
        ("GET", path) if path.ends_with(ADA) => (200, record(ADA, "P-000001", &ada())),
        ("PATCH", path) if path.ends_with(ADA) => match request.if_match.as_deref() {
            Some("\"1\"") => (200, record(ADA, "P-000001", &merged(ada(), &request.body))),
            _ => (
                412,
                problem(412, "stale", "Somebody else changed this record."),
            ),
        },
        _ => (404, problem(404, "not_found", "There is no such patient.")),
    }
}

fn me() -> Value {
    json!({
        "id": "01890000-0000-7000-8000-0000000000ff", "username": USER,
        "email": "eva@example.org", "first_name": "Eva", "last_name": "Example",
        "role": "receptionist", "is_verified": true,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"
    })
}

fn ada() -> Value {
    json!({"full_name": "Ada \u{1b}[31mLovelace", "phone": "030 1234", "birth_date": "1990-12-10"})
}

fn search(query: &str) -> Value {
    let rows = [
        row(ADA, "P-000001", "Ada \u{1b}[31mLovelace"),
        row(GRACE, "P-000002", "Grace Hopper"),
    ];
    let words = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("search="));
    let words = words.unwrap_or_default().to_lowercase();
    let results: Vec<_> = rows
        .into_iter()
        .filter(|row| row.to_string().to_lowercase().contains(&words))
        .collect();
    json!({
        "count": results.len(), "count_capped": false, "next": null, "previous": null,
        "corrections": [], "results": results
    })
}

fn row(id: &str, number: &str, name: &str) -> Value {
    json!({
        "id": id, "record_number": number, "full_name": name, "birth_date": "1990-12-10",
        "gender": null, "phone": "030 1234", "has_account": false
    })
}

fn record(id: &str, number: &str, fields: &Value) -> Value {
    let empty = json!({
        "id": id, "number": 1, "record_number": number, "full_name": "", "birth_date": null,
        "age": 35, "gender": null, "phone": null, "email": null, "address": null,
        "blood_group": null, "note": null, "photo": null, "username": null, "version": 1,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"
    });
    merged(empty, fields)
}

fn merged(mut object: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().into_iter().flatten() {
        object[name] = value.clone();
    }
    object
}

fn duplicates(draft: &Value) -> Value {
    if draft["full_name"] != "Ada Lovelace" {
        return json!([]);
    }
    json!([{"patient": row(ADA, "P-000001", "Ada Lovelace"), "reasons": ["phone"]}])
}

fn too_long() -> Value {
    let mut problem = problem(400, "invalid", "One field is faulty.");
    problem["errors"] = json!({"phone": ["At most 32 characters."]});
    problem
}

fn problem(status: u16, code: &str, detail: &str) -> Value {
    json!({"type": "about:blank", "title": "X", "status": status, "detail": detail, "code": code})
}
