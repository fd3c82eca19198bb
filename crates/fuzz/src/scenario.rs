use std::collections::BTreeMap;
use std::sync::Arc;

use scenario::{RunOptions, Scenario, ScenarioError, Source, Span, parse, run};

/// A longer scenario finds no more, but takes longer to play.
const MOST_STEPS: u64 = 12;

/// Nor do more combinations of a matrix.
const MOST_COMBINATIONS: usize = 3;

/// The input is the file. It is a scenario, and then it can be played, or it is told what is wrong where.
pub(crate) fn check(input: &[u8]) {
    let source = match Source::new("a.yaml", input.to_vec()) {
        Ok(source) => Arc::new(source),
        Err(error) => return told(&error),
    };
    let messages = r#"{"type":"track","userId":"u","event":"e"}"#.to_owned();
    let files = BTreeMap::from([("events.ndjson".to_owned(), messages)]);
    match parse(source, &files) {
        Ok(scenarios) => {
            let short = |scenario: &&Scenario| scenario.plays().is_some_and(|plays| plays <= MOST_STEPS);
            scenarios.iter().filter(short).take(MOST_COMBINATIONS).for_each(plays);
        }
        Err(error) => told(&error),
    }
}

fn told(error: &ScenarioError) {
    assert!(!error.diagnostics.is_empty());
    assert!(error.diagnostics.is_sorted_by_key(|diagnostic| diagnostic.at));
    for diagnostic in &error.diagnostics {
        lies_inside(diagnostic.at, &error.source);
        assert!(!diagnostic.message.is_empty(), "{diagnostic:?}");
        let name = format!("{}:", error.source.name_at(diagnostic.at.start));
        assert!(diagnostic.render(&error.source).contains(&name), "{diagnostic:?}");
    }
    let rendered = error.render();
    let is_plain = |c: char| c == '\n' || !c.is_control();
    assert!(rendered.chars().all(is_plain), "{rendered:?}");
}

fn lies_inside(at: Span, source: &Source) {
    let is_inside = at.start <= at.end && source.text.get(at.start..at.end).is_some();
    assert!(is_inside, "{at:?} of {:?}", source.text);
}

/// The same comes of it every time, and what didn't hold is told with its place.
fn plays(scenario: &Scenario) {
    let play = || run(scenario, &RunOptions::default()).expect("a scenario can be played in memory");
    let outcome = play();
    for failure in &outcome.failures {
        lies_inside(failure.at, &scenario.source);
        assert!(!failure.message.is_empty(), "{failure:?}");
    }
    for step in &outcome.steps {
        lies_inside(step.at, &scenario.source);
    }
    let shown = |outcome| serde_json::to_string(outcome).expect("an outcome is JSON");
    assert_eq!(shown(&play()), shown(&outcome));
}
