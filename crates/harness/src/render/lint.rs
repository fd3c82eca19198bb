//! What is wrong with recorded events.

use std::io::{self, Write};

use pipeline::{Example, Finding, Lint, Weight};

use super::style::{BAD, DIM, GOOD};

/// The findings with their examples, and a line that counts.
pub(crate) fn text(out: &mut dyn Write, lint: &Lint) -> io::Result<()> {
    for found in &lint.findings {
        finding(out, found)?;
    }
    let of = |weight| lint.findings.iter().filter(|finding| finding.weight == weight).count();
    let (errors, warnings) = (of(Weight::Error), of(Weight::Warning));
    let style = if errors + warnings == 0 { GOOD } else { BAD };
    let kinds = |count, one, more| format!("{count} {}", if count == 1 { one } else { more });
    write!(out, "{style}{}{style:#}", kinds(lint.messages, "event", "events"))?;
    let counts = [
        (lint.sent, "would be recorded"),
        (lint.skipped, "skipped"),
        (lint.invalid, "invalid"),
        (lint.refused, "refused"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !counts.is_empty() {
        write!(out, ": {}", counts.join(", "))?;
    }
    let to_u64 = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    writeln!(
        out,
        "; {}, {}",
        kinds(to_u64(errors), "kind of error", "kinds of errors"),
        kinds(to_u64(warnings), "kind of warning", "kinds of warnings"),
    )
}

fn finding(out: &mut dyn Write, found: &Finding) -> io::Result<()> {
    let (word, style) = match found.weight {
        Weight::Error => ("error", BAD),
        Weight::Warning => ("warning", BAD),
        Weight::Note => ("note", DIM),
    };
    let name = found.rule.map(|rule| format!(" {rule}")).unwrap_or_default();
    let times = if found.count == 1 {
        "once".to_owned()
    } else {
        format!("{} times", found.count)
    };
    writeln!(out, "{style}{word}{style:#} {}{name}, {times}", found.code)?;
    for Example { line, pointer, message } in &found.examples {
        let place = if pointer.is_empty() {
            String::new()
        } else {
            format!(" at {pointer}")
        };
        writeln!(out, "  line {line}{place}: {message}")?;
    }
    Ok(())
}

/// All of it as one object.
pub(crate) fn json(out: &mut dyn Write, lint: &Lint) -> io::Result<()> {
    serde_json::to_writer(&mut *out, lint)?;
    writeln!(out)
}
