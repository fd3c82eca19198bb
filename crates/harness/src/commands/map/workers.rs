//! Blocks of lines, mapped side by side and written in the order of the input.
//!
//! ```text
//!             ┌▶ worker 0 ─┐
//!  reader ────┼▶ worker 1 ─┼──▶ writer
//!             └▶ worker 2 ─┘
//! ```
//!
//! The reader deals the blocks in turn, and the writer takes the answers in the same turn: that is all there is to the
//! order. Every queue is short, so that whoever is slow holds up the others and memory stays bounded.

use std::io::{self, Write};
use std::panic;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

use anyhow::Context;

use super::answers::Answers;
use super::blocks::{Block, Blocks};
use crate::commands::events::Input;
use crate::exit::ExitStatus;
use crate::output::Output;

/// How many blocks may wait for a worker, and how many answered ones for the writer.
const WAITING: usize = 2;

/// A block and the number of its first line, or why no further one could be read.
type Dealt = io::Result<(Block, u64)>;

/// The answers to a block and the worst of them.
type Answered = io::Result<(Vec<u8>, ExitStatus)>;

/// Maps with as many threads as there are `answers`, until the end of the input or until nobody reads any more. A reader
/// that waits for input is then left behind, and ends with the process.
pub(super) fn run(
    blocks: Blocks<Input>,
    answers: Vec<Answers>,
    mut out: Output<impl Write>,
) -> anyhow::Result<ExitStatus> {
    let (give_back, spent) = mpsc::channel();
    let (mut queues, mut answered, mut threads) = (Vec::new(), Vec::new(), Vec::new());
    for answers in answers {
        let (queue, dealt) = mpsc::sync_channel(WAITING);
        let (tell, told) = mpsc::sync_channel(WAITING);
        let give_back = give_back.clone();
        threads.push(thread::spawn(move || work(answers, &dealt, &tell, &give_back)));
        queues.push(queue);
        answered.push(told);
    }
    threads.push(thread::spawn(move || deal(blocks, &queues, &spent)));
    let mut worst = ExitStatus::Passed;
    for answered in answered.iter().cycle() {
        if out.is_closed() {
            return Ok(worst);
        }
        // The first worker in turn that has nothing more to tell is at the end of the input.
        let Ok(block) = answered.recv() else { break };
        let (text, status) = block.context("can't read the events")?;
        worst = worst.max(status);
        out.write_all(&text)?;
        out.flush()?;
    }
    drop(answered);
    for thread in threads {
        // One that panicked has lost lines.
        thread.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked));
    }
    Ok(worst)
}

/// Reads blocks and deals them in turn. Why no further one could be read is the last thing that is dealt.
fn deal(mut blocks: Blocks<Input>, queues: &[SyncSender<Dealt>], spent: &Receiver<Block>) {
    let mut first = 1;
    for queue in queues.iter().cycle() {
        for block in spent.try_iter() {
            blocks.give_back(block);
        }
        let dealt = match blocks.next() {
            Ok(Some(block)) => {
                let number = first;
                first += count(block.lines());
                Ok((block, number))
            }
            Ok(None) => break,
            Err(error) => Err(error),
        };
        let is_last = dealt.is_err();
        if queue.send(dealt).is_err() || is_last {
            break;
        }
    }
}

fn count(lines: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', lines).count() as u64
}

/// Answers what is dealt until nothing more is, or until nobody wants to be told.
fn work(mut answers: Answers, dealt: &Receiver<Dealt>, tell: &SyncSender<Answered>, give_back: &Sender<Block>) {
    for dealt in dealt {
        let answered = dealt.and_then(|(block, first)| {
            let mut text = Vec::with_capacity(block.lines().len());
            let answered = answers.block(block.lines(), first, &mut text)?;
            // The reader may be done.
            let _ = give_back.send(block);
            Ok((text, answered.status))
        });
        if tell.send(answered).is_err() {
            break;
        }
    }
}
