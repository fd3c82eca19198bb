//! `harness map`: Segment events in, verdicts and requests out, a line each, nothing sent.
//!
//! What can be read at once is a block of lines, and is mapped and written as one: on the spot with one job, else by
//! workers whose blocks are written in the order of the input. Either way all that was read is answered before the next
//! line is waited for.

mod answers;
mod blocks;
mod workers;

use std::io::{self, Write};
use std::iter;
use std::num::NonZeroUsize;
use std::thread;

use anyhow::Context;
use clock::Clock;

use self::answers::Answers;
use self::blocks::Blocks;
use super::events::Input;
use super::{project_id, settings};
use crate::args::MapArgs;
use crate::exit::ExitStatus;
use crate::output::Output;

pub(super) fn run(args: &MapArgs) -> anyhow::Result<ExitStatus> {
    let Some(project_id) = project_id(args.project_id.as_deref()) else {
        return Ok(ExitStatus::Invalid);
    };
    let settings = settings(&args.destination, project_id)?;
    let clock = Clock::system();
    let answers = || Answers::new(&settings, args, &clock);
    let blocks = Blocks::new(Input::open(args.file.as_deref())?);
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let out = Output::new(io::stdout().lock());
    match args.jobs.map_or_else(cores, NonZeroUsize::get) {
        1 => on_the_spot(blocks, answers(), out),
        jobs => workers::run(blocks, iter::repeat_with(answers).take(jobs).collect(), out),
    }
}

/// Maps block by block in constant memory. A line that can't be mapped does not stop the rest.
fn on_the_spot(
    mut blocks: Blocks<Input>,
    mut answers: Answers,
    mut out: Output<impl Write>,
) -> anyhow::Result<ExitStatus> {
    let mut text = Vec::new();
    let mut worst = ExitStatus::Passed;
    let mut first = 1;
    while !out.is_closed() {
        let Some(block) = blocks.next().context("can't read the events")? else {
            break;
        };
        text.clear();
        let answered = answers.block(block.lines(), first, &mut text)?;
        first += answered.lines;
        worst = worst.max(answered.status);
        blocks.give_back(block);
        out.write_all(&text)?;
        out.flush()?;
    }
    Ok(worst)
}
