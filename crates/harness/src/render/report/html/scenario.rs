//! One scenario of the page: what is wrong, what happened when, and what Attribution has.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use scenario::{Failure, Message, Nearest, Recorded, printable};

use super::super::problems;
use super::super::timeline::{self, Told};
use super::{escaped, kept, svg};
use crate::commands::run::report::{Ended, Played, Report, Verdict};
use crate::render::chaos;
use crate::render::duration::{real, virtual_time};
use crate::render::kept::Kept;

/// How much of a text from outside is shown.
const LONGEST: usize = 300;

/// How many failures are shown.
const FAILURES: usize = 50;

/// Writes to a string, which can't fail.
macro_rules! put {
    ($out:expr, $($text:tt)*) => { let _ = write!($out, $($text)*); };
}

pub(super) fn write(out: &mut String, number: usize, report: &Report, page: &Path) {
    let verdict = report.ended.verdict();
    let (class, open) = match verdict {
        Verdict::Passed | Verdict::Skipped => (verdict.as_str(), ""),
        _ => ("bad", " open"),
    };
    let (word, name) = (verdict.words(), shown(&report.title.whole()));
    let time = match &report.ended {
        Ended::Played(played) => {
            let chaos = played.outcome.chaos.as_ref();
            let chaos = chaos.map(|chaos| format!("{}, ", chaos::words(chaos)));
            let time = virtual_time(played.outcome.virtual_time);
            format!("{}{time} of virtual time, ", chaos.unwrap_or_default())
        }
        _ => String::new(),
    };
    put!(
        out,
        "<details id=\"scenario-{number}\" class=\"{class}\"{open}>\n\
         <summary><span class=\"word\">{word}</span> <h2>{name}</h2> <small>{}, {time}<span class=\"real\">{}</span></small></summary>\n<div>\n",
        shown(&report.title.file()),
        real(report.real)
    );
    if let Some(kept) = Kept::of(report) {
        kept::write(out, &kept, page);
    }
    match &report.ended {
        Ended::Played(played) => told(out, report, played),
        Ended::Skipped(reason) => {
            put!(out, "<p>{}</p>\n", shown(reason));
        }
        _ => {
            for problem in problems::of(report) {
                put!(out, "<pre>{}</pre>\n", escaped(problem.text.trim_end()));
            }
        }
    }
    out.push_str("</div>\n</details>\n");
}

fn told(out: &mut String, report: &Report, played: &Played) {
    let failures = &played.outcome.failures;
    for failure in failures.iter().take(FAILURES) {
        failed(out, (report, played), failure);
    }
    more(out, failures.len().saturating_sub(FAILURES), "failures");
    if let Some(told) = chaos::told(played) {
        put!(out, "<pre>{}</pre>\n", escaped(&told.lines().join("\n")));
    }
    let told = timeline::told(played);
    if !told.messages.is_empty() {
        let whose = match told.visitors {
            [] => String::new(),
            visitors => format!(" of {}", shown(&visitors.join(", "))),
        };
        put!(out, "<h3>Timeline{whose}</h3>\n");
        svg::write(out, played, &told);
        messages(out, played, &told);
        recorded(out, &told);
    }
}

/// The lines that a text has and had not, and what to do about them.
fn differs(out: &mut String, failure: &Failure, report: &Report) {
    if let Some(diff) = &failure.diff {
        put!(out, "<pre>{}</pre>\n", escaped(&diff.to_string()));
    }
    if let Some(help) = problems::diagnostic(failure, report).help {
        put!(out, "<p>{}</p>\n", escaped(&help));
    }
}

