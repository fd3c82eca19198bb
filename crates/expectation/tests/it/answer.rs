use std::collections::BTreeMap;

use expectation::json::Document;
use expectation::{Expectations, Observed, Section};
use serde_json::{Map, Value, json};

/// Holds an `expect` that stands below a key of the text against some visits, and answers in JSON.
fn answer(text: &str) -> Value {
    let document = Document::parse(text.as_bytes()).expect("the text is JSON");
    let expectations = document
        .read(|node, sink| {
            let fields = expectation::read::Fields::of(node, "verify", &["expect"], sink)?;
            Expectations::read(fields.get("expect")?, &Section::RECORDED, sink)
        })
        .expect("the text expects something");
    let failures = expectations.check(&Observed {
        sections: BTreeMap::from([("visits", visits())]),
        deliveries: Map::new(),
        resolve: &|_| None,
    });
    serde_json::to_value(document.rows(&failures)).expect("rows are JSON")
}

fn visits() -> Vec<Value> {
    vec![
        json!({"visitor": "ada", "page": "/pricing", "source": "google", "page_views": 2}),
        json!({"visitor": "ada", "page": "/docs", "page_views": 1}),
        json!({"visitor": "bob", "page": "/", "source": "newsletter", "page_views": 5}),
        json!({"visitor": "eve", "page": "/pricing", "source": "newsletter", "page_views": 1}),
        json!({"visitor": "eve", "page": "/docs", "source": "newsletter", "page_views": 1}),
    ]
}

fn near(index: usize, differences: &Value) -> Value {
    json!({"index": index, "row": visits()[index], "differences": differences})
}

fn difference(pointer: &str, expected: &str, actual: &str) -> Value {
    json!({"pointer": pointer, "expected": expected, "actual": actual})
}

#[test]
fn what_holds_is_an_empty_answer() {
    assert_eq!(
        answer(r#"{"expect": {"visits": {"count": 5}, "requests": []}}"#),
        json!([])
    );
}

#[test]
fn a_failure_names_what_was_sent_and_the_rows_that_come_near() {
    let text = "{\"expect\": {\n  \"visits\": {\"contains\": [{\"visitor\": \"bob\"},\n    \
                {\"visitor\": \"eve\", \"page\": \"/\", \"page_views\": {\"$gte\": 5}}]}\n}}";
    let page = |actual| difference("/page", "\"/\"", actual);
    let views = |actual| difference("/page_views", "{ $gte: 5 }", actual);
    let expected = json!([{
        "section": "visits",
        "place": "visits.contains[1].visitor",
        "pointer": "/expect/visits/contains/1/visitor",
        "position": {"line": 3, "column": 17},
        "message": "row 2 differs in this field",
        "expected": "\"eve\"",
        "actual": "\"bob\"",
        "nearest": [
            near(2, &json!([difference("/visitor", "\"eve\"", "\"bob\"")])),
            near(3, &json!([page("\"/pricing\""), views("1")])),
            near(4, &json!([page("\"/docs\""), views("1")])),
        ],
    }]);
    assert_eq!(answer(text), expected);
}

#[test]
fn rows_that_have_nothing_of_it_are_not_near() {
    let rows = answer(r#"{"expect": {"visits": {"contains": [{"page": "/nowhere", "source": "bing"}]}}}"#);
    let nearest: Vec<&Value> = rows[0]["nearest"]
        .as_array()
        .unwrap()
        .iter()
        .map(|near| &near["index"])
        .collect();
    assert_eq!(nearest, [0], "only the first, which a scenario shows too");
    assert_eq!(rows[0]["message"], "no row is like this");
}

#[test]
fn counts_and_rows_too_many_point_at_their_section() {
    let rows = answer(r#"{"expect": {"visits": {"count": 4}, "merges": [{"from": "a~/b"}]}}"#);
    assert_eq!(
        (&rows[0]["pointer"], &rows[0]["place"]),
        (&json!("/expect/visits/count"), &json!("visits.count"))
    );
    assert_eq!(
        (&rows[1]["pointer"], &rows[1]["section"]),
        (&json!("/expect/merges/0"), &json!("merges"))
    );
    assert_eq!(
        (&rows[1]["actual"], &rows[1]["nearest"]),
        (&json!("no rows"), &json!([]))
    );
    let rows = answer(r#"{"expect": {"visits": [{}, {}, {}, {}]}}"#);
    assert_eq!(
        (&rows[0]["pointer"], &rows[0]["message"]),
        (&json!("/expect/visits"), &json!("row 4 is not expected"))
    );
}

#[test]
fn items_that_any_row_satisfies_leave_the_others_theirs() {
    let failures = |rows: &[&str]| {
        let expected = r#"{"visits": {"contains": [{}, {}, {"visitor": "b"}]}}"#;
        let expectations = Expectations::from_json(expected.as_bytes(), &[Section::Visits]).unwrap();
        let rows = rows.iter().map(|visitor| json!({ "visitor": visitor })).collect();
        let observed = Observed {
            sections: BTreeMap::from([("visits", rows)]),
            deliveries: Map::new(),
            resolve: &|_| None,
        };
        expectations.check(&observed).len()
    };
    assert_eq!(failures(&["b", "a", "a"]), 0);
    assert_eq!(failures(&["a", "a", "a", "a", "b"]), 0);
    assert_eq!(failures(&["a", "a", "a", "a"]), 1);
    assert_eq!(failures(&["a", "b"]), 1);
}
