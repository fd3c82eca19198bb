//! Several events in one request: when it is sent, in which order, and what one bad event costs. In virtual time.

use std::collections::BTreeSet;
use std::time::Duration;

use attribution_destination::Dialect;
use attribution_destination::deliver::{Batch, Delivery, Outcome, Reason, RetryPolicy};
use clock::Clock;

use crate::deliver_link::{Act, Link, batches_of, outcomes, track, virtual_clock};

const SECOND: Duration = Duration::from_secs(1);

fn import() -> (Clock, Link) {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    (clock, link)
}

/// Sends so many events, of a visitor each, in one batch of all of them.
async fn one_batch(link: &Link, events: u64) -> Vec<Outcome> {
    let batch = batches_of(usize::try_from(events).unwrap());
    let sender = link.builder_of(Dialect::Import).batch(batch).build().unwrap();
    let mut tickets = Vec::new();
    for number in 0..events {
        tickets.push(sender.submit(track(&format!("user-{number}"), number)).await);
    }
    outcomes(tickets).await
}

fn undelivered(outcomes: &[Outcome]) -> Vec<u64> {
    let numbered = (0..).zip(outcomes);
    numbered
        .filter(|(_, outcome)| !outcome.result.is_delivered())
        .map(|(number, _)| number)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_batch_goes_when_it_is_full_and_else_when_its_first_event_has_waited_for_long_enough() {
    let (clock, link) = import();
    let sender = link.builder_of(Dialect::Import).batch(batches_of(3)).build().unwrap();
    for number in 0..4 {
        drop(sender.submit(track("u", number)).await);
    }
    clock.sleep(Duration::from_millis(30)).await;
    assert_eq!(link.batches(), [[0, 1, 2]]);
    drop(sender.submit(track("v", 4)).await);
    clock.sleep(Duration::from_millis(15)).await;
    assert_eq!(link.batches().len(), 1, "the fourth one has waited for 45 ms");
    clock.sleep(Duration::from_millis(10)).await;
    assert_eq!(link.batches(), [vec![0, 1, 2], vec![3, 4]]);
    assert_eq!(link.script().received[1].at, Duration::from_millis(50));
}

#[tokio::test(start_paused = true)]
async fn a_batch_has_no_more_bytes_than_allowed_and_what_is_larger_goes_alone() {
    let (_, link) = import();
    let batch = Batch {
        bytes: 1_000,
        ..batches_of(100)
    };
    let sender = link.builder_of(Dialect::Import).batch(batch).build().unwrap();
    for (number, name) in (0..).zip([300, 300, 300, 300, 2_000, 10]) {
        drop(
            sender
                .submit(track(&format!("{number}{}", "u".repeat(name)), number))
                .await,
        );
    }
    sender.settle().await;
    assert_eq!(link.batches(), [vec![0, 1], vec![2, 3], vec![4], vec![5]]);
    let script = link.script();
    let within = |received: &&crate::deliver_link::Received| received.body.len() <= 1_000;
    assert_eq!(script.received.iter().filter(within).count(), 3);
}

#[tokio::test(start_paused = true)]
async fn settling_sends_a_batch_that_waits_for_more_at_once() {
    let (clock, link) = import();
    let sender = link.builder_of(Dialect::Import).batch(batches_of(10)).build().unwrap();
    drop(sender.submit(track("u", 0)).await);
    sender.settle().await;
    assert_eq!((link.batches(), clock.elapsed()), (vec![vec![0]], Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn settling_leaves_the_batches_of_later_events_alone() {
    let (clock, link) = import();
    link.plan(0, [Act::Slow(4 * SECOND)]);
    link.plan(1, [Act::Slow(SECOND)]);
    let sender = link.builder_of(Dialect::Import).batch(batches_of(2)).build().unwrap();
    for number in 1..3 {
        drop(sender.submit(track(&format!("user-{number}"), number)).await);
    }
    drop(sender.submit(track("first", 0)).await);
    let settling = tokio::spawn({
        let sender = sender.clone();
        async move { sender.settle().await }
    });
    // The settling one wakes when the two are answered, and meanwhile another one is being packed.
    clock.sleep(Duration::from_millis(980)).await;
    drop(sender.submit(track("later", 3)).await);
    clock.sleep(Duration::from_millis(40)).await;
    drop(sender.submit(track("later", 4)).await);
    settling.await.unwrap();
    sender.settle().await;
    assert_eq!(link.batches(), [vec![1, 2], vec![0], vec![3, 4]]);
}

#[tokio::test(start_paused = true)]
async fn within_and_across_batches_each_visitor_keeps_their_order_under_faults() {
    let (_, link) = import();
    link.otherwise([
        Act::Answer(200),
        Act::Answer(503),
        Act::CloseAfter,
        Act::Slow(SECOND),
        Act::Hang,
        Act::Answer(200),
        Act::CloseBefore,
    ]);
    link.script().poisonous = BTreeSet::from([7, 70, 71]);
    let sender = link.builder_of(Dialect::Import).batch(batches_of(8)).build().unwrap();
    let mut tickets = Vec::new();
    for number in 0..200 {
        tickets.push(sender.submit(track(&format!("user-{}", number % 7), number)).await);
    }
    assert_eq!(undelivered(&outcomes(tickets).await), [7, 70, 71]);
    for visitor in 0..7 {
        let mut last_attempts: Vec<u64> = link.order().into_iter().rev().collect();
        last_attempts.retain(|number| number % 7 == visitor);
        let mut seen = BTreeSet::new();
        last_attempts.retain(|number| seen.insert(*number));
        assert!(
            last_attempts.is_sorted_by(|later, earlier| later > earlier),
            "{last_attempts:?}"
        );
        assert_eq!(last_attempts.len(), (visitor..200).step_by(7).count());
    }
    assert!(
        link.batches().iter().any(|batch| batch.len() == 8),
        "there are full ones"
    );
}

#[tokio::test(start_paused = true)]
async fn a_poisonous_event_is_refused_alone_and_its_neighbours_arrive_once() {
    for poisonous in [vec![0], vec![63], vec![20, 21], vec![1, 40], (0..8).collect()] {
        let (clock, link) = import();
        link.script().poisonous = BTreeSet::from_iter(poisonous.clone());
        let outcomes = one_batch(&link, 64).await;
        assert_eq!(undelivered(&outcomes), poisonous);
        for number in &poisonous {
            let outcome = &outcomes[usize::try_from(*number).unwrap()];
            assert!(matches!(
                outcome.result,
                Delivery::Rejected {
                    reason: Reason::Status(400),
                    ..
                }
            ));
            assert_eq!(outcome.attempts.len(), 7, "alone after six halvings of 64");
        }
        let script = link.script();
        let taken: Vec<u64> = script
            .received
            .iter()
            .filter(|received| received.taken)
            .flat_map(|received| received.events.clone())
            .collect();
        let expected: Vec<u64> = (0..64).filter(|number| !poisonous.contains(number)).collect();
        assert_eq!(taken, expected, "each once, in the order of the batch");
        assert!(
            script.received.len() <= 2 * 6 * poisonous.len() + 1,
            "{} requests for {} poisonous events among 64",
            script.received.len(),
            poisonous.len()
        );
        assert_eq!(clock.elapsed(), Duration::ZERO, "halving waits for nothing");
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_of_nothing_but_poison_costs_two_requests_an_event() {
    let (_, link) = import();
    link.script().poisonous = (0..16).collect();
    let outcomes = one_batch(&link, 16).await;
    assert_eq!(undelivered(&outcomes).len(), 16);
    assert_eq!(link.batches().len(), 31);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_about_the_events_is_not_split() {
    for status in [301, 401, 403, 404, 405, 407, 501] {
        let (_, link) = import();
        link.otherwise([Act::Answer(status)]);
        let outcomes = one_batch(&link, 8).await;
        let rejected = |outcome: &Outcome| matches!(outcome.result, Delivery::Rejected { .. });
        assert!(outcomes.iter().all(rejected), "{outcomes:?}");
        assert_eq!(link.batches().len(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_tried_again_as_a_whole() {
    let (_, link) = import();
    link.plan(0, [Act::Answer(503), Act::CloseAfter, Act::Hang]);
    let outcomes = one_batch(&link, 8).await;
    assert_eq!(undelivered(&outcomes), [0_u64; 0]);
    let whole: Vec<u64> = (0..8).collect();
    assert_eq!(link.batches(), vec![whole; 4]);
    assert!(outcomes.iter().all(|outcome| outcome.attempts == outcomes[0].attempts));
    assert_eq!(outcomes[0].attempts.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn halves_have_no_longer_window_than_the_whole_but_one_attempt_in_any_case() {
    let (clock, link) = import();
    let retry = RetryPolicy {
        window: 100 * SECOND,
        ..RetryPolicy::default()
    };
    let batch = batches_of(2);
    let sender = link
        .builder_of(Dialect::Import)
        .batch(batch)
        .retry(retry)
        .build()
        .unwrap();
    // Refused after ninety seconds, and then the first half is answered by a wait that goes past the window.
    link.plan(
        0,
        [
            Act::RetryAfter(503, "90".to_owned()),
            Act::Answer(400),
            Act::RetryAfter(503, "11".to_owned()),
        ],
    );
    let tickets = [sender.submit(track("u", 0)).await, sender.submit(track("v", 1)).await];
    let outcomes = outcomes(tickets).await;
    assert_eq!(
        outcomes[0].result,
        Delivery::Expired {
            last: Reason::Status(503)
        }
    );
    assert!(outcomes[1].result.is_delivered());
    assert_eq!(link.batches(), [vec![0, 1], vec![0, 1], vec![0], vec![1]]);
    assert!(clock.elapsed() <= 101 * SECOND);

    let once = RetryPolicy {
        window: Duration::ZERO,
        ..RetryPolicy::default()
    };
    let (_, link) = import();
    link.script().poisonous = BTreeSet::from([1]);
    let batch = batches_of(4);
    let sender = link
        .builder_of(Dialect::Import)
        .batch(batch)
        .retry(once)
        .build()
        .unwrap();
    let mut tickets = Vec::new();
    for number in 0..4 {
        tickets.push(sender.submit(track("u", number)).await);
    }
    assert_eq!(undelivered(&crate::deliver_link::outcomes(tickets).await), [1]);
}

#[tokio::test(start_paused = true)]
async fn other_dialects_have_one_event_a_request_whatever_is_set() {
    for dialect in [Dialect::Classic, Dialect::Actions] {
        let (clock, link) = import();
        let sender = link.builder_of(dialect).batch(batches_of(100)).build().unwrap();
        for number in 0..5 {
            drop(sender.submit(track(&format!("user-{number}"), number)).await);
        }
        sender.settle().await;
        assert_eq!(link.batches(), [[0], [1], [2], [3], [4]]);
        assert_eq!(clock.elapsed(), Duration::ZERO, "none waits for others");
    }
}
