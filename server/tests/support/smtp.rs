//! A mail server on the loopback: speaks enough SMTP for a real client, keeps what it took, and can
//! be told to refuse or to be slow.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The password it wants.
pub const SMTP_PASSWORD: &str = "the mail server's secret";

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Who signed in, if anybody.
    pub user: Option<String>,
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// What stands between DATA and the dot.
    pub data: String,
}

#[derive(Default)]
struct State {
    delivered: Vec<Delivered>,
    /// What RCPT is answered instead of 250.
    refusal: Option<String>,
    delay: Duration,
}

/// A mail server; gone when dropped.
pub struct SmtpServer {
    /// Its port on 127.0.0.1.
    pub port: u16,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl SmtpServer {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self { port, state, task }
    }

    /// The settings under which a server mails here.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("EMAIL_HOST", "127.0.0.1".to_owned()),
            ("EMAIL_PORT", self.port.to_string()),
            ("EMAIL_TLS", "off".to_owned()),
            ("EMAIL_HOST_USER", "clinic".to_owned()),
            ("EMAIL_HOST_PASSWORD", SMTP_PASSWORD.to_owned()),
            ("MAIL_FROM", "The Clinic <desk@clinic.example>".to_owned()),
        ]
    }

    /// What it took so far.
    pub fn delivered(&self) -> Vec<Delivered> {
        self.state.lock().unwrap().delivered.clone()
    }

    /// From now on recipients are answered this (`550 no`), or taken again.
    pub fn refuse(&self, with: Option<&str>) {
        self.state.lock().unwrap().refusal = with.map(str::to_owned);
    }

    /// From now on each answer takes so long.
    pub fn be_slow(&self, delay: Duration) {
        self.state.lock().unwrap().delay = delay;
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut stream = BufReader::new(stream);
    let mut mail = Delivered {
        user: None,
        from: String::new(),
        to: Vec::new(),
        data: String::new(),
    };
    let mut answer = "220 clinic.example ready".to_owned();
    loop {
        let delay = state.lock().unwrap().delay;
        tokio::time::sleep(delay).await;
        if stream
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
            .is_err()
        {
            return;
        }
        let Some(line) = line(&mut stream).await else {
            return;
        };
        let (verb, rest) = line.split_at(line.len().min(4));
        answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-clinic.example\r\n250-8BITMIME\r\n250 AUTH PLAIN".to_owned(),
            "AUTH" => match plain(rest) {
                Some((user, password)) if password == SMTP_PASSWORD => {
                    mail.user = Some(user);
                    "235 welcome".to_owned()
                }
                _ => "535 wrong".to_owned(),
            },
            "MAIL" => {
                mail.from = between(&line);
                "250 ok".to_owned()
            }
            "RCPT" => match state.lock().unwrap().refusal.clone() {
                Some(refusal) => refusal,
                None => {
                    mail.to.push(between(&line));
                    "250 ok".to_owned()
                }
            },
            "DATA" => {
                if stream.write_all(b"354 go on\r\n").await.is_err() {
                    return;
                }
                mail.data = data(&mut stream).await;
                state.lock().unwrap().delivered.push(mail.clone());
                "250 taken".to_owned()
            }
            "QUIT" => {
                let _ = stream.write_all(b"221 bye\r\n").await;
                return;
            }
            "RSET" | "NOOP" => "250 ok".to_owned(),
            _ => "500 what?".to_owned(),
        };
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await {
        Ok(1..) => Some(line.trim_end().to_owned()),
        _ => None,
    }
}

async fn data(stream: &mut BufReader<TcpStream>) -> String {
    let mut all = String::new();
    while let Some(line) = line(stream).await {
        if line == "." {
            break;
        }
        all.push_str(&line);
        all.push('\n');
    }
    all
}

fn between(line: &str) -> String {
    let start = line.find('<').map_or(0, |at| at + 1);
    let end = line.find('>').unwrap_or(line.len());
    line[start..end].to_owned()
}

/// `AUTH PLAIN` (RFC 4616): nothing, the user, the password.
fn plain(rest: &str) -> Option<(String, String)> {
    let encoded = rest.trim().strip_prefix("PLAIN ")?;
    let bytes = BASE64.decode(encoded).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let mut parts = text.split('\0').skip(1).map(str::to_owned);
    Some((parts.next()?, parts.next()?))
}
