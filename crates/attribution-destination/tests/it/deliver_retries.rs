//! When an event is sent again, when no longer, and what its outcome says. In virtual time.

use std::time::Duration;

use attribution_destination::deliver::{Delivery, Reason};

use crate::deliver_link::{Act, Link, track, virtual_clock};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_request_carries_exactly_the_headers_of_the_contract() {
    let link = Link::new(&virtual_clock());
    let outcome = link.sender(|_| {}).send(track("u", 1)).await;
    assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
    let head = link.script().received[0].head.clone();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .unwrap();
    let expected = format!(
        "POST /track HTTP/1.1\r\nUser-Agent: Segment.io/1.0\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nAccept-Encoding: gzip, deflate\r\n\
         Host: track.attributionapp.com\r\n\r\n"
    );
    assert_eq!(head, expected);
}

#[tokio::test(start_paused = true)]
async fn an_outcome_lists_every_attempt_with_its_time_and_answer() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(
        1,
        [
            Act::Answer(503),
            Act::CloseBefore,
            Act::Hang,
            Act::Garbage,
            Act::HalfAnswer,
        ],
    );
    link.script().refusals = 1;
    let outcome = link.sender(|_| {}).send(track("u", 1)).await;

    let answers: Vec<_> = outcome.attempts.iter().map(|attempt| attempt.answer.clone()).collect();
    let expected = [
        Err(Reason::Refused),
        Ok(503),
        Err(Reason::Closed),
        Err(Reason::Timeout(5 * SECOND)),
        Err(Reason::NotHttp),
        Err(Reason::BrokenOff),
        Ok(200),
    ];
    assert_eq!(answers, expected);
    assert_eq!(outcome.attempts[3].took, 5 * SECOND);
    assert_eq!(outcome.attempts[0].at, "2024-01-15T10:00:00Z".parse().unwrap());
    assert!(outcome.attempts.is_sorted_by_key(|attempt| attempt.at));
    assert_eq!(outcome.elapsed, clock.elapsed());
    assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
}

#[tokio::test(start_paused = true)]
async fn a_permanent_answer_ends_the_delivery_with_the_beginning_of_its_body() {
    for status in [301, 400, 401, 404, 408, 413, 501, 599] {
        let link = Link::new(&virtual_clock());
        link.plan(1, [Act::Answer(status)]);
        let outcome = link.sender(|_| {}).send(track("u", 1)).await;
        let expected = Delivery::Rejected {
            reason: Reason::Status(status),
            body: "{}".to_owned(),
        };
        assert_eq!((outcome.result, outcome.attempts.len()), (expected, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_longer_than_the_window_expires_the_event_within_it() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, vec![Act::Answer(503); 10_000]);
    let outcome = link.sender(|_| {}).send(track("u", 1)).await;
    assert_eq!(
        outcome.result,
        Delivery::Expired {
            last: Reason::Status(503)
        }
    );
    assert!(outcome.elapsed <= 4 * 3600 * SECOND, "{:?}", outcome.elapsed);
    assert!(
        outcome.elapsed >= (4 * 3600 - 600) * SECOND,
        "one more wait would have gone past the window"
    );
    assert!(
        (20..100).contains(&outcome.attempts.len()),
        "{}",
        outcome.attempts.len()
    );
}

#[tokio::test(start_paused = true)]
async fn a_window_of_zero_means_one_attempt() {
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Answer(503)]);
    let outcome = link
        .sender(|retry| retry.window = Duration::ZERO)
        .send(track("u", 1))
        .await;
    assert_eq!(
        (outcome.attempts.len(), outcome.result),
        (
            1,
            Delivery::Expired {
                last: Reason::Status(503)
            }
        )
    );
}

#[tokio::test(start_paused = true)]
async fn the_longer_one_of_retry_after_and_backoff_is_waited_for() {
    let link = Link::new(&virtual_clock());
    let date = "Mon, 15 Jan 2024 10:10:00 GMT".to_owned();
    let acts = [
        Act::RetryAfter(429, "120".to_owned()),
        Act::RetryAfter(503, date),
        Act::RetryAfter(503, "0".to_owned()),
    ];
    link.plan(1, acts);
    let outcome = link.sender(|_| {}).send(track("u", 1)).await;
    let seconds = link.seconds();
    assert_eq!(seconds[..3], [0.0, 120.0, 600.0]);
    assert!(
        (600.0..=604.0).contains(&seconds[3]),
        "the third wait is the backoff's, at most 4 s: {seconds:?}"
    );
    let asked: Vec<_> = outcome.attempts.iter().map(|attempt| attempt.retry_after).collect();
    assert_eq!(
        asked,
        [Some(120 * SECOND), Some(480 * SECOND), Some(Duration::ZERO), None]
    );
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_past_the_window_expires_the_event_at_once() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, [Act::RetryAfter(429, "14401".to_owned())]);
    let outcome = link.sender(|_| {}).send(track("u", 1)).await;
    assert_eq!(
        outcome.result,
        Delivery::Expired {
            last: Reason::Status(429)
        }
    );
    assert_eq!(clock.elapsed(), Duration::ZERO);

    link.plan(2, [Act::RetryAfter(429, "14400".to_owned())]);
    let outcome = link.sender(|_| {}).send(track("u", 2)).await;
    assert_eq!(
        outcome.result,
        Delivery::Delivered { status: 200 },
        "at the window's very end one may begin"
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_counts_up_to_the_timeout_and_not_beyond() {
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Slow(Duration::from_millis(4_999))]);
    link.plan(2, [Act::Slow(Duration::from_millis(5_001))]);
    let sender = link.sender(|_| {});
    assert_eq!(sender.send(track("u", 1)).await.attempts.len(), 1);
    let late = sender.send(track("u", 2)).await;
    assert_eq!(late.attempts[0].answer, Err(Reason::Timeout(5 * SECOND)));
    assert_eq!(late.attempts.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_status_of_an_endless_answer_decides_without_waiting_for_its_end() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, [Act::Endless]);
    let outcome = link.sender(|_| {}).send(track("u", 1)).await;
    assert_eq!(outcome.result, Delivery::Delivered { status: 200 });
    assert_eq!((outcome.attempts.len(), clock.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn connections_are_used_again_until_they_were_idle_for_too_long() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    let sender = link.sender(|_| {});
    for number in 0..10 {
        sender.send(track("u", number)).await;
    }
    assert_eq!(link.script().connections, 1);
    clock.sleep(31 * SECOND).await;
    sender.send(track("u", 10)).await;
    assert_eq!(link.script().connections, 2);
}

#[tokio::test(start_paused = true)]
async fn a_connection_for_one_exchange_is_not_used_again() {
    let link = Link::new(&virtual_clock());
    link.script().for_one = true;
    let sender = link.sender(|_| {});
    for number in 0..10 {
        assert_eq!(sender.send(track("u", number)).await.attempts.len(), 1);
    }
    assert_eq!(link.script().connections, 10);
}
