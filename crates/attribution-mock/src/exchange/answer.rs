use attribution_ledger::{EntryVerdict, Violation};
use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use expectation::json::Mistakes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::auth::AuthRejection;
use super::problem::Problem;
use crate::answers::{Answers, Fixed};
use crate::faults::{OnTheWire, Scripted};

/// What is said to the sender of an event.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Taken.
    Success,
    /// Refused for what it says.
    Violations(Vec<Violation>),
    /// Refused for who sends it.
    Unauthenticated(AuthRejection),
    /// Refused before anyone looked at what it says.
    Problem(Problem),
    /// What a fault prescribes.
    Scripted(Scripted),
    /// Nothing: the connection ends so.
    Severed(OnTheWire),
}

impl Answer {
    /// The status for the journal; 0 where there is none.
    pub(crate) fn status(&self, answers: &Answers) -> u16 {
        match self {
            Self::Success => answers.success.0.as_u16(),
            Self::Violations(_) => answers.refused.status.as_u16(),
            Self::Unauthenticated(_) => answers.unauthenticated.status.as_u16(),
            Self::Problem(problem) => problem.status().as_u16(),
            Self::Scripted(scripted) => scripted.status.as_u16(),
            Self::Severed(_) => 0,
        }
    }

    /// What the journal says of a request that is answered this.
    pub(crate) fn verdict(&self) -> EntryVerdict {
        match self {
            Self::Success => EntryVerdict::Recorded,
            Self::Violations(_) => EntryVerdict::Refused,
            Self::Unauthenticated(_) | Self::Problem(_) | Self::Scripted(_) | Self::Severed(_) => EntryVerdict::Ignored,
        }
    }

    /// The answer as it is sent.
    pub(crate) fn respond(self, answers: &Answers) -> Response {
        match self {
            Self::Success => fixed(answers.success.0, &answers.success.1),
            Self::Violations(violations) => match &answers.refused.body {
                Some(body) => fixed(answers.refused.status, body),
                None => refusal(answers.refused.status, violations),
            },
            Self::Unauthenticated(rejection) => rejection.respond(&answers.unauthenticated),
            Self::Problem(problem) => problem.into_response(),
            Self::Scripted(scripted) => scripted_response(scripted),
            Self::Severed(end) => {
                // Where nobody ends the connection, as behind a foreign server, this is what a gateway says to it.
                let mut response = StatusCode::BAD_GATEWAY.into_response();
                response.extensions_mut().insert(end);
                response
            }
        }
    }
}

/// What is said to whoever controls the double: it is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done;

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        Json(DoneBody { success: true }).into_response()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mistakes = match &self {
            Self::BadExpectation(mistakes) => Some(mistakes),
            _ => None,
        };
        let mut response = failed(self.status(), self.code(), &self.to_string(), mistakes);
        if let Self::WrongMethod { allowed, .. } = self {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
        }
        response
    }
}

/// The mark on a response that a fault prescribes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Struck;

/// An answer with a name for programs and a message for people.
pub(crate) fn failure(status: StatusCode, code: &'static str, message: &str) -> Response {
    failed(status, code, message, None)
}

fn failed(status: StatusCode, code: &'static str, message: &str, mistakes: Option<&Mistakes>) -> Response {
    let error = Failure {
        code,
        message,
        mistakes,
    };
    let body = FailureBody { success: false, error };
    (status, Json(body)).into_response()
}

/// An answer whose body is always the same.
pub(crate) fn fixed(status: StatusCode, body: &Fixed) -> Response {
    let mut response = Response::new(Body::from(body.bytes.clone()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Some(content_type) = &body.content_type {
        headers.insert(CONTENT_TYPE, content_type.clone());
    }
    headers.insert(CONTENT_LENGTH, body.length.clone());
    response
}

fn refusal(status: StatusCode, violations: Vec<Violation>) -> Response {
    let body = ViolationsBody {
        success: false,
        violations,
    };
    (status, Json(body)).into_response()
}

fn scripted_response(scripted: Scripted) -> Response {
    let mut response = Response::new(Body::from(scripted.body));
    response.extensions_mut().insert(Struck);
    *response.status_mut() = scripted.status;
    if let Some(content_type) = scripted.content_type {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    if let Some(retry_after) = scripted.retry_after {
        response.headers_mut().insert(RETRY_AFTER, retry_after);
    }
    response
}

#[derive(Serialize)]
struct DoneBody {
    success: bool,
}

#[derive(Serialize)]
struct ViolationsBody {
    success: bool,
    violations: Vec<Violation>,
}

#[derive(Serialize)]
struct FailureBody<'a> {
    success: bool,
    error: Failure<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    code: &'static str,
    message: &'a str,
    /// The same one by one, with their places.
    #[serde(flatten)]
    mistakes: Option<&'a Mistakes>,
}
