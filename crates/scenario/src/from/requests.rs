//! Requests that Attribution received, as the calls of which they were made.
//!
//! Reads the wire a third time, on purpose apart from the mapping that writes it and from the ledger that records it: a
//! call that is made here is mapped again when the scenario is played, and a test holds the two bodies against each
//! other.

use serde_json::{Map, Value, json};

/// The calls of a request to this path with this body; none where it is no request of an event. The ways of the four
/// dialects are told apart by the path.
///
/// A classic page can't be told from a track of its name. Both are sent alike, so it does not matter: `Loaded a Page`
/// is a page, and `Viewed … Page` is one where the properties have that name, everything else is a track.
///
/// ```
/// use scenario::calls_of_request;
/// use serde_json::json;
///
/// let body = json!({ "user_id": "u", "previous_id": "a" });
/// let call = json!({ "type": "alias", "previousId": "a", "userId": "u" });
/// assert_eq!(calls_of_request("/alias", &body), [call]);
/// ```
pub fn calls_of_request(path: &str, body: &Value) -> Vec<Value> {
    let Value::Object(fields) = body else {
        return Vec::new();
    };
    match path {
        "/track" => vec![hit(fields)],
        "/identify" => vec![call("identify", fields, IDENTIFY)],
        "/alias" => vec![call("alias", fields, ALIAS)],
        "/v1/import" => match fields.get("batch") {
            Some(Value::Array(items)) => items.clone(),
            _ => Vec::new(),
        },
        _ => kind_of(path).map(|kind| typed(kind, fields)).into_iter().collect(),
    }
}

/// A field of a body and the one of a message that becomes it.
type Names = [(&'static str, &'static str)];

const HIT: &Names = &[
    ("cookie_id", "anonymousId"),
    ("user_id", "userId"),
    ("event", "event"),
    ("properties", "properties"),
    ("context", "context"),
    ("timestamp", "timestamp"),
];

const IDENTIFY: &Names = &[
    ("cookie_id", "anonymousId"),
    ("user_id", "userId"),
    ("traits", "traits"),
    ("context", "context"),
];

const ALIAS: &Names = &[("previous_id", "previousId"), ("user_id", "userId")];

fn call(kind: &str, fields: &Map<String, Value>, names: &Names) -> Value {
    let mut call = Map::from_iter([("type".to_owned(), kind.into())]);
    for (wire, name) in names {
        let Some(value) = fields.get(*wire) else { continue };
        // What a mapping adds where there is nothing.
        let is_nothing = matches!(value, Value::Object(entries) if entries.is_empty());
        if !is_nothing {
            call.insert((*name).to_owned(), value.clone());
        }
    }
    Value::Object(call)
}

/// What came to `/track`.
fn hit(fields: &Map<String, Value>) -> Value {
    let Some(name) = page_name(fields) else {
        return call("track", fields, HIT);
    };
    let mut page = call("page", fields, HIT);
    page["name"] = name;
    if let Value::Object(page) = &mut page {
        page.remove("event");
        page.retain(|key, value| !(key == "name" && value.is_null()));
    }
    page
}

/// The name of a page, null for one without; nothing where it is no page.
fn page_name(fields: &Map<String, Value>) -> Option<Value> {
    let event = fields.get("event")?.as_str()?;
    if event == "Loaded a Page" {
        return Some(Value::Null);
    }
    let viewed = event.strip_prefix("Viewed ")?.strip_suffix(" Page")?;
    let name = fields.get("properties")?.get("name")?;
    (name.as_str() == Some(viewed) && !viewed.is_empty()).then(|| name.clone())
}

/// The call of a path whose last segment is its first letter.
fn kind_of(path: &str) -> Option<&'static str> {
    match path.strip_prefix("/v1").unwrap_or(path) {
        "/t" => Some("track"),
        "/p" => Some("page"),
        "/s" => Some("screen"),
        "/i" => Some("identify"),
        "/g" => Some("group"),
        "/a" => Some("alias"),
        _ => None,
    }
}

