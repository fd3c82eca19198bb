//! The files that keep both halves of the workspace honest.

use std::collections::BTreeSet;

use attribution_ledger::{
    EntryVerdict, Journal, Ledger, LedgerConfig, Level, RecordedViolation, Request, Severity, rules,
};
use serde_json::Value;
use test_support::{Fixture, fixtures};

use crate::support::{request, ten_o_clock};

const DIALECTS: [&str; 4] = ["classic", "actions", "import", "browser"];

/// A rule's id and the pointer at which it is broken.
type Place = (String, String);

fn text(file: &Value, key: &str) -> String {
    file[key]
        .as_str()
        .unwrap_or_else(|| panic!("no text `{key}` in {file}"))
        .to_owned()
}

/// The files of every dialect in the folder of that name, each with a name that says which.
fn files(folder: &str) -> Vec<(String, Fixture)> {
    let of_dialect = |dialect| {
        let found = fixtures(&format!("wire/{dialect}/{folder}"), "json");
        found
            .into_iter()
            .map(move |fixture| (format!("{dialect}/{}", fixture.name), fixture))
    };
    DIALECTS.into_iter().flat_map(of_dialect).collect()
}

/// A request of a file, received when the file says that it is `now`, else at ten. The name of the file begins with the
/// dialect that is spoken.
fn received(name: &str, file: &Value, path: &str, body: &str) -> Request {
    let now = file.get("now").and_then(Value::as_str);
    Request {
        received_at: now.map_or_else(ten_o_clock, |now| now.parse().expect("`now` is a time")),
        browser: name.starts_with("browser/"),
        ..request(0, path, body)
    }
}

/// A request of a file, and all that is wrong with it, as a ledger sees it that has recorded what the file says was there
/// `before`, and nothing else. The rule that the file is about is on.
fn judge(name: &str, file: &Value, path: &str, body: &str) -> (Request, Vec<RecordedViolation>) {
    let mut journal = Journal::new();
    for earlier in file["before"].as_array().into_iter().flatten() {
        let earlier = received(name, file, &text(earlier, "path"), &earlier["body"].to_string());
        journal.append(earlier, EntryVerdict::Recorded, 200);
    }
    let request = received(name, file, path, body);
    let last = journal.append(request.clone(), EntryVerdict::Recorded, 200).seq;
    let found = Ledger::replay(config(file), journal.entries()).violations();
    let violations = found.into_iter().filter(|violation| violation.request == last);
    (request, violations.collect())
}

fn config(file: &Value) -> LedgerConfig {
    let mut config = LedgerConfig::default();
    let rule = file.get("rule").and_then(Value::as_str).and_then(rules::explain);
    if let Some(rule) = rule.filter(|rule| rule.off.is_some()) {
        config.rules.set(rule, Level::Warn).expect("every rule can warn");
    }
    config
}

fn judge_file(name: &str, fixture: &Fixture) -> (Value, Request, Vec<RecordedViolation>) {
    let file = fixture.json();
    let body = file
        .get("body_text")
        .and_then(Value::as_str)
        .map_or_else(|| file["body"].to_string(), str::to_owned);
    let (request, violations) = judge(name, &file, &text(&file, "path"), &body);
    (file, request, violations)
}

fn places(violations: &[RecordedViolation], severity: Severity) -> Vec<Place> {
    let found = violations.iter().filter(|violation| violation.severity == severity);
    found
        .map(|violation| (violation.rule.to_owned(), violation.pointer.clone()))
        .collect()
}

#[test]
fn every_accepted_file_is_accepted_with_exactly_its_flags() {
    for (name, fixture) in files("accepted") {
        let file = fixture.json();
        let Some(request) = file.get("request").filter(|request| !request.is_null()) else {
            continue;
        };
        let (path, body) = (text(request, "path"), request["body"].to_string());
        let (request, violations) = judge(&name, &file, &path, &body);
        let assessment = request.assess();
        assert!(!assessment.is_denied(), "{name}: {:?}", assessment.violations);
        assert!(!assessment.messages.is_empty(), "{name} can't be read");
        let flags: Vec<&str> = file["flags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let found: Vec<&str> = violations.iter().map(|violation| violation.rule).collect();
        assert_eq!(found, flags, "{name}");
    }
}

#[test]
fn every_rejected_file_is_denied_for_exactly_its_rule() {
    for (name, fixture) in files("rejected") {
        let (file, request, violations) = judge_file(&name, &fixture);
        assert!(request.assess().is_denied(), "{name}");
        let denials = places(&violations, Severity::Deny);
        assert_eq!(denials, [(text(&file, "rule"), text(&file, "pointer"))], "{name}");
    }
}

#[test]
fn every_flagged_file_is_accepted_with_exactly_its_warning() {
    for (name, fixture) in files("flagged") {
        let (file, request, violations) = judge_file(&name, &fixture);
        let assessment = request.assess();
        assert!(!assessment.is_denied(), "{name}: {violations:?}");
        let warnings = places(&violations, Severity::Warn);
        assert_eq!(warnings, [(text(&file, "rule"), text(&file, "pointer"))], "{name}");
    }
}

#[test]
fn every_rule_has_a_file_that_breaks_it() {
    let broken = |folder| {
        let rules = files(folder).into_iter().map(|(_, file)| text(&file.json(), "rule"));
        rules.collect::<BTreeSet<String>>()
    };
    let (rejected, flagged) = (broken("rejected"), broken("flagged"));
    for rule in rules::all() {
        let warns = rule.severity == Severity::Warn || !rule.tolerated.is_empty();
        assert!(
            rule.severity == Severity::Warn || rejected.contains(rule.id),
            "no file is rejected for {} {}",
            rule.id,
            rule.name
        );
        assert!(
            !warns || flagged.contains(rule.id),
            "no file is flagged for {} {}",
            rule.id,
            rule.name
        );
    }
}

#[test]
fn every_file_says_what_it_is_about() {
    for folder in ["accepted", "rejected", "flagged"] {
        for (name, fixture) in files(folder) {
            assert!(text(&fixture.json(), "about").ends_with('.'), "{name}");
        }
    }
}

#[test]
fn what_each_rule_says_about_its_files() {
    let mut lines = BTreeSet::new();
    for folder in ["rejected", "flagged"] {
        for (name, fixture) in files(folder) {
            for violation in judge_file(&name, &fixture).2 {
                let RecordedViolation {
                    rule,
                    severity,
                    pointer,
                    message,
                    name: _,
                    more: _,
                    request: _,
                } = violation;
                lines.insert(format!("{rule} {severity} {name}: {pointer} {message}"));
            }
        }
    }
    let _guard = test_support::snapshots("ledger");
    insta::assert_snapshot!("rule_messages", lines.into_iter().collect::<Vec<_>>().join("\n"));
}
