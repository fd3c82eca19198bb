//! What the unit tests here share.

use json_tree::{Object, Value};

/// An object as it is written in Rust.
pub(crate) fn object(json: serde_json::Value) -> Object<'static> {
    match Value::from(json) {
        Value::Object(object) => object,
        other => panic!("{other} is not an object"),
    }
}
