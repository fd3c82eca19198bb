//! `harness init` and `harness completions`.

use std::fs;
use std::process::Command;

use insta::assert_snapshot;
use test_support::snapshots;

use crate::command::{feed, run};
use crate::scratch::Scratch;

#[test]
fn what_init_writes_passes_as_its_workflow_plays_it() {
    let scratch = Scratch::new();
    let written = feed(scratch.harness().args(["init", "new folder"]), "");
    assert_eq!((written.code, written.stderr.as_str()), (Some(0), ""));
    {
        let _guard = snapshots("run");
        assert_snapshot!("init", written.stdout);
    }
    let workflow = scratch.read("new folder/.github/workflows/scenarios.yml");
    let command = workflow
        .lines()
        .find_map(|line| line.trim().strip_prefix("run: harness run "));
    let arguments = command.unwrap().split_whitespace();
    let played = scratch
        .harness()
        .arg("run")
        .args(arguments)
        .current_dir(scratch.path("new folder"))
        .env("CI", "true")
        .output()
        .unwrap();
    assert_eq!(played.status.code(), Some(0), "{played:?}");
    for report in ["junit.xml", "scenarios.html"] {
        assert!(scratch.path("new folder/reports").join(report).exists(), "{report}");
    }
}

#[test]
fn init_writes_over_nothing() {
    let scratch = Scratch::new();
    assert_eq!(feed(scratch.harness().arg("init"), "").code, Some(0));
    fs::remove_file(scratch.path("scenarios/first-purchase.yaml")).unwrap();
    scratch.write("scenarios/README.md", "mine\n");
    let refused = feed(scratch.harness().arg("init"), "");
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(
        refused
            .stderr
            .contains("./scenarios/README.md, ./.github/workflows/scenarios.yml; move it away"),
        "{}",
        refused.stderr
    );
    assert_eq!(scratch.read("scenarios/README.md"), "mine\n");
    assert!(!scratch.path("scenarios/first-purchase.yaml").exists());
    let in_a_file = feed(scratch.harness().args(["init", "scenarios/README.md"]), "");
    assert_eq!(in_a_file.code, Some(3), "{}", in_a_file.stderr);
}

#[test]
fn every_shell_is_completed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let printed = run(&["completions", shell]);
        assert_eq!(printed.code, Some(0), "{shell}");
        assert!(
            printed.stdout.contains("report-junit") && printed.stdout.contains("conformance"),
            "{shell}"
        );
    }
    let unknown = run(&["completions", "tcsh"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("bash"), "{}", unknown.stderr);
}

#[test]
fn bash_takes_its_completions() {
    let script = run(&["completions", "bash"]).stdout;
    let Ok(output) = Command::new("bash").args(["-n", "-c", &script]).output() else {
        return;
    };
    assert!(output.status.success(), "{output:?}");
}
