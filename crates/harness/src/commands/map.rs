//! `harness map`: Segment events in, verdicts and requests out, a line each, nothing sent.

use std::io::{self, BufWriter, Read, Write};

use anyhow::Context;
use attribution_destination::{Prepared, Settings, prepare};
use clock::Clock;
use jiff::Timestamp;

use super::events::{self, BUFFER_BYTES, Input};
use super::lines::{Line, Lines};
use super::project_id;
use crate::args::MapArgs;
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::verdict::{self, Answer};

pub(super) fn run(args: &MapArgs) -> anyhow::Result<ExitStatus> {
    let Some(project_id) = project_id(args.project_id.as_deref()) else {
        return Ok(ExitStatus::Invalid);
    };
    let settings = Settings {
        dialect: args.dialect,
        screens: args.screens,
        ..Settings::new(project_id)
    };
    let mapper = Mapper {
        settings,
        ingest: !args.no_ingest,
        now: args.now,
        clock: Clock::system(),
        show_secrets: args.show_secrets,
    };
    let input = Input::open(args.file.as_deref())?;
    mapper.all(input, Output::new(io::stdout().lock()))
}

struct Mapper {
    settings: Settings,
    ingest: bool,
    now: Option<Timestamp>,
    clock: Clock,
    show_secrets: bool,
}

impl Mapper {
    /// Maps line by line in constant memory. A line that can't be mapped does not stop the rest, and where the next one
    /// is not there yet, the answers so far are let out.
    fn all(&self, input: impl Read, out: Output<impl Write>) -> anyhow::Result<ExitStatus> {
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
        let mut lines = Lines::new(input);
        let mut worst = ExitStatus::Passed;
        while !out.get_ref().is_closed() {
            if lines.may_wait() {
                out.flush()?;
            }
            let Some(line) = lines.next().context("can't read the events")? else {
                break;
            };
            let number = line.number;
            let answer = self.line(&line);
            if matches!(answer, Answer::Invalid(_)) {
                worst = ExitStatus::Invalid;
            }
            verdict::line(&mut out, number, &answer, self.show_secrets)?;
        }
        out.flush()?;
        Ok(worst)
    }

    fn line(&self, line: &Line<'_>) -> Answer {
        let event = match events::event(line, self.ingest) {
            Ok(event) => event,
            Err(invalid) => return Answer::Invalid(invalid),
        };
        match prepare(&event, &self.settings, self.now.unwrap_or_else(|| self.clock.now())) {
            Prepared::Send(mapped) => Answer::Send(mapped),
            Prepared::Skip(skip) => Answer::Skip(skip),
            Prepared::Invalid(invalid) => Answer::Invalid(invalid),
        }
    }
}
