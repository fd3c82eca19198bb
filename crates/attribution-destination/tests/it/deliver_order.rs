//! Who waits for whom, and that nobody is forgotten. In virtual time.

use std::time::Duration;

use attribution_destination::deliver::{Delivery, Ticket};
use serde_json::json;

use crate::deliver_link::{Act, Link, event, settings, track, virtual_clock};

async fn all(tickets: Vec<Ticket>) -> Vec<Delivery> {
    let mut results = Vec::new();
    for ticket in tickets {
        results.push(ticket.await.result);
    }
    results
}

#[tokio::test(start_paused = true)]
async fn a_visitor_in_retry_holds_up_only_themselves() {
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Answer(503), Act::CloseAfter]);
    let sender = link.sender(|_| {});
    for (user, number) in [("slow", 1), ("slow", 2), ("quick", 3), ("quick", 4)] {
        drop(sender.submit(track(user, number)).await);
    }
    sender.settle().await;
    assert_eq!(link.order(), [1, 3, 4, 1, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn an_identify_with_both_ids_neither_overtakes_nor_is_overtaken() {
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Answer(503)]);
    link.plan(2, [Act::Answer(503), Act::Answer(503)]);
    let sender = link.sender(|_| {});
    let page = |n: u64| event(json!({"type": "page", "anonymousId": "cookie", "properties": {"n": n}}));
    let identify = json!({"type": "identify", "userId": "user", "anonymousId": "cookie", "traits": {"n": 3}});
    for event in [track("user", 1), page(2), event(identify), page(4), track("user", 5)] {
        drop(sender.submit(event).await);
    }
    sender.settle().await;
    let order = link.order();
    assert_eq!(order[order.len() - 3..], [3, 4, 5], "{order:?}");
}

#[tokio::test(start_paused = true)]
async fn no_more_exchanges_than_allowed_are_in_flight_and_a_backoff_is_none() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    let sender = link.limited(|limits| limits.concurrency = 2);
    for number in 0..20 {
        let first = if number < 5 {
            Act::CloseBefore
        } else {
            Act::Slow(Duration::from_secs(1))
        };
        link.plan(number, [first]);
        drop(sender.submit(track(&format!("user-{number}"), number)).await);
    }
    sender.settle().await;
    let script = link.script();
    assert_eq!((script.most_in_flight, script.received.len()), (2, 25));
}

#[tokio::test(start_paused = true)]
async fn a_submission_waits_for_room_in_the_queue() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, [Act::RetryAfter(503, "60".to_owned())]);
    let sender = link.limited(|limits| limits.queue = 1);
    let first = sender.submit(track("u", 1)).await;
    let second = sender.submit(track("v", 2)).await;
    assert!(clock.elapsed() >= Duration::from_secs(60), "there was no room before");
    assert!(all(vec![first, second]).await.iter().all(Delivery::is_delivered));
    assert_eq!(link.order(), [1, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_ticket_cancels_nothing_and_a_dropped_submission_hands_nothing_over() {
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Answer(503)]);
    let sender = link.limited(|limits| limits.queue = 1);
    drop(sender.submit(track("u", 1)).await);
    drop(sender.submit(track("u", 2)));
    sender.settle().await;
    assert_eq!(link.order(), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_sender_cancels_nothing() {
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Answer(503)]);
    let sender = link.sender(|_| {});
    let tickets = vec![sender.submit(track("u", 1)).await, sender.submit(track("u", 2)).await];
    drop(sender);
    assert!(all(tickets).await.iter().all(Delivery::is_delivered));
    assert_eq!(link.order(), [1, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_sent_has_its_outcome_at_once_and_holds_up_nobody() {
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Hang]);
    let sender = link.sender(|_| {});
    let before = sender.submit(track("u", 1)).await;
    let skipped = json!({"type": "track", "userId": "u", "event": "Off", "integrations": {"All": false}});
    let invalid = json!({"type": "track", "userId": "u", "event": "When", "timestamp": "no time at all"});
    let skipped = sender.send(event(skipped)).await;
    let invalid = sender.send(event(invalid)).await;
    assert!(matches!(skipped.result, Delivery::Skipped(_)), "{skipped:?}");
    assert!(matches!(invalid.result, Delivery::Invalid(_)), "{invalid:?}");
    assert_eq!((skipped.attempts.len(), skipped.elapsed), (0, Duration::ZERO));
    assert_eq!(link.order(), [0_u64; 0], "the event before them is not even under way");
    assert!(before.await.result.is_delivered());
}

#[test]
fn a_runtime_that_stops_interrupts_what_is_under_way_and_what_waits() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
    };
    let stopping = runtime();
    let (tickets, sender) = stopping.block_on(async {
        let link = Link::new(&virtual_clock());
        link.plan(1, [Act::Answer(503), Act::Hang]);
        let sender = link.sender(|_| {});
        let tickets = vec![sender.submit(track("u", 1)).await, sender.submit(track("u", 2)).await];
        tokio::time::sleep(Duration::from_secs(2)).await;
        (tickets, sender)
    });
    drop(stopping);
    runtime().block_on(async {
        let mut outcomes = Vec::new();
        for ticket in tickets {
            outcomes.push(ticket.await);
        }
        assert!(
            outcomes.iter().all(|outcome| outcome.result == Delivery::Interrupted),
            "{outcomes:?}"
        );
        assert_eq!(outcomes[0].attempts[0].answer, Ok(503), "what is known of it is told");
        assert_eq!(sender.send(track("u", 3)).await.result, Delivery::Interrupted);
        sender.settle().await;
    });
}

