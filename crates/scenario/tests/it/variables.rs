//! Names for values: given before a scenario is played, and while it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use clock::Seed;
use scenario::{Given, Outcome, RunOptions, Scenario, ScenarioError, Source, parse_with, run};

fn given(variables: &[(&str, &str)], environment: &[(&str, &str)]) -> Given {
    let owned = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    Given {
        variables: owned(variables),
        environment: owned(environment),
    }
}

fn read(text: &str, given: &Given) -> Result<Scenario, ScenarioError> {
    let source = Arc::new(Source::of("a.yaml", text));
    parse_with(source, &BTreeMap::new(), given).map(|mut scenarios| scenarios.remove(0))
}

fn played(text: &str, given: &Given, seed: u64) -> Outcome {
    let scenario = read(text, given).unwrap_or_else(|error| panic!("{}", error.render()));
    let options = RunOptions {
        seed: Seed::from(seed),
        ..RunOptions::default()
    };
    run(&scenario, &options).expect("it can be played")
}

fn passes(text: &str) {
    let outcome = played(text, &Given::default(), 0);
    assert!(outcome.passed(), "{:?}", outcome.failures);
}

/// The messages of the mistakes.
fn mistakes(text: &str, given: &Given) -> Vec<String> {
    let error = read(text, given).expect_err("it has mistakes");
    error.diagnostics.into_iter().map(|mistake| mistake.message).collect()
}

const GIVEN: &str = "
name: '{{text}} {{number}} {{flag}} {{list}}'
vars: { text: 5 apples, number: 1, flag: true, list: [1] }
steps: [{ settle: }]";

#[test]
fn what_is_given_takes_the_type_of_what_is_declared() {
    let name = |variables: &[(&str, &str)]| read(GIVEN, &given(variables, &[])).unwrap().name;
    assert_eq!(name(&[]), "5 apples 1 true [1]");
    assert_eq!(
        name(&[
            ("text", "7"),
            ("number", "7.50"),
            ("flag", "no"),
            ("list", "{ a: [x] }")
        ]),
        r#"7 7.50 no {"a":["x"]}"#
    );
    assert_eq!(
        name(&[("number", "a: b: c"), ("stranger", "1")]),
        "5 apples a: b: c true [1]"
    );
}

#[test]
fn what_is_given_is_never_a_placeholder_itself() {
    let scenario = read(
        GIVEN,
        &given(&[("text", "{{number}} \\{{"), ("list", "'{{env.HOME}}'")], &[]),
    )
    .unwrap();
    assert_eq!(scenario.name, "{{number}} \\{{ 1 true {{env.HOME}}");
}

#[test]
fn a_variable_without_a_value_must_be_given() {
    let text = "vars: { shop: }\nname: for {{shop}}\nsteps: [{ settle: }]";
    assert_eq!(read(text, &given(&[("shop", "")], &[])).unwrap().name, "for ");
    assert_eq!(mistakes(text, &Given::default())[0], "the variable `shop` has no value");
    let misspelt = mistakes(text, &given(&[("shpo", "ours")], &[]));
    assert_eq!(misspelt[1], "`--var shpo` is no variable of this scenario");
}

#[test]
fn of_the_environment_only_what_is_declared_is_seen() {
    let text = |env: &str| format!("{env}\nname: '{{{{env.A}}}}'\nsteps: [{{ settle: }}]");
    let outside = given(&[], &[("A", "{{env.B}}"), ("B", "secret")]);
    assert_eq!(read(&text("env: [A]"), &outside).unwrap().name, "{{env.B}}");
    assert_eq!(read(&text("env: { A: b }"), &outside).unwrap().name, "{{env.B}}");
    assert_eq!(read(&text("env: { A: b }"), &Given::default()).unwrap().name, "b");
    assert_eq!(
        mistakes(&text("env: [A]"), &Given::default()),
        ["the environment has no `A`"]
    );
    assert_eq!(mistakes(&text("env: [B]"), &outside), ["`env.A` is not declared"]);
    assert_eq!(mistakes(&text(""), &outside), ["there is no variable `env`"]);
}

#[test]
fn generators_make_something_new_each_time_and_a_variable_keeps_what_it_was_given() {
    passes(
        "vars: { mine: '{{uuid}}', moment: '{{now + 30m}}' }
steps:
  - set: { first: '{{anonymous_id}}', second: '{{anonymous_id}}' }
  - wait: 1h
  - track: { userId: '{{mine}}', event: '{{moment}}', properties: { now: '{{now}}', next: '{{now + 24h}}' } }
expect:
  conversions:
    - visitor: '{{mine}}'
      event: 2024-01-15T10:30:00Z
      properties: { now: 2024-01-15T11:00:00Z, next: 2024-01-16T11:00:00Z }",
    );
    let text = "steps:
  - set: { a: '{{uuid}}', b: '{{uuid}}', c: '{{anonymous_id}}' }
  - track: { userId: '{{a}}', event: e, properties: { b: '{{b}}', c: '{{c}}' } }
expect: { conversions: [{ visitor: nobody }] }";
    let ids = |seed| {
        let row = played(text, &Given::default(), seed)
            .failures
            .remove(0)
            .nearest
            .expect("one row")
            .row;
        let row = [&row["visitor"], &row["properties"]["b"], &row["properties"]["c"]];
        row.map(|id| id.as_str().expect("an id is text").to_owned())
    };
    let first = ids(7);
    assert!(
        first[0] != first[1] && first[1] != first[2] && first[0] != first[2],
        "{first:?}"
    );
    assert_eq!(first, ids(7));
    assert_ne!(first, ids(8));
}

#[test]
fn what_is_known_late_is_checked_when_it_is_known() {
    let outcome = played(
        "steps:
  - track: { userId: user-1, event: soon }
  - capture: { gap: message.event, body: 'requests[0].body' }
  - track: { userId: user-1, event: '{{body.event}}' }
  - wait: '{{gap}}'
  - track: { userId: user-1, event: never played }
expect: { conversions: [] }",
        &Given::default(),
        0,
    );
    let told: Vec<String> = outcome.failures.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("wait: not a duration: `soon`"), "{told:?}");
    assert_eq!(outcome.deliveries.delivered, 2);
}

#[test]
fn a_name_that_no_step_gave_a_value_is_told_where_it_is_used() {
    let outcome = played(
        "steps:
  - track: { userId: user-1, event: a }
  - capture: { event: conversions.0.event }
  - when: { event: b }
    capture: { revenue: conversions.0.revenue }
  - when: { revenue: { $absent: true } }
    track: { userId: user-1, event: '{{revenue}}' }",
        &Given::default(),
        0,
    );
    assert_eq!(outcome.failures.len(), 1);
    assert_eq!(outcome.failures[0].message, "`revenue` has no value here");
}

#[test]
fn deliveries_and_the_last_message_can_be_captured() {
    passes(
        "steps:
  - identify: { userId: ada, traits: { 'odd key': [1, { a: 2 }] } }
  - settle:
  - capture: { sent: deliveries.delivered, kind: message.type, two: 'message.traits[\"odd key\"][-1].a' }
  - track: { userId: ada, event: '{{kind}} {{sent}} {{two}}' }
expect: { conversions: [{ event: identify 1 2 }] }",
    );
}
