//! How much memory is asked for, message by message: the columns `alloc` and `grow` are what counts.

use std::hint::black_box;

use attribution_destination::{Mapper, ProjectId, Settings, parse, prepare};
use divan::{AllocProfiler, Bencher};
use jiff::Timestamp;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

/// One message a line.
const MESSAGES: &str = include_str!("messages.ndjson");

fn main() {
    divan::main();
}

fn settings() -> Settings {
    Settings::new(ProjectId::new("demo-project").expect("not blank"))
}

/// What is measured; the order has a date that is rewritten.
const KINDS: [&str; 3] = ["page", "track", "order"];

fn message(kind: &str) -> &'static str {
    let index = match kind {
        "page" => 0,
        "track" => 4,
        _ => 5,
    };
    MESSAGES.lines().nth(index).expect("there are twelve")
}

#[divan::bench(args = KINDS)]
fn mapper_without_diagnostics(bencher: Bencher<'_, '_>, kind: &str) {
    let mut mapper = Mapper::new(settings(), true).without_diagnostics();
    written(bencher, &mut mapper, message(kind));
}

#[divan::bench(args = KINDS)]
fn mapper(bencher: Bencher<'_, '_>, kind: &str) {
    written(bencher, &mut Mapper::new(settings(), true), message(kind));
}

#[divan::bench(args = KINDS)]
fn mapper_requests_as_values(bencher: Bencher<'_, '_>, kind: &str) {
    let mut mapper = Mapper::new(settings(), true).without_diagnostics();
    let message = message(kind);
    bencher.bench_local(|| black_box(mapper.prepare(message.as_bytes(), Timestamp::UNIX_EPOCH)));
}

#[divan::bench(args = KINDS)]
fn specification(bencher: Bencher<'_, '_>, kind: &str) {
    let (settings, message) = (settings(), message(kind));
    bencher.bench_local(|| {
        let event = parse(message.as_bytes(), true).expect("Segment accepts the messages");
        black_box(prepare(&event, &settings, Timestamp::UNIX_EPOCH))
    });
}

fn written(bencher: Bencher<'_, '_>, mapper: &mut Mapper, message: &str) {
    let mut out = Vec::new();
    bencher.bench_local(|| {
        out.clear();
        black_box(mapper.map_into(message.as_bytes(), Timestamp::UNIX_EPOCH, &mut out));
    });
}
