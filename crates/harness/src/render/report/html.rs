//! One page that needs nothing beside itself: no script, no font, no picture, no network. What passed is folded.

mod scenario;
mod svg;

use std::fmt::Write as _;

use crate::commands::run::report::{Run, Verdict};
use crate::render::duration::real;
use crate::render::outcome::plural;

const STYLE: &str = include_str!("html/style.css");

/// The whole page.
pub(crate) fn render(run: &Run) -> String {
    let mut out = String::new();
    let title = plural(run.reports.len(), "scenario");
    let counts = counts(run);
    // Writing to a string can't fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}: {counts}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n\
         <h1>{title}: {counts}</h1>\n<p class=\"soft\">Played <time>{}</time> in <span class=\"real\">{}</span>.</p>\n</header>\n<main>\n",
        run.started,
        real(run.elapsed)
    );
    for (number, report) in (1..).zip(&run.reports) {
        scenario::write(&mut out, number, report);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn counts(run: &Run) -> String {
    let counts = Verdict::ALL
        .into_iter()
        .map(|verdict| (verdict.words(), run.count(verdict)));
    let left_out = [("not selected", run.not_selected), ("not played", run.not_played)];
    let counts = counts
        .chain(left_out)
        .filter(|(words, count)| *count > 0 || *words == "passed");
    let counts: Vec<String> = counts.map(|(words, count)| format!("{count} {words}")).collect();
    counts.join(", ")
}

/// Text between tags or in an attribute's quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
