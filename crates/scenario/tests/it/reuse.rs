//! What is written once and played often.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use scenario::{Outcome, RunOptions, Scenario, ScenarioError, Source, parse, run};

fn read(text: &str, files: &[(&str, &str)]) -> Result<Vec<Scenario>, ScenarioError> {
    let files: BTreeMap<String, String> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    parse(Arc::new(Source::of("folder/a.yaml", text)), &files)
}

fn scenario(text: &str, files: &[(&str, &str)]) -> Scenario {
    let mut scenarios = read(text, files).unwrap_or_else(|error| panic!("{}", error.render()));
    assert_eq!(scenarios.len(), 1);
    scenarios.remove(0)
}

fn played(text: &str, files: &[(&str, &str)]) -> Outcome {
    run(&scenario(text, files), &RunOptions::default()).expect("it can be played")
}

fn passes(text: &str, files: &[(&str, &str)]) {
    let outcome = played(text, files);
    assert!(outcome.passed(), "{:?}", outcome.failures);
}

#[test]
fn a_failure_in_an_included_file_is_told_with_its_place_there() {
    let files = [
        ("lib/checks.yaml", "\u{feff}- settle:\r\n- include: ../more.yaml\r\n"),
        ("more.yaml", "- settle:\n\n- expect: { merges: { count: 1 } }\n"),
    ];
    let text = "steps:\n  - include: lib/checks.yaml\n";
    let scenario = scenario(text, &files);
    let outcome = run(&scenario, &RunOptions::default()).expect("it can be played");
    let rendered = outcome.failures[0].diagnostic().render(&scenario.source);
    assert!(rendered.contains("--> folder/more.yaml:3:30"), "{rendered}");
    assert!(
        rendered.contains("3 | - expect: { merges: { count: 1 } }"),
        "{rendered}"
    );
    let names: Vec<&str> = outcome.steps.iter().map(|step| step.name).collect();
    assert_eq!(names, ["settle", "settle", "expect", "closing"]);
}

#[test]
fn what_an_included_file_names_lies_beside_it() {
    let message = "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"e\"}";
    let files = [
        (
            "lib/a.yaml",
            "- file: b.ndjson\n- for_each: { file: c.csv, steps: [{ track: { userId: u, event: '{{row.name}}' } }] }\n",
        ),
        ("lib/b.ndjson", message),
        ("lib/c.csv", "name\nx\n"),
    ];
    passes(
        "steps: [{ include: lib/a.yaml }]\nexpect: { conversions: [{ event: e }, { event: x }] }",
        &files,
    );
}

#[test]
fn an_included_file_is_played_with_what_was_set_before() {
    let text = "steps:
  - set: { person: ada }
  - include: greet.yaml
  - set: { person: bob }
  - include: greet.yaml
expect: { conversions: [{ event: hello ada }, { event: hello bob }] }";
    passes(
        text,
        &[(
            "greet.yaml",
            "- track: { userId: '{{person}}', event: 'hello {{person}}' }",
        )],
    );
}

#[test]
fn a_fault_whose_values_show_late_is_judged_late() {
    let step = |row: &str| {
        let text = format!(
            "steps:
  - for_each:
      rows: [{row}]
      steps: [{{ fault: {{ path: '{{{{row.path}}}}', delay: {{ uniform: ['{{{{row.least}}}}', 2s] }} }} }}]
  - track: {{ userId: u, event: e }}"
        );
        let outcome = played(&text, &[]);
        outcome
            .failures
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(step("{ path: /track, least: 1s }"), "");
    let told = step("{ path: /trakc, least: 3s }");
    assert!(
        told.contains("no request goes to `/trakc`") && told.contains("did you mean `/track`?"),
        "{told}"
    );
    let told = step("{ path: /track, least: 3s }");
    assert!(told.starts_with("fault: ") && told.contains("(index 0)"), "{told}");
}

#[test]
fn many_includes_of_one_file_are_read_once_and_many_files_are_refused() {
    let twice = "steps: [{ include: a.yaml }, { include: a.yaml }]\nexpect: { deliveries: { events: 2 } }";
    passes(twice, &[("a.yaml", "- track: { userId: u, event: e }")]);
    let paths: Vec<String> = (0..201).map(|number| format!("{number}.yaml")).collect();
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "- settle:")).collect();
    let steps: Vec<String> = paths.iter().map(|path| format!("{{ include: {path} }}")).collect();
    let error = read(&format!("steps: [{}]", steps.join(", ")), &files).unwrap_err();
    assert_eq!(error.diagnostics[0].message, "more than 200 files are included");
}

#[test]
fn files_that_include_others_twice_each_do_not_grow_without_bound() {
    let paths: Vec<String> = (0..30).map(|number| format!("{number}.yaml")).collect();
    let texts: Vec<String> = (1..=30)
        .map(|next| format!("- include: {next}.yaml\n- include: {next}.yaml\n"))
        .collect();
    let files: Vec<(&str, &str)> = paths
        .iter()
        .map(String::as_str)
        .zip(texts.iter().map(String::as_str))
        .collect();
    let error = read("steps: [{ include: 0.yaml }]", &files).unwrap_err();
    assert!(
        error
            .diagnostics
            .iter()
            .any(|mistake| mistake.message.contains("more than")),
        "{}",
        error.render()
    );
}

#[test]
fn loops_in_loops_know_their_own_index_and_the_names_outside() {
    passes(
        "steps:
  - for_each:
      rows: [{ id: a, times: 1 }, { id: b, times: 2 }]
      as: outer
      steps:
        - set: { number: '{{index}}' }
        - repeat:
            times: '{{outer.times}}'
            steps: [{ track: { userId: u, event: '{{outer.id}}{{number}}{{index}}' } }]
expect: { conversions: [{ event: a00 }, { event: b10 }, { event: b11 }] }",
        &[],
    );
}

