use std::io;

use attribution_destination::{Diagnostic, Invalid, Mapper, Settings, Written, parse};
use clock::Clock;
use jiff::Timestamp;
use segment_event::MessageId;

use crate::args::MapArgs;
use crate::commands::lines::{BYTE_ORDER_MARK, LONGEST, too_long};
use crate::exit::ExitStatus;
use crate::render::verdict::{self, Heads};

/// Answers lines. Each thread has its own.
#[derive(Debug)]
pub(super) struct Answers {
    mapper: Mapper,
    now: Option<Timestamp>,
    clock: Clock,
    heads: Heads,
    body: Vec<u8>,
    /// Whether an event without an id gets one, as it does where the wire carries it.
    assigns_ids: bool,
}

/// What came of a block.
pub(super) struct Answered {
    /// How many lines were in it, blank ones included.
    pub(super) lines: u64,
    /// The worst of them.
    pub(super) status: ExitStatus,
}

impl Answers {
    pub(super) fn new(settings: &Settings, args: &MapArgs, clock: &Clock) -> Self {
        Self {
            mapper: Mapper::new(settings.clone(), !args.no_ingest),
            now: args.now,
            clock: clock.clone(),
            heads: Heads::new(args.show_secrets),
            body: Vec::new(),
            assigns_ids: !args.no_ingest && settings.dialect.carries_message_id(),
        }
    }

    /// Appends the answers to lines of which the first has this number. What happens without a time of its own happened
    /// when the block was read.
    pub(super) fn block(&mut self, lines: &[u8], first: u64, out: &mut Vec<u8>) -> io::Result<Answered> {
        let now = self.now.unwrap_or_else(|| self.clock.now());
        let mut answered = Answered {
            lines: 0,
            status: ExitStatus::Passed,
        };
        let mut rest = lines;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let (line, after) = rest.split_at(end);
            rest = after;
            let number = first + answered.lines;
            answered.lines += 1;
            let is_invalid = self.line(line, number, now, out)?;
            if is_invalid {
                answered.status = ExitStatus::Invalid;
            }
        }
        Ok(answered)
    }

    /// What becomes of a line's event; where the wire carries an id that the event lacks, after an id was assigned to it as
    /// Segment's ingest would have.
    fn written(&mut self, text: &[u8], number: u64, now: Timestamp) -> Written {
        if !self.assigns_ids {
            return self.mapper.map_into(text, now, &mut self.body);
        }
        let event = match parse(text, true) {
            Ok(event) => event,
            Err(invalid) => return Written::Invalid(invalid),
        };
        if event.message_id().is_some() {
            return self.mapper.map_event_into(&event, now, &mut self.body);
        }
        let id = MessageId::numbered(number);
        let stands_in = stands_in(&id);
        let mut written = self
            .mapper
            .map_event_into(&event.with_message_id(id), now, &mut self.body);
        if let Written::Send { diagnostics, .. } = &mut written {
            diagnostics.push(stands_in);
        }
        written
    }

    /// Appends the answer to a line that is not blank, and says whether it is no event.
    fn line(&mut self, line: &[u8], number: u64, now: Timestamp, out: &mut Vec<u8>) -> io::Result<bool> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let is_too_long = line.len() > LONGEST;
        let marked = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| number == 1);
        let text = marked.unwrap_or(line).trim_ascii();
        if text.is_empty() && !is_too_long {
            return Ok(false);
        }
        self.body.clear();
        let written = if is_too_long {
            Written::Invalid(Invalid::Unmapped(too_long()))
        } else {
            self.written(text, number, now)
        };
        verdict::line(out, number, (&written, &self.body), (&mut self.heads, &self.mapper))?;
        Ok(matches!(written, Written::Invalid(_)))
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
