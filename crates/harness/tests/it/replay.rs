//! `harness run --bundle` and `harness replay`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use test_support::{fixtures, snapshots, workspace_root};

use crate::command::{Printed, feed, run};
use crate::scratch::Scratch;

const BAD: &str = "steps: [{ track: { userId: u, event: a } }]\nexpect: { conversions: { count: 2 } }\n";

/// What the binary says in a folder.
fn in_folder(scratch: &Scratch, arguments: &[&str]) -> Printed {
    feed(scratch.harness().args(arguments), "")
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The bytes of every file below a folder, by its path with slashes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            let below = tree(&path).into_iter();
            files.extend(below.map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            files.insert(name, fs::read(path).unwrap());
        }
    }
    files
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in tree(from) {
        let file = to.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
}

fn json(scratch: &Scratch, file: &str) -> Value {
    serde_json::from_str(&scratch.read(file)).unwrap()
}

/// A folder with one bundle, `b`, of a scenario that fails and is gone.
fn kept() -> Scratch {
    let scratch = Scratch::with(&[("bad.yaml", BAD)]);
    assert_eq!(
        in_folder(&scratch, &["run", "bad.yaml", "--bundle", "bundles"]).code,
        Some(1)
    );
    fs::rename(scratch.path("bundles/bad-0"), scratch.path("b")).unwrap();
    fs::remove_file(scratch.path("bad.yaml")).unwrap();
    scratch
}

/// SHA-256 in hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Changes the `bundle.json` of the bundle `b` as somebody would who wants it to look whole.
fn forge(scratch: &Scratch, change: impl FnOnce(&mut Value)) {
    let mut manifest = json(scratch, "b/bundle.json");
    change(&mut manifest);
    // In the order in which they are written.
    let files: BTreeMap<String, Value> = serde_json::from_value(manifest["files"].take()).unwrap();
    manifest["files"] = serde_json::to_value(files).unwrap();
    manifest["digest"] = "".into();
    let digest = digest(format!("{manifest:#}\n").as_bytes());
    manifest["digest"] = digest.into();
    scratch.write("b/bundle.json", &format!("{manifest:#}\n"));
}

