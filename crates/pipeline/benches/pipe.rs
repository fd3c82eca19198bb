//! The whole pipe beside each of its stages alone, in the same run and with the same messages: a server library's, of which ten
//! in a row are one visitor's.
//!
//! - `ingest`: the Tracking API, whose events are taken and dropped;
//! - `sender`: the destination, to a double that records;
//! - `double`: the double that records, to a client that posts ready bodies;
//! - `pipe`: `harness serve --source` with the double behind a socket: source, destination and double.
//!
//! Everything goes over loopback. Who is placed where: what is measured, the double included where there is one, shares tokio's
//! default runtime, as it does in `harness serve --source`; the client that posts is a thread of its own, as it is a process of
//! its own there. So a stage alone has the cores to itself that all stages share in the pipe: were no time lost between them, the
//! time of an event in the pipe would be at most the sum of its times in `ingest` and `sender`, of which the double is a part.
//!
//! The client has 8 connections with batches of 100. At a 429 it waits for 100 ms and sends the same again: less than
//! `Retry-After` tells, so that the queue, which is as long as it is by default, never runs dry. A turn of the pipe ends when
//! everything is delivered. Turns alternate, so that a busy moment of the machine hits all; each figure is a median of them, and
//! the ratio is made of the figures of each turn.
//!
//! `cargo bench -p pipeline --bench pipe [TURNS [CONTESTANT]]`; a contestant alone is there for a profiler.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use attribution_destination::deliver::Sender;
use attribution_destination::{Mapper, Prepared, ProjectId, Settings};
use attribution_mock::{Mock, MockConfig};
use bytes::Bytes;
use clock::Clock;
use jiff::Timestamp;
use pipeline::{Front, Lane};
use segment_source::{AdminApi, Limits, Source, SourceConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// The allocator that `harness` is built with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many turns each contestant gets, unless the command line says so.
const TURNS: usize = 5;

/// How many events a turn has: more than the source's queue holds. Ingest alone takes more of them to measure anything.
const EVENTS: usize = 30_000;
const INGESTED: usize = 200_000;

/// How many connections a client has to the source, and to the double: there as many as the sender.
const CONNECTIONS: usize = 8;
const SENDERS_CONNECTIONS: usize = 64;

/// How many events are in a batch.
const BATCH: usize = 100;

/// How long the client waits when it is told to come again.
const PAUSE: Duration = Duration::from_millis(100);

/// Who takes a turn, and returns how many events a second it took.
type Contestant = fn(&Bench) -> f64;

const CONTESTANTS: [(&str, Contestant); 4] = [
    ("ingest", Bench::ingest),
    ("sender", Bench::sender),
    ("double", Bench::double),
    ("pipe", Bench::pipe),
];

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let turns = arguments.next().and_then(|turns| turns.parse().ok()).unwrap_or(TURNS);
    let alone = arguments.next();
    let bench = Bench::new();
    let mut speeds: [Vec<f64>; 4] = Default::default();
    // The first turn is not counted.
    for turn in 0..=turns {
        for (speeds, (name, contestant)) in speeds.iter_mut().zip(CONTESTANTS) {
            if alone.as_ref().is_none_or(|alone| alone == name) {
                let speed = contestant(&bench);
                speeds.extend((turn > 0).then_some(speed));
            }
        }
    }
    for ((name, _), speeds) in CONTESTANTS.iter().zip(&speeds) {
        println!("{name}: {} events/s", shown(speeds, 0));
    }
    if alone.is_none() {
        let [stages @ .., pipe] = &speeds;
        tell_ratio(stages, pipe);
    }
}

/// Says what the pipe has of its slowest stage.
fn tell_ratio(stages: &[Vec<f64>], pipe: &[f64]) {
    let of_a_median = stages.iter().map(|speeds| median(speeds)).zip(CONTESTANTS);
    let slowest = of_a_median.min_by(|(one, _), (other, _)| one.total_cmp(other));
    let least = |turn: usize| stages.iter().map(|speeds| speeds[turn]).fold(f64::INFINITY, f64::min);
    let ratios: Vec<f64> = pipe
        .iter()
        .enumerate()
        .map(|(turn, speed)| speed / least(turn))
        .collect();
    if let Some((_, (name, _))) = slowest {
        println!(
            "the slowest stage alone is {name}: the pipe has {} of it",
            shown(&ratios, 2)
        );
    }
}

/// What the contestants are made of.
struct Bench {
    /// Where everything runs but the client.
    process: Runtime,
    /// Where the client runs: in this thread.
    client: Runtime,
    /// How many turns were taken: no two send the same `messageId`.
    turn: AtomicUsize,
}

