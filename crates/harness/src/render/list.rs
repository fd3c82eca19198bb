//! What would be played.

use std::io::{self, Write};

use scenario::{Scenario, printable};
use serde_json::json;

use super::mistakes::{self, shown};
use super::outcome::plural;
use super::style::{BAD, DIM};
use crate::commands::files::LoadError;
use crate::commands::run::report::{Title, Verdict};

/// One thing on the list.
pub(crate) struct Listed<'a> {
    /// Which one.
    pub(crate) title: &'a Title,
    /// The scenario, or why there is none.
    pub(crate) what: Result<&'a Scenario, &'a LoadError>,
}

const LONGEST: usize = 300;

/// One line each, what can't be played in full, and the counts.
pub(crate) fn text(out: &mut dyn Write, listed: &[Listed<'_>], not_selected: usize) -> io::Result<()> {
    for Listed { title, what } in listed {
        let path = shown(&title.path);
        match what {
            Ok(scenario) => {
                let name = printable(&scenario.name, LONGEST);
                let word = if scenario.skip.is_some() { "skip" } else { "play" };
                let tags = scenario.tags.join(", ");
                let tags = if tags.is_empty() { tags } else { format!(" [{tags}]") };
                writeln!(out, "{word}  {name}{tags} {DIM}({path}){DIM:#}")?;
            }
            Err(_) => writeln!(out, "{BAD}BAD{BAD:#}   {path}")?,
        }
    }
    for one in listed {
        if let Err(error) = one.what {
            writeln!(out)?;
            mistakes::unusable(out, error)?;
        }
    }
    let not_selected = match not_selected {
        0 => String::new(),
        some => format!(", {some} not selected"),
    };
    writeln!(
        out,
        "\n{} listed, none played{not_selected}",
        plural(listed.len(), "scenario")
    )
}

/// One JSON object each, in the shape of a played one, and a summary.
pub(crate) fn json(out: &mut dyn Write, listed: &[Listed<'_>], not_selected: usize) -> io::Result<()> {
    for Listed { title, what } in listed {
        let mut line = json!({ "file": title.file(), "name": title.name });
        match what {
            Ok(scenario) => {
                line["status"] = if scenario.skip.is_some() { "skipped" } else { "listed" }.into();
                line["tags"] = scenario.tags.clone().into();
                if let Some(reason) = &scenario.skip {
                    line["reason"] = reason.as_str().into();
                }
            }
            Err(error) => {
                line["status"] = Verdict::of_unusable(error).as_str().into();
                super::report::value::add_unusable(&mut line, error);
            }
        }
        writeln!(out, "{}", json!({ "scenario": line }))?;
    }
    let summary = json!({ "scenarios": listed.len(), "not_selected": not_selected });
    writeln!(out, "{}", json!({ "summary": summary }))
}
