//! The six Segment calls.

use std::borrow::Cow;

use expectation::read::{Fields, nearest, quoted};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Sink};
use segment_event::Kind;
use serde_json::{Map, Value};

/// The keys a message has at its top: Segment's common fields, those of the six calls, and what its SDKs add.
pub(crate) const KEYS: &[&str] = &[
    "anonymousId",
    "userId",
    "previousId",
    "groupId",
    "event",
    "name",
    "category",
    "properties",
    "traits",
    "context",
    "integrations",
    "options",
    "messageId",
    "timestamp",
    "sentAt",
    "receivedAt",
    "originalTimestamp",
    "channel",
    "version",
    "sessionId",
    "from",
    "to",
    "type",
    "writeKey",
    "projectId",
    "_metadata",
];

/// How many members a message gets beside those that the file gives it: `type`, `messageId` and `timestamp`.
const GIVEN: usize = 3;

/// The message of a call, as written but for its `type`, which comes first.
pub(super) fn call(kind: Kind, node: Cow<'_, Node>, sink: &mut Sink) -> Option<Map<String, Value>> {
    let fields = body(kind, &node, sink)?;
    for entry in fields.entries {
        if !KEYS.contains(&entry.key.as_str()) {
            sink.push(unknown(kind, entry));
        } else if entry.key == "type" && !agrees(kind, &entry.value) {
            let mistake = Diagnostic::new(
                entry.value.at,
                format!("the step says `{kind}`, its `type` something else"),
            );
            sink.push(mistake.help("leave `type` out: the step's key says it"));
        }
    }
    let Shape::Entries(entries) = node.into_owned().shape else {
        return None;
    };
    let mut message = Map::with_capacity(entries.len() + GIVEN);
    message.insert("type".to_owned(), kind.as_str().into());
    let own = entries.into_iter().filter(|entry| entry.key != "type");
    message.extend(own.map(|entry| (entry.key, entry.value.into_value())));
    Some(message)
}

fn body<'a>(kind: Kind, node: &'a Node, sink: &mut Sink) -> Option<Fields<'a>> {
    if node.shape != Shape::Null {
        return Fields::any(node, kind.as_str(), sink);
    }
    let mistake = Diagnostic::new(node.at, format!("`{kind}` has no message"));
    sink.push(mistake.help(format!(
        "write the message's fields below it, indented further, or `{kind}: {{}}` for none"
    )));
    None
}

fn agrees(kind: Kind, value: &Node) -> bool {
    matches!(&value.shape, Shape::Text(text) if text == kind.as_str())
}

fn unknown(kind: Kind, entry: &Entry) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        entry.at,
        format!("a Segment message has no field {}", quoted(&entry.key)),
    );
    if let Some(near) = nearest(&entry.key, KEYS) {
        return diagnostic.help(format!("did you mean `{near}`?"));
    }
    let home = match kind {
        Kind::Identify | Kind::Group => "traits",
        Kind::Track | Kind::Page | Kind::Screen | Kind::Alias => "properties",
    };
    diagnostic.help(format!(
        "put it below `{home}:`, or play the message from a `file:` if it must stand at the top"
    ))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use expectation::Sink;
    use expectation::tree::Node;
    use segment_event::Kind;
    use serde_json::{Map, Value};

    use crate::parse::testing::{good, helps, mistakes};

    fn call(kind: Kind, node: &Node, sink: &mut Sink) -> Option<Map<String, Value>> {
        super::call(kind, Cow::Borrowed(node), sink)
    }

    fn track(text: &str) -> String {
        let message = good(text, |node, sink| call(Kind::Track, node, sink)).expect("a mapping is a message");
        Value::Object(message).to_string()
    }

    #[test]
    fn the_message_is_kept_in_order_with_numbers_as_written() {
        let json =
            track("event: Order\nuserId: u\nproperties: { b: 99.90, a: [-0.50, 12345678901234567890123, null, no] }\n");
        assert_eq!(
            json,
            r#"{"type":"track","event":"Order","userId":"u","properties":{"b":99.90,"a":[-0.50,12345678901234567890123,null,"no"]}}"#
        );
    }

    #[test]
    fn a_type_that_agrees_comes_first_as_one_that_is_left_out_does() {
        assert_eq!(track("{ event: A, type: track }"), r#"{"type":"track","event":"A"}"#);
    }

    #[test]
    fn a_type_that_disagrees_is_a_mistake() {
        let found = mistakes("{ type: page }", |node, sink| call(Kind::Track, node, sink));
        assert_eq!(found, ["the step says `track`, its `type` something else"]);
    }

    #[test]
    fn unknown_fields_are_mistakes_with_the_nearest_known_one() {
        let found = helps("{ propertis: {}, user_id: u, plan: pro }", |node, sink| {
            call(Kind::Track, node, sink)
        });
        assert_eq!(found[..2], ["did you mean `properties`?", "did you mean `userId`?"]);
        assert!(found[2].contains("below `properties:`"), "{}", found[2]);
    }

    #[test]
    fn a_call_without_a_message_is_told_apart_from_an_empty_one() {
        assert_eq!(track("{}"), r#"{"type":"track"}"#);
        let found = mistakes("", |node, sink| call(Kind::Page, node, sink));
        assert_eq!(found, ["`page` has no message"]);
    }
}
