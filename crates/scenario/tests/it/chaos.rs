//! Scenarios under random faults.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use clock::Seed;
use proptest::prelude::*;
use scenario::{
    Chaos, FailedRun, Failure, Mode, Outcome, RunError, RunOptions, Scenario, Source, parse, run, run_until,
};

fn parsed(text: &str) -> Scenario {
    let source = Source::new("test.yaml", text.as_bytes().to_vec()).expect("the text is UTF-8");
    let mut scenarios =
        parse(Arc::new(source), &BTreeMap::new()).unwrap_or_else(|error| panic!("{}\n{text}", error.render()));
    scenarios.pop().expect("there is one at least")
}

fn played(scenario: &Scenario, seed: u64, chaos_run: Option<u32>) -> Outcome {
    let options = RunOptions {
        seed: Seed::from(seed),
        chaos_run,
        ..RunOptions::default()
    };
    run(scenario, &options).expect("it can be played")
}

fn chaos(outcome: &Outcome) -> &Chaos {
    outcome.chaos.as_ref().expect("it was played under chaos")
}

fn json(outcome: &Outcome) -> String {
    serde_json::to_string(outcome).expect("an outcome is JSON")
}

/// A sale that is counted twice when its answer is lost.
const TWICE: &str = "chaos: { runs: 100, faults: [refuse, { status: [500, 502] }, close, reset] }
steps:
  - page: { anonymousId: anon-1, properties: { url: 'https://shop.example/' } }
  - track: { userId: user-1, event: Order Completed, properties: { revenue: 20 } }
  - wait: 10s
  - track: { userId: user-1, event: Order Completed, properties: { revenue: 30 } }
expect: { conversions: [{ revenue: 20 }, { revenue: 30 }] }
";

/// The failed run of a scenario that fails under chaos.
fn failed(outcome: &Outcome) -> &FailedRun {
    let failed = chaos(outcome).failed.as_ref();
    failed.unwrap_or_else(|| panic!("{outcome:?}"))
}

#[test]
fn a_scenario_that_holds_says_in_how_many_runs() {
    let text = TWICE.replace("close, reset", "{ reset: before }");
    let outcome = played(&parsed(&text), 0, None);
    assert!(outcome.passed(), "{:?}", outcome.failures);
    let Chaos { runs, only, failed } = chaos(&outcome);
    assert_eq!((*runs, *only, failed), (100, None, &None));
    // What is shown is the undisturbed run.
    assert_eq!(
        (outcome.virtual_time, outcome.deliveries.attempts),
        (Duration::from_secs(10), 3)
    );
}

#[test]
fn a_scenario_that_fails_undisturbed_is_told_so_at_once() {
    let text = TWICE.replace("revenue: 30 }]", "revenue: 31 }]");
    let outcome = played(&parsed(&text), 5, None);
    let failed = failed(&outcome);
    assert_eq!((failed.run, failed.seed, failed.faults.len()), (0, Seed::from(5), 0));
    assert_eq!(outcome.failures[0].place, "conversions[1].revenue");
}

#[test]
fn the_jitter_alone_can_be_enough() {
    // In the undisturbed run of this seed the first wait happens to be long.
    let text = "chaos: { runs: 100, faults: [{ path: /alias, hang: true }] }
steps:
  - fault: { respond: 503 }
  - track: { userId: user-1, event: sign up }
  - wait: 50ms
  - expect: { deliveries: { pending: 1 } }
";
    let outcome = played(&parsed(text), 0, None);
    let failed = failed(&outcome);
    assert!(failed.run > 0 && failed.drawn > 0, "{failed:?}");
    assert_eq!(failed.faults, []);
}

#[test]
fn over_sockets_there_is_no_chaos() {
    let scenario = parsed(TWICE);
    let options = RunOptions {
        mode: Mode::Live {
            limit: Duration::from_secs(30),
        },
        ..RunOptions::default()
    };
    let Err(RunError::ChaosInRealTime { source, at }) = run(&scenario, &options) else {
        panic!("not refused");
    };
    assert!(source.text[at.start..at.end].starts_with("{ runs: 100"), "{at:?}");
}

#[test]
fn a_run_of_chaos_that_there_is_not_can_not_be_played() {
    let options = RunOptions {
        chaos_run: Some(3),
        ..RunOptions::default()
    };
    let without = run(&parsed("steps: [{ settle: }]"), &options);
    assert!(matches!(without, Err(RunError::NoChaos)));
}

#[test]
fn all_runs_are_given_up_together() {
    let scenario = parsed("chaos: { runs: 10000 }\nsteps: [{ settle: }]");
    let stopped = run_until(&scenario, &RunOptions::default(), std::future::ready(()));
    assert!(matches!(stopped, Err(RunError::Stopped)));
}