impl Bench {
    fn new() -> Self {
        Self {
            process: Runtime::new().expect("a runtime"),
            client: Builder::new_current_thread().enable_all().build().expect("a runtime"),
            turn: AtomicUsize::new(0),
        }
    }

    fn messages(&self, count: usize) -> Vec<String> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        (0..count).map(|number| message(turn, number)).collect()
    }

    /// The Tracking API, and nobody behind it.
    fn ingest(&self) -> f64 {
        let requests = batches(&self.messages(INGESTED));
        // The one task that takes events shares the cores with all others: what it lags behind is not to be a 429.
        let limits = Limits {
            queue_events: INGESTED,
            queue_bytes: usize::MAX,
            ..Limits::default()
        };
        let (source, mut accepted) = Source::new(SourceConfig {
            limits,
            ..SourceConfig::new(Clock::system())
        });
        let (address, stop) = self.listen(|listener, stopped| async move {
            source.serve(listener, AdminApi::default(), stopped).await;
        });
        let taking = self.process.spawn(async move {
            let mut taken = Vec::new();
            while accepted.next_many(&mut taken, 10_000).await > 0 {
                taken.clear();
            }
        });
        let speed = self.post(address, requests, INGESTED, CONNECTIONS);
        drop(stop);
        self.process.block_on(taking).expect("nobody panics");
        speed
    }

    /// The destination, to a double.
    fn sender(&self) -> f64 {
        let messages: Vec<Bytes> = self.messages(EVENTS).into_iter().map(Bytes::from).collect();
        let (address, _stop) = self.serve_double(&double());
        self.process.block_on(async {
            let sender = sender(address);
            let begun = now();
            let submitting = tokio::spawn(async move {
                for message in messages {
                    drop(sender.submit_json(message).await);
                }
                sender.settle().await;
                sender.metrics().delivered
            });
            assert_eq!(submitting.await.expect("nobody panics"), EVENTS as u64);
            speed(EVENTS, begun)
        })
    }

    /// The double alone.
    fn double(&self) -> f64 {
        let mut mapper = Mapper::new(settings(), true);
        let messages = self.messages(EVENTS);
        let requests = messages.iter().map(|message| {
            let Prepared::Send(ready) = mapper.prepare(message.as_bytes(), Timestamp::UNIX_EPOCH) else {
                panic!("not sent: {message}");
            };
            request(ready.request.path, "ZGVtby1wcm9qZWN0Og==", &ready.request.body)
        });
        let requests = requests.collect();
        let (address, _stop) = self.serve_double(&double());
        self.post(address, requests, EVENTS, SENDERS_CONNECTIONS)
    }

    /// All of them in a row.
    fn pipe(&self) -> f64 {
        let requests = batches(&self.messages(EVENTS));
        let mock = double();
        let (double, _stop_double) = self.serve_double(&mock);
        let (source, accepted) = Source::new(SourceConfig::new(Clock::system()));
        let front = self.process.block_on(async {
            let lane = Lane {
                project: "demo-project".to_owned(),
                settings: settings(),
                sender: sender(double),
                mock: Some(mock),
            };
            Front::start(source.clone(), accepted, vec![lane])
        });
        let admin = front.admin();
        let (address, _stop) = self.listen(|listener, stopped| async move {
            source.serve(listener, admin, stopped).await;
        });
        let begun = now();
        self.post(address, requests, EVENTS, CONNECTIONS);
        let funnel = self.process.block_on(front.finish(Duration::from_secs(600)));
        let all = EVENTS as u64;
        assert_eq!((funnel.successful_delivery, funnel.recorded), (all, all), "{funnel}");
        speed(EVENTS, begun)
    }

    fn serve_double(&self, mock: &Mock) -> (SocketAddr, oneshot::Sender<()>) {
        let mock = mock.clone();
        self.listen(|listener, stopped| async move { mock.serve(listener, stopped).await })
    }

    /// Serves on a free port until what is returned is dropped.
    fn listen<F>(&self, serve: impl FnOnce(TcpListener, Stopped) -> F) -> (SocketAddr, oneshot::Sender<()>)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = self.process.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        self.process
            .spawn(serve(listener, Box::pin(async move { drop(stopped.await) })));
        (address, stop)
    }

    /// Posts requests over so many connections until each is answered 200; how many of their events a second.
    fn post(&self, address: SocketAddr, requests: Vec<String>, events: usize, connections: usize) -> f64 {
        let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
        self.client.block_on(async {
            let begun = now();
            let posting: Vec<_> = (0..connections)
                .map(|_| tokio::spawn(converse(address, Arc::clone(&requests), Arc::clone(&next))))
                .collect();
            for posting in posting {
                posting.await.expect("it is posted");
            }
            speed(events, begun)
        })
    }
}

