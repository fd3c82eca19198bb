//! From a body to the messages in it.

use std::io::{self, Write};

use segment_event::json::describe;
use serde_json::{Map, Value};

use crate::call::Call;
use crate::config::Limits;
use crate::refusal::{Code, Refusal};

/// A body, taken apart.
#[derive(Debug)]
pub(crate) struct Unpacked {
    /// The `writeKey` in it.
    pub(crate) write_key: Option<String>,
    pub(crate) messages: Messages,
}

/// What a body holds.
#[derive(Debug)]
pub(crate) enum Messages {
    /// A single call.
    One(Map<String, Value>),
    /// The items of a batch.
    Many { items: Vec<Value>, shared: Shared },
}

/// What a batch says for all of its items.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    members: Vec<(&'static str, Value)>,
}

/// The members of a batch that its items inherit. Source: Segment, HTTP API, "Batch"; `sentAt`: analytics.js's batches.
const INHERITED: [&str; 3] = ["context", "integrations", "sentAt"];

/// Takes a body apart.
///
/// # Errors
///
/// What keeps all of it from being read, as JSON has it: Segment answers 400.
pub(crate) fn unpack(call: Call, body: &[u8]) -> Result<Unpacked, Refusal> {
    let body = json_value::from_slice(body).map_err(|error| {
        let what = if body.is_empty() {
            "the body is empty: send a JSON object".to_owned()
        } else {
            format!("the body is no JSON: {error}")
        };
        Refusal::bad_request("", what)
    })?;
    let Value::Object(mut body) = body else {
        let what = format!("the body must be a JSON object, not {}", describe(&body));
        return Err(Refusal::bad_request("", what));
    };
    let write_key = match body.shift_remove("writeKey") {
        Some(Value::String(key)) => Some(key),
        _ => None,
    };
    let messages = match call {
        Call::One(kind) => {
            body.insert("type".to_owned(), kind.as_str().into());
            Messages::One(body)
        }
        Call::Batch | Call::Metrics => batch(body)?,
    };
    Ok(Unpacked { write_key, messages })
}

fn batch(mut body: Map<String, Value>) -> Result<Messages, Refusal> {
    let items = match body.remove("batch") {
        Some(Value::Array(items)) => items,
        None | Some(Value::Null) => Vec::new(),
        Some(other) => {
            let what = format!("batch must be an array of messages, not {}", describe(&other));
            return Err(Refusal::bad_request("/batch", what));
        }
    };
    let members = INHERITED
        .into_iter()
        .filter_map(|key| Some((key, body.remove(key).filter(|value| !value.is_null())?)));
    let shared = Shared {
        members: members.collect(),
    };
    Ok(Messages::Many { items, shared })
}

/// What is against a batch as a whole, though it can be read.
pub(crate) fn against_batch(items: &[Value], limits: &Limits) -> Option<Refusal> {
    let most = limits.batch_events;
    match items.len() {
        0 => {
            let what = r#"the batch is empty: send its messages as {"batch": [{"type": "track", …}]}"#;
            Some(Refusal::new(Code::EmptyBatch, "/batch", what))
        }
        count if count > most => {
            let what = format!("the batch has {count} messages: send at most {most} at once");
            Some(Refusal::bad_request("/batch", what))
        }
        _ => None,
    }
}

/// An item that is too long by itself.
pub(crate) fn against_size(item: &Value, limits: &Limits) -> Option<Refusal> {
    let most = limits.call_bytes;
    // Nearly every item is so short that it need not be written to be measured.
    if longest(item) <= most {
        return None;
    }
    let bytes = length(item);
    (bytes > most).then(|| Refusal::bad_request("", too_long(bytes, most)))
}

/// How long a value is at most as JSON without blanks, were every byte of its strings an escape of six.
fn longest(value: &Value) -> usize {
    const ESCAPE: usize = 6;
    let of_text = |text: &str| 2 + ESCAPE * text.len();
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(number) => number.as_str().len(),
        Value::String(text) => of_text(text),
        Value::Array(items) => 2 + items.iter().map(|item| 1 + longest(item)).sum::<usize>(),
        Value::Object(members) => {
            let of_member = |(key, value): (&String, &Value)| 2 + of_text(key) + longest(value);
            2 + members.iter().map(of_member).sum::<usize>()
        }
    }
}

/// What is said of a call that is too long.
pub(crate) fn too_long(bytes: usize, most: usize) -> String {
    format!("the message has {bytes} bytes: send at most {most}")
}

/// How long a value is as JSON without blanks.
fn length(value: &Value) -> usize {
    struct Counting(usize);
    impl Write for Counting {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counting = Counting(0);
    // Counting never fails, and every key is a string.
    let _ = serde_json::to_writer(&mut counting, value);
    counting.0
}

impl Shared {
    /// What a batch says that says at most when it was sent.
    pub(crate) fn sent_at(sent_at: Option<Value>) -> Self {
        let members = sent_at.map(|sent_at| ("sentAt", sent_at));
        Self {
            members: members.into_iter().collect(),
        }
    }

    /// Gives an item what the batch says for it. Objects are merged, at every depth; what the item says holds.
    pub(crate) fn give(&self, item: &mut Map<String, Value>) {
        for (key, value) in &self.members {
            match item.get_mut(*key) {
                Some(own) if !own.is_null() => merge(own, value),
                _ => {
                    item.insert((*key).to_owned(), value.clone());
                }
            }
        }
    }
}

fn merge(own: &mut Value, shared: &Value) {
    let (Value::Object(own), Value::Object(shared)) = (own, shared) else {
        return;
    };
    for (key, value) in shared {
        match own.get_mut(key) {
            Some(own) => merge(own, value),
            None => {
                own.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("k.{0,4}", inner), 0..4).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_value_is_longer_than_it_is_taken_for(value in value()) {
            prop_assert_eq!(length(&value), value.to_string().len());
            prop_assert!(length(&value) <= longest(&value));
        }
    }

    #[test]
    fn what_an_item_says_holds_and_objects_are_merged_at_every_depth() {
        let shared = Shared {
            members: vec![(
                "context",
                json!({"app": {"name": "shop", "build": 1}, "ip": "a", "os": {"name": "x"}}),
            )],
        };
        let given = |item: Value| {
            let Value::Object(mut item) = item else { unreachable!() };
            shared.give(&mut item);
            Value::Object(item)
        };
        assert_eq!(
            given(json!({"context": {"app": {"name": "blog"}, "ip": null, "os": "y"}})),
            json!({"context": {"app": {"name": "blog", "build": 1}, "ip": null, "os": "y"}})
        );
        for none in [json!({}), json!({"context": null})] {
            assert_eq!(given(none)["context"]["ip"], "a");
        }
        assert_eq!(given(json!({"context": []})), json!({"context": []}));
    }
}
