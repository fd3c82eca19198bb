//! Which scenarios `harness run` plays.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};

use insta::assert_snapshot;
use test_support::snapshots;

use crate::command::{Printed, feed, run, run_with_input};
use crate::scratch::Scratch;

const GOOD: &str = "steps: [{ track: { userId: u, event: a } }]\nexpect: { conversions: { count: 1 } }\n";
const BAD: &str = "steps: [{ track: { userId: u, event: a } }]\nexpect: { conversions: { count: 2 } }\n";

fn four() -> Scratch {
    let with = |top: &str| format!("{top}\n{GOOD}");
    Scratch::with(&[
        ("one.yaml", &with("name: Checkout works\ntags: [smoke, checkout]")),
        ("two.yaml", &with("name: Checkout is slow\ntags: [slow, checkout]")),
        ("three.yaml", &with("name: Login works\ntags: [smoke]")),
        ("deep/four.yaml", &with("name: Refund\nskip: not decided yet")),
    ])
}

/// What the binary says in a folder.
fn in_folder(scratch: &Scratch, arguments: &[&str]) -> Printed {
    feed(scratch.harness().args(arguments), "")
}

/// The names of those that were played or skipped.
fn names(printed: &Printed) -> Vec<&str> {
    let lines = printed.stdout.lines().take_while(|line| !line.is_empty());
    lines.map(|line| line[6..].split(" (").next().unwrap_or(line)).collect()
}

#[test]
fn a_filter_is_held_against_name_and_path() {
    let scratch = four();
    let with = |filters: &[&str]| in_folder(&scratch, &[&["run", "."], filters].concat());
    assert_eq!(
        names(&with(&["--filter", "CHECKOUT"])),
        ["Checkout works", "Checkout is slow"]
    );
    assert_eq!(names(&with(&["--filter", "deep/"])), ["Refund"]);
    assert_eq!(
        names(&with(&["--filter", "/works$/"])),
        ["Checkout works", "Login works"]
    );
    assert_eq!(
        names(&with(&["--filter", "login", "--filter", "refund"])),
        ["Refund", "Login works"]
    );
    let printed = with(&["--filter", "login"]);
    assert!(
        printed.stdout.contains("1 scenario: 1 passed, 3 not selected in"),
        "{}",
        printed.stdout
    );
}

#[test]
fn tags_are_asked_for_and_excluded() {
    let scratch = four();
    let with = |tags: &[&str]| in_folder(&scratch, &[&["run", "."], tags].concat());
    assert_eq!(names(&with(&["--tag", "checkout,!slow"])), ["Checkout works"]);
    assert_eq!(names(&with(&["--tag", "!checkout"])), ["Refund", "Login works"]);
    assert_eq!(
        names(&with(&["--tag", "slow", "--tag", "smoke"])),
        ["Checkout works", "Login works", "Checkout is slow"]
    );
}

