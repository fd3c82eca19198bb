use json_tree::{Object, Value};

/// A property by its exact key, else by a key that differs in letter case only.
///
/// Attribution's early ingest lower-cased all property keys (event-processor, 2015).
pub(crate) fn property<'a>(properties: &'a Object<'a>, key: &str) -> Option<&'a Value<'a>> {
    properties.get(key).or_else(|| {
        properties
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    })
}

/// A [`property`] that is a string and not empty.
pub(crate) fn text_property<'a>(properties: &'a Object<'a>, key: &str) -> Option<&'a str> {
    property(properties, key)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use json_tree::{Object, Value};

    use super::{property, text_property};

    fn properties(members: &[(&'static str, &'static str)]) -> Object<'static> {
        let members = members.iter();
        members
            .map(|&(key, text)| (key.into(), Value::String(text.into())))
            .collect()
    }

    #[test]
    fn the_exact_key_wins_over_one_in_another_case() {
        let properties = properties(&[("URL", "/upper"), ("url", "/lower")]);
        let text = |key| property(&properties, key).and_then(Value::as_str);
        assert_eq!(text("url"), Some("/lower"));
        assert_eq!(text("Url"), Some("/upper"), "the first in order");
    }

    #[test]
    fn a_text_property_is_neither_empty_nor_anything_else() {
        let mut properties = properties(&[("Referrer", "https://a.example"), ("url", "")]);
        properties.insert("name", Value::Bool(true));
        assert_eq!(text_property(&properties, "referrer"), Some("https://a.example"));
        assert_eq!(text_property(&properties, "url"), None);
        assert_eq!(text_property(&properties, "name"), None);
    }
}
