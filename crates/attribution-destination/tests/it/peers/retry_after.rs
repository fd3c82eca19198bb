//! What a peer may write into `Retry-After`.

use std::time::Duration;

use attribution_destination::deliver::Reason;
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;

use super::peer::{LONG, OK, Peer, all, ended, read_request, retrying};
use crate::deliver_link::track;

/// What comes of a 503 with these headers, where the next answer is a 200: the outcome and the wait that was read.
async fn after(headers: &'static [u8]) -> (Result<u16, Reason>, Option<Duration>) {
    let peer = Peer::start(move |before, mut stream| async move {
        read_request(&mut stream).await?;
        let refusal = [
            b"HTTP/1.1 503 Later\r\nConnection: close\r\nContent-Length: 0\r\n",
            headers,
            b"\r\n",
        ]
        .concat();
        stream.write_all(if before == 0 { &refusal } else { OK }).await
    })
    .await;
    let sender = peer.builder(LONG).retry(retrying(LONG)).build().unwrap();
    let outcome = sender.send(track("u", 1)).await;
    (ended(&outcome), outcome.attempts[0].retry_after)
}

#[tokio::test]
async fn an_absurd_retry_after_neither_stops_nor_hurries_a_delivery() {
    let cases: [(&[u8], _); 12] = [
        (b"Retry-After: -1\r\n", None),
        (b"Retry-After: soon\r\n", None),
        (b"Retry-After: 0x10\r\n", None),
        (b"Retry-After: 1e9\r\n", None),
        (b"Retry-After: \xff\xff\r\n", None),
        (b"Retry-After:\r\n", None),
        (b"Retry-After: 9999999, 0\r\n", None),
        (b"Retry-After: Thu, 99 Foo 9999 99:99:99 GMT\r\n", None),
        (b"Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n", Some(Duration::ZERO)),
        (b"Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", Some(Duration::ZERO)),
        (b"Retry-After: 0\r\nRetry-After: 9999999\r\n", Some(Duration::ZERO)),
        (b"Retry-After: 00000000000000000000000000\r\n", Some(Duration::ZERO)),
    ];
    let mut met = JoinSet::new();
    for (headers, expected) in cases {
        met.spawn(async move {
            assert_eq!(after(headers).await, (Ok(200), expected), "{}", headers.escape_ascii());
        });
    }
    all(met).await;
}

#[tokio::test]
async fn a_retry_after_past_the_window_ends_the_delivery_at_once() {
    let cases: [&[u8]; 5] = [
        b"Retry-After: 14401\r\n",
        b"Retry-After: 99999999999999999999999999999999\r\n",
        b"Retry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n",
        b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n",
        b"Retry-After: 9999999\r\nRetry-After: 0\r\n",
    ];
    for headers in cases {
        let (ended, asked) = after(headers).await;
        assert_eq!(ended, Err(Reason::Status(503)), "{}", headers.escape_ascii());
        assert!(asked > Some(Duration::from_secs(4 * 3600)), "{asked:?}");
    }
}
