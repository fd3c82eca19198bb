//! The files that keep both halves of the workspace honest.

use std::collections::BTreeSet;

use attribution_ledger::{Assessment, Severity, Violation, assess, rules};
use serde_json::Value;
use test_support::{Fixture, fixtures};

/// A rule's id and the pointer at which it is broken.
type Place = (String, String);

fn text(file: &Value, key: &str) -> String {
    file[key]
        .as_str()
        .unwrap_or_else(|| panic!("no text `{key}` in {file}"))
        .to_owned()
}

fn assess_file(fixture: &Fixture) -> (Value, Assessment) {
    let file = fixture.json();
    let body = file
        .get("body_text")
        .and_then(Value::as_str)
        .map_or_else(|| file["body"].to_string(), str::to_owned);
    let assessment = assess(&text(&file, "path"), body.as_bytes());
    (file, assessment)
}

fn places(violations: &[Violation], severity: Severity) -> Vec<Place> {
    let found = violations.iter().filter(|violation| violation.severity == severity);
    found
        .map(|violation| (violation.rule.to_owned(), violation.pointer.clone()))
        .collect()
}

#[test]
fn every_accepted_file_is_accepted_with_exactly_its_flags() {
    for fixture in fixtures("wire/classic/accepted", "json") {
        let file = fixture.json();
        let Some(request) = file.get("request").filter(|request| !request.is_null()) else {
            continue;
        };
        let assessment = assess(&text(request, "path"), request["body"].to_string().as_bytes());
        assert!(!assessment.is_denied(), "{}: {:?}", fixture.name, assessment.violations);
        assert!(assessment.hit.is_some(), "{} can't be read", fixture.name);
        let flags: Vec<&str> = file["flags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let found: Vec<&str> = assessment.violations.iter().map(|violation| violation.rule).collect();
        assert_eq!(found, flags, "{}", fixture.name);
    }
}

#[test]
fn every_rejected_file_is_denied_for_exactly_its_rule() {
    for fixture in fixtures("wire/classic/rejected", "json") {
        let (file, assessment) = assess_file(&fixture);
        let denials = places(&assessment.violations, Severity::Deny);
        assert_eq!(
            denials,
            [(text(&file, "rule"), text(&file, "pointer"))],
            "{}",
            fixture.name
        );
    }
}

#[test]
fn every_flagged_file_is_accepted_with_exactly_its_warning() {
    for fixture in fixtures("wire/classic/flagged", "json") {
        let (file, assessment) = assess_file(&fixture);
        assert!(!assessment.is_denied(), "{}: {:?}", fixture.name, assessment.violations);
        let warnings = places(&assessment.violations, Severity::Warn);
        assert_eq!(
            warnings,
            [(text(&file, "rule"), text(&file, "pointer"))],
            "{}",
            fixture.name
        );
    }
}

#[test]
fn every_rule_has_a_file_that_breaks_it() {
    let broken = |folder| {
        let files = fixtures(folder, "json");
        files
            .iter()
            .map(|fixture| text(&fixture.json(), "rule"))
            .collect::<BTreeSet<String>>()
    };
    let (rejected, flagged) = (broken("wire/classic/rejected"), broken("wire/classic/flagged"));
    for rule in rules::all() {
        let files = match rule.severity {
            Severity::Deny => &rejected,
            Severity::Warn => &flagged,
        };
        assert!(files.contains(rule.id), "no file breaks {} {}", rule.id, rule.name);
    }
}

#[test]
fn every_file_says_what_it_is_about() {
    for folder in ["wire/classic/rejected", "wire/classic/flagged"] {
        for fixture in fixtures(folder, "json") {
            assert!(text(&fixture.json(), "about").ends_with('.'), "{}", fixture.name);
        }
    }
}

#[test]
fn what_each_rule_says_about_its_files() {
    let mut lines = BTreeSet::new();
    for folder in ["wire/classic/rejected", "wire/classic/flagged"] {
        for fixture in fixtures(folder, "json") {
            for violation in assess_file(&fixture).1.violations {
                let Violation {
                    rule,
                    severity,
                    pointer,
                    message,
                    name: _,
                } = violation;
                lines.insert(format!("{rule} {severity} {}: {pointer} {message}", fixture.name));
            }
        }
    }
    let _guard = test_support::snapshots("ledger");
    insta::assert_snapshot!("rule_messages", lines.into_iter().collect::<Vec<_>>().join("\n"));
}
