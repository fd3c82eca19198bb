use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use json_tree::{Object, Value};

/// A JSON object that is kept until a projection shows it: the piece of the request's body in which it stands. It takes no
/// room of its own, where a tree would take forty times as much where its values are small.
#[derive(Clone)]
pub(crate) struct Packed {
    text: Arc<[u8]>,
    /// Empty where there is nothing in the object.
    place: Range<usize>,
}

impl Packed {
    /// Keeps an object that was read of this body. One whose place isn't known is written anew.
    pub(crate) fn new(body: &Arc<[u8]>, object: &Object<'_>) -> Self {
        let (text, place) = match object.place() {
            Some(place) => (Arc::clone(body), place),
            None if object.is_empty() => (Arc::clone(body), 0..0),
            None => {
                let text = object.to_string();
                (text.as_bytes().into(), 0..text.len())
            }
        };
        Self { text, place }
    }

    /// The object as it was, digits and order of keys included.
    pub(super) fn unpack(&self) -> Object<'_> {
        match json_tree::read(self.bytes()) {
            Ok(Value::Object(object)) => object,
            _ => Object::new(),
        }
    }

    fn bytes(&self) -> &[u8] {
        self.text.get(self.place.clone()).unwrap_or_default()
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(self.bytes()).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use json_tree::Value;
    use proptest::prelude::*;

    use super::Packed;

    /// The properties of a body, kept and shown, and whether they took room of their own.
    fn unpacked(body: &str) -> (String, bool) {
        let kept: Arc<[u8]> = body.as_bytes().into();
        let read = json_tree::read(body.as_bytes()).unwrap();
        let properties = read.get("properties").and_then(Value::as_object).cloned();
        let packed = Packed::new(&kept, &properties.unwrap_or_default());
        (packed.unpack().to_string(), !Arc::ptr_eq(&packed.text, &kept))
    }

    #[test]
    fn what_is_unpacked_is_what_was_received_to_the_digit() {
        let object = r#"{"b":99.90,"a":[1e+400,-0,"\u0000é",null,true],"c":{"z":{},"y":12345678901234567890123}}"#;
        let body = format!(r#"{{"event":"x","properties":{object}}}"#);
        assert_eq!(unpacked(&body), (object.to_owned(), false));
    }

    #[test]
    fn nothing_is_unpacked_as_nothing() {
        for body in ["{}", r#"{"properties":{}}"#, r#"{"properties":[]}"#] {
            assert_eq!(unpacked(body), ("{}".to_owned(), false));
        }
    }

    #[test]
    fn what_stands_in_an_odd_text_is_kept_as_well() {
        for object in [
            r#"{"a":{"$serde_json::private::Number":"1"},"$serde_json::private::Number":{"b":1}}"#.to_owned(),
            format!(r#"{{"a":{}{}}}"#, "[".repeat(125), "]".repeat(125)),
        ] {
            let body = format!(r#"{{"propert\u0069es":{object}}}"#);
            assert_eq!(unpacked(&body), (object, true));
        }
    }

    proptest! {
        #[test]
        fn an_object_is_kept_wherever_it_stands(
            before in any::<String>(),
            properties in prop::collection::vec((any::<String>(), any::<String>()), 0..5),
        ) {
            let properties: serde_json::Map<_, _> = properties.into_iter().map(|(key, text)| (key, text.into())).collect();
            let properties = serde_json::Value::from(properties);
            let body = serde_json::json!({ "event": before, "properties": properties, "type": "track" });
            prop_assert_eq!(unpacked(&body.to_string()), (properties.to_string(), false));
        }
    }
}
