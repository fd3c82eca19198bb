//! What the endpoint bears: its `Retry-After`, a rate, and as much at once as it answers in time. In virtual time.

use std::time::Duration;

use attribution_destination::deliver::{Delivery, Limits, Protection, Reason, RetryPolicy};

use crate::deliver_link::{Act, Link, outcomes, track, virtual_clock};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_retry_after_of_one_event_holds_all_others_back() {
    for status in [429, 503] {
        let clock = virtual_clock();
        let link = Link::new(&clock);
        link.plan(0, [Act::RetryAfter(status, "30".to_owned())]);
        let sender = link.builder().build().unwrap();
        drop(sender.submit(track("u", 0)).await);
        clock.sleep(SECOND).await;
        for number in 1..4 {
            drop(sender.submit(track(&format!("user-{number}"), number)).await);
        }
        sender.settle().await;
        assert_eq!(link.seconds(), [0.0, 30.0, 30.0, 30.0, 30.0], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_with_a_final_answer_holds_nobody() {
    let link = Link::new(&virtual_clock());
    link.plan(0, [Act::RetryAfter(400, "30".to_owned())]);
    let sender = link.builder().build().unwrap();
    sender.send(track("u", 0)).await;
    sender.send(track("u", 1)).await;
    assert_eq!(link.seconds(), [0.0, 0.0]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_past_the_window_ends_its_own_event_and_holds_nobody() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(0, [Act::RetryAfter(429, "14401".to_owned())]);
    let sender = link.builder().build().unwrap();
    let tickets = [sender.submit(track("u", 0)).await, sender.submit(track("v", 1)).await];
    let results: Vec<_> = outcomes(tickets)
        .await
        .into_iter()
        .map(|outcome| outcome.result)
        .collect();
    let expired = Delivery::Expired {
        last: Reason::Status(429),
    };
    assert_eq!(results, [expired, Delivery::Delivered { status: 200 }]);
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_longest_retry_after_that_was_asked_for_counts() {
    let link = Link::new(&virtual_clock());
    link.plan(0, [Act::RetryAfter(429, "60".to_owned())]);
    link.plan(1, [Act::RetryAfter(429, "5".to_owned())]);
    let sender = link.builder().build().unwrap();
    for number in 0..2 {
        drop(sender.submit(track(&format!("user-{number}"), number)).await);
    }
    sender.settle().await;
    assert_eq!(link.seconds(), [0.0, 0.0, 60.0, 60.0]);
}

#[tokio::test(start_paused = true)]
async fn an_event_whose_window_ends_while_all_are_held_expires_then() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    let retry = RetryPolicy {
        window: 100 * SECOND,
        initial: 10 * SECOND,
        ..RetryPolicy::default()
    };
    link.plan(0, [Act::Answer(500)]);
    let sender = link.builder().retry(retry).build().unwrap();
    let first = sender.submit(track("u", 0)).await;
    clock.sleep(Duration::from_millis(1)).await;
    link.plan(1, [Act::RetryAfter(429, "100".to_owned())]);
    let second = sender.submit(track("v", 1)).await;
    let outcomes = outcomes([first, second]).await;
    assert_eq!(
        outcomes[0].result,
        Delivery::Expired {
            last: Reason::Status(500)
        }
    );
    assert_eq!(outcomes[0].elapsed, 100 * SECOND);
    assert!(outcomes[1].result.is_delivered());
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_begin_than_the_rate_allows_retries_included() {
    for rate in [2.5, 40.0, 3_000.0] {
        let clock = virtual_clock();
        let link = Link::new(&clock);
        link.otherwise([Act::Answer(200), Act::Answer(200), Act::Answer(429)]);
        let sender = link.limited(|limits| limits.rate = Some(rate));
        for number in 0..300 {
            drop(sender.submit(track(&format!("user-{number}"), number)).await);
        }
        sender.settle().await;
        let began = link.seconds();
        assert!(began.len() > 400, "{}", began.len());
        for (at, first) in began.iter().enumerate() {
            for (count, last) in (1..).zip(&began[at..]) {
                let allowed = (last - first + 0.010) * rate + 1.0;
                assert!(
                    f64::from(count) <= allowed + 1e-6,
                    "{count} within {} at {rate}",
                    last - first
                );
            }
        }
        let first_third = began[99] - began[0];
        assert!(
            first_third <= 100.0 / rate + 0.1,
            "it is not slower either: {first_third}"
        );
    }
}

fn adaptive() -> Protection {
    Protection {
        adaptive: true,
        ..Protection::NONE
    }
}

/// How many of so many slow exchanges are in flight together.
async fn together(
    link: &Link,
    sender: &attribution_destination::deliver::Sender<Link>,
    numbers: std::ops::Range<u64>,
) -> usize {
    link.script().most_in_flight = 0;
    for number in numbers {
        drop(sender.submit(track(&format!("user-{number}"), number)).await);
    }
    sender.settle().await;
    link.script().most_in_flight
}

#[tokio::test(start_paused = true)]
async fn fewer_are_in_flight_after_overload_and_as_many_as_before_after_success() {
    let link = Link::new(&virtual_clock());
    let limits = Limits {
        concurrency: 16,
        ..Limits::default()
    };
    let sender = link.builder().limits(limits).protection(adaptive()).build().unwrap();
    let slow = || Act::Slow(Duration::from_millis(100));
    link.otherwise([slow()]);
    assert_eq!(together(&link, &sender, 0..100).await, 16);

    // Three overloads one after the other halve it thrice, and a few successes raise it by less than one.
    for number in 100..103 {
        link.plan(number, [Act::Answer(503)]);
        sender.send(track("u", number)).await;
    }
    let few = together(&link, &sender, 103..109).await;
    assert!((2..=4).contains(&few), "{few}");
    assert_eq!(together(&link, &sender, 109..400).await, 16, "it has recovered");
}

#[tokio::test(start_paused = true)]
async fn many_overloads_at_once_are_one() {
    let link = Link::new(&virtual_clock());
    let limits = Limits {
        concurrency: 16,
        ..Limits::default()
    };
    let sender = link.builder().limits(limits).protection(adaptive()).build().unwrap();
    for number in 0..16 {
        link.plan(number, [Act::Hang]);
    }
    link.otherwise([Act::Slow(Duration::from_millis(100))]);
    let all = together(&link, &sender, 0..16).await;
    assert_eq!(all, 16);
    let half = together(&link, &sender, 16..24).await;
    assert!((8..=9).contains(&half), "{half}");
}
