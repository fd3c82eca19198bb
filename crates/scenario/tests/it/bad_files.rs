//! Files that a scenario names and that can't be had, or are not what they should be.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use scenario::{Folder, ScenarioError, Source, parse};

/// A folder of its own below cargo's folder for such things, with these files.
fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("scenario-bad-files")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("cargo's folder can be written to");
    for (path, bytes) in files {
        fs::write(folder.join(path), bytes).expect("cargo's folder can be written to");
    }
    folder
}

fn error(folder: &std::path::Path, text: &str) -> ScenarioError {
    let source = Arc::new(Source::of("a.yaml", text));
    parse(source, &Folder::of(folder.join("a.yaml"))).expect_err(text)
}

/// The messages, each with its label behind a bar if it has one.
fn told(error: &ScenarioError) -> Vec<String> {
    let one = |mistake: &scenario::Diagnostic| {
        assert!(mistake.help.is_some(), "{}", mistake.message);
        match &mistake.label {
            Some(label) => format!("{} | {label}", mistake.message),
            None => mistake.message.clone(),
        }
    };
    error.diagnostics.iter().map(one).collect()
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_a_circle_or_out_are_not_followed() {
    use std::os::unix::fs::symlink;

    let folder = folder("links", &[("steps.yaml", b"- include: again/steps.yaml")]);
    symlink("circle.yaml", folder.join("circle.yaml")).unwrap();
    symlink(".", folder.join("again")).unwrap();
    symlink("/etc/hostname", folder.join("out.yaml")).unwrap();
    let circle = error(&folder, "steps: [{ include: circle.yaml }]");
    assert!(
        told(&circle)[0].starts_with("can't read `circle.yaml` | "),
        "{:?}",
        told(&circle)
    );
    let out = error(&folder, "steps: [{ include: out.yaml }]");
    assert_eq!(
        told(&out)[0],
        "`out.yaml` is a link that leads out of the scenario's folder"
    );
    // The same file by ever longer names.
    let again = error(&folder, "steps: [{ include: steps.yaml }]");
    assert_eq!(
        told(&again)[0],
        "loops and includes lie more than 16 deep in each other"
    );
}

#[test]
fn what_is_no_text_is_told_with_its_byte() {
    let folder = folder(
        "bytes",
        &[("latin.yaml", b"- settle:\n- page: caf\xE9"), ("rows.csv", b"a\n\xFF")],
    );
    let error = error(
        &folder,
        "steps: [{ include: latin.yaml }, { for_each: { file: rows.csv, steps: [{ settle: }] } }, { include: \"a\\0b\" }]",
    );
    assert_eq!(
        told(&error),
        [
            "`latin.yaml` is not UTF-8 | byte 21 can't be read",
            "`rows.csv` is not UTF-8 | byte 2 can't be read",
            "can't read `a\\u{0}b` | file name contained an unexpected NUL byte",
        ]
    );
}

#[test]
fn a_bomb_of_aliases_in_an_included_file_does_not_go_off() {
    let layers = (1..12).map(|layer| {
        let before = format!("*a{}, ", layer - 1).repeat(8);
        format!("- page: &a{layer} {{ x: [{before}] }}\n")
    });
    let first = "- page: &a0 { x: [1, 1, 1, 1, 1, 1, 1, 1] }\n".to_owned();
    let bomb: String = std::iter::once(first).chain(layers).collect();
    let folder = folder(
        "bomb",
        &[("bomb.yaml", bomb.as_bytes()), ("nul.yaml", b"- settle:\n- \0")],
    );
    let error = error(&folder, "steps: [{ include: bomb.yaml }, { include: nul.yaml }]");
    let names: Vec<&str> = error
        .diagnostics
        .iter()
        .map(|mistake| error.source.name_at(mistake.at.start))
        .collect();
    assert_eq!(names, ["bomb.yaml", "nul.yaml"], "{}", error.render());
    assert!(error.render().contains("--> nul.yaml:2:3"), "{}", error.render());
}

#[test]
fn an_empty_file_of_steps_or_rows_is_told() {
    let folder = folder(
        "empty",
        &[
            ("empty.yaml", b"# nothing\n"),
            ("empty.csv", b"a,b\n"),
            ("none.ndjson", b"\n"),
        ],
    );
    let error = error(
        &folder,
        "steps:
  - include: empty.yaml
  - for_each: { file: empty.csv, steps: [{ settle: }] }
  - for_each: { file: none.ndjson, steps: [{ settle: }] }",
    );
    assert_eq!(
        told(&error),
        [
            "`empty.csv` has no row",
            "`none.ndjson` has no row",
            "an included file is a list of steps, not empty",
        ]
    );
}
