//! `harness send`: Segment events in, through the real sender, outcomes out.
//!
//! ```text
//!                           ┌─▶ sender ────────────────────┐
//! reader thread ─▶ intake ──┤                              ├─▶ flow: one by one ─▶ report
//!                           └─▶ spool ─▶ feed ─▶ sender ───┘        └─▶ out of the spool
//! ```
//!
//! The flow takes outcomes one after the other. Everything before it is bounded, so a flow that waits makes the reading wait.

mod dead_letters;
mod flow;
mod intake;
mod outcomes;
mod progress;
mod reader;
mod report;
mod setup;

use std::io::Write;

use anyhow::Context;
use attribution_destination::{ProjectId, parse};
use bytes::Bytes;
use clock::Clock;
use tokio::runtime::Builder;

use self::dead_letters::DeadLetters;
use self::flow::{Ended, Flow, Way};
use self::progress::Progress;
use self::report::Report;
use super::events::Input;
use super::interrupts::Interrupts;
use super::project_id;
use crate::args::SendArgs;
use crate::exit::ExitStatus;
use crate::render::sent;

pub(super) fn run(args: &SendArgs) -> anyhow::Result<ExitStatus> {
    let Some(project_id) = project_id(args.project_id.as_deref()) else {
        return Ok(ExitStatus::Invalid);
    };
    let clock = Clock::system();
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("can't start the sender's runtime")?;
    let ended = runtime.block_on(send(args, project_id));
    // A read from a terminal that is still waited for is not waited for any longer.
    runtime.shutdown_background();
    let ended = ended?;
    // The outcomes are out, whether the summary can be shown or not.
    let _ = sent::summary(&mut anstream::stderr(), &ended.tally, clock.elapsed());
    if ended.kept > 0 {
        let kept = ended.kept;
        say(&format!(
            "{kept} kept in the spool: the next send with it goes on with them"
        ));
    }
    let status = ended.status();
    ended.failure.map_or(Ok(status), Err)
}

async fn send(args: &SendArgs, project_id: ProjectId) -> anyhow::Result<Ended> {
    let interrupts = Interrupts::new().context("can't listen for Ctrl-C")?;
    let file = args.file.as_deref();
    let input = Input::open(file)?;
    let dead_letters = match &args.dead_letters {
        Some(path) => Some(DeadLetters::open(path, file)?),
        None => None,
    };
    let sender = setup::sender(args, project_id)?;
    let spool = match &args.spool {
        Some(folder) => Some(setup::spool(&sender, folder).await?),
        None => None,
    };
    let progress = Progress::on_stderr(input.bytes());
    let (bytes, ingest) = (progress.bytes_read(), !args.no_ingest);
    let way = match spool {
        None => Way::Straight(reader::start(input, bytes, |line| Ok(Bytes::copy_from_slice(line)))),
        Some(spool) => Way::Spooled(spool, reader::start(input, bytes, move |line| parse(line, ingest))),
    };
    let report = Report::new(std::io::stdout(), dead_letters, progress);
    Ok(Flow::start(sender, way, report).run(interrupts).await)
}

/// Says something to people, who may have gone.
fn say(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}
