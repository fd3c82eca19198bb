use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use scenario::{RunOptions, Scenario, Source, parse, run};

use crate::engage::AUDIENCES;
use crate::language::EXAMPLE;

/// Reads whatever text; when there are mistakes they can be shown, lie inside, and stand in order.
fn survives(text: &str) -> Result<(), TestCaseError> {
    let source = Arc::new(Source::of("a.yaml", text));
    let files = BTreeMap::from(FILES.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let error = match parse(Arc::clone(&source), &files) {
        Ok(scenarios) => return plays(&scenarios),
        Err(error) => error,
    };
    prop_assert!(!error.diagnostics.is_empty());
    prop_assert!(error.diagnostics.is_sorted_by_key(|diagnostic| diagnostic.at));
    for diagnostic in &error.diagnostics {
        prop_assert!(
            diagnostic.at.start <= diagnostic.at.end && diagnostic.at.end <= error.source.text.len(),
            "{:?}",
            diagnostic
        );
    }
    let rendered = error.render();
    prop_assert!(
        rendered.contains("a.yaml:") || rendered.contains("s.yaml:"),
        "{}",
        rendered
    );
    Ok(())
}

/// What a scenario of these tests may name.
const FILES: [(&str, &str); 3] = [
    ("e.ndjson", "{}"),
    (
        "s.yaml",
        "- track: { userId: '{{name}}', event: e }\n- include: t.yaml\n",
    ),
    ("r.csv", "a,b\n1,2\n3,4\n"),
];

/// Whatever can be read can be played, and what fails lies inside.
fn plays(scenarios: &[Scenario]) -> Result<(), TestCaseError> {
    let short = |scenario: &&Scenario| scenario.plays().is_some_and(|plays| plays < 30);
    for scenario in scenarios.iter().filter(short).take(4) {
        let outcome = run(scenario, &RunOptions::default()).expect("it can be played");
        for failure in outcome.failures {
            let inside = failure.at.end <= scenario.source.text.len();
            prop_assert!(
                inside && !failure.diagnostic().render(&scenario.source).is_empty(),
                "{:?}",
                failure
            );
        }
    }
    Ok(())
}

/// Everything that steps can hold and depend on.
const WHOLE: &str = r#"
vars: { name: ada, many: 2, id: "{{uuid}}", list: [1, { a: b }] }
env: { SHOP: shop }
matrix: { dialect: [classic, actions], fault: { none: { delay: 0s }, out: { respond: 503 } } }
defaults: { all: { anonymousId: "{{id}}" }, track: { properties: { a: 1 } } }
steps:
  - fault: "{{fault}}"
  - track: { userId: "{{name}}", event: "e {{now - 1h}}", properties: { list: "{{list[1].a}}" } }
  - capture: { row: "conversions[0]", sent: message.messageId }
  - set: { order: '{{row.event}} \{{x}} {{sent}}' }
  - when: { row.properties.a: { $gte: 1 }, dialect: classic }
    repeat: { times: "{{many}}", steps: [{ page: { name: "{{index + 1}}" } }, { wait: 1s }] }
  - for_each: { file: r.csv, as: line, steps: [{ identify: { userId: "{{line.a}}" } }] }
  - parallel: [{ track: { event: a } }, { for_each: { rows: [1, 2], steps: [{ track: { event: "{{row}}" } }] } }]
expect:
  - { when: { fault: { delay: 0s } }, requests: { ordered: [{ path: /track }], never: [{ status: 500 }] } }
  - deliveries: { delivered_within: 1h }
finally: [{ expect: { conversions: { contains: [{ event: "{{order}}" }] } } }]
"#;

#[test]
fn the_whole_language_is_read_and_played() {
    let files = BTreeMap::from(FILES.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let scenarios =
        parse(Arc::new(Source::of("a.yaml", WHOLE)), &files).unwrap_or_else(|error| panic!("{}", error.render()));
    assert_eq!(scenarios.len(), 4);
    survives(WHOLE).unwrap();
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    for text in [
        "[".repeat(100_000),
        "- ".repeat(100_000),
        "a: {".repeat(50_000),
        "? ".repeat(50_000),
    ] {
        survives(&text).unwrap();
        survives(&format!("steps: {text}")).unwrap();
    }
    let nested = |depth: usize| {
        format!(
            "steps: [{{ track: {{ properties: {}{} }} }}]",
            "{ a: ".repeat(depth),
            " }".repeat(depth)
        )
    };
    survives(&nested(100)).unwrap();
    survives(&nested(10_000)).unwrap();
}

#[test]
fn a_large_scenario_is_read() {
    let steps = "  - track: { userId: u, event: A, properties: { a: 1 } }\n".repeat(20_000);
    let source = Arc::new(Source::of("a.yaml", format!("steps:\n{steps}")));
    assert_eq!(parse(source, &BTreeMap::new()).unwrap()[0].steps.len(), 20_000);
}

/// What YAML and scenarios are made of, in no order.
const YAML: &str = "([-?:,&*!|>'\"%@`{}\\[\\] \n\ta1é]|steps: |- |page: |\\$gte: |<<: |\\{\\{|\\}\\}|vars: |when: |matrix: |repeat: |include: s.yaml\n){0,40}";

/// What may stand in the place of a cut.
const INSTEAD: &str = "[-:{}\\[\\]&*'\"#\n a0\t]{0,3}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        survives(&text)?;
    }

    #[test]
    fn no_text_that_looks_like_yaml_makes_the_parser_panic(text in YAML) {
        survives(&text)?;
    }

    #[test]
    fn no_damage_to_a_scenario_makes_the_parser_panic(
        whole: bool,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, INSTEAD), 1..4)
    ) {
        for example in [if whole { WHOLE } else { EXAMPLE }, AUDIENCES] {
            let mut text: Vec<char> = example.chars().collect();
            for (at, length, instead) in &cuts {
                let start = at.index(text.len());
                let end = (start + length).min(text.len());
                text.splice(start..end, instead.chars());
            }
            survives(&text.into_iter().collect::<String>())?;
        }
    }
}
