use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::ids::{AnonymousId, MessageId, UserId};
use crate::ingest;
use crate::kind::Kind;
use crate::rejection::Rejection;

/// A Segment message whose kind is known.
///
/// The message itself is kept as it came: every member, in its order, numbers with their own digits.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    kind: Kind,
    message: Map<String, Value>,
}

impl Event {
    /// Takes a message as Segment's ingest does.
    ///
    /// # Errors
    ///
    /// Everything for which Segment would refuse the message, at once and in the order of the fields in its
    /// specification. A `type` that is none of the six hides no other rejection that can be decided without it.
    pub fn ingest(message: Value) -> Result<Self, Vec<Rejection>> {
        let message = ingest::object(message)?;
        let kind = ingest::check(&message)?;
        Ok(Self { kind, message })
    }

    /// Takes a message without Segment's checks: only what must hold to know what it is.
    ///
    /// ```
    /// use segment_event::Event;
    /// use serde_json::json;
    ///
    /// let nobody = json!({"type": "track", "event": 7});
    /// assert_eq!(Event::ingest(nobody.clone()).unwrap_err().len(), 2);
    /// assert!(Event::unchecked(nobody).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// When the message is not an object, or its `type` is none of the six.
    pub fn unchecked(message: Value) -> Result<Self, Vec<Rejection>> {
        let message = ingest::object(message)?;
        let kind = ingest::kind(&message).map_err(|rejection| vec![rejection])?;
        Ok(Self { kind, message })
    }

    /// Which of the six calls the message is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The whole message, as it came.
    pub fn message(&self) -> &Map<String, Value> {
        &self.message
    }

    /// The whole message, as it came.
    pub fn into_message(self) -> Map<String, Value> {
        self.message
    }

