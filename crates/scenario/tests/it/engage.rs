//! When Engage's syncs happen, and what of the events it sees.

use std::sync::Arc;
use std::time::Duration;

use clock::Seed;
use proptest::prelude::*;
use scenario::{Outcome, RunOptions, Source, parse, run};

/// A scenario with all that an Engage section can have.
pub(crate) const AUDIENCES: &str = "
engage:
  first_sync: { from: 6h, to: 9h }
  every: 2h
  form: track
  audiences:
    - name: Order Completed Last 30Days
      key: order_completed_last_30days
      when: { event: Order Completed, at_least: 1, within: 30d, where: { revenue: { more_than: 9.90 }, currency: EUR } }
    - name: Undecided
      when:
        and:
          - { page: Pricing, exactly: 2 }
          - not: { or: [{ screen: Home, at_most: 1 }, { trait: plan, equals: pro, exists: true, contains: r }] }
  traits:
    - { name: Spent, sum: { event: Order Completed, property: revenue, within: 7d } }
    - { name: Orders, count: { event: Order Completed } }
steps:
  - track: { userId: user-1, event: Order Completed, properties: { revenue: 10, currency: EUR } }
";

#[test]
fn all_that_an_engage_section_can_have_is_read() {
    let outcome = played(AUDIENCES, 0);
    assert_eq!(outcome.deliveries.delivered, 1);
}

fn played(text: &str, seed: u64) -> Outcome {
    let source = Source::new("test.yaml", text.as_bytes().to_vec()).expect("the text is UTF-8");
    let files = std::collections::BTreeMap::from([(
        "events.ndjson".to_owned(),
        "{\"type\":\"track\",\"userId\":\"user-1\",\"event\":\"Order\",\"timestamp\":\"2024-01-01T00:00:00Z\"}\n"
            .to_owned(),
    )]);
    let scenario = parse(Arc::new(source), &files).unwrap_or_else(|error| panic!("{}", error.render()));
    let options = RunOptions {
        seed: Seed::from(seed),
        ..RunOptions::default()
    };
    run(&scenario[0], &options).expect("it can be played")
}

fn passes(text: &str) {
    let outcome = played(text, 0);
    assert!(outcome.passed() && outcome.expectations > 0, "{:?}", outcome.failures);
}

#[test]
fn a_sync_that_is_due_while_deliveries_settle_takes_place() {
    passes(
        "engage: { first_sync: 1m, every: 1m, audiences: [{ name: Pros, when: { trait: plan, equals: pro } }] }
steps:
  - fault: { path: /track, respond: 503, times: 8 }
  - track: { userId: user-1, event: Order }
  - identify: { userId: user-2, traits: { plan: pro } }
  - settle:
expect:
  requests:
    contains:
      - { path: /identify, at: 2024-01-15T10:01:00Z, body: { user_id: user-2, traits: { pros: true } } }
      - { path: /track, status: 200, at: { $regex: 'T10:0[2-9]|T10:01:[1-5]' } }",
    );
}

#[test]
fn nothing_is_told_after_the_last_step_has_settled() {
    passes(
        "engage: { audiences: [{ name: Buyers, when: { event: Order } }] }
steps:
  - track: { userId: user-1, event: Order }
expect: { identities: [], deliveries: { delivered: 1 } }",
    );
}

#[test]
fn an_event_counts_from_when_it_happened_and_not_from_when_it_was_sent() {
    passes(
        "engage:
  audiences:
    - { name: Recent, when: { event: Order, within: 14d } }
    - { name: Ever, when: { event: Order } }
steps:
  - file: events.ndjson
  - wait: 1d
expect: { identities: [{ visitor: user-1, traits: { ever: true, recent: { $absent: true } } }] }",
    );
}

#[test]
fn what_segment_refuses_is_not_seen_unless_the_checks_are_off() {
    let steps = "steps:
  - track: { userId: user-1, event: Order, properties: [] }
  - wait: 6h";
    let engage = "engage: { audiences: [{ name: Buyers, when: { event: Order } }] }";
    passes(&format!("{engage}\n{steps}\nexpect: {{ identities: [] }}"));
    passes(&format!(
        "settings: {{ ingest: false, strict: false }}\n{engage}\n{steps}\nexpect: {{ identities: [{{ visitor: user-1 }}] }}"
    ));
}

#[test]
fn the_destination_is_told_by_the_name_that_it_has_in_its_dialect() {
    for dialect in ["classic", "actions"] {
        passes(&format!(
            "settings: {{ dialect: {dialect} }}
engage: {{ audiences: [{{ name: Buyers, when: {{ event: Order }} }}] }}
steps:
  - track: {{ userId: user-1, event: Order }}
  - wait: 6h
expect: {{ identities: [{{ visitor: user-1, traits: {{ buyers: true }} }}], skips: [] }}"
        ));
    }
}

#[test]
fn an_audience_follows_an_alias_unless_segment_ignores_it() {
    for (alias, told) in [
        ("join", "{ buyers: true }"),
        ("ignore", "{ buyers: { $absent: true } }"),
    ] {
        passes(&format!(
            "engage: {{ alias: {alias}, audiences: [{{ name: Buyers, when: {{ event: Order, at_least: 2 }} }}] }}
steps:
  - track: {{ userId: user-1, event: Order }}
  - track: {{ userId: customer-1, event: Order }}
  - identify: {{ userId: customer-1 }}
  - alias: {{ previousId: user-1, userId: customer-1 }}
  - wait: 6h
expect: {{ identities: [{{ visitor: customer-1, user_ids: [customer-1, user-1], traits: {told} }}] }}"
        ));
    }
}

#[test]
fn years_of_syncs_with_nothing_to_tell_take_no_time() {
    let outcome = played(
        "engage: { every: 1m, audiences: [{ name: Buyers, when: { event: Order, within: 3000d } }] }
steps:
  - track: { userId: user-1, event: Order }
  - wait: 3650d
expect: { requests: [{ path: /track }, { path: /identify }, { path: /identify }] }",
        0,
    );
    assert!(outcome.passed(), "{:?}", outcome.failures);
    assert_eq!(outcome.virtual_time, Duration::from_secs(3_650 * 86_400));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_seed_decides_the_syncs_and_a_wait_takes_what_it_says(
        seed: u64, minutes in prop::collection::vec(0..400_u64, 1..8),
    ) {
        let step = |(user, minutes)| format!("  - track: {{ userId: user-{user}, event: Order }}\n  - wait: {minutes}m\n");
        let steps: Vec<String> = minutes.iter().enumerate().map(step).collect();
        let steps = steps.concat();
        let text = format!(
            "engage: {{ audiences: [{{ name: Buyers, when: {{ event: Order, within: 5h }} }}] }}
steps:
{steps}expect: {{ requests: [] }}"
        );
        let shown = |outcome: &Outcome| serde_json::to_string(outcome).expect("an outcome is JSON");
        let outcome = played(&text, seed);
        prop_assert_eq!(shown(&outcome), shown(&played(&text, seed)));
        let waits = outcome.steps.iter().filter(|step| step.name == "wait").map(|step| step.took);
        let written = minutes.iter().map(|minutes| Duration::from_secs(minutes * 60));
        prop_assert!(waits.eq(written));
    }
}
