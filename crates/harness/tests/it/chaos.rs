//! `chaos:` on the command line: what is told, and the command that shows it again.

use std::fs;
use std::process::Command;

use insta::assert_snapshot;
use test_support::{snapshots, workspace_root};

use crate::command::{Printed, printed, run};
use crate::scratch::Scratch;

const FAILING: &str = "fixtures/scenarios/failing/chaos-duplicate.yaml";

const PASSING: &str = "fixtures/scenarios/passing/chaos.yaml";

/// The line that begins like this, without its beginning.
fn line<'t>(text: &'t str, beginning: &str) -> &'t str {
    let found = text.lines().find_map(|line| line.strip_prefix(beginning));
    found.unwrap_or_else(|| panic!("no line begins with {beginning:?}: {text}"))
}

/// What a shell makes of a command of `harness` that was printed.
fn shell(command: &str) -> Printed {
    let arguments = command.strip_prefix("harness ").expect("it is a command of harness");
    // What was printed has its placeholder for the folder.
    let arguments = arguments.replace("ROOT", &workspace_root().display().to_string());
    let output = Command::new("sh")
        .args(["-c", &format!("\"$HARNESS\" {arguments}")])
        .current_dir(workspace_root())
        .env("HARNESS", env!("CARGO_BIN_EXE_harness"))
        .env("HARNESS_STATE", concat!(env!("CARGO_TARGET_TMPDIR"), "/state"))
        .env("NO_COLOR", "1")
        .env_remove("CI")
        .output()
        .unwrap();
    printed(&output)
}

