use json_tree::{Object, Value};

/// A request body as far as JSON goes.
#[derive(Debug)]
pub(crate) enum Body<'a> {
    /// What every dialect sends.
    Object(Object<'a>),
    /// JSON, but not an object.
    Other(Value<'a>),
    /// Not JSON at all.
    Unreadable(serde_json::Error),
}

impl<'a> Body<'a> {
    /// Reads the bytes; any bytes will do.
    pub(crate) fn parse(bytes: &'a [u8]) -> Self {
        match json_tree::read(bytes) {
            Ok(Value::Object(object)) => Self::Object(object),
            Ok(other) => Self::Other(other),
            Err(error) => Self::Unreadable(error),
        }
    }
}
