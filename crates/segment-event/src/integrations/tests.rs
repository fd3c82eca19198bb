use serde_json::{Map, Value};

use super::{Enablement, NearMiss, enablement, near_misses};

const NAME: &str = "Attribution";

/// A message with these members, each written as JSON; an empty text leaves the member out.
fn message(integrations: &str, legacy_field: &str, legacy: &str) -> Map<String, Value> {
    let given = [("integrations", integrations), (legacy_field, legacy)];
    let given = given.into_iter().filter(|(_, text)| !text.is_empty());
    given
        .map(|(name, text)| (name.to_owned(), serde_json::from_str(text).unwrap()))
        .collect()
}

/// The classic dialect's truth table: the integrations, the context (or `options`), and whether the message is sent.
const TRUTH_TABLE: &[(&str, &str, bool)] = &[
    ("", "", true),
    ("{}", "", true),
    ("null", "", true),
    (r#"{"Attribution": true}"#, "", true),
    (r#"{"Attribution": {}}"#, "", true),
    (r#"{"Attribution": null}"#, "", true),
    (r#"{"Attribution": "false"}"#, "", true),
    (r#"{"Attribution": false}"#, "", false),
    (r#"{"All": false}"#, "", false),
    (r#"{"all": false}"#, "", false),
    (r#"{"ALL": false}"#, "", false),
    (r#"{"All": true, "Attribution": false}"#, "", false),
    (r#"{"attribution": false}"#, "", true),
    (r#"{"Attribution ": false}"#, "", true),
    (r#"{"Attribution (Actions)": false}"#, "", true),
    (r#"{"All": "false"}"#, "", true),
    (r#"{"All": 0}"#, "", true),
    (r#"{"All": null, "all": false}"#, "", true),
    (r#"{"All": false, "Attribution": true}"#, "", true),
    (r#"{"All": false, "Attribution": {}}"#, "", true),
    (r#"{"All": false, "Attribution": null}"#, "", true),
    (r#"{"All": false, "attribution": true}"#, "", false),
    ("", r#"{"Attribution": false}"#, false),
    ("", r#"{"all": false}"#, false),
    ("", r#"{"providers": {"Attribution": false}}"#, false),
    ("{}", r#"{"Attribution": false}"#, true),
    (r#"{"All": true}"#, r#"{"All": false}"#, false),
    (r#"{"All": false}"#, r#"{"all": true}"#, true),
    (r#"{"Attribution": true}"#, r#"{"all": false}"#, true),
];

/// What the table's text says beyond its rows: loose look-ups, truthiness, what counts as given.
const FINE_PRINT: &[(&str, &str, bool)] = &[
    (r#"{"A-l l!": false}"#, "", false),
    (r#"{"Äll": false}"#, "", true),
    (r#"{"all.x": false}"#, "", true),
    (r#"{"providers.all": false}"#, "", true),
    (r#"{"Attribution": 0}"#, "", true),
    (r#"{"Attribution": ""}"#, "", true),
    (r#"{"All": false, "Attribution": {"enabled": false}}"#, "", true),
    (r#"{"providers": {"Attribution": false}}"#, "", false),
    (r#"{"providers": {"Attribution": 0.0}}"#, "", false),
    (r#"{"providers": {"Attribution": null}}"#, "", false),
    (r#"{"providers": {"Attribution": "false"}}"#, "", true),
    (r#"{"Providers": {"Attribution": false}}"#, "", true),
    (r#"{"All": false, "providers": {"Attribution": 1}}"#, "", true),
    (
        r#"{"Attribution": true, "providers": {"Attribution": false}}"#,
        "",
        true,
    ),
    ("", r#"{"providers.all": false}"#, false),
    ("", r#"{"Pro-viders": {"ALL": false}}"#, false),
    ("", r#"{"providers.": {"all": false}}"#, true),
    ("", r#"{"Providers": {}, "providers": {"all": false}}"#, true),
    ("", r#"{"Providers": null, "providers": {"all": false}}"#, true),
    ("", r#"{"providers": {"all": true}, "all": false}"#, true),
    ("", r#"{"providers": {"all": null}, "all": false}"#, false),
    ("", r#"{"providers": {"x": 1}, "Attribution": false}"#, true),
    ("", r#"{"providers": 0, "Attribution": false}"#, false),
    ("null", r#"{"Attribution": false}"#, false),
    ("false", r#"{"Attribution": false}"#, false),
    (r#""all""#, r#"{"Attribution": false}"#, true),
    ("[false]", r#"{"all": false}"#, false),
    ("", "true", true),
];

#[test]
fn every_row_of_the_truth_table_holds_for_context_and_for_options() {
    for &(integrations, legacy, enabled) in TRUTH_TABLE.iter().chain(FINE_PRINT) {
        for field in ["context", "options"] {
            let verdict = enablement(&message(integrations, field, legacy), NAME);
            assert_eq!(
                verdict.is_enabled(),
                enabled,
                "integrations {integrations}, {field} {legacy}: {verdict:?}"
            );
        }
    }
}

#[test]
fn options_hide_the_context_unless_they_are_falsy() {
    let with_options = |options: &str| {
        let mut message = message("", "context", r#"{"all": false}"#);
        message.insert("options".to_owned(), serde_json::from_str(options).unwrap());
        enablement(&message, NAME).is_enabled()
    };
    assert!(with_options("{}"));
    assert!(with_options("true"));
    assert!(!with_options("null"));
    assert!(!with_options("\"\""));
}

#[test]
fn the_name_is_a_parameter_matched_exactly() {
    let message = message(r#"{"All": false, "Attribution (Actions)": true}"#, "", "");
    assert!(enablement(&message, "Attribution (Actions)").is_enabled());
    assert!(!enablement(&message, "attribution (Actions)").is_enabled());
}

#[test]
fn a_disabled_message_says_which_value_decided() {
    let cases = [
        (
            r#"{"All": false}"#,
            "",
            "/integrations/All",
            "integrations.All is false and Attribution is not named",
        ),
        (
            r#"{"Attribution": false}"#,
            "",
            "/integrations/Attribution",
            "integrations.Attribution is false",
        ),
        (
            r#"{"A/l~l": false}"#,
            "",
            "/integrations/A~1l~0l",
            r#"integrations["A/l~l"] is false and Attribution is not named"#,
        ),
        (
            r#"{"providers": {"Attribution": ""}}"#,
            "",
            "/integrations/providers/Attribution",
            "integrations.providers.Attribution is an empty string",
        ),
        (
            "",
            r#"{"Attribution": false}"#,
            "/context/Attribution",
            "context.Attribution is false and the message has no integrations",
        ),
        (
            r#"{"All": true}"#,
            r#"{"providers.all": false}"#,
            "/context/providers.all",
            r#"context["providers.all"] is false and Attribution is not named"#,
        ),
    ];
    for (integrations, context, pointer, detail) in cases {
        let expected = Enablement::Disabled {
            pointer: pointer.to_owned(),
            detail: detail.to_owned(),
        };
        assert_eq!(enablement(&message(integrations, "context", context), NAME), expected);
    }
}

fn near(integrations: &str, context: &str) -> Vec<String> {
    let found = near_misses(&message(integrations, "context", context), NAME);
    found.into_iter().map(|NearMiss { pointer, key: _ }| pointer).collect()
}

#[test]
fn keys_of_the_same_letters_are_near_misses_and_the_name_is_not() {
    let integrations = r#"{"All": false, "attribution": true, "Attribution ": {}, "ATTRIBUTION": 1, "Attribution": true,
        "Attribution (Actions)": true, "attributions": true}"#;
    let expected = [
        "/integrations/attribution",
        "/integrations/Attribution ",
        "/integrations/ATTRIBUTION",
    ];
    assert_eq!(near(integrations, ""), expected);
}

#[test]
fn a_near_miss_is_found_wherever_the_name_would_count() {
    assert_eq!(
        near(r#"{"providers": {"attribution": false}}"#, ""),
        ["/integrations/providers/attribution"]
    );
    assert_eq!(near("", r#"{"attribution": false}"#), ["/context/attribution"]);
    assert_eq!(
        near("", r#"{"Providers": {"attribution": false}}"#),
        ["/context/Providers/attribution"]
    );
    assert!(near("{}", r#"{"attribution": false}"#).is_empty());
}

#[test]
fn a_context_may_hold_anything_under_a_name_like_the_destinations() {
    assert!(near("", r#"{"attribution": {"source": "newsletter"}}"#).is_empty());
}

#[test]
fn near_misses_tell_the_key_as_it_is_written() {
    let found = near_misses(&message(r#"{"Attribution ": false}"#, "", ""), NAME);
    assert_eq!(
        found,
        [NearMiss {
            pointer: "/integrations/Attribution ".to_owned(),
            key: "Attribution ".to_owned()
        }]
    );
}
