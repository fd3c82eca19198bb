//! `harness sdk`: an SDK against our Tracking API, case by case.

use std::error::Error;
use std::fmt;
use std::io::Write;

use anyhow::Context;
use clock::Clock;
use sdk_contract::{Case, Player, Suite, Words, cases};

use super::Unusable;
use super::interrupts::Interrupts;
use crate::args::{Format, SdkArgs};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::sdk::{self as render, Counts, Word};

pub(super) fn run(args: &SdkArgs) -> anyhow::Result<ExitStatus> {
    let suites: Vec<Suite> = args.suite.iter().map(|name| name.0).collect();
    let cases = cases(&suites);
    known_of(args, &cases)?;
    let mut out = Output::new(anstream::AutoStream::auto(std::io::stdout().lock()));
    if args.list {
        for case in &cases {
            match args.format {
                Format::Text => render::listed(&mut out, case)?,
                Format::Json => render::listed_json(&mut out, case)?,
            }
        }
        out.flush()?;
        return Ok(ExitStatus::Passed);
    }
    let command = Words::split(args.cli.as_deref().unwrap_or_default()).map_err(Unusable::new);
    let player = Player::new(command.context("--cli can't be used")?, args.timeout, Clock::system());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("can't start the runtime")?;
    runtime.block_on(async {
        let mut interrupts = Interrupts::new().context("can't listen to Ctrl-C")?;
        tokio::select! {
            ended = play(args, &player, &cases, &mut out) => ended,
            // What runs is ended when it is dropped here.
            () = interrupts.next() => Ok(ExitStatus::Failed),
        }
    })
}

/// Plays each case in turn, and tells of it as soon as it is known.
async fn play(
    args: &SdkArgs,
    player: &Player,
    cases: &[Case],
    out: &mut Output<impl Write>,
) -> anyhow::Result<ExitStatus> {
    let mut counts = Counts::default();
    for case in cases {
        let report = player.play(case).await?;
        let word = Word::of(&report, args.known.contains(&case.id()));
        counts.add(word);
        match args.format {
            Format::Text => render::report(out, word, &report)?,
            Format::Json => render::report_json(out, word, &report)?,
        }
        out.flush()?;
    }
    match args.format {
        Format::Text => render::summary(out, counts)?,
        Format::Json => render::summary_json(out, counts)?,
    }
    out.flush()?;
    Ok(counts.status())
}

/// Every case that is said to be known is one of those that are played.
fn known_of(args: &SdkArgs, cases: &[Case]) -> anyhow::Result<()> {
    let unknown = args
        .known
        .iter()
        .find(|known| cases.iter().all(|case| case.id() != **known));
    match unknown {
        Some(unknown) => Err(Unusable::new(NoSuchCase(unknown.clone())).into()),
        None => Ok(()),
    }
}

/// A case that is not among those that are played.
#[derive(Debug)]
struct NoSuchCase(String);

impl fmt::Display for NoSuchCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "--known {:?} is no case of these suites: name one that is listed when --list is added",
            self.0
        )
    }
}

impl Error for NoSuchCase {}
