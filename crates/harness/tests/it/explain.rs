//! `harness explain`.

use attribution_ledger::rules;
use serde_json::Value;
use test_support::snapshots;

use crate::command::run;

#[test]
fn a_rule_is_explained_by_its_id_and_by_its_name() {
    let _guard = snapshots("explain");
    let by_id = run(&["explain", "ATT012"]);
    assert_eq!((by_id.code, by_id.stderr.as_str()), (Some(0), ""));
    assert_eq!(run(&["explain", "Alias-Without-Previous-Id"]).stdout, by_id.stdout);
    insta::assert_snapshot!("warns", by_id.stdout);
    insta::assert_snapshot!("denies", run(&["explain", "missing-identity"]).stdout);
    insta::assert_snapshot!("looks_at_the_record", run(&["explain", "unlinked-conversion"]).stdout);
}

#[test]
fn without_a_rule_all_are_listed() {
    let printed = run(&["explain"]);
    assert_eq!(printed.code, Some(0));
    let _guard = snapshots("explain");
    insta::assert_snapshot!("all", printed.stdout);
}

#[test]
fn in_json_every_rule_is_a_line_that_says_everything() {
    let printed = run(&["explain", "--format", "json"]);
    let lines: Vec<Value> = printed
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ids: Vec<&str> = lines.iter().filter_map(|line| line["id"].as_str()).collect();
    assert_eq!(ids, rules::all().iter().map(|rule| rule.id).collect::<Vec<_>>());
    let one = run(&["explain", "ATT002", "--format", "json"]).stdout;
    assert_eq!(one.trim_end(), printed.stdout.lines().nth(1).unwrap());
    let _guard = snapshots("explain");
    insta::assert_snapshot!("json", one);
}

#[test]
fn a_rule_that_there_is_not_is_exit_code_two_with_the_nearest() {
    let printed = run(&["explain", "page-without-uri"]);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    assert_eq!(
        printed.stderr,
        "error: there is no rule `page-without-uri`; did you mean `page-without-url`?\n"
    );
    let printed = run(&["explain", "banana"]);
    assert_eq!(
        printed.stderr,
        "error: there is no rule `banana`; `harness explain` lists every rule\n"
    );
}
