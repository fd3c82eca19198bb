//! Senders that stop in the middle and keep the connection open.

use std::time::Duration;

use tokio::time::timeout;

use crate::peer::{AUTHORIZATION, CONVERSION, join, mock, post};

/// Past any patience of a server.
const LONG: Duration = Duration::from_secs(60 * 60);

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_coming_ends_the_connection_and_is_not_half_recorded() {
    for path in ["/track", "/v1/t", "/t", "/__admin/faults"] {
        let mock = mock();
        let mut peer = join(&mock);
        let request = post(path, CONVERSION);
        peer.send(&request[..request.len() - 1]).await;
        let mut answered = timeout(LONG, peer.receive()).await.expect("the server gives up");
        if answered.is_some() {
            answered = timeout(LONG, peer.receive()).await.expect("the server closes");
        }
        assert!(answered.is_none(), "{path}: {answered:?}");
        assert!(mock.entries().is_empty() && mock.faults().is_empty(), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_comes_slowly_is_waited_for() {
    let mock = mock();
    let mut peer = join(&mock);
    let head =
        "POST /track HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked";
    peer.send(&format!("{head}\r\n{AUTHORIZATION}\r\n\r\n")).await;
    for byte in CONVERSION.chars() {
        tokio::time::sleep(Duration::from_secs(20)).await;
        peer.send(&format!("1\r\n{byte}\r\n")).await;
    }
    let answer = peer.answer("0\r\n\r\n").await;
    assert_eq!((answer.status, mock.conversions().len()), (200, 1));
}
