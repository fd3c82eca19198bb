//! One person's path.

use std::io::{self, Write};

use attribution_report::Trace;
use attribution_report::money::decimal;
use attribution_report::report::{Joined, Origin, Seen, Share, What};
use scenario::printable;
use serde_json::Value;

use super::style::{BAD, DIM, GOOD};

/// The longest text from outside that is shown whole.
const LONGEST: usize = 200;

fn shown(text: &str) -> String {
    printable(text, LONGEST)
}

/// For people.
pub(crate) fn text(out: &mut dyn Write, trace: &Trace) -> io::Result<()> {
    writeln!(out, "{GOOD}{}{GOOD:#}", shown(&trace.visitor))?;
    for (name, ids) in [("user ids", &trace.user_ids), ("cookie ids", &trace.cookie_ids)] {
        if !ids.is_empty() {
            let ids: Vec<String> = ids.iter().map(|id| shown(id)).collect();
            writeln!(out, "{DIM}{name}{DIM:#}  {}", ids.join(", "))?;
        }
    }
    trace.origins.iter().try_for_each(|found| origin(out, found))?;
    writeln!(out)?;
    for step in &trace.steps {
        write!(out, "{DIM}{}  #{}{DIM:#}  ", step.at, step.request)?;
        what(out, &step.what, &trace.currency)?;
    }
    for violation in &trace.violations {
        let word = |key: &str| shown(violation.get(key).and_then(Value::as_str).unwrap_or_default());
        let request = violation.get("request").and_then(Value::as_u64).unwrap_or_default();
        let (rule, pointer, message) = (word("rule"), word("pointer"), word("message"));
        writeln!(out, "{BAD}{rule}{BAD:#}  #{request}  {pointer} {message}")?;
    }
    Ok(())
}

/// One line for an id: where it was seen first, and what made it this person's.
fn origin(out: &mut dyn Write, origin: &Origin) -> io::Result<()> {
    let Seen { at, request, call } = &origin.first_seen;
    write!(
        out,
        "  {}: first seen {DIM}{at}  #{request}{DIM:#}  {call}",
        shown(&origin.id)
    )?;
    match &origin.joined {
        Some(Joined { by, with }) if *by == origin.first_seen => write!(out, ", with {}", shown(with))?,
        Some(Joined { by, with }) => {
            let Seen { at, request, call } = by;
            write!(
                out,
                "; joined {DIM}{at}  #{request}{DIM:#}  {call}, with {}",
                shown(with)
            )?;
        }
        None => {}
    }
    writeln!(out)
}

fn what(out: &mut dyn Write, what: &What, currency: &str) -> io::Result<()> {
    match what {
        What::Visit {
            visit,
            channel,
            filter,
            source,
            url,
            referrer,
        } => {
            writeln!(out, "visit {visit}: {} › {}", shown(channel), shown(filter))?;
            for (name, value) in [("source", source), ("url", url), ("referrer", referrer)] {
                if let Some(value) = value {
                    writeln!(out, "    {DIM}{name}{DIM:#} {}", shown(value))?;
                }
            }
            Ok(())
        }
        What::Identify { changed } if changed.is_empty() => writeln!(out, "identify: nothing new"),
        What::Identify { changed } => {
            let told: Vec<String> = changed
                .iter()
                .map(|(key, value)| shown(&format!("{key} = {value}")))
                .collect();
            writeln!(out, "identify: {}", told.join(", "))
        }
        What::Merge { from, into } => writeln!(out, "merge: {} into {}", shown(from), shown(into)),
        What::Conversion {
            event,
            revenue: Some(revenue),
            received_currency,
            credits,
        } => {
            write!(out, "conversion: {}, {revenue} {currency}", shown(event))?;
            if let Some(received) = received_currency {
                write!(out, ", received in {}", shown(received))?;
            }
            writeln!(out)?;
            credits.iter().try_for_each(|share| credit(out, share))
        }
        What::Conversion { event, .. } => writeln!(out, "event: {}, not counted as a conversion", shown(event)),
    }
}

fn credit(out: &mut dyn Write, share: &Share) -> io::Result<()> {
    let visit = share.visit.map_or(String::new(), |visit| format!("visit {visit}, "));
    let part = decimal(share.billionths.into(), 9);
    let part = match part.trim_end_matches('0').trim_end_matches('.') {
        "0" => String::new(),
        part => format!(" ({part} of it)"),
    };
    let (model, channel, revenue) = (&share.model, shown(&share.channel), &share.revenue);
    writeln!(out, "    {DIM}{model}{DIM:#} {visit}{channel}: {revenue}{part}")
}
