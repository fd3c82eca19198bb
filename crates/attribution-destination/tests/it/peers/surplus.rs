//! Bytes that belong to no request must never be taken for the answer to the next one.

use std::io;
use std::time::Duration;

use attribution_destination::deliver::Reason;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::peer::{LONG, OK, Peer, Then, all, ended, number, read_request, retrying, until_closed};
use crate::deliver_link::track;

const SMUGGLED: &[u8] = b"HTTP/1.1 400 Smuggled\r\nContent-Length: 0\r\n\r\n";

#[tokio::test]
async fn a_second_answer_is_never_the_next_events() {
    let firsts: [&[u8]; 5] = [
        OK,
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ];
    for first in firsts {
        let peer = Peer::answering([first, SMUGGLED].concat(), Then::Hang).await;
        let sender = peer.builder(LONG).build().unwrap();
        for number in 0..20 {
            let outcome = sender.send(track("u", number)).await;
            assert!(outcome.result.is_delivered(), "{}: {outcome:?}", first.escape_ascii());
        }
        assert_eq!(peer.accepted(), 20, "no connection is used again that said too much");
        peer.all_closed().await;
    }
}

#[tokio::test]
async fn an_answer_that_comes_while_nothing_is_asked_is_nobodys() {
    let (tell, mut said) = mpsc::channel(1);
    let peer = Peer::start(move |_, mut stream| {
        let tell = tell.clone();
        async move {
            read_request(&mut stream).await?;
            stream.write_all(OK).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
            stream.write_all(SMUGGLED).await?;
            tell.send(()).await.map_err(io::Error::other)?;
            until_closed(&mut stream).await
        }
    })
    .await;
    let sender = peer.builder(LONG).build().unwrap();
    for number in 0..5 {
        assert_eq!(ended(&sender.send(track("u", number)).await), Ok(200));
        said.recv().await.unwrap();
        // For the bytes to get from one end to the other.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(peer.accepted(), 5);
}

#[tokio::test]
async fn an_answer_that_came_too_late_is_not_the_next_events() {
    let peer = Peer::start(|before, mut stream| async move {
        read_request(&mut stream).await?;
        if before == 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            stream.write_all(SMUGGLED).await?;
        }
        stream.write_all(OK).await?;
        until_closed(&mut stream).await
    })
    .await;
    let timeout = Duration::from_millis(50);
    let sender = peer.builder(timeout).retry(retrying(timeout)).build().unwrap();
    let outcome = sender.send(track("u", 1)).await;
    assert_eq!(outcome.attempts[0].answer, Err(Reason::Timeout(timeout)));
    assert_eq!(ended(&outcome), Ok(200));
    assert!(peer.accepted() >= 2);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_leaves_nothing_for_the_next_event() {
    let long = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{}",
        "x".repeat(100_000)
    );
    let peer = Peer::answering([long.as_bytes(), SMUGGLED].concat(), Then::Hang).await;
    let sender = peer.builder(LONG).build().unwrap();
    for number in 0..10 {
        assert_eq!(ended(&sender.send(track("u", number)).await), Ok(200));
    }
    assert_eq!(peer.accepted(), 10);
}

#[tokio::test]
async fn an_answer_to_what_was_not_read_is_an_answer() {
    let peer = Peer::start(|_, mut stream| async move {
        stream.read_exact(&mut [0; 50]).await?;
        stream
            .write_all(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            .await?;
        until_closed(&mut stream).await
    })
    .await;
    let sender = peer.builder(LONG).retry(retrying(LONG)).build().unwrap();
    for number in 0..5 {
        let outcome = sender.send(track("u", number)).await;
        assert_eq!((ended(&outcome), outcome.attempts.len()), (Ok(413), 1));
    }
    peer.all_closed().await;
    assert_eq!(peer.accepted(), 5);
}

#[tokio::test]
async fn each_event_has_its_own_answer_on_whichever_connection() {
    let peer = Peer::start(|_, mut stream| async move {
        // A connection that closes after a few answers, sometimes with a surplus one.
        for left in (0..3).rev() {
            let number = number(&read_request(&mut stream).await?);
            let status = 200 + number % 50;
            let answer = format!("HTTP/1.1 {status} Yours\r\nContent-Length: 0\r\n\r\n");
            let surplus = if left == 0 && number.is_multiple_of(2) {
                SMUGGLED
            } else {
                b""
            };
            stream.write_all(&[answer.as_bytes(), surplus].concat()).await?;
        }
        Ok(())
    })
    .await;
    let sender = peer.builder(LONG).retry(retrying(LONG)).build().unwrap();
    let mut sent = JoinSet::new();
    for number in 0..300 {
        let sender = sender.clone();
        sent.spawn(async move { (number, sender.send(track(&format!("user-{number}"), number)).await) });
    }
    for (number, outcome) in all(sent).await {
        assert_eq!(ended(&outcome).map(u64::from), Ok(200 + number % 50));
    }
}

#[tokio::test]
async fn a_connection_that_closes_whenever_it_likes_costs_no_event() {
    let peer = Peer::start(|before, mut stream| async move {
        read_request(&mut stream).await?;
        stream.write_all(OK).await?;
        // Before, while and after the next request comes.
        let pause = Duration::from_micros(u64::try_from(before % 20).unwrap() * 50);
        tokio::time::sleep(pause).await;
        Ok(())
    })
    .await;
    let sender = peer.builder(LONG).retry(retrying(LONG)).build().unwrap();
    let mut sent = JoinSet::new();
    for number in 0..200 {
        let sender = sender.clone();
        sent.spawn(async move { sender.send(track(&format!("user-{}", number % 4), number)).await });
    }
    for outcome in all(sent).await {
        assert_eq!(ended(&outcome), Ok(200), "{outcome:?}");
    }
}
