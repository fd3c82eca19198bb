//! How long it takes to find some requests among very many, beside a look at every one of them, and until who waits for one
//! has it.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fs;
use std::hint::black_box;
use std::time::Duration;

use attribution_ledger::{Call, EntryVerdict};
use attribution_mock::{Mock, MockConfig, Paging, RequestFilter};
use axum::Router;
use axum::body::Body;
use clock::Clock;
use http::Request;
use serde_json::{Value, json};
use tower_service::Service as _;

/// How many visitors there are for each hundred requests.
const VISITORS: usize = 20;

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    for requests in [1_000, 100_000] {
        runtime.block_on(wake(requests));
    }
    for requests in [100_000, 1_000_000] {
        let before = memory();
        let mock = Mock::new(MockConfig::new(Clock::system()));
        let (took, ()) = timed(|| runtime.block_on(receive(&mock, requests)));
        println!(
            "{requests} requests, taken in {took:.2?}, {} bytes each in memory:",
            (memory() - before) / requests
        );
        report(&mock, requests);
    }
}

/// An event of each kind in turn, about 800 bytes long, from users who come with a cookie.
async fn receive(mock: &Mock, requests: usize) {
    let mut router = mock.router();
    let padding = "x".repeat(550);
    for number in 0..requests {
        let visitor = number * 7_919 % (requests * VISITORS / 100);
        let event = if number % 1_000 == 0 {
            "Refund"
        } else {
            "Order Completed"
        };
        let body = format!(
            r#"{{"cookie_id":"5a9f1c7e-0b1d-4c7a-9d3e-{visitor:012}","user_id":"user-{visitor}","timestamp":"2024-01-15T10:00:00.000Z","context":{{"library":{{"name":"x"}}}},"event":"{event}","properties":{{"orderId":"order-{number}","note":"{padding}"}}}}"#
        );
        post(&mut router, body).await;
    }
}

/// An `expect`, by the number of the turn and of the conversions that there will be.
type Wait = fn(usize, usize) -> Value;

/// What is waited for.
const WAITS: [(&str, Wait); 6] = [
    (
        "a visitor's event",
        |turn, _| json!({"conversions": {"contains": [{"event": "Sign Up", "visitor": format!("waited-for-{turn}")}]}}),
    ),
    ("a number of events", |_, rows| json!({"conversions": {"count": rows}})),
    (
        "anybody's event",
        |_, rows| json!({"conversions": {"contains": [{"event": "Sign Up", "properties": {"number": rows}}]}}),
    ),
    (
        "anybody's property",
        |_, rows| json!({"conversions": {"contains": [{"properties": {"number": rows}}]}}),
    ),
    (
        "a visitor's event and anybody's",
        |turn, rows| json!({"conversions": {"contains": [{"visitor": format!("waited-for-{turn}")}, {"event": "Refund"}], "count": rows}}),
    ),
    (
        "anybody's request",
        |_, rows| json!({"requests": {"contains": [{"body": {"properties": {"number": rows}}}]}}),
    ),
];

/// Nobody writes this of more.
const EXACTLY: (&str, Wait) = (
    "exactly these events",
    |_, rows| json!({"conversions": vec![json!({"event": {"$any": true}}); rows]}),
);

/// From the answer to an event until whoever waits for it has it, beside that many others.
async fn wake(requests: usize) {
    let mock = Mock::new(MockConfig::new(Clock::system()));
    receive(&mock, requests).await;
    println!("{requests} requests, and from the answer to one more until who waits for it is awake:");
    let mut rows = requests;
    let exactly = (requests <= 1_000).then_some(EXACTLY);
    for (name, expected) in WAITS.into_iter().chain(exactly) {
        let mut turns = Vec::new();
        for turn in 0..11 {
            rows += 1;
            let (waiting, expected) = (mock.clone(), expected(turn, rows));
            let waiting = tokio::spawn(async move { waiting.wait_until(expected, Duration::from_secs(60)).await });
            // It looks once, and then has nothing to do but wait.
            tokio::task::yield_now().await;
            post(
                &mut mock.router(),
                format!(
                    r#"{{"user_id":"waited-for-{turn}","timestamp":"2024-01-15T10:00:00.000Z","context":{{}},"event":"Sign Up","properties":{{"number":{rows}}}}}"#
                ),
            )
            .await;
            let clock = Clock::system();
            let ended = waiting.await;
            turns.push(clock.elapsed());
            assert!(ended.is_ok_and(|met| met.is_ok()));
        }
        turns.sort();
        println!("  {name}: {:.1?} ({:.1?})", turns[0], turns[5]);
    }
}

async fn post(router: &mut Router, body: String) {
    let request = Request::post("/track")
        .header("authorization", "Basic ZGVtby1wcm9qZWN0Og==")
        .header("content-type", "application/json")
        .body(Body::from(body));
    let answered = router.call(request.expect("a request")).await;
    assert!(answered.is_ok_and(|answer| answer.status().is_success()));
}

fn report(mock: &Mock, requests: usize) {
    let all = RequestFilter::default();
    let some = |text: &str| Some(text.to_owned());
    let rare = RequestFilter {
        event: some("Refund"),
        ..all.clone()
    };
    let common = RequestFilter {
        event: some("Order Completed"),
        ..all.clone()
    };
    let visitor = RequestFilter {
        visitor: some("user-77"),
        ..all.clone()
    };
    let kind = RequestFilter {
        kind: Some(Call::Track),
        verdict: Some(EntryVerdict::Recorded),
        ..all.clone()
    };
    let both = RequestFilter {
        status: Some(200),
        ..common.clone()
    };
    for (name, filter) in [
        ("everything", &all),
        ("a rare event", &rare),
        ("a common event", &common),
        ("a common event and a status", &both),
        ("a kind and a verdict", &kind),
        ("a visitor", &visitor),
    ] {
        let count = time(|| mock.count_requests(filter));
        let last = time(|| mock.requests_page(filter, &Paging::last(100)));
        let first = time(|| mock.requests_page(filter, &Paging::first(100)));
        println!("  {name}: count {count}, last 100 {last}, first 100 {first}");
    }
    let theirs = time(|| mock.requests_where(&visitor));
    println!(
        "  all {} requests of a visitor: {theirs}",
        mock.count_requests(&visitor)
    );
    if requests > 100_000 {
        return;
    }
    let (scanned, found) = timed(|| {
        mock.entries()
            .iter()
            .filter(|entry| entry.request.assess().is_denied())
            .count()
    });
    println!("  a look at every body instead: {scanned:.2?} ({found} found)");
}

/// The best of many turns, and the median in brackets: what else the machine does is in the second.
fn time<T>(mut run: impl FnMut() -> T) -> String {
    let mut turns: Vec<Duration> = (0..51).map(|_| timed(|| black_box(run())).0).collect();
    turns.sort();
    format!("{:.1?} ({:.1?})", turns[0], turns[25])
}

fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let clock = Clock::system();
    let done = run();
    (clock.elapsed(), done)
}

/// What this process has in memory, in bytes; 0 where the system doesn't say it as Linux does.
fn memory() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kilobytes.unwrap_or_default() * 1024
}
