//! The sender over loopback beside its ceiling: a plain loop around the same HTTP client, in the same run.
//!
//! The server is a bare axum handler that reads the body and answers `{"success":true}`, on a thread and a runtime of its
//! own; whoever sends has tokio's default runtime. The ceiling posts bodies that are ready, 64 at a time, and does nothing
//! else: it maps nothing. The sender gets messages as bytes of JSON in memory, of a visitor each, from as many tasks as the
//! machine has cores, and does all it is there for: it reads, checks and maps them, keeps the order, packs, sends, and tells
//! outcomes. Each line is a median of turns that alternate, so that a busy moment of the machine hits all of them; a ratio is
//! one of two neighbours in a turn, with the least and the greatest behind it.
//!
//! `cargo bench -p attribution-destination --bench send [TURNS [CONTESTANT]]`; a contestant alone is there for a profiler.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use attribution_destination::deliver::{Batch, HttpsConnector, Sender};
use attribution_destination::{Dialect, Mapper, Prepared, ProjectId, Settings, WireRequest};
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use serde_json::Value;

/// One message a line.
const MESSAGES: &str = include_str!("messages.ndjson");

/// How many exchanges are in flight at once: the sender's default.
const CONCURRENCY: usize = 64;

/// How many turns each contestant gets, unless the command line says so.
const TURNS: usize = 11;

/// How many events it sends in a turn: those of a batch are many at once, so it takes more of them to measure anything.
const EVENTS: usize = 6_000;
const BATCHED_EVENTS: usize = 60_000;

/// The allocator that `harness` is built with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Who takes turns: its name, its dialect, how many events share a request, and how many it sends in a turn.
const CONTESTANTS: [(&str, Option<Dialect>, usize, usize); 4] = [
    ("loop", None, 1, EVENTS),
    ("classic", Some(Dialect::Classic), 1, EVENTS),
    ("import100", Some(Dialect::Import), 100, BATCHED_EVENTS),
    ("import500", Some(Dialect::Import), 500, BATCHED_EVENTS),
];

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let turns = arguments.next().and_then(|turns| turns.parse().ok()).unwrap_or(TURNS);
    let alone = arguments.next();
    let server = serve();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut speeds: [Vec<f64>; 4] = Default::default();
    runtime.block_on(async {
        let is_there = |name| alone.as_ref().is_none_or(|alone| alone == name);
        let sizes = CONTESTANTS.iter().filter(|(name, ..)| is_there(*name));
        let mut bench = Bench::new(server, sizes.map(|(.., events)| *events).max().unwrap_or(0));
        // The first turn is not counted: it makes the connections.
        for turn in 0..=turns {
            for (speeds, (name, dialect, batch, events)) in speeds.iter_mut().zip(CONTESTANTS) {
                if !is_there(name) {
                    continue;
                }
                let speed = match dialect {
                    None => bench.ceiling(events).await,
                    Some(dialect) => bench.sender(dialect, batch, events).await,
                };
                speeds.extend((turn > 0).then_some(speed));
            }
        }
    });
    let [ceiling, classic, hundreds, five_hundreds] = speeds;
    println!("a plain client loop, classic bodies: {} events/s", spread(&ceiling, 0));
    println!(
        "sender, classic: {} events/s, {} of the loop",
        spread(&classic, 0),
        spread(&ratios(&classic, &ceiling), 2)
    );
    for (events, speeds) in [(100, hundreds), (500, five_hundreds)] {
        println!(
            "sender, import by {events}: {} events/s, {} times classic",
            spread(&speeds, 0),
            spread(&ratios(&speeds, &classic), 1)
        );
    }
}

/// The server's address; it serves until the process ends.
fn serve() -> SocketAddr {
    let (bound, address) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new().name("server".to_owned());
    let serving = thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
                .await
                .expect("a free port");
            bound
                .send(listener.local_addr().expect("it is bound"))
                .expect("somebody waits for it");
            let answer = || {
                post(|body: Bytes| async move {
                    black_box(body.len());
                    ([("content-type", "application/json")], r#"{"success":true}"#)
                })
            };
            let paths = Dialect::ALL.iter().flat_map(|dialect| dialect.paths());
            let router = paths.fold(Router::new(), |router, path| router.route(path, answer()));
            axum::serve(listener, router).await.expect("it serves for good");
        });
    });
    drop(serving.expect("a thread"));
    address.recv().expect("the server is bound")
}

struct Bench {
    server: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
    senders: Vec<(Dialect, usize, Sender<HttpsConnector>)>,
    requests: Arc<[WireRequest]>,
    messages: Vec<Bytes>,
}

