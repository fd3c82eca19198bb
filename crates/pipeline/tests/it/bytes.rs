//! `assess(map(event))` says what the event said.

use attribution_destination::{ProjectId, Settings, map};
use attribution_ledger::{Assessment, Hit, Ids, Severity, assess};
use jiff::Timestamp;
use json_tree::Object;
use proptest::prelude::*;
use segment_event::Event;
use serde_json::{Map, Value};

use crate::generate::{json, message, object, text, time, who};

/// What the ledger reads in what the destination writes for this message.
fn received(message: Value) -> Hit<'static> {
    let settings = Settings {
        screens: true,
        ..Settings::new(ProjectId::new("demo-project").unwrap())
    };
    let event = Event::ingest(message).expect("a message that ingest accepts");
    let request = map(&event, &settings, Timestamp::UNIX_EPOCH)
        .expect("a message that can be mapped")
        .request;
    let Assessment {
        messages, violations, ..
    } = assess(request.path, &request.body);
    assert!(
        violations.iter().all(|found| found.severity == Severity::Warn),
        "{violations:?}"
    );
    let message = messages.into_iter().next();
    message.expect("a request without denials can be read").hit.into_owned()
}

/// The cookie and the user.
fn both(ids: &Ids) -> (Option<String>, Option<String>) {
    (ids.cookie().map(str::to_owned), ids.user().map(str::to_owned))
}

/// Objects are equal if their keys, in order, and their values are, numbers by their text.
fn same(received: &Object<'_>, sent: &Map<String, Value>) -> bool {
    received.to_string() == serde_json::to_string(sent).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_track_keeps_visitor_event_time_and_properties(who in who(), event in text(), properties in object(), at in time()) {
        prop_assume!(!event.starts_with("Viewed ") && !event.starts_with("Loaded "));
        let mut sent = message("track", &who);
        sent["event"] = event.as_str().into();
        sent["timestamp"] = at.to_string().into();
        sent["properties"] = properties.clone().into();
        let Hit::Track(hit) = received(sent) else { panic!("not a track") };
        prop_assert_eq!(both(&hit.ids), who);
        prop_assert_eq!((hit.event, hit.at), (event, Some(at)));
        prop_assert!(same(&hit.properties, &properties));
    }

    #[test]
    fn a_page_keeps_visitor_name_time_and_properties(
        kind in prop_oneof![Just("page"), Just("screen")],
        who in who(),
        name in prop::option::of(text()),
        properties in object(),
        at in time(),
    ) {
        let mut sent = message(kind, &who);
        sent["timestamp"] = at.to_string().into();
        sent["properties"] = properties.clone().into();
        if let Some(name) = &name {
            sent["name"] = name.as_str().into();
        }
        let Hit::Page(mut hit) = received(sent) else { panic!("not a page") };
        prop_assert_eq!(both(&hit.ids), who);
        prop_assert_eq!((&hit.name, hit.at), (&name, Some(at)));
        prop_assert_eq!(hit.properties.remove("name"), name.map(|name| json_tree::Value::String(name.into())));
        prop_assert!(same(&hit.properties, &properties));
    }

    #[test]
    fn an_identify_keeps_visitor_and_traits(who in who(), traits in object()) {
        let mut sent = message("identify", &who);
        sent["traits"] = traits.clone().into();
        let Hit::Identify(mut hit) = received(sent) else { panic!("not an identify") };
        prop_assert_eq!(both(&hit.ids), who);
        prop_assert_eq!(hit.traits.remove("id"), hit.ids.user().map(|user| json_tree::Value::String(user.into())));
        prop_assert!(same(&hit.traits, &traits));
    }

    #[test]
    fn an_alias_keeps_both_ids(previous in text(), user in text()) {
        let mut sent = message("alias", &(None, Some(user.clone())));
        sent["previousId"] = previous.as_str().into();
        let Hit::Alias(hit) = received(sent) else { panic!("not an alias") };
        prop_assert_eq!((hit.previous, hit.user, hit.cookie), (Some(previous), Some(user), None));
    }

    #[test]
    fn whatever_ingest_accepts_strict_mode_accepts(
        kind in prop_oneof![Just("track"), Just("page"), Just("screen"), Just("identify"), Just("alias")],
        who in who(),
        fields in prop::collection::vec((field(), prop_oneof![json(), text().prop_map(Value::from), object().prop_map(Value::from)]), 0..8),
    ) {
        let mut sent = message(kind, &who);
        sent["event"] = "sign up".into();
        for (key, value) in fields {
            sent[key] = value;
        }
        let settings = Settings { screens: true, ..Settings::new(ProjectId::new("demo-project").expect("not blank")) };
        let Ok(event) = Event::ingest(sent) else { return Ok(()) };
        let Ok(mapped) = map(&event, &settings, Timestamp::UNIX_EPOCH) else { return Ok(()) };
        let denials: Vec<_> = assess(mapped.request.path, &mapped.request.body)
            .violations
            .into_iter()
            .filter(|found| found.severity == Severity::Deny)
            .collect();
        prop_assert!(denials.is_empty(), "{denials:?} in {:?}", mapped.request.body);
    }
}

/// Every field of a message that can reach the wire.
fn field() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "userId",
        "anonymousId",
        "previousId",
        "sessionId",
        "from",
        "to",
        "name",
        "category",
        "event",
        "properties",
        "traits",
        "context",
        "options",
        "timestamp",
    ])
}
