use std::fmt;

/// What keeps a message from being mapped: the codes of the errors of [`map()`](crate::map()).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MapErrorCode {
    /// A `timestamp` that can't be read as a time.
    TimestampInvalid,
    /// The name of a page or screen has no text form.
    NameNotString,
    /// The dialect has no request for calls of this type.
    UnsupportedEventType,
    /// The actions dialect needs a field that is missing or empty.
    FieldMissing,
    /// A field of the actions dialect is no text.
    FieldNotString,
    /// A field of the actions dialect is no object.
    FieldNotObject,
}

impl MapErrorCode {
    /// Every code.
    pub const ALL: [Self; 6] = [
        Self::TimestampInvalid,
        Self::NameNotString,
        Self::UnsupportedEventType,
        Self::FieldMissing,
        Self::FieldNotString,
        Self::FieldNotObject,
    ];

    /// The code as a [`MapError`](crate::MapError) has it: `timestamp_invalid`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TimestampInvalid => "timestamp_invalid",
            Self::NameNotString => "name_not_string",
            Self::UnsupportedEventType => "unsupported_event_type",
            Self::FieldMissing => "field_missing",
            Self::FieldNotString => "field_not_string",
            Self::FieldNotObject => "field_not_object",
        }
    }

    /// Whether it can happen to a message that [`filter`](crate::filter()) passes. A type without a request is skipped there.
    pub const fn follows_the_filter(self) -> bool {
        match self {
            Self::UnsupportedEventType => false,
            Self::TimestampInvalid
            | Self::NameNotString
            | Self::FieldMissing
            | Self::FieldNotString
            | Self::FieldNotObject => true,
        }
    }
}

impl fmt::Display for MapErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
