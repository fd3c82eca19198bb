//! How much of the contract was touched, for people.

use std::io::{self, Write};

use scenario::{Coverage, Covered, Share};

use super::style::BAD;
use crate::commands::run::report::Measured;

/// How wide a line may be.
const WIDTH: usize = 100;

/// Where the names of what was not touched begin.
const NAMES: usize = 38;

/// A line a part, with what of it was not touched, and whether that will do.
pub(crate) fn text(out: &mut dyn Write, measured: &Measured) -> io::Result<()> {
    let all = measured.coverage.share();
    let more = if all.touched < all.of { "; not touched:" } else { "" };
    writeln!(out, "\n{}{more}", total(&measured.coverage))?;
    for covered in &measured.coverage.parts {
        part(out, covered)?;
    }
    match problem(measured) {
        Some(problem) => writeln!(out, "\n{BAD}error{BAD:#}: {problem}"),
        None => Ok(()),
    }
}

fn part(out: &mut dyn Write, covered: &Covered) -> io::Result<()> {
    let (words, touched) = (covered.part.words(), covered.share());
    let (share, percent) = (share(touched), percent(touched.percent()));
    let mut lines = wrapped(&covered.untouched).into_iter();
    let first = format!(
        "  {words:<17} {share:>8} {percent:>7}  {}",
        lines.next().unwrap_or_default()
    );
    writeln!(out, "{}", first.trim_end())?;
    for line in lines {
        writeln!(out, "{:NAMES$}{line}", "")?;
    }
    Ok(())
}

/// Names with commas between them, in lines.
fn wrapped(names: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (number, name) in (1..).zip(names) {
        let comma = if number == names.len() { "" } else { "," };
        match lines.last_mut() {
            Some(line) if NAMES + line.len() + 1 + name.len() + comma.len() <= WIDTH => {
                line.extend([" ", name, comma]);
            }
            _ => lines.push(format!("{name}{comma}")),
        }
    }
    lines
}

/// A part in one line, with what of it was not touched.
pub(crate) fn line(covered: &Covered) -> String {
    let (words, touched) = (covered.part.words(), covered.share());
    let line = format!("{words}: {} ({})", percent(touched.percent()), share(touched));
    match covered.untouched.as_slice() {
        [] => line,
        untouched => format!("{line}; not touched: {}", untouched.join(", ")),
    }
}

/// All parts in one.
pub(crate) fn total(coverage: &Coverage) -> String {
    let all = coverage.share();
    format!("coverage of the contract: {} ({})", percent(all.percent()), share(all))
}

/// So many of so many.
pub(crate) fn share(share: Share) -> String {
    format!("{} of {}", share.touched, share.of)
}

/// A percentage as it is read.
pub(crate) fn percent(percent: f64) -> String {
    format!("{percent} %")
}

/// Why the coverage will not do, and what would.
pub(crate) fn problem(measured: &Measured) -> Option<String> {
    let (least, missing) = (measured.least?, measured.missing());
    let all = measured.coverage.share();
    (missing > 0).then(|| {
        format!(
            "the scenarios touch {} of the contract, less than the {} of --coverage-min: {missing} more of what is not touched \
             will do",
            percent(all.percent()),
            percent(least),
        )
    })
}
