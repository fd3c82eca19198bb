//! What advertising cost and brought in, in a scenario.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use clock::Seed;
use scenario::{Outcome, RunOptions, Scenario, Source, parse, run};

/// Two visits by two channels on two days, and an order.
const STORY: &str = "
steps:
  - page: { anonymousId: a, properties: { url: 'https://shop.example/?utm_source=google' } }
  - wait: 1d
  - page: { anonymousId: a, properties: { url: 'https://shop.example/?utm_source=facebook' } }
  - track: { anonymousId: a, userId: u, event: Order, properties: { revenue: 99.90 } }
";

fn read(text: &str, files: &[(&str, &str)]) -> Scenario {
    let files: BTreeMap<String, String> = files
        .iter()
        .map(|(path, text)| (path.to_string(), text.to_string()))
        .collect();
    let source = Arc::new(Source::of("a.yaml", text));
    let mut scenarios = parse(source, &files).unwrap_or_else(|error| panic!("{}", error.render()));
    scenarios.pop().expect("there is one at least")
}

fn play(text: &str, files: &[(&str, &str)]) -> Outcome {
    run(&read(text, files), &RunOptions::default()).expect("it can be played")
}

/// Plays the story with this before and behind it, and returns what does not hold.
fn failures(before: &str, expect: &str, files: &[(&str, &str)]) -> Vec<String> {
    let outcome = play(&format!("{before}{STORY}expect:\n{expect}"), files);
    outcome.failures.iter().map(ToString::to_string).collect()
}

const SPEND: &str = "spend: [{ date: 2024-01-15, channel: google ads, spend: 40 }, { date: 2024-01-16, filter: Facebook by utm_source, spend: \"12.50\", currency: USD }]\n";

#[test]
fn without_a_word_about_it_the_report_is_by_channel_and_linear() {
    let expect = "
  report:
    - { channel: Google Ads, model: linear, spend: null, visits: 1, visitors: 1, conversions: 0.5, revenue: 49.95, roas: null }
    - { channel: Facebook, revenue: '49.95', profit: { $gte: 49 }, filter: { $absent: true } }
";
    assert_eq!(failures("", expect, &[]), [""; 0]);
}

#[test]
fn spend_may_stand_in_a_file_as_it_stands_in_rows() {
    let csv = "date,channel,filter,spend,currency\n2024-01-15,google ads,,40,\n2024-01-16,,Facebook by utm_source,12.50,USD\n";
    let expect = "
  - report:
      by: [filter, day]
      model: last-touch
      rows:
        - { filter: $absent, spend: 40 }
";
    let expect = expect.replace("filter: $absent", "filter: null, channel: null, day: 2024-01-15");
    let expect = expect.trim_end().to_owned()
        + "
        - { filter: Google by utm_source, day: 2024-01-15, spend: null, visits: 1, revenue: 0 }
        - { filter: Facebook by utm_source, day: 2024-01-16, spend: 12.50, revenue: 99.90, roas: 7.99, profit: 87.40 }
  - report: { contains: [{ channel: Google Ads, spend: 40, profit: 9.95 }], count: 2 }
";
    for (before, files) in [
        (SPEND, &[][..]),
        ("spend: spend.csv\n", &[("spend.csv", csv)]),
        ("spend: { file: money/spend.csv }\n", &[("money/spend.csv", csv)]),
    ] {
        assert_eq!(failures(before, &expect, files), [""; 0], "{before}");
    }
}

#[test]
fn an_expect_asks_for_what_the_scenario_does_not() {
    let report = "report: { model: [first-touch, last-touch], direct: exclude }\n";
    let expect = "
  - report: { contains: [{ channel: Google Ads, model: first-touch, revenue: 99.90 }, { model: last-touch, revenue: 0 }], count: 4 }
  - report: { model: linear, rows: [{ revenue: 49.95 }, { revenue: 49.95 }] }
  - report: { look_back: 1h, model: linear, rows: [{ channel: Google Ads, revenue: 0 }, { channel: Facebook, revenue: 99.90 }] }
  - report: { event: Nothing, never: [{ conversions: { $gt: 0 } }] }
  - report: { from: 2024-01-16, booked: conversion, never: [{ channel: Google Ads, visits: 1 }] }
";
    assert_eq!(failures(report, expect, &[]), [""; 0]);
}

#[test]
fn channels_are_a_preset_a_file_or_the_scenarios_own() {
    let list = "  - name: Ours\n    filters:\n      - { name: All, params: { utm_source: [google, facebook] } }\n";
    let file = format!("channels:\n{list}");
    let ours = "  report: [{ channel: Ours, visits: 2, revenue: 99.90 }]\n";
    let nested = format!("channels:\n  own_domains: [pay.example]\n  channels:\n{list}");
    for (before, files, expect) in [
        (
            "channels: our/channels.yaml\n",
            &[("our/channels.yaml", &*file)][..],
            ours,
        ),
        (&*file, &[], ours),
        (&*nested, &[], ours),
        (
            "channels: [{ name: Ours, filters: [{ name: All, params: { utm_source: '*' } }] }]\n",
            &[],
            ours,
        ),
        (
            "channels: analytics\n",
            &[],
            "  report: { never: [{ channel: Google Ads }], count: { $gte: 1 } }\n",
        ),
    ] {
        assert_eq!(failures(before, expect, files), [""; 0], "{before}");
    }
}

