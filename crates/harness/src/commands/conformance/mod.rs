//! `harness conformance`: the golden requests against any server, case by case.

mod choice;
mod folder;

use std::io::Write;
use std::time::Duration;

use anyhow::Context;
use attribution_mock::Upstream;
use clock::Clock;
use conformance::{Case, CaseReport, Player, Scope};

use super::project_id;
use super::upstream::upstream;
use crate::args::{ConformanceArgs, Format};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::conformance::{self as render, Counts};

pub(super) fn run(args: &ConformanceArgs) -> anyhow::Result<ExitStatus> {
    let cases = choice::cases(args)?;
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
    let Some(project_id) = project_id(args.project_id.as_deref()) else {
        return Ok(ExitStatus::Invalid);
    };
    let target = target(args)?;
    if !may_write(args, &target, cases.len()) {
        return Ok(ExitStatus::Invalid);
    }
    let player = Player::new(target, project_id.expose().into(), Clock::system())
        .pausing(pause(args))
        .comparing(scope(args));
    let counts = play(&player, &cases, args.format, &mut out)?;
    match args.format {
        Format::Text => render::summary(&mut out, &counts)?,
        Format::Json => render::summary_json(&mut out, &counts)?,
    }
    out.flush()?;
    Ok(counts.status())
}

fn target(args: &ConformanceArgs) -> anyhow::Result<Upstream> {
    let url = args.target.as_deref().unwrap_or_default();
    upstream("--target", url, args.timeout, args.ca_file.as_deref())
}

fn pause(args: &ConformanceArgs) -> Duration {
    args.rate
        .map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate))
}

fn scope(args: &ConformanceArgs) -> Scope {
    if args.status_only {
        Scope::Status
    } else {
        Scope::Everything
    }
}

/// Whether the target's project may be written to; where that can't be undone, only who says so may.
fn may_write(args: &ConformanceArgs, target: &Upstream, cases: usize) -> bool {
    if target.is_loopback() {
        return true;
    }
    let s = if cases == 1 { "" } else { "s" };
    let told = if args.yes_write_to_this_project {
        writeln!(
            anstream::stderr(),
            "warning: sending {cases} case{s} to {target}; the project there keeps the visitors, visits and conversions"
        )
    } else {
        writeln!(
            anstream::stderr(),
            "error: the project at {target} would keep what {cases} case{s} say{}: visitors, visits and conversions that \
             can't be taken back. Give the id of a project that was made for this, and add --yes-write-to-this-project",
            if cases == 1 { "s" } else { "" }
        )
    };
    // Nothing is left to do when standard error is gone.
    drop(told);
    args.yes_write_to_this_project
}

fn play(player: &Player, cases: &[Case], format: Format, out: &mut Output<impl Write>) -> anyhow::Result<Counts> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("can't start the runtime")?;
    let mut counts = Counts::of(cases.len());
    let mut written = Ok(());
    let told = |report: &CaseReport| {
        counts.add(report);
        let rendered = match format {
            Format::Text => render::report(out, report),
            Format::Json => render::report_json(out, report),
        };
        // Each as soon as it is known: the next one may take its time.
        written = rendered.and_then(|()| out.flush());
        written.is_ok()
    };
    runtime.block_on(player.play_all(cases, told));
    written?;
    Ok(counts)
}
