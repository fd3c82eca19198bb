use serde_json::{Map, Value};

/// Deeper ones could be refused by the parser when they are unpacked: its own limit is 128.
const DEEPEST: usize = 100;

/// A JSON object that is kept until a projection shows it. As text it takes the room that it took on the wire, and as a
/// tree it would take forty times as much where its values are small.
#[derive(Clone, Debug)]
pub(super) struct Packed(Form);

#[derive(Clone, Debug)]
enum Form {
    Text(Box<str>),
    /// What the text couldn't be read back from.
    Tree(Map<String, Value>),
}

impl Packed {
    pub(super) fn new(object: Map<String, Value>) -> Self {
        let text = if object.values().all(|value| depth(value) < DEEPEST) {
            serde_json::to_string(&object).ok()
        } else {
            None
        };
        Self(text.map_or(Form::Tree(object), |text| Form::Text(text.into())))
    }

    /// The object as it was, digits and order of keys included.
    pub(super) fn unpack(&self) -> Map<String, Value> {
        match &self.0 {
            Form::Text(text) => serde_json::from_str(text).expect("what was just written can be read"),
            Form::Tree(object) => object.clone(),
        }
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::{Form, Packed};

    fn object(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_is_unpacked_is_what_was_packed_to_the_digit() {
        let text = r#"{"b":99.90,"a":[1e400,-0,"\u0000é",null,true],"c":{"z":{},"y":12345678901234567890123}}"#;
        let packed = Packed::new(object(text));
        assert!(matches!(packed.0, Form::Text(_)));
        // As text, because two objects are equal whatever the order of their keys.
        let written = |object| serde_json::to_string(&object).unwrap();
        assert_eq!(written(packed.unpack()), written(object(text)));
    }

    #[test]
    fn what_is_nested_as_deep_as_the_parser_goes_and_deeper_is_kept() {
        let nested = |depth: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        for depth in [98, 99, 100, 101, 126] {
            assert_eq!(Packed::new(object(&nested(depth))).unpack(), object(&nested(depth)));
        }
        let deeper = (0..300).fold(Value::Null, |value, _| Value::Array(vec![value]));
        let deeper = Map::from_iter([("a".to_owned(), deeper)]);
        assert_eq!(Packed::new(deeper.clone()).unpack(), deeper);
    }
}
