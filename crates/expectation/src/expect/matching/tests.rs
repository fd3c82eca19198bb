use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{row, value};
use crate::expect::{Pattern, PatternKind, Section};
use crate::read::testing::{good, pattern, row as row_pattern};
use crate::source::Span;

fn reads(text: &str) -> Pattern {
    good(text, pattern).expect("a pattern without mistakes")
}

fn matches(text: &str, actual: &Value) -> bool {
    value(&reads(text), Some(actual)).is_empty()
}

fn pointers(text: &str, actual: &Value) -> Vec<String> {
    value(&reads(text), Some(actual))
        .into_iter()
        .map(|difference| difference.pointer)
        .collect()
}

#[test]
fn numbers_match_by_value() {
    assert!(matches("99.9", &serde_json::from_str("99.90").unwrap()));
    assert!(matches("[1, 2.0]", &json!([1.0, 2])));
    assert!(!matches("99.9", &json!("99.9")));
    assert!(!matches(
        "12345678901234567890123",
        &serde_json::from_str("12345678901234567890124").unwrap()
    ));
}

#[test]
fn strings_match_as_text_or_as_the_same_moment() {
    assert!(matches(r#""2024-01-15T10:00:00Z""#, &json!("2024-01-15T10:00:00.000Z")));
    assert!(matches(
        r#""2024-01-15T10:00:00Z""#,
        &json!("2024-01-15T11:00:00+01:00")
    ));
    assert!(!matches(r#""2024-01-15T10:00:00Z""#, &json!("2024-01-15T10:00:01Z")));
    assert!(!matches(r#""a""#, &json!("A")));
}

#[test]
fn a_mapping_is_partial_at_any_depth() {
    let actual = json!({"a": {"b": [{"c": 1, "d": 2}], "e": 3}, "f": 4});
    assert!(matches(r#"{"a": {"b": [{"c": 1}]}}"#, &actual));
    assert!(matches("{}", &actual));
    assert!(!matches(r#"{"a": {"b": []}}"#, &actual));
    assert!(!matches("{}", &json!([])));
}

#[test]
fn differences_name_the_deepest_place() {
    let actual = json!({"a": {"b": [1, 2]}, "c/d": "x", "e": "y"});
    assert_eq!(
        pointers(r#"{"a": {"b": [1, 3]}, "c/d": "z", "e": "y", "g": 1}"#, &actual),
        ["/a/b/1", "/c~1d", "/g"]
    );
    assert_eq!(pointers(r#"{"a": {"b": [1]}}"#, &actual), ["/a/b"]);
    assert_eq!(pointers("5", &actual), [""]);
}

#[test]
fn null_is_what_is_not_there() {
    for text in [
        r#"{"a": null}"#,
        r#"{"a": {"$absent": true}}"#,
        r#"{"a": {"$not": {"$any": true}}}"#,
    ] {
        assert!(
            matches(text, &json!({})) && matches(text, &json!({"a": null})),
            "{text}"
        );
        assert!(!matches(text, &json!({"a": 0})), "{text}");
    }
}

#[test]
fn regexes_are_found_in_strings_only() {
    assert!(matches(
        r#"{"$regex": "utm_"}"#,
        &json!("https://a.example/?utm_source=b")
    ));
    assert!(!matches(
        r#"{"$regex": "^utm_"}"#,
        &json!("https://a.example/?utm_source=b")
    ));
    assert!(!matches(r#"{"$regex": "5"}"#, &json!(5)));
}

#[test]
fn ranges_hold_for_numbers_and_moments() {
    assert!(matches(r#"{"$gte": 2, "$lt": 3}"#, &json!(2)));
    assert!(!matches(r#"{"$gt": 2}"#, &json!(2.0)));
    assert!(matches(
        r#"{"$lte": "2024-01-15T10:00:00Z"}"#,
        &json!("2024-01-15T11:00:00+01:00")
    ));
    assert!(!matches(r#"{"$lte": 5}"#, &json!("4")));
}

#[test]
fn approximations_have_a_distance() {
    assert!(matches(r#"{"$approx": 99.9}"#, &json!(99.905)));
    assert!(!matches(r#"{"$approx": 99.9}"#, &json!(99.92)));
    assert!(matches(r#"{"$approx": {"value": 100, "within": 5}}"#, &json!(95)));
}

#[test]
fn operators_combine() {
    assert!(matches(
        r#"{"$in": ["google", {"$regex": "bing"}]}"#,
        &json!("www.bing")
    ));
    assert!(matches(r#"{"$not": {"$in": ["google", "bing"]}}"#, &json!("duck")));
    assert!(matches(r#"{"source": {"$not": "google"}}"#, &json!({})));
    assert!(!matches(r#"{"$exactly": {"a": 1}}"#, &json!({"a": 1, "b": null})));
    assert!(matches(
        r#"{"$exactly": {"b": [1], "a": 1.0}}"#,
        &json!({"a": 1, "b": [1]})
    ));
}

#[test]
fn a_visitor_is_whoever_owns_the_id() {
    let resolve = |id: &str| matches!(id, "anon-1" | "user-1" | "customer-1").then(|| "customer-1".to_owned());
    let differs = |text: &str, actual: &Value| {
        let pattern = good(text, |node, sink| row_pattern(Section::Conversions, node, sink)).unwrap();
        !row(&pattern, actual, &resolve).is_empty()
    };
    let actual = json!({"visitor": "customer-1", "properties": {"visitor": "customer-1"}});
    assert!(!differs(r#"{"visitor": "anon-1"}"#, &actual));
    assert!(!differs(r#"{"visitor": {"$in": ["nobody", "user-1"]}}"#, &actual));
    assert!(differs(r#"{"visitor": {"$not": "anon-1"}}"#, &actual));
    assert!(differs(r#"{"visitor": "nobody"}"#, &actual));
    assert!(
        differs(r#"{"properties": {"visitor": "anon-1"}}"#, &actual),
        "only the row's own visitor is one"
    );
    assert!(
        !differs(r#"{"visitor": "stranger"}"#, &json!({"visitor": "stranger"})),
        "an unknown id is its own"
    );
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e6..1e6_f64).prop_map(Value::from),
        "[a-z0-9:TZ$-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-d/~]{1,2}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The pattern that says what a value is, with every field at every depth that `keep` lets stay.
fn pattern_of(value: &Value, keep: &mut impl FnMut() -> bool) -> Pattern {
    let kind = match value {
        Value::Object(fields) => {
            let mut kept = Vec::new();
            for (key, value) in fields {
                if keep() {
                    kept.push((key.clone(), pattern_of(value, keep)));
                }
            }
            PatternKind::Partial(kept)
        }
        Value::Array(items) => PatternKind::Items(items.iter().map(|item| pattern_of(item, keep)).collect()),
        scalar => PatternKind::Literal(scalar.clone()),
    };
    Pattern {
        at: Span::default(),
        kind,
    }
}

fn of(kind: PatternKind) -> Pattern {
    Pattern {
        at: Span::default(),
        kind,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_value_matches_itself_exactly(actual in json_value()) {
        prop_assert_eq!(value(&of(PatternKind::Exactly(actual.clone())), Some(&actual)), []);
    }

    #[test]
    fn a_pattern_with_fields_removed_still_matches(actual in json_value(), seed: u64) {
        let mut bits = seed;
        let mut keep = || {
            bits = bits.rotate_left(1);
            bits & 1 == 1
        };
        prop_assert_eq!(value(&pattern_of(&actual, &mut keep), Some(&actual)), []);
    }

    #[test]
    fn any_matches_whatever_is_there_and_absent_the_rest(actual in json_value()) {
        prop_assert_eq!(value(&of(PatternKind::Any), Some(&actual)).is_empty(), !actual.is_null());
        prop_assert_eq!(value(&of(PatternKind::Absent), Some(&actual)).is_empty(), actual.is_null());
    }

    #[test]
    fn not_is_the_opposite(pattern in json_value(), actual in json_value()) {
        let plain = pattern_of(&pattern, &mut || true);
        let opposite = of(PatternKind::Not(Box::new(plain.clone())));
        prop_assert_ne!(value(&plain, Some(&actual)).is_empty(), value(&opposite, Some(&actual)).is_empty());
    }

    #[test]
    fn two_values_match_each_other_exactly_or_not(left in json_value(), right in json_value()) {
        let one = value(&of(PatternKind::Exactly(left.clone())), Some(&right)).is_empty();
        let other = value(&of(PatternKind::Exactly(right)), Some(&left)).is_empty();
        prop_assert_eq!(one, other);
    }
}
