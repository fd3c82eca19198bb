//! The report files, all of the same run over `fixtures/reports/`.

use std::fs;

use insta::assert_snapshot;
use test_support::snapshots;

use crate::command::{Printed, feed, harness, printed, run};
use crate::junit;
use crate::scratch::Scratch;

const FOLDER: &str = "fixtures/reports";

/// The report that this option writes.
fn report(option: &str) -> String {
    let scratch = Scratch::new();
    let file = scratch.typed("reports/the report");
    let Printed { code, stderr, .. } = run(&["run", FOLDER, option, &file]);
    assert_eq!((code, stderr.as_str()), (Some(2), ""), "{option}");
    let listing: Vec<_> = fs::read_dir(scratch.path("reports"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(listing, ["the report"], "nothing else is left there");
    scratch.read("reports/the report")
}

/// The text with what differs from run to run replaced: whatever follows one of these up to one of its ends.
fn steady(text: &str, varying: &[(&str, &[char])]) -> String {
    let mut text = text.to_owned();
    for (lead, ends) in varying {
        let mut parts = text.split(lead);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(*ends).unwrap_or(part.len());
            out.extend([*lead, "TIME", &part[end..]]);
        }
        text = out;
    }
    text
}

fn steady_json(text: &str) -> String {
    let ends: &[char] = &[',', '}'];
    steady(text, &[("\"real_ms\":", ends), ("\"started\":", ends)])
}

#[test]
fn the_json_report_has_everything() {
    let text = report("--report-json");
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["report"], "harness/1");
    assert_eq!(document["summary"]["failed"], 2);
    let document: serde_json::Value = serde_json::from_str(&steady_json(&text).replace(":TIME", ":\"TIME\"")).unwrap();
    let _guard = snapshots("run");
    assert_snapshot!("report_json", format!("{document:#}"));
}

#[test]
fn the_lines_of_standard_output_say_the_same_as_the_json_report() {
    let printed = run(&["run", FOLDER, "--format", "json"]);
    let lines: Vec<String> = printed.stdout.lines().map(steady_json).collect();
    let whole = steady_json(&report("--report-json"));
    for line in lines {
        let (_, inner) = line.split_once(':').unwrap();
        assert!(whole.contains(inner.strip_suffix('}').unwrap()), "{line}\n{whole}");
    }
}

#[test]
fn the_junit_report_is_as_jenkins_and_gitlab_read_it() {
    let text = report("--report-junit");
    junit::check(&text);
    let text = steady(&text, &[(" time=\"", &['"'])]);
    let _guard = snapshots("run");
    assert_snapshot!("report_junit", text);
}

#[test]
fn the_tap_report_is_one_point_a_scenario() {
    let text = report("--report-tap");
    let points: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("ok ") || line.starts_with("not ok "))
        .collect();
    assert_eq!(text.lines().nth(1), Some("1..5"));
    assert_eq!(points.len(), 5);
    for (number, point) in (1..).zip(points) {
        let words = format!("{number} - ");
        assert!(
            point
                .trim_start_matches("not ")
                .trim_start_matches("ok ")
                .starts_with(&words),
            "{point}"
        );
    }
    let _guard = snapshots("run");
    assert_snapshot!("report_tap", steady(&text, &[("duration_ms: ", &['\n'])]));
}

#[test]
fn the_html_report_is_one_page_without_scripts() {
    let text = report("--report-html");
    for foreign in [
        "<script",
        "<img",
        "<link",
        "<b>",
        "</td><img",
        "http-equiv",
        "@import",
        "url(",
    ] {
        assert!(!text.contains(foreign), "{foreign}");
    }
    let text = steady(&text, &[("<time>", &['<']), ("class=\"real\">", &['<'])]);
    let body = text.split_once("</style>").unwrap().1;
    let _guard = snapshots("run");
    assert_snapshot!("report_html", body);
}

#[test]
fn github_gets_annotations_and_a_summary() {
    let scratch = Scratch::with(&[("summary.md", "what was there\n")]);
    let summary = scratch.typed("summary.md");
    let in_environment = feed(
        harness()
            .args(["run", FOLDER, "--report-github"])
            .env("GITHUB_STEP_SUMMARY", &summary),
        "",
    );
    assert_eq!(in_environment.code, Some(2));
    let given = run(&["run", FOLDER, "--format", "json", &format!("--report-github={summary}")]);
    assert!(given.stdout.lines().all(|line| line.starts_with('{')));
    assert_eq!(given.stderr, in_environment.stderr);
    let written = scratch.read("summary.md");
    let twice: Vec<&str> = written.split("### ").collect();
    assert_eq!((twice.len(), twice[0]), (3, "what was there\n"));
    let summary = test_support::placeholders::apply(twice[1]);
    let _guard = snapshots("run");
    assert_snapshot!("report_github", format!("{}\n### {summary}", given.stderr));
    let neither = run(&["run", FOLDER, "--report-github"]);
    assert_eq!((neither.code, neither.stderr), (Some(2), given.stderr));
}