/// What failed, places aside.
fn what(failure: &Failure) -> [&str; 4] {
    [&failure.place, &failure.message, &failure.expected, &failure.actual]
}

/// The text with the faults as steps of its own, and without `chaos`.
fn pasted(text: &str, failed: &FailedRun) -> String {
    let mut out = text.to_owned();
    for planned in failed.faults.iter().rev() {
        // A step's place is behind its dash.
        let line = out[..planned.before.start].rfind("  - ").expect("it is a step");
        out.insert_str(line, &format!("  - fault: {}\n", planned.fault));
    }
    out.replacen("chaos:", "vars: { unused: 1 } # ", 1)
}

/// A step of a scenario, in YAML.
fn step() -> impl Strategy<Value = String> {
    let id = || (0..3_u8).prop_map(|number| format!("id-{number}"));
    prop_oneof![
        3 => (id(), 0..100_u8).prop_map(|(user, revenue)| format!(
            "track: {{ userId: {user}, event: sold, properties: {{ revenue: {revenue} }} }}"
        )),
        2 => id().prop_map(|cookie| format!(
            "page: {{ anonymousId: {cookie}, properties: {{ url: https://shop.example/ }} }}"
        )),
        2 => (id(), id()).prop_map(|(user, cookie)| format!("identify: {{ userId: {user}, anonymousId: c-{cookie} }}")),
        1 => (0..600_u16).prop_map(|seconds| format!("wait: {seconds}s")),
        1 => Just("settle:".to_owned()),
        1 => id().prop_map(|user| format!(
            "repeat: {{ times: 3, steps: [{{ track: {{ userId: {user}, event: sold }} }}] }}"
        )),
    ]
}

/// How many of these words are there, those in a loop of three thrice.
fn count(steps: &[String], word: &str) -> usize {
    let times = |step: &String| if step.starts_with("repeat") { 3 } else { 1 };
    let with = steps.iter().filter(|step| step.contains(word));
    with.map(times).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whatever_a_retry_cures_loses_nothing(
        steps in prop::collection::vec(step(), 1..12),
        dialect in prop::sample::select(vec!["classic", "actions", "import"]),
        ordering in prop::sample::select(vec!["per_visitor", "unordered"]),
        max_faults in 1..=20_u8,
        seed in any::<u64>(),
    ) {
        let calls: usize = ["track: ", "page: ", "identify: "].iter().map(|word| count(&steps, word)).sum();
        let sold = count(&steps, "track: ");
        // Only where the wire says which message it is, each counts once.
        let exactly = match dialect {
            "import" => format!("conversions: {{ count: {sold} }}, "),
            _ => String::new(),
        };
        let steps = steps.join("\n  - ");
        let text = format!(
            "settings: {{ dialect: {dialect}, ordering: {ordering} }}
chaos: {{ runs: 10, max_faults: {max_faults} }}
steps:\n  - {steps}
expect: {{ {exactly}deliveries: {{ events: {calls}, delivered: {calls} }} }}"
        );
        let outcome = played(&parsed(&text), seed, None);
        prop_assert!(outcome.passed(), "{:?} {:?}", outcome.failures, outcome.chaos);
    }

    #[test]
    fn a_failed_run_is_the_same_again_alone_and_as_steps(seed in any::<u64>()) {
        let scenario = parsed(TWICE);
        let whole = played(&scenario, seed, None);
        prop_assert_eq!(json(&whole), json(&played(&scenario, seed, None)));
        let failed = failed(&whole);
        prop_assert!(failed.smallest && (1..=failed.drawn).contains(&failed.faults.len()));

        let mut alone = played(&scenario, seed, Some(failed.run));
        prop_assert_eq!(chaos(&alone).only, Some(failed.run));
        alone.chaos = whole.chaos.clone();
        prop_assert_eq!(json(&whole), json(&alone));

        let text = pasted(TWICE, failed);
        let options = RunOptions { seed: failed.seed, ..RunOptions::default() };
        let as_steps = run(&parsed(&text), &options).expect("it can be played");
        prop_assert_eq!(as_steps.chaos.as_ref(), None);
        prop_assert_eq!(as_steps.virtual_time, whole.virtual_time, "{}", text);
        prop_assert_eq!(
            as_steps.failures.iter().map(what).collect::<Vec<_>>(),
            whole.failures.iter().map(what).collect::<Vec<_>>()
        );
        let attempts = |outcome: &Outcome| format!(
            "{:?}",
            outcome.timeline.messages.iter().map(|message| message.attempts.clone()).collect::<Vec<_>>()
        );
        prop_assert_eq!(attempts(&as_steps), attempts(&whole));
    }
}
