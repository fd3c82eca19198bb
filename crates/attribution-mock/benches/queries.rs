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
use jiff::Timestamp;
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
    for requests in [1_000, 100_000] {
        show(requests);
    }
    for requests in [100_000, 1_000_000] {
        let before = memory();
        let mock = Mock::new(MockConfig::new(Clock::system()));
        let (took, ()) = timed(|| runtime.block_on(receive(&mock, requests, 1)));
        println!(
            "{requests} requests, taken in {took:.2?}, {} bytes each in memory:",
            (memory() - before) / requests
        );
        report(&mock, requests);
    }
}

/// An event of each of so many kinds in turn, about 800 bytes long, from users who come with a cookie: conversions and page views.
async fn receive(mock: &Mock, requests: usize, kinds: usize) {
    let mut router = mock.router();
    let padding = "x".repeat(550);
    for number in 0..requests {
        let visitor = number * 7_919 % (requests * VISITORS / 100);
        let event = match number {
            _ if number % kinds == 1 => "Viewed Home Page",
            _ if number % 1_000 == 0 => "Refund",
            _ => "Order Completed",
        };
        let body = format!(
            r#"{{"cookie_id":"5a9f1c7e-0b1d-4c7a-9d3e-{visitor:012}","user_id":"user-{visitor}","timestamp":"2024-01-15T10:00:00.000Z","context":{{"library":{{"name":"x"}}}},"event":"{event}","properties":{{"orderId":"order-{number}","note":"{padding}"}}}}"#
        );
        post(&mut router, body).await;
    }
}

/// What is waited for, and the event that brings it.
struct Wait {
    name: &'static str,
    /// An `expect` of what will be there after the event of this turn, which is the request of that number.
    expected: fn(&Mock, usize, usize) -> Value,
    /// That event.
    event: fn(usize, usize) -> String,
}

/// Waits beside conversions alone, of which each request is one.
const BESIDE_CONVERSIONS: [Wait; 6] = [
    Wait {
        name: "a visitor's event",
        expected: |_, _, number| json!({"conversions": {"contains": [{"event": "Sign Up", "visitor": waited_for(number)}]}}),
        event: sign_up,
    },
    Wait {
        name: "a number of events",
        expected: |_, _, number| json!({"conversions": {"count": number}}),
        event: sign_up,
    },
    Wait {
        name: "anybody's event",
        expected: |_, _, number| json!({"conversions": {"contains": [{"event": "Sign Up", "properties": {"number": number}}]}}),
        event: sign_up,
    },
    Wait {
        name: "anybody's property",
        expected: |_, _, number| json!({"conversions": {"contains": [{"properties": {"number": number}}]}}),
        event: sign_up,
    },
    Wait {
        name: "a visitor's event and anybody's",
        expected: |_, _, number| json!({"conversions": {"contains": [{"visitor": waited_for(number)}, {"event": "Refund"}], "count": number}}),
        event: sign_up,
    },
    Wait {
        name: "anybody's request",
        expected: |_, _, number| json!({"requests": {"contains": [{"body": {"properties": {"number": number}}}]}}),
        event: sign_up,
    },
];

/// Waits beside page views and conversions.
const BESIDE_VISITS: [Wait; 9] = [
    Wait {
        name: "a number of visits",
        expected: |mock, _, _| json!({"visits": {"count": mock.visits().len() + 1}}),
        event: page,
    },
    Wait {
        name: "anybody's visit",
        expected: |_, _, number| json!({"visits": {"contains": [{"campaign": number.to_string()}]}}),
        event: page,
    },
    Wait {
        name: "a visitor's visit and anybody's",
        expected: |_, _, number| json!({"visits": {"contains": [{"visitor": waited_for(number)}, {"request": number - 1}]}}),
        event: page,
    },
    Wait {
        name: "a row of visitors",
        expected: |_, _, number| json!({"visitors": {"contains": [{"user_ids": [waited_for(number)]}]}}),
        event: sign_up,
    },
    Wait {
        name: "a number of visitors",
        expected: |mock, _, _| json!({"visitors": {"count": mock.visitors().len() + 1}}),
        event: |_, number| said(&format!("new-{number}"), "Sign Up", &json!({})),
    },
    Wait {
        name: "an identity with an email",
        expected: |_, _, number| json!({"identities": {"contains": [{"email": format!("{}@example.com", waited_for(number))}]}}),
        event: |_, number| {
            json!({"user_id": waited_for(number), "traits": {"email": format!("{}@example.com", waited_for(number))}})
                .to_string()
        },
    },
    Wait {
        name: "a violation",
        expected: |_, _, number| json!({"violations": {"contains": [{"request": number}]}}),
        event: |_, number| {
            json!({"user_id": waited_for(number), "event": "Sign Up", "context": {}, "properties": {}}).to_string()
        },
    },
    Wait {
        name: "an event of a visitor who is like this",
        expected: |_, _, number| {
            let visitor = json!({"$regex": format!("^{}$", waited_for(number))});
            json!({"conversions": {"contains": [{"visitor": visitor, "properties": {"number": number}}]}})
        },
        event: sign_up,
    },
    Wait {
        name: "a channel of the report",
        expected: |_, turn, _| json!({"report": {"contains": [{"visits": turn + 1}]}}),
        event: |turn, _| {
            said(
                &format!("clicked-{turn}"),
                "Viewed Home Page",
                &json!({"url": "https://shop.example/?gclid=1"}),
            )
        },
    },
];