/// Everything below the first line, which alone says of how many runs it was.
fn below(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

#[test]
fn the_command_that_is_printed_shows_the_same_failure_and_the_same_faults() {
    for seed in ["0", "1", "2"] {
        let first = run(&["run", FAILING, "--seed", seed]);
        assert_eq!(first.code, Some(1), "{}", first.stdout);
        let command = line(&first.stdout, "this run again: ");
        assert!(command.contains(&format!("--seed {seed} --chaos-run ")), "{command}");
        let again = shell(command);
        assert_eq!((again.code, again.stderr.as_str()), (Some(1), ""));
        assert_eq!(below(&again.stdout), below(&first.stdout));
    }
}

#[test]
fn of_a_matrix_and_with_variables_it_is_the_same_scenario_that_is_played_again() {
    let scratch = Scratch::new();
    let text = "name: It's sold once
vars: { revenue: 1 }
matrix: { dialect: [import, classic] }
chaos: { runs: 60, faults: [reset] }
steps:
  - track: { userId: user-1, event: sold, properties: { revenue: '{{revenue}}' } }
expect: { conversions: [{ revenue: 7 }] }
";
    let file = scratch.typed("it is.yaml");
    fs::write(&file, text).unwrap();
    let first = run(&["run", &file, "--var", "revenue=7", "--repeat", "2"]);
    assert_eq!(first.code, Some(1));
    assert!(first.stdout.contains("2 passed, 2 failed"), "{}", first.stdout);
    let again = shell(line(&first.stdout, "this run again: "));
    assert!(
        again.stdout.contains("\n1 scenario: 0 passed, 1 failed"),
        "{}",
        again.stdout
    );
    let told = |text: &str| line(text, "chaos: run ").to_owned() + line(text, "  - fault: ");
    assert_eq!(told(&again.stdout), told(&first.stdout));
    assert_eq!(
        line(&again.stdout, "this run again: "),
        line(&first.stdout, "this run again: ")
    );
}

#[test]
fn one_run_can_be_played_by_itself() {
    let alone = run(&["run", PASSING, "--chaos-run", "17"]);
    assert_eq!(alone.code, Some(0));
    assert!(alone.stdout.contains("real TIME, chaos run 17)"), "{}", alone.stdout);
    let without = run(&["run", "fixtures/scenarios/passing/docs-track.yaml", "--chaos-run", "17"]);
    assert_eq!(without.code, Some(2));
    assert!(
        without
            .stdout
            .contains("the scenario has no `chaos`, and so no run of it can be played again: leave --chaos-run out"),
        "{}",
        without.stdout
    );
}

#[test]
fn in_real_time_there_is_no_chaos() {
    let Printed { code, stdout, .. } = run(&["run", PASSING, "--live"]);
    assert_eq!(code, Some(2));
    let _guard = snapshots("run");
    assert_snapshot!("chaos_live", stdout);
    assert_eq!(run(&["run", PASSING, "--live", "--chaos-run", "1"]).code, Some(2));
}

#[test]
fn chaos_that_takes_too_long_is_given_up() {
    let scratch = Scratch::new();
    let file = scratch.typed("long.yaml");
    // Every run of it has hundreds of attempts.
    let text = "chaos: { runs: 10000 }
steps: [{ repeat: { times: 1000, steps: [{ track: { userId: user-1, event: sold } }] } }]
";
    fs::write(&file, text).unwrap();
    let Printed { code, stdout, .. } = run(&["run", &file, "--timeout", "50ms"]);
    assert_eq!(code, Some(1));
    assert!(stdout.contains("1 timed out"), "{stdout}");
}

#[test]
fn what_failed_under_chaos_is_played_again_as_what_failed_last() {
    let scratch = Scratch::new();
    let state = scratch.typed("state");
    let both = [PASSING, FAILING, "--state", &state];
    assert_eq!(run(&[&["run"], both.as_slice()].concat()).code, Some(1));
    let Printed { code, stdout, .. } = run(&[&["run"], both.as_slice(), &["--last-failed"]].concat());
    assert_eq!(code, Some(1));
    assert!(
        stdout.contains("1 scenario: 0 passed, 1 failed, 1 not selected"),
        "{stdout}"
    );
}

/// A report of both scenarios.
fn report(option: &str) -> String {
    let scratch = Scratch::new();
    let file = scratch.typed("report");
    let Printed { code, stderr, .. } = run(&["run", PASSING, FAILING, &format!("{option}={file}")]);
    assert_eq!(code, Some(1), "{stderr}");
    scratch.read("report")
}

#[test]
fn every_report_says_how_many_runs_there_were_and_how_to_see_the_failure_again() {
    let replay = format!("harness run {FAILING} --seed 0 --chaos-run ");
    for (option, passed) in [
        ("--report-json", "\"chaos\":{\"runs\":100}"),
        ("--report-junit", "<system-out>100 chaos runs</system-out>"),
        ("--report-tap", "\n  chaos: 100 chaos runs\n"),
        ("--report-html", "100 chaos runs"),
    ] {
        let text = report(option);
        assert!(text.contains(passed), "{option}: {text}");
        assert!(text.contains(&replay), "{option}: {text}");
        assert!(text.contains("reset: after"), "{option}: {text}");
    }
    let summary = report("--report-github");
    assert!(summary.contains("chaos runs of 2 scenarios"), "{summary}");
    // Of what is markup otherwise.
    assert!(summary.contains("--chaos-run "), "{summary}");
}

#[test]
fn json_tells_the_faults_with_their_places() {
    let Printed { stdout, .. } = run(&["run", FAILING, "--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(stdout.lines().next().unwrap()).unwrap();
    let failed = &line["scenario"]["outcome"]["chaos"]["failed"];
    let replay = failed["replay"].as_str().unwrap();
    assert!(replay.ends_with(&format!("--chaos-run {}", failed["run"])), "{failed}");
    assert!(failed["seed"].as_str().unwrap().parse::<u64>().is_ok(), "{failed}");
    let fault = &failed["faults"][0];
    assert!(fault["position"]["line"].as_u64() >= Some(5), "{failed}");
    assert!(fault["fault"].as_str().unwrap().contains("reset: after"), "{failed}");
}
