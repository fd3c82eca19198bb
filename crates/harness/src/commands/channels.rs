//! `harness channels`: to which channel a visit belongs, and why.

use std::io::Write;

use super::report::channels;
use crate::args::{ChannelsCommand, ChannelsExplainArgs, Format};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::explained;

pub(super) fn run(command: &ChannelsCommand) -> anyhow::Result<ExitStatus> {
    let mut out = Output::new(anstream::AutoStream::auto(std::io::stdout().lock()));
    match command {
        ChannelsCommand::Explain(args) => explain(&mut out, args)?,
        ChannelsCommand::Show(args) => write!(out, "{}", args.preset.text())?,
    }
    out.flush()?;
    Ok(ExitStatus::Passed)
}

fn explain(out: &mut dyn Write, args: &ChannelsExplainArgs) -> anyhow::Result<()> {
    let channels = channels(&args.channels)?;
    let url = Some(args.url.as_str()).filter(|url| !url.is_empty());
    let referrer = args.referrer.as_deref().filter(|referrer| !referrer.is_empty());
    let found = channels.explain(url, referrer);
    match args.format {
        Format::Text => explained::text(out, &found)?,
        Format::Json => writeln!(out, "{}", serde_json::to_string(&found)?)?,
    }
    Ok(())
}
