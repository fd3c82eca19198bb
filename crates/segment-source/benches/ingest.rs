//! Ingest beside its ceiling, a bare axum handler on tokio's default runtime that parses the same bodies and drops them, in the
//! same run: 64 connections, each sending batches of 100 events.
//!
//! Whoever sends is one thread that writes requests which are ready and reads answers. The source's events are taken and dropped
//! as fast as they come, its receipts and ids are kept as always, and every `messageId` is new. Turns alternate, so that a busy
//! moment of the machine hits both.
//!
//! `cargo bench -p segment-source --bench ingest [TURNS]`; for a profiler `… --bench ingest bare|source [REQUESTS]`
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fmt::Write as _;
use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use clock::Clock;
use segment_source::{AdminApi, Limits, Source, SourceConfig};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// How many turns each contestant gets, unless the command line says so.
const TURNS: usize = 7;

/// How many requests are sent in a turn.
const REQUESTS: usize = 1_280;

/// How many connections send them.
const CONNECTIONS: usize = 64;

/// How many events a request has.
const EVENTS: usize = 100;

/// The allocator that `harness` is built with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// No two turns send the same `messageId`.
static TURN: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|text| !text.starts_with("--"))
        .collect();
    let number = |index: usize| arguments.get(index).and_then(|text| text.parse().ok());
    match arguments.first().map(String::as_str) {
        Some("bare") => events_per_second(send(serve(bare), number(1).unwrap_or(REQUESTS))),
        Some("source") => events_per_second(send(serve(source), number(1).unwrap_or(REQUESTS))),
        _ => speed(number(0).unwrap_or(TURNS)),
    }
}

fn events_per_second(speed: f64) {
    println!("{speed:.0} events/s");
}

fn speed(turns: usize) {
    let (bare, source) = (serve(bare), serve(source));
    let mut speeds: [Vec<f64>; 2] = Default::default();
    for _ in 0..=turns {
        speeds[0].push(send(bare, REQUESTS));
        speeds[1].push(send(source, REQUESTS));
    }
    let [bare, source] = speeds.map(|speeds| speeds[1..].to_vec());
    let mut ratios: Vec<f64> = source.iter().zip(&bare).map(|(ours, bare)| ours / bare).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "{CONNECTIONS} connections, batches of {EVENTS}: bare {:.0} events/s\n  ingest          {:.0} events/s, {:.2} of bare \
         (from {:.2} to {:.2})",
        middle(&bare),
        middle(&source),
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

type Serving = Pin<Box<dyn Future<Output = ()> + Send>>;

fn source(listener: TcpListener) -> Serving {
    Box::pin(async move {
        // The one task that takes events shares the cores with all others: what it lags behind is not to be a 429.
        let limits = Limits {
            queue_events: 100_000,
            queue_bytes: 256 * 1024 * 1024,
            ..Limits::default()
        };
        let (source, mut accepted) = Source::new(SourceConfig {
            limits,
            ..SourceConfig::new(Clock::system())
        });
        tokio::spawn(async move {
            let mut taken = Vec::new();
            while accepted.next_many(&mut taken, 10_000).await > 0 {
                taken.clear();
            }
        });
        source
            .serve(listener, AdminApi::default(), std::future::pending())
            .await;
    })
}

fn bare(listener: TcpListener) -> Serving {
    let answer = |body: Bytes| async move {
        drop(serde_json::from_slice::<Value>(&body));
        ([("content-type", "application/json")], r#"{"success":true}"#)
    };
    let router = Router::new().route("/v1/batch", post(answer));
    let listener = axum::serve::ListenerExt::tap_io(listener, |socket| drop(socket.set_nodelay(true)));
    Box::pin(async move { axum::serve(listener, router).into_future().await.expect("it serves") })
}

/// Serves on a thread of its own.
fn serve(serving: impl FnOnce(TcpListener) -> Serving + Send + 'static) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener that doesn't block");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let runtime = Runtime::new().expect("a runtime");
        runtime.block_on(async { serving(TcpListener::from_std(listener).expect("a listener")).await });
    });
    address
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn now() -> Instant {
    Instant::now()
}

/// Sends so many requests; how many events a second.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn send(address: SocketAddr, requests: usize) -> f64 {
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let ready: Vec<String> = (0..requests).map(|number| request(turn, number)).collect();
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut streams = Vec::new();
        for _ in 0..CONNECTIONS {
            let stream = TcpStream::connect(address).await.expect("a connection");
            stream.set_nodelay(true).expect("an option");
            streams.push(stream);
        }
        let mut shares: Vec<Vec<String>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
        for (number, request) in ready.into_iter().enumerate() {
            shares[number % CONNECTIONS].push(request);
        }
        let begun = now();
        let senders: Vec<_> = streams
            .into_iter()
            .zip(shares)
            .map(|(stream, share)| tokio::spawn(converse(stream, share)))
            .collect();
        for sender in senders {
            sender.await.expect("it is sent");
        }
        (requests * EVENTS) as f64 / begun.elapsed().as_secs_f64()
    })
}

