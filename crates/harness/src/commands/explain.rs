//! `harness explain`: what a rule looks at, why, and what to do about it.

use std::io::Write;

use attribution_mock::rules;

use super::Unusable;
use crate::args::{ExplainArgs, Format};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::rule;

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<ExitStatus> {
    let asked = args.rule.as_deref().map(rules::find).transpose();
    let asked = asked.map_err(Unusable::new)?;
    let mut out = Output::new(anstream::AutoStream::auto(std::io::stdout().lock()));
    match (asked, args.format) {
        (Some(asked), Format::Text) => rule::page(&mut out, asked)?,
        (None, Format::Text) => rule::list(&mut out, rules::all())?,
        (Some(asked), Format::Json) => rule::json(&mut out, asked)?,
        (None, Format::Json) => {
            for listed in rules::all() {
                rule::json(&mut out, listed)?;
            }
        }
    }
    out.flush()?;
    Ok(ExitStatus::Passed)
}
