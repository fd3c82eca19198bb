//! `run --coverage`: what of the contract was touched.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};
use test_support::snapshots;

use crate::command::{Printed, run};
use crate::junit;
use crate::scratch::Scratch;

const WHOLE: &str = "fixtures/scenarios/contract";

const SMALL: &str = "fixtures/scenarios/passing/docs-track.yaml";

/// What stands below the scenarios' own summary.
fn block(arguments: &[&str]) -> String {
    let stdout = run(&[&["run"], arguments].concat()).stdout;
    let start = stdout.find("coverage of the contract").expect("there is a coverage");
    stdout[start..].to_owned()
}

/// The coverage in the JSON report of a run.
fn reported(arguments: &[&str]) -> Value {
    let scratch = Scratch::new();
    let file = scratch.typed("report.json");
    run(&[&["run"], arguments, &["--report-json", &file]].concat());
    let mut report: Value = serde_json::from_str(&scratch.read("report.json")).unwrap();
    report["coverage"].take()
}

#[test]
fn a_small_scenario_touches_exactly_what_it_says() {
    let scratch = Scratch::with(&[(
        "a.yaml",
        "steps:\n  - fault: { respond: 503 }\n  - track: { userId: user-1, event: sign up, timestamp: 2024-01-15T10:00:00Z }\n  - group: { userId: user-1, groupId: g }\n",
    )]);
    let coverage = reported(&[&scratch.typed("a.yaml"), "--coverage"]);
    let touched = |part: &str| coverage["parts"][part]["touched"].clone();
    assert_eq!(touched("dialects"), json!(["classic"]));
    assert_eq!(touched("calls"), json!(["track", "group"]));
    assert_eq!(
        touched("fields"),
        json!(["classic.userId", "classic.timestamp", "classic.event"])
    );
    assert_eq!(touched("mappings"), json!(["classic.track"]));
    assert_eq!(touched("skips"), json!(["UNSUPPORTED_EVENT_TYPE"]));
    for nothing in ["map_errors", "rejections", "rules"] {
        assert_eq!(touched(nothing), json!([]), "{nothing}");
    }
    assert_eq!(touched("answers"), json!(["200", "503"]));
    assert_eq!(touched("faults"), json!(["respond"]));
    assert_eq!(coverage["touched"], 11);
}

#[test]
fn the_block_names_what_was_not_touched() {
    let _guard = snapshots("run");
    assert_snapshot!("coverage", block(&[SMALL, "--coverage"]));
}

