//! `harness wait`: until a server is up.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use attribution_destination::deliver::{Endpoint, Reason};
use clock::Clock;
use http::StatusCode;
use serde_json::Value;

use super::Unusable;
use super::asking::Asking;
use crate::args::WaitArgs;
use crate::exit::ExitStatus;

/// How long one answer is waited for: a server that was just about to start may leave a connection without any.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// How long after one look the next one comes.
const PAUSE: Duration = Duration::from_millis(25);

/// More of an answer is not looked at: the server's own is far shorter.
const LONGEST_ANSWER: usize = 64 * 1024;

pub(super) fn run(args: &WaitArgs) -> anyhow::Result<ExitStatus> {
    let server = match &args.url {
        Some(url) => Server::At(url.parse().map_err(Unusable::new)?),
        None => Server::NamedIn(
            args.ready_file
                .as_deref()
                .context("neither a URL nor a --ready-file is given")?,
        ),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("can't start the runtime")?;
    match runtime.block_on(wait(&server, args)) {
        Ok(endpoint) => {
            writeln!(anstream::stdout(), "{endpoint}")?;
            Ok(ExitStatus::Passed)
        }
        Err(last) => {
            let (server, timeout) = (server.in_words(), args.timeout);
            // Nothing is left to do when standard error is gone.
            let _ = writeln!(
                anstream::stderr(),
                "error: {server} was not up within {timeout:?}: {last:#}"
            );
            Ok(ExitStatus::Failed)
        }
    }
}

/// Where the server is.
enum Server<'a> {
    At(Endpoint),
    NamedIn(&'a Path),
}

impl Server<'_> {
    fn endpoint(&self) -> anyhow::Result<Endpoint> {
        match self {
            Self::At(endpoint) => Ok(endpoint.clone()),
            Self::NamedIn(file) => {
                let text = fs::read_to_string(file).with_context(|| format!("can't read {}", file.display()))?;
                let what_stands_there = || format!("{} holds no address", file.display());
                // With --source, the second line is the source's address.
                let first = text.trim().lines().next().unwrap_or_default();
                first.trim().parse().with_context(what_stands_there)
            }
        }
    }

    fn in_words(&self) -> String {
        match self {
            Self::At(endpoint) => endpoint.to_string(),
            Self::NamedIn(file) => format!("the server of {}", file.display()),
        }
    }
}

/// The server's address once it is up, or why it was not when it was last looked at.
async fn wait(server: &Server<'_>, args: &WaitArgs) -> anyhow::Result<Endpoint> {
    let clock = Clock::system();
    let mut last = None;
    loop {
        let left = args.timeout.saturating_sub(clock.elapsed());
        let error = match look(server, args, left.min(ANSWER_WITHIN)).await {
            Ok(endpoint) => return Ok(endpoint),
            Err(error) => error,
        };
        // A look that there was no time left for says less than the one before it.
        let reason = match last.take() {
            Some(before) if left < ANSWER_WITHIN && is_timeout(&error) => before,
            _ => error,
        };
        if clock.elapsed() + PAUSE >= args.timeout {
            return Err(reason);
        }
        last = Some(reason);
        clock.sleep(PAUSE).await;
    }
}

fn is_timeout(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Reason::Timeout(_)))
}

/// Looks once whether it is up.
async fn look(server: &Server<'_>, args: &WaitArgs, within: Duration) -> anyhow::Result<Endpoint> {
    let endpoint = server.endpoint()?;
    let asking = Asking::new(&endpoint, args.ca_file.as_deref())?;
    let (status, body) = asking.get("/__admin/health", within, LONGEST_ANSWER).await?;
    verdict(status, &serde_json::from_slice(&body).unwrap_or_default())?;
    Ok(endpoint)
}

/// Whether this is how a healthy `harness serve` answers.
fn verdict(status: StatusCode, body: &Value) -> anyhow::Result<()> {
    if let Some(message) = body.pointer("/error/message").and_then(Value::as_str) {
        bail!("answered {}: {message}", status.as_u16());
    }
    match (status, body.get("status").and_then(Value::as_str)) {
        (StatusCode::OK, Some("ok")) => Ok(()),
        (StatusCode::OK, _) => Err(anyhow!("what answers there is no `harness serve`")),
        (status, _) => Err(anyhow!("{}: is it a `harness serve`?", Reason::Status(status.as_u16()))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_healthy_server_is_up() {
        assert!(verdict(StatusCode::OK, &json!({"status": "ok", "requests": 3})).is_ok());
        let said = |status, body| verdict(status, &body).unwrap_err().to_string();
        assert_eq!(
            said(StatusCode::OK, json!([])),
            "what answers there is no `harness serve`"
        );
        assert_eq!(
            said(StatusCode::NOT_FOUND, json!(null)),
            "answered 404 Not Found: is it a `harness serve`?"
        );
        let refused = json!({"error": {"code": "not_loopback", "message": "only …"}});
        assert_eq!(said(StatusCode::FORBIDDEN, refused), "answered 403: only …");
    }
}
