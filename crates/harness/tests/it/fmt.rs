//! `harness fmt`.

use crate::command::{run, run_with_input};
use crate::scratch::Scratch;

const UNTIDY: &str = "steps:   # one\n    -   settle:  true\n";
const TIDY: &str = "steps: # one\n  - settle: true\n";

fn fmt(scratch: &Scratch, options: &[&str]) -> (Option<i32>, String, String) {
    let output = scratch.harness().arg("fmt").args(options).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn files_are_tidied_once() {
    let scratch = Scratch::with(&[("s/a.yaml", UNTIDY), ("s/b.yaml", TIDY)]);
    let (code, stdout, _) = fmt(&scratch, &["s", "--check"]);
    assert_eq!(
        (code, stdout.as_str()),
        (Some(1), "untidy: s/a.yaml\n2 files, 1 untidy\n")
    );
    assert_eq!(scratch.read("s/a.yaml"), UNTIDY);
    let (code, stdout, _) = fmt(&scratch, &["s"]);
    assert_eq!(
        (code, stdout.as_str()),
        (Some(0), "tidied: s/a.yaml\n2 files, 1 tidied\n")
    );
    assert_eq!(scratch.read("s/a.yaml"), TIDY);
    let (code, stdout, _) = fmt(&scratch, &["s", "--check"]);
    assert_eq!((code, stdout.as_str()), (Some(0), "2 files, 0 untidy\n"));
}

#[test]
fn standard_input_becomes_standard_output() {
    let printed = run_with_input(&["fmt", "-"], UNTIDY);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(0), TIDY));
    let printed = run_with_input(&["fmt", "-", "--check"], UNTIDY);
    let expected = "untidy: standard input\n1 file, 1 untidy\n";
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(1), expected));
}

#[test]
fn what_is_not_yaml_is_told_and_left_alone() {
    let scratch = Scratch::with(&[("a.yaml", "steps: [\n"), ("b.yaml", UNTIDY)]);
    let (code, stdout, _) = fmt(&scratch, &["."]);
    assert_eq!(code, Some(2), "{stdout}");
    assert!(stdout.contains("a.yaml:"), "{stdout}");
    assert_eq!(
        (scratch.read("a.yaml").as_str(), scratch.read("b.yaml").as_str()),
        ("steps: [\n", TIDY)
    );
    assert_eq!(run(&["fmt", "nowhere.yaml"]).code, Some(3));
}

#[cfg(unix)]
#[test]
fn a_link_stays_one() {
    let scratch = Scratch::with(&[("real.yaml", UNTIDY)]);
    std::os::unix::fs::symlink("real.yaml", scratch.path("link.yaml")).unwrap();
    assert_eq!(fmt(&scratch, &["link.yaml"]).0, Some(0));
    assert!(scratch.path("link.yaml").is_symlink());
    assert_eq!(scratch.read("real.yaml"), TIDY);
}
