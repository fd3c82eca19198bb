//! What a browser asks before and reads after a page sends to another origin than its own.
//!
//! Every origin may send events, as to the live services: what lets an event in is the project id or the write key. An admin
//! API is not among the paths that answer so.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
    ALLOW, ORIGIN,
};
use http::{HeaderValue, StatusCode};

/// A day, for which no browser asks again.
const MAX_AGE: &str = "86400";

/// The answer to `OPTIONS` where these methods can be used, with these headers that a browser asks about.
pub fn preflight(methods: &'static str, headers: &'static str) -> Response {
    let headers = [
        (ALLOW, methods),
        (ACCESS_CONTROL_ALLOW_METHODS, methods),
        (ACCESS_CONTROL_ALLOW_HEADERS, headers),
        (ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Lets the page that asked read the answer, whatever it is.
pub async fn readable_by_pages(request: Request, next: Next) -> Response {
    let from_a_page = is_from_a_page(&request);
    let response = next.run(request).await;
    if from_a_page { readable(response) } else { response }
}

/// Whether a page of another origin may be asking.
pub fn is_from_a_page(request: &Request) -> bool {
    request.headers().contains_key(ORIGIN)
}

/// The answer as one that any page may read.
pub fn readable(mut response: Response) -> Response {
    let anyone = HeaderValue::from_static("*");
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
    response
}
