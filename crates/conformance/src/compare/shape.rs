use serde_json::Value;

use super::Difference;

/// The target may be any server, so no more than so many differences are listed.
const MOST: usize = 10;

/// Where two JSON values are of different kinds, or have other members. Of lists, the first items are compared.
pub(super) fn compare(double: &Value, target: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(double, target, "", &mut found);
    found.truncate(MOST);
    found
}

fn walk(double: &Value, target: &Value, pointer: &str, found: &mut Vec<Difference>) {
    match (double, target) {
        (Value::Object(own), Value::Object(other)) => {
            for (name, value) in own {
                let pointer = below(pointer, name);
                match other.get(name) {
                    Some(target) => walk(value, target, &pointer, found),
                    None => found.push(shape(pointer, kind(value), "nothing")),
                }
            }
            let more = other.iter().filter(|(name, _)| !own.contains_key(*name));
            found.extend(more.map(|(name, value)| shape(below(pointer, name), "nothing", kind(value))));
        }
        (Value::Array(own), Value::Array(other)) => {
            if let (Some(own), Some(other)) = (own.first(), other.first()) {
                walk(own, other, &below(pointer, "0"), found);
            }
        }
        _ if kind(double) == kind(target) => {}
        _ => found.push(shape(pointer.to_owned(), kind(double), kind(target))),
    }
}

fn shape(pointer: String, double: &'static str, target: &'static str) -> Difference {
    Difference::Shape {
        pointer,
        double,
        target,
    }
}

fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_may_differ_and_kinds_and_members_may_not() {
        let double = json!({"a": 1, "b": {"c/d": "x"}, "list": [{"e": null}], "only": true});
        let same = json!({"only": false, "list": [{"e": null}, 7], "b": {"c/d": ""}, "a": 2.5});
        assert_eq!(compare(&double, &same), []);
        let other = json!({"a": "1", "b": {"c/d": [], "more": 1}, "list": [{"e": {}}]});
        let expected = [
            ("/a", "a number", "a string"),
            ("/b/c~1d", "a string", "a list"),
            ("/b/more", "nothing", "a number"),
            ("/list/0/e", "null", "an object"),
            ("/only", "a truth value", "nothing"),
        ];
        assert_eq!(
            compare(&double, &other),
            expected.map(|(pointer, double, target)| shape(pointer.to_owned(), double, target))
        );
        assert_eq!(compare(&json!([]), &json!([1])), []);
        assert_eq!(
            compare(&json!([]), &json!({})),
            [shape(String::new(), "a list", "an object")]
        );
    }

    #[test]
    fn a_list_of_differences_has_an_end() {
        let many: Value = (0..100).map(|n| (n.to_string(), Value::Null)).collect();
        assert_eq!(compare(&json!({}), &many).len(), MOST);
    }
}