fn failed(out: &mut String, (report, played): (&Report, &Played), failure: &Failure) {
    let at = played.source.position(failure.at.start);
    put!(
        out,
        "<h3>{}: {}</h3>\n<p class=\"soft\">{}:{}:{}</p>\n",
        shown(&failure.place),
        shown(&failure.message),
        shown(played.source.name_at(failure.at.start)),
        at.line,
        at.column
    );
    if failure.diff.is_some() {
        return differs(out, failure, report);
    }
    let mut rows = vec![(String::new(), failure.expected.as_str(), failure.actual.as_str())];
    if let Some(Nearest { index, differences, .. }) = &failure.nearest
        && differences.len() > 1
    {
        rows = differences
            .iter()
            .map(|one| {
                (
                    format!("row {index}{}", one.pointer),
                    one.expected.as_str(),
                    one.actual.as_str(),
                )
            })
            .collect();
    }
    out.push_str(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Expected and found\"><table>\n<tr>",
    );
    out.push_str("<th scope=\"col\">field</th><th scope=\"col\">expected</th><th scope=\"col\">found</th></tr>\n");
    for (field, expected, actual) in rows {
        let field = if field.is_empty() { &failure.place } else { &field };
        put!(
            out,
            "<tr><td>{}</td><td><code class=\"good-text\">{}</code></td><td><code class=\"bad-text\">{}</code></td></tr>\n",
            shown(field),
            shown(expected),
            shown(actual)
        );
    }
    out.push_str("</table></div>\n");
    for (word, nearest) in failure
        .nearest
        .iter()
        .map(|row| ("nearest", row))
        .chain(failure.further.iter().map(|row| ("then", row)))
    {
        put!(
            out,
            "<p>{word}: row {} <code>{}</code></p>\n",
            nearest.index,
            shown(&nearest.row.to_string())
        );
    }
}

fn messages(out: &mut String, played: &Played, told: &Told<'_>) {
    out.push_str(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Messages\"><table class=\"messages\">\n<tr>",
    );
    for head in ["#", "made", "line", "message", "attempts", "outcome"] {
        put!(out, "<th scope=\"col\">{head}</th>");
    }
    out.push_str("</tr>\n");
    let start = timeline::start(played);
    for (number, message) in (1..).zip(&told.messages) {
        let line = played.source.position(message.at.start).line;
        let class = if message.fate == "delivered" {
            "good-text"
        } else {
            "bad-text"
        };
        let ended = message.why.as_deref().unwrap_or(message.fate);
        put!(
            out,
            "<tr><td>{number}</td><td>{}</td><td>{line}</td><td>{}</td><td>{}</td><td><span class=\"{class}\">{}</span></td></tr>\n",
            timeline::since(start, message.made),
            shown(&timeline::words(message)),
            attempts(start, message),
            shown(ended)
        );
    }
    out.push_str("</table></div>\n");
    more(out, told.more_messages, "messages");
}

fn attempts(start: Timestamp, message: &Message) -> String {
    let (attempts, more) = timeline::attempts(message);
    let mut shown: Vec<String> = attempts
        .map(|(number, attempt)| {
            let since = timeline::since(start, attempt.at);
            format!("{number}. {since} {}", self::shown(&attempt.answer))
        })
        .collect();
    if more > 0 {
        shown.insert(shown.len() / 2, format!("… {more} more …"));
    }
    if shown.is_empty() {
        "none".to_owned()
    } else {
        shown.join("<br>")
    }
}

fn recorded(out: &mut String, told: &Told<'_>) {
    out.push_str("<h3>What Attribution has</h3>\n");
    if told.recorded.is_empty() {
        out.push_str("<p>Nothing.</p>\n");
        return;
    }
    out.push_str("<ul>\n");
    for Recorded { section, row, .. } in &told.recorded {
        put!(out, "<li>{section} <code>{}</code></li>\n", shown(&row.to_string()));
    }
    out.push_str("</ul>\n");
    more(out, told.more_recorded, "rows");
}

fn more(out: &mut String, count: usize, what: &str) {
    if count > 0 {
        put!(out, "<p class=\"soft\">and {count} more {what}</p>\n");
    }
}

/// Text from outside.
fn shown(text: &str) -> String {
    escaped(&printable(text, LONGEST))
}
