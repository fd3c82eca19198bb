//! Playing scenarios: what a step does to time, what is looked at, and that a seed decides everything.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use clock::Seed;
use proptest::prelude::*;
use scenario::{Mode, Outcome, RunError, RunOptions, Scenario, Source, parse, run};

fn parsed(text: &str) -> Scenario {
    let source = Source::new("test.yaml", text.as_bytes().to_vec()).expect("the text is UTF-8");
    let files = BTreeMap::from([(
        "events.ndjson".to_owned(),
        "{\"type\":\"track\",\"userId\":\"user-1\",\"event\":\"from a file\"}\n".to_owned(),
    )]);
    let mut scenarios = parse(Arc::new(source), &files).unwrap_or_else(|error| panic!("{}", error.render()));
    scenarios.pop().expect("there is one at least")
}

fn played(text: &str) -> Outcome {
    run(&parsed(text), &RunOptions::default()).expect("it can be played")
}

/// The names of the steps with the time each took, in seconds.
fn times(outcome: &Outcome) -> Vec<(&'static str, f64)> {
    outcome
        .steps
        .iter()
        .map(|step| (step.name, step.took.as_secs_f64()))
        .collect()
}

#[test]
fn only_waiting_settling_and_the_end_take_time() {
    let outcome = played(
        "link: { latency: 1s }
steps:
  - track: { userId: user-1, event: sign up }
  - expect: { requests: [], deliveries: { pending: 1 } }
  - wait: 1500ms
  - expect: { requests: [{ status: 200 }], deliveries: { pending: 1 } }
  - settle:
  - track: { userId: user-1, event: deal won }
expect: { conversions: [{ event: sign up }, { event: deal won }] }",
    );
    assert!(outcome.passed(), "{:?}", outcome.failures);
    let expected = [
        ("track", 0.0),
        ("expect", 0.0),
        ("wait", 1.5),
        ("expect", 0.0),
        ("settle", 0.5),
        ("track", 0.0),
        ("closing", 2.0),
    ];
    assert_eq!(times(&outcome), expected);
    assert_eq!(outcome.virtual_time, Duration::from_secs(4));
}

#[test]
fn a_fault_planned_by_a_step_never_meets_the_step_before() {
    let outcome = played(
        "steps:
  - track: { userId: user-1, event: before }
  - fault: { respond: 400 }
  - track: { userId: user-1, event: after }
expect: { conversions: [{ event: before }], deliveries: { delivered: 1, rejected: 1 } }",
    );
    assert!(outcome.passed(), "{:?}", outcome.failures);
}

#[test]
fn what_a_file_leaves_out_is_the_same_in_every_run() {
    let outcome = played(
        "start: 2024-02-29T23:59:59Z
steps:
  - track: { event: nobody }
  - wait: 1s
  - file: events.ndjson
  - track: { event: nobody, messageId: given }
expect:
  rejections: [{ message_id: msg-0001 }, { message_id: given }]
  conversions: [{ event: from a file, at: 2024-03-01T00:00:00Z }]",
    );
    assert!(outcome.passed(), "{:?}", outcome.failures);
}

#[test]
fn a_message_that_never_arrived_is_told_with_the_reason() {
    let outcome = played(
        "steps:
  - group: { userId: user-1, groupId: group-1 }
  - track: { event: nobody }
  - page: { userId: user-1, timestamp: soon }
  - fault: { respond: 404 }
  - track: { userId: user-1, event: sign up }",
    );
    let why: Vec<&str> = outcome
        .undelivered
        .iter()
        .map(|message| message.why.split([',', ':']).next().unwrap_or_default())
        .collect();
    assert_eq!(
        why,
        ["skipped", "refused at ingest", "not mapped", "rejected at attempt 1"]
    );
    assert_eq!((outcome.expectations, outcome.passed()), (0, true));
}

#[test]
fn in_real_time_a_scenario_is_refused_in_the_step_that_passes_the_limit() {
    let scenario = parsed(
        "steps:
  - wait: 20s
  - wait: 20s
  - wait: 1h",
    );
    let options = RunOptions {
        mode: Mode::Live {
            limit: Duration::from_secs(30),
        },
        ..RunOptions::default()
    };
    let Err(RunError::TooLong { at, needs, .. }) = run(&scenario, &options) else {
        panic!("not refused");
    };
    assert_eq!(at, scenario.steps[1].at);
    assert_eq!(needs, Duration::from_secs(3_640));
}

