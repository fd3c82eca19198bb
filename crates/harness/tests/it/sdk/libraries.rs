//! Segment's own libraries behind the protocol, where `.ci/sdks` has installed them.

use std::path::PathBuf;

use test_support::workspace_root;

use super::is_there;
use crate::command::run;

/// What `@segment/analytics-node` 2.3.0 truly does otherwise.
const NODE: [(&str, &str); 3] = [
    (
        "retry/rate-limit",
        "it reads X-RateLimit-Reset but not Retry-After, and is back in a fraction of a second",
    ),
    ("retry/retry-count", "it sends no X-Retry-Count"),
    ("settings/fetched", "a server library asks for no settings"),
];

/// What `segment-analytics-python` 2.4.0 truly does otherwise.
const PYTHON: [(&str, &str); 1] = [("settings/fetched", "a server library asks for no settings")];

/// Where `.ci/sdks` installs them; another folder where `HARNESS_SDKS` names one.
fn folder() -> PathBuf {
    std::env::var_os("HARNESS_SDKS").map_or_else(|| workspace_root().join("target/sdks"), PathBuf::from)
}

/// All that the library can know about, with what it is known to do otherwise.
fn drive(cli: &str, known: &[(&str, &str)]) {
    let mut arguments = vec!["sdk", "--cli", cli, "--suite", "basic,retry,settings"];
    for (case, _) in known {
        arguments.extend(["--known", case]);
    }
    let printed = run(&arguments);
    assert_eq!(printed.code, Some(0), "{known:?}\n{}{}", printed.stdout, printed.stderr);
    let ends = format!("passed, {} known to fail\n", known.len());
    assert!(printed.stdout.ends_with(&ends), "{}", printed.stdout);
}

#[test]
fn segments_library_for_node_does_as_the_suites_say() {
    let folder = folder();
    if !is_there("node") {
        println!("skipped: there is no node here to drive @segment/analytics-node");
        return;
    }
    if !folder.join("node_modules/@segment/analytics-node").is_dir() {
        println!(
            "skipped: @segment/analytics-node is not in {}: .ci/sdks installs it",
            folder.display()
        );
        return;
    }
    drive(
        &format!("node fixtures/sdks/node-cli.mjs '{}'", folder.display()),
        &NODE,
    );
}

#[test]
fn segments_library_for_python_does_as_the_suites_say() {
    let python = folder().join("python-2.4.0/bin/python");
    if !python.is_file() {
        println!(
            "skipped: segment-analytics-python is not at {}: .ci/sdks installs it",
            python.display()
        );
        return;
    }
    drive(&format!("'{}' fixtures/sdks/python_cli.py", python.display()), &PYTHON);
}
