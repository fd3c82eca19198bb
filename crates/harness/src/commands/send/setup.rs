//! From arguments to a sender.

use std::path::Path;

use attribution_destination::deliver::{
    Batch, BuildError, Endpoint, Limits, RetryPolicy, Sender, Settlements, SpooledSender,
};
use attribution_destination::{Dialect, ProjectId};
use spool::{SpoolError, SpoolOptions};

use crate::args::SendArgs;
use crate::commands::{Unusable, roots, settings};

/// The sender, on the runtime that this is called in.
pub(super) fn sender(args: &SendArgs, project_id: ProjectId) -> anyhow::Result<Sender> {
    let settings = settings(&args.destination, project_id)?;
    // Parsed here and not with the other arguments, whose errors repeat what was typed, credentials included.
    let endpoint: Endpoint = args.to.parse().map_err(Unusable::new)?;
    let mut builder = Sender::builder(settings)
        .ingest(!args.no_ingest)
        .endpoint(endpoint)
        .retry(retry(args))
        .limits(limits(args))
        .batch(batch(args)?);
    if let Some(path) = &args.ca_file {
        builder = builder.tls_roots(roots(path)?);
    }
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    builder.build().map_err(|error| match error {
        BuildError::Policy(_) | BuildError::ServerName(_) | BuildError::Proxy(_) => Unusable::new(error).into(),
        BuildError::NoRoots | BuildError::NoRuntime => error.into(),
    })
}

/// The spool in a folder, and what is to come of what lies in it.
pub(super) async fn spool(sender: &Sender, folder: &Path) -> anyhow::Result<(SpooledSender, Settlements)> {
    let opened = SpooledSender::open(sender.clone(), folder, SpoolOptions::default()).await;
    opened.map_err(|error| match error {
        SpoolError::Unusable { .. } | SpoolError::Locked { .. } | SpoolError::Newer { .. } => {
            Unusable::new(error).into()
        }
        error => error.into(),
    })
}

fn retry(args: &SendArgs) -> RetryPolicy {
    let of_dialect = RetryPolicy::of(args.destination.dialect);
    RetryPolicy {
        window: args.retry_window,
        timeout: args.timeout.unwrap_or(of_dialect.timeout),
        ..of_dialect
    }
}

fn limits(args: &SendArgs) -> Limits {
    Limits {
        concurrency: args.concurrency,
        rate: args.rate,
        ..Limits::default()
    }
}

fn batch(args: &SendArgs) -> anyhow::Result<Batch> {
    if args.batch > 1 && args.destination.dialect != Dialect::Import {
        return Err(Unusable::new(NoBatches(args.destination.dialect)).into());
    }
    Ok(Batch {
        events: args.batch,
        ..Batch::default()
    })
}

/// A request of this dialect has room for one event.
#[derive(Debug)]
struct NoBatches(Dialect);

impl std::fmt::Display for NoBatches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let dialect = self.0;
        write!(
            f,
            "a request of the dialect {dialect} holds one event: leave --batch out, or add --dialect import"
        )
    }
}

impl std::error::Error for NoBatches {}
