//! Rules, explained.

use std::io::{self, Write};

use attribution_mock::rules::{Rule, Severity};
use serde_json::json;

use super::style::{BAD, DIM, GOOD};

/// The widest that a line of a page gets.
const WIDTH: usize = 100;

/// Everything there is to say about a rule.
pub(crate) fn page(out: &mut dyn Write, rule: &Rule) -> io::Result<()> {
    let Rule {
        id, name, title, doc, ..
    } = rule;
    writeln!(out, "{BAD}{id}{BAD:#} {BAD}{name}{BAD:#}")?;
    writeln!(out, "{title}")?;
    writeln!(out)?;
    writeln!(out, "{}", severity(rule))?;
    let off = rule.off.map(|why| {
        format!("{why} `--rule {id}=warn` turns it on, and in a scenario `settings: {{ rules: {{ {id}: warn }} }}`.")
    });
    let doc = [
        ("What", doc.what),
        ("Why", doc.why),
        ("Fix", doc.fix),
        ("Source", doc.source),
    ];
    let off = off.as_deref().map(|off| ("Off by default", off));
    for (heading, text) in off.into_iter().chain(doc) {
        writeln!(out)?;
        writeln!(out, "{GOOD}{heading}{GOOD:#}")?;
        for line in wrapped(text, WIDTH - 2) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// One line for each rule.
pub(crate) fn list(out: &mut dyn Write, rules: &[&Rule]) -> io::Result<()> {
    let widest = rules.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    for rule in rules {
        let Rule { id, name, title, .. } = rule;
        let level = rule.level().as_str();
        writeln!(out, "{id}  {name:widest$}  {DIM}{level:4}{DIM:#}  {title}")?;
    }
    Ok(())
}

/// A rule in one line of JSON.
pub(crate) fn json(out: &mut dyn Write, rule: &Rule) -> io::Result<()> {
    let Rule {
        id, name, title, doc, ..
    } = rule;
    let line = json!({
        "id": id,
        "name": name,
        "title": title,
        "severity": rule.severity.as_str(),
        "only_warns_in": only_warns_in(rule),
        "can_deny": rule.can_deny(),
        "off_by_default": rule.off,
        "what": doc.what,
        "why": doc.why,
        "fix": doc.fix,
        "source": doc.source,
    });
    writeln!(out, "{line}")
}

fn only_warns_in(rule: &Rule) -> Vec<&'static str> {
    rule.tolerated.iter().map(|dialect| dialect.as_str()).collect()
}

/// What breaking it means, in whole sentences.
fn severity(rule: &Rule) -> String {
    let dialects = only_warns_in(rule).join(", ");
    match (rule.severity, rule.can_deny()) {
        (Severity::Deny, _) if dialects.is_empty() => "Severity: deny. A strict server answers 400.".to_owned(),
        (Severity::Deny, _) => format!("Severity: deny. A strict server answers 400. In {dialects} it only warns."),
        (Severity::Warn, true) => "Severity: warn. The request is accepted and flagged.".to_owned(),
        (Severity::Warn, false) => {
            "Severity: warn. It is found once the request is recorded, so it can't be made to deny.".to_owned()
        }
    }
}

/// A text in lines of at most so many characters; a longer word has a line of its own.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_line_is_as_full_as_it_can_be() {
        assert_eq!(wrapped("a bb ccc dddddddd e", 6), ["a bb", "ccc", "dddddddd", "e"]);
        assert_eq!(wrapped("aa bbb", 6), ["aa bbb"]);
        assert_eq!(wrapped("", 6), [""; 0]);
    }
}
