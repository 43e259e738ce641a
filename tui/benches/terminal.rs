//! `clinic` in a pseudo-terminal: how soon the first frame is there, what an idle board costs while
//! the clinic is followed live and while its server is away, and how much memory it takes.
//!
//! `cargo bench -p clinic-tui --bench terminal`; settings from the environment: `BENCH_CLINIC` (the
//! program this was built with; another one's path), `BENCH_IDLE_SECONDS` (60), `BENCH_STARTS` (20).
#![cfg_attr(not(target_os = "linux"), allow(unused))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that can not go on fails, and its table is printed"
)]

#[path = "../tests/support/mod.rs"]
mod support;
#[cfg(unix)]
#[path = "../tests/pty/terminal.rs"]
#[allow(dead_code, reason = "measures with its part")]
mod terminal;

/// Where /proc says what a process costs.
#[cfg(target_os = "linux")]
mod measure {
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    use serde_json::json;

    use super::support::clinic::{busy, day};
    use super::support::receptionist;
    use super::support::server::{Request, Response, Server, problem};
    use super::terminal::{CLINIC, Terminal};

    /// How many appointments the board has.
    const BOARD: u32 = 500;

    fn setting(name: &str) -> Option<String> {
        std::env::var_os(name).and_then(|value| value.into_string().ok())
    }

    fn number(name: &str, default: u64) -> u64 {
        setting(name).map_or(default, |text| text.parse().unwrap())
    }

    fn program() -> String {
        setting("BENCH_CLINIC").unwrap_or_else(|| CLINIC.to_owned())
    }

    /// A stream as the real server keeps it: nothing happens, and every 15 seconds it says so.
    fn quiet_stream(minutes: u64) -> Response {
        let ready = (0, "event: ready\nid: 7\ndata: {}\n\n".to_owned());
        let alive = (0..4 * minutes).map(|_| (15_000, ": alive\n\n".to_owned()));
        Response::Stream(std::iter::once(ready).chain(alive).collect())
    }

    /// A session, the same board on every day, and a stream; or nobody, when it is away.
    fn clinic(request: &Request, is_away: bool) -> Response {
        if is_away {
            return Response::Cut;
        }
        if request.is("GET /v1/api/events/") {
            return quiet_stream(60);
        }
        if request.is("POST /api/user/token/refresh/") {
            return Response::Json(200, json!({"access": "a"}));
        }
        if request.is("GET /v1/api/user/me/") {
            return Response::Json(200, serde_json::to_value(receptionist()).unwrap());
        }
        match request.line.split_once("/v1/api/desk/board/?date=") {
            Some((_, date)) => {
                let board = day(&date[..10], busy(BOARD));
                Response::Json(200, serde_json::to_value(board).unwrap())
            }
            None => problem(404, "not_found", "Not here."),
        }
    }

    /// From the start of the process to the first words on the screen; nobody is asked before.
    pub(super) fn first_frame() {
        let home = tempfile::tempdir().unwrap();
        let starts = number("BENCH_STARTS", 20);
        let mut took: Vec<Duration> = (0..starts)
            .map(|_| {
                let begun = Instant::now();
                // Nothing listens at the port of nobody's service.
                let arguments = ["--server", "http://127.0.0.1:1"];
                let terminal = Terminal::run(home.path(), &program(), &arguments, &[]);
                terminal.wait_for("User");
                begun.elapsed()
            })
            .collect();
        took.sort_unstable();
        let at = |share: usize| took[(took.len() - 1) * share / 100];
        println!("\nfirst frame from the start of the process (aim: 50 ms)");
        println!("  p50 {:.1?}  p95 {:.1?}", at(50), at(95));
    }

