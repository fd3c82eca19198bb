//! Recording beside its ceiling, a bare axum handler on tokio's default runtime that parses the body and drops it, in the same
//! run; and what a recorded event of 800 bytes takes of memory.
//!
//! Whoever sends is one thread that writes requests which are ready and reads answers. The double is served as `harness serve`
//! does it, on the same kinds of runtimes, and it is reset between turns. Turns alternate, so that a busy moment of the machine hits
//! both.
//!
//! `cargo bench -p attribution-mock --bench record [TURNS]`; `… --bench record memory [EVENTS]`; for a profiler
//! `… --bench record bare|recording|journaled [REQUESTS]`
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::OnceLock;
use std::thread;
use std::time::Instant;

use attribution_mock::{JournalOptions, JournalSync, Mock, MockConfig};
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use clock::Clock;
use inbound::Spread;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// How many turns each contestant gets, unless the command line says so.
const TURNS: usize = 11;

/// How many requests are sent in a turn.
const REQUESTS: usize = 20_000;

/// How many events each visitor sends.
const EACH: usize = 10;

/// The allocator that `harness` is built with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|text| !text.starts_with("--"))
        .collect();
    let number = |index: usize| arguments.get(index).and_then(|text| text.parse().ok());
    let folder = tempfile::tempdir().expect("a folder");
    match arguments.first().map(String::as_str) {
        Some("memory") => memory(number(1).unwrap_or(100_000)),
        Some(name @ ("bare" | "recording" | "journaled")) => {
            let address = match name {
                "bare" => serve(default_runtime(), bare()),
                "recording" => serve(one_thread(), served(&recording())),
                _ => serve(one_thread(), served(&journaling(folder.path()))),
            };
            println!("{:.0} requests/s", send(address, 4, number(1).unwrap_or(REQUESTS)));
        }
        _ => speed(number(0).unwrap_or(TURNS), folder.path()),
    }
}

fn recording() -> Mock {
    Mock::new(config())
}

/// As `harness serve` has it: the runtime that connections are spread onto lives as long as the program.
fn config() -> MockConfig {
    static MANY: OnceLock<Runtime> = OnceLock::new();
    let many = MANY.get_or_init(default_runtime);
    MockConfig {
        spread: Some(Spread::onto(many.handle().clone())),
        ..MockConfig::new(Clock::system())
    }
}

fn journaling(folder: &Path) -> Mock {
    let options = JournalOptions {
        path: folder.join("journal.ndjson"),
        sync: JournalSync::Interval,
    };
    let opened = Mock::with_journal(config(), &options);
    opened.expect("a journal").0
}

fn speed(turns: usize, folder: &Path) {
    let bare = serve(default_runtime(), bare());
    let (mock, journaling) = (recording(), journaling(folder));
    let recording = serve(one_thread(), served(&mock));
    let journaled = serve(one_thread(), served(&journaling));
    for connections in [4, 64] {
        let mut speeds: [Vec<f64>; 3] = Default::default();
        for _ in 0..=turns {
            speeds[0].push(send(bare, connections, REQUESTS));
            speeds[1].push(send(recording, connections, REQUESTS));
            mock.reset();
            speeds[2].push(send(journaled, connections, REQUESTS));
            journaling.reset();
        }
        let [bare, recording, journaled] = speeds.map(|speeds| speeds[1..].to_vec());
        println!("{connections:>2} connections: bare {:.0} requests/s", middle(&bare));
        ratio("recording", &recording, &bare);
        ratio("with a journal", &journaled, &bare);
    }
}

fn ratio(what: &str, ours: &[f64], bare: &[f64]) {
    let mut ratios: Vec<f64> = ours.iter().zip(bare).map(|(ours, bare)| ours / bare).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "  {what:<15} {:.0} requests/s, {:.2} of bare (from {:.2} to {:.2})",
        middle(ours),
        middle(&ratios),
        ratios[0],
        ratios[ratios.len() - 1]
    );
}

fn middle(all: &[f64]) -> f64 {
    let mut all = all.to_vec();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// What a recorded event takes, with its verdict and everything that is made of it.
fn memory(events: usize) {
    let mock = recording();
    let address = serve(one_thread(), served(&mock));
    send(address, 4, 1_000);
    mock.reset();
    let before = resident();
    send(address, 4, events);
    let bytes = (resident() - before) * 1024;
    let body: usize = (0..EACH).map(|number| event(number).1.len()).sum::<usize>() / EACH;
    println!(
        "{events} events with bodies of {body} bytes on average: {} bytes of memory each",
        bytes / events
    );
}

/// In kilobytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("a system with /proc");
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .expect("a size");
    resident.trim().trim_end_matches(" kB").parse().expect("a number")
}

type Serving = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

/// As a server of axum has it.
fn default_runtime() -> Runtime {
    Runtime::new().expect("a runtime")
}

/// As whoever sends has it, and `harness serve` for the first few connections.
fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn served(mock: &Mock) -> impl FnOnce(TcpListener) -> Serving + Send + 'static {
    let mock = mock.clone();
    move |listener| Box::pin(async move { mock.serve(listener, std::future::pending()).await })
}

