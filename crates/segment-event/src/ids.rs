use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// An id is a non-empty string; what is empty or no string identifies nobody.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub struct $name(String);

        impl $name {
            /// The id, unless the text is empty.
            pub fn new(text: impl Into<String>) -> Option<Self> {
                Some(text.into()).filter(|text| !text.is_empty()).map(Self)
            }

            /// The id as the message spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for Value {
            fn from(id: $name) -> Self {
                Self::String(id.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

id! {
    /// `userId`: who someone is in the customer's own database.
    UserId
}
id! {
    /// `anonymousId`: a stand-in for someone whose `userId` is not known yet.
    AnonymousId
}
id! {
    /// `messageId`: the key by which Segment drops a message that it has already seen.
    MessageId
}

impl MessageId {
    /// The id that stands in for the one Segment would assign to the message of this number, where a run is to be the same
    /// every time.
    ///
    /// ```
    /// assert_eq!(segment_event::MessageId::numbered(7).as_str(), "msg-0007");
    /// ```
    pub fn numbered(number: u64) -> Self {
        Self(format!("msg-{number:04}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_is_no_id() {
        assert_eq!(UserId::new(""), None);
        assert_eq!(UserId::new(" ").unwrap().as_str(), " ");
    }

    #[test]
    fn an_id_is_written_as_it_was_given() {
        let id = AnonymousId::new("anon-1").unwrap();
        assert_eq!(id.to_string(), "anon-1");
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"anon-1\"");
    }
}