/// A body with the names of a message already. The path says which call it is.
fn typed(kind: &str, fields: &Map<String, Value>) -> Value {
    let mut call = json!({ "type": kind });
    for (key, value) in fields.iter().filter(|(key, _)| key.as_str() != "type") {
        call[key.as_str()] = value.clone();
    }
    call
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use attribution_destination::Dialect;
    use expectation::{Section, Source};

    use super::super::{Events, Recording, scenario_from};
    use super::*;
    use crate::parse::parse;
    use crate::run;
    use crate::scenario::ScenarioSettings;

    fn of(path: &str, body: &Value) -> Vec<Value> {
        calls_of_request(path, body)
    }

    #[test]
    fn a_page_is_told_by_its_event_and_its_name() {
        let page =
            json!({ "cookie_id": "a", "event": "Viewed Home Page", "properties": { "name": "Home" }, "context": {} });
        let call = json!({ "type": "page", "anonymousId": "a", "properties": { "name": "Home" }, "name": "Home" });
        assert_eq!(of("/track", &page), [call]);
        let nameless = json!({ "user_id": null, "event": "Loaded a Page", "properties": { "url": "u" } });
        let call = json!({ "type": "page", "userId": null, "properties": { "url": "u" } });
        assert_eq!(of("/track", &nameless), [call]);
        for event in ["Viewed Home Page", "Viewed  Page", "Sale"] {
            let track = json!({ "user_id": "u", "event": event, "properties": { "name": "" } });
            assert_eq!(of("/track", &track)[0]["type"], "track");
        }
    }

    #[test]
    fn the_other_dialects_have_the_names_of_messages() {
        let body = json!({ "userId": "u", "type": "identify", "projectId": "p" });
        assert_eq!(
            of("/v1/i", &body),
            [json!({ "type": "identify", "userId": "u", "projectId": "p" })]
        );
        assert_eq!(of("/i", &body), of("/v1/i", &body));
        assert_eq!(of("/v1/import", &json!({ "batch": [body] }))[0]["type"], "identify");
    }

    #[test]
    fn what_is_no_request_of_an_event_has_no_calls() {
        for (path, body) in [
            ("/check_auth", json!({})),
            ("/track", json!([])),
            ("/v1/import", json!({ "batch": 1 })),
            ("/v1/x", json!({})),
        ] {
            assert!(of(path, &body).is_empty(), "{path} {body}");
        }
    }

    /// The requests that came of a scenario of these events, by path and body.
    fn requests(dialect: Dialect, events: &[Value]) -> Vec<(String, Value)> {
        let settings = ScenarioSettings {
            dialect,
            screens: true,
            ..ScenarioSettings::default()
        };
        let recording = Recording {
            name: "Again",
            origin: "a journal",
            settings: &settings,
            events: Events::Steps(events),
        };
        let text = scenario_from(&recording, &BTreeMap::new()).unwrap();
        let source = Arc::new(Source::of("again.yaml", &text));
        let scenario = parse(source, &BTreeMap::new()).unwrap().remove(0);
        let rows = run::rows(&scenario, &[Section::Requests]).unwrap().remove(0);
        let request = |row: Value| (row["path"].as_str().unwrap().to_owned(), row["body"].clone());
        rows.into_iter().map(request).collect()
    }

    #[test]
    fn the_calls_of_a_request_make_that_request_again() {
        let at = "2024-01-15T10:00:00.250Z";
        let events = [
            json!({ "type": "page", "anonymousId": "a", "name": "Home", "category": "Docs", "timestamp": at }),
            json!({ "type": "page", "anonymousId": "a", "properties": { "url": "https://shop.example/" }, "timestamp": at }),
            json!({ "type": "screen", "anonymousId": "a", "name": "Home", "timestamp": at }),
            json!({ "type": "identify", "anonymousId": "a", "userId": "u", "traits": { "id": 5, "born": "2001-02-03" } }),
            json!({ "type": "identify", "anonymousId": "a", "context": { "ip": "203.0.113.7" } }),
            json!({ "type": "track", "userId": "u", "event": "Viewed Home Page", "messageId": "m-6", "timestamp": at }),
            json!({ "type": "track", "userId": "u", "event": "Sale", "properties": { "revenue": 9.5 }, "timestamp": at }),
            json!({ "type": "alias", "previousId": "u", "userId": "v" }),
        ];
        for &dialect in Dialect::ALL {
            let first = requests(dialect, &events);
            assert_eq!(first.len(), events.len(), "{dialect}");
            let calls: Vec<Value> = first
                .iter()
                .flat_map(|(path, body)| calls_of_request(path, body))
                .collect();
            assert_eq!(requests(dialect, &calls), first, "{dialect}");
        }
    }
}
