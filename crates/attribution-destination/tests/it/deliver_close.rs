//! Closing: what is delivered meanwhile, what comes back, and that nothing falls between the two. In virtual time.

use std::time::Duration;

use attribution_destination::Dialect;
use attribution_destination::deliver::{DeadLetter, Delivery, Ordering, Sender};
use serde_json::Value;

use crate::deliver_link::{Act, Link, batches_of, outcomes, track, virtual_clock};

const SECOND: Duration = Duration::from_secs(1);

fn numbers(letters: &[DeadLetter]) -> Vec<u64> {
    let number = |letter: &DeadLetter| {
        let event: Value = serde_json::from_slice(&letter.event).unwrap();
        event["properties"]["n"].as_u64().unwrap()
    };
    letters.iter().map(number).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_done_within_the_deadline_is_delivered_and_nothing_comes_back() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, [Act::Answer(503), Act::Slow(SECOND)]);
    let sender = link.builder().build().unwrap();
    let tickets = [sender.submit(track("u", 1)).await, sender.submit(track("u", 2)).await];
    assert_eq!(sender.close(10 * SECOND).await, []);
    assert!(clock.elapsed() < 3 * SECOND, "it waits no longer than it has to");
    assert!(
        outcomes(tickets)
            .await
            .iter()
            .all(|outcome| outcome.result.is_delivered())
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_left_at_the_deadline_comes_back_once_each_in_order_of_submission() {
    for ordering in [Ordering::PerVisitor, Ordering::UNORDERED] {
        let clock = virtual_clock();
        let link = Link::new(&clock);
        link.otherwise([Act::RetryAfter(503, "60".to_owned())]);
        let sender = link.builder().ordering(ordering).build().unwrap();
        let mut tickets = Vec::new();
        // Two long lanes, so that what ends first is not what was submitted first.
        for (number, user) in (0..).zip(["a", "a", "a", "b", "c", "a", "b", "b", "c", "a"]) {
            tickets.push(sender.submit(track(user, number)).await);
        }
        let letters = sender.close(30 * SECOND).await;
        assert_eq!(clock.elapsed(), 30 * SECOND);
        assert_eq!(numbers(&letters), (0..10).collect::<Vec<_>>());
        for (outcome, letter) in outcomes(tickets).await.into_iter().zip(letters) {
            assert_eq!(outcome.result, Delivery::Interrupted);
            assert_eq!(outcome.dead_letter.as_deref(), Some(&letter));
        }
        assert_eq!(sender.metrics().interrupted, 10);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_delivered_before_the_deadline_does_not_come_back() {
    let link = Link::new(&virtual_clock());
    for number in [3, 5] {
        link.plan(number, [Act::Slow(4 * SECOND), Act::Answer(200)]);
    }
    let sender = link.builder().build().unwrap();
    let mut tickets = Vec::new();
    for number in 0..8 {
        tickets.push(sender.submit(track(&format!("user-{}", number % 2), number)).await);
    }
    let letters = sender.close(6 * SECOND).await;
    assert_eq!(numbers(&letters), [5, 7], "3 took 4 s, and 5 would take as long");
    let delivered = outcomes(tickets)
        .await
        .into_iter()
        .filter(|outcome| outcome.result.is_delivered());
    assert_eq!(delivered.count(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_closed_sender_takes_nothing_and_closing_it_again_is_fine() {
    for late in [false, true] {
        let link = Link::new(&virtual_clock());
        link.plan(1, [Act::Hang]);
        let sender = link.builder().build().unwrap();
        let before = sender.submit(track("u", 1)).await;
        let within = if late { SECOND } else { 10 * SECOND };
        assert_eq!(sender.close(within).await.len(), usize::from(late));
        assert_eq!(before.await.result.is_delivered(), !late);
        for number in 2..5 {
            let outcome = sender.send(track("u", number)).await;
            assert_eq!((outcome.result, outcome.attempts.len()), (Delivery::Interrupted, 0));
            assert!(outcome.dead_letter.is_some(), "it says what was not sent");
        }
        assert_eq!(
            sender.close(Duration::ZERO).await,
            [],
            "what was never taken does not come back"
        );
        sender.settle().await;
        assert!(!link.order().contains(&2));
    }
}

#[tokio::test(start_paused = true)]
async fn closing_twice_at_once_gives_each_event_back_once() {
    let link = Link::new(&virtual_clock());
    link.otherwise([Act::RetryAfter(503, "60".to_owned())]);
    let sender = link.builder().build().unwrap();
    for number in 0..4 {
        drop(sender.submit(track(&format!("user-{number}"), number)).await);
    }
    let (one, other) = tokio::join!(sender.close(SECOND), sender.close(2 * SECOND));
    assert_eq!(one.len() + other.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_close_that_is_given_up_can_be_taken_up_again() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, [Act::RetryAfter(503, "60".to_owned())]);
    let sender = link.builder().build().unwrap();
    drop(sender.submit(track("u", 1)).await);
    let given_up = tokio::time::timeout(SECOND, sender.close(10 * SECOND)).await;
    assert!(given_up.is_err());
    assert_eq!(
        sender.send(track("u", 2)).await.result,
        Delivery::Interrupted,
        "it is closed all the same"
    );
    assert_eq!(numbers(&sender.close(SECOND).await), [1]);
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_room_when_it_closes_is_interrupted_and_holds_nothing_up() {
    let link = Link::new(&virtual_clock());
    link.plan(0, [Act::RetryAfter(503, "60".to_owned())]);
    let sender = link.limited(|limits| limits.queue = 1);
    drop(sender.submit(track("u", 0)).await);
    let waiting: Vec<_> = (1..5)
        .map(|number| {
            let sender = sender.clone();
            tokio::spawn(async move { sender.send(track("u", number)).await })
        })
        .collect();
    tokio::task::yield_now().await;
    let letters = tokio::time::timeout(10 * SECOND, sender.close(5 * SECOND))
        .await
        .unwrap();
    assert_eq!(numbers(&letters), [0], "the others were never taken");
    for waiting in waiting {
        let outcome = waiting.await.unwrap();
        assert_eq!(outcome.result, Delivery::Interrupted);
        assert!(outcome.dead_letter.is_some());
    }
    assert_eq!(sender.close(Duration::ZERO).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_waits_for_more_goes_at_once_when_it_closes() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    let sender = link.builder_of(Dialect::Import).batch(batches_of(10)).build().unwrap();
    for number in 0..3 {
        drop(sender.submit(track("u", number)).await);
    }
    assert_eq!(sender.close(Duration::from_millis(10)).await, []);
    assert_eq!((link.batches(), clock.elapsed()), (vec![vec![0, 1, 2]], Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn the_rest_of_a_batch_that_was_split_comes_back_in_its_order() {
    let link = Link::new(&virtual_clock());
    link.script().poisonous = std::collections::BTreeSet::from([1]);
    let hang = || Act::RetryAfter(503, "600".to_owned());
    link.plan(2, [hang()]);
    let sender = link.builder_of(Dialect::Import).batch(batches_of(4)).build().unwrap();
    let mut tickets = Vec::new();
    for number in 0..4 {
        tickets.push(sender.submit(track("u", number)).await);
    }
    let letters = sender.close(SECOND).await;
    assert_eq!(numbers(&letters), [2, 3]);
    let results: Vec<Delivery> = outcomes(tickets)
        .await
        .into_iter()
        .map(|outcome| outcome.result)
        .collect();
    assert!(results[0].is_delivered() && matches!(results[1], Delivery::Rejected { .. }));
    assert_eq!(results[2..], [Delivery::Interrupted, Delivery::Interrupted]);
}

/// On several threads, in real time: an event is either taken before the close, and then settled by it, or not at all.
#[test]
fn no_event_slips_in_behind_a_close() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap();
    for _ in 0..200 {
        runtime.block_on(async {
            let link = Link::new(&clock::Clock::system());
            link.otherwise([Act::Hang]);
            let sender = link.builder().build().unwrap();
            let submitters: Vec<_> = (0..4)
                .map(|number| tokio::spawn(submit_until_closed(sender.clone(), number)))
                .collect();
            tokio::task::yield_now().await;
            sender.close(Duration::ZERO).await;
            for submitter in submitters {
                submitter.await.unwrap();
            }
            assert_eq!(sender.metrics().queued, 0);
        });
    }
}

async fn submit_until_closed(sender: Sender<Link>, number: u64) {
    for _ in 0..20 {
        drop(sender.submit(track("u", number)).await);
    }
}