    /// Memory of a board of 500, and what it costs while nobody touches it.
    pub(super) async fn idle() {
        let is_away = Arc::new(AtomicBool::new(false));
        let away = Arc::clone(&is_away);
        let server =
            Server::start(move |request| clinic(request, away.load(Ordering::SeqCst))).await;
        let home = tempfile::tempdir().unwrap();
        let variables = [("CLINIC_TOKEN", "r"), ("CLINIC_SERVER", &server.address)];
        let mut terminal = Terminal::run(home.path(), &program(), &[], &variables);
        terminal.wait_for(&format!("of {BOARD}"));
        terminal.wait_for("live");
        let process = format!("/proc/{}", terminal.pid());
        println!("\nmemory with a board of {BOARD} open (aim: 40 MB)");
        for key in ["VmRSS", "RssAnon", "VmHWM"] {
            println!("  {key:<8} {:>6.1} MB", memory(&process, key));
        }
        costs(
            "live (aim: the clock's minute, and a heartbeat every 15 s that writes nothing)",
            &terminal,
            &server,
        )
        .await;
        is_away.store(true, Ordering::SeqCst);
        // Asked for the board, it is found to be away.
        terminal.send("\x1b[15~");
        terminal.wait_for("does not answer");
        costs(
            "without the server (aim: the seconds of the countdown)",
            &terminal,
            &server,
        )
        .await;
        println!(
            "  memory afterwards        {:.1} MB",
            memory(&process, "VmRSS")
        );
        terminal.send("\x03\x03");
        assert_eq!(terminal.exit_code(), 0);
    }

    /// What it costs now to do nothing.
    async fn costs(state: &str, terminal: &Terminal, server: &Server) {
        let process = format!("/proc/{}", terminal.pid());
        // What comes after the change is over.
        tokio::time::sleep(Duration::from_secs(3)).await;
        let seconds = number("BENCH_IDLE_SECONDS", 60);
        let (asked, woken) = (server.got("").len(), wakes(&process));
        let (worked, written) = (ticks(&process), terminal.bytes().len());
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        println!("\nidle for {seconds} s, {state}");
        for (thread, count) in wakes(&process) {
            let before = woken.get(&thread).map_or(0, |(_, count)| *count);
            let (name, count) = (count.0, count.1 - before);
            println!(
                "  {name:<16} woken  {:>5.1} a minute",
                per_minute(count, seconds)
            );
        }
        println!(
            "  processor time           {} ms",
            (ticks(&process) - worked) * 10
        );
        println!(
            "  bytes to the terminal    {}",
            terminal.bytes().len() - written
        );
        println!(
            "  calls to the server      {}",
            server.got("").len() - asked
        );
    }

    fn per_minute(count: u64, seconds: u64) -> f64 {
        count as f64 * 60.0 / seconds as f64
    }

    fn memory(process: &str, key: &str) -> f64 {
        value(&Path::new(process).join("status"), key) as f64 / 1024.0
    }

    /// The threads by their number: what each is called, and how often it slept and was woken.
    fn wakes(process: &str) -> BTreeMap<String, (String, u64)> {
        let threads = std::fs::read_dir(Path::new(process).join("task")).unwrap();
        threads
            .map(|thread| {
                let thread = thread.unwrap();
                let name = std::fs::read_to_string(thread.path().join("comm")).unwrap();
                let count = value(&thread.path().join("status"), "voluntary_ctxt_switches");
                let number = thread.file_name().into_string().unwrap();
                (number, (name.trim_end().to_owned(), count))
            })
            .collect()
    }

    /// Hundredths of seconds of processor time.
    fn ticks(process: &str) -> u64 {
        let stat = std::fs::read_to_string(Path::new(process).join("stat")).unwrap();
        let after_name = stat.rsplit_once(')').unwrap().1;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    fn value(file: &Path, key: &str) -> u64 {
        let text = std::fs::read_to_string(file).unwrap();
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("{key}:")));
        line.unwrap()
            .split_whitespace()
            .nth(1)
            .unwrap()
            .parse()
            .unwrap()
    }
}

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    measure::first_frame();
    measure::idle().await;
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("Only Linux tells what is measured here.");
}
