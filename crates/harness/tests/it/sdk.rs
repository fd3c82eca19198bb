//! `harness sdk`: with stand-ins that are good and bad on purpose, and with Segment's own libraries where they are installed.

mod libraries;
mod stand_in;

use std::process::Command;

use serde_json::Value;

use crate::command::{Printed, feed, harness, run};

/// This very program as a command that wraps an SDK: the test [`stand_in::stands_in_for_an_sdk`], in this manner.
///
/// What comes after `--` is a filter to the test runner and not an option, so the runner lets the input through.
fn play(manner: &str, options: &[&str]) -> Printed {
    let program = std::env::current_exe().unwrap();
    let command = format!(
        "'{}' --exact --nocapture --test-threads=1 sdk::stand_in::stands_in_for_an_sdk --",
        program.display()
    );
    let mut harness = harness();
    let harness = harness.env(stand_in::MANNER, manner).args(["sdk", "--cli", &command]);
    feed(harness.args(options), "")
}

/// The ids of the cases that failed, as `--format json` has them.
fn failed(printed: &Printed) -> Vec<String> {
    let lines = printed
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let failed = lines.filter(|line| line["verdict"] == "fail");
    failed.map(|line| line["case"].as_str().unwrap().to_owned()).collect()
}

/// All that the JSON lines say of a case.
fn line(printed: &Printed, case: &str) -> Value {
    let lines = printed
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .into_iter()
        .find(|line| line["case"] == case)
        .unwrap_or_else(|| panic!("no {case} in {}", printed.stdout))
}

const ALL: [&str; 4] = ["--suite", "basic,retry,settings,retry-settings", "--format", "json"];

