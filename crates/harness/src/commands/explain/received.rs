//! A message that a running `harness serve --source` received, walked again here, beside what became of it there.

use std::fmt;
use std::io::{self, Write};
use std::time::Duration;

use anyhow::{Context, bail};
use attribution_destination::deliver::Endpoint;
use attribution_destination::{Change, changes};
use http::StatusCode;
use jiff::Timestamp;
use pipeline::Walk;
use scenario::printable;
use serde_json::Value;

use super::differences::between;
use super::events;
use crate::args::{ExplainArgs, Format};
use crate::commands::Unusable;
use crate::commands::asking::{Asking, NoSource, encoded};
use crate::exit::ExitStatus;
use crate::output::Output;
use crate::render::{received, walk};

/// How long one answer is waited for.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// More of an answer is not read: ten messages take far less.
const LONGEST_ANSWER: usize = 64 * 1024 * 1024;

/// What a server knows of a message.
pub(crate) struct Received {
    /// The server's address.
    pub(crate) server: String,
    /// The first message with the id, as the server shows it: with its receipt, as sent and completed.
    pub(crate) message: Value,
    /// Those that came later, as far as the server shows them.
    pub(crate) later: Vec<Value>,
    /// How many have the id.
    pub(crate) found: u64,
    /// How far it came; none where the server doesn't know that any more.
    pub(crate) fate: Option<Value>,
}

/// Explains the message with this id on the server.
pub(super) fn run(args: &ExplainArgs, server: &str, id: &str) -> anyhow::Result<ExitStatus> {
    let endpoint: Endpoint = server.parse().map_err(Unusable::new)?;
    if id.is_empty() {
        return Err(Unusable::new(EmptyId).into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("can't start the runtime")?;
    let asked = runtime.block_on(Received::ask(&endpoint, id))?;
    let mut out = Output::new(anstream::AutoStream::auto(io::stdout().lock()));
    let received_at = asked.message["received_at"]
        .as_str()
        .and_then(|text| text.parse::<Timestamp>().ok());
    let events = vec![asked.message["completed"].clone()];
    let ended = events::walk(args, received_at, events, |number, walked| {
        show(&mut out, args, &asked, number, walked)
    })?;
    out.flush()?;
    Ok(ended)
}

fn show(out: &mut dyn Write, args: &ExplainArgs, asked: &Received, number: usize, walked: &Walk) -> io::Result<()> {
    let filled_in = asked.filled_in();
    let differences = asked
        .fate
        .as_ref()
        .map(|fate| between(walked, fate))
        .unwrap_or_default();
    match args.format {
        Format::Text => {
            walk::text(out, number, walked, args.destination.dialect, &filled_in)?;
            received::text(out, asked, &differences)
        }
        Format::Json => {
            let mut line = walk::object(number, walked)?;
            line["sent"] = asked.message["sent"].clone();
            line["ingest"]["changes"] = serde_json::to_value(&filled_in)?;
            line["server"] = received::object(asked, &differences);
            writeln!(out, "{line}")
        }
    }
}

impl Received {
    async fn ask(endpoint: &Endpoint, id: &str) -> anyhow::Result<Self> {
        let asking = Asking::new(endpoint, None)?;
        let mut found = ask(
            &asking,
            endpoint,
            &format!("/__admin/messages?message_id={}", encoded(id)),
        )
        .await?;
        let Some(messages) = found
            .get_mut("messages")
            .and_then(Value::as_array_mut)
            .map(std::mem::take)
        else {
            return Err(Unusable::new(NoSource(endpoint.to_string())).into());
        };
        let mut messages = messages.into_iter();
        let Some(message) = messages.next() else {
            return Err(Unusable::new(NoMessage::of(endpoint, id, &found)).into());
        };
        let number = message["number"].as_u64().unwrap_or_default();
        let path = format!("/__admin/pipeline?after={}&limit=1", number.saturating_sub(1));
        let mut listed = ask(&asking, endpoint, &path).await?;
        let mut fate = listed
            .get_mut("events")
            .and_then(|rows| rows.get_mut(0))
            .map(Value::take);
        // Whoever passes on what is explained is not to pass on that.
        if let Some(row) = fate.as_mut().and_then(Value::as_object_mut) {
            row.shift_remove("project");
        }
        Ok(Self {
            server: endpoint.to_string(),
            later: messages.collect(),
            found: found["found"].as_u64().unwrap_or(1),
            fate: fate.filter(|row| row["number"] == number),
            message,
        })
    }

    /// What ingest made of what was sent.
    fn filled_in(&self) -> Vec<Change> {
        let sent = self.message["sent"].as_object();
        sent.map_or_else(Vec::new, |sent| changes(sent, &self.message["completed"]))
    }
}

/// What the server answers to a read.
async fn ask(asking: &Asking, endpoint: &Endpoint, path: &str) -> anyhow::Result<Value> {
    let answered = asking.get(path, ANSWER_WITHIN, LONGEST_ANSWER).await;
    let (status, body) = answered.with_context(|| format!("can't ask {endpoint}"))?;
    let body = json_value::from_slice(&body).unwrap_or_default();
    match status {
        StatusCode::OK => Ok(body),
        StatusCode::FORBIDDEN => bail!(
            "{endpoint} answered 403: {}",
            body["message"].as_str().unwrap_or_default()
        ),
        _ => Err(Unusable::new(NoSource(endpoint.to_string())).into()),
    }
}

/// No message of the server's has the id.
#[derive(Debug)]
struct NoMessage {
    server: String,
    id: String,
    kept: u64,
    dropped: u64,
    near: Vec<String>,
}

impl NoMessage {
    fn of(endpoint: &Endpoint, id: &str, found: &Value) -> Self {
        let near = found["near"].as_array().into_iter().flatten();
        Self {
            server: endpoint.to_string(),
            id: quoted(id),
            kept: found["kept"].as_u64().unwrap_or_default(),
            dropped: found["dropped"].as_u64().unwrap_or_default(),
            near: near.filter_map(Value::as_str).map(quoted).collect(),
        }
    }
}

/// No message can have the id.
#[derive(Debug)]
struct EmptyId;

impl fmt::Display for EmptyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no message has an empty id: write the messageId of one, as `harness tail --format json` shows it")
    }
}

