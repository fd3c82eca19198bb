use std::borrow::Cow;
use std::mem;

use attribution_ledger::{Assessment, Dialect, Headers, Request as Received, Route, assess, assess_browser};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Uri};
use inbound::{Encoding, Undecodable};
use jiff::Timestamp;

use super::claim::is_content_type;
use super::problem::Problem;
use crate::config::{MockConfig, Strictness};

/// A request that has arrived, not yet looked into.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) path: Cow<'static, str>,
    /// Whether it came as attribution.js sends.
    browser: bool,
    headers: Headers,
    encoding: Option<String>,
    /// After content-decoding; of one that can't be decoded, nothing is kept.
    pub(crate) body: Bytes,
}

/// Why there is no event to look at.
#[derive(Debug)]
pub(crate) enum Unread {
    /// The sender went away before its body was complete, or broke HTTP's framing. There is nobody to answer.
    Gone,
    /// The request is answered with this problem. What came of it is kept for the journal.
    Refused(Arrival, Problem),
}

/// Why a body can't be had.
#[derive(Debug)]
pub(crate) enum Uncollected {
    /// The request is answered with this problem.
    Refused(Problem),
    /// Its sender went away before it was complete, or broke HTTP's framing.
    Gone,
}

impl Arrival {
    /// A request of which nothing but the path is kept: anybody can send these, and they must not fill the memory.
    pub(crate) fn of_a_stranger(request: &Request) -> Self {
        Self {
            path: path(request.uri()),
            browser: false,
            headers: Headers::default(),
            encoding: None,
            body: Bytes::new(),
        }
    }

    /// The same of a request that was read to find out that a stranger sent it.
    pub(crate) fn without_body(self) -> Self {
        Self {
            headers: Headers::default(),
            encoding: None,
            body: Bytes::new(),
            ..self
        }
    }

    /// Reads a request up to the limit; of a body beyond it, nothing is kept.
    pub(crate) async fn read(request: &mut Request, config: &MockConfig, browser: bool) -> Result<Self, Unread> {
        let body = mem::take(request.body_mut());
        let headers = request.headers();
        let arrival = Self {
            path: path(request.uri()),
            browser,
            // Text of its own: the values are slices of the connection's read buffer, too.
            headers: Headers::from(headers),
            encoding: inbound::encoding_of(headers),
            body: Bytes::new(),
        };
        let body = match collect(headers, body, config.body_limit, config).await {
            Ok(body) => body,
            Err(Uncollected::Refused(problem)) => return Err(Unread::Refused(arrival, problem)),
            Err(Uncollected::Gone) => return Err(Unread::Gone),
        };
        let arrival = match decoded(body, arrival.encoding.as_deref(), config.body_limit) {
            Ok(body) => Self { body, ..arrival },
            Err(problem) => return Err(Unread::Refused(arrival, problem)),
        };
        match wrong_content_type(headers, browser, config.strictness) {
            Some(problem) => Err(Unread::Refused(arrival, problem)),
            None => Ok(arrival),
        }
    }

    /// The dialect that it is sent in.
    pub(crate) fn dialect(&self) -> Option<Dialect> {
        let route = if self.browser {
            Route::of_browser(&self.path)
        } else {
            Route::of_path(&self.path)
        };
        route.map(Route::dialect)
    }

    /// What it says and what is wrong with it.
    pub(crate) fn assess(&self) -> Assessment<'_> {
        if self.browser {
            assess_browser(&self.path, &self.body)
        } else {
            assess(&self.path, &self.body)
        }
    }

    /// What the journal keeps of it.
    pub(crate) fn received(&self, at: Timestamp) -> Received {
        Received {
            received_at: at,
            path: self.path.clone(),
            browser: self.browser,
            headers: self.headers.clone(),
            encoding: self.encoding.as_deref().map(Into::into),
            // A copy of its own: the bytes themselves are a slice of the connection's read buffer, which would be kept
            // whole.
            body: self.body.as_ref().into(),
        }
    }
}

/// Reads a body up to the limit.
pub(crate) async fn collect(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    config: &MockConfig,
) -> Result<Bytes, Uncollected> {
    let collected = inbound::collect(headers, body, limit, &config.clock).await;
    collected.map_err(|reason| match reason {
        inbound::Uncollected::TooLarge => Uncollected::Refused(Problem::TooLarge { limit }),
        inbound::Uncollected::TooSlow => Uncollected::Refused(Problem::TooSlow {
            allowed: config.limits.body_time,
        }),
        inbound::Uncollected::Gone => Uncollected::Gone,
    })
}

/// The path; one that takes events needs no room of its own.
fn path(uri: &Uri) -> Cow<'static, str> {
    match Route::of_path(uri.path()) {
        Some(route) => Cow::Borrowed(route.path()),
        None => Cow::Owned(uri.path().to_owned()),
    }
}

/// Every public sender says `application/json`, some with a charset; in a page attribution.js says `text/plain`.
fn wrong_content_type(headers: &HeaderMap, browser: bool, strictness: Strictness) -> Option<Problem> {
    let wanted = if browser { "text/plain" } else { "application/json" };
    if strictness == Strictness::Lenient || is_content_type(headers, wanted) {
        return None;
    }
    let found = headers
        .get(CONTENT_TYPE)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    Some(Problem::ContentType { wanted, found })
}

/// The body as its sender had it before compressing it.
fn decoded(body: Bytes, encoding: Option<&str>, limit: usize) -> Result<Bytes, Problem> {
    let Some(name) = encoding else { return Ok(body) };
    let unknown = || Problem::ContentEncoding { found: name.to_owned() };
    let encoding = Encoding::of_name(name).ok_or_else(unknown)?;
    encoding
        .decode(&body, limit)
        .map(Bytes::from)
        .map_err(|reason| match reason {
            Undecodable::TooLarge => Problem::InflatesTooLarge { limit },
            Undecodable::Corrupt => Problem::Undecodable {
                encoding: name.to_owned(),
            },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journaled_body_is_no_slice_of_the_read_buffer() {
        let mut read_buffer = Vec::with_capacity(8192);
        read_buffer.extend_from_slice(b"POST / HTTP/1.1\r\n\r\n{}");
        let arrival = Arrival {
            path: "/track".into(),
            browser: false,
            headers: Headers::default(),
            encoding: None,
            body: Bytes::from(read_buffer).split_off(19),
        };
        let read = arrival.body.as_ptr();
        let received = arrival.received(Timestamp::UNIX_EPOCH);
        assert_eq!(&*received.body, b"{}");
        assert_ne!(received.body.as_ptr(), read);
    }
}
