use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use scenario::{Source, parse};

use crate::engage::AUDIENCES;
use crate::language::EXAMPLE;

/// Reads whatever text; when there are mistakes they can be shown, lie inside, and stand in order.
fn survives(text: &str) -> Result<(), TestCaseError> {
    let source = Arc::new(Source {
        name: "a.yaml".to_owned(),
        text: text.to_owned(),
    });
    let files = BTreeMap::from([("e.ndjson".to_owned(), "{}".to_owned())]);
    let Err(error) = parse(source, &files) else {
        return Ok(());
    };
    prop_assert!(!error.diagnostics.is_empty());
    prop_assert!(error.diagnostics.is_sorted_by_key(|diagnostic| diagnostic.at));
    for diagnostic in &error.diagnostics {
        prop_assert!(
            diagnostic.at.start <= diagnostic.at.end && diagnostic.at.end <= text.len(),
            "{:?}",
            diagnostic
        );
    }
    prop_assert!(error.render().contains("a.yaml:"));
    Ok(())
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
    let source = Arc::new(Source {
        name: "a.yaml".to_owned(),
        text: format!("steps:\n{steps}"),
    });
    assert_eq!(parse(source, &BTreeMap::new()).unwrap().steps.len(), 20_000);
}

/// What YAML and scenarios are made of, in no order.
const YAML: &str = "([-?:,&*!|>'\"%@`{}\\[\\] \n\ta1é]|steps: |- |page: |\\$gte: |<<: ){0,40}";

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
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, INSTEAD), 1..4)
    ) {
        for example in [EXAMPLE, AUDIENCES] {
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