type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;

async fn converse(address: SocketAddr, requests: Arc<Vec<String>>, next: Arc<AtomicUsize>) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("an option");
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        while exchange(&mut stream, request).await == 429 {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Sends a request, and returns the status of its answer.
async fn exchange(stream: &mut TcpStream, request: &str) -> u16 {
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it takes the request");
    let mut answer = Vec::with_capacity(1024);
    loop {
        let more = stream.read_buf(&mut answer).await.expect("it answers");
        let said = str::from_utf8(&answer).expect("answers are text");
        assert!(more > 0, "it is cut off: {said}");
        // An answer of either server is one object, which is there once its last bracket is.
        if said.split_once("\r\n\r\n").is_some_and(|(_, body)| body.ends_with('}')) {
            let status = said.get(9..12).and_then(|status| status.parse().ok());
            assert!(matches!(status, Some(200 | 429)), "{said}");
            return status.unwrap_or_default();
        }
    }
}

fn double() -> Mock {
    Mock::new(MockConfig {
        projects: "demo-project".into(),
        ..MockConfig::new(Clock::system())
    })
}

fn settings() -> Settings {
    Settings::new(ProjectId::new("demo-project").expect("it is not blank"))
}

fn sender(double: SocketAddr) -> Sender {
    let endpoint = format!("http://{double}").parse().expect("an endpoint");
    let sender = Sender::builder(settings()).endpoint(endpoint).build();
    sender.expect("settings that work")
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn speed(events: usize, begun: Instant) -> f64 {
    events as f64 / begun.elapsed().as_secs_f64()
}

fn sorted(all: &[f64]) -> Vec<f64> {
    let mut all = all.to_vec();
    all.sort_by(f64::total_cmp);
    all
}

fn median(all: &[f64]) -> f64 {
    sorted(all).get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The median, and the least and the greatest; nothing of who had no turn.
fn shown(all: &[f64], decimals: usize) -> String {
    match sorted(all).as_slice() {
        [] => "-".to_owned(),
        [least, .., greatest] => format!(
            "{:.decimals$} (from {least:.decimals$} to {greatest:.decimals$})",
            median(all)
        ),
        [only] => format!("{only:.decimals$}"),
    }
}

fn batches(messages: &[String]) -> Vec<String> {
    let batch = |messages: &[String]| {
        let messages = messages.join(",");
        let body = format!(r#"{{"batch":[{messages}],"sentAt":"2024-01-15T10:00:00.500Z"}}"#);
        request("/v1/batch", "d2stMTo=", &body)
    };
    messages.chunks(BATCH).map(batch).collect()
}

fn request(path: &str, credentials: &str, body: impl AsRef<[u8]>) -> String {
    let body = str::from_utf8(body.as_ref()).expect("JSON is UTF-8");
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {credentials}\r\nUser-Agent: bench\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\r\n{body}",
        body.len()
    )
}

/// Of ten messages, five tracks, four pages and one identify.
fn message(turn: usize, number: usize) -> String {
    let (visitor, which) = (number / 10, number % 10);
    let mut out = format!(
        r#"{{"messageId":"node-next-1705312800000-{turn:04x}-{number:08x}","userId":"user-{visitor:07}","anonymousId":"7b1c6f2e-90d4-4f7c-8a39-{visitor:012}","timestamp":"2024-01-15T10:00:00.{:03}Z","context":{{"ip":"203.0.113.7","locale":"en-GB","library":{{"name":"@segment/analytics-node","version":"2.1.0"}},"userAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36","page":{{"path":"/pricing","referrer":"https://www.google.com/","title":"Pricing","url":"https://shop.example/pricing"}}}},"integrations":{{}},"#,
        number % 997
    );
    let written = match which {
        0 => write!(
            out,
            r#""type":"identify","traits":{{"name":"Ada Lovelace","email":"ada-{visitor}@example.com","plan":"enterprise","logins":{number}}}}}"#
        ),
        1..=4 => write!(
            out,
            r#""type":"page","name":"Pricing","properties":{{"path":"/pricing","url":"https://shop.example/pricing?utm_source=google&utm_medium=cpc","referrer":"https://www.google.com/","title":"Pricing | The Shop"}}}}"#
        ),
        _ => write!(
            out,
            r#""type":"track","event":"Order Completed","properties":{{"order_id":"order-{number:08}","revenue":99.90,"currency":"EUR","products":[{{"sku":"G-32","name":"Monopoly","price":19,"quantity":1}}]}}}}"#
        ),
    };
    written.expect("a string takes any text");
    out
}