#[test]
fn the_matrix_may_choose_channels_and_models() {
    let text = format!(
        "matrix: {{ preset: [attribution, analytics], model: [linear, first-touch] }}\nchannels: '{{{{preset}}}}'\n\
         report: {{ model: '{{{{model}}}}' }}\n{STORY}expect: {{ report: {{ contains: [{{ model: '{{{{model}}}}' }}] }} }}\n"
    );
    let source = Arc::new(Source::of("a.yaml", text));
    let scenarios = parse(source, &BTreeMap::new()).unwrap_or_else(|error| panic!("{}", error.render()));
    assert_eq!(scenarios.len(), 4);
    for scenario in &scenarios {
        assert_eq!(
            run(scenario, &RunOptions::default()).unwrap().failures,
            [],
            "{}",
            scenario.name
        );
    }
}

#[test]
fn a_figure_can_be_captured() {
    let text = format!(
        "{SPEND}{STORY}  - capture: {{ paid: 'report[0].spend' }}\n  - expect: {{ report: {{ contains: [{{ spend: '{{{{paid}}}}' }}] }} }}\n"
    );
    assert_eq!(play(&text, &[]).failures, []);
}

/// What the report shows at each minute after the order, of a story that ends in it.
fn seen(delay: &str, seed: u64) -> (Vec<bool>, Outcome) {
    let looks = |minute: u64| {
        let expect = "expect: { report: { contains: [{ conversions: { $gt: 0 } }] }, conversions: { count: 1 } }";
        format!("  - wait: 1m\n  - {expect} # {minute}\n")
    };
    let text: String = (1..40).map(looks).collect();
    let text = format!("settings: {{ dashboard_delay: {delay} }}\n{STORY}{text}");
    let scenario = read(&text, &[]);
    let options = RunOptions {
        seed: Seed::from(seed),
        ..RunOptions::default()
    };
    let outcome = run(&scenario, &options).expect("it can be played");
    let line = |offset: usize| scenario.source.position(offset).line;
    let failed: Vec<usize> = outcome.failures.iter().map(|failure| line(failure.at.start)).collect();
    let lines = text.lines().enumerate().filter(|(_, line)| line.contains("- expect"));
    (
        lines.map(|(index, _)| !failed.contains(&(index + 1))).collect(),
        outcome,
    )
}

#[test]
fn before_the_delay_nothing_is_on_the_dashboard_and_after_it_everything() {
    let (seen_after, _) = seen("20m", 0);
    let expected: Vec<bool> = (1..40).map(|minute| minute >= 20).collect();
    assert_eq!(seen_after, expected);
    let (at_once, _) = seen("0s", 0);
    assert!(at_once.iter().all(|seen| *seen));
}

#[test]
fn a_delay_between_two_is_the_same_for_the_same_seed_and_another_for_another() {
    let first = |seed: u64| {
        let (seen, _) = seen("15m..30m", seed);
        let first = seen.iter().position(|seen| *seen).expect("in the end it is there") + 1;
        assert!((15..=30).contains(&first), "{first}");
        assert!(seen[first..].iter().all(|seen| *seen), "what is there stays");
        first
    };
    let all: std::collections::BTreeSet<usize> = (0..8).map(first).collect();
    assert!(all.len() > 1, "{all:?}");
    assert_eq!(first(3), first(3));
}

#[test]
fn the_closing_expect_waits_until_all_is_on_the_dashboard() {
    let expect = "expect: { report: { contains: [{ channel: Facebook, revenue: 49.95 }] } }\n";
    let day = Duration::from_secs(24 * 60 * 60);
    let late = play(&format!("settings: {{ dashboard_delay: 20m }}\n{STORY}{expect}"), &[]);
    assert_eq!(
        (late.passed(), late.virtual_time),
        (true, day + Duration::from_secs(20 * 60))
    );
    let prompt = play(&format!("{STORY}{expect}"), &[]);
    assert_eq!((prompt.passed(), prompt.virtual_time), (true, day));
    let without = play(&format!("settings: {{ dashboard_delay: 20m }}\n{STORY}"), &[]);
    assert_eq!(
        without.virtual_time, day,
        "nothing is looked at, so nothing is waited for"
    );
}

#[test]
fn what_arrives_late_changes_the_report_only_when_it_is_shown() {
    let text = "
settings: { dashboard_delay: 20m }
steps:
  - page: { anonymousId: a, properties: { url: 'https://shop.example/?utm_source=google' } }
  - track: { userId: u, event: Order, properties: { revenue: 10 } }
  - wait: 30m
  - identify: { anonymousId: a, userId: u }
  - expect:
      identities: { count: 1 }
      report: [{ channel: Google Ads, revenue: 0 }, { channel: unattributed, revenue: 10 }]
expect:
  report: [{ channel: Google Ads, revenue: 10 }]
";
    assert_eq!(play(text, &[]).failures, []);
}
