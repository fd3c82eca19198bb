//! `harness map`: Segment events in, verdicts and requests out, a line each, nothing sent.

use std::io::{self, BufWriter, Read, Write};

use anyhow::Context;
use attribution_destination::{Diagnostic, Prepared, Settings, prepare};
use clock::Clock;
use jiff::Timestamp;
use segment_event::{Event, MessageId};

use super::events::{self, BUFFER_BYTES, Input};
use super::lines::{Line, Lines};
use super::{previous_id, project_id};
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
        previous_id: previous_id(args.previous_id, args.dialect)?,
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
        let assigned = self.message_id(&event, line.number);
        let event = match assigned.clone() {
            Some(id) => event.with_message_id(id),
            None => event,
        };
        match prepare(&event, &self.settings, self.now.unwrap_or_else(|| self.clock.now())) {
            Prepared::Send(mut mapped) => {
                mapped.diagnostics.extend(assigned.as_ref().map(stands_in));
                Answer::Send(mapped)
            }
            Prepared::Skip(skip) => Answer::Skip(skip),
            Prepared::Invalid(invalid) => Answer::Invalid(invalid),
        }
    }

    /// The id that Segment's ingest would have assigned to the event, if it lacks one and the wire carries it.
    fn message_id(&self, event: &Event, line: u64) -> Option<MessageId> {
        let needed = self.ingest && self.settings.dialect.carries_message_id() && event.message_id().is_none();
        needed.then(|| MessageId::new(format!("msg-{line:04}"))).flatten()
    }
}

fn stands_in(id: &MessageId) -> Diagnostic {
    Diagnostic {
        code: "message_id_assigned",
        pointer: "/messageId".to_owned(),
        message: format!(
            r#""{id}" stands in for the id that is assigned on arrival; give the message a messageId of its own, so that it counts once even if it is sent twice"#
        ),
    }
}