async fn converse(mut stream: TcpStream, requests: Vec<String>) {
    let mut answer = [0; 2048];
    for request in requests {
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it takes the request");
        let mut read = 0;
        // Every answer of either server ends so, and no other bytes of it are.
        while !answer[..read].ends_with(br#"{"success":true}"#) {
            let more = stream.read(&mut answer[read..]).await.expect("it answers");
            let said = String::from_utf8_lossy(&answer[..read]);
            assert!(more > 0 && !said.contains(" 429 "), "it refuses: {said}");
            read += more;
        }
    }
}

/// A batch as a server library sends it.
fn request(turn: usize, number: usize) -> String {
    let mut body = String::from(r#"{"sentAt":"2024-01-15T10:00:00.500Z","batch":["#);
    for index in 0..EVENTS {
        if index > 0 {
            body.push(',');
        }
        event(&mut body, turn, number * EVENTS + index);
    }
    body.push_str("]}");
    format!(
        "POST /v1/batch HTTP/1.1\r\nHost: api.segment.io\r\nAuthorization: Basic d2stMTo=\r\nUser-Agent: bench\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\r\n{body}",
        body.len()
    )
}

/// Of ten events, five tracks, four pages and one identify.
fn event(out: &mut String, turn: usize, number: usize) {
    let (visitor, which) = (number / 10, number % 10);
    let ids = format!(
        r#""messageId":"node-next-1705312800000-{turn:04x}-{number:08x}","userId":"user-{visitor:07}","anonymousId":"7b1c6f2e-90d4-4f7c-8a39-{visitor:012}","timestamp":"2024-01-15T10:00:00.{:03}Z""#,
        number % 997
    );
    let context = r#""context":{"ip":"203.0.113.7","locale":"en-GB","library":{"name":"@segment/analytics-node","version":"2.1.0"},"userAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36","page":{"path":"/pricing","referrer":"https://www.google.com/","title":"Pricing","url":"https://shop.example/pricing"}},"integrations":{}"#;
    let written = match which {
        0 => write!(
            out,
            r#"{{"type":"identify",{ids},"traits":{{"name":"Ada Lovelace","email":"ada-{visitor}@example.com","plan":"enterprise","logins":{number}}},{context}}}"#
        ),
        1..=4 => write!(
            out,
            r#"{{"type":"page",{ids},"name":"Pricing","properties":{{"path":"/pricing","url":"https://shop.example/pricing?utm_source=google&utm_medium=cpc","referrer":"https://www.google.com/","title":"Pricing | The Shop"}},{context}}}"#
        ),
        _ => write!(
            out,
            r#"{{"type":"track",{ids},"event":"Order Completed","properties":{{"order_id":"order-{number:08}","revenue":99.90,"currency":"EUR","products":[{{"sku":"G-32","name":"Monopoly","price":19,"quantity":1}}]}},{context}}}"#
        ),
    };
    written.expect("a string takes any text");
}
