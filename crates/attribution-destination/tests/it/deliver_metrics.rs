//! The counts add up at every moment. In virtual time.

use std::time::Duration;

use attribution_destination::Dialect;
use attribution_destination::deliver::{Limits, Metrics, Outcome, Sender};
use clock::{Clock, Random, Seed};
use serde_json::json;

use crate::deliver_link::{Act, Link, batches_of, event, outcomes, track, virtual_clock};

const SECOND: Duration = Duration::from_secs(1);

fn ended(metrics: &Metrics) -> u64 {
    let Metrics {
        delivered,
        skipped,
        invalid,
        rejected,
        expired,
        interrupted,
        ..
    } = metrics;
    delivered + skipped + invalid + rejected + expired + interrupted
}

/// Looks every millisecond until nothing is left, or for good.
async fn watch(sender: Sender<Link>, clock: Clock, concurrency: u64) {
    let mut before = sender.metrics();
    loop {
        let now = sender.metrics();
        assert!(now.in_flight <= concurrency, "{now:?}");
        assert!(
            now.retried <= now.attempts && ended(&before) <= ended(&now),
            "{before:?} {now:?}"
        );
        assert!(before.attempts <= now.attempts && before.retried <= now.retried);
        assert_eq!(now.oldest.is_some(), now.queued > 0, "{now:?}");
        assert!(now.oldest.is_none_or(|oldest| oldest <= clock.elapsed()));
        before = now;
        clock.sleep(Duration::from_millis(1)).await;
    }
}

fn act(random: &mut Random) -> Act {
    match random.below(10) {
        0 => Act::Answer(503),
        1 => Act::Answer(400),
        2 => Act::CloseAfter,
        3 => Act::Slow(random.duration_up_to(SECOND)),
        4 => Act::RetryAfter(429, "2".to_owned()),
        5 => Act::RetryAfter(503, "99999".to_owned()),
        _ => Act::Answer(200),
    }
}

fn some_event(random: &mut Random, number: u64) -> segment_event::Event {
    let user = format!("user-{}", random.below(5));
    match random.below(8) {
        0 => event(json!({"type": "track", "userId": user, "event": "Off", "integrations": {"All": false}})),
        1 => event(json!({"type": "track", "userId": user, "event": "When", "timestamp": "no time"})),
        _ => track(&user, number),
    }
}

async fn random_schedule(seed: u64, dialect: Dialect) {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    let mut random = Seed::from(seed).random("schedule");
    link.otherwise((0..97).map(|_| act(&mut random)));
    let limits = Limits {
        concurrency: 4,
        queue: 30,
        ..Limits::default()
    };
    let sender = link
        .builder_of(dialect)
        .limits(limits)
        .batch(batches_of(4))
        .build()
        .unwrap();
    let watching = tokio::spawn(watch(sender.clone(), clock.clone(), 4));
    let mut tickets = Vec::new();
    for number in 0..150 {
        tickets.push(sender.submit(some_event(&mut random, number)).await);
        let metrics = sender.metrics();
        assert_eq!(ended(&metrics) + metrics.queued, number + 1, "{metrics:?}");
        if random.below(3) == 0 {
            clock.sleep(random.duration_up_to(SECOND)).await;
        }
    }
    let left = sender.close(3 * SECOND).await;
    let metrics = sender.metrics();
    assert_eq!(metrics.interrupted, u64::try_from(left.len()).unwrap());
    assert_eq!((metrics.queued, metrics.in_flight, metrics.oldest), (0, 0, None));
    add_up(&metrics, &outcomes(tickets).await);
    assert!(!watching.is_finished(), "the watcher found nothing wrong");
    watching.abort();
}

fn add_up(metrics: &Metrics, outcomes: &[Outcome]) {
    let count =
        |matches: fn(&Outcome) -> bool| u64::try_from(outcomes.iter().filter(|it| matches(it)).count()).unwrap();
    assert_eq!(ended(metrics), count(|_| true));
    assert_eq!(metrics.delivered, count(|it| it.result.is_delivered()));
    let undelivered = metrics.rejected + metrics.expired + metrics.interrupted;
    assert_eq!(undelivered, count(|it| it.dead_letter.is_some()));
    let attempts: Vec<u64> = outcomes
        .iter()
        .map(|it| u64::try_from(it.attempts.len()).unwrap())
        .collect();
    assert_eq!(metrics.attempts, attempts.iter().sum::<u64>());
    assert_eq!(
        metrics.retried,
        attempts.iter().map(|attempts| attempts.saturating_sub(1)).sum::<u64>()
    );
}

#[tokio::test(start_paused = true)]
async fn every_event_is_counted_exactly_once_at_every_moment() {
    for seed in 0..20 {
        for dialect in [Dialect::Classic, Dialect::Import] {
            random_schedule(seed, dialect).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_queued_in_flight_and_oldest_is_told() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.plan(1, [Act::Slow(3 * SECOND)]);
    link.plan(2, [Act::Slow(2 * SECOND)]);
    let sender = link.builder().build().unwrap();
    assert_eq!(sender.metrics(), Metrics::default());
    drop(sender.submit(track("u", 1)).await);
    clock.sleep(SECOND).await;
    for (user, number) in [("v", 2), ("u", 3)] {
        drop(sender.submit(track(user, number)).await);
    }
    clock.sleep(SECOND).await;
    let expected = Metrics {
        queued: 3,
        in_flight: 2,
        oldest: Some(2 * SECOND),
        ..Metrics::default()
    };
    assert_eq!(sender.metrics(), expected);
    sender.settle().await;
    let expected = Metrics {
        delivered: 3,
        attempts: 3,
        ..Metrics::default()
    };
    assert_eq!(sender.metrics(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_request_of_several_events_is_an_attempt_of_each() {
    let link = Link::new(&virtual_clock());
    link.plan(0, [Act::Answer(503)]);
    let sender = link.builder_of(Dialect::Import).batch(batches_of(3)).build().unwrap();
    for number in 0..3 {
        drop(sender.submit(track("u", number)).await);
    }
    sender.settle().await;
    let metrics = sender.metrics();
    assert_eq!((metrics.delivered, metrics.attempts, metrics.retried), (3, 6, 3));
}
