//! A reset at each byte of an exchange, and closings of one side.

use std::io;
use std::net::Shutdown;

use attribution_destination::deliver::Reason;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::peer::{LONG, OK, Peer, Then, all, ended, read_request, retrying, until_closed};
use crate::deliver_link::track;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/// Answers as it should, again and again.
async fn behave(mut stream: TcpStream) -> io::Result<()> {
    loop {
        read_request(&mut stream).await?;
        stream.write_all(OK).await?;
    }
}

/// The answers of a delivery to this peer until it is delivered.
async fn answers(peer: Peer) -> Vec<Result<u16, Reason>> {
    let sender = peer.builder(LONG).retry(retrying(LONG)).build().unwrap();
    let outcome = sender.send(track("u", 1)).await;
    assert_eq!(ended(&outcome), Ok(200));
    outcome.attempts.into_iter().map(|attempt| attempt.answer).collect()
}

/// How long the request is that every test here sends.
async fn request_length() -> usize {
    let (tell, mut told) = tokio::sync::mpsc::channel(1);
    let peer = Peer::start(move |_, mut stream| {
        let tell = tell.clone();
        async move {
            let length = read_request(&mut stream).await?.len();
            stream.write_all(OK).await?;
            tell.send(length).await.map_err(io::Error::other)
        }
    })
    .await;
    peer.meet(LONG).await;
    told.recv().await.unwrap()
}

#[tokio::test]
async fn a_reset_at_each_byte_of_the_request_is_a_reset() {
    let length = request_length().await;
    assert!((300..400).contains(&length), "{length}");
    let mut tried = JoinSet::new();
    for bytes in 0..=length {
        tried.spawn(async move {
            let peer = Peer::start(move |before, mut stream| async move {
                if before > 0 {
                    return behave(stream).await;
                }
                stream.read_exact(&mut vec![0; bytes]).await?;
                stream.set_zero_linger()
            })
            .await;
            assert_eq!(
                answers(peer).await,
                [Err(Reason::Reset), Ok(200)],
                "after {bytes} bytes"
            );
        });
    }
    assert_eq!(all(tried).await.len(), length + 1);
}

#[tokio::test]
async fn a_reset_at_each_byte_of_the_answer_is_a_reset_until_there_is_a_status_and_no_harm_after_the_end() {
    let head = ANSWER.len() - 2;
    let mut tried = JoinSet::new();
    for bytes in 0..=ANSWER.len() {
        tried.spawn(async move {
            let peer = Peer::start(move |before, mut stream| async move {
                if before > 0 {
                    return behave(stream).await;
                }
                read_request(&mut stream).await?;
                stream.write_all(&ANSWER[..bytes]).await?;
                stream.set_zero_linger()
            })
            .await;
            let expected = match bytes {
                _ if bytes < head => vec![Err(Reason::Reset), Ok(200)],
                _ if bytes < ANSWER.len() => vec![Err(Reason::BrokenOff), Ok(200)],
                _ => vec![Ok(200)],
            };
            assert_eq!(answers(peer).await, expected, "after {bytes} bytes");
        });
    }
    assert_eq!(all(tried).await.len(), ANSWER.len() + 1);
}

#[tokio::test]
async fn a_close_at_each_byte_of_the_answer_is_no_answer_until_its_end() {
    let head = ANSWER.len() - 2;
    let mut tried = JoinSet::new();
    for bytes in 0..=ANSWER.len() {
        tried.spawn(async move {
            let peer = Peer::answering(&ANSWER[..bytes], Then::Close).await;
            let expected = match bytes {
                _ if bytes < head => Err(Reason::Closed),
                _ if bytes < ANSWER.len() => Err(Reason::BrokenOff),
                _ => Ok(200),
            };
            assert_eq!(ended(&peer.meet(LONG).await), expected, "after {bytes} bytes");
            peer.all_closed().await;
        });
    }
    assert_eq!(all(tried).await.len(), ANSWER.len() + 1);
}

#[tokio::test]
async fn a_peer_that_stops_writing_has_not_answered() {
    for reads_first in [true, false] {
        let peer = Peer::start(move |_, mut stream| async move {
            if reads_first {
                read_request(&mut stream).await?;
            }
            stream.shutdown().await?;
            until_closed(&mut stream).await
        })
        .await;
        assert_eq!(ended(&peer.meet(LONG).await), Err(Reason::Closed));
        peer.all_closed().await;
    }
}

#[tokio::test]
async fn a_peer_that_stops_reading_may_still_answer() {
    let peer = Peer::start(|_, mut stream| async move {
        read_request(&mut stream).await?;
        let deaf = stream.into_std()?;
        deaf.shutdown(Shutdown::Read)?;
        stream = TcpStream::from_std(deaf)?;
        stream.write_all(OK).await
    })
    .await;
    assert_eq!(ended(&peer.meet(LONG).await), Ok(200));
}
