//! Snapshots: the same text in every run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use clock::Seed;
use scenario::{Failure, FrozenState, Mode, Outcome, RunOptions, Scenario, Snapshots, Source, parse, run};

const FILE: &str = "snapshots/a.yaml/all.snap";

fn scenario(text: &str, stored: Option<&str>) -> Scenario {
    let files = stored.map(|stored| (FILE.to_owned(), stored.to_owned()));
    let files: BTreeMap<String, String> = files.into_iter().collect();
    let mut scenarios = parse(Arc::new(Source::of("shop/a.yaml", text)), &files).expect("the text has no mistake");
    assert_eq!(scenarios.len(), 1);
    scenarios.remove(0)
}

fn played(text: &str, stored: Option<&str>, options: &RunOptions) -> Outcome {
    run(&scenario(text, stored), options).expect("it can be played")
}

fn taken(text: &str, seed: u64, mode: Mode) -> Vec<(String, String)> {
    let options = RunOptions {
        seed: Seed::from(seed),
        mode,
        snapshots: Snapshots::Take,
        ..RunOptions::default()
    };
    let outcome = played(text, None, &options);
    assert_eq!(outcome.failures, []);
    let frozen = outcome.snapshots.into_iter();
    frozen.map(|frozen| (frozen.file, frozen.text)).collect()
}

fn failures(text: &str, stored: Option<&str>) -> Vec<Failure> {
    played(text, stored, &RunOptions::default()).failures
}

/// Everything that could differ, in a dialect: ids of the seed, the clock in all its places, retries and the secret.
fn everything(dialect: &str) -> String {
    let story = r#"
  - page: { anonymousId: "{{anonymous_id}}", properties: { url: "https://shop.example/?key=demo-project" } }
  - settle:
  - wait: 20ms
  - fault: { respond: 503, times: 2 }
  - identify: { anonymousId: anon-1, userId: user-1, traits: { since: "2019-07-01T00:00:00Z" } }
  - settle:
  - track: { userId: user-1, event: Order Completed, properties: { order: "order-{{uuid}}", due: "{{now + 14d}}" } }
  - track: { userId: user-1, event: Order Shipped, timestamp: "2024-01-14T10:00:00Z" }
  - alias: { previousId: user-1, userId: customer-1 }
"#;
    let sections = [
        "requests",
        "visits",
        "page_views",
        "identities",
        "conversions",
        "merges",
        "visitors",
        "violations",
        "skips",
        "rejections",
        "deliveries",
    ];
    let snapshots: String = sections
        .iter()
        .map(|section| ["  - snapshot: { name: ", section, ", of: ", section, " }\n"].concat())
        .collect();
    format!("settings: {{ dialect: {dialect} }}\nsteps:{story}{snapshots}")
}

#[test]
fn neither_sockets_nor_another_seed_change_a_snapshot() {
    let live = Mode::Live {
        limit: Duration::from_secs(60),
    };
    for dialect in ["classic", "actions", "import"] {
        let text = everything(dialect);
        let virtually = taken(&text, 0, Mode::Virtual);
        assert_eq!(virtually.len(), 11);
        let whole: String = virtually.iter().map(|(_, text)| text.as_str()).collect();
        for placeholder in [
            "[project-id]",
            "[start + 20ms]",
            "[start + 14d20ms]",
            "order-[id-",
            "[duration]",
        ] {
            assert!(whole.contains(placeholder), "{dialect}: {placeholder}: {whole}");
        }
        assert!(
            whole.contains("2019-07-01T00:00:00")
                && whole.contains("2024-01-14T10:00:00")
                && !whole.contains("demo-project"),
            "{whole}"
        );
        assert_eq!(virtually, taken(&text, 7, Mode::Virtual), "{dialect}");
        assert_eq!(virtually, taken(&text, 0, live), "{dialect}");
    }
}

