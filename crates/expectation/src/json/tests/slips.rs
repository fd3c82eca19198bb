use super::refused;
use crate::json::Document;

/// Texts that are no JSON, with line, column, what is wrong, and what to write instead.
const SLIPS: &[(&str, usize, usize, &str, &str)] = &[
    (
        "",
        1,
        1,
        "there is nothing",
        r#"write an object, such as `{"visits": []}`"#,
    ),
    (
        "{\"visits\": [],\n}",
        1,
        14,
        "a comma before `}`",
        r#"remove the comma, as in `{"a": 1, "b": 2}`"#,
    ),
    (
        r#"{"é": [1,]}"#,
        1,
        9,
        "a comma before `]`",
        "remove the comma, as in `[1, 2]`",
    ),
    (
        "{'visits': []}",
        1,
        2,
        "text in single quotes",
        r#"put it in double quotes: `"visits"`"#,
    ),
    (
        "{visits: []}",
        1,
        2,
        "the key `visits` without quotes",
        r#"put it in double quotes: `"visits"`"#,
    ),
    (
        r#"{"visits"= []}"#,
        1,
        10,
        "no colon after the key",
        r#"write a colon and the value, such as `"visits": []`"#,
    ),
    (
        "{\"visits\": [\n",
        2,
        1,
        "the list that begins in line 1 is not closed",
        "close it with `]`",
    ),
    (
        r#"{"visits": []"#,
        1,
        14,
        "the object that begins in line 1 is not closed",
        "close it with `}`",
    ),
    (
        r#"{"visits": [}"#,
        1,
        13,
        "`}` where a value should stand",
        r#"write a value, such as `[]`, `"google"` or `1.5`"#,
    ),
    (
        r#"{"visits": [1}"#,
        1,
        14,
        "`}` where `]` should stand",
        "close what was opened last first, as in `[1, 2]`",
    ),
    (
        r#"{"a": 1 "b": 2}"#,
        1,
        9,
        "no comma between two fields",
        r#"put a comma, as in `{"a": 1, "b": 2}`"#,
    ),
    (
        r#"{"visits": }"#,
        1,
        12,
        "`}` where a value should stand",
        r#"write a value, such as `[]`, `"google"` or `1.5`"#,
    ),
    (
        r#"{"visits":"#,
        1,
        11,
        "the text ends where a value should stand",
        r#"write a value, such as `[]`, `"google"` or `1.5`"#,
    ),
    (r#"{"a": True}"#, 1, 7, "`True` is no value", "write `true`"),
    (
        r#"{"a": google}"#,
        1,
        7,
        "`google` is no value",
        r#"put text in double quotes: `"google"`"#,
    ),
    (
        r#"{"a": NaN}"#,
        1,
        7,
        "`NaN` is no value",
        "JSON has no such number: write one such as `0`",
    ),
    (
        r#"{"a": -Infinity}"#,
        1,
        7,
        "`-Infinity` is no number",
        "JSON has no such number: write one such as `-1e99`",
    ),
    (
        r#"{"a": 'b'}"#,
        1,
        7,
        "text in single quotes",
        r#"put it in double quotes: `"b"`"#,
    ),
    (
        r#"{"a": 007}"#,
        1,
        7,
        "`007` is no number",
        "write one such as `1`, `-0.5` or `2e3`, or put it in double quotes if it is text",
    ),
    ("{ // all\n}", 1, 3, "a comment", "leave it out: there are none in JSON"),
    (
        "{} {}",
        1,
        4,
        "there is more after the end",
        r#"write one value only, such as `{"visits": [], "merges": []}`"#,
    ),
    (r#"{"a": "b}"#, 1, 7, "this quote is not closed", r#"close it with `"`"#),
    (
        "{\"a\": \"b\n\"}",
        1,
        9,
        "a line break in text",
        "write it as `\\n`, or close the quote",
    ),
    (
        "{\"a\": \"\\d\"}",
        1,
        8,
        "there is no such escape",
        "write `\\\\` for a backslash, or an escape such as `\\n` or `\\u00e9`",
    ),
];

#[test]
fn what_is_no_json_is_answered_with_place_and_example() {
    for (text, line, column, message, help) in SLIPS {
        let mistakes = refused(text).mistakes;
        assert_eq!(mistakes.len(), 1, "{text}");
        let found = &mistakes[0];
        assert_eq!((found.position.line, found.position.column), (*line, *column), "{text}");
        assert_eq!(found.message, format!("not JSON: {message}"), "{text}");
        assert_eq!((&found.pointer, found.help.as_deref()), (&None, Some(*help)), "{text}");
    }
}

#[test]
fn bytes_that_are_no_text_are_told_where_they_lie() {
    let mistake = Document::parse(b"{\n \"caf\xE9\": 1}").unwrap_err().mistakes.remove(0);
    assert_eq!((mistake.position.line, mistake.position.column), (2, 6));
    assert_eq!(mistake.message, "the text is not UTF-8: byte 7 can't be read");
    assert!(
        Document::parse(b"\xEF\xBB\xBF{}").is_ok(),
        "a byte order mark is no mistake"
    );
}