fn waited_for(number: usize) -> String {
    format!("waited-for-{number}")
}

fn sign_up(_: usize, number: usize) -> String {
    said(&waited_for(number), "Sign Up", &json!({"number": number}))
}

/// A page view that begins a visit.
fn page(_: usize, number: usize) -> String {
    let url = format!("https://shop.example/?utm_campaign={number}");
    said(&waited_for(number), "Viewed Home Page", &json!({"url": url}))
}

fn said(user: &str, event: &str, properties: &Value) -> String {
    json!({
        "user_id": user, "timestamp": "2024-01-15T10:00:00.000Z", "context": {}, "event": event, "properties": properties,
    })
    .to_string()
}

/// Nobody writes these of more.
const MANY: [Wait; 3] = [
    Wait {
        name: "exactly these events, all alike",
        expected: |_, _, number| json!({"conversions": vec![json!({"event": {"$any": true}}); number]}),
        event: sign_up,
    },
    Wait {
        name: "exactly these events, no two alike",
        expected: |mock, _, number| {
            let there = mock.conversions().into_iter().map(|row| row.properties);
            let items = there.map(Value::from).chain([json!({ "number": number })]);
            json!({"conversions": items.map(|properties| json!({ "properties": properties })).collect::<Vec<_>>()})
        },
        event: sign_up,
    },
    Wait {
        name: "as many events like this",
        expected: |_, _, number| json!({"conversions": {"contains": vec![json!({"event": {"$any": true}}); number]}}),
        event: sign_up,
    },
];

/// From the answer to an event until whoever waits for it has it, beside that many others.
async fn wake(requests: usize) {
    let mock = Mock::new(MockConfig::new(Clock::system()));
    receive(&mock, requests, 1).await;
    println!("{requests} conversions, and from the answer to one more until who waits for it is awake:");
    let mut number = requests;
    for wait in BESIDE_CONVERSIONS
        .iter()
        .chain(MANY.iter().filter(|_| requests <= 1_000))
    {
        awake(&mock, wait, &mut number).await;
    }
    let mock = Mock::new(MockConfig::new(Clock::system()));
    receive(&mock, requests, 2).await;
    println!("{requests} page views and conversions:");
    let mut number = requests;
    for wait in &BESIDE_VISITS {
        awake(&mock, wait, &mut number).await;
    }
}

async fn awake(mock: &Mock, wait: &Wait, number: &mut usize) {
    let (mut begun, mut turns) = (Vec::new(), Vec::new());
    for turn in 0..11 {
        *number += 1;
        let (waiting, expected) = (mock.clone(), (wait.expected)(mock, turn, *number));
        let waiting = tokio::spawn(async move { waiting.wait_until(expected, Duration::from_secs(60)).await });
        // It looks once, and then has nothing to do but wait.
        let clock = Clock::system();
        tokio::task::yield_now().await;
        begun.push(clock.elapsed());
        post(&mut mock.router(), (wait.event)(turn, *number)).await;
        let clock = Clock::system();
        let ended = waiting.await;
        turns.push(clock.elapsed());
        assert!(ended.is_ok_and(|met| met.is_ok()), "{}", wait.name);
    }
    turns.sort();
    begun.sort();
    println!(
        "  {}: {:.1?} ({:.1?}), begun in {:.1?}",
        wait.name, turns[0], turns[5], begun[5]
    );
}

/// The real time that it takes on a dashboard that lags behind, whose time is virtual.
fn show(requests: usize) {
    println!(
        "{requests} page views and conversions on a dashboard that lags behind, until who waits for three visits is awake:"
    );
    for (name, delay, visitors) in [
        ("as long for each", "20m", 3),
        ("longer or shorter", "15m..30m", 3),
        ("longer or shorter, and of one visitor", "15m..30m", 1),
    ] {
        let config = MockConfig {
            dashboard_delay: delay.parse().expect("a delay"),
            ..MockConfig::new(Clock::starting_at(Timestamp::UNIX_EPOCH))
        };
        show_late(&Mock::new(config), requests, name, visitors);
    }
}

fn show_late(mock: &Mock, requests: usize, name: &str, visitors: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(receive(mock, requests, 2));
    let mut turns = Vec::new();
    for turn in 0..11 {
        let expected = json!({"report": {"contains": [{"visits": 3 * (turn + 1)}]}});
        let waiting = mock.clone();
        // All that came before is there by then.
        runtime.block_on(mock.config().clock.sleep(Duration::from_secs(1800)));
        let waiting = runtime.spawn(async move { waiting.wait_until(expected, Duration::from_secs(3600)).await });
        runtime.block_on(mock.config().clock.sleep(Duration::from_secs(1)));
        for number in 0..3 {
            let url = json!({"url": format!("https://shop.example/?gclid=1&utm_campaign={number}")});
            let event = said(
                &format!("clicked-{turn}-{}", number % visitors),
                "Viewed Home Page",
                &url,
            );
            runtime.block_on(post(&mut mock.router(), event));
        }
        let (took, ended) = timed(|| runtime.block_on(waiting));
        assert!(ended.is_ok_and(|met| met.is_ok()), "{name}");
        turns.push(took);
    }
    turns.sort();
    println!("  {name}: {:.1?} ({:.1?})", turns[0], turns[5]);
}

async fn post(router: &mut Router, body: String) {
    let path = if body.contains("\"traits\"") {
        "/identify"
    } else {
        "/track"
    };
    let request = Request::post(path)
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
