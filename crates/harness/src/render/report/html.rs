//! One page that needs nothing beside itself: no script, no font, no picture, no network. What passed is folded.

mod coverage;
mod kept;
mod scenario;
mod svg;

use std::fmt::Write as _;
use std::path::Path;

use crate::commands::run::report::{Run, Verdict};
use crate::render::duration::real;
use crate::render::outcome::plural;

const STYLE: &str = include_str!("html/style.css");

/// The whole page, for the file that it is written to.
pub(crate) fn render(run: &Run, page: &Path) -> String {
    let mut out = String::new();
    let title = plural(run.reports.len(), "scenario");
    let counts = counts(run);
    // Writing to a string can't fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}: {counts}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n\
         <h1>{title}: {counts}</h1>\n<p class=\"soft\">Played <time>{:.0}</time> in <span class=\"real\">{}</span>.</p>\n</header>\n<main>\n",
        run.started,
        real(run.elapsed)
    );
    if let Some(measured) = &run.coverage {
        coverage::write(&mut out, measured);
    }
    for (number, report) in (1..).zip(&run.reports) {
        scenario::write(&mut out, number, report, page);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{STYLE, escaped};

    /// The colours by name, of the scheme that the n-th `:root` sets.
    fn colours(scheme: usize) -> BTreeMap<&'static str, [f64; 3]> {
        let block = STYLE
            .split(":root{")
            .nth(scheme + 1)
            .and_then(|rest| rest.split('}').next());
        let parsed = |one: &'static str| {
            let (name, hex) = one.strip_prefix("--")?.split_once(":#")?;
            let digits = match hex.len() {
                3 => hex.chars().flat_map(|digit| [digit, digit]).collect(),
                _ => hex.to_owned(),
            };
            let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map(f64::from).ok();
            Some((name, [part(0)?, part(2)?, part(4)?]))
        };
        block.unwrap().split(';').filter_map(parsed).collect()
    }

    /// How much two colours stand out from each other, as WCAG 2.2 defines its contrast ratio.
    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let luminance = |colour: [f64; 3]| {
            let [red, green, blue] = colour.map(|part| match part / 255.0 {
                small if small <= 0.040_45 => small / 12.92,
                large => ((large + 0.055) / 1.055).powf(2.4),
            });
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        (one / other).max(other / one)
    }

    #[test]
    fn all_text_can_be_read_in_both_schemes() {
        for scheme in [0, 1] {
            let colours = colours(scheme);
            for text in ["ink", "soft", "good", "bad", "wait"] {
                for behind in ["page", "card"] {
                    let ratio = contrast(colours[text], colours[behind]);
                    assert!(ratio >= 4.5, "{text} on {behind}, scheme {scheme}: {ratio:.2}");
                }
            }
        }
        assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(escaped("<a b='\"&"), "&lt;a b=&#39;&quot;&amp;");
    }
}
