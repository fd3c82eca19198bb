use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use clock::Clock;
use http::HeaderMap;
use http::header::EXPECT;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::timely::TooSlow;

/// So much of a body that is too long is read and thrown away before the answer leaves: closing a socket with
/// unread bytes resets it, and most senders would then see the reset instead of the answer.
const DISCARDED: usize = 4 * 1024 * 1024;

/// How long such a sender is listened to at most.
const DISCARDED_FOR: Duration = Duration::from_secs(1);

/// Why a body can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncollected {
    /// It is longer than the limit.
    TooLarge,
    /// It was not complete in time; see [`Timely`](crate::Timely).
    TooSlow,
    /// Its sender went away before it was complete, or broke HTTP's framing. There is nobody to answer.
    Gone,
}

/// Reads a body of at most so many bytes.
///
/// # Errors
///
/// When it is longer, too slow, or never complete; nothing of it is kept then.
pub async fn collect(headers: &HeaderMap, mut body: Body, limit: usize, clock: &Clock) -> Result<Bytes, Uncollected> {
    // Whoever asks before sending is told at once; reading would be the invitation to go on.
    if headers.contains_key(EXPECT) && body.size_hint().lower() > limit as u64 {
        return Err(Uncollected::TooLarge);
    }
    match Limited::new(&mut body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            discard(body, clock).await;
            Err(Uncollected::TooLarge)
        }
        Err(error) if TooSlow::is_behind(&*error) => Err(Uncollected::TooSlow),
        Err(_) => Err(Uncollected::Gone),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_is_read_up_to_the_limit_and_not_a_byte_further() {
        let (headers, clock) = (HeaderMap::new(), Clock::system());
        let read = |text: &'static str| collect(&headers, Body::from(text), 5, &clock);
        assert_eq!(read("12345").await.as_deref(), Ok(b"12345".as_slice()));
        assert_eq!(read("123456").await, Err(Uncollected::TooLarge));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stays_away_is_too_slow() {
        struct Never;
        impl axum::body::HttpBody for Never {
            type Data = Bytes;
            type Error = axum::BoxError;

            fn poll_frame(
                self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, axum::BoxError>>> {
                std::task::Poll::Pending
            }
        }
        let body = Body::new(crate::Timely::new(Never, Duration::from_secs(30)));
        let read = collect(&HeaderMap::new(), body, 5, &Clock::system()).await;
        assert_eq!(read, Err(Uncollected::TooSlow));
    }
}
