use std::borrow::Cow;

use json_tree::{Number, Object, Value};

/// What stands in the place of an id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum IdField<'a> {
    /// The key is not there.
    Absent,
    /// An explicit null.
    Null,
    /// The empty string: nobody.
    Empty,
    /// An id.
    Text(&'a str),
    /// An id that its sender did not quote. The digits count as written.
    Number(&'a Number<'a>),
    /// Nothing that could be an id.
    Other(&'a Value<'a>),
}

impl<'a> IdField<'a> {
    /// What `key` holds.
    pub(crate) fn of(body: &'a Object<'a>, key: &str) -> Self {
        match body.get(key) {
            None => Self::Absent,
            Some(Value::Null) => Self::Null,
            Some(Value::String(text)) if text.is_empty() => Self::Empty,
            Some(Value::String(text)) => Self::Text(text),
            Some(Value::Number(number)) => Self::Number(number),
            Some(other) => Self::Other(other),
        }
    }

    /// The id, where there is one.
    pub(crate) fn usable(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Number(number) => Some(Cow::Borrowed(number.as_str())),
            Self::Absent | Self::Null | Self::Empty | Self::Other(_) => None,
        }
    }

    /// Whether nobody is named here: not even by something that can't be an id.
    pub(crate) fn is_blank(self) -> bool {
        matches!(self, Self::Absent | Self::Null | Self::Empty)
    }
}
