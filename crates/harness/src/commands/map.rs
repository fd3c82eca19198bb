//! `harness map`: Segment events in, verdicts and requests out, a line each, nothing sent.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use attribution_destination::{MapError, Prepared, Settings, prepare};
use clock::Clock;
use jiff::Timestamp;
use segment_event::{Event, Rejection};
use serde_json::Value;

use super::lines::{Line, Lines};
use super::project_id;
use crate::args::MapArgs;
use crate::exit::ExitStatus;
use crate::render::verdict::{self, Answer};

const BUFFER_BYTES: usize = 256 * 1024;

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
    let stdout = BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock());
    match args.file.as_deref() {
        None => mapper.all(io::stdin().lock(), stdout),
        Some(path) if path == Path::new("-") => mapper.all(io::stdin().lock(), stdout),
        Some(path) => {
            let file = File::open(path).with_context(|| format!("can't read {}", path.display()))?;
            mapper.all(BufReader::with_capacity(BUFFER_BYTES, file), stdout)
        }
    }
}

struct Mapper {
    settings: Settings,
    ingest: bool,
    now: Option<Timestamp>,
    clock: Clock,
    show_secrets: bool,
}

impl Mapper {
    /// Maps line by line in constant memory. A line that can't be mapped does not stop the rest.
    fn all(&self, input: impl BufRead, mut out: impl Write) -> anyhow::Result<ExitStatus> {
        let mut lines = Lines::new(input);
        let mut worst = ExitStatus::Passed;
        while let Some(line) = lines.next().context("can't read the events")? {
            let number = line.number;
            let answer = self.line(&line);
            if matches!(answer, Answer::Rejected(_) | Answer::Unmapped(_)) {
                worst = ExitStatus::Invalid;
            }
            verdict::line(&mut out, number, &answer, self.show_secrets)?;
        }
        out.flush()?;
        Ok(worst)
    }

    fn line(&self, line: &Line<'_>) -> Answer {
        let message = match line.text.as_ref().map_err(Clone::clone).and_then(|text| parse(text)) {
            Ok(message) => message,
            Err(unreadable) => return Answer::Unmapped(unreadable),
        };
        match self.event(message) {
            Err(rejections) => Answer::Rejected(rejections),
            Ok(event) => match prepare(&event, &self.settings, self.now.unwrap_or_else(|| self.clock.now())) {
                Prepared::Send(mapped) => Answer::Send(mapped),
                Prepared::Skip(skip) => Answer::Skip(skip),
                Prepared::Invalid(error) => Answer::Unmapped(error),
            },
        }
    }

    fn event(&self, message: Value) -> Result<Event, Vec<Rejection>> {
        if self.ingest {
            Event::ingest(message)
        } else {
            Event::unchecked(message)
        }
    }
}

/// UTF-8 is checked once for the whole line, which is faster than by string.
fn parse(line: &[u8]) -> Result<Value, MapError> {
    let unreadable = |code, message| MapError {
        code,
        pointer: String::new(),
        message,
    };
    let text = std::str::from_utf8(line).map_err(|error| {
        unreadable(
            "invalid_utf8",
            format!("the line is not UTF-8 from byte {} on", error.valid_up_to() + 1),
        )
    })?;
    serde_json::from_str(text)
        .map_err(|error| unreadable("invalid_json", format!("the line is not one JSON object: {error}")))
}
