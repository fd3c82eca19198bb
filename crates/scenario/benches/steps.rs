//! A scenario of so many steps, one after the other, beside a plain loop of the same HTTP exchanges, in the same run.
//!
//! - `loop`: a client that posts ready requests to the double over one connection of loopback, and waits for each answer;
//! - `live`: the scenario over loopback, in real time;
//! - `virtual`: the same in memory, in virtual time;
//! - `repeat`: the same in virtual time, where `repeat` says how often the one step is played.
//!
//! A scenario is read from its text and played, from source to double and its report; the loop has nothing to read, to map or to
//! report. Turns alternate, so that a busy moment of the machine hits all; each figure is a median of them, and each ratio is
//! made of the times of each turn.
//!
//! `cargo bench -p scenario --bench steps [STEPS [TURNS]]`
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use attribution_destination::{ProjectId, Settings, map};
use attribution_mock::{Mock, MockConfig};
use clock::Clock;
use jiff::Timestamp;
use scenario::{Folder, Mode, RunOptions, Source, parse, run};
use segment_event::Event;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// The allocator that `harness` is built with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const STEPS: usize = 1_000;
const TURNS: usize = 11;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let mut number = |otherwise| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (steps, turns) = (number(STEPS), number(TURNS));
    let (written, repeated) = (written(steps), repeated(steps));
    let (server, requests) = (serve(), requests(steps));
    let mut times: [Vec<f64>; 4] = Default::default();
    // The first turn is not counted.
    for turn in 0..=turns {
        let taken = [
            timed(|| post(server, &requests)),
            timed(|| play(&written, Mode::Live { limit: Duration::MAX })),
            timed(|| play(&written, Mode::Virtual)),
            timed(|| play(&repeated, Mode::Virtual)),
        ];
        for (times, taken) in times.iter_mut().zip(taken) {
            times.extend((turn > 0).then_some(taken));
        }
    }
    println!("{steps} steps, one after the other");
    let [plain, played @ ..] = &times;
    println!("  loop     {:6.1} ms", median(plain));
    for (name, times) in ["live", "virtual", "repeat"].into_iter().zip(played) {
        let ratios: Vec<f64> = times.iter().zip(plain).map(|(time, plain)| time / plain).collect();
        println!(
            "  {name:<8} {:6.1} ms, {:.2} of the loop",
            median(times),
            median(&ratios)
        );
    }
}

/// A scenario in which each step is written out.
fn written(steps: usize) -> String {
    let mut text = String::from("steps:\n");
    for number in 0..steps {
        let step = step(number);
        writeln!(text, "  - track: {step}").expect("memory takes every byte");
    }
    text + &expected(steps)
}

/// A scenario in which the step is written once.
fn repeated(steps: usize) -> String {
    let step = step("{{index}}");
    let expected = expected(steps);
    format!("steps:\n  - repeat:\n      times: {steps}\n      steps:\n        - track: {step}\n{expected}")
}

fn step(number: impl std::fmt::Display) -> String {
    format!(r#"{{ userId: "user-{number}", event: Order Completed, properties: {{ revenue: 9.90 }} }}"#)
}

fn expected(steps: usize) -> String {
    format!("expect:\n  deliveries: {{ delivered: {steps} }}\n")
}

fn play(text: &str, mode: Mode) {
    let source = Source::new("steps.yaml", text.as_bytes().into()).expect("a text");
    let scenarios = parse(Arc::new(source), &Folder::of("steps.yaml")).expect("a scenario");
    let options = RunOptions {
        mode,
        timeline: false,
        ..RunOptions::default()
    };
    let outcome = run(&scenarios[0], &options).expect("it can be played");
    assert_eq!(outcome.failures, []);
}

/// What the sender makes of the same steps, as it stands on the wire.
fn requests(steps: usize) -> Vec<String> {
    let settings = Settings::new(ProjectId::new("demo-project").expect("an id"));
    let request = |number: usize| {
        let message = json!({
            "type": "track", "userId": format!("user-{number}"), "event": "Order Completed", "properties": { "revenue": 9.90 },
            "messageId": format!("message-{number}"), "timestamp": "2024-01-15T10:00:00.000Z",
        });
        let event = Event::ingest(message).expect("a message");
        let mapped = map(&event, &settings, Timestamp::UNIX_EPOCH).expect("a mapping");
        let body = String::from_utf8_lossy(&mapped.request.body);
        format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            mapped.request.path,
            body.len()
        )
    };
    (0..steps).map(request).collect()
}

fn serve() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener that doesn't block");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mock = Mock::new(MockConfig::new(Clock::system()));
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).expect("a listener");
            mock.serve(listener, std::future::pending()).await;
        });
    });
    address
}

fn post(server: SocketAddr, requests: &[String]) {
    let mut stream = TcpStream::connect(server).expect("it listens");
    stream.set_nodelay(true).expect("an option");
    let mut answer = [0; 2048];
    for request in requests {
        stream.write_all(request.as_bytes()).expect("it takes the request");
        let mut read = 0;
        while !answer[..read].ends_with(br#"{"success":true}"#) {
            let more = stream.read(&mut answer[read..]).expect("it answers");
            assert!(more > 0, "{}", String::from_utf8_lossy(&answer[..read]));
            read += more;
        }
    }
}

/// In milliseconds.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn timed(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64() * 1e3
}

fn median(all: &[f64]) -> f64 {
    let mut all = all.to_vec();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