#[test]
fn a_count_that_shows_late_is_bounded_too() {
    let outcome = played(
        "steps:
  - track: { userId: u, event: e, properties: { n: 1000001, m: -1 } }
  - capture: { n: message.properties.n }
  - repeat: { times: '{{n}}', steps: [{ settle: }] }",
        &[],
    );
    assert_eq!(outcome.failures[0].message, "more than 1000000 steps are played");
}

#[test]
fn a_loop_without_end_of_failures_ends() {
    let outcome = played(
        "steps: [{ repeat: { times: 5000, steps: [{ expect: { merges: { count: 1 } } }] } }]",
        &[],
    );
    assert_eq!(outcome.failures.len(), 1_001);
    assert_eq!(outcome.failures[0].message, "there are no rows (index 0)");
    assert!(outcome.failures[1_000].message.starts_with("1000 failures are enough"));
}

#[test]
fn nothing_is_awaited_between_the_calls_of_a_group() {
    let order = |group: &str| {
        let text = format!(
            "link: {{ latency: 1s }}
steps:
  - {group}:
      - track: {{ userId: a, event: first }}
      - track: {{ userId: b, event: second }}
  - expect: {{ deliveries: {{ pending: 2 }}, requests: [] }}
  - wait: 1s
  - expect: {{ requests: [{{ at: 2024-01-15T10:00:01Z }}, {{ at: 2024-01-15T10:00:01Z }}] }}"
        );
        played(&text, &[])
    };
    let outcome = order("parallel");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    let names: Vec<&str> = outcome.steps.iter().map(|step| step.name).collect();
    assert_eq!(names, ["parallel", "expect", "wait", "expect", "closing"]);
}

#[test]
fn what_is_to_happen_in_the_end_happens_after_a_failure_too() {
    let outcome = played(
        "steps:
  - capture: { none: visits.0.page }
  - track: { userId: u, event: not played }
expect: { conversions: [{ event: not looked at }] }
finally:
  - track: { userId: u, event: played }
  - settle:
  - expect: { conversions: [{ event: played }] }",
        &[],
    );
    let places: Vec<&str> = outcome.failures.iter().map(|failure| failure.place.as_str()).collect();
    assert_eq!(places, ["capture.none"]);
    assert_eq!((outcome.deliveries.delivered, outcome.expectations), (1, 1));
}

#[test]
fn each_combination_is_a_scenario_of_its_own() {
    let text = "name: A
matrix: { strict: [true, false], link: { near: 0s, far: 2s } }
link: { latency: '{{link}}' }
steps: [{ when: { strict: false }, settle: }, { track: { userId: u, event: e } }]";
    let scenarios = read(text, &[]).unwrap();
    let shown: Vec<(&str, bool, u64, usize)> = scenarios
        .iter()
        .map(|one| {
            (
                one.name.as_str(),
                one.settings.strict,
                one.link.latency.as_secs(),
                one.steps.len(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("A [strict=true link=near]", true, 0, 1),
            ("A [strict=true link=far]", true, 2, 1),
            ("A [strict=false link=near]", false, 0, 2),
            ("A [strict=false link=far]", false, 2, 2),
        ]
    );
    assert_eq!(scenarios[1].combination[1], ("link".to_owned(), "far".to_owned()));
}

#[test]
fn how_many_steps_are_played_is_known_unless_it_shows_late() {
    let plays = |step: &str| scenario(&format!("steps: [{{ settle: }}, {{ {step} }}]"), &[]).plays();
    assert_eq!(
        plays("repeat: { times: 3, steps: [{ for_each: { rows: [1, 2], steps: [{ settle: }] } }] }"),
        Some(7)
    );
    assert_eq!(plays("parallel: [{ page: {} }, { page: {} }]"), Some(3));
    assert_eq!(
        plays("for_each: { rows: [1], steps: [{ repeat: { times: '{{row}}', steps: [{ settle: }] } }] }"),
        None
    );
}

#[test]
fn many_thousand_events_are_one_step() {
    let outcome = played(
        "steps:
  - repeat: { times: 20000, steps: [{ track: { userId: 'user-{{index}}', event: e } }] }
expect: { deliveries: { delivered: 20000 } }",
        &[],
    );
    assert!(outcome.passed(), "{:?}", outcome.failures);
    assert_eq!(outcome.steps.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_loop_is_what_it_would_be_written_out(times in 0..6_usize, wait in 0..3_u8, seed: u64) {
        let body = |index: &str| format!("{{ track: {{ userId: u, event: e{index} }} }}, {{ fault: {{ respond: 503 }} }}, {{ wait: {wait}s }}");
        let written: Vec<String> = (0..times).map(|index| body(&index.to_string())).collect();
        let looped = format!("{{ repeat: {{ times: {times}, steps: [{}] }} }}", body("{{index}}").replace("e{{index}}", "'e{{index}}'"));
        let options = RunOptions { seed: clock::Seed::from(seed), ..RunOptions::default() };
        let play = |steps: &str| {
            let text = format!("steps: [{{ settle: }}, {steps}]\nexpect: {{ requests: [{{ path: none }}], conversions: [{{ event: none }}] }}");
            let outcome = run(&scenario(&text, &[]), &options).expect("it can be played");
            let failures: Vec<String> = outcome.failures.iter().map(ToString::to_string).collect();
            (outcome.virtual_time, outcome.deliveries, failures)
        };
        prop_assert_eq!(play(&looped), play(&written.join(", ")));
    }
}