fn bare() -> impl FnOnce(TcpListener) -> Serving + Send + 'static {
    let answer = |body: Bytes| async move {
        drop(serde_json::from_slice::<Value>(&body));
        ([("content-type", "application/json")], r#"{"success":true}"#)
    };
    let paths = ["/track", "/identify"];
    let router = paths
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, post(answer)));
    move |listener| {
        let listener = axum::serve::ListenerExt::tap_io(listener, |socket| drop(socket.set_nodelay(true)));
        Box::pin(async move { axum::serve(listener, router).into_future().await.expect("it serves") })
    }
}

/// Serves on a thread of its own.
fn serve(runtime: Runtime, serving: impl FnOnce(TcpListener) -> Serving + Send + 'static) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener that doesn't block");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        runtime.block_on(async { serving(TcpListener::from_std(listener).expect("a listener")).await });
    });
    address
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn now() -> Instant {
    Instant::now()
}

/// Sends so many requests over so many connections; how many a second.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn send(address: SocketAddr, connections: usize, requests: usize) -> f64 {
    one_thread().block_on(async {
        let mut streams = Vec::new();
        for _ in 0..connections {
            let stream = TcpStream::connect(address).await.expect("a connection");
            stream.set_nodelay(true).expect("an option");
            streams.push(stream);
        }
        let begun = now();
        let senders = streams.into_iter().enumerate().map(|(first, stream)| {
            let numbers = (first..requests).step_by(connections);
            tokio::spawn(converse(stream, numbers))
        });
        for sender in senders.collect::<Vec<_>>() {
            sender.await.expect("it is sent");
        }
        requests as f64 / begun.elapsed().as_secs_f64()
    })
}

async fn converse(mut stream: TcpStream, numbers: impl Iterator<Item = usize>) {
    let mut answer = [0; 2048];
    for number in numbers {
        stream
            .write_all(request(number).as_bytes())
            .await
            .expect("it takes the request");
        let mut read = 0;
        // Every answer of either server ends so, and no other bytes of it are.
        while !answer[..read].ends_with(br#"{"success":true}"#) {
            let more = stream.read(&mut answer[read..]).await.expect("it answers");
            assert!(
                more > 0,
                "the server closed the connection: {}",
                String::from_utf8_lossy(&answer[..read])
            );
            read += more;
        }
    }
}

/// As Segment's classic destination sends it.
fn request(number: usize) -> String {
    let (path, body) = event(number);
    format!(
        "POST {path} HTTP/1.1\r\nHost: track.attributionapp.com\r\nUser-Agent: Segment.io/1.0\r\n\
         Authorization: Basic ZGVtby1wcm9qZWN0Og==\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\n\r\n{body}",
        body.len()
    )
}

/// The path and the body of an event: of ten of a visitor, five tracks, four pages and one identify.
fn event(number: usize) -> (&'static str, String) {
    let (visitor, which) = (number / EACH, number % EACH);
    let (hour, minute, second) = (number / 3600 % 24, number / 60 % 60, number % 60);
    let at = format!("2024-01-15T{hour:02}:{minute:02}:{second:02}.{:03}Z", number % 997);
    let ids = format!(r#""user_id":"user-{visitor:07}","cookie_id":"7b1c6f2e-90d4-4f7c-8a39-{visitor:012}""#);
    let context = r#""context":{"ip":"203.0.113.7","locale":"en-GB","library":{"name":"analytics.js","version":"4.1.1"},"userAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36","page":{"path":"/pricing","referrer":"https://www.google.com/","title":"Pricing","url":"https://shop.example/pricing"}}"#;
    match which {
        0 => (
            "/identify",
            format!(
                r#"{{{ids},"traits":{{"name":"Ada Lovelace","email":"ada-{visitor}@example.com","plan":"enterprise","company":{{"name":"Analytical Engines","employees":42,"address":"12 St James's Square, London"}},"createdAt":"2023-11-02T09:30:00.000Z","logins":{number}}},{context}}}"#
            ),
        ),
        1..=4 => (
            "/track",
            format!(
                r#"{{{ids},"timestamp":"{at}","properties":{{"name":"Pricing","path":"/pricing","url":"https://shop.example/pricing?utm_source=google&utm_medium=cpc&utm_campaign=spring-{which}","referrer":"https://www.google.com/","title":"Pricing | The Shop","search":"?utm_source=google&utm_medium=cpc"}},{context},"event":"Viewed Pricing Page"}}"#
            ),
        ),
        _ => (
            "/track",
            format!(
                r#"{{{ids},"timestamp":"{at}","properties":{{"order_id":"order-{number:08}","revenue":99.90,"currency":"EUR","products":[{{"sku":"G-32","name":"Monopoly: 3rd Edition","price":19,"quantity":1,"category":"Games"}},{{"sku":"F-32","name":"UNO Card Game","price":3,"quantity":2}}]}},{context},"event":"Order Completed {which}"}}"#
            ),
        ),
    }
}
