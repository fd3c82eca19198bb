//! How a replay compares with what was kept.

use std::io::{self, Write};

use scenario::printable;
use serde_json::json;

use super::outcome::plural;
use super::style::{BAD, GOOD};
use crate::commands::bundle::Manifest;
use crate::commands::replay::{Compared, Difference};

/// How much of a line is shown.
const LONGEST: usize = 300;

/// For people.
pub(crate) fn text(out: &mut dyn Write, manifest: &Manifest, compared: &Compared) -> io::Result<()> {
    match compared {
        Compared::Same { exchanges, requests } => writeln!(
            out,
            "{GOOD}same{GOOD:#}  bit for bit what was kept: outcome, clock, {} on the wire and {} in the journal",
            plural(*exchanges, "exchange"),
            plural(*requests, "request")
        )?,
        Compared::SameEnd => writeln!(
            out,
            "{GOOD}same{GOOD:#}  it came to no end when it was kept, and does not now"
        )?,
        Compared::OtherEnd { kept, now } => writeln!(
            out,
            "{BAD}DIFFERS{BAD:#}  when it was kept it was {}, and now it is {}",
            words(kept),
            words(now)
        )?,
        Compared::Differs(difference) => differs(out, difference)?,
    }
    if !compared.is_same() && manifest.harness != THIS {
        let writer = printable(&manifest.harness, LONGEST);
        writeln!(
            out,
            "  kept by harness {writer}, and this is {THIS}: replay it with {writer} to see what was kept"
        )?;
    }
    if compared.is_same() && manifest.run.live_limit_ms.is_some() && manifest.ends.is_some() {
        writeln!(
            out,
            "  what is kept is of virtual time; of the run over sockets live.json has the outcome"
        )?;
    }
    Ok(())
}

/// The version of this program.
const THIS: &str = env!("CARGO_PKG_VERSION");

fn words(status: &str) -> String {
    printable(&status.replace('_', " "), LONGEST)
}

fn differs(out: &mut dyn Write, difference: &Difference) -> io::Result<()> {
    let Difference {
        file,
        line,
        byte,
        kept,
        now,
    } = difference;
    let shown = |text: &Option<String>| match text {
        Some(text) => printable(text, LONGEST),
        None => "nothing more".to_owned(),
    };
    writeln!(
        out,
        "{BAD}DIFFERS{BAD:#}  what happens is not what was kept, first in {file}, line {line}, byte {byte}:"
    )?;
    writeln!(out, "  kept: {}", shown(kept))?;
    writeln!(out, "  now:  {}", shown(now))
}

/// For machines: one line.
pub(crate) fn json(out: &mut dyn Write, manifest: &Manifest, compared: &Compared) -> io::Result<()> {
    let mut value = json!({ "same": compared.is_same(), "kept_by": manifest.harness, "harness": THIS });
    match compared {
        Compared::Same { exchanges, requests } => {
            value["exchanges"] = (*exchanges).into();
            value["requests"] = (*requests).into();
        }
        Compared::SameEnd => {}
        Compared::OtherEnd { kept, now } => value["status"] = json!({ "kept": kept, "now": now }),
        Compared::Differs(difference) => {
            value["difference"] = json!({
                "file": difference.file,
                "line": difference.line,
                "byte": difference.byte,
                "kept": difference.kept,
                "now": difference.now,
            });
        }
    }
    writeln!(out, "{}", json!({ "replay": value }))
}
