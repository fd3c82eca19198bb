use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::span;

/// A JSON object that is kept until a projection shows it: the piece of the request's body in which it stands. It takes no
/// room of its own, where a tree would take forty times as much where its values are small.
#[derive(Clone)]
pub(crate) struct Packed {
    body: Arc<[u8]>,
    /// Empty where there is no such object.
    place: Range<usize>,
}

impl Packed {
    /// The object as it was, digits and order of keys included.
    pub(super) fn unpack(&self) -> Map<String, Value> {
        match json_value::from_slice(&self.body[self.place.clone()]) {
            Ok(Value::Object(object)) => object,
            _ => Map::new(),
        }
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(&self.body[self.place.clone()]).fmt(f)
    }
}

/// A body that was read, and where its messages stand.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    body: &'a Arc<[u8]>,
    batch: Vec<Range<usize>>,
}

impl<'a> Places<'a> {
    /// Of a batch every message is looked for at once.
    pub(crate) fn new(body: &'a Arc<[u8]>, is_batch: bool) -> Self {
        let batch = if is_batch {
            let place = span::member(body, 0..body.len(), "batch");
            place.map_or_else(Vec::new, |place| span::elements(body, place))
        } else {
            Vec::new()
        };
        Self { body, batch }
    }

    /// The object in this field of a message, as far as there is one.
    pub(crate) fn pack(&self, index: Option<usize>, field: &str) -> Packed {
        let message = match index {
            None => Some(0..self.body.len()),
            Some(index) => self.batch.get(index).cloned(),
        };
        let place = message.and_then(|message| span::member(self.body, message, field));
        Packed {
            body: Arc::clone(self.body),
            place: place.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::Places;

    fn unpacked(body: &str, index: Option<usize>) -> String {
        let body = body.as_bytes().into();
        let object = Places::new(&body, index.is_some()).pack(index, "properties").unpack();
        // As text, because two objects are equal whatever the order of their keys.
        serde_json::to_string(&object).unwrap()
    }

    #[test]
    fn what_is_unpacked_is_what_was_received_to_the_digit() {
        let object = r#"{"b":99.90,"a":[1e+400,-0,"\u0000é",null,true],"c":{"z":{},"y":12345678901234567890123}}"#;
        assert_eq!(
            unpacked(&format!(r#"{{"event":"x","properties":{object}}}"#), None),
            object
        );
        let batch = format!(r#"{{"batch":[1,{{"properties":{{}}}},{{"a":"]","properties":{object}}}]}}"#);
        assert_eq!(unpacked(&batch, Some(2)), object);
        for index in [0, 1, 3] {
            assert_eq!(unpacked(&batch, Some(index)), "{}");
        }
    }

    #[test]
    fn of_a_field_that_stands_twice_the_last_counts_however_its_name_is_written() {
        assert_eq!(
            unpacked(
                r#" { "properties" : {"a":1} , "propert\u0069es":{"b":2} , "x\\":"properties" } "#,
                None
            ),
            r#"{"b":2}"#
        );
        assert_eq!(unpacked(r#"{"properties":{"a":1},"properties":[]}"#, None), "{}");
    }

    #[test]
    fn no_key_makes_a_number_of_an_object() {
        let object = r#"{"a":{"$serde_json::private::Number":"1"},"$serde_json::private::Number":{"b":1}}"#;
        assert_eq!(unpacked(&format!(r#"{{"properties":{object}}}"#), None), object);
        let object = r#"{"$serde_json::private::Number":""}"#;
        assert_eq!(unpacked(&format!(r#"{{"properties":{object}}}"#), None), object);
    }

    #[test]
    fn what_is_nested_as_deep_as_the_parser_goes_is_kept() {
        let object = format!(r#"{{"a":{}{}}}"#, "[".repeat(125), "]".repeat(125));
        assert_eq!(unpacked(&format!(r#"{{"properties":{object}}}"#), None), object);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let names = vec!["properties", "batch", "$serde_json::private::Number"];
            let key = prop_oneof![any::<String>(), prop::sample::select(names).prop_map(str::to_owned)];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((key, inner), 0..4).prop_map(|all| Value::Object(all.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn an_object_is_found_where_a_parser_finds_it(
            properties in any_json(),
            others in prop::collection::vec((any::<String>(), any_json()), 0..4),
            pretty in any::<bool>(),
        ) {
            let mut body: Map<String, Value> = others.into_iter().collect();
            body.insert("properties".to_owned(), properties.clone());
            let write = if pretty { serde_json::to_string_pretty } else { serde_json::to_string };
            let text = write(&body).unwrap();
            let expected = properties.as_object().cloned().unwrap_or_default();
            prop_assert_eq!(unpacked(&text, None), serde_json::to_string(&expected).unwrap());
            let batch = format!(r#"{{"x":"{{","batch":[{text}, 5 ,{text}]}}"#);
            prop_assert_eq!(unpacked(&batch, Some(2)), serde_json::to_string(&expected).unwrap());
        }

        #[test]
        fn no_bytes_make_it_panic(body in any::<Vec<u8>>(), index in prop::option::of(0..2_usize)) {
            let body = body.into();
            Places::new(&body, index.is_some()).pack(index, "properties").unpack();
        }
    }
}