/// A step of a scenario, in YAML.
fn step() -> impl Strategy<Value = String> {
    let id = || (0..3_u8).prop_map(|number| format!("id-{number}"));
    let call = prop_oneof![
        (id(), id()).prop_map(|(user, cookie)| format!(
            "track: {{ userId: {user}, anonymousId: {cookie}, event: sign up, properties: {{ revenue: 1.5 }} }}"
        )),
        id().prop_map(|cookie| format!(
            "page: {{ anonymousId: {cookie}, properties: {{ url: https://shop.example/ }} }}"
        )),
        (id(), id()).prop_map(|(user, cookie)| format!("identify: {{ userId: {user}, anonymousId: {cookie} }}")),
        (id(), id()).prop_map(|(from, into)| format!("alias: {{ previousId: {from}, userId: {into} }}")),
    ];
    let fault = prop_oneof![
        (prop_oneof![Just(429), Just(503), Just(400)], 1..4_u8)
            .prop_map(|(status, times)| format!("fault: {{ respond: {status}, times: {times} }}")),
        Just("fault: { hang: true }".to_owned()),
        Just("fault: { close: after }".to_owned()),
        Just("fault: { connect: refuse }".to_owned()),
        (0..600_u16).prop_map(|after| format!("fault: {{ cut: {after} }}")),
        (0..9_u8).prop_map(|seconds| format!("fault: {{ delay: {seconds}s }}")),
    ];
    prop_oneof![
        4 => call,
        2 => fault,
        1 => (0..600_u16).prop_map(|seconds| format!("wait: {seconds}s")),
        1 => Just("settle:".to_owned()),
        1 => Just("file: events.ndjson".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_same_seed_gives_the_same_outcome_byte_for_byte(
        steps in prop::collection::vec(step(), 1..25),
        latency in 0..200_u16,
        seed in any::<u64>(),
    ) {
        let steps = steps.join("\n  - ");
        // Never true, so that what there was is part of the outcome.
        let scenario = parsed(&format!(
            "link: {{ latency: {latency}ms }}\nsteps:\n  - {steps}\nexpect: {{ requests: [], conversions: [], visits: [], merges: [] }}"
        ));
        let options = RunOptions { seed: Seed::from(seed), ..RunOptions::default() };
        let play = || run(&scenario, &options).expect("it can be played");
        let (first, second) = (play(), play());
        prop_assert_eq!(first.deliveries.pending + first.deliveries.interrupted, 0);
        prop_assert_eq!(
            serde_json::to_string(&first).expect("an outcome is JSON"),
            serde_json::to_string(&second).expect("an outcome is JSON")
        );
    }
}

#[test]
fn what_is_done_is_counted_as_done_however_much_there_is() {
    // The first one waits for time, and the others with it for being looked at.
    let outcome = played(
        "steps:
  - fault: { respond: 503, times: 1 }
  - track: { userId: first, event: sign up }
  - repeat: { times: 300, steps: [{ track: { userId: user-1, event: sign up } }] }
  - expect: { deliveries: { delivered: 300, pending: 1 } }
",
    );
    assert!(outcome.passed(), "{:?}", outcome.failures);
}

#[test]
fn a_timeline_is_made_of_what_failed_and_else_where_it_is_asked_for() {
    let steps = "steps: [{ track: { userId: user-1, event: sign up } }]\nexpect: { deliveries: { delivered: ";
    let made = |delivered, timeline| {
        let options = RunOptions {
            timeline,
            ..RunOptions::default()
        };
        let outcome = run(&parsed(&format!("{steps}{delivered} }} }}")), &options).expect("it can be played");
        let timeline = &outcome.timeline;
        (outcome.passed(), timeline.messages.len(), timeline.recorded.is_empty())
    };
    assert_eq!(made(1, true), (true, 1, false));
    assert_eq!(made(1, false), (true, 0, true), "nobody asked");
    assert_eq!(made(2, false), (false, 1, false), "it failed");
}
