use serde_json::{Map, Value};

/// More fields than these are found sooner by their hash than by comparing names.
const FEW: usize = 16;

/// A field by its exact name.
pub(crate) fn get<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if object.len() > FEW {
        return object.get(name);
    }
    object.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// The same, to change it.
pub(super) fn get_mut<'a>(object: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Value> {
    if object.len() > FEW {
        return object.get_mut(name);
    }
    object
        .iter_mut()
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// A property by its exact key, else by a key that differs in letter case only.
///
/// Attribution's early ingest lower-cased all property keys (event-processor, 2015).
pub(crate) fn property<'a>(properties: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    get(properties, key).or_else(|| {
        properties
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    })
}

/// A [`property`] that is a string and not empty.
pub(crate) fn text_property<'a>(properties: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    property(properties, key)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{FEW, get, property, text_property};

    #[test]
    fn a_field_is_found_among_few_and_among_many() {
        for count in [0, 1, FEW, FEW + 1, 100] {
            let object = (0..count).map(|number| (number.to_string(), json!(number))).collect();
            for number in 0..=count {
                assert_eq!(get(&object, &number.to_string()), object.get(&number.to_string()));
            }
        }
    }

    #[test]
    fn the_exact_key_wins_over_one_in_another_case() {
        let properties = json!({ "URL": "/upper", "url": "/lower" });
        let properties = properties.as_object().unwrap();
        assert_eq!(property(properties, "url"), Some(&json!("/lower")));
        assert_eq!(
            property(properties, "Url"),
            Some(&json!("/upper")),
            "the first in order"
        );
    }

    #[test]
    fn a_text_property_is_neither_empty_nor_anything_else() {
        let properties = json!({ "Referrer": "https://a.example", "url": "", "name": 5 });
        let properties = properties.as_object().unwrap();
        assert_eq!(text_property(properties, "referrer"), Some("https://a.example"));
        assert_eq!(text_property(properties, "url"), None);
        assert_eq!(text_property(properties, "name"), None);
    }
}
