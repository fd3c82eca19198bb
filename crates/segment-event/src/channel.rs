//! `channel`: where a message says that it comes from.
//!
//! Segment's specification lists `server`, `browser` and `mobile`; the framework of its classic destinations knows
//! `server`, `mobile` and `client`; SDKs write `web` or nothing as often. No channel stops a delivery.

use serde_json::{Map, Value};

/// The channels that some public SDK or document uses.
pub const KNOWN: [&str; 5] = ["server", "mobile", "client", "browser", "web"];

/// The message's `channel` when it is given and none of the [`KNOWN`]: most likely a mistake of the sender.
///
/// ```
/// use segment_event::channel;
/// use serde_json::{Map, Value, json};
///
/// let message = Map::from_iter([("channel".to_owned(), json!("iphone"))]);
/// assert_eq!(channel::unknown(&message), Some(&Value::from("iphone")));
/// assert_eq!(channel::unknown(&Map::new()), None);
/// ```
pub fn unknown(message: &Map<String, Value>) -> Option<&Value> {
    let given = message.get("channel").filter(|channel| !channel.is_null())?;
    let known = given.as_str().is_some_and(|channel| KNOWN.contains(&channel));
    (!known).then_some(given)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with_channel(channel: Value) -> Map<String, Value> {
        Map::from_iter([("channel".to_owned(), channel)])
    }

    #[test]
    fn the_channels_of_public_sdks_are_known() {
        for channel in KNOWN {
            assert_eq!(unknown(&with_channel(json!(channel))), None, "{channel}");
        }
        assert_eq!(unknown(&with_channel(Value::Null)), None);
    }

    #[test]
    fn another_case_or_another_type_is_unknown() {
        for channel in [json!("Server"), json!(""), json!(7), json!(["web"])] {
            assert_eq!(unknown(&with_channel(channel.clone())), Some(&channel));
        }
    }
}
