//! `harness report`: what each channel cost and brought in.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use attribution_report::{Channels, Plan, Settings, Spend};

use super::{Unusable, record};
use crate::args::{ChannelChoice, CreditArgs, ReportArgs};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::table;

pub(super) fn run(args: &ReportArgs) -> anyhow::Result<ExitStatus> {
    let plan = plan(args)?;
    let rows = record::rows(&args.source, args.no_delay)?;
    let shown = match args.cohort {
        None => plan.report(&rows).table(),
        Some(days) => plan.cohorts(&rows, days.get()).table(),
    };
    let mut out = Output::new(anstream::AutoStream::auto(std::io::stdout().lock()));
    table::show(&mut out, &shown, args.format)?;
    out.flush()?;
    Ok(ExitStatus::Passed)
}

fn plan(args: &ReportArgs) -> anyhow::Result<Plan> {
    let settings = settings(args);
    let channels = channels(&args.channels)?;
    let spend = spend(args.spend.as_deref(), &channels, &settings)?;
    Ok(Plan {
        channels,
        settings,
        spend,
    })
}

fn settings(args: &ReportArgs) -> Settings {
    let settings = Settings {
        booked: args.booked,
        by: args.by.clone(),
        utc_offset: args.utc_offset,
        from: args.from,
        to: args.to,
        by_company: args.company,
        ..credit(&args.credit)
    };
    settings.each_once()
}

/// How credit is given; of a report nothing else.
pub(super) fn credit(args: &CreditArgs) -> Settings {
    let settings = Settings {
        models: args.model.clone(),
        look_back: args.look_back,
        direct: args.direct.clone(),
        currency: args.currency,
        events: args.event.clone(),
        ..Settings::default()
    };
    settings.each_once()
}

/// The channels of a file or of a preset.
pub(super) fn channels(choice: &ChannelChoice) -> anyhow::Result<Channels> {
    let Some(path) = &choice.channels else {
        return Ok(Channels::preset(choice.preset));
    };
    let name = path.display().to_string();
    Ok(Channels::parse(&name, &text(path)?).map_err(Unusable::new)?)
}

/// The spend of a file, or none.
pub(super) fn spend(path: Option<&Path>, channels: &Channels, settings: &Settings) -> anyhow::Result<Spend> {
    let Some(path) = path else {
        return Ok(Spend::default());
    };
    let name = path.display().to_string();
    Ok(Spend::parse(&name, &text(path)?, channels, settings).map_err(Unusable::new)?)
}

/// The text of a file that a user wrote.
fn text(path: &Path) -> anyhow::Result<String> {
    /// Larger ones are no channels and no spend.
    const LARGEST: u64 = 256 * 1024 * 1024;
    let can_not = || format!("can't read {}", path.display());
    let found = fs::metadata(path).with_context(can_not)?;
    if !found.is_file() || found.len() > LARGEST {
        anyhow::bail!(
            "can't read {}: it is no regular file of at most {LARGEST} bytes",
            path.display()
        );
    }
    let bytes = fs::read(path).with_context(can_not)?;
    let text = String::from_utf8(bytes).map_err(|error| Unusable::new(error.utf8_error()));
    text.with_context(can_not)
}