impl Bench {
    fn new(server: SocketAddr, messages: usize) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .http1_title_case_headers(true)
            .build(connector);
        let senders = [(Dialect::Classic, 1), (Dialect::Import, 100), (Dialect::Import, 500)];
        let messages: Vec<Bytes> = (0..messages).map(message).collect();
        let requests = messages.iter().take(EVENTS).map(request).collect();
        Self {
            server,
            client,
            senders: senders
                .map(|(dialect, events)| (dialect, events, sender(server, dialect, events)))
                .into(),
            requests,
            messages,
        }
    }

    /// Posts the bodies that are ready, and says how many a second.
    async fn ceiling(&mut self, events: usize) -> f64 {
        let next = Arc::new(AtomicUsize::new(0));
        let begun = now();
        let workers: Vec<_> = (0..CONCURRENCY)
            .map(|_| {
                let (client, requests, next) = (self.client.clone(), Arc::clone(&self.requests), Arc::clone(&next));
                let server = self.server;
                tokio::spawn(async move {
                    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let mut posted = Request::post(format!("http://{server}{}", request.path))
                            .body(Full::new(request.body.clone()))
                            .expect("a request");
                        *posted.headers_mut() = request.header_map();
                        let answer = client.request(posted).await.expect("an answer");
                        assert!(answer.status().is_success());
                        black_box(answer.into_body().collect().await.expect("a whole answer"));
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.expect("no worker panics");
        }
        speed(events, begun.elapsed())
    }

    /// Sends messages from memory, and says how many a second.
    async fn sender(&mut self, dialect: Dialect, batch: usize, events: usize) -> f64 {
        let fits = |(of, size, _): &&(Dialect, usize, Sender<HttpsConnector>)| *of == dialect && *size == batch;
        let (_, _, sender) = self.senders.iter().find(fits).expect("there is one for each");
        let before = sender.metrics().delivered;
        let tasks = std::thread::available_parallelism().map_or(1, NonZero::get);
        let messages = &self.messages[..events];
        let parts: Vec<Vec<Bytes>> = messages.chunks(events.div_ceil(tasks)).map(<[Bytes]>::to_vec).collect();
        let begun = now();
        let submitting: Vec<_> = parts
            .into_iter()
            .map(|part| tokio::spawn(submit(sender.clone(), part)))
            .collect();
        for task in submitting {
            task.await.expect("no task panics");
        }
        sender.settle().await;
        let took = begun.elapsed();
        let delivered = sender.metrics().delivered - before;
        assert_eq!(usize::try_from(delivered), Ok(events));
        speed(events, took)
    }
}

async fn submit(sender: Sender<HttpsConnector>, messages: Vec<Bytes>) {
    for message in messages {
        drop(sender.submit_json(message).await);
    }
}

fn sender(server: SocketAddr, dialect: Dialect, events: usize) -> Sender<HttpsConnector> {
    let batch = Batch {
        events,
        ..Batch::default()
    };
    Sender::builder(settings(dialect))
        .endpoint(format!("http://{server}").parse().expect("an endpoint"))
        .batch(batch)
        .build()
        .expect("settings that work")
}

fn settings(dialect: Dialect) -> Settings {
    Settings {
        dialect,
        ..Settings::new(ProjectId::new("demo-project").expect("not blank"))
    }
}

/// One of the messages, of a visitor of its own.
fn message(number: usize) -> Bytes {
    let lines: Vec<&str> = MESSAGES.lines().collect();
    let mut message: Value = serde_json::from_str(lines[number % lines.len()]).expect("the messages are JSON");
    for id in ["userId", "anonymousId", "previousId"] {
        if let Some(id) = message.get_mut(id).filter(|id| id.is_string()) {
            *id = format!("{}-{number}", id.as_str().unwrap_or_default()).into();
        }
    }
    message.to_string().into()
}

fn request(message: &Bytes) -> WireRequest {
    let mut mapper = Mapper::new(settings(Dialect::Classic), true);
    match mapper.prepare(message, Timestamp::UNIX_EPOCH) {
        Prepared::Send(ready) => ready.request,
        other => panic!("not sent: {other:?}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn speed(events: usize, took: Duration) -> f64 {
    events as f64 / took.as_secs_f64()
}

/// Each of the turns by the same turn of another.
fn ratios(turns: &[f64], others: &[f64]) -> Vec<f64> {
    turns.iter().zip(others).map(|(speed, other)| speed / other).collect()
}

/// The median, and the least and the greatest; nothing of what had no turn.
fn spread(turns: &[f64], decimals: usize) -> String {
    let mut turns = turns.to_vec();
    turns.sort_by(f64::total_cmp);
    match turns.as_slice() {
        [] => "-".to_owned(),
        [least, .., greatest] => format!(
            "{:.decimals$} ({least:.decimals$}-{greatest:.decimals$})",
            turns[turns.len() / 2]
        ),
        [only] => format!("{only:.decimals$}"),
    }
}
