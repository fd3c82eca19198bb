//! Every status there is, those that there aren't, and those that come before one.

use attribution_destination::deliver::{Limits, Reason, RetryPolicy};
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;

use super::peer::{LONG, Peer, SHORT, Then, all, ended, hold, number, read_request, retrying};
use crate::deliver_link::track;

#[tokio::test]
async fn every_final_status_comes_to_what_the_table_says() {
    let peer = Peer::start(|_, mut stream| async move {
        loop {
            let status = number(&read_request(&mut stream).await?);
            let answer = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await?;
        }
    })
    .await;
    let sender = peer.builder(LONG).build().unwrap();
    let mut sent = JoinSet::new();
    for status in 200..=599 {
        let sender = sender.clone();
        sent.spawn(async move { (status, sender.send(track(&format!("user-{status}"), status)).await) });
    }
    let outcomes = all(sent).await;
    assert_eq!(outcomes.len(), 400);
    for (status, outcome) in outcomes {
        let status = u16::try_from(status).unwrap();
        let expected = match status {
            429 | 500 | 502 | 503 | 504 => Err(Reason::Status(status)),
            _ => Ok(status),
        };
        assert_eq!(ended(&outcome), expected);
        assert_eq!(outcome.result.is_delivered(), (200..300).contains(&status), "{status}");
    }
}

#[tokio::test]
async fn a_status_that_there_is_not_is_final_if_it_can_be_read_and_no_answer_if_not() {
    let case = |line: &str, expected| {
        let answer = format!("{line}\r\nContent-Length: 0\r\n\r\n");
        (answer.into_bytes(), Then::Hang, expected)
    };
    hold(vec![
        case("HTTP/1.1 600 Beyond", Ok(600)),
        case("HTTP/1.1 999 Beyond", Ok(999)),
        case("HTTP/1.1 200", Ok(200)),
        case("HTTP/1.1 200 ", Ok(200)),
        case("HTTP/1.0 200 OK", Ok(200)),
        case("HTTP/1.1 000 Nothing", Err(Reason::NotHttp)),
        case("HTTP/1.1 099 Nothing", Err(Reason::NotHttp)),
        case("HTTP/1.1 2000 OK", Err(Reason::NotHttp)),
        case("HTTP/1.1 20 OK", Err(Reason::NotHttp)),
        case("HTTP/1.1 -20 OK", Err(Reason::NotHttp)),
        case("HTTP/1.1 OK", Err(Reason::NotHttp)),
        case("HTTP/1.1  200 OK", Err(Reason::NotHttp)),
        case("HTTP/1.2 200 OK", Err(Reason::NotHttp)),
        case("HTTP/9.9 200 OK", Err(Reason::NotHttp)),
        case("http/1.1 200 OK", Err(Reason::NotHttp)),
    ])
    .await;
}

#[tokio::test]
async fn an_interim_answer_never_decides() {
    let after = |interim: &str, rest: &str| (format!("{interim}{rest}").into_bytes(), Then::Hang);
    let end = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    let mut cases = Vec::new();
    for status in [100, 102, 103, 104, 199] {
        let interim = format!("HTTP/1.1 {status} Wait\r\nRetry-After: 9999999\r\nContent-Length: 99\r\n\r\n");
        let (answer, then) = after(&interim, end);
        cases.push((answer, then, Ok(400)));
        let (answer, then) = after(&interim.repeat(50), end);
        cases.push((answer, then, Ok(400)));
        let (answer, then) = after(&interim, "");
        cases.push((answer.clone(), then, Err(Reason::Timeout(SHORT))));
        cases.push((answer.clone(), Then::Close, Err(Reason::Closed)));
        cases.push((answer, Then::Reset, Err(Reason::Reset)));
    }
    hold(cases).await;
}

#[tokio::test]
async fn a_101_that_nobody_asked_for_is_a_final_answer_and_the_connection_is_not_used_again() {
    let peer = Peer::answering(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tls\r\n\r\n",
        Then::Hang,
    )
    .await;
    let sender = peer.builder(LONG).retry(retrying(LONG)).build().unwrap();
    for number in 0..3 {
        let outcome = sender.send(track("u", number)).await;
        assert_eq!((ended(&outcome), outcome.attempts.len()), (Ok(101), 1));
    }
    assert_eq!(peer.accepted(), 3);
}

#[tokio::test]
async fn interim_answers_without_end_end_with_the_timeout() {
    let peer = Peer::start(|_, mut stream| async move {
        read_request(&mut stream).await?;
        loop {
            stream.write_all(&b"HTTP/1.1 100 Continue\r\n\r\n".repeat(40)).await?;
        }
    })
    .await;
    let retry = RetryPolicy {
        window: std::time::Duration::ZERO,
        ..retrying(SHORT)
    };
    let limits = Limits {
        concurrency: 2,
        ..Limits::default()
    };
    let sender = peer.builder(SHORT).retry(retry).limits(limits).build().unwrap();
    let mut sent = JoinSet::new();
    for number in 0..4 {
        let sender = sender.clone();
        sent.spawn(async move { sender.send(track(&format!("user-{number}"), number)).await });
    }
    for outcome in all(sent).await {
        assert_eq!(ended(&outcome), Err(Reason::Timeout(SHORT)));
    }
    peer.all_closed().await;
}
