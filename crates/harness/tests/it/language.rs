//! What of the scenario language the command line has a part in.

use std::fs;
use std::path::PathBuf;

use crate::command::{Printed, harness, printed, run};

/// A folder of its own with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("language").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (path, text) in files {
        fs::write(folder.join(path), text).unwrap();
    }
    folder
}

const SHOP: &str = "name: In {{shop}}
vars: { shop: our shop, times: 1 }
steps: [{ repeat: { times: '{{times}}', steps: [{ track: { userId: user-1, event: Visited } }] } }]
expect: { conversions: { count: 2 } }
";

#[test]
fn a_variable_is_given_on_the_command_line() {
    let folder = folder(
        "variables",
        &[("shop.yaml", SHOP), ("other.yaml", "steps: [{ settle: }]")],
    );
    let path = folder.display().to_string();
    let Printed { code, stdout, .. } = run(&["run", &path, "--var", "times=2", "--var", "shop=a=b"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("pass  In a=b ("), "{stdout}");
    assert_eq!(run(&["run", &path]).code, Some(1));
    assert_eq!(run(&["check", &path, "--var", "times=many"]).code, Some(2));
    let misspelt = run(&["check", &path, "--var", "time=2"]);
    assert!(
        misspelt.stdout.contains("did you mean `--var times=…`?"),
        "{}",
        misspelt.stdout
    );
    let nameless = run(&["run", &path, "--var", "times"]);
    assert_eq!(nameless.code, Some(2));
    assert!(nameless.stderr.contains("--var shop="), "{}", nameless.stderr);
}

#[test]
fn the_environment_is_seen_as_far_as_it_is_declared() {
    let text = "name: In {{env.HARNESS_TEST_SHOP}}\nenv: [HARNESS_TEST_SHOP]\nsteps: [{ settle: }]\n";
    let folder = folder("environment", &[("shop.yaml", text)]);
    let path = folder.display().to_string();
    assert_eq!(run(&["run", &path]).code, Some(2));
    let output = harness()
        .args(["run", &path])
        .env("HARNESS_TEST_SHOP", "{{theirs}}")
        .output()
        .unwrap();
    let Printed { code, stdout, .. } = printed(&output);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("pass  In {{theirs}} ("), "{stdout}");
}

#[test]
fn what_is_there_to_be_included_is_not_played_by_itself() {
    let files = [
        ("a.yaml", "steps: [{ include: _b.yaml }]"),
        ("_b.yaml", "- tarck: {}\n"),
    ];
    let folder = folder("included", &files);
    let Printed { code, stdout, .. } = run(&["run", &folder.display().to_string()]);
    assert_eq!(code, Some(2));
    assert!(
        stdout.contains("_b.yaml:1:3") && stdout.contains("1 scenario: 0 passed, 1 invalid"),
        "{stdout}"
    );
}

#[test]
fn each_combination_is_reported_by_itself_in_order_and_decides() {
    let text = "name: Twice
matrix: { strict: [true, false] }
steps: [{ track: { userId: user-1, event: e, properties: [1] } }]
settings: { ingest: false }
expect: { requests: [{ status: 200 }] }
";
    let folder = folder("matrix", &[("a.yaml", text), ("b.yaml", "steps: [{ settle: }]")]);
    let path = folder.display().to_string();
    let Printed { stdout, .. } = run(&["run", &path, "--jobs", "2"]);
    let lines: Vec<&str> = stdout
        .lines()
        .take(3)
        .filter_map(|line| line.split(" (").next())
        .collect();
    assert!(
        lines[0].ends_with("Twice [strict=true]") && lines[1].ends_with("Twice [strict=false]"),
        "{stdout}"
    );
    assert!(lines[2].ends_with('b'), "{stdout}");
    let json = run(&["run", &path, "--format", "json"]).stdout;
    let names: Vec<String> = json
        .lines()
        .filter_map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["scenario"]["outcome"]["name"].as_str().map(str::to_owned)
        })
        .collect();
    assert_eq!(names, ["Twice [strict=true]", "Twice [strict=false]", "b"]);
}

#[test]
fn the_schema_is_json_and_knows_every_step() {
    let Printed { code, stdout, stderr } = run(&["schema"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let schema: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(schema, scenario::schema());
    assert!(schema["$defs"]["step"]["properties"]["for_each"]["description"].is_string());
}
