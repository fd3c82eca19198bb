//! Disorder by seed. In virtual time.

use std::time::Duration;

use attribution_destination::Dialect;
use attribution_destination::deliver::Ordering;
use clock::Seed;

use crate::deliver_link::{Act, Link, batches_of, outcomes, track, virtual_clock};

/// The order in which fifty events of one visitor arrive, and when.
async fn arrivals(seed: u64, spread: Duration) -> (Vec<u64>, Vec<f64>) {
    let link = Link::new(&virtual_clock());
    let ordering = Ordering::Unordered { spread };
    let sender = link
        .builder()
        .ordering(ordering)
        .seed(Seed::from(seed))
        .build()
        .unwrap();
    let mut tickets = Vec::new();
    for number in 0..50 {
        tickets.push(sender.submit(track("u", number)).await);
    }
    let outcomes = outcomes(tickets).await;
    assert!(outcomes.iter().all(|outcome| outcome.result.is_delivered()));
    (link.order(), link.seconds())
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_disorder_and_another_one_another() {
    let spread = Duration::from_secs(10);
    let one = arrivals(1, spread).await;
    assert_eq!(one, arrivals(1, spread).await);
    assert_ne!(one.0, arrivals(2, spread).await.0);
    assert!(!one.0.is_sorted());
    let mut all = one.0;
    all.sort_unstable();
    assert_eq!(all, (0..50).collect::<Vec<_>>(), "each once");
}

#[tokio::test(start_paused = true)]
async fn an_event_is_held_back_for_at_most_the_spread() {
    for (seed, millis) in [(1, 1), (2, 700), (3, 10_000)] {
        let (_, seconds) = arrivals(seed, Duration::from_millis(millis)).await;
        let last = seconds.last().unwrap() * 1_000.0;
        let spread = f64::from(u32::try_from(millis).unwrap());
        assert!((spread * 0.8..=spread + 1.0).contains(&last), "{last} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_spread_nobody_waits_for_anybody_all_the_same() {
    let link = Link::new(&virtual_clock());
    let ordering = Ordering::Unordered { spread: Duration::ZERO };
    link.plan(0, [Act::Answer(503)]);
    let sender = link.builder().ordering(ordering).build().unwrap();
    for number in 0..3 {
        drop(sender.submit(track("u", number)).await);
    }
    sender.settle().await;
    assert_eq!(link.order(), [0, 1, 2, 0], "the retry is overtaken by its own visitor");
}

#[tokio::test(start_paused = true)]
async fn disorder_comes_in_batches_too_and_a_poisonous_event_is_alone_in_it() {
    let link = Link::new(&virtual_clock());
    link.script().poisonous = std::collections::BTreeSet::from([11]);
    let sender = link
        .builder_of(Dialect::Import)
        .batch(batches_of(8))
        .ordering(Ordering::UNORDERED);
    let sender = sender.build().unwrap();
    let mut tickets = Vec::new();
    for number in 0..200 {
        tickets.push(sender.submit(track("u", number)).await);
    }
    let outcomes = outcomes(tickets).await;
    let delivered = outcomes.iter().filter(|outcome| outcome.result.is_delivered()).count();
    assert_eq!(delivered, 199);
    assert!(link.batches().iter().any(|batch| batch.len() > 1 && !batch.is_sorted()));
}
