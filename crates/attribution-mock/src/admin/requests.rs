//! What was received: lists, counts, and one request with its body.

use std::num::NonZeroU64;

use attribution_ledger::{Call, Dialect, EntryRow, EntryVerdict, rules};
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use jiff::Timestamp;
use serde::Serialize;

use super::ask::{Ask, Asks, Given, Nothing};
use super::listing::{Listing, limit, order};
use super::mistake::excerpt;
use super::reads::dropped;
use crate::exchange::{INGEST, Place, Problem, nearest};
use crate::filter::{Paging, RequestFilter};
use crate::mock::Mock;
use crate::shown::RequestDetail;

/// The requests of a list.
#[derive(Debug)]
pub(crate) struct Wanted {
    filter: RequestFilter,
    paging: Paging,
}

#[derive(Serialize)]
pub(crate) struct Count {
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<NonZeroU64>,
}

impl Asks for Wanted {
    fn names() -> Vec<&'static str> {
        [RequestFilter::names(), vec!["after", "before", "limit", "order"]].concat()
    }

    fn read(given: &mut Given) -> Self {
        Self {
            filter: RequestFilter::read(given),
            paging: Paging {
                after: given.number("after", 0, u64::MAX),
                before: given.number("before", 0, u64::MAX),
                limit: limit(given),
                order: order(given),
            },
        }
    }
}

impl Asks for RequestFilter {
    fn names() -> Vec<&'static str> {
        vec![
            "dialect", "path", "visitor", "event", "kind", "rule", "status", "verdict", "since", "until",
        ]
    }

    fn read(given: &mut Given) -> Self {
        Self {
            dialect: given.one_of("dialect", &Dialect::ALL.map(|dialect| (dialect.as_str(), dialect))),
            path: given.read("path", path),
            visitor: given.text("visitor"),
            event: given.text("event"),
            kind: given.one_of("kind", &Call::ALL.map(|call| (call.as_str(), call))),
            rule: given.read("rule", rule_of_requests).map(str::to_owned),
            status: given
                .number("status", 0, 999)
                .and_then(|status| u16::try_from(status).ok()),
            verdict: given.one_of("verdict", &EntryVerdict::ALL.map(|verdict| (verdict.as_str(), verdict))),
            since: given.read("since", time),
            until: given.read("until", time),
        }
    }
}

pub(crate) async fn requests(Place(mock): Place, Ask(wanted): Ask<Wanted>) -> Listing<EntryRow> {
    Listing::new("requests", mock.requests_page(&wanted.filter, &wanted.paging), &mock)
}

pub(crate) async fn count(Place(mock): Place, Ask(filter): Ask<RequestFilter>) -> Json<Count> {
    let count = mock.count_requests(&filter);
    let dropped = dropped(&mock);
    Json(Count { count, dropped })
}

pub(crate) async fn request(
    Place(mock): Place,
    Path(seq): Path<String>,
    Ask(Nothing): Ask<Nothing>,
) -> Result<Json<RequestDetail>, Problem> {
    let found = seq.parse().ok().and_then(|seq| mock.request(seq));
    found.map(Json).ok_or_else(|| unknown(&mock, &seq))
}

/// The body as it came, so a browser's with the project id in it.
pub(crate) async fn body(
    Place(mock): Place,
    Path(seq): Path<String>,
    Ask(Nothing): Ask<Nothing>,
) -> Result<Response, Problem> {
    let found = seq
        .parse()
        .ok()
        .and_then(|seq| Some(mock.record().entry(seq)?.request.body.clone()));
    let body = found.ok_or_else(|| unknown(&mock, &seq))?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, body.to_vec()).into_response())
}

fn unknown(mock: &Mock, seq: &str) -> Problem {
    Problem::UnknownRequest {
        seq: excerpt(seq),
        last: mock.record().news.now().last,
    }
}

fn path(path: &str) -> Result<String, String> {
    if INGEST.contains(&path) {
        return Ok(path.to_owned());
    }
    Err(match nearest(path, INGEST) {
        Some(meant) => format!(
            "must be a path to which events go, not {}: did you mean `{meant}`?",
            excerpt(path)
        ),
        None => format!(
            "must be a path to which events go, such as `/track`, not {}",
            excerpt(path)
        ),
    })
}

/// The id of a rule that is known by it or by its name.
pub(super) fn rule(written: &str) -> Result<&'static str, String> {
    let rule = rules::find(written).map_err(|unknown| format!("must be a rule's id or name: {unknown}"))?;
    Ok(rule.id)
}

fn rule_of_requests(written: &str) -> Result<&'static str, String> {
    let id = rule(written)?;
    match rules::explain(id) {
        Some(rule) if !rule.is_known_on_arrival() => Err(format!(
            "can't be `{}`, which no request breaks by itself: ask /__admin/violations?rule={id}",
            rule.name
        )),
        _ => Ok(id),
    }
}

pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| {
        // A blank is what a plus sign in a query means.
        let hint = if text.contains(' ') {
            "; write the plus sign of an offset as %2B"
        } else {
            ""
        };
        format!(
            "must be a time such as `2024-01-15T10:00:00Z`, not {}{hint}",
            excerpt(text)
        )
    })
}