#[test]
fn a_good_sdk_passes_every_case_of_every_suite() {
    let printed = play("good", &ALL);
    assert_eq!(failed(&printed), [""; 0], "{}{}", printed.stdout, printed.stderr);
    assert_eq!(printed.code, Some(0));
    let summary: Value = serde_json::from_str(printed.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(summary["passed"], summary["cases"]);
}

#[test]
fn an_sdk_that_drops_a_call_fails_where_there_are_several() {
    let printed = play("drops", &ALL[..2]);
    assert_eq!(printed.code, Some(1));
    fails_with(
        &printed,
        "basic/one-batch",
        &["track \"Step 5\": expected arrives once, found did not arrive"],
    );
}

#[test]
fn an_sdk_that_changes_a_field_is_shown_the_place() {
    let printed = play("changes", &[]);
    assert_eq!(printed.code, Some(1));
    fails_with(
        &printed,
        "basic/track",
        &["track \"Order Completed\" at /properties/revenue: expected 12.5, found 13"],
    );
}

#[test]
fn an_sdk_that_never_retries_fails_each_case_that_needs_it() {
    let printed = play("never-retries", &["--suite", "retry", "--format", "json"]);
    assert_eq!(printed.code, Some(1));
    assert_eq!(
        failed(&printed),
        [
            "retry/server-error",
            "retry/rate-limit",
            "retry/reset",
            "retry/lost-answer",
            "retry/retry-count",
            "retry/gives-up"
        ]
    );
}

#[test]
fn an_sdk_that_never_stops_retrying_fails_where_it_should_end() {
    let printed = play("always-retries", &["--suite", "retry", "--format", "json"]);
    assert_eq!(failed(&printed), ["retry/bad-request", "retry/after-refusal"]);
}

#[test]
fn an_sdk_that_is_impatient_or_renames_or_sends_twice_is_caught() {
    let printed = play("impatient", &["--suite", "retry", "--format", "json"]);
    assert_eq!(failed(&printed), ["retry/rate-limit"]);

    let printed = play("renames", &["--suite", "retry", "--format", "json"]);
    let found = failed(&printed);
    assert!(found.contains(&"retry/lost-answer".to_owned()), "{found:?}");

    let printed = play("duplicates", &["--format", "json"]);
    let found = line(&printed, "basic/track");
    assert_eq!(found["failures"][0]["actual"], "arrived once more", "{found}");
}

#[test]
fn a_command_that_hangs_babbles_or_ends_badly_fails_and_says_how() {
    for (manner, timeout, actual) in [
        ("hangs", "300ms", "did not, and was ended"),
        ("babbles", "60s", "its output ends"),
        ("ends-badly", "60s", "exit code 9"),
    ] {
        let printed = play(manner, &["--format", "json", "--timeout", timeout]);
        assert_eq!(printed.code, Some(1), "{manner}: {}", printed.stderr);
        let found = line(&printed, "basic/track")["failures"][0]["actual"].to_string();
        assert!(found.contains(actual), "{manner}: {found}");
    }
}

#[test]
fn what_an_sdk_writes_to_standard_error_is_shown_where_it_fails() {
    let printed = play("ends-badly", &[]);
    assert!(
        printed.stdout.contains("standard error ends: the stand-in ends badly"),
        "{}",
        printed.stdout
    );
}

#[test]
fn a_known_failure_fails_only_once_it_passes() {
    let printed = play("impatient", &["--suite", "retry", "--known", "retry/rate-limit"]);
    assert_eq!(printed.code, Some(0), "{}", printed.stdout);
    assert!(
        printed.stdout.ends_with("\n8 cases: 7 passed, 1 known to fail\n"),
        "{}",
        printed.stdout
    );

    let printed = play("good", &["--suite", "retry", "--known", "retry/reset"]);
    assert_eq!(printed.code, Some(1));
    assert!(
        printed
            .stdout
            .contains("it passes, so --known retry/reset is to be taken away")
    );
}

#[test]
fn what_can_not_be_used_is_told_with_what_to_write_instead() {
    for (arguments, says) in [
        (
            &["--cli", "x", "--suite", "basic,retyr"][..],
            "a similar value exists: 'retry'",
        ),
        (&["--cli", "cd x && node cli.js"], "put the line into a script"),
        (&["--cli", "node 'cli.js"], "a ' is never closed"),
        (&["--cli", "  "], "it names no program"),
        (&["--cli", "x", "--known", "basic/trakc"], "--list"),
        (&[], "--cli <COMMAND>"),
    ] {
        let printed = run(&[&["sdk"], arguments].concat());
        assert_eq!(printed.code, Some(2), "{arguments:?}: {}", printed.stderr);
        assert!(printed.stderr.contains(says), "{arguments:?}: {}", printed.stderr);
        assert_eq!(printed.stdout, "");
    }
}

#[test]
fn a_command_that_can_not_be_started_is_code_3() {
    let printed = run(&["sdk", "--cli", "no-such-program-anywhere --now"]);
    assert_eq!(printed.code, Some(3));
    assert!(
        printed
            .stderr
            .starts_with("error: can't start no-such-program-anywhere: "),
        "{}",
        printed.stderr
    );
}

#[test]
fn cases_are_listed_and_nothing_is_started() {
    let printed = run(&["sdk", "--list", "--suite", "retry-settings,settings"]);
    assert_eq!(printed.code, Some(0));
    let ids: Vec<&str> = printed
        .stdout
        .lines()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(
        ids,
        [
            "settings/write-key",
            "settings/flush-at",
            "settings/fetched",
            "retry-settings/max-retry-count",
            "retry-settings/base-interval",
            "retry-settings/dropped-status",
            "retry-settings/retried-status",
        ]
    );
}

/// Under the line of a failed case stand these, in order.
fn fails_with(printed: &Printed, case: &str, wanted: &[&str]) {
    let mut lines = printed.stdout.lines();
    let head = format!("FAIL   {case}: ");
    assert!(lines.any(|line| line.starts_with(&head)), "{}", printed.stdout);
    for wanted in wanted {
        assert_eq!(lines.next().map(str::trim), Some(*wanted), "{}", printed.stdout);
    }
}

/// Whether a program can be started at all.
fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}
