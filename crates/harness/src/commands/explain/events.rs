use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::Context;
use attribution_destination::deliver::RetryPolicy;
use attribution_destination::{Prepared, Settings};
use attribution_mock::rules::RuleLevels;
use clock::Clock;
use jiff::Timestamp;
use json_value::Json;
use pipeline::{Config, Walk, Walker};
use serde_json::{Deserializer, Value};

use super::{NoEvent, NotJson};
use crate::args::{ExplainArgs, Format};
use crate::commands::events::Input;
use crate::commands::{Unusable, demo_project, levels, settings};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::walk as render;

/// The most that is read. To look for what is wrong with many events, `harness map` and `harness send` are quicker.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Explains the events of a file, or of standard input.
pub(super) fn run(args: &ExplainArgs, file: Option<&Path>) -> anyhow::Result<ExitStatus> {
    let name = file.map_or_else(|| "<stdin>".to_owned(), |file| file.display().to_string());
    let text = read(file, &name)?;
    let events = events(&text, &name)?;
    let mut out = Output::new(anstream::AutoStream::auto(io::stdout().lock()));
    let ended = walk(args, None, events, |number, walk| match args.format {
        Format::Text => render::text(&mut out, number, walk, args.destination.dialect, &[]),
        Format::Json => writeln!(out, "{}", render::object(number, walk)?),
    })?;
    out.flush()?;
    Ok(ended)
}

/// Walks events one after the other and shows each walk. They are received when the arguments say, or else at that time.
pub(super) fn walk(
    args: &ExplainArgs,
    received_at: Option<Timestamp>,
    events: Vec<Value>,
    mut show: impl FnMut(usize, &Walk) -> io::Result<()>,
) -> anyhow::Result<ExitStatus> {
    let settings = settings(&args.destination, demo_project()?)?;
    let rules = levels(&args.rules)?;
    // Time is virtual: nothing is waited for.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    let runtime = runtime.context("can't start the runtime")?;
    runtime.block_on(async {
        let now = args.now.or(received_at).unwrap_or_else(|| Clock::system().now());
        let mut walker = Walker::start(config(now, settings, rules))
            .await
            .context("can't start the pipeline")?;
        let mut worst = ExitStatus::Passed;
        for (index, event) in events.into_iter().enumerate() {
            let walk = walker.walk(event).await;
            worst = worst.max(status(&walk));
            show(index + 1, &walk)?;
        }
        Ok(worst)
    })
}

fn read(file: Option<&Path>, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    let input = Input::open(file)?;
    let read = input.take(LARGEST + 1).read_to_end(&mut text);
    read.with_context(|| format!("can't read {name}"))?;
    let is_whole = u64::try_from(text.len()).is_ok_and(|length| length <= LARGEST);
    anyhow::ensure!(is_whole, "{name} has more than {} MiB", LARGEST >> 20);
    Ok(text)
}

fn events(text: &[u8], name: &str) -> anyhow::Result<Vec<Value>> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let read = Deserializer::from_slice(text).into_iter::<Json>();
    let read: Result<Vec<Value>, _> = read.map(|event| event.map(|Json(event)| event)).collect();
    let events = read.map_err(|error| {
        Unusable::new(NotJson {
            file: name.to_owned(),
            error,
        })
    })?;
    if events.is_empty() {
        return Err(Unusable::new(NoEvent(name.to_owned())).into());
    }
    Ok(events)
}

/// In the runtime, whose time the clock keeps.
fn config(now: Timestamp, settings: Settings, rules: RuleLevels) -> Config {
    Config {
        retry: RetryPolicy::of(settings.dialect),
        settings,
        rules,
        ..Config::simulated(now)
    }
}

/// What it says of an event that it got so far and no further.
fn status(walk: &Walk) -> ExitStatus {
    match (&walk.prepared, &walk.arrival) {
        (None | Some(Prepared::Invalid(_)), _) => ExitStatus::Invalid,
        (Some(Prepared::Send(_)), Some(arrival)) if arrival.status >= 400 => ExitStatus::Failed,
        _ => ExitStatus::Passed,
    }
}
