//! The mapper beside what it could be held against, in the same run: the specification that it equals, a bare parse and
//! serialise by `serde_json` and by node (where there is one), and a bare copy of the bytes.
//!
//! The messages are a mix as an online shop sends them, about 843 bytes each, in no regular order, as many as a reader
//! hands over at a time; one in twelve has a date that is rewritten. The contestants take turns, so that a busy moment of
//! the machine hits all of them, and medians are told. Then follows how the mapper's time grows with a message's size.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod corpus;
mod node;

use std::hint::black_box;
use std::time::Duration;

use attribution_destination::{Mapper, Prepared, ProjectId, Settings, Written, parse, prepare};
use jiff::Timestamp;
use serde_json::Value;

use self::node::Node;

/// How many turns each contestant gets.
const TURNS: usize = 301;

/// When messages without a time of their own happened.
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// Goes through all messages and returns how many bytes it made of them.
type Round<'a> = Box<dyn FnMut(&[String]) -> usize + 'a>;

fn main() {
    if std::env::args().any(|argument| ["--test", "--list"].contains(&argument.as_str())) {
        return;
    }
    let messages = corpus::shop();
    let settings = settings();
    let mut contestants = contestants(&settings);
    let mut node = Node::start(&messages);
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); contestants.len()];
    let mut node_times = Vec::new();
    for _ in 0..TURNS {
        for ((_, contestant), times) in contestants.iter_mut().zip(&mut times) {
            times.push(time(|| contestant(&messages)));
        }
        node_times.extend(node.as_mut().and_then(Node::turn));
    }
    let names = contestants.iter().map(|(name, _)| *name);
    let mut rows: Vec<(&str, f64)> = names
        .zip(times.into_iter().map(|times| each(times, messages.len())))
        .collect();
    if !node_times.is_empty() {
        rows.push((
            "JSON.parse and JSON.stringify by node",
            each(node_times, messages.len()),
        ));
    }
    table(&messages, &rows);
    growth(&settings);
}

fn contestants(settings: &Settings) -> Vec<(&'static str, Round<'_>)> {
    let mut out = Vec::new();
    let copied = move |message: &str| {
        out.clear();
        out.extend_from_slice(black_box(message.as_bytes()));
        black_box(&out).len()
    };
    let (mut with, mut without) = (Mapper::new(settings.clone(), true), silent(settings));
    let (mut a, mut b) = (Vec::new(), Vec::new());
    let mut values = silent(settings);
    vec![
        (
            "the mapper without diagnostics",
            each_of(move |message| written(&mut without, message, &mut a)),
        ),
        (
            "the mapper",
            each_of(move |message| written(&mut with, message, &mut b)),
        ),
        (
            "the mapper, requests as values",
            each_of(move |message| body(values.prepare(message.as_bytes(), NOW))),
        ),
        (
            "the specification",
            each_of(move |message| specified(settings, message)),
        ),
        ("parse and serialise by serde_json", each_of(reserialised)),
        ("a copy of the bytes", each_of(copied)),
    ]
}

fn each_of<'a>(mut contestant: impl FnMut(&str) -> usize + 'a) -> Round<'a> {
    Box::new(move |messages| messages.iter().map(|message| contestant(message)).sum())
}

fn settings() -> Settings {
    Settings::new(ProjectId::new("demo-project").expect("not blank"))
}

fn silent(settings: &Settings) -> Mapper {
    Mapper::new(settings.clone(), true).without_diagnostics()
}

fn written(mapper: &mut Mapper, message: &str, out: &mut Vec<u8>) -> usize {
    out.clear();
    let written = mapper.map_into(black_box(message.as_bytes()), NOW, out);
    assert!(matches!(written, Written::Send { .. }), "not sent: {message}");
    black_box(out).len()
}

fn specified(settings: &Settings, message: &str) -> usize {
    let event = parse(black_box(message.as_bytes()), true).expect("Segment accepts the messages");
    body(prepare(&event, settings, NOW))
}

fn body(prepared: Prepared) -> usize {
    match black_box(prepared) {
        Prepared::Send(mapped) => mapped.request.body.len(),
        other => panic!("not sent: {other:?}"),
    }
}

fn reserialised(message: &str) -> usize {
    let parsed: Value = serde_json::from_str(black_box(message)).expect("the messages are JSON");
    black_box(serde_json::to_vec(&parsed).expect("JSON can be written")).len()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn time(turn: impl FnOnce() -> usize) -> Duration {
    let start = std::time::Instant::now();
    black_box(turn());
    start.elapsed()
}

/// The median of the turns, in nanoseconds a message.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn each(mut turns: Vec<Duration>, messages: usize) -> f64 {
    turns.sort();
    turns[turns.len() / 2].as_secs_f64() * 1e9 / messages as f64
}

fn table(messages: &[String], rows: &[(&str, f64)]) {
    let bytes = messages.iter().map(String::len).sum::<usize>() / messages.len();
    println!(
        "{} messages of {bytes} bytes on average; how many times as fast as which:",
        messages.len()
    );
    print!("{:40}{:>8}{:>12}", "", "ns", "messages/s");
    for number in 1..=rows.len() {
        print!("{number:>7}");
    }
    println!();
    for (number, (name, nanos)) in (1..).zip(rows) {
        print!("{:40}{nanos:>8.0}{:>12.0}", format!("{number} {name}"), 1e9 / nanos);
        for (_, other) in rows {
            print!("{:>7.2}", other / nanos);
        }
        println!();
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
fn growth(settings: &Settings) {
    println!("\nThe mapper without diagnostics, by size:");
    for size in [200, 843, 4_000, 32_000] {
        let messages = corpus::of_size(size);
        let (mut mapper, mut out) = (silent(settings), Vec::new());
        let mut turn = || {
            messages
                .iter()
                .map(|message| written(&mut mapper, message, &mut out))
                .sum()
        };
        let nanos = each((0..TURNS).map(|_| time(&mut turn)).collect(), messages.len());
        let bytes = messages.iter().map(String::len).sum::<usize>() / messages.len();
        println!("{bytes:>6} bytes {nanos:>8.0} ns {:>6.2} ns/byte", nanos / bytes as f64);
    }
}
