use std::time::Duration;

use attribution_ledger::Request as Received;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::Request;
use clock::Clock;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, EXPECT};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiff::Timestamp;

use super::problem::Problem;
use crate::config::{MockConfig, Strictness};

/// So much of a body that is too long is read and thrown away before the answer leaves: closing a socket with
/// unread bytes resets it, and most senders would then see the reset instead of the 413.
const DISCARDED: usize = 4 * 1024 * 1024;

/// How long such a sender is listened to at most.
const DISCARDED_FOR: Duration = Duration::from_secs(1);

/// A request that has arrived, not yet looked into.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) path: String,
    encoding: Option<String>,
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

impl Arrival {
    /// A request of which nothing but the path is kept: anybody can send these, and they must not fill the memory.
    pub(crate) fn of_a_stranger(request: &Request) -> Self {
        Self {
            path: request.uri().path().to_owned(),
            encoding: None,
            body: Bytes::new(),
        }
    }

    /// Reads a request up to the limit; of a body beyond it, nothing is kept.
    pub(crate) async fn read(request: Request, config: &MockConfig) -> Result<Self, Unread> {
        let (parts, mut body) = request.into_parts();
        let encoding = content_encoding(&parts.headers);
        let arrival = Self {
            path: parts.uri.path().to_owned(),
            encoding,
            body: Bytes::new(),
        };
        let too_large = Problem::TooLarge {
            limit: config.body_limit,
        };
        // Whoever asks before sending is told at once; reading would be the invitation to go on.
        if parts.headers.contains_key(EXPECT) && body.size_hint().lower() > config.body_limit as u64 {
            return Err(Unread::Refused(arrival, too_large));
        }
        let arrival = match Limited::new(&mut body, config.body_limit).collect().await {
            Ok(collected) => Self {
                body: collected.to_bytes(),
                ..arrival
            },
            Err(error) if error.is::<LengthLimitError>() => {
                discard(body, &config.clock).await;
                return Err(Unread::Refused(arrival, too_large));
            }
            Err(_) => return Err(Unread::Gone),
        };
        match unreadable(&arrival, &parts.headers, config.strictness) {
            Some(problem) => Err(Unread::Refused(arrival, problem)),
            None => Ok(arrival),
        }
    }

    /// What the journal keeps of it.
    pub(crate) fn received(self, at: Timestamp) -> Received {
        Received {
            received_at: at,
            path: self.path,
            encoding: self.encoding,
            // A copy of its own length: the bytes themselves are a slice of the connection's read buffer, which would
            // be kept whole.
            body: self.body.to_vec(),
        }
    }
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

/// Every public sender of these dialects says `application/json`, some with a charset, and none encodes the body.
fn unreadable(arrival: &Arrival, headers: &HeaderMap, strictness: Strictness) -> Option<Problem> {
    if let Some(found) = &arrival.encoding {
        return Some(Problem::ContentEncoding { found: found.clone() });
    }
    let found = headers
        .get(CONTENT_TYPE)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let essence = found
        .as_deref()
        .and_then(|found| found.split(';').next())
        .unwrap_or_default()
        .trim();
    let fits = strictness == Strictness::Lenient || essence.eq_ignore_ascii_case("application/json");
    if fits {
        None
    } else {
        Some(Problem::ContentType { found })
    }
}

/// The encodings of the body as one text; none where it is sent as it is.
fn content_encoding(headers: &HeaderMap) -> Option<String> {
    let values = headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let encodings: Vec<String> = values
        .flat_map(|value| {
            value
                .split(',')
                .map(|encoding| encoding.trim().to_ascii_lowercase())
                .collect::<Vec<_>>()
        })
        .filter(|encoding| !encoding.is_empty() && encoding != "identity")
        .collect();
    if encodings.is_empty() {
        None
    } else {
        Some(encodings.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journaled_body_takes_no_more_room_than_its_bytes() {
        let mut read_buffer = Vec::with_capacity(8192);
        read_buffer.extend_from_slice(b"POST / HTTP/1.1\r\n\r\n{}");
        let arrival = Arrival {
            path: "/track".to_owned(),
            encoding: None,
            body: Bytes::from(read_buffer).split_off(19),
        };
        let received = arrival.received(Timestamp::UNIX_EPOCH);
        assert_eq!(
            (received.body.as_slice(), received.body.capacity()),
            (b"{}".as_slice(), 2)
        );
    }
}
