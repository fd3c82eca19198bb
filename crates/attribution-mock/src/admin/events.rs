//! The journal as it grows, as Server-Sent Events.
//!
//! The stream holds nothing but how far its reader has come. Whenever the reader takes more, it looks into the journal again,
//! so a slow one holds nobody up and makes nothing pile up.

use std::fmt::Write as _;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use tokio::sync::watch;

use super::ask::{Ask, Asks, Given};
use super::mistake::{Mistake, excerpt};
use crate::exchange::{Place, Problem, Stopping};
use crate::filter::RequestFilter;
use crate::mock::Mock;
use crate::news::Progress;
use crate::shown::Shown;
use crate::signal::Waiter;

/// After so long without an event a comment is sent, so that neither side nor anyone between them takes the other for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// In place of an id: whatever is there already is left out.
const LATEST: &str = "latest";

/// How many rows are held at a time.
const ROWS: usize = 16;

/// How many entries are looked at while nobody else can.
const LOOKED_AT: usize = 4_096;

/// The events of a stream.
#[derive(Debug)]
pub(crate) struct WantedEvents {
    filter: RequestFilter,
    last_event_id: Option<Begin>,
}

/// Where a stream begins for who has read nothing of it.
#[derive(Clone, Copy, Debug)]
enum Begin {
    /// After this.
    After(Progress),
    /// With what comes from now on.
    Latest,
}

impl Begin {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            LATEST => Ok(Self::Latest),
            id => progress(id)
                .map(Self::After)
                .map_err(|reason| format!("{reason}; or `{LATEST}`")),
        }
    }
}

/// Where a stream is: all that it needs to go on.
struct Stream {
    mock: Mock,
    filter: RequestFilter,
    /// What the reader has.
    has: Progress,
    news: watch::Receiver<Progress>,
    stopping: Waiter,
}

/// What comes next for a reader.
enum Next {
    /// All that was read before is forgotten.
    Reset,
    /// These, and where that leaves the reader.
    Rows(Vec<Shown>, Progress),
    /// Nothing more than is there already.
    Nothing,
}

impl Asks for WantedEvents {
    fn names() -> Vec<&'static str> {
        [RequestFilter::names(), vec!["last_event_id"]].concat()
    }

    fn read(given: &mut Given) -> Self {
        Self {
            filter: RequestFilter::read(given),
            last_event_id: given.read("last_event_id", Begin::read),
        }
    }
}

pub(crate) async fn events(
    Place(mock): Place,
    stopping: Stopping,
    Ask(wanted): Ask<WantedEvents>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Whoever connects again asks the same query as at first; only the header tells what came since.
    let begin = last_event_id(&headers)?.map(Begin::After).or(wanted.last_event_id);
    let news = mock.record().news.listen();
    let has = match begin {
        None => news.borrow().beginning(),
        Some(Begin::After(last)) => last,
        Some(Begin::Latest) => *news.borrow(),
    };
    let stream = Stream {
        news,
        has,
        mock,
        filter: wanted.filter,
        stopping: stopping.0,
    };
    let body = Body::from_stream(stream::unfold(stream, Stream::next));
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}

impl Stream {
    /// The next piece of the body; nothing once the server stops.
    async fn next(mut self) -> Option<(Result<Bytes, axum::Error>, Self)> {
        let stopped = self.stopping.clone();
        let piece = tokio::select! {
            biased;
            () = stopped.fired() => return None,
            piece = self.piece() => piece,
        };
        Some((Ok(Bytes::from(piece)), self))
    }

    async fn piece(&mut self) -> String {
        loop {
            // Marked as seen before the look, so that what comes after it is not missed.
            self.news.borrow_and_update();
            match self.look() {
                Next::Reset => {
                    self.has = self.mock.record().news.now().beginning();
                    return format!("id: {}\nevent: reset\ndata: {{}}\n\n", self.has);
                }
                Next::Rows(rows, progress) => {
                    self.has = progress;
                    if !rows.is_empty() {
                        return rows.into_iter().map(|row| event(row, progress.resets)).collect();
                    }
                    // A rare filter over a long journal: others are let in between.
                    tokio::task::yield_now().await;
                }
                Next::Nothing => {
                    let clock = &self.mock.config().clock;
                    tokio::select! {
                        biased;
                        // The mock keeps the other end.
                        _ = self.news.changed() => {}
                        () = clock.sleep(KEEP_ALIVE) => return ": keep-alive\n\n".to_owned(),
                    }
                }
            }
        }
    }

    fn look(&self) -> Next {
        let record = self.mock.record();
        let now = record.news.now();
        // A server that was started anew has not come as far, either.
        if self.has.resets != now.resets || self.has.last > now.last {
            return Next::Reset;
        }
        if self.has == now {
            return Next::Nothing;
        }
        let query = record.index.query(&self.filter, &record.ledger);
        let (seqs, last) = query.scan(self.has.last, LOOKED_AT, ROWS);
        Next::Rows(record.shown(&seqs), Progress { last, ..now })
    }
}

fn event(shown: Shown, resets: u64) -> String {
    let row = shown.row();
    let id = Progress { resets, last: row.seq };
    let mut event = format!("id: {id}\nevent: request\ndata: ");
    // JSON has no line feed in it, and a row is always serialisable.
    let data = serde_json::to_string(&row).unwrap_or_default();
    let _ = write!(event, "{data}\n\n");
    event
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<Progress>, Problem> {
    let Some(value) = headers.get("last-event-id").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let found = progress(&String::from_utf8_lossy(value.as_bytes()));
    found.map(Some).map_err(|reason| Problem::BadQuery {
        mistakes: vec![Mistake::Value {
            name: "Last-Event-ID",
            reason,
        }],
    })
}

fn progress(text: &str) -> Result<Progress, String> {
    text.parse().map_err(|_| {
        format!(
            "must be the id of an event, such as `7`, or `7@1` after a reset, not {}",
            excerpt(text)
        )
    })
}
