use std::borrow::Cow;
use std::time::Duration;

use attribution_ledger::{Assessment, Dialect, Headers, Request as Received, Route, assess, assess_browser};
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::Request;
use clock::Clock;
use http::header::{CONTENT_TYPE, EXPECT};
use http::{HeaderMap, Uri};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiff::Timestamp;

use super::claim::is_content_type;
use super::encoding::{self, Encoding, Undecodable};
use super::problem::Problem;
use super::timely::TooSlow;
use crate::config::{MockConfig, Strictness};

/// So much of a body that is too long is read and thrown away before the answer leaves: closing a socket with
/// unread bytes resets it, and most senders would then see the reset instead of the 413.
const DISCARDED: usize = 4 * 1024 * 1024;

/// How long such a sender is listened to at most.
const DISCARDED_FOR: Duration = Duration::from_secs(1);

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
    pub(crate) async fn read(request: Request, config: &MockConfig, browser: bool) -> Result<Self, Unread> {
        let (parts, body) = request.into_parts();
        let arrival = Self {
            path: path(&parts.uri),
            browser,
            headers: kept(&parts.headers),
            encoding: encoding::of_headers(&parts.headers),
            body: Bytes::new(),
        };
        let body = match collect(&parts.headers, body, config.body_limit, config).await {
            Ok(body) => body,
            Err(Uncollected::Refused(problem)) => return Err(Unread::Refused(arrival, problem)),
            Err(Uncollected::Gone) => return Err(Unread::Gone),
        };
        let arrival = match decoded(body, arrival.encoding.as_deref(), config.body_limit) {
            Ok(body) => Self { body, ..arrival },
            Err(problem) => return Err(Unread::Refused(arrival, problem)),
        };
        match wrong_content_type(&parts.headers, browser, config.strictness) {
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
    pub(crate) fn assess(&self) -> Assessment {
        if self.browser {
            assess_browser(&self.path, &self.body)
        } else {
            assess(&self.path, &self.body)
        }
    }

    /// What the journal keeps of it.
    pub(crate) fn received(self, at: Timestamp) -> Received {
        Received {
            received_at: at,
            path: self.path,
            browser: self.browser,
            headers: self.headers,
            encoding: self.encoding.map(Into::into),
            // A copy of its own: the bytes themselves are a slice of the connection's read buffer, which would be kept
            // whole.
            body: self.body.as_ref().into(),
        }
    }
}

/// Reads a body up to the limit.
pub(crate) async fn collect(
    headers: &HeaderMap,
    mut body: Body,
    limit: usize,
    config: &MockConfig,
) -> Result<Bytes, Uncollected> {
    let too_large = Uncollected::Refused(Problem::TooLarge { limit });
    // Whoever asks before sending is told at once; reading would be the invitation to go on.
    if headers.contains_key(EXPECT) && body.size_hint().lower() > limit as u64 {
        return Err(too_large);
    }
    match Limited::new(&mut body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            discard(body, &config.clock).await;
            Err(too_large)
        }
        Err(error) if TooSlow::is_behind(&*error) => {
            let allowed = config.limits.body_time;
            Err(Uncollected::Refused(Problem::TooSlow { allowed }))
        }
        Err(_) => Err(Uncollected::Gone),
    }
}

/// The path; one that takes events needs no room of its own.
fn path(uri: &Uri) -> Cow<'static, str> {
    match Route::of_path(uri.path()) {
        Some(route) => Cow::Borrowed(route.path()),
        None => Cow::Owned(uri.path().to_owned()),
    }
}

/// The headers as the journal has them: text of its own, for the values are slices of the connection's read buffer, too.
/// What isn't UTF-8 in them is read as HTTP once defined it, a character for each byte.
fn kept(headers: &HeaderMap) -> Headers {
    fn text(value: &[u8]) -> Cow<'_, str> {
        match std::str::from_utf8(value) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => value.iter().copied().map(char::from).collect(),
        }
    }
    let all = headers
        .iter()
        .map(|(name, value)| (name.as_str(), text(value.as_bytes())));
    Headers::new(all).unwrap_or_default()
}

async fn discard(mut body: Body, clock: &Clock) {
    let reading = async {
        let mut discarded = 0;
        while let Some(Ok(frame)) = body.frame().await {
            discarded += frame.data_ref().map_or(0, Bytes::len);
            if discarded > DISCARDED {
                return;
            }
        }
    };
    tokio::select! {
        () = reading => {}
        () = clock.sleep(DISCARDED_FOR) => {}
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