#[test]
fn every_failing_scenario_is_kept_and_fails_again_in_the_same_words_elsewhere() {
    let (here, there) = (Scratch::new(), Scratch::new());
    for fixture in fixtures("scenarios/failing", "yaml") {
        let file = format!("{}.yaml", fixture.name);
        let original = workspace_root().join("fixtures/scenarios/failing").join(&file);
        fs::copy(original, here.path(&file)).unwrap();
        let ran = in_folder(&here, &["run", &file, "--bundle", "bundles"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{}", ran.stdout);
        fs::remove_file(here.path(&file)).unwrap();
        let [name] = names(&here.path("bundles")).try_into().unwrap();
        copy(&here.path("bundles").join(&name), &there.path(&name));
        fs::remove_dir_all(here.path("bundles")).unwrap();

        let again = in_folder(&there, &["replay", &name]);
        assert_eq!((again.code, again.stderr.as_str()), (Some(1), ""), "{}", again.stdout);
        let hint = format!("\nkept; again with: harness replay bundles/{name}\n");
        assert!(ran.stdout.contains(&hint), "{}", ran.stdout);
        let (failure, verdict) = again.stdout.trim_end().rsplit_once('\n').unwrap();
        // How a run of chaos is played again without its bundle means nothing where the scenario is not.
        let without = ran.stdout.replace(&hint, "");
        let lines = without.lines().filter(|line| !line.starts_with("this run again: "));
        assert_eq!(lines.collect::<Vec<_>>(), failure.lines().collect::<Vec<_>>());
        assert!(verdict.starts_with("same  bit for bit what was kept"), "{verdict}");
    }
}

#[test]
fn bundles_are_the_same_whatever_the_number_of_jobs_and_each_time() {
    let scratch = Scratch::new();
    let keep = |folder: &str, jobs: &str| {
        let folder = scratch.typed(folder);
        let arguments = [
            "run",
            "fixtures/scenarios",
            "--seed",
            "7",
            "--bundle",
            &folder,
            "--jobs",
            jobs,
        ];
        assert_eq!(run(&arguments).code, Some(1));
        tree(Path::new(&folder))
    };
    let (one, four) = (keep("one", "1"), keep("four", "4"));
    assert_eq!(one.keys().collect::<Vec<_>>(), four.keys().collect::<Vec<_>>());
    assert!(one == four, "some file differs");
    assert!(keep("four", "4") == one, "what is replaced by the same is the same");
    assert_eq!(
        names(&scratch.path("one")).len(),
        fixtures("scenarios/failing", "yaml").len()
    );
}

/// A folder with a scenario that reads other files, variables and the environment, and fails in one dialect.
fn shop() -> Scratch {
    Scratch::with(&[
        (
            "shop/all.yaml",
            "name: '{{who}} buys'\nenv: { SHOP_URL: 'https://none', CITY: Bern }\nvars: { who: Bob, n: 1 }\n\
             matrix: { dialect: [classic, actions] }\nsteps:\n  - include: parts/login.yaml\n  - file: sent.ndjson\n  \
             - for_each: { file: people.csv, as: row, steps: [{ track: { userId: '{{row.id}}', event: '{{env.SHOP_URL}}' } }] }\n\
             expect:\n  - when: { dialect: actions }\n    conversions: { count: 9 }\n",
        ),
        (
            "shop/parts/login.yaml",
            "- identify: { anonymousId: a, userId: '{{who}}' }\n- include: more.yaml\n",
        ),
        ("shop/parts/more.yaml", "- wait: 1m\n"),
        (
            "shop/sent.ndjson",
            "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"sent\"}\n",
        ),
        ("shop/people.csv", "id\nada\nbob\n"),
        ("shop/other.csv", "id\nsecret\n"),
    ])
}

#[test]
fn a_bundle_has_all_that_its_scenario_reads_and_nothing_else_of_the_environment() {
    let scratch = shop();
    let mut command = scratch.harness();
    command
        .env("SHOP_URL", "https://ours")
        .env("PASSWORD", "hunter2")
        .args([
            "run",
            "shop/all.yaml",
            "--bundle",
            "bundles",
            "--var",
            "who=Ada",
            "--var",
            "elsewhere=hunter2",
        ]);
    let ran = feed(&mut command, "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{}", ran.stdout);
    assert_eq!(names(&scratch.path("bundles")), ["all-ada-buys-dialect-actions-0"]);
    fs::remove_dir_all(scratch.path("shop")).unwrap();

    let bundle = "bundles/all-ada-buys-dialect-actions-0";
    let files = tree(&scratch.path(bundle));
    let expected = [
        "bundle.json",
        "clock.ndjson",
        "journal.ndjson",
        "outcome.json",
        "scenario/all.yaml",
        "scenario/parts/login.yaml",
        "scenario/parts/more.yaml",
        "scenario/people.csv",
        "scenario/sent.ndjson",
        "wire.ndjson",
    ];
    assert_eq!(files.keys().collect::<Vec<_>>(), expected);
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(files.values().all(|bytes| !has(bytes, "hunter2")));
    let manifest = json(&scratch, &format!("{bundle}/bundle.json"));
    assert_eq!(manifest["variables"], serde_json::json!({ "who": "Ada" }));
    assert_eq!(
        manifest["environment"],
        serde_json::json!({ "SHOP_URL": "https://ours" })
    );
    assert_eq!(
        manifest["scenario"]["combination"],
        serde_json::json!({ "dialect": "actions" })
    );

    let mut elsewhere = scratch.harness();
    let again = feed(elsewhere.env("SHOP_URL", "https://theirs").args(["replay", bundle]), "");
    assert_eq!((again.code, again.stderr.as_str()), (Some(1), ""), "{}", again.stdout);
    assert!(again.stdout.contains("Ada buys [dialect=actions]"), "{}", again.stdout);
    assert!(again.stdout.contains("\nsame  bit for bit"), "{}", again.stdout);
}

#[test]
fn the_link_is_kept_without_the_project_id_and_the_journal_is_one() {
    let outage = "settings: { project_id: very-secret }\nlink: { latency: 40ms }\nsteps:\n  \
                  - fault: { connect: refuse }\n  - track: { userId: u, event: a, properties: { revenue: 5 } }\n\
                  expect: { conversions: [] }\n";
    let scratch = Scratch::with(&[("bad.yaml", outage)]);
    let ran = in_folder(&scratch, &["run", ".", "--bundle", "b"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let _guard = snapshots("replay");
    insta::assert_snapshot!("wire", scratch.read("b/bad-0/wire.ndjson"));
    insta::assert_snapshot!("clock", scratch.read("b/bad-0/clock.ndjson"));
    let report = in_folder(&scratch, &["report", "b/bad-0/journal.ndjson"]);
    assert_eq!(report.code, Some(0), "{}", report.stderr);
    assert!(report.stdout.contains("5.00"), "{}", report.stdout);
}

#[test]
fn what_was_changed_or_is_missing_is_told_and_nothing_is_played() {
    let files = tree(&kept().path("b"));
    assert_eq!(files.len(), 6);
    for file in files.keys() {
        let scratch = kept();
        let path = scratch.path("b").join(file);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).unwrap();
        let changed = in_folder(&scratch, &["replay", "b"]);
        assert_eq!((changed.code, changed.stdout.as_str()), (Some(2), ""), "{file}");
        assert!(changed.stderr.contains(file.as_str()), "{file}: {}", changed.stderr);
        fs::remove_file(&path).unwrap();
        let missing = in_folder(&scratch, &["replay", "b"]);
        assert_eq!((missing.code, missing.stdout.as_str()), (Some(2), ""), "{file}");
        assert!(missing.stderr.contains(file.as_str()), "{file}: {}", missing.stderr);
    }
}

#[test]
fn what_happens_otherwise_than_it_was_kept_is_told_with_its_place() {
    let scratch = kept();
    let wire = scratch
        .read("b/wire.ndjson")
        .replace("Segment.io/1.0", "Segment.io/0.9");
    scratch.write("b/wire.ndjson", &wire);
    forge(&scratch, |manifest| {
        manifest["files"]["wire.ndjson"] = digest(wire.as_bytes()).into();
        manifest["harness"] = "0.0.9".into();
    });
    let again = in_folder(&scratch, &["replay", "b"]);
    assert_eq!((again.code, again.stderr.as_str()), (Some(3), ""), "{}", again.stdout);
    let _guard = snapshots("replay");
    insta::assert_snapshot!("differs", again.stdout);

    let again = in_folder(&scratch, &["replay", "b", "--format", "json"]);
    let last: Value = serde_json::from_str(again.stdout.lines().last().unwrap()).unwrap();
    assert_eq!((again.code, &last["replay"]["same"]), (Some(3), &Value::Bool(false)));
    assert_eq!(last["replay"]["difference"]["file"], "wire.ndjson");
}

#[test]
fn what_is_no_bundle_is_answered_with_what_to_do() {
    let scratch = kept();
    let told = |arguments: &[&str], code: i32| {
        let printed = in_folder(&scratch, arguments);
        assert_eq!(
            (printed.code, printed.stdout.as_str()),
            (Some(code), ""),
            "{}",
            printed.stderr
        );
        printed.stderr
    };
    let mut all = told(&["replay", "none"], 3);
    all += &told(&["replay", "bundles"], 2);
    all += &told(&["replay", "b/bundle.json"], 2);
    forge(&scratch, |manifest| {
        manifest["scenario"]["number"] = 2.into();
    });
    all += &told(&["replay", "b"], 2);
    forge(&scratch, |manifest| {
        manifest["scenario"]["file"] = "scenario/b.yaml".into();
    });
    all += &told(&["replay", "b"], 2);
    forge(&scratch, |manifest| {
        manifest["bundle"] = 2.into();
    });
    all += &told(&["replay", "b"], 2);
    scratch.write("b/bundle.json", "{}");
    all += &told(&["replay", "b"], 2);
    scratch.write("b/bundle.json", "{\"bundle\": 1");
    all += &told(&["replay", "b"], 2);
    let _guard = snapshots("replay");
    insta::assert_snapshot!("bad_bundles", all);
}

#[test]
fn nothing_outside_a_bundle_is_read() {
    let secret = "the secret";
    for outside in ["../secret", "/secret", "scenario/../../secret", ""] {
        let scratch = kept();
        scratch.write("secret", secret);
        forge(&scratch, |manifest| {
            manifest["files"][outside] = digest(secret.as_bytes()).into();
        });
        let printed = in_folder(&scratch, &["replay", "b"]);
        assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""), "{outside}");
        assert!(printed.stderr.contains("does not lie in it"), "{}", printed.stderr);
    }
    // A scenario that reads more than the bundle has finds nothing, though it lies there.
    let scratch = kept();
    let text = BAD.replace("steps: [", "steps: [{ file: ../secret.ndjson }, ");
    scratch.write(
        "b/secret.ndjson",
        "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"e\"}\n",
    );
    scratch.write("b/scenario/bad.yaml", &text);
    forge(&scratch, |manifest| {
        manifest["files"]["scenario/bad.yaml"] = digest(text.as_bytes()).into();
    });
    let printed = in_folder(&scratch, &["replay", "b"]);
    assert_eq!(printed.code, Some(2), "{}", printed.stdout);
    assert!(
        printed.stderr.contains("leads out of the scenario's folder"),
        "{}",
        printed.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_link_out_of_a_bundle_is_not_followed() {
    let scratch = kept();
    fs::rename(scratch.path("b/wire.ndjson"), scratch.path("wire.ndjson")).unwrap();
    std::os::unix::fs::symlink("../wire.ndjson", scratch.path("b/wire.ndjson")).unwrap();
    let printed = in_folder(&scratch, &["replay", "b"]);
    assert_eq!((printed.code, printed.stdout.as_str()), (Some(2), ""));
    assert!(printed.stderr.contains("does not lie in it"), "{}", printed.stderr);
}

#[test]
fn a_bundle_replaces_its_like_whole_and_nothing_else() {
    let scratch = Scratch::with(&[("bad.yaml", BAD)]);
    let keep = |into: &str| in_folder(&scratch, &["run", "bad.yaml", "--bundle", into]);
    assert_eq!(keep("bundles").code, Some(1));
    scratch.write("bundles/bad-0/left-over", "");
    assert_eq!(keep("bundles").code, Some(1));
    assert_eq!(names(&scratch.path("bundles")), ["bad-0"], "nothing is left beside it");
    assert!(!scratch.path("bundles/bad-0/left-over").exists());

    scratch.write("mine/bad-0/notes.txt", "mine");
    let refused = keep("mine");
    assert_eq!(refused.code, Some(3), "{}", refused.stdout);
    assert!(
        refused.stdout.contains("1 scenario: 0 passed, 1 failed"),
        "{}",
        refused.stdout
    );
    assert!(refused.stderr.contains("something else is there"), "{}", refused.stderr);
    assert_eq!(
        tree(&scratch.path("mine")).keys().collect::<Vec<_>>(),
        ["bad-0/notes.txt"]
    );
}

#[test]
fn what_passes_leaves_no_bundle_and_bundles_are_no_scenarios() {
    let good = BAD.replace("count: 2", "count: 1");
    let scratch = Scratch::with(&[("bad.yaml", BAD), ("good.yaml", &good), ("mistaken.yaml", "stesp: []")]);
    assert_eq!(
        in_folder(&scratch, &["run", "good.yaml", "--bundle", "none"]).code,
        Some(0)
    );
    assert!(!scratch.path("none").exists());
    let first = in_folder(&scratch, &["run", ".", "--bundle", "bundles", "--format", "json"]);
    assert_eq!(first.code, Some(2));
    assert_eq!(names(&scratch.path("bundles")), ["bad-0"]);
    let last: Value = serde_json::from_str(first.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(last["summary"]["bundles"], serde_json::json!(["bundles/bad-0"]));
    let second = in_folder(&scratch, &["run", "."]);
    assert!(
        second.stdout.contains("3 scenarios: 1 passed, 1 failed, 1 invalid"),
        "{}",
        second.stdout
    );
    let by_itself = in_folder(&scratch, &["run", "bundles/bad-0/scenario/bad.yaml"]);
    assert_eq!(by_itself.code, Some(1), "{}", by_itself.stdout);
}

#[test]
fn scenarios_that_would_share_a_name_and_repetitions_each_have_a_bundle() {
    let scratch = Scratch::with(&[("one/bad.yaml", BAD), ("two/bad.yaml", BAD)]);
    let ran = in_folder(&scratch, &["run", "one", "two", "--repeat", "2", "--bundle", "bundles"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let bundles = names(&scratch.path("bundles"));
    assert_eq!(bundles.len(), 4, "{bundles:?}");
    for bundle in bundles {
        let again = in_folder(&scratch, &["replay", &format!("bundles/{bundle}")]);
        assert_eq!(again.code, Some(1), "{}", again.stderr);
        assert!(again.stdout.contains("/2, seed "), "{}", again.stdout);
    }
}

#[test]
fn standard_input_is_kept_with_the_files_beside_it() {
    let scratch = Scratch::with(&[("rows.csv", "id\nada\n")]);
    let text = "steps: [{ for_each: { file: rows.csv, as: row, steps: [{ track: { userId: '{{row.id}}', event: a } }] } }]\n\
                expect: { conversions: [] }\n";
    let ran = feed(scratch.harness().args(["run", "-", "--bundle", "bundles"]), text);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{}", ran.stdout);
    fs::remove_file(scratch.path("rows.csv")).unwrap();
    let again = in_folder(&scratch, &["replay", "bundles/standard-input-0"]);
    assert_eq!((again.code, again.stderr.as_str()), (Some(1), ""), "{}", again.stdout);
    assert!(again.stdout.contains("--> standard input:2"), "{}", again.stdout);
}

#[test]
fn a_live_failure_is_kept_as_it_is_in_virtual_time() {
    let scratch = Scratch::with(&[("bad.yaml", BAD)]);
    let ran = in_folder(&scratch, &["run", "bad.yaml", "--live", "--bundle", "bundles"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{}", ran.stdout);
    assert_eq!(json(&scratch, "bundles/bad-0/live.json")["status"], "failed");
    let again = in_folder(&scratch, &["replay", "bundles/bad-0"]);
    assert_eq!(again.code, Some(1), "{}", again.stderr);
    assert!(again.stdout.contains("live.json has the outcome"), "{}", again.stdout);
}

#[test]
fn what_was_given_up_is_kept_with_what_it_is_read_from() {
    let event = "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"a\"}\n";
    let scratch = Scratch::with(&[
        ("many.yaml", "steps: [{ file: many.ndjson }]\n"),
        ("many.ndjson", &event.repeat(50_000)),
    ]);
    let ran = in_folder(
        &scratch,
        &["run", "many.yaml", "--timeout", "1ms", "--bundle", "bundles"],
    );
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("again with: harness replay bundles/many-0"),
        "{}",
        ran.stdout
    );
    let files = tree(&scratch.path("bundles/many-0"));
    let expected = ["bundle.json", "scenario/many.ndjson", "scenario/many.yaml"];
    assert_eq!(files.keys().collect::<Vec<_>>(), expected);
    fs::rename(scratch.path("bundles/many-0"), scratch.path("b")).unwrap();
    let again = in_folder(&scratch, &["replay", "b"]);
    assert_eq!(again.code, Some(1), "{}", again.stdout);
    assert!(again.stdout.contains("same  it came to no end"), "{}", again.stdout);

    forge(&scratch, |manifest| {
        manifest["run"].as_object_mut().unwrap().remove("timeout_ms");
    });
    let patient = in_folder(&scratch, &["replay", "b"]);
    assert_eq!(patient.code, Some(3), "{}", patient.stdout);
    assert!(
        patient
            .stdout
            .contains("DIFFERS  when it was kept it was timed out, and now it is passed"),
        "{}",
        patient.stdout
    );
}
