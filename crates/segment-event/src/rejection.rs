use std::fmt;

use serde::{Serialize, Serializer};

/// One reason for which Segment's ingest refuses a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// The reason, for programs.
    pub code: RejectionCode,
    /// The JSON pointer of the field: where it is, or where it should be.
    pub pointer: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Rejection {
    pub(crate) fn new(code: RejectionCode, pointer: &str, message: String) -> Self {
        Self {
            code,
            pointer: pointer.to_owned(),
            message,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:?}: {}", self.code, self.pointer, self.message)
    }
}

impl std::error::Error for Rejection {}

/// The codes of [`Rejection`], most of them as Segment's Delivery Overview lists them under "Failed on ingest".
///
/// `type_invalid` (there `missing_type` and `invalid_type`) and `timestamp_invalid` (not there) are this workspace's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RejectionCode {
    /// The message is not an object, or a field without a code of its own has the wrong type.
    BadRequest,
    /// `type` is missing or none of the six, lower case.
    TypeInvalid,
    /// Neither `userId` nor `anonymousId` is given.
    NoUserAnonId,
    /// An id is given but is empty or not a string.
    IdNotString,
    /// The id that this kind of message can't do without is missing: `userId` of an alias, `groupId` of a group.
    IdRequired,
    /// A track has no event name: `event` is missing, null or empty.
    EventNotDefined,
    /// A track's `event` is not a string.
    EventNotString,
    /// The `name` of a page or screen is empty or not a string.
    NameNotString,
    /// The `category` of a page or screen is empty or not a string.
    CategoryNotString,
    /// `properties` is not an object.
    PropertiesNotObject,
    /// `traits` is not an object.
    TraitsNotObject,
    /// `timestamp` is neither a string nor a number.
    TimestampInvalid,
}

impl RejectionCode {
    /// Every code.
    pub const ALL: [Self; 12] = [
        Self::BadRequest,
        Self::TypeInvalid,
        Self::NoUserAnonId,
        Self::IdNotString,
        Self::IdRequired,
        Self::EventNotDefined,
        Self::EventNotString,
        Self::NameNotString,
        Self::CategoryNotString,
        Self::PropertiesNotObject,
        Self::TraitsNotObject,
        Self::TimestampInvalid,
    ];

    /// The code as it is written: `no_user_anon_id`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::TypeInvalid => "type_invalid",
            Self::NoUserAnonId => "no_user_anon_id",
            Self::IdNotString => "id_not_string",
            Self::IdRequired => "id_required",
            Self::EventNotDefined => "event_not_defined",
            Self::EventNotString => "event_not_string",
            Self::NameNotString => "name_not_string",
            Self::CategoryNotString => "category_not_string",
            Self::PropertiesNotObject => "properties_not_object",
            Self::TraitsNotObject => "traits_not_object",
            Self::TimestampInvalid => "timestamp_invalid",
        }
    }
}

impl fmt::Display for RejectionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for RejectionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_is_written_as_code_pointer_and_message() {
        let rejection = Rejection::new(RejectionCode::EventNotString, "/event", "write a name".to_owned());
        let written = serde_json::to_string(&rejection).unwrap();
        assert_eq!(
            written,
            r#"{"code":"event_not_string","pointer":"/event","message":"write a name"}"#
        );
        assert_eq!(rejection.to_string(), r#"event_not_string at "/event": write a name"#);
    }

    #[test]
    fn no_two_codes_are_written_alike() {
        let mut written = RejectionCode::ALL.map(RejectionCode::as_str).to_vec();
        written.sort_unstable();
        written.dedup();
        assert_eq!(written.len(), RejectionCode::ALL.len());
    }
}
