//! The README shows what really happens.

use std::fs;
use std::process::{Command, Output};

use attribution_ledger::{Severity, rules};
use test_support::{placeholders, workspace_root};

use crate::command::{printed, run};
use crate::serve::Serving;

/// The fenced blocks of one language.
fn blocks(language: &str) -> Vec<String> {
    let readme = fs::read_to_string(workspace_root().join("README.md")).unwrap();
    let fence = format!("```{language}\n");
    let found: Vec<String> = readme
        .split(&fence)
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(block, _)| block.to_owned())
        .collect();
    assert!(!found.is_empty(), "the README has no {language} block");
    found
}

#[test]
fn every_command_in_the_readme_prints_what_stands_there() {
    for block in blocks("console") {
        for command in block.split("$ ").filter(|command| !command.trim().is_empty()) {
            let (line, expected) = command.split_once('\n').unwrap_or((command, ""));
            assert_eq!(shell(line), placeholders::apply(expected).trim_end(), "$ {line}");
        }
    }
}

/// What a command prints on a terminal.
fn shell(line: &str) -> String {
    let line = line.replace("cargo run --release -- ", "harness ");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_harness"));
    let path = std::env::join_paths(
        std::iter::once(binary.parent().expect("a binary lies in a folder").to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {line}; }} 2>&1")])
        .current_dir(workspace_root())
        .env("PATH", path)
        .env_remove("ATTRIBUTION_PROJECT_ID")
        .env("HARNESS_STATE", concat!(env!("CARGO_TARGET_TMPDIR"), "/state"))
        .output()
        .unwrap();
    printed(&output).stdout.trim_end().to_owned()
}

#[test]
fn every_scenario_in_the_readme_passes() {
    let folder = std::env::temp_dir().join(format!("harness-readme-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for (number, block) in blocks("yaml").iter().enumerate() {
        let file = folder.join(format!("{number}.yaml"));
        fs::write(&file, block).unwrap();
        let printed = run(&["run", &file.display().to_string()]);
        assert_eq!(printed.code, Some(0), "{block}\n{}{}", printed.stdout, printed.stderr);
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn every_rule_stands_in_the_readme_as_it_is() {
    let readme = fs::read_to_string(workspace_root().join("README.md")).unwrap();
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| ATT")).collect();
    let rules = rules::all().iter().map(|rule| {
        let strict = match (rule.severity, rule.tolerated) {
            _ if rule.off.is_some() => "off by default".to_owned(),
            (Severity::Warn, _) => "warning".to_owned(),
            (Severity::Deny, []) => "400".to_owned(),
            (Severity::Deny, tolerated) => {
                let dialects: Vec<&str> = tolerated.iter().map(|dialect| dialect.as_str()).collect();
                format!("400; {}: warning", dialects.join(", "))
            }
        };
        format!("| {} | {} | {strict} | {} |", rule.id, rule.name, rule.title)
    });
    assert_eq!(rows, rules.collect::<Vec<_>>());
}

/// The languages of the recipes: what has to be there to run one, the program, and how it is given the text.
const RECIPES: [(&str, &str, &str, &[&str]); 4] = [
    ("sh", "curl", "sh", &["-ec"]),
    ("js", "node", "node", &["--input-type=module", "-e"]),
    ("python", "python3", "python3", &["-c"]),
    ("ruby", "ruby", "ruby", &["-e"]),
];

/// Runs each recipe, once it is changed like this, against a server of its own, and hands over how that ended.
#[expect(clippy::print_stdout, reason = "a test says what it skips")]
fn run_recipes(changed: impl Fn(String) -> String, judge: impl Fn(&str, &Output, &Serving)) {
    for (language, needed, program, arguments) in RECIPES {
        if Command::new(needed).arg("--version").output().is_err() {
            println!("skipped: there is no {needed} here to run the recipe in {language}");
            continue;
        }
        let server = Serving::start(&[]);
        let recipe = changed(blocks(language).concat().replace("http://127.0.0.1:7070", &server.url));
        let output = Command::new(program).args(arguments).arg(&recipe).output().unwrap();
        judge(language, &output, &server);
    }
}

#[test]
fn every_recipe_in_the_readme_sends_an_event_and_waits_for_it() {
    let as_it_is = |recipe| recipe;
    run_recipes(as_it_is, |language, output, server| {
        assert!(output.status.success(), "{language}: {output:?}");
        let conversions = server.ask("GET", "/__admin/conversions", "");
        assert!(
            conversions.contains(r#""event":"Order Completed""#),
            "{language}: {conversions}"
        );
    });
}

#[test]
fn every_recipe_in_the_readme_fails_where_nothing_comes() {
    let in_vain = |recipe: String| {
        recipe
            .replace("timeout=10s", "timeout=0s")
            .replace("visitor", "currency")
    };
    run_recipes(in_vain, |language, output, _| {
        assert!(!output.status.success(), "{language}: {output:?}");
    });
}