#[test]
fn a_runtime_that_stops_with_a_long_queue_interrupts_all_of_it() {
    for visitors in [1, 20_000] {
        let stopping = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let (sender, last) = stopping.block_on(async {
            let link = Link::new(&virtual_clock());
            link.otherwise([Act::Slow(Duration::from_secs(1))]);
            let sender = link.limited(|limits| (limits.queue, limits.concurrency) = (20_000, 1));
            let mut last = None;
            for number in 0..20_000 {
                last = Some(
                    sender
                        .submit(track(&format!("user-{}", number % visitors), number))
                        .await,
                );
            }
            (sender, last)
        });
        drop(stopping);
        let metrics = sender.metrics();
        assert_eq!((metrics.interrupted, metrics.queued), (20_000, 0));
        assert!(last.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_its_first_attempt_costs_no_task() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(0, [Act::RetryAfter(503, "60".to_owned())]);
    link.otherwise([Act::Slow(Duration::from_secs(1))]);
    let sender = link.limited(|limits| limits.concurrency = 4);
    for number in 0..5_000 {
        drop(sender.submit(track(&format!("user-{number}"), number)).await);
    }
    clock.sleep(Duration::from_secs(10)).await;
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert!(
        tasks <= 2 * 4 + 2,
        "{tasks} tasks: four at work, the server's, the one in retry, the idle connections'"
    );
    assert_eq!(sender.metrics().in_flight, 0, "the Retry-After is asked of everyone");
    sender.settle().await;
    assert_eq!((sender.metrics().delivered, link.script().most_in_flight), (5_000, 4));
}

#[tokio::test(start_paused = true)]
async fn a_retry_is_not_behind_everything_that_waits_for_its_first_attempt() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(0, [Act::CloseBefore]);
    link.otherwise([Act::Slow(Duration::from_secs(1))]);
    let sender = link.limited(|limits| limits.concurrency = 4);
    let retried = sender.submit(track("retried", 0)).await;
    for number in 1..1_000 {
        drop(sender.submit(track(&format!("user-{number}"), number)).await);
    }
    assert!(retried.await.result.is_delivered());
    assert!(clock.elapsed() <= Duration::from_secs(5), "{:?}", clock.elapsed());
}

#[tokio::test(start_paused = true)]
async fn quiescing_shows_every_delivery_done_or_waiting_without_moving_the_clock() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(0, [Act::Answer(500)]);
    let sender = link.limited(|limits| limits.concurrency = 3);
    for number in 0..500 {
        drop(sender.submit(track(&format!("user-{}", number % 10), number)).await);
    }
    clock.quiesce().await;
    assert_eq!(clock.elapsed(), Duration::ZERO);
    assert_eq!(link.script().received.len(), 451, "all but the 49 behind the first one");
    sender.settle().await;
    assert_eq!(link.script().received.len(), 501);
}

#[tokio::test(start_paused = true)]
async fn no_outcome_shows_the_project_id() {
    let link = Link::new(&virtual_clock());
    link.plan(1, [Act::Answer(401)]);
    let sender = link.sender(|_| {});
    let outcome = sender.send(track("u", 1)).await;
    let shown = format!("{sender:?} {outcome:?} {} {:?}", outcome.result, settings());
    assert!(!shown.contains("demo-project") && !shown.contains("ZGVtby"), "{shown}");
}