#[test]
fn what_engage_makes_up_does_not_change_a_snapshot_either() {
    let text = "engage: { audiences: [{ name: buyers, when: { event: Order Completed, at_least: 1 } }] }
steps:
  - track: { userId: user-1, event: Order Completed }
  - wait: 1d
  - snapshot: all
  - snapshot: { name: identities, of: identities }
";
    let taken = |seed| taken(text, seed, Mode::Virtual);
    assert!(taken(0)[0].1.contains("buyers"), "{:?}", taken(0));
    assert_eq!(taken(0), taken(7));
}

const SHORT: &str = "steps:
  - track: { userId: user-1, event: Signed Up }
  - snapshot: { name: all, fields: [path, status] }
";

const FROZEN: &str = "[\n  {\n    \"path\": \"/track\",\n    \"status\": 200\n  }\n]\n";

#[test]
fn a_snapshot_is_held_against_its_file_however_its_lines_end() {
    assert_eq!(failures(SHORT, Some(FROZEN)), []);
    assert_eq!(failures(SHORT, Some(&FROZEN.replace('\n', "\r\n"))), []);
    assert_eq!(failures(SHORT, Some(FROZEN.trim_end())), []);
    let failures = failures(SHORT, Some(&FROZEN.replace("200", "201")));
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].place, "snapshot.all");
    assert_eq!(failures[0].message, format!("not what {FILE} has"));
    let expected = "  [\n    {\n      \"path\": \"/track\",\n-     \"status\": 201\n+     \"status\": 200\n    }\n  ]";
    assert_eq!(
        failures[0].diff.as_ref().map(ToString::to_string).as_deref(),
        Some(expected)
    );
}

#[test]
fn a_missing_snapshot_is_a_failure_and_shows_what_there_would_be() {
    let failures = failures(SHORT, None);
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].message, format!("there is no {FILE} yet"));
    assert!(
        failures[0].to_string().contains("+     \"status\": 200"),
        "{}",
        failures[0]
    );
}

#[test]
fn whoever_takes_snapshots_is_told_what_has_changed() {
    let state = |stored: Option<&str>| {
        let options = RunOptions {
            snapshots: Snapshots::Take,
            ..RunOptions::default()
        };
        let outcome = played(SHORT, stored, &options);
        assert_eq!((outcome.failures, outcome.expectations), (Vec::new(), 1));
        (outcome.snapshots[0].state, outcome.snapshots[0].text.clone())
    };
    assert_eq!(state(None), (FrozenState::New, FROZEN.to_owned()));
    assert_eq!(state(Some("[]")), (FrozenState::Changed, FROZEN.to_owned()));
    assert_eq!(state(Some(FROZEN)), (FrozenState::Same, FROZEN.to_owned()));
}

#[test]
fn a_snapshot_waits_for_every_delivery() {
    let text = "steps:
  - fault: { respond: 503, times: 3 }
  - track: { userId: user-1, event: Signed Up }
  - snapshot: { name: all, of: deliveries, fields: [delivered, pending, attempts] }
";
    let expected = "{\n  \"delivered\": 1,\n  \"pending\": 0,\n  \"attempts\": 4\n}\n";
    assert_eq!(taken(text, 0, Mode::Virtual), [(FILE.to_owned(), expected.to_owned())]);
}

#[test]
fn each_combination_has_its_snapshot_and_a_name_may_be_made_of_it() {
    let text = "matrix: { dialect: [classic, actions] }
steps:
  - snapshot: all
  - { when: { dialect: actions }, snapshot: \"only {{dialect}}\" }
";
    let scenarios = parse(Arc::new(Source::of("a.yaml", text)), &BTreeMap::new()).expect("the text has no mistake");
    let files: Vec<Vec<&str>> = scenarios
        .iter()
        .map(|scenario| {
            scenario
                .snapshots()
                .into_iter()
                .map(|snapshot| snapshot.file.as_str())
                .collect()
        })
        .collect();
    assert_eq!(
        files,
        [
            vec!["snapshots/a.yaml/all.dialect=classic.snap"],
            vec![
                "snapshots/a.yaml/all.dialect=actions.snap",
                "snapshots/a.yaml/only actions.dialect=actions.snap"
            ]
        ]
    );
}