#[test]
fn the_shards_are_all_of_it_and_each_scenario_is_in_one() {
    let scratch = four();
    let of = |shard: &str| {
        let printed = in_folder(&scratch, &["run", ".", "--shard", shard]);
        assert_eq!(printed.code, Some(0), "{}", printed.stdout);
        names(&printed).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(of("1/3"), ["Refund", "Checkout is slow"]);
    assert_eq!(of("2/3"), ["Checkout works"]);
    assert_eq!(of("3/3"), ["Login works"]);
    // There are machines enough, and one has nothing to do.
    assert!(of("5/5").is_empty());
}

#[test]
fn a_skipped_scenario_is_counted_with_its_reason() {
    let scratch = four();
    let printed = in_folder(&scratch, &["run", "deep"]);
    assert_eq!(printed.code, Some(0));
    assert_eq!(
        printed.stdout,
        "skip  Refund (not decided yet)\n\n1 scenario: 0 passed, 1 skipped in TIME\n"
    );
}

#[test]
fn only_leaves_out_the_others_but_not_in_ci() {
    let scratch = four();
    scratch.write("only.yaml", &format!("name: This one\nonly: true\n{GOOD}"));
    let printed = in_folder(&scratch, &["run", "."]);
    assert_eq!((names(&printed), printed.code), (vec!["This one"], Some(0)));
    let refused = feed(scratch.harness().args(["run", "."]).env("CI", "1"), "");
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    let _guard = snapshots("run");
    assert_snapshot!("only_in_ci", refused.stderr);
    let allowed = feed(scratch.harness().args(["run", "."]).env("CI", "false"), "");
    assert_eq!(allowed.code, Some(0));
}

#[test]
fn what_has_mistakes_is_told_whatever_is_chosen() {
    let scratch = four();
    scratch.write("typo.yaml", "name: Other\ntasg: [smoke]\nsteps: []\n");
    for choice in [["--tag", "smoke"], ["--filter", "login"]] {
        let printed = in_folder(&scratch, &["run", ".", choice[0], choice[1]]);
        assert_eq!(printed.code, Some(2));
        assert!(printed.stdout.contains("did you mean `tags`?"), "{}", printed.stdout);
    }
}

#[test]
fn a_dry_run_plays_nothing_and_lists_all() {
    let scratch = four();
    scratch.write("bad.yaml", BAD);
    let printed = in_folder(&scratch, &["run", ".", "--dry-run"]);
    assert_eq!(printed.code, Some(0));
    let json = in_folder(
        &scratch,
        &["run", ".", "--dry-run", "--tag", "slow", "--format", "json"],
    );
    scratch.write("typo.yaml", "name: Other\ntasg: [smoke]\nsteps: []\n");
    let mistaken = in_folder(&scratch, &["run", "typo.yaml", "--dry-run"]);
    assert_eq!(mistaken.code, Some(2));
    let _guard = snapshots("run");
    assert_snapshot!(
        "dry_run",
        format!("{}\n{}\n{}", printed.stdout, json.stdout, mistaken.stdout)
    );
}

#[test]
fn a_pattern_finds_what_a_shell_would() {
    let scratch = four();
    let found = |pattern: &str| {
        let printed = in_folder(&scratch, &["run", pattern]);
        names(&printed).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found("t*.yaml"), ["Login works", "Checkout is slow"]);
    assert_eq!(found("**/four.yaml"), ["Refund"]);
    assert_eq!(found("d??p"), ["Refund"]);
    assert_eq!(found("[o]ne.yaml"), ["Checkout works"]);
}

#[test]
fn a_pattern_leaves_alone_what_is_there_to_be_included_as_a_folder_does() {
    let scenario = "steps: [{ settle: }]\n";
    let [own, step, deep] = ["shop/own.yaml", "shop/_steps/step.yaml", "shop/_steps/deep/deep.yaml"];
    let scratch = Scratch::with(&[(own, scenario), (step, scenario), (deep, scenario)]);
    for path in [
        "shop",
        "shop/*",
        "**/*.yaml",
        "shop/**/*.yaml",
        "sh?p/**/*p.yaml",
        "*/*/step.yaml",
    ] {
        let printed = in_folder(&scratch, &["run", path]);
        let expected: &[&str] = match path {
            // The folder is not named by a wildcard, and the file is.
            "*/*/step.yaml" => &["step"],
            "sh?p/**/*p.yaml" => &[],
            _ => &["own"],
        };
        assert_eq!(names(&printed), expected, "{path}");
    }
    for named in ["shop/_steps/*.yaml", "*/_steps/step.yaml", "shop/_steps/**/step.yaml"] {
        assert_eq!(names(&in_folder(&scratch, &["run", named])), ["step"], "{named}");
    }
}

#[test]
fn a_pattern_leaves_bundles_alone_as_a_folder_does() {
    let scratch = Scratch::with(&[("bad.yaml", BAD)]);
    in_folder(&scratch, &["run", ".", "--bundle", "bundles"]);
    for pattern in ["**/*.yaml", "**/bad.yaml", "./**/b*.yaml"] {
        let printed = in_folder(&scratch, &["run", pattern]);
        assert!(
            printed.stdout.contains("\n1 scenario: "),
            "{pattern}: {}",
            printed.stdout
        );
    }
    let tidied = in_folder(&scratch, &["fmt", "**/*.yaml"]);
    assert!(tidied.stdout.contains("1 file, "), "{}", tidied.stdout);
    for named in ["bundles/bad-0/scenario/*.yaml", "bundles/*/scenario/bad.yaml"] {
        let printed = in_folder(&scratch, &["run", named]);
        assert!(printed.stdout.contains("\n1 scenario: "), "{named}: {}", printed.stdout);
    }
    for only in ["bundles", "bundles/**/*.yaml"] {
        let printed = in_folder(&scratch, &["run", only]);
        assert_eq!(printed.code, Some(2), "{only}");
        let told = format!(
            "error: {only} leads to nothing but failure bundles, which are left alone: `harness replay BUNDLE` plays one again\n"
        );
        assert_eq!(printed.stderr, told);
    }
}

#[test]
fn a_line_of_a_file_is_the_scenario_that_stands_there() {
    let scratch = four();
    assert_eq!(names(&in_folder(&scratch, &["run", "one.yaml:3"])), ["Checkout works"]);
    assert_eq!(
        names(&in_folder(&scratch, &["run", "one.yaml:3:7", "one.yaml:1"])),
        ["Checkout works"]
    );
    let beyond = in_folder(&scratch, &["run", "one.yaml:77"]);
    assert_eq!(beyond.code, Some(2));
    assert_eq!(beyond.stderr, "error: one.yaml has no line 77: it has 4 lines\n");
}

#[test]
fn a_scenario_can_come_from_standard_input() {
    let printed = run_with_input(&["run", "-"], format!("name: Piped\n{GOOD}"));
    assert_eq!((names(&printed), printed.code), (vec!["Piped"], Some(0)));
    let mistaken = run_with_input(&["check", "-"], "steps: 5\n");
    assert_eq!(mistaken.code, Some(2));
    assert!(
        mistaken.stdout.contains(" --> standard input:1:8"),
        "{}",
        mistaken.stdout
    );
}

#[test]
fn what_leaves_nothing_says_so() {
    let scratch = four();
    let told: Vec<String> = [
        &["run", ".", "--filter", "nothing like it"][..],
        &["run", ".", "--tag", "smok"],
        &["run", "deep", "--tag", "smoke"],
        &["run", "nothing-*.yaml"],
        &["run", "**a/b.yaml"],
        &["run", ".", "--last-failed"],
        &["run", "--last-failed"],
        &["run", "-", "--watch"],
        &["run", ".", "--shard", "5/4"],
        &["run", ".", "--tag", "a,!a"],
        &["run", ".", "--filter", "/(/"],
        &["run", ".", "--repeat", "0"],
        &["run", ".", "--timeout", "30"],
    ]
    .iter()
    .map(|arguments| {
        let printed = in_folder(&scratch, arguments);
        assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        let first = printed
            .stderr
            .split("\n\nUsage")
            .next()
            .unwrap()
            .split("\n\nFor more")
            .next()
            .unwrap();
        format!("$ harness {}\n{}\n", arguments.join(" "), first.trim_end())
    })
    .collect();
    let _guard = snapshots("run");
    assert_snapshot!("nothing_left", told.join("\n"));
}

#[test]
fn what_failed_is_remembered_until_it_passes() {
    let scratch = Scratch::with(&[("good.yaml", GOOD), ("bad.yaml", BAD), ("worse.yaml", BAD)]);
    assert_eq!(in_folder(&scratch, &["run", "good.yaml"]).code, Some(0));
    assert!(!scratch.path(".harness").exists(), "what passes leaves no trace");
    assert_eq!(in_folder(&scratch, &["run", "."]).code, Some(1));
    assert_eq!(scratch.read(".harness/.gitignore"), "*\n");
    let again = in_folder(&scratch, &["run", "--last-failed"]);
    assert_eq!((names(&again), again.code), (vec!["bad", "worse"], Some(1)));
    scratch.write("bad.yaml", GOOD);
    assert_eq!(
        names(&in_folder(&scratch, &["run", ".", "--last-failed"])),
        ["bad", "worse"]
    );
    assert_eq!(names(&in_folder(&scratch, &["run", "--last-failed"])), ["worse"]);
    fs::remove_file(scratch.path("worse.yaml")).unwrap();
    let gone = in_folder(&scratch, &["run", "--last-failed"]);
    assert_eq!(gone.code, Some(2));
    assert!(
        gone.stderr
            .contains("worse.yaml failed last time and is not there any more"),
        "{}",
        gone.stderr
    );
}

#[test]
fn nothing_is_remembered_in_ci_unless_it_is_said_where() {
    let scratch = Scratch::with(&[("bad.yaml", BAD)]);
    let in_ci = |arguments: &[&str]| feed(scratch.harness().args(arguments).env("CI", "true"), "").code;
    assert_eq!(in_ci(&["run", "bad.yaml"]), Some(1));
    assert!(!scratch.path(".harness").exists());
    assert_eq!(in_ci(&["run", "bad.yaml", "--state", "cache/state"]), Some(1));
    assert!(scratch.read("cache/state/last-failed").contains("bad.yaml"));
    scratch.write("cache/state/last-failed", "not this");
    let spoilt = in_folder(
        &scratch,
        &["run", "bad.yaml", "--state", "cache/state", "--last-failed"],
    );
    assert_eq!(spoilt.code, Some(3));
    assert!(
        spoilt.stderr.contains("is not what harness wrote there: remove it"),
        "{}",
        spoilt.stderr
    );
}

#[test]
fn a_place_that_can_not_be_written_fails_only_who_asked_for_it() {
    let scratch = Scratch::with(&[("bad.yaml", BAD), (".harness", "a file")]);
    let unasked = in_folder(&scratch, &["run", "bad.yaml"]);
    assert_eq!(unasked.code, Some(1));
    assert!(
        unasked
            .stderr
            .starts_with("note: which scenarios failed can't be remembered"),
        "{}",
        unasked.stderr
    );
    let asked = in_folder(&scratch, &["run", "bad.yaml", "--state", ".harness"]);
    assert_eq!(asked.code, Some(3));
}

#[test]
fn each_repetition_has_a_seed_of_its_own() {
    let scratch = Scratch::with(&[("good.yaml", GOOD)]);
    let printed = in_folder(&scratch, &["run", "good.yaml", "--repeat", "3", "--seed", "7"]);
    assert_eq!(
        names(&printed),
        ["good [1/3, seed 7]", "good [2/3, seed 8]", "good [3/3, seed 9]"]
    );
    assert!(
        printed.stdout.contains("3 scenarios: 3 passed in"),
        "{}",
        printed.stdout
    );
}

#[test]
fn fail_fast_ends_with_the_first_that_does_not_pass() {
    let scratch = Scratch::with(&[("a.yaml", GOOD), ("b.yaml", BAD), ("c.yaml", GOOD), ("d.yaml", BAD)]);
    for jobs in ["1", "4"] {
        let printed = in_folder(&scratch, &["run", ".", "--fail-fast", "--jobs", jobs]);
        assert_eq!((names(&printed), printed.code), (vec!["a", "b"], Some(1)));
        assert!(
            printed.stdout.contains("1 passed, 1 failed, 2 not played in"),
            "{}",
            printed.stdout
        );
    }
}

#[test]
fn what_takes_too_long_is_given_up_and_fails() {
    let event = "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"a\"}\n";
    let scratch = Scratch::with(&[
        ("many.yaml", "name: Too many\nsteps: [{ file: many.ndjson }]\n"),
        ("many.ndjson", &event.repeat(50_000)),
        ("live.yaml", "name: Too long\nsteps: [{ wait: 25s }]\n"),
    ]);
    let many = in_folder(&scratch, &["run", "many.yaml", "--timeout", "1ms"]);
    assert_eq!(many.code, Some(1), "{}", many.stdout);
    assert!(
        many.stdout.starts_with("TIME  Too many (given up, real TIME)"),
        "{}",
        many.stdout
    );
    assert!(
        many.stdout
            .contains("it was still running after 1.00 ms and was given up"),
        "{}",
        many.stdout
    );
    assert!(
        many.stdout.contains("1 scenario: 0 passed, 1 timed out in"),
        "{}",
        many.stdout
    );
    let live = in_folder(&scratch, &["run", "live.yaml", "--live", "--timeout", "200ms"]);
    assert_eq!(live.code, Some(1), "{}", live.stdout);
}

#[test]
fn watching_plays_what_changed() {
    let scratch = Scratch::with(&[
        ("one.yaml", BAD),
        (
            "two.yaml",
            "name: From a file\nsteps: [{ file: e.ndjson }]\nexpect: { conversions: { count: 1 } }\n",
        ),
        ("e.ndjson", "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"a\"}\n"),
    ]);
    let mut command = scratch.harness();
    command
        .args(["run", ".", "--watch"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = Ended(command.spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let mut summary = || lines.find(|line| line.contains("scenario")).unwrap_or_default();
    assert!(summary().starts_with("2 scenarios: 1 passed, 1 failed in"));
    scratch.write("one.yaml", &format!("name: Mended\n{GOOD}"));
    assert!(summary().starts_with("1 scenario: 1 passed in"));
    let mut events = fs::OpenOptions::new()
        .append(true)
        .open(scratch.path("e.ndjson"))
        .unwrap();
    events
        .write_all(b"{\"type\":\"track\",\"userId\":\"u\",\"event\":\"b\"}\n")
        .unwrap();
    assert!(summary().starts_with("1 scenario: 0 passed, 1 failed in"));
    scratch.write("three.yaml", GOOD);
    assert!(summary().starts_with("1 scenario: 1 passed in"));
    assert!(child.0.try_wait().unwrap().is_none(), "it goes on");
}

/// What never ends by itself, and ends with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended in its own way, of which the test says what it has to.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn an_option_without_its_other_half_is_refused() {
    assert_eq!(run(&["run", ".", "--live-limit", "5s"]).code, Some(2));
    assert_eq!(run(&["run", ".", "--watch", "--dry-run"]).code, Some(2));
    assert_eq!(run(&["run"]).code, Some(2));
}
