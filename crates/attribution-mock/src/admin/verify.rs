//! Expectations in the words of a scenario, held against what was received: now, or as it arrives.

use std::num::NonZeroU64;
use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use clock::duration;
use expectation::json::{Document, FailureRow};
use expectation::{Expectations, Failure, Section};
use http::StatusCode;
use serde::Serialize;

use super::ask::{Ask, Asks, Given};
use super::mistake::excerpt;
use super::posted::Posted;
use super::reads::dropped;
use crate::exchange::{Place, Problem, Stopping};
use crate::expect::Patience;
use crate::mock::Mock;

/// The most rows that one may name: each is held against each that there is.
const MOST_ROWS: usize = 1_000;

/// The longest that may be waited.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// How long is waited where nothing is said.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An `expect`, with its text to tell failures by.
#[derive(Debug)]
pub(crate) struct Expected {
    document: Document,
    expectations: Expectations,
}

/// How an `expect` that does not hold is answered.
#[derive(Debug)]
pub(crate) struct WantedVerdict {
    fail_with: StatusCode,
}

/// How long is waited for one, too.
#[derive(Debug)]
pub(crate) struct WantedWait {
    verdict: WantedVerdict,
    patience: Patience,
}

/// What is answered.
#[derive(Serialize)]
struct Verdict<'a> {
    passed: bool,
    /// Said where something was waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    timed_out: Option<bool>,
    failures: Vec<FailureRow<'a>>,
    /// Of how many requests nothing was held against it, because they were dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<NonZeroU64>,
}

pub(crate) async fn verify(Place(mock): Place, Ask(wanted): Ask<WantedVerdict>, expected: Expected) -> Response {
    let failures = mock.check(&expected.expectations);
    wanted.answer(&mock, &expected.document, &failures, None)
}

pub(crate) async fn wait(
    Place(mock): Place,
    stopping: Stopping,
    Ask(wanted): Ask<WantedWait>,
    expected: Expected,
) -> Response {
    let (timed_out, failures) = tokio::select! {
        biased;
        () = stopping.0.fired() => (false, mock.check(&expected.expectations)),
        ended = mock.wait(&expected.expectations, wanted.patience) => match ended {
            Ok(()) => (false, Vec::new()),
            Err(failures) => (true, failures),
        },
    };
    wanted
        .verdict
        .answer(&mock, &expected.document, &failures, Some(timed_out))
}

impl WantedVerdict {
    fn answer(&self, mock: &Mock, document: &Document, failures: &[Failure], timed_out: Option<bool>) -> Response {
        let passed = failures.is_empty();
        let verdict = Verdict {
            passed,
            timed_out,
            failures: document.rows(failures),
            dropped: dropped(mock),
        };
        let status = if passed { StatusCode::OK } else { self.fail_with };
        (status, Json(verdict)).into_response()
    }
}

impl Asks for WantedVerdict {
    fn names() -> Vec<&'static str> {
        vec!["fail_with"]
    }

    fn read(given: &mut Given) -> Self {
        let statuses = [("200", StatusCode::OK), ("422", StatusCode::UNPROCESSABLE_ENTITY)];
        let fail_with = given.one_of("fail_with", &statuses).unwrap_or(StatusCode::OK);
        Self { fail_with }
    }
}

impl Asks for WantedWait {
    fn names() -> Vec<&'static str> {
        [WantedVerdict::names(), vec!["timeout", "for"]].concat()
    }

    fn read(given: &mut Given) -> Self {
        Self {
            verdict: WantedVerdict::read(given),
            patience: Patience {
                timeout: given.read("timeout", span).unwrap_or(TIMEOUT),
                hold: given.read("for", span).unwrap_or_default(),
            },
        }
    }
}

fn span(text: &str) -> Result<Duration, String> {
    let span = duration(text).ok().filter(|span| *span <= LONGEST_WAIT);
    span.ok_or_else(|| {
        format!(
            "must be a span of time of at most 10m, such as `10s`, `1m30s` or `500ms`, not {}",
            excerpt(text)
        )
    })
}

impl FromRequest<Mock> for Expected {
    type Rejection = Response;

    async fn from_request(request: Request, mock: &Mock) -> Result<Self, Response> {
        let Posted(body) = Posted::from_request(request, mock).await?;
        Self::read(&body).map_err(IntoResponse::into_response)
    }
}

impl Expected {
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let document = Document::parse(body).map_err(Problem::BadExpectation)?;
        let read = document.read(|node, sink| Expectations::read(node, &Section::SHOWN, sink));
        let expectations = read.map_err(Problem::BadExpectation)?;
        let parts = expectations
            .lists
            .iter()
            .flat_map(|list| [&list.exactly, &list.contains]);
        let rows: usize = parts.flatten().map(Vec::len).sum();
        if rows > MOST_ROWS {
            return Err(Problem::TooManyRows { rows, most: MOST_ROWS });
        }
        Ok(Self { document, expectations })
    }
}
