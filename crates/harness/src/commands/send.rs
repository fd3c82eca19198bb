//! `harness send`: Segment events in, through the real sender, outcomes out.
//!
//! ```text
//! reader thread ─▶ flow: submit ─▶ sender, on a runtime of its own ─▶ flow: in order ─▶ report
//! ```
//!
//! The flow holds at most as many events as the sender's queue, those included that are decided but wait for an
//! earlier line. The sender's runtime is its own so that stopping it is what a second Ctrl-C does: whatever is under way
//! then ends as interrupted.

mod dead_letters;
mod flow;
mod progress;
mod reader;
mod report;

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use attribution_destination::deliver::{BuildError, Endpoint, RetryPolicy, Sender, TlsRoots};
use attribution_destination::{ProjectId, Settings};
use clock::Clock;
use tokio::runtime::{Builder, Runtime};

use self::dead_letters::DeadLetters;
use self::flow::Flow;
use self::progress::Progress;
use self::report::Report;
use super::events::Input;
use super::{Unusable, project_id};
use crate::args::SendArgs;
use crate::exit::ExitStatus;
use crate::render::sent;

pub(super) fn run(args: &SendArgs) -> anyhow::Result<ExitStatus> {
    let Some(project_id) = project_id(args.project_id.as_deref()) else {
        return Ok(ExitStatus::Invalid);
    };
    let file = args.file.as_deref();
    let input = Input::open(file)?;
    let dead_letters = match &args.dead_letters {
        Some(path) => Some(DeadLetters::open(path, file)?),
        None => None,
    };
    let clock = Clock::system();
    let delivery = Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("can't start the sender's runtime")?;
    let sender = sender(args, project_id, &delivery)?;
    let lines = reader::start(input, !args.no_ingest, dead_letters.is_some());
    let report = Report::new(std::io::stdout().lock(), dead_letters, Progress::on_stderr());
    let flow = Flow::new(sender, policy(args).queue, delivery, lines, report);
    let ended = Builder::new_current_thread()
        .enable_all()
        .build()
        .context("can't start the runtime")?
        .block_on(flow.run());
    // The outcomes are out, whether the summary can be shown or not.
    let _ = sent::summary(&mut anstream::stderr(), &ended.tally, clock.elapsed());
    if let Some(error) = ended.failure {
        return Err(error);
    }
    Ok(ended.status())
}

fn sender(args: &SendArgs, project_id: ProjectId, delivery: &Runtime) -> anyhow::Result<Sender> {
    let settings = Settings {
        screens: args.screens,
        ..Settings::new(project_id)
    };
    // Parsed here and not with the other arguments, whose errors repeat what was typed, credentials included.
    let endpoint: Endpoint = args.to.parse().map_err(Unusable::new)?;
    let mut builder = Sender::builder(settings).endpoint(endpoint).retry(policy(args));
    if let Some(path) = &args.ca_file {
        builder = builder.tls_roots(roots(path)?);
    }
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    let _runtime = delivery.enter();
    builder.build().map_err(|error| match error {
        BuildError::Policy(_) | BuildError::ServerName(_) | BuildError::Proxy(_) => Unusable::new(error).into(),
        BuildError::NoRoots | BuildError::NoRuntime => error.into(),
    })
}

fn policy(args: &SendArgs) -> RetryPolicy {
    RetryPolicy {
        window: args.retry_window,
        timeout: args.timeout,
        concurrency: args.concurrency,
        ..RetryPolicy::default()
    }
}

fn roots(path: &Path) -> anyhow::Result<TlsRoots> {
    let pem = std::fs::read(path).with_context(|| format!("can't read {}", path.display()))?;
    let named = || format!("can't use {}", path.display());
    TlsRoots::system()
        .and_pem(&pem)
        .map_err(Unusable::new)
        .with_context(named)
}

/// Says something to people, who may have gone.
fn say(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}
