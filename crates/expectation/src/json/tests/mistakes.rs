use super::refused;

/// Texts with one mistake, and what to write instead.
const HELPS: &[(&str, &str)] = &[
    ("[]", r#"write `{"key": …}`"#),
    (
        "{}",
        r#"write what there must be, such as `"conversions": []` for none"#,
    ),
    (
        r#"{"visits": {}}"#,
        r#"write `"visits": []` for none, or one of `contains`, `ordered`, `never` and `count`"#,
    ),
    (
        r#"{"visits": 1}"#,
        r#"write `"visits": [{…}]` for exactly these rows, `"visits": []` for none"#,
    ),
    (
        r#"{"visits": {"contains": 1}}"#,
        r#"write `"visits": {"contains": [{…}]}`"#,
    ),
    (
        r#"{"visits": {"contains": []}}"#,
        r#"name a row that there must be, or write `"count": 0` for none"#,
    ),
    (r#"{"visits": [1]}"#, r#"write one such as `{"visitor": …}`"#),
    (
        r#"{"visits": [{"page": {}}]}"#,
        r#"write its value, or an operator such as `{"$any": true}`"#,
    ),
    (
        r#"{"visits": [{"page": {"$any": false}}]}"#,
        r#"write `"$absent": true` for what must not be there"#,
    ),
    (
        r#"{"visits": [{"page": {"$absent": "yes"}}]}"#,
        "`yes` is text in JSON; write `true`, without quotes",
    ),
    (
        r#"{"visits": [{"page": {"$regex": 5}}]}"#,
        r#"quote it: `"$regex": "5"`"#,
    ),
    (
        r#"{"visits": [{"page": {"$regex": null}}]}"#,
        r#"write `"$regex": …` with the text after the colon"#,
    ),
    (
        r#"{"visits": [{"page": {"$regex": "("}}]}"#,
        "put `\\\\` before a character that means itself: a backslash is written twice",
    ),
    (
        r#"{"visits": [{"page": {"$gt": "a"}}]}"#,
        r#"write one such as `100` or `"2024-01-15T10:00:00Z"`"#,
    ),
    (
        r#"{"visits": [{"page": {"$approx": {}}}]}"#,
        r#"write `"$approx": {"value": 99.90, "within": 0.01}`"#,
    ),
    (
        r#"{"visits": [{"page": {"$in": []}}]}"#,
        r#"write one such as `"$in": ["google", "bing"]`"#,
    ),
    (
        r#"{"deliveries": []}"#,
        r#"write one such as `{"delivered": 4, "attempts": 6}`"#,
    ),
];

#[test]
fn what_to_write_instead_is_json() {
    for (text, help) in HELPS {
        let mistakes = refused(text).mistakes;
        assert_eq!(mistakes.len(), 1, "{text}");
        assert_eq!(mistakes[0].help.as_deref(), Some(*help), "{text}");
    }
    assert_eq!(
        refused("null").mistakes[0].message,
        "`expect` must be a mapping, not null"
    );
}

#[test]
fn every_mistake_is_told_at_once_with_a_pointer() {
    let text = r#"{
  "visits": [{"sorce": "google"}, 5],
  "merges": null,
  "identities": [{"traits": {"a/b": {"$gt": "x"}, "a/b": 1}}],
  "visits": [],
  "deliveries": {"delivered": {"min": 1}}
}"#;
    let pointers: Vec<_> = refused(text)
        .mistakes
        .into_iter()
        .map(|mistake| {
            (
                mistake.pointer.unwrap_or_default(),
                mistake.position.line,
                mistake.message,
            )
        })
        .collect();
    let expected = [
        ("/visits/0/sorce", 2, "a row of `visits` has no key `sorce`"),
        ("/visits/1", 2, "a row is a mapping, not a number"),
        (
            "/merges",
            3,
            "`merges` must be a list of rows, or a mapping of `contains`, `ordered`, `never` and `count`",
        ),
        (
            "/identities/0/traits/a~1b/$gt",
            4,
            "`$gt` must be a number or a moment, not text",
        ),
        ("/identities/0/traits/a~1b", 4, "the key `a/b` is written twice"),
        ("/visits", 5, "the key `visits` is written twice"),
        ("/deliveries/delivered", 6, "`delivered` is never a mapping"),
    ];
    let expected = expected.map(|(pointer, line, message)| (pointer.to_owned(), line, message.to_owned()));
    assert_eq!(pointers, expected);
}

#[test]
fn mistakes_are_shown_to_people_and_to_machines() {
    let mistakes = refused(r#"{"visist": []}"#);
    assert_eq!(
        mistakes.to_string(),
        "line 1, column 2: `expect` has no key `visist`; did you mean `visits`?"
    );
    assert_eq!(
        serde_json::to_value(&mistakes).unwrap(),
        serde_json::json!({
            "mistakes": [{
                "pointer": "/visist",
                "position": {"line": 1, "column": 2},
                "message": "`expect` has no key `visist`",
                "label": null,
                "help": "did you mean `visits`?",
            }],
            "more_mistakes": 0,
        })
    );
    let many = refused(&format!(r#"{{"visits": [{}0]}}"#, "0,".repeat(20_000)));
    assert_eq!((many.mistakes.len(), many.more), (100, 19_901));
    assert!(many.to_string().ends_with("\nand 19901 more mistakes"));
}
