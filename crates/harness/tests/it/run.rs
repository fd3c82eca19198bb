//! `harness run` and `harness check`.

use std::fs;
use std::process::Stdio;

use insta::assert_snapshot;
use test_support::{fixtures, snapshots};

use crate::command::{Printed, harness, run};

#[test]
fn every_passing_scenario_passes() {
    let Printed { code, stdout, stderr } = run(&["run", "fixtures/scenarios/passing"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    let _guard = snapshots("run");
    assert_snapshot!("passing", stdout);
}

#[test]
fn every_failing_scenario_says_what_is_wrong() {
    let _guard = snapshots("run/failing");
    for fixture in fixtures("scenarios/failing", "yaml") {
        let Printed { code, stdout, stderr } =
            run(&["run", &format!("fixtures/scenarios/failing/{}.yaml", fixture.name)]);
        assert_eq!((code, stderr.as_str()), (Some(1), ""), "{}: {stdout}", fixture.name);
        assert_snapshot!(fixture.name, stdout);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_whatever_the_number_of_jobs() {
    let with = |jobs: &str| {
        run(&[
            "run",
            "fixtures/scenarios",
            "--format",
            "json",
            "--seed",
            "7",
            "--jobs",
            jobs,
        ])
        .stdout
    };
    let without_real_time = |text: String| -> Vec<String> {
        let cut = |line: &str| match line.split_once("\"real_ms\":") {
            Some((before, after)) => format!(
                "{before}{}",
                after.trim_start_matches(|c: char| c.is_ascii_digit() || ".e-".contains(c))
            ),
            None => line.to_owned(),
        };
        text.lines().map(cut).collect()
    };
    assert_eq!(without_real_time(with("1")), without_real_time(with("4")));
}

#[test]
fn json_says_the_same_as_the_exit_code() {
    let Printed { code, stdout, .. } = run(&[
        "run",
        "fixtures/scenarios/failing/wrong-revenue.yaml",
        "--format",
        "json",
    ]);
    let lines: Vec<serde_json::Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(code, Some(1));
    assert_eq!(lines[0]["scenario"]["status"], "failed");
    assert_eq!(
        lines[0]["scenario"]["outcome"]["failures"][0]["place"],
        "conversions[0].revenue"
    );
    assert_eq!(lines[0]["scenario"]["outcome"]["failures"][0]["position"]["line"], 6);
    assert_eq!(lines[1]["summary"]["failed"], 1);
}

#[test]
fn a_live_run_sends_over_sockets_and_comes_to_the_same() {
    let Printed { code, stdout, .. } = run(&["run", "fixtures/scenarios/passing/docs-track.yaml", "--live"]);
    assert_eq!(code, Some(0), "{stdout}");
}

#[test]
fn a_live_run_that_would_take_too_long_is_refused_with_the_step() {
    let Printed { code, stdout, .. } = run(&["run", "fixtures/scenarios/passing/docs-conversions.yaml", "--live"]);
    assert_eq!(code, Some(2));
    let _guard = snapshots("run");
    assert_snapshot!("too_long_for_live", stdout);
}

#[test]
fn what_is_no_scenario_is_answered_with_what_to_do() {
    let _guard = snapshots("run");
    let missing = run(&["run", "no-such-folder"]);
    assert_eq!(missing.code, Some(3));
    assert_snapshot!("no_such_path", missing.stdout);
    let empty = run(&["run", "crates/harness/src"]);
    assert_eq!(empty.code, Some(2));
    assert_snapshot!("no_scenario_below", empty.stderr);
    assert_eq!(run(&["run"]).code, Some(2));
    assert_eq!(run(&["run", "--jobs", "0", "fixtures/scenarios/passing"]).code, Some(2));
}

#[test]
fn the_worst_of_several_scenarios_decides() {
    let invalid = "fixtures/mistakes";
    let Printed { code, stdout, .. } = run(&["run", "fixtures/scenarios/failing", invalid]);
    assert_eq!(code, Some(2));
    assert!(stdout.contains("failed") && stdout.contains("invalid"), "{stdout}");
}

#[test]
fn check_finds_mistakes_without_playing() {
    let good = run(&["check", "fixtures/scenarios"]);
    assert_eq!((good.code, good.stderr.as_str()), (Some(0), ""));
    let bad = run(&["check", "fixtures/mistakes/several_at_once.yaml"]);
    assert_eq!(bad.code, Some(2));
    let _guard = snapshots("run");
    assert_snapshot!("check_several_mistakes", bad.stdout);
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_not_read() {
    for command in ["run", "check"] {
        let Printed { code, stdout, .. } = run(&[command, "/dev/zero"]);
        assert_eq!(code, Some(3));
        assert!(stdout.contains("/dev/zero: it is not a regular file"), "{stdout}");
    }
}

#[test]
fn what_can_not_be_read_stops_nothing_else() {
    let passing = "fixtures/scenarios/passing/docs-track.yaml";
    let Printed { code, stdout, .. } = run(&["run", "no-such-file.yaml", passing]);
    assert_eq!(code, Some(3));
    assert!(stdout.contains("1 passed, 1 could not run"), "{stdout}");
}

#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    for (scenario, expected) in [("failing/wrong-revenue", 1), ("passing/docs-track", 0)] {
        let mut child = harness()
            .args(["run", &format!("fixtures/scenarios/{scenario}.yaml")])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(expected), "{scenario}");
    }
}

#[test]
fn a_name_can_not_forge_a_line_of_the_report() {
    let file = std::env::temp_dir().join(format!("harness-forged-{}.yaml", std::process::id()));
    fs::write(
        &file,
        "name: \"one\\npass  two \\e[31m\"\nsteps:\n  - track: { userId: user-1, event: sign up }\n",
    )
    .unwrap();
    let Printed { stdout, .. } = run(&["run", &file.display().to_string()]);
    fs::remove_file(&file).unwrap();
    assert_eq!(
        stdout.lines().filter(|line| line.starts_with("pass")).count(),
        1,
        "{stdout}"
    );
    assert!(!stdout.contains('\u{1b}'), "{stdout}");
}
