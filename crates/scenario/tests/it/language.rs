use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use scenario::{Action, Scenario, ScenarioSettings, Source, parse};

/// The scenario that the language's documentation shows.
pub(crate) const EXAMPLE: &str = r#"
name: An anonymous visitor becomes a paying customer
start: 2024-01-15T10:00:00Z          # the virtual wall clock at the first step
settings: { project_id: demo-project }
steps:
  - page:
      anonymousId: anon-1
      name: Pricing
      properties: { url: "https://shop.example/pricing?utm_source=google&utm_medium=cpc" }
  - wait: 40m                        # virtual: costs nothing
  - identify: { anonymousId: anon-1, userId: user-1, traits: { email: ada@example.com } }
  - fault: { path: /track, respond: 503, times: 2 }
  - track: { anonymousId: anon-1, userId: user-1, event: Order Completed, properties: { revenue: 99.90 } }
  - alias: { previousId: user-1, userId: customer-1 }
expect:
  visits:      [{ visitor: customer-1, page: "https://shop.example/pricing", source: google }]
  identities:  [{ visitor: customer-1, traits: { email: ada@example.com } }]
  conversions: [{ event: Order Completed, revenue: 99.90 }]
  merges:      [{ from: user-1, into: customer-1 }]
  deliveries:  { delivered: 4, attempts: 6 }
"#;

pub(crate) fn read(text: &str) -> Scenario {
    let source = Source::new("folder/a-b.yaml", text.as_bytes().to_vec()).expect("text is UTF-8");
    let mut scenarios = parse(Arc::new(source), &BTreeMap::new()).unwrap_or_else(|error| panic!("{}", error.render()));
    scenarios.pop().expect("there is one at least")
}

/// The one closing `expect`.
pub(crate) fn expectations(scenario: &Scenario) -> &scenario::Expectations {
    let action = scenario.expect.first().map(|step| &step.action);
    let Some(Action::Expect(look)) = action else {
        panic!("{action:?}")
    };
    &look.expectations
}

#[test]
fn the_documented_example_is_read() {
    let scenario = read(EXAMPLE);
    let names: Vec<_> = scenario.steps.iter().map(|step| step.action.name()).collect();
    assert_eq!(names, ["page", "wait", "identify", "fault", "track", "alias"]);
    assert_eq!(scenario.name, "An anonymous visitor becomes a paying customer");
    assert_eq!(expectations(&scenario).lists.len(), 4);
}

#[test]
fn the_smallest_scenario_has_defaults_for_everything() {
    let scenario = read("steps: [{ page: { anonymousId: a } }]");
    assert_eq!(scenario.name, "a-b");
    assert_eq!(scenario.start.to_string(), "2024-01-15T10:00:00Z");
    assert_eq!(scenario.settings, ScenarioSettings::default());
    assert_eq!(scenario.link.latency, Duration::ZERO);
    assert!(scenario.expect.is_empty() && scenario.description.is_none());
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let plain = read(EXAMPLE);
    let windows = read(&format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n")));
    assert_eq!(format!("{:?}", messages(&plain)), format!("{:?}", messages(&windows)));
    for (plain_step, windows_step) in plain.steps.iter().zip(&windows.steps) {
        let first = |scenario: &Scenario, step: &scenario::Step| scenario.source.position(step.at.start);
        assert_eq!(first(&plain, plain_step), first(&windows, windows_step));
    }
}

#[test]
fn a_step_knows_its_place() {
    let scenario = read(EXAMPLE);
    let shown: Vec<_> = scenario
        .steps
        .iter()
        .map(|step| scenario.source.slice(step.at))
        .collect();
    assert_eq!(shown[1], "wait: 40m");
    assert_eq!(shown[3], "fault: { path: /track, respond: 503, times: 2 }");
    assert!(
        shown[0].starts_with("page:") && shown[0].ends_with("cpc\" }"),
        "{}",
        shown[0]
    );
}

#[test]
fn aliases_and_merges_stand_for_what_they_name() {
    let scenario = read(
        "steps:
  - identify: &ada { userId: u, traits: &traits { plan: pro, seats: 2 } }
  - identify: *ada
  - identify: { userId: u, traits: { <<: *traits, seats: 3 } }
",
    );
    let traits: Vec<_> = messages(&scenario)
        .into_iter()
        .map(|message| message["traits"].to_string())
        .collect();
    assert_eq!(
        traits,
        [
            r#"{"plan":"pro","seats":2}"#,
            r#"{"plan":"pro","seats":2}"#,
            r#"{"seats":3,"plan":"pro"}"#
        ]
    );
}

#[test]
fn values_mean_what_yaml_1_2_says() {
    let scenario =
        read("steps: [{ track: { userId: 007, event: no, properties: { a: 0x1F, b: 1_000, c: yes, d: True } } }]");
    let message = serde_json::Value::Object(messages(&scenario).remove(0));
    let expected =
        r#"{"type":"track","userId":"007","event":"no","properties":{"a":31,"b":"1_000","c":"yes","d":true}}"#;
    assert_eq!(message.to_string(), expected);
}

#[test]
fn settle_needs_no_value() {
    let scenario = read("steps: [{ settle: }, { settle: true }, { page: {} }]");
    let settles = scenario
        .steps
        .iter()
        .filter(|step| matches!(step.action, Action::Settle))
        .count();
    assert_eq!(settles, 2);
}

fn messages(scenario: &Scenario) -> Vec<serde_json::Map<String, serde_json::Value>> {
    let message = |action: &Action| match action {
        Action::Call { message, .. } => Some(message.clone()),
        _ => None,
    };
    scenario.steps.iter().filter_map(|step| message(&step.action)).collect()
}
