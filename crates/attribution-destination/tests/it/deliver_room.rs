//! Backpressure: whoever submits waits at a bound, and nothing grows beyond it. In virtual time.

use std::time::Duration;

use attribution_destination::deliver::{Limits, Sender};

use crate::deliver_link::{Act, Link, outcomes, track, virtual_clock};

const SECOND: Duration = Duration::from_secs(1);

fn queue_of(link: &Link, events: usize) -> Sender<Link> {
    link.limited(|limits| limits.queue = events)
}

#[tokio::test(start_paused = true)]
async fn a_submission_waits_for_room_in_events() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, [Act::Slow(SECOND)]);
    let sender = queue_of(&link, 2);
    let mut tickets = Vec::new();
    for number in 1..4 {
        assert_eq!(clock.elapsed(), Duration::ZERO);
        tickets.push(sender.submit(track("u", number)).await);
        if number == 2 {
            assert_eq!(sender.metrics().queued, 2);
        }
        if number == 3 {
            assert_eq!(clock.elapsed(), SECOND);
            break;
        }
    }
    assert_eq!(outcomes(tickets).await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_submission_waits_for_room_in_bytes_and_one_larger_than_all_room_goes_alone() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.otherwise([Act::Slow(SECOND)]);
    let sender = link.limited(|limits| limits.queue_bytes = 1_000);
    let large = "u".repeat(300);
    let mut handed_over = Vec::new();
    let mut tickets = Vec::new();
    for (number, user) in [
        (1, large.clone()),
        (2, large),
        (3, "v".repeat(5_000)),
        (4, "w".to_owned()),
    ] {
        tickets.push(sender.submit(track(&user, number)).await);
        handed_over.push(clock.elapsed().as_secs());
    }
    // The second one waits in its lane, so that both have left only after two seconds.
    assert_eq!(handed_over, [0, 0, 2, 3]);
    assert!(
        outcomes(tickets)
            .await
            .iter()
            .all(|outcome| outcome.result.is_delivered())
    );
}

#[tokio::test(start_paused = true)]
async fn a_submission_that_is_given_up_hands_nothing_over_and_keeps_no_room() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, [Act::Slow(4 * SECOND)]);
    let sender = queue_of(&link, 1);
    drop(sender.submit(track("u", 1)).await);
    for number in 2..100 {
        let given_up = tokio::time::timeout(Duration::from_millis(10), sender.submit(track("v", number))).await;
        assert!(given_up.is_err());
    }
    assert_eq!(sender.metrics().queued, 1);
    let last = tokio::time::timeout(20 * SECOND, sender.send(track("w", 100))).await;
    assert!(last.is_ok_and(|outcome| outcome.result.is_delivered()));
    assert_eq!(link.order(), [1, 100]);
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_room_first_gets_it_first_however_small_the_others_are() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.otherwise([Act::Slow(SECOND)]);
    let sender = link.limited(|limits| limits.queue_bytes = 1_000);
    drop(sender.submit(track(&"u".repeat(500), 0)).await);
    let mut waiting = Vec::new();
    for (number, size) in [(1, 900), (2, 1), (3, 800), (4, 1)] {
        let sender = sender.clone();
        waiting.push(tokio::spawn(async move {
            sender
                .send(track(&format!("{number}{}", "v".repeat(size)), number))
                .await
        }));
        tokio::task::yield_now().await;
    }
    for waiting in waiting {
        assert!(waiting.await.unwrap().result.is_delivered());
    }
    assert_eq!(link.order(), [0, 1, 2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn bounds_as_large_as_can_be_are_bounds_that_never_bind() {
    let link = Link::new(&virtual_clock());
    let limits = Limits {
        concurrency: usize::MAX,
        queue: usize::MAX,
        queue_bytes: usize::MAX,
        rate: Some(f64::MAX),
        remembered_ids: usize::MAX,
    };
    let sender = link.builder().limits(limits).build().unwrap();
    let (submissions, outcomes) = sender.channel();
    drop((submissions, outcomes));
    assert!(sender.send(track("u", 1)).await.result.is_delivered());
}
