use clock::{Clock, Seed};
use jiff::Timestamp;
use proptest::prelude::*;
use segment_event::Kind;

use super::{Glance, Scratch, scan, scan_call};
use crate::accepted::AcceptedEvents;
use crate::answer::Answer;
use crate::auth::Caller;
use crate::call::Call;
use crate::config::{Limits, SourceConfig};
use crate::receipt::Receipt;
use crate::source::Source;

/// A batch as a server library sends it.
const ORDINARY: &str = r#"{"batch":[
    {"type":"track","event":"Order Completed","userId":"u-1","anonymousId":null,"messageId":"m-1","properties":{"revenue":1e5},
     "timestamp":"2024-01-15T10:00:00.123Z","context":{"ip":"203.0.113.7","library":{"name":"café"}},"integrations":{}},
    {"type":"page","anonymousId":"a-1","name":"Pricing"},
    {"type":"identify","userId":"u-1","traits":{"name":"Ada \"the first\""}},
    {"type":"group","userId":"u-1","groupId":"g"},
    {"type":"alias","userId":"u-1","previousId":"a-1"},
    {"type":"screen","userId":"u-1","sentAt":"2024-01-15T10:00:00Z","timestamp":"yesterday"}
],"sentAt":"2024-01-15T10:00:01Z","writeKey":"wk-1"}"#;

/// A single call as a server library sends it.
const CALL: &str = r#"{"event":"Order Completed","userId":"u-1","anonymousId":null,"messageId":"m-1","properties":{"revenue":1e5},
    "timestamp":"2024-01-15T10:00:00.123Z","sentAt":"2024-01-15T10:00:01Z","context":{"library":{"name":"café"}}}"#;

/// What a source makes of a body.
#[derive(Debug, PartialEq)]
struct Made {
    answer: Answer,
    receipts: Vec<Receipt>,
    /// With their members in order.
    events: Vec<String>,
    routes: Vec<(u64, usize)>,
}

impl Made {
    fn of(body: &[u8], limits: Limits, take: impl FnOnce(&Source, &Caller, &[u8]) -> Answer) -> Self {
        let (source, mut accepted) = Source::new(SourceConfig {
            seed: Seed::from(1),
            limits,
            strict: true,
            ..SourceConfig::new(Clock::starting_at(Timestamp::UNIX_EPOCH))
        });
        let caller = Caller {
            write_key: Some(Ok("wk-1".to_owned())),
            ip: Some([203, 0, 113, 7].into()),
            is_page: false,
        };
        let answer = take(&source, &caller, body);
        let (events, routes) = taken(&mut accepted);
        Self {
            answer,
            receipts: source.receipts(Some(0), usize::MAX).rows,
            events,
            routes,
        }
    }

    /// By whichever way.
    fn of_it(call: Call, body: &[u8], limits: Limits) -> Self {
        Self::of(body, limits, |source, caller, body| source.take(call, caller, body))
    }

    fn by_specification(call: Call, body: &[u8], limits: Limits) -> Self {
        Self::of(body, limits, |source, caller, body| {
            source.take_apart(call, caller, body)
        })
    }
}

fn taken(accepted: &mut AcceptedEvents) -> (Vec<String>, Vec<(u64, usize)>) {
    std::iter::from_fn(|| accepted.try_next())
        .map(|accepted| {
            let message = accepted.event().into_message();
            let message = serde_json::to_string(&message).unwrap();
            (message, (accepted.number, accepted.route))
        })
        .unzip()
}

fn in_virtual_time<T>(test: impl FnOnce() -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(async { test() })
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop_oneof![20 => Just(""), 1 => Just(" "), 1 => Just("\n\t")]
}

fn value() -> impl Strategy<Value = String> {
    let texts = [
        r#""""#,
        r#""a""#,
        r#""track""#,
        r#""page""#,
        r#""group""#,
        r#""alias""#,
        r#""2024-01-15T10:00:00Z""#,
        r#""2024-01-15T12:00:00.5+02:00""#,
        r#""2024-01-15""#,
        r#""é""#,
        r#""caf\u00e9 \/ \"x\"""#,
        r#""\u0061""#,
    ];
    let others = [
        "null",
        "true",
        "7",
        "[1e5,2E-7, 1e5]",
        "{}",
        "[]",
        r#"{"direct":true}"#,
        r#"{"direct":false,"ip":null}"#,
        r#"{ "x": {"y": [1, {"z": "é"}]}, "ip": "198.51.100.1" }"#,
        r#"{"a":1,"a":2}"#,
        r#"{"$serde_json::private::Number":"7"}"#,
        r#"{"$serde_json::private::Number":""}"#,
        r#"{"ip":null,"$serde_json::private::Number":{"$serde_json::private::Number":7}}"#,
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    ];
    prop_oneof![
        prop::sample::select(texts.to_vec()).prop_map(str::to_owned),
        prop::sample::select(others.to_vec()).prop_map(str::to_owned),
        (95..105_usize).prop_map(|length| format!("\"{}\"", "m".repeat(length))),
    ]
}

