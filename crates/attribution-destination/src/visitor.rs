use segment_event::{Event, Kind};
use serde_json::Value;

/// Every id by which an event names its visitor, each once: what its lane is known by.
///
/// They are the fields that the classic wire's `user_id`, `cookie_id` and `previous_id` are made of. The other dialects don't
/// read the legacy ones among them, but a lane too wide only waits. A user and a cookie of the same text share a lane,
/// since an alias's previous id may be either.
pub(crate) fn ids(event: &Event) -> Vec<String> {
    let mut ids = Vec::new();
    let mut add = |key: &str| {
        let id = event.get(key).and_then(text);
        ids.extend(id.clone().filter(|id| !ids.contains(id)));
        id.is_some()
    };
    add("userId");
    if !add("anonymousId") {
        add("sessionId");
    }
    if event.kind() == Kind::Alias {
        for key in ["previousId", "from", "to"] {
            add(key);
        }
    }
    ids
}

/// An id of a message that skipped Segment's ingest may also be a number.
fn text(id: &Value) -> Option<String> {
    match id {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_id_of_the_event_is_found_once() {
        let cases = [
            (
                json!({"type": "track", "event": "A", "userId": "u", "anonymousId": "a", "sessionId": "s"}),
                vec!["u", "a"],
            ),
            (json!({"type": "page", "anonymousId": "", "sessionId": "s"}), vec!["s"]),
            (
                json!({"type": "page", "userId": null, "anonymousId": "a", "previousId": "p"}),
                vec!["a"],
            ),
            (
                json!({"type": "alias", "userId": "u", "previousId": "p", "from": "f", "to": "u"}),
                vec!["u", "p", "f"],
            ),
            (
                json!({"type": "identify", "userId": "same", "anonymousId": "same"}),
                vec!["same"],
            ),
            (json!({"type": "identify", "userId": 42}), vec!["42"]),
            (json!({"type": "identify", "traits": {"userId": "no"}}), vec![]),
        ];
        for (message, expected) in cases {
            assert_eq!(ids(&Event::unchecked(message.clone()).unwrap()), expected, "{message}");
        }
    }
}
