//! `snapshot:` and `--update-snapshots`, from the first run to the last.

use std::fs;

use insta::assert_snapshot;
use test_support::{snapshots, workspace_root};

use crate::command::{Printed, printed};
use crate::scratch::Scratch;

const SCENARIO: &str = "name: An order is sent
steps:
  - page: { anonymousId: anon-1, properties: { url: \"https://shop.example/\" } }
  - track: { anonymousId: anon-1, userId: user-1, event: Order Completed, properties: { revenue: 99.90 } }
  - snapshot: requests
  - snapshot: { name: visits, of: visits, fields: [visitor, page] }
";

const REQUESTS: &str = "snapshots/order.yaml/requests.snap";

const VISITS: &str = "snapshots/order.yaml/visits.snap";

fn harness(scratch: &Scratch, arguments: &[&str]) -> Printed {
    printed(&scratch.harness().arg("run").args(arguments).output().unwrap())
}

/// A folder with the scenario and its snapshots.
fn frozen() -> Scratch {
    let scratch = Scratch::with(&[("order.yaml", SCENARIO)]);
    let Printed { code, stdout, stderr } = harness(&scratch, &["order.yaml", "--update-snapshots"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert_eq!(stderr, format!("wrote {REQUESTS}\nwrote {VISITS}\n"));
    scratch
}

#[test]
fn a_snapshot_is_written_when_asked_for_and_then_held_against() {
    let scratch = Scratch::with(&[("order.yaml", SCENARIO)]);
    let _guard = snapshots("run");
    let Printed { code, stdout, stderr } = harness(&scratch, &["order.yaml"]);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    assert_snapshot!("snapshot_missing", stdout);
    assert!(!scratch.path("snapshots").exists(), "nothing is written unasked");

    let scratch = frozen();
    assert_snapshot!("snapshot_file", scratch.read(REQUESTS));
    let again = harness(&scratch, &["order.yaml", "--update-snapshots"]);
    assert_eq!(
        (again.code, again.stderr.as_str()),
        (Some(0), ""),
        "nothing has changed"
    );
    for arguments in [
        &["order.yaml"][..],
        &["order.yaml", "--seed", "7"],
        &["order.yaml", "--live"],
    ] {
        let Printed { code, stdout, stderr } = harness(&scratch, arguments);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{arguments:?}: {stdout}");
    }
}

#[test]
fn a_change_is_shown_line_by_line_and_taken_over_when_asked_for() {
    let scratch = frozen();
    scratch.write("order.yaml", &SCENARIO.replace("99.90", "100"));
    let Printed { code, stdout, .. } = harness(&scratch, &["order.yaml"]);
    assert_eq!(code, Some(1));
    let _guard = snapshots("run");
    assert_snapshot!("snapshot_changed", stdout);
    let Printed { code, stderr, .. } = harness(&scratch, &["order.yaml", "--update-snapshots"]);
    assert_eq!((code, stderr), (Some(0), format!("wrote {REQUESTS}\n")));
    assert_eq!(harness(&scratch, &["order.yaml"]).code, Some(0));
}

#[test]
fn reports_have_the_difference_without_colours() {
    let scratch = frozen();
    scratch.write("order.yaml", &SCENARIO.replace("99.90", "100"));
    let Printed { stdout, stderr, .. } = harness(
        &scratch,
        &[
            "order.yaml",
            "--format",
            "json",
            "--report-junit",
            "junit.xml",
            "--report-html",
            "report.html",
            "--report-tap",
            "report.tap",
            "--report-github=summary.md",
        ],
    );
    let line: serde_json::Value = serde_json::from_str(stdout.lines().next().unwrap()).unwrap();
    let failure = &line["scenario"]["outcome"]["failures"][0];
    let gone = "-         \"revenue\": 99.90\n+         \"revenue\": 100\n";
    assert!(failure["diff"].as_str().unwrap().contains(gone), "{failure}");
    assert_eq!(failure["actual"], "1 line is gone, 1 is new");
    let advice = "`harness run order.yaml --update-snapshots` writes it";
    let junit = scratch.read("junit.xml");
    assert!(
        junit.contains("+         &quot;revenue&quot;: 100") && junit.contains(advice),
        "{junit}"
    );
    let html = scratch.read("report.html");
    assert!(
        html.contains("+         &quot;revenue&quot;: 100\n") && html.contains(advice),
        "{html}"
    );
    let tap = scratch.read("report.tap");
    assert!(tap.contains(r#"+         \"revenue\": 100\n"#), "{tap}");
    assert!(stderr.contains("%0A+         \"revenue\": 100%0A"), "{stderr}");
}

#[test]
fn on_a_terminal_what_is_gone_is_red_and_what_is_new_green() {
    let scratch = frozen();
    scratch.write("order.yaml", &SCENARIO.replace("99.90", "100"));
    let mut command = scratch.harness();
    command
        .args(["run", "order.yaml"])
        .env_remove("NO_COLOR")
        .env("CLICOLOR_FORCE", "1");
    let stdout = printed(&command.output().unwrap()).stdout;
    assert!(
        stdout.contains("\u{1b}[31m-         \"revenue\": 99.90\u{1b}[0m"),
        "{stdout:?}"
    );
    assert!(
        stdout.contains("\u{1b}[32m+         \"revenue\": 100\u{1b}[0m"),
        "{stdout:?}"
    );
}

#[test]
fn a_snapshot_that_no_step_uses_is_told_and_removed_when_asked_for() {
    let scratch = frozen();
    let (without, _) = SCENARIO.rsplit_once("  - snapshot").unwrap();
    scratch.write("order.yaml", without);
    let _guard = snapshots("run");
    let Printed { code, stdout, .. } = harness(&scratch, &["order.yaml"]);
    assert_eq!(code, Some(0), "stale is not wrong");
    assert_snapshot!("snapshot_stale", stdout);
    let json = harness(&scratch, &["order.yaml", "--format", "json"]).stdout;
    assert!(
        json.contains("\"stale_snapshots\":1,\"unused_snapshots\":[\"snapshots/order.yaml/visits.snap\"]"),
        "{json}"
    );

    // What was not played whole may use it.
    for part in [&["order.yaml:5"][..], &[".", "--shard", "2/2"]] {
        let Printed { stdout, stderr, .. } = harness(&scratch, &[part, &["--update-snapshots"]].concat());
        assert!(
            !stdout.contains("visits.snap") && stderr.is_empty(),
            "{part:?}: {stdout}{stderr}"
        );
    }
    assert!(scratch.path(VISITS).exists());
    let Printed { code, stderr, .. } = harness(&scratch, &["order.yaml", "--update-snapshots"]);
    assert_eq!((code, stderr), (Some(0), format!("removed {VISITS}\n")));
    assert!(!scratch.path(VISITS).exists() && scratch.path(REQUESTS).exists());
}

#[test]
fn a_snapshot_without_a_scenario_is_told_where_the_whole_folder_was_played_and_removed_when_asked_for() {
    let scratch = Scratch::with(&[
        ("deep/order.yaml", SCENARIO),
        ("deep/other.yaml", "steps: [{ settle: }]"),
    ]);
    harness(&scratch, &[".", "--update-snapshots"]);
    fs::rename(scratch.path("deep/order.yaml"), scratch.path("deep/new-name.yaml")).unwrap();
    // Nobody's scenario, as other tools keep them.
    scratch.write("deep/snapshots/order/requests.snap", "");
    fs::rename(
        scratch.path("deep/snapshots/order.yaml/visits.snap"),
        scratch.path("deep/snapshots/order.yaml/visits.txt"),
    )
    .unwrap();
    let heading = "the scenario of these snapshots is not there any more; --update-snapshots removes them";
    let orphan = "deep/snapshots/order.yaml/requests.snap";
    for part in [
        &["deep/other.yaml"][..],
        &["deep/*.yaml"],
        &["deep", "--filter", "other"],
        &["deep", "--shard", "1/2"],
        &["deep", "--fail-fast"],
        &["deep/other.yaml:1"],
    ] {
        let Printed { stdout, .. } = harness(&scratch, part);
        assert!(!stdout.contains(heading), "{part:?}: {stdout}");
    }
    let Printed { stdout, .. } = harness(&scratch, &["deep"]);
    assert_eq!(stdout.matches(".snap\n").count(), 1, "{stdout}");
    assert!(
        stdout.contains(heading) && stdout.contains(&format!("\n  {orphan}\n")),
        "{stdout}"
    );
    let json = harness(&scratch, &["deep", "--format", "json"]).stdout;
    let listed = format!("\"stale_snapshots\":1,\"orphaned_snapshots\":[\"{orphan}\"]");
    assert!(json.contains(&listed), "{json}");

    let Printed { code, stderr, .. } = harness(&scratch, &["deep", "--update-snapshots"]);
    assert_eq!(code, Some(0), "{stderr}");
    let renamed = ["requests", "visits"].map(|name| format!("wrote deep/snapshots/new-name.yaml/{name}.snap\n"));
    assert_eq!(stderr, format!("{}removed {orphan}\n", renamed.concat()));
    assert!(scratch.path("deep/snapshots/order/requests.snap").exists());
}

#[cfg(unix)]
#[test]
fn snapshots_behind_a_link_are_left_alone() {
    let (scratch, elsewhere) = (Scratch::with(&[("a.yaml", "steps: [{ settle: }]")]), frozen());
    std::os::unix::fs::symlink(elsewhere.path("snapshots"), scratch.path("snapshots")).unwrap();
    let Printed { code, stdout, stderr } = harness(&scratch, &[".", "--update-snapshots"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert!(
        !stdout.contains(".snap") && elsewhere.path(REQUESTS).exists(),
        "{stdout}"
    );
}

#[test]
fn of_a_matrix_each_combination_has_a_file_and_a_part_of_it_removes_none() {
    let text = format!("matrix: {{ dialect: [classic, actions] }}\n{SCENARIO}");
    let scratch = Scratch::with(&[("order.yaml", &text)]);
    harness(&scratch, &["order.yaml", "--update-snapshots"]);
    let there = || {
        let entries = fs::read_dir(scratch.path("snapshots/order.yaml")).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let all = [
        "requests.dialect=actions.snap",
        "requests.dialect=classic.snap",
        "visits.dialect=actions.snap",
        "visits.dialect=classic.snap",
    ];
    assert_eq!(there(), all);
    assert_eq!(harness(&scratch, &["order.yaml"]).code, Some(0));
    harness(
        &scratch,
        &["order.yaml", "--update-snapshots", "--filter", "dialect=classic"],
    );
    assert_eq!(there(), all);
}

#[test]
fn ci_writes_no_snapshot() {
    let scratch = Scratch::with(&[("order.yaml", SCENARIO)]);
    let mut command = scratch.harness();
    command
        .args(["run", "order.yaml", "--update-snapshots"])
        .env("CI", "true");
    let Printed { code, stdout, stderr } = printed(&command.output().unwrap());
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(
        stderr.starts_with("error: --update-snapshots in CI would take whatever comes for right"),
        "{stderr}"
    );
    assert!(!scratch.path("snapshots").exists());
}

#[test]
fn a_snapshot_that_can_not_be_written_is_told() {
    let scratch = Scratch::with(&[("order.yaml", SCENARIO), ("snapshots", "a file")]);
    assert_eq!(harness(&scratch, &["order.yaml"]).code, Some(1), "it is missing");
    let Printed { code, stderr, .. } = harness(&scratch, &["order.yaml", "--update-snapshots"]);
    assert_eq!(code, Some(3));
    assert!(
        stderr.starts_with("error: can't write the snapshot snapshots/order.yaml/requests.snap: "),
        "{stderr}"
    );
    assert_eq!(scratch.read("snapshots"), "a file");
}

#[cfg(unix)]
#[test]
fn no_snapshot_is_written_out_of_the_folder_by_a_link() {
    let (scratch, elsewhere) = (Scratch::with(&[("order.yaml", SCENARIO)]), Scratch::new());
    std::os::unix::fs::symlink(elsewhere.path(""), scratch.path("snapshots")).unwrap();
    let Printed { code, stderr, .. } = harness(&scratch, &["order.yaml", "--update-snapshots"]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("leads out of the scenario's folder"), "{stderr}");
    assert!(!elsewhere.path(REQUESTS.trim_start_matches("snapshots/")).exists());
}

#[test]
fn lines_that_git_ends_as_windows_does_make_no_difference() {
    let scratch = frozen();
    let text = scratch.read(REQUESTS).replace('\n', "\r\n");
    scratch.write(REQUESTS, &text);
    let Printed { code, stdout, stderr } = harness(&scratch, &["order.yaml"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert_eq!(harness(&scratch, &["order.yaml", "--update-snapshots"]).stderr, "");
    assert_eq!(scratch.read(REQUESTS), text);
}

#[test]
fn of_several_seeds_that_differ_the_first_is_kept_and_the_others_are_told() {
    let text = "steps:
  - fault: { respond: 503, for: 30s }
  - track: { userId: user-1, event: Visited }
  - snapshot: { name: deliveries, of: deliveries }
";
    let scratch = Scratch::with(&[("a.yaml", text)]);
    let file = "snapshots/a.yaml/deliveries.snap";
    let once = harness(&scratch, &["a.yaml", "--update-snapshots"]);
    assert_eq!(
        (once.code, once.stderr),
        (Some(0), format!("wrote {file}\n")),
        "{}",
        once.stdout
    );
    let first = scratch.read(file);
    let several = harness(&scratch, &["a.yaml", "--update-snapshots", "--repeat", "2"]);
    let told = format!("note: {file} has another text with seed 1; that of seed 0 is kept\n");
    assert_eq!((several.code, several.stderr), (Some(0), told), "{}", several.stdout);
    assert_eq!(scratch.read(file), first);
    assert_eq!(harness(&scratch, &["a.yaml", "--repeat", "2"]).code, Some(1));
}

#[test]
fn every_placeholder_stands_in_the_readme() {
    let readme = fs::read_to_string(workspace_root().join("README.md")).unwrap();
    let (_, behind) = readme
        .split_once("| in a snapshot | stands for |\n|---|---|\n")
        .unwrap();
    let rows: Vec<&str> = behind.lines().take_while(|line| line.starts_with('|')).collect();
    let table = scenario::PLACEHOLDERS.iter().map(|(placeholder, meaning)| {
        let shown: Vec<String> = placeholder.split(", ").map(|one| format!("`{one}`")).collect();
        format!("| {} | {meaning} |", shown.join(", "))
    });
    assert_eq!(rows, table.collect::<Vec<_>>());
}