fn member() -> impl Strategy<Value = String> {
    let keys = prop::sample::select(vec![
        "type",
        "userId",
        "anonymousId",
        "previousId",
        "to",
        "groupId",
        "event",
        "name",
        "category",
        "properties",
        "traits",
        "context",
        "integrations",
        "timestamp",
        "originalTimestamp",
        "receivedAt",
        "sentAt",
        "messageId",
        "writeKey",
        "channel",
        r"ty\u0070e",
        r"caf\u00e9",
    ]);
    (keys, blank(), blank(), value()).prop_map(|(key, one, other, value)| format!("\"{key}\"{one}:{other}{value}"))
}

fn object(members: &[String], blank: &str) -> String {
    format!("{{{blank}{}{blank}}}", members.join(&format!(",{blank}")))
}

/// Most are accepted, or nearly.
fn item() -> impl Strategy<Value = String> {
    let good = prop::sample::select(vec![
        r#""type":"track","userId":"u","event":"e""#,
        r#""type":"page","anonymousId":"a","messageId":"m","timestamp":"2024-01-15T10:00:00Z""#,
        r#""type":"identify","userId":"u","context":{"a":{}}"#,
        r#""type":"group","userId":"u","groupId":"g","sentAt":"2024-01-15T10:00:00Z","timestamp":"2024-01-14""#,
        r#""type":"alias","userId":"u","previousId":"a""#,
    ]);
    let message = (good, prop::collection::vec(member(), 0..3), any::<bool>(), blank());
    let message = message.prop_map(|(good, mut members, first, blank)| {
        let place = if first { 0 } else { members.len() };
        members.insert(place, good.to_owned());
        object(&members, blank)
    });
    prop_oneof![
        8 => message,
        1 => prop::collection::vec(member(), 0..6).prop_map(|members| object(&members, "")),
        1 => value(),
    ]
}

