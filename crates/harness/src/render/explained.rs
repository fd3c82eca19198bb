//! Why a visit belongs to its channel.

use std::io::{self, Write};

use attribution_report::Explained;
use attribution_report::channels::Part;
use scenario::printable;

use super::style::{BAD, DIM, GOOD};

/// The longest text from outside that is shown whole.
const LONGEST: usize = 200;

/// For people.
pub(crate) fn text(out: &mut dyn Write, explained: &Explained) -> io::Result<()> {
    let Explained {
        channel,
        filter,
        built_in: _,
        reason,
        parts,
        parameters,
        referrer,
        close,
    } = explained;
    let shown = |text: &str| printable(text, LONGEST);
    writeln!(
        out,
        "{GOOD}{}{GOOD:#} › {GOOD}{}{GOOD:#}",
        shown(channel),
        shown(filter)
    )?;
    writeln!(out, "  {reason}")?;
    write_parts(out, parts)?;
    writeln!(out)?;
    for [key, value] in parameters {
        writeln!(out, "{DIM}parameter{DIM:#}  {} = {}", shown(key), shown(value))?;
    }
    if parameters.is_empty() {
        writeln!(out, "{DIM}parameter{DIM:#}  none")?;
    }
    let referrer = referrer.as_deref().unwrap_or("none from elsewhere");
    writeln!(out, "{DIM}referrer{DIM:#}   {}", shown(referrer))?;
    for near in close {
        let is_later = near.parts.iter().all(|part| part.holds);
        let why = if is_later {
            "would match, but comes later"
        } else {
            "came close"
        };
        writeln!(out)?;
        writeln!(
            out,
            "{} › {} {DIM}{why}{DIM:#}",
            shown(&near.channel),
            shown(&near.filter)
        )?;
        write_parts(out, &near.parts)?;
    }
    Ok(())
}

fn write_parts(out: &mut dyn Write, parts: &[Part]) -> io::Result<()> {
    for Part { asks, holds, found } in parts {
        let asks = printable(asks, LONGEST);
        match found {
            _ if *holds => writeln!(out, "  {GOOD}+{GOOD:#} {asks}")?,
            Some(found) => writeln!(out, "  {BAD}-{BAD:#} {asks}: {}", printable(found, LONGEST))?,
            None => writeln!(out, "  {BAD}-{BAD:#} {asks}")?,
        }
    }
    Ok(())
}