    /// A member of the message, by its exact name; an explicit null is a value.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.message.get(key)
    }

    /// `userId`, or the legacy `to` of an alias, when it is a non-empty string.
    pub fn user_id(&self) -> Option<UserId> {
        let legacy = if self.kind == Kind::Alias {
            self.text("to")
        } else {
            None
        };
        self.text("userId").or(legacy).and_then(UserId::new)
    }

    /// `anonymousId` when it is a non-empty string.
    pub fn anonymous_id(&self) -> Option<AnonymousId> {
        self.text("anonymousId").and_then(AnonymousId::new)
    }

    /// `previousId`, or the legacy `from`, of an alias when it is a non-empty string. It may name a user or an
    /// anonymous visitor, so it has no type of its own.
    pub fn previous_id(&self) -> Option<&str> {
        if self.kind == Kind::Alias {
            self.text("previousId").or_else(|| self.text("from"))
        } else {
            None
        }
    }

    /// `messageId` when it is a non-empty string.
    pub fn message_id(&self) -> Option<MessageId> {
        self.text("messageId").and_then(MessageId::new)
    }

    /// `event`, the name of a track, when it is a non-empty string.
    pub fn event(&self) -> Option<&str> {
        self.text("event")
    }

    /// `name`, of a page or screen, when it is a non-empty string.
    pub fn name(&self) -> Option<&str> {
        self.text("name")
    }

    /// `category`, of a page or screen, when it is a non-empty string.
    pub fn category(&self) -> Option<&str> {
        self.text("category")
    }

    /// `properties` when it is an object.
    pub fn properties(&self) -> Option<&Map<String, Value>> {
        self.get("properties").and_then(Value::as_object)
    }

    /// `traits` when it is an object.
    pub fn traits(&self) -> Option<&Map<String, Value>> {
        self.get("traits").and_then(Value::as_object)
    }

    /// `context` when it is an object. The legacy `options` is not looked at.
    pub fn context(&self) -> Option<&Map<String, Value>> {
        self.get("context").and_then(Value::as_object)
    }

    /// The event with this `messageId`, unless it has one: Segment assigns an id to a message that comes without.
    ///
    /// An absent one is appended, a null or empty one is overwritten where it stands. One that is no string stays, for
    /// whoever reads it to refuse.
    ///
    /// ```
    /// use segment_event::{Event, MessageId};
    /// use serde_json::json;
    ///
    /// let id = MessageId::new("msg-0001").expect("not empty");
    /// let event = Event::unchecked(json!({"type": "page", "userId": "user-1"})).unwrap();
    /// assert_eq!(event.with_message_id(id.clone()).message_id(), Some(id));
    /// ```
    #[must_use]
    pub fn with_message_id(self, id: MessageId) -> Self {
        let lacking = match self.get("messageId") {
            None | Some(Value::Null) => true,
            Some(Value::String(given)) => given.is_empty(),
            Some(_) => false,
        };
        self.filled(lacking, "messageId", || id.into())
    }

    /// The event with this `timestamp`, unless it has one: Segment takes what comes without for happening now.
    ///
    /// It is written in UTC and cut to the millisecond. An absent one is appended, a null one is overwritten where it
    /// stands; anything else stays, readable or not.
    ///
    /// ```
    /// use segment_event::Event;
    /// use serde_json::json;
    ///
    /// let event = Event::unchecked(json!({"type": "page", "userId": "user-1"})).unwrap();
    /// let event = event.with_timestamp("2024-01-15T10:00:00.1239Z".parse()?);
    /// assert_eq!(event.get("timestamp"), Some(&json!("2024-01-15T10:00:00.123Z")));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn with_timestamp(self, timestamp: Timestamp) -> Self {
        let lacking = self.get("timestamp").is_none_or(Value::is_null);
        self.filled(lacking, "timestamp", || format!("{timestamp:.3}").into())
    }

    fn filled(mut self, lacking: bool, key: &str, value: impl FnOnce() -> Value) -> Self {
        if lacking {
            self.message.insert(key.to_owned(), value());
        }
        self
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(message: Value) -> Event {
        Event::unchecked(message).unwrap()
    }

    #[test]
    fn ids_are_read_where_they_are_non_empty_strings() {
        let given = event(json!({"type": "page", "userId": "u", "anonymousId": "a", "messageId": "m"}));
        assert_eq!(given.user_id(), UserId::new("u"));
        assert_eq!(given.anonymous_id(), AnonymousId::new("a"));
        assert_eq!(given.message_id(), MessageId::new("m"));
        let useless = event(json!({"type": "page", "userId": "", "anonymousId": 7, "messageId": null}));
        assert_eq!(
            (useless.user_id(), useless.anonymous_id(), useless.message_id()),
            (None, None, None)
        );
    }

    #[test]
    fn the_legacy_names_of_an_alias_stand_in_for_missing_ids() {
        let legacy = event(json!({"type": "alias", "from": "a", "to": "u", "userId": ""}));
        assert_eq!((legacy.previous_id(), legacy.user_id()), (Some("a"), UserId::new("u")));
        let both = event(json!({"type": "alias", "from": "a", "to": "u", "previousId": "b", "userId": "v"}));
        assert_eq!((both.previous_id(), both.user_id()), (Some("b"), UserId::new("v")));
    }

    #[test]
    fn what_is_legacy_in_an_alias_means_nothing_elsewhere() {
        let page = event(json!({"type": "page", "from": "a", "to": "u", "previousId": "b"}));
        assert_eq!((page.previous_id(), page.user_id()), (None, None));
    }

    #[test]
    fn texts_and_objects_of_another_type_are_not_there() {
        let given =
            event(json!({"type": "page", "name": "Pricing", "category": "Docs", "properties": {"a": 1}, "traits": {}}));
        assert_eq!(
            (given.name(), given.category(), given.event()),
            (Some("Pricing"), Some("Docs"), None)
        );
        assert_eq!(given.properties().map(Map::len), Some(1));
        let wrong = event(json!({"type": "track", "event": 7, "properties": [], "traits": "x", "context": null}));
        assert_eq!(
            (wrong.event(), wrong.properties(), wrong.traits(), wrong.context()),
            (None, None, None, None)
        );
        assert_eq!(wrong.get("context"), Some(&Value::Null));
    }

    /// The message of an event of `identify` with these members after its type, as text.
    fn filled(members: &str, fill: impl FnOnce(Event) -> Event) -> String {
        let message = format!(r#"{{"type":"identify",{members}}}"#);
        let filled = fill(event(serde_json::from_str(&message).unwrap()));
        let filled = serde_json::to_string(filled.message()).unwrap();
        filled
            .strip_prefix(r#"{"type":"identify","#)
            .and_then(|rest| rest.strip_suffix('}'))
            .unwrap()
            .to_owned()
    }

    #[test]
    fn a_message_id_is_given_to_what_has_none_and_everything_keeps_its_place() {
        let with_id = |members| filled(members, |event| event.with_message_id(MessageId::new("m-1").unwrap()));
        assert_eq!(with_id(r#""userId":"u""#), r#""userId":"u","messageId":"m-1""#);
        for lacking in [r#""messageId":null,"userId":"u""#, r#""messageId":"","userId":"u""#] {
            assert_eq!(with_id(lacking), r#""messageId":"m-1","userId":"u""#);
        }
        for given in [r#""messageId":"m-0","userId":"u""#, r#""messageId":7,"userId":"u""#] {
            assert_eq!(with_id(given), given);
        }
    }

    #[test]
    fn a_timestamp_is_given_to_what_has_none_and_everything_keeps_its_place() {
        let with_time = |members| {
            filled(members, |event| {
                event.with_timestamp("2024-01-15T12:00:00.9999+02:00".parse().unwrap())
            })
        };
        assert_eq!(
            with_time(r#""userId":"u""#),
            r#""userId":"u","timestamp":"2024-01-15T10:00:00.999Z""#
        );
        assert_eq!(
            with_time(r#""timestamp":null,"userId":"u""#),
            r#""timestamp":"2024-01-15T10:00:00.999Z","userId":"u""#
        );
        for given in [r#""timestamp":"","userId":"u""#, r#""timestamp":0,"userId":"u""#] {
            assert_eq!(with_time(given), given);
        }
    }
}
