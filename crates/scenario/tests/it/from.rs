//! Recorded events as scenarios.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use scenario::{Events, FromError, Recording, RunOptions, ScenarioSettings, Source, parse, run, scenario_from};
use serde_json::{Value, json};
use test_support::snapshots;

fn from(events: &[Value]) -> Result<String, FromError> {
    let recording = Recording {
        name: "Recorded",
        origin: "events.ndjson",
        settings: &ScenarioSettings::default(),
        events: Events::Steps(events),
    };
    scenario_from(&recording, &BTreeMap::new())
}

/// What a scenario makes of what it says; it must pass.
fn played(text: &str) -> scenario::Outcome {
    let scenarios = parse(Arc::new(Source::of("recorded.yaml", text)), &BTreeMap::new());
    let scenarios = scenarios.unwrap_or_else(|error| panic!("{text}\n{error:?}"));
    let outcome = run(&scenarios[0], &RunOptions::default()).expect("it can be played");
    assert_eq!(outcome.failures, [], "{text}");
    outcome
}

#[test]
fn a_recording_is_told_as_somebody_would_write_it() {
    let events = [
        json!({
            "type": "page", "anonymousId": "anon-1", "name": "Pricing", "messageId": "m-1",
            "properties": { "url": "https://shop.example/pricing?utm_source=google&utm_medium=cpc", "title": "Pricing, and {{more}}" },
            "context": { "ip": "203.0.113.7", "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "locale": "en-GB" },
            "timestamp": "2024-01-15T10:00:00.000Z", "receivedAt": "2024-01-15T10:00:00.000Z", "writeKey": "secret",
        }),
        json!({
            "type": "identify", "anonymousId": "anon-1", "userId": "user-1", "traits": { "email": "ada@example.com" },
            "timestamp": "2024-01-15T10:40:00Z", "plan": "pro",
        }),
        json!({
            "type": "track", "userId": "user-1", "event": "Order Completed", "properties": { "revenue": 99.90 },
            "timestamp": "2024-01-15T10:39:00Z",
        }),
        json!({ "type": "track", "userId": "user-1", "event": "Kept Back", "integrations": { "All": false } }),
        json!({ "type": "track", "event": "Nobody's" }),
        json!({ "type": "alias", "previousId": "user-1", "userId": "customer-1" }),
    ];
    let text = from(&events).unwrap();
    assert_eq!(played(&text).expectations, 7);
    assert!(!text.contains("secret"), "{text}");
    let _guard = snapshots("from");
    insta::assert_snapshot!("a_visitor_who_buys", text);
}

#[test]
fn what_is_set_up_otherwise_is_said() {
    let recording = Recording {
        name: "Recorded: import",
        origin: "a\nb",
        settings: &ScenarioSettings {
            dialect: attribution_destination::Dialect::Import,
            screens: true,
            ..ScenarioSettings::default()
        },
        events: Events::File("all.ndjson"),
    };
    let events = "{\"type\":\"screen\",\"userId\":\"u\",\"name\":\"Home\"}\n";
    let files = BTreeMap::from([("all.ndjson".to_owned(), events.to_owned())]);
    let text = scenario_from(&recording, &files).unwrap();
    let head =
        "name: \"Recorded: import\"\nsettings: { dialect: import, screens: true }\nsteps:\n  - file: all.ndjson\n";
    assert!(text.contains(head), "{text}");
    assert!(text.starts_with("# Made of a\\nb by"), "{text}");
}

#[test]
fn what_is_no_call_is_told_with_its_number() {
    let call = json!({ "type": "page", "anonymousId": "a" });
    for (event, found) in [
        (json!([]), "it is no JSON object"),
        (json!({}), "it has no `type`"),
        (json!({ "type": "pageview" }), "its `type` is \"pageview\""),
        (json!({ "type": null }), "its `type` is null"),
    ] {
        match from(&[call.clone(), event]).unwrap_err() {
            FromError::NotACall { index: 1, found: told } => assert_eq!(told, found),
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(from(&[]), Err(FromError::Empty)));
}

#[test]
fn what_no_scenario_can_say_is_told() {
    let mut deep = json!(1);
    for _ in 0..126 {
        deep = json!([deep]);
    }
    let event = json!({ "type": "track", "userId": "u", "event": "Deep", "properties": { "p": deep } });
    let error = from(&[event]).unwrap_err().to_string();
    assert!(error.starts_with("a scenario can't say this: "), "{error}");
}

/// Any JSON, with texts that YAML has other ideas about.
fn value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-z]{0,8}",
        "[ \\-:#\\[\\]{}&*!|>'\"%@`,?\\\\~=<\\n\\t]{0,8}",
        "\\PC{0,8}",
        Just("{{uuid}} \\{{x}}".to_owned()),
        Just("2024-01-15T10:00:00Z".to_owned()),
        Just("<<".to_owned()),
        Just("0x1F".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text.clone(), inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn event() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec!["page", "identify", "track", "alias", "screen", "group"]);
    let id = || prop::sample::select(vec!["a", "b", "user: 1", "0012"]);
    (kind, id(), id(), value(), value(), 0_i64..5_000_000_000).prop_map(|(kind, user, cookie, properties, context, at)| {
        let at = jiff::Timestamp::from_millisecond(1_705_312_800_000 + at).expect("it is in range");
        json!({
            "type": kind, "userId": user, "anonymousId": cookie, "previousId": cookie, "event": "Order Completed",
            "properties": { "revenue": 9.5, "any": properties }, "traits": { "any": context }, "timestamp": at.to_string(),
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_is_a_scenario_that_passes_and_sends_what_was_recorded(
        events in prop::collection::vec(event(), 1..8)
    ) {
        let text = from(&events).unwrap();
        let steps = played(&text).deliveries;
        prop_assert_eq!(steps.events, u64::try_from(events.len()).unwrap());
        let whole = parse(Arc::new(Source::of("recorded.yaml", &text)), &BTreeMap::new()).unwrap();
        let calls: Vec<Value> = whole[0].steps.iter().filter_map(|step| match &step.action {
            scenario::Action::Call { message, .. } => Some(message["properties"].clone()),
            _ => None,
        }).collect();
        let recorded: Vec<Value> = events.iter().map(|event| event["properties"].clone()).collect();
        prop_assert_eq!(calls, recorded);
    }
}