#[test]
fn all_of_the_contract_can_be_touched() {
    let Printed { code, stdout, .. } = run(&["run", WHOLE, "--coverage-min", "100"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("coverage of the contract: 100 %"), "{stdout}");
}

#[test]
fn below_the_threshold_a_run_fails_and_says_how_much_is_missing() {
    let Printed { code, stdout, .. } = run(&["run", SMALL, "--coverage-min", "92.5"]);
    assert_eq!(code, Some(1), "{stdout}");
    let problem = stdout.lines().last().unwrap();
    assert!(
        problem.contains("less than the 92.5 % of --coverage-min") && problem.contains(" more of what is not touched"),
        "{problem}"
    );
    assert_eq!(run(&["run", SMALL, "--coverage-min", "1"]).code, Some(0));
    let both = ["run", "fixtures/mistakes", SMALL, "--coverage-min", "100"];
    assert_eq!(run(&both).code, Some(2), "a mistake is worse");
}

#[test]
fn neither_order_nor_workers_nor_repetitions_change_it() {
    let folder = "fixtures/scenarios/passing";
    let one = block(&[WHOLE, folder, "--coverage", "--jobs", "1"]);
    assert_eq!(block(&[folder, WHOLE, "--coverage", "--jobs", "8"]), one);
    assert_eq!(
        block(&[SMALL, "--coverage", "--repeat", "3"]),
        block(&[SMALL, "--coverage"])
    );
}

#[test]
fn only_what_was_played_counts_and_the_shares_make_the_whole() {
    let names = |coverage: &Value| -> Vec<String> {
        let parts = coverage["parts"].as_object().unwrap();
        let touched = parts.values().flat_map(|part| part["touched"].as_array().unwrap());
        touched.map(ToString::to_string).collect()
    };
    let whole = names(&reported(&[WHOLE, "--coverage"]));
    let shards = ["1/2", "2/2"].map(|shard| names(&reported(&[WHOLE, "--coverage", "--shard", shard])));
    assert!(shards.iter().all(|shard| shard.len() < whole.len()));
    assert!(whole.iter().all(|name| shards.iter().any(|shard| shard.contains(name))));
    let filtered = reported(&[WHOLE, "--coverage", "--filter", "ingest refuses"]);
    assert_eq!(filtered["parts"]["dialects"]["touched"], json!([]));
}

#[test]
fn every_run_of_chaos_counts() {
    let text = "chaos: { runs: 20, faults: [hang] }\nsteps:\n  - track: { userId: user-1, event: sign up }\nexpect:\n  deliveries: { delivered: 1 }\n";
    let scratch = Scratch::with(&[("a.yaml", text)]);
    let coverage = reported(&[&scratch.typed("a.yaml"), "--coverage"]);
    assert_eq!(coverage["parts"]["faults"]["touched"], json!(["hang"]));
    assert_eq!(coverage["parts"]["answers"]["touched"], json!(["200", "none"]));
}

#[test]
fn it_is_in_every_report_that_has_a_place_for_it_and_only_where_it_was_asked_for() {
    let scratch = Scratch::new();
    let [json, html, summary, junit, tap] =
        ["a.json", "a.html", "a.md", "a.xml", "a.tap"].map(|file| scratch.typed(file));
    let github = format!("--report-github={summary}");
    let files = [
        "--report-json",
        &json,
        "--report-html",
        &html,
        "--report-junit",
        &junit,
        "--report-tap",
        &tap,
    ];
    let reports = [&files[..], &[&github]].concat();
    let texts = |coverage: &[&str]| {
        let _ = fs::remove_file(&summary);
        let printed = run(&[&["run", SMALL, "--format", "json"], &reports[..], coverage].concat());
        let files = ["a.json", "a.html", "a.md", "a.xml", "a.tap"].map(|file| scratch.read(file));
        junit::check(&files[3]);
        (printed, files)
    };
    let (printed, files) = texts(&["--coverage-min", "99"]);
    assert!(files.iter().all(|text| text.contains("classic.sessionId")));
    for file in [1, 2, 4] {
        assert!(files[file].contains("99 % of --coverage-min"), "{}", files[file]);
    }
    assert!(
        printed.stderr.starts_with("::error title=coverage::"),
        "{}",
        printed.stderr
    );
    let lines: Vec<Value> = printed
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [_, coverage, last] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    assert_eq!(coverage["coverage"]["min"], json!(99.0));
    assert!(coverage["coverage"]["missing"].as_u64().unwrap() > 0 && last["summary"].is_object());

    let (printed, files) = texts(&[]);
    let all = files.iter().chain([&printed.stdout, &printed.stderr]);
    assert_eq!(all.filter(|text| text.contains("coverage")).count(), 0);
}

#[test]
fn junit_has_it_as_properties_and_tap_as_comments() {
    let scratch = Scratch::new();
    let (junit, tap) = (scratch.typed("a.xml"), scratch.typed("a.tap"));
    run(&[
        "run",
        SMALL,
        "--coverage-min",
        "5",
        "--report-junit",
        &junit,
        "--report-tap",
        &tap,
    ]);
    let told = |file: &str, mark: &str| -> String {
        let text = scratch.read(file);
        // The long lists are in `coverage` already.
        let lines = text.lines().map(str::trim_start);
        let lines = lines.filter(|line| line.contains(mark) && line.len() < 120);
        lines.collect::<Vec<_>>().join("\n")
    };
    let _guard = snapshots("run");
    assert_snapshot!(
        "coverage_elsewhere",
        [told("a.xml", "coverage"), told("a.tap", "# ")].join("\n")
    );
}

#[test]
fn a_threshold_is_a_percentage_of_what_is_played() {
    for bad in ["101", "-1", "most", "80%", "NaN"] {
        let printed = run(&["run", SMALL, "--coverage-min", bad]);
        assert_eq!(printed.code, Some(2), "{bad}");
        assert!(
            printed.stderr.contains("write a number from 0 to 100"),
            "{}",
            printed.stderr
        );
    }
}
