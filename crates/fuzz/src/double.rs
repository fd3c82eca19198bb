use attribution_ledger::{EntryVerdict, LedgerConfig};
use attribution_mock::{Mock, MockConfig, Namespace, Projects, Strictness};
use clock::Clock;
use jiff::Timestamp;

use crate::exchange::{Answer, Excuse, Heard, exchange, excuses, in_virtual_time, may_follow};
use crate::parts::{line, parts};
use crate::record;

const METHODS: [&str; 8] = ["POST", "GET", "DELETE", "OPTIONS", "PUT", "HEAD", "PATCH", "POST"];
const CREDENTIALS: [&str; 4] = [
    "Authorization: Basic ZGVtby1wcm9qZWN0Og==\r\n",
    "",
    "Authorization: Basic YmxvZzo=\r\n",
    "Authorization: Basic !\r\n",
];
const TYPES: [&str; 4] = [
    "Content-Type: application/json\r\n",
    "Content-Type: text/plain; charset=utf-8\r\n",
    "",
    "Content-Type: text/html\r\n",
];
const ENCODINGS: [&str; 4] = [
    "",
    "Content-Encoding: gzip\r\n",
    "Content-Encoding: deflate\r\n",
    "Content-Encoding: br\r\n",
];
const PLACES: [&str; 4] = [
    "Host: localhost\r\n",
    "Host: localhost\r\nHarness-Namespace: n\r\n",
    "Host: shop.example\r\n",
    "Host: localhost\r\nOrigin: https://shop.example\r\n",
];

/// The first byte says how the double behaves. Each part is a request: a byte for the method, one for the headers, the path
/// and query up to the line's end, and the body.
pub(crate) fn check(input: &[u8]) {
    let [behaviour, rest @ ..] = input else { return };
    in_virtual_time(async {
        let mock = mock(*behaviour);
        for part in parts(rest) {
            if let Some((method, request)) = request(part) {
                answers(&mock, method, &request).await;
            }
        }
        for view in views(&mock) {
            holds(&view);
        }
    });
}

fn mock(behaviour: u8) -> Mock {
    let strict = behaviour & 1 == 0;
    Mock::new(MockConfig {
        projects: match behaviour >> 1 & 3 {
            0 => Projects::only("demo-project"),
            1 => Projects::only("demo-project").and("blog"),
            _ => Projects::any(),
        },
        strictness: if strict {
            Strictness::Strict
        } else {
            Strictness::Lenient
        },
        body_limit: if behaviour & 8 == 0 { 4_096 } else { 64 },
        ..MockConfig::new(Clock::starting_at(Timestamp::constant(1_705_312_800, 0)))
    })
}

/// The double as each project and namespace sees it that a request can name by its headers.
fn views(mock: &Mock) -> Vec<Mock> {
    let namespace: Namespace = "n".parse().expect("it is a name");
    let of = |project: &'static str| [mock.project(project), mock.namespace(project, &namespace)];
    std::iter::once(mock.clone())
        .chain(of("demo-project"))
        .chain(of("blog"))
        .collect()
}

/// None where the target could not stand in a request line: that is for the target of raw bytes.
fn request(part: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let [method, headers, rest @ ..] = part else {
        return None;
    };
    let (target, body) = line(rest);
    if target.is_empty() || !target.iter().all(u8::is_ascii_graphic) || may_follow(target) {
        return None;
    }
    let method = METHODS[usize::from(*method) % METHODS.len()];
    let chosen = |headers: [&'static str; 4], shift: u8, byte: u8| headers[usize::from(byte >> shift & 3)];
    let head = [
        method,
        " ",
        std::str::from_utf8(target).ok()?,
        " HTTP/1.1\r\n",
        chosen(CREDENTIALS, 0, *headers),
        chosen(TYPES, 2, *headers),
        chosen(ENCODINGS, 4, *headers),
        chosen(PLACES, 6, *headers),
        "Connection: close\r\nContent-Length: ",
        &body.len().to_string(),
        "\r\n\r\n",
    ];
    Some((method, [head.concat().as_bytes(), body].concat()))
}

/// One request has one answer, unless a fault says otherwise.
async fn answers(mock: &Mock, method: &str, request: &[u8]) {
    let excuses = excuses(&views(mock));
    let shown = || String::from_utf8_lossy(request);
    let heard = match exchange(mock, request, false).await {
        Heard::Closed(heard) => heard,
        Heard::Nothing => {
            return assert!(
                excuses.contains(&Excuse::Hanging),
                "neither an answer nor an end: {}",
                shown()
            );
        }
    };
    if excuses.contains(&Excuse::Spoiling) {
        return;
    }
    if heard.is_empty() {
        return assert!(excuses.contains(&Excuse::Closing), "no answer: {}", shown());
    }
    let answer = Answer::of(&heard);
    assert!(
        answer.status < 500 || excuses.contains(&Excuse::Answering),
        "{}: {}",
        answer.head,
        shown()
    );
    assert!(
        answer.header("date").is_some() || answer.status == 400,
        "{}",
        answer.head
    );
    let length = answer.header("content-length").map(str::parse::<usize>);
    let is_whole = method == "HEAD" || length.is_none_or(|length| length == Ok(answer.body.len()));
    assert!(is_whole, "{}: {} bytes", answer.head, answer.body.len());
    if method != "HEAD" && answer.header("content-type") == Some("application/json") {
        serde_json::from_slice::<serde_json::Value>(answer.body).expect("an answer in JSON is JSON");
    }
}

/// What one project or namespace has recorded.
pub(crate) fn holds(view: &Mock) {
    let entries = view.entries();
    for entry in &entries {
        let is_taken = (200..300).contains(&entry.status);
        assert!(
            entry.verdict != EntryVerdict::Recorded || is_taken,
            "{entry:?} is recorded"
        );
        assert!(
            entry.request.body.len() <= view.config().body_limit,
            "{entry:?} is kept"
        );
    }
    view.with_ledger(|ledger| record::check(&entries, ledger, LedgerConfig::default()));
}
