//! What Segment fills in.

use std::net::IpAddr;

use jiff::Timestamp;
use segment_event::timestamp::{corrected, read};
use serde_json::{Map, Value};

/// When and from where a request came.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) received_at: Timestamp,
    /// The same as it is written.
    written: String,
    ip: Option<IpAddr>,
    /// Whether it came from a page: then the address is its visitor's.
    is_page: bool,
}

impl Origin {
    pub(crate) fn new(received_at: Timestamp, ip: Option<IpAddr>, is_page: bool) -> Self {
        Self {
            received_at,
            written: written(received_at),
            ip,
            is_page,
        }
    }

    /// Fills in `receivedAt`, `timestamp` and `originalTimestamp`, and the address of a page's visitor.
    ///
    /// A `timestamp` that can't be read is left as it is, for whoever needs it to complain.
    pub(crate) fn complete(&self, message: &mut Map<String, Value>) {
        message.shift_remove("writeKey");
        self.place_in_time(message);
        self.place_on_the_net(message);
        message.insert("receivedAt".to_owned(), self.written.clone().into());
    }

    /// Source: Segment Spec, "Common fields", timestamps. Without `sentAt`, what the sender says holds: this is how history is
    /// imported. Without either, it happened when it arrived.
    fn place_in_time(&self, message: &mut Map<String, Value>) {
        let given = |key: &str| message.get(key).filter(|value| !value.is_null());
        let (key, original) = match (given("timestamp"), given("originalTimestamp")) {
            (Some(timestamp), _) => ("timestamp", read(timestamp)),
            (None, Some(original)) => ("originalTimestamp", read(original)),
            (None, None) => {
                message.insert("timestamp".to_owned(), self.written.clone().into());
                return;
            }
        };
        let Some(original) = original else { return };
        let sent_at = given("sentAt").and_then(read);
        let timestamp = Value::from(written(self.happened(original, sent_at)));
        if key == "originalTimestamp" {
            message.insert("timestamp".to_owned(), timestamp);
        } else if let Some(said) = message.insert("timestamp".to_owned(), timestamp) {
            message.insert("originalTimestamp".to_owned(), said);
        }
    }

    /// When something happened of which its sender says so.
    pub(crate) fn happened(&self, original: Timestamp, sent_at: Option<Timestamp>) -> Timestamp {
        sent_at.map_or(original, |sent_at| corrected(self.received_at, sent_at, original))
    }

    /// `received_at` as it is written.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// Source: Segment Spec, "Common fields", context (client-side only), and HTTP API, "Collecting IP Address".
    fn place_on_the_net(&self, message: &mut Map<String, Value>) {
        let Some(ip) = self.ip else { return };
        let asked = |context: &Map<String, Value>| context.get("direct") == Some(&Value::Bool(true));
        match message.get_mut("context") {
            Some(Value::Object(context))
                if (self.is_page || asked(context)) && context.get("ip").is_none_or(Value::is_null) =>
            {
                context.insert("ip".to_owned(), ip.to_string().into());
            }
            None | Some(Value::Null) if self.is_page => {
                let context = Map::from_iter([("ip".to_owned(), ip.to_string().into())]);
                message.insert("context".to_owned(), context.into());
            }
            _ => {}
        }
    }
}

fn written(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn completed(mut message: Value, is_page: bool) -> Value {
        let received = "2024-01-15T10:00:00Z".parse().unwrap();
        let origin = Origin::new(received, Some([203, 0, 113, 7].into()), is_page);
        origin.complete(message.as_object_mut().unwrap());
        message
    }

    #[track_caller]
    fn times(message: Value, timestamp: &Value, original: &Value) {
        let message = completed(message, false);
        assert_eq!(
            (&message["timestamp"], &message["originalTimestamp"]),
            (timestamp, original)
        );
        assert_eq!(message["receivedAt"], "2024-01-15T10:00:00.000Z");
    }

    #[test]
    fn a_wrong_clock_is_corrected_by_when_it_says_that_it_sent() {
        times(
            json!({"timestamp": "2024-01-16T09:50:00Z", "sentAt": "2024-01-16T10:00:00Z"}),
            &json!("2024-01-15T09:50:00.000Z"),
            &json!("2024-01-16T09:50:00Z"),
        );
        times(
            json!({"originalTimestamp": "2024-01-16T09:50:00Z", "sentAt": "2024-01-16T10:00:00Z"}),
            &json!("2024-01-15T09:50:00.000Z"),
            &json!("2024-01-16T09:50:00Z"),
        );
    }

    #[test]
    fn history_keeps_its_time_and_the_present_has_none_of_its_own() {
        times(
            json!({"timestamp": "2014-10-12"}),
            &json!("2014-10-12T00:00:00.000Z"),
            &json!("2014-10-12"),
        );
        for now in [
            json!({}),
            json!({"timestamp": null}),
            json!({"sentAt": "2024-01-16T10:00:00Z"}),
        ] {
            times(now, &json!("2024-01-15T10:00:00.000Z"), &Value::Null);
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_to_others() {
        for unreadable in [json!("yesterday"), json!(1_424_730_535), json!({})] {
            times(
                json!({"timestamp": unreadable, "sentAt": "2024-01-16T10:00:00Z"}),
                &unreadable,
                &Value::Null,
            );
        }
    }

    #[test]
    fn the_address_is_filled_in_for_pages_and_for_who_asks() {
        let ip = |message, is_page| completed(message, is_page)["context"]["ip"].clone();
        assert_eq!(ip(json!({}), true), "203.0.113.7");
        assert_eq!(ip(json!({"context": {"ip": null}}), true), "203.0.113.7");
        assert_eq!(ip(json!({"context": {"direct": true}}), false), "203.0.113.7");
        assert_eq!(
            ip(json!({"context": {"ip": "0.0.0.0", "direct": true}}), true),
            "0.0.0.0"
        );
        for silent in [
            json!({}),
            json!({"context": {}}),
            json!({"context": {"direct": "true"}}),
        ] {
            assert_eq!(ip(silent, false), Value::Null);
        }
    }

    #[test]
    fn no_write_key_goes_on() {
        assert_eq!(completed(json!({"writeKey": "secret"}), false).get("writeKey"), None);
    }
}
