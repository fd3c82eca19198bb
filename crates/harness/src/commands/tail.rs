//! `harness tail`: what a `harness serve --source` shows, a line an event.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use attribution_destination::deliver::Endpoint;
use clock::Clock;
use http::StatusCode;
use serde_json::Value;

use super::Unusable;
use super::asking::{Asking, NoSource};
use super::interrupts::Interrupts;
use crate::args::{Format, TailArgs};
use crate::exit::ExitStatus;
use crate::render::passage;

/// How long after one look the next one comes.
const PAUSE: Duration = Duration::from_millis(200);

/// How long one answer is waited for.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// How many events are asked for at once when following.
const AT_ONCE: u16 = 1_000;

/// More of an answer is not read: a thousand events take far less.
const LONGEST_ANSWER: usize = 256 * 1024 * 1024;

pub(super) fn run(args: &TailArgs) -> anyhow::Result<ExitStatus> {
    let endpoint: Endpoint = args.url.parse().map_err(Unusable::new)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("can't start the runtime")?;
    runtime.block_on(async {
        let mut interrupts = Interrupts::new().context("can't listen for Ctrl-C")?;
        tokio::select! {
            () = interrupts.next() => Ok(ExitStatus::Passed),
            shown = tail(args, &endpoint) => shown.map(|()| ExitStatus::Passed),
        }
    })
}

async fn tail(args: &TailArgs, endpoint: &Endpoint) -> anyhow::Result<()> {
    let clock = Clock::system();
    let client = Asking::new(endpoint, None)?;
    let first = ask(&client, endpoint, &format!("limit={}", args.lines.max(1))).await?;
    let newest = if args.lines > 0 { first.events() } else { &[] };
    let mut following = Following::new(newest, first.next);
    for event in newest {
        if !args.follow || following.is_due(event) {
            show(args.format, event)?;
        }
    }
    if !args.follow {
        return Ok(());
    }
    loop {
        clock.sleep(PAUSE).await;
        look(&client, endpoint, args.format, &mut following).await?;
    }
}

/// Shows what was decided meanwhile. Until the first that is open comes to an end, everything after it is looked at again.
async fn look(client: &Asking, endpoint: &Endpoint, format: Format, following: &mut Following) -> anyhow::Result<()> {
    let mut after = following.done;
    loop {
        let page = ask(client, endpoint, &format!("after={after}&limit={AT_ONCE}")).await?;
        if page.next < after {
            // Another server has taken its place, whose events are numbered anew.
            *following = Following::new(&[], 0);
        }
        for event in page.events() {
            if following.is_due(event) {
                show(format, event)?;
            }
        }
        if page.events().is_empty() {
            break;
        }
        after = page.next;
    }
    following.forget();
    Ok(())
}

/// Which events were shown, of those after the last one before which all were.
struct Following {
    /// Up to here, every event was shown.
    done: u64,
    shown: BTreeSet<u64>,
}

impl Following {
    /// Beginning with the first of these events; without any, with what comes after that number.
    fn new(events: &[Value], next: u64) -> Self {
        let first = events.first().map(number);
        Self {
            done: first.map_or(next, |first| first.saturating_sub(1)),
            shown: BTreeSet::new(),
        }
    }

    /// Whether an event is decided and was not shown yet; then it counts as shown.
    fn is_due(&mut self, event: &Value) -> bool {
        let is_open = event["stage"]
            .as_str()
            .is_some_and(|stage| stage.starts_with("pending"));
        let number = number(event);
        !is_open && number > self.done && self.shown.insert(number)
    }

    /// What lies before the first that is still to be shown need not be remembered one by one.
    fn forget(&mut self) {
        while self.shown.remove(&(self.done + 1)) {
            self.done += 1;
        }
    }
}

fn number(event: &Value) -> u64 {
    event["number"].as_u64().unwrap_or_default()
}

/// A part of the pipeline's events.
struct Page {
    body: Value,
    next: u64,
}

impl Page {
    fn events(&self) -> &[Value] {
        self.body["events"].as_array().map_or(&[], Vec::as_slice)
    }
}

fn show(format: Format, event: &Value) -> anyhow::Result<()> {
    let mut out = anstream::stdout();
    match format {
        Format::Text => passage::line(&mut out, event)?,
        Format::Json => writeln!(out, "{event}")?,
    }
    Ok(out.flush()?)
}

async fn ask(client: &Asking, endpoint: &Endpoint, query: &str) -> anyhow::Result<Page> {
    let path = format!("/__admin/pipeline?{query}");
    let answered = client.get(&path, ANSWER_WITHIN, LONGEST_ANSWER).await;
    let (status, body) = answered.with_context(|| format!("can't ask {endpoint}"))?;
    let body = json_value::from_slice(&body).unwrap_or_default();
    let next = body["next"].as_u64().filter(|_| body["events"].is_array());
    match (status, next) {
        (StatusCode::OK, Some(next)) => Ok(Page { body, next }),
        (StatusCode::FORBIDDEN, _) => bail!(
            "{endpoint} answered 403: {}",
            body["message"].as_str().unwrap_or_default()
        ),
        _ => Err(Unusable::new(NoSource(endpoint.to_string())).into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_event_is_shown_once_and_only_when_it_is_decided() {
        let mut following = Following::new(&[json!({"number": 3}), json!({"number": 4})], 4);
        assert_eq!(following.done, 2);
        let mut due = |number: u64, stage: &str| {
            let due = following.is_due(&json!({"number": number, "stage": stage}));
            following.forget();
            (due, following.done)
        };
        assert_eq!(due(3, "pending"), (false, 2));
        assert_eq!(due(4, "delivered"), (true, 2), "3 is still to come");
        assert_eq!(due(4, "delivered"), (false, 2));
        assert_eq!(due(3, "pending_retry"), (false, 2));
        assert_eq!(due(3, "delivered"), (true, 4));
        assert_eq!(due(3, "delivered"), (false, 4));
        assert_eq!(Following::new(&[], 7).done, 7);
    }
}
