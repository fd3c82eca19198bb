//! `map` beside its ceiling: a bare `serde_json` parse-and-serialise of the same messages, in the same run.
//!
//! The messages are a mix as an online shop sends them, about 843 bytes each. `parse_and_map` goes from the bytes of a
//! message to the bytes of its request; `map` is the mapping alone, filter and diagnostics included, of events that are
//! parsed already. After divan's table two lines say how many events a second each makes, and how that compares to the
//! ceiling: medians of turns that alternate, so that a busy moment of the machine hits all three.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::time::Duration;

use attribution_destination::{Prepared, ProjectId, Settings, prepare};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use jiff::Timestamp;
use segment_event::Event;
use serde_json::Value;

/// One message a line.
const MESSAGES: &str = include_str!("messages.ndjson");

/// How many turns each of the three gets for the closing lines.
const TURNS: usize = 41;

/// How often a turn goes through the messages.
const ROUNDS: usize = 400;

fn main() {
    divan::main();
    if !std::env::args().any(|argument| ["--test", "--list"].contains(&argument.as_str())) {
        compare();
    }
}

#[divan::bench]
fn ceiling_parse_and_serialise(bencher: Bencher<'_, '_>) {
    counted(bencher).bench_local(all_reserialised);
}

#[divan::bench]
fn parse_and_map(bencher: Bencher<'_, '_>) {
    let settings = settings();
    counted(bencher).bench_local(|| all_parsed_and_mapped(&settings));
}

#[divan::bench]
fn map(bencher: Bencher<'_, '_>) {
    let (settings, events) = (settings(), events());
    counted(bencher).bench_local(|| all_mapped(&events, &settings));
}

fn counted<'a, 'b>(bencher: Bencher<'a, 'b>) -> Bencher<'a, 'b> {
    bencher
        .counter(ItemsCount::of_iter(MESSAGES.lines()))
        .counter(BytesCount::of_str(MESSAGES))
}

fn all_reserialised() -> usize {
    MESSAGES
        .lines()
        .map(|message| {
            let parsed: Value = serde_json::from_str(black_box(message)).expect("the messages are JSON");
            black_box(serde_json::to_vec(&parsed).expect("JSON can be written")).len()
        })
        .sum()
}

fn all_parsed_and_mapped(settings: &Settings) -> usize {
    MESSAGES
        .lines()
        .map(|message| mapped(&event(black_box(message)), settings))
        .sum()
}

fn all_mapped(events: &[Event], settings: &Settings) -> usize {
    events.iter().map(|event| mapped(black_box(event), settings)).sum()
}

fn mapped(event: &Event, settings: &Settings) -> usize {
    match black_box(prepare(event, settings, Timestamp::UNIX_EPOCH)) {
        Prepared::Send(mapped) => mapped.request.body.len(),
        other => panic!("not sent: {other:?}"),
    }
}

fn event(message: &str) -> Event {
    Event::ingest(serde_json::from_str(message).expect("the messages are JSON")).expect("Segment accepts the messages")
}

fn events() -> Vec<Event> {
    MESSAGES.lines().map(event).collect()
}

fn settings() -> Settings {
    Settings::new(ProjectId::new("demo-project").expect("not blank"))
}

fn compare() {
    let (settings, events) = (settings(), events());
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..TURNS {
        times[0].push(turn(all_reserialised));
        times[1].push(turn(|| all_parsed_and_mapped(&settings)));
        times[2].push(turn(|| all_mapped(&events, &settings)));
    }
    let [ceiling, parse_and_map, map] = times.map(events_per_second);
    let bytes = MESSAGES.len() / events.len() - 1;
    println!(
        "{} messages of {bytes} bytes on average; parse-and-serialise: {ceiling:.0} events/s",
        events.len()
    );
    for (name, speed) in [("parse and map", parse_and_map), ("map alone", map)] {
        println!("{name}: {speed:.0} events/s, {:.2} of the ceiling", speed / ceiling);
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn turn(all: impl Fn() -> usize) -> Duration {
    let start = std::time::Instant::now();
    for _ in 0..ROUNDS {
        black_box(all());
    }
    start.elapsed()
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn events_per_second(mut turns: Vec<Duration>) -> f64 {
    turns.sort();
    (MESSAGES.lines().count() * ROUNDS) as f64 / turns[TURNS / 2].as_secs_f64()
}
