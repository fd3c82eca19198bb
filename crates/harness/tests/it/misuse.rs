//! What `harness run` refuses before it plays anything, since it can't have been meant.

use insta::assert_snapshot;
use test_support::snapshots;

use crate::command::feed;
use crate::scratch::Scratch;

const SCENARIO: &str = "steps: [{ settle: }]\n";

#[test]
fn what_can_not_have_been_meant_is_told_with_what_to_write() {
    let scratch = Scratch::with(&[("a.yaml", SCENARIO), ("file", ""), ("folder/b.yml", SCENARIO)]);
    let told: Vec<String> = [
        "--coverage-min 120",
        "--coverage-min abc",
        "--coverage-min -1",
        "--coverage --watch",
        "--coverage-min 80 --watch",
        "--coverage --dry-run",
        "--coverage 80",
        "--coverage 92.5%",
        "--coverage=80",
        "--coverage=80%",
        "--coverage=all",
        "--live=yes",
        "--seed",
        "--seed --live",
        "--shard",
        "--tag",
        "--format",
        "--coverage-min",
        "--report-json",
        "--bundle",
        "--bundle file",
        "--bundle file/bundles",
        "--report-html folder",
        "--report-html file/report.html",
        "--report-junit folder/b.yml",
        "--report-html same --report-junit same",
        "--report-html folder/../same --report-junit ./same",
        "--report-json new/same --report-tap ./new/same",
        "--report-json same --report-github=same",
        "--report-github summary.md",
        "--report-github=folder",
    ]
    .iter()
    .map(|options| {
        let printed = feed(scratch.harness().args(["run", "a.yaml"]).args(options.split(' ')), "");
        assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""), "{options}");
        let first = printed.stderr.lines().next().unwrap();
        format!("$ harness run a.yaml {options}\n{first}\n")
    })
    .collect();
    assert_eq!(scratch.read("a.yaml"), SCENARIO);
    assert_eq!(scratch.read("folder/b.yml"), SCENARIO);
    let _guard = snapshots("run");
    assert_snapshot!("misuse", told.join("\n"));
}

#[test]
fn what_is_not_there_yet_is_made() {
    let scratch = Scratch::with(&[("a.yaml", SCENARIO), ("80", SCENARIO)]);
    let arguments =
        "run a.yaml 80 --coverage --bundle new/bundles --report-html new/one/a.html --report-tap new/two/a.tap";
    let printed = feed(scratch.harness().args(arguments.split(' ')), "");
    assert_eq!(
        (printed.code, printed.stderr.as_str()),
        (Some(0), ""),
        "{}",
        printed.stdout
    );
    assert!(scratch.path("new/one/a.html").exists() && scratch.path("new/two/a.tap").exists());
}
