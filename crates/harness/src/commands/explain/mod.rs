//! `harness explain`: what becomes of events, stage by stage; or what a rule looks at, why, and what to do about it.

mod differences;
mod events;
mod received;

use std::fmt;
use std::io::Write;
use std::path::Path;

use attribution_mock::rules::{self, Rule};

use super::Unusable;
use crate::args::{ExplainArgs, Format};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::rule;

pub(crate) use self::received::Received;

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<ExitStatus> {
    let Some(what) = args.what.as_deref() else {
        return list(args.format);
    };
    if let Some(server) = &args.server {
        return received::run(args, server, what);
    }
    if what == "-" {
        return events::run(args, None);
    }
    match rules::find(what) {
        Ok(rule) => page(rule, args.format),
        Err(_) if is_a_path(what) => events::run(args, Some(Path::new(what))),
        Err(error) => Err(Unusable::new(error).into()),
    }
}

/// Whether it can only be meant as a file: because there is one, or because no rule is written like that.
fn is_a_path(what: &str) -> bool {
    Path::new(what).exists() || what.contains(['/', '\\', '.'])
}

fn page(asked: &Rule, format: Format) -> anyhow::Result<ExitStatus> {
    print(|out| match format {
        Format::Text => rule::page(out, asked),
        Format::Json => rule::json(out, asked),
    })
}

fn list(format: Format) -> anyhow::Result<ExitStatus> {
    print(|out| match format {
        Format::Text => rule::list(out, rules::all()),
        Format::Json => rules::all().iter().try_for_each(|listed| rule::json(out, listed)),
    })
}

fn print(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> anyhow::Result<ExitStatus> {
    let mut out = Output::new(anstream::AutoStream::auto(std::io::stdout().lock()));
    write(&mut out)?;
    out.flush()?;
    Ok(ExitStatus::Passed)
}

/// What can't be read as events.
#[derive(Debug)]
struct NotJson {
    file: String,
    error: serde_json::Error,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, error } = self;
        write!(f, "{file}:{}:{}: ", error.line(), error.column())?;
        let said = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        f.write_str(said.strip_suffix(&place).unwrap_or(&said))?;
        f.write_str(": write one Segment event after the other, each a JSON object")
    }
}

impl std::error::Error for NotJson {}

/// There is nothing to explain.
#[derive(Debug)]
struct NoEvent(String);

impl fmt::Display for NoEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let example = r#"{"type":"track","userId":"user-1","event":"Sign Up"}"#;
        write!(f, "{}: there is no event in it; write one such as {example}", self.0)
    }
}

impl std::error::Error for NoEvent {}