fn body() -> impl Strategy<Value = String> {
    let around = prop_oneof![
        4 => Just(vec![]),
        4 => Just(vec![r#""sentAt":"2024-01-15T10:00:01Z""#.to_owned()]),
        2 => prop::collection::vec(member(), 0..3),
        1 => Just(vec![r#""batch":[]"#.to_owned()]),
    ];
    let items = prop::collection::vec(item(), 0..6);
    (items, around, any::<bool>(), blank()).prop_map(|(items, mut around, first, blank)| {
        let place = if first { 0 } else { around.len() };
        around.insert(place, format!("\"batch\":[{}]", items.join(",")));
        object(&around, blank)
    })
}

fn limits() -> impl Strategy<Value = Limits> {
    let sizes = prop_oneof![3 => Just(Limits::default().call_bytes), 1 => 20..400_usize];
    let counts = prop_oneof![3 => Just(Limits::default().batch_events), 1 => 1..6_usize];
    (sizes, counts).prop_map(|(call_bytes, batch_events)| Limits {
        call_bytes,
        batch_events,
        ..Limits::default()
    })
}

/// A call as a server sends it, with a `type` or, as is usual, without.
fn call() -> impl Strategy<Value = String> {
    let good = prop::sample::select(vec![
        r#""userId":"u","event":"e","timestamp":"2024-01-15T10:00:00Z""#,
        r#""anonymousId":"a","messageId":"m","sentAt":"2024-01-15T10:00:00Z""#,
        r#""userId":"u","groupId":"g","type":"group""#,
    ]);
    let message = (good, prop::collection::vec(member(), 0..3), any::<bool>(), blank());
    let message = message.prop_map(|(good, mut members, first, blank)| {
        let place = if first { 0 } else { members.len() };
        members.insert(place, good.to_owned());
        object(&members, blank)
    });
    (blank(), prop_oneof![4 => message, 1 => item()], blank())
        .prop_map(|(before, call, after)| format!("{before}{call}{after}"))
}

/// The text with another byte in this place, or up to there only.
fn damaged(text: &str, place: usize, byte: u8, cut: bool) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    if cut {
        bytes.truncate(place);
    } else {
        bytes[place] = byte;
    }
    bytes
}

proptest! {
    #[test]
    fn both_ways_make_the_same_of_a_call(body in call(), kind in prop::sample::select(Kind::ALL.to_vec())) {
        in_virtual_time(|| {
            let (call, body, limits) = (Call::One(kind), body.as_bytes(), Limits::default());
            prop_assert_eq!(Made::of_it(call, body, limits), Made::by_specification(call, body, limits));
            Ok(())
        })?;
    }

    #[test]
    fn both_ways_make_the_same_of_a_call_that_is_broken(place in 0..CALL.len(), byte in any::<u8>(), cut in any::<bool>()) {
        in_virtual_time(|| {
            let body = damaged(CALL, place, byte, cut);
            let (call, limits) = (Call::One(Kind::Track), Limits::default());
            prop_assert_eq!(Made::of_it(call, &body, limits), Made::by_specification(call, &body, limits));
            Ok(())
        })?;
    }

    #[test]
    fn both_ways_make_the_same_of_a_batch(body in body(), limits in limits()) {
        in_virtual_time(|| {
            let body = body.as_bytes();
            prop_assert_eq!(Made::of_it(Call::Batch, body, limits), Made::by_specification(Call::Batch, body, limits));
            Ok(())
        })?;
    }

    #[test]
    fn both_ways_make_the_same_of_a_batch_that_is_broken(place in 0..ORDINARY.len(), byte in any::<u8>(), cut in any::<bool>()) {
        in_virtual_time(|| {
            let body = damaged(ORDINARY, place, byte, cut);
            let limits = Limits::default();
            prop_assert_eq!(Made::of_it(Call::Batch, &body, limits), Made::by_specification(Call::Batch, &body, limits));
            Ok(())
        })?;
    }
}

#[test]
fn an_ordinary_batch_is_not_taken_apart() {
    let mut scratch = Scratch::default();
    let batch = scan(ORDINARY.as_bytes(), &mut scratch).expect("it is ordinary");
    assert_eq!((batch.len(), batch.write_key()), (6, Some("wk-1")));
    let odd = |most| batch.items(most).filter(|item| matches!(item, Glance::Odd(_))).count();
    assert_eq!((odd(32 * 1024), odd(120)), (0, 1));
}

#[test]
fn a_key_that_serde_json_keeps_for_itself_is_a_key_like_any_other() {
    const WILD: &str =
        r#""properties":{"$serde_json::private::Number":"7"},"context":{"$serde_json::private::Number":""}"#;
    let item = format!(r#"{{"type":"track","userId":"u","event":"e","messageId":"m",{WILD}}}"#);
    let body = format!(r#"{{"batch":[{item}]}}"#);
    let (made, specified) = in_virtual_time(|| {
        let limits = Limits::default();
        (
            Made::of_it(Call::Batch, body.as_bytes(), limits),
            Made::by_specification(Call::Batch, body.as_bytes(), limits),
        )
    });
    assert_eq!(made, specified);
    assert!(
        made.events[0].contains(WILD.split(',').next().unwrap_or_default()),
        "{made:?}"
    );
}

#[test]
fn an_ordinary_call_is_not_taken_apart() {
    let mut scratch = Scratch::default();
    let mut is_ordinary = |kind, body: &str| scan_call(body.as_bytes(), kind, &mut scratch, |_| ()).is_some();
    assert!(is_ordinary(Kind::Track, CALL));
    assert!(is_ordinary(Kind::Page, r#"{"type":"page","userId":"u"}"#));
    assert!(!is_ordinary(Kind::Track, r#"{"type":"page","userId":"u","event":"e"}"#));
    assert!(!is_ordinary(Kind::Page, r#"{"userId":"u","writeKey":"wk-1"}"#));
}

#[test]
fn what_is_filled_in_stands_in_the_bytes_that_came() {
    let made = in_virtual_time(|| {
        let body = r#"{"batch":[{ "type":"page", "userId":"u", "timestamp":"1970-01-01T00:00:01Z", "messageId":"m" }],
                       "sentAt":"1970-01-01T00:00:02Z"}"#;
        Made::of_it(Call::Batch, body.as_bytes(), Limits::default())
    });
    assert_eq!(
        made.events,
        [concat!(
            r#"{"type":"page","userId":"u","timestamp":"1969-12-31T23:59:59.000Z","messageId":"m","#,
            r#""sentAt":"1970-01-01T00:00:02Z","originalTimestamp":"1970-01-01T00:00:01Z","#,
            r#""receivedAt":"1970-01-01T00:00:00.000Z"}"#
        )]
    );
}
