//! What a browser asks before and reads after a page sends to another origin than its own.
//!
//! Every origin may send events, as to the live service: what lets an event in is the project id. The admin API is not
//! among the paths that answer so.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    ALLOW, ORIGIN,
};
use http::{HeaderValue, StatusCode};

use super::paths::EVENT_METHODS;

/// Whatever a page may want to send along that a browser asks about.
const HEADERS: &str = "authorization, content-encoding, content-type, harness-namespace";

/// A day, for which no browser asks again.
const MAX_AGE: &str = "86400";

/// The answer to `OPTIONS`: no event, so it is not journaled, and no fault strikes it.
pub(crate) async fn preflight() -> Response {
    let headers = [
        (ALLOW, EVENT_METHODS),
        (ACCESS_CONTROL_ALLOW_METHODS, EVENT_METHODS),
        (ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Lets the page that asked read the answer, whatever it is.
pub(crate) async fn readable_by_pages(request: Request, next: Next) -> Response {
    let from_a_page = request.headers().contains_key(ORIGIN);
    let mut response = next.run(request).await;
    if from_a_page {
        let anyone = HeaderValue::from_static("*");
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
    }
    response
}
