use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use crate::refusal::Refusal;

/// How long whoever finds the queue full is asked to wait, in seconds.
const RETRY_IN: &str = "1";

/// What is said to whoever sent a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// 200, whatever became of it.
    Taken,
    /// It can't be read at all.
    Unreadable(Refusal),
    /// In strict mode: what was rejected, and why.
    Refused(Vec<Refusal>),
    /// The queue has no room.
    Busy,
    /// Nobody takes events any more.
    Closed,
    /// Its body took too long.
    Slow,
}

impl Answer {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Taken => StatusCode::OK,
            Self::Unreadable(_) | Self::Refused(_) => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::TOO_MANY_REQUESTS,
            Self::Closed => StatusCode::SERVICE_UNAVAILABLE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = self.status();
        match self {
            Self::Taken => ([(CONTENT_TYPE, "application/json")], r#"{"success":true}"#).into_response(),
            Self::Unreadable(refusal) => failure(
                status,
                refusal.code.as_str(),
                &refusal.message,
                std::slice::from_ref(&refusal),
            ),
            Self::Refused(refusals) => {
                let code = refusals.first().map_or("bad_request", |first| first.code.as_str());
                let message = "not every message was accepted; what is not listed here was";
                failure(status, code, message, &refusals)
            }
            Self::Busy => later(failure(
                status,
                "rate_limited",
                "more events wait than there is room for: nothing of this request was taken, send it again later",
                &[],
            )),
            Self::Closed => later(failure(
                status,
                "closed",
                "the source is about to end: nothing of this request was taken",
                &[],
            )),
            Self::Slow => failure(status, "body_too_slow", "the body was not complete in time", &[]),
        }
    }
}

/// Source: Segment, HTTP API, "Rate limits": both headers, in seconds.
fn later(mut response: Response) -> Response {
    for name in [RETRY_AFTER, HeaderName::from_static("x-ratelimit-reset")] {
        response.headers_mut().insert(name, HeaderValue::from_static(RETRY_IN));
    }
    response
}

/// An answer with a name for programs and a message for people.
pub(crate) fn failure(status: StatusCode, code: &str, message: &str, rejections: &[Refusal]) -> Response {
    let error = Failure {
        code,
        message,
        rejections,
    };
    (
        status,
        Json(FailureBody {
            success: false,
            message,
            error,
        }),
    )
        .into_response()
}

/// The `message` stands at the top as well: that is where a 400 of Segment's is known to have one.
#[derive(Serialize)]
struct FailureBody<'a> {
    success: bool,
    message: &'a str,
    error: Failure<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rejections: &'a [Refusal],
}