impl std::error::Error for EmptyId {}

/// As it may stand on a terminal.
fn quoted(id: &str) -> String {
    const LONGEST: usize = 200;
    format!("`{}`", printable(id, LONGEST))
}

impl fmt::Display for NoMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            server,
            id,
            kept,
            dropped,
            near,
        } = self;
        write!(f, "{server} has no message with the id {id}: ")?;
        match (kept, dropped) {
            (0, 0) => return f.write_str("nothing was sent to it yet"),
            (1, 0) => f.write_str("it has one message, the only one that was sent to it")?,
            (_, 0) => write!(f, "it has {kept} messages, all that were sent to it")?,
            _ => write!(
                f,
                "it keeps the latest {kept}, and dropped {dropped} that came before them"
            )?,
        }
        match near.as_slice() {
            [] => write!(f, "; `harness tail {server} --format json` shows their ids"),
            [one] => write!(f, "; did you mean {one}?"),
            [most @ .., last] => write!(f, "; did you mean {} or {last}?", most.join(", ")),
        }
    }
}

impl std::error::Error for NoMessage {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_that_is_not_there_is_told_with_how_many_are_and_which_are_like_it() {
        let said = |found: &Value| {
            let endpoint = "http://127.0.0.1:7071".parse().unwrap();
            let said = NoMessage::of(&endpoint, "m\u{1b}", found).to_string();
            said.strip_prefix("http://127.0.0.1:7071 has no message with the id `m\\u{1b}`: ")
                .map(str::to_owned)
        };
        let check = |found: Value, expected: &str| assert_eq!(said(&found).as_deref(), Some(expected));
        check(json!({"kept": 0, "dropped": 0}), "nothing was sent to it yet");
        check(
            json!({"kept": 1, "dropped": 0, "near": ["m-1"]}),
            "it has one message, the only one that was sent to it; did you mean `m-1`?",
        );
        check(
            json!({"kept": 2, "dropped": 0, "near": ["a", "b", "c"]}),
            "it has 2 messages, all that were sent to it; did you mean `a`, `b` or `c`?",
        );
        check(
            json!({"kept": 10_000, "dropped": 7}),
            "it keeps the latest 10000, and dropped 7 that came before them; `harness tail http://127.0.0.1:7071 --format \
             json` shows their ids",
        );
    }
}