#[test]
fn every_report_names_the_bundle_of_a_failure_and_plays_it_again() {
    let bad =
        "name: Two are expected\nsteps: [{ track: { userId: u, event: a } }]\nexpect: { conversions: { count: 2 } }\n";
    let scratch = Scratch::with(&[("bad.yaml", bad), ("good.yaml", &bad.replace("2 }", "1 }"))]);
    let arguments = "run . --bundle out/bundles --report-junit a.xml --report-tap a.tap --report-html out/a.html \
                     --report-github=a.md";
    let Printed { code, stderr, .. } = printed(&scratch.harness().args(arguments.split(' ')).output().unwrap());
    assert_eq!(code, Some(1), "{stderr}");
    junit::check(&scratch.read("a.xml"));
    let texts = ["a.xml", "a.tap", "out/a.html", "a.md"].map(|file| (file, scratch.read(file)));
    let all = texts.into_iter().chain([("annotations", stderr)]);
    let named: Vec<String> = all
        .map(|(file, text)| {
            let lines: Vec<&str> = text.lines().filter(|line| line.contains("bundles/")).collect();
            format!("{file}:\n{}\n", lines.join("\n"))
        })
        .collect();
    let _guard = snapshots("run");
    assert_snapshot!("report_kept", named.join("\n"));

    let elsewhere = "run bad.yaml --bundle out/bundles --report-html page/a.html";
    printed(&scratch.harness().args(elsewhere.split(' ')).output().unwrap());
    let page = scratch.read("page/a.html");
    assert!(
        page.contains("<p>Kept in out/bundles/bad-two-are-expected-0; "),
        "{page}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_can_not_be_written_is_told_after_the_rest_was() {
    let scratch = Scratch::new();
    let good = scratch.typed("good.xml");
    for option in ["--report-json", "--report-junit", "--report-tap", "--report-html"] {
        let other = if option == "--report-junit" {
            "--report-tap"
        } else {
            "--report-junit"
        };
        let printed = run(&[
            "run",
            "fixtures/reports/a-passes.yaml",
            option,
            "/dev/full",
            other,
            &good,
        ]);
        assert_eq!(printed.code, Some(3), "{option}");
        assert!(
            printed.stderr.starts_with("error: can't write the report "),
            "{}",
            printed.stderr
        );
        assert!(printed.stdout.contains("1 passed"), "{}", printed.stdout);
        fs::remove_file(scratch.path("good.xml")).unwrap();
    }
    let github = run(&["run", "fixtures/reports/a-passes.yaml", "--report-github=/dev/full"]);
    assert_eq!(github.code, Some(3));
    assert!(
        github.stderr.contains("can't append the summary to"),
        "{}",
        github.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_link_or_a_device_stays_what_it_is() {
    let scratch = Scratch::with(&[("real.tap", "old")]);
    std::os::unix::fs::symlink(scratch.path("real.tap"), scratch.path("link.tap")).unwrap();
    let written = run(&[
        "run",
        "fixtures/reports/a-passes.yaml",
        "--report-tap",
        &scratch.typed("link.tap"),
    ]);
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    assert!(scratch.path("link.tap").symlink_metadata().unwrap().is_symlink());
    assert!(scratch.read("real.tap").starts_with("TAP version 14\n"));
    let out = run(&["run", "fixtures/reports/a-passes.yaml", "--report-tap", "/dev/stderr"]);
    assert!(out.stderr.starts_with("TAP version 14\n"), "{}", out.stderr);
}

#[test]
fn a_report_has_at_most_two_kilobytes_a_step() {
    let scratch = Scratch::new();
    let file = scratch.typed("report");
    let lines = run(&["run", "fixtures/scenarios/passing", "--format", "json"]).stdout;
    let steps: usize = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter_map(|line| line["scenario"]["outcome"]["steps"].as_array().map(Vec::len))
        .sum();
    for option in ["--report-json", "--report-junit", "--report-tap", "--report-html"] {
        assert_eq!(run(&["run", "fixtures/scenarios/passing", option, &file]).code, Some(0));
        let bytes = fs::metadata(&file).unwrap().len();
        assert!(
            bytes <= 2_048 * steps as u64,
            "{option}: {bytes} bytes for {steps} steps"
        );
    }
}

#[test]
fn a_problem_in_an_included_file_is_reported_with_that_file() {
    let steps = "- track: { userId: user-1, event: Tried }\n- expect: { conversions: { count: 2 } }\n";
    let scratch = Scratch::with(&[
        ("main.yaml", "steps:\n  - include: steps/_checked.yaml\n"),
        ("steps/_checked.yaml", steps),
    ]);
    let included = scratch.typed("steps/_checked.yaml");
    let [json, junit, tap, html] = ["json", "junit", "tap", "html"].map(|kind| scratch.typed(kind));
    let printed = run(&[
        "run",
        &scratch.typed("main.yaml"),
        "--report-json",
        &json,
        "--report-junit",
        &junit,
        "--report-tap",
        &tap,
        "--report-html",
        &html,
        "--report-github=/dev/null",
    ]);
    assert_eq!(printed.code, Some(1), "{}", printed.stdout);
    let annotated = "/steps/_checked.yaml,line=2,col=";
    assert!(printed.stderr.contains(annotated), "{}", printed.stderr);
    let document: serde_json::Value = serde_json::from_str(&scratch.read("json")).unwrap();
    let failure = &document["scenarios"][0]["outcome"]["failures"][0];
    assert_eq!(
        (&failure["file"], &failure["position"]["line"]),
        (&included.as_str().into(), &2.into())
    );
    assert!(scratch.read("junit").contains(&format!("{included}:2:")));
    assert!(scratch.read("tap").contains(&format!("\"file\":\"{included}\"")));
    assert!(scratch.read("html").contains(&format!("{included}:2:")));
}
