//! The sink and the stream: many events in, their outcomes out. In virtual time.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use attribution_destination::deliver::{Delivery, Outcome, Outcomes, Sender, Submissions};
use futures_core::Stream as _;
use futures_sink::Sink as _;
use segment_event::Event;

use crate::deliver_link::{Act, Link, track, virtual_clock};

const SECOND: Duration = Duration::from_secs(1);

/// Puts an event in and has it handed over.
async fn put(sink: &mut Submissions<Link>, event: Event) {
    poll_fn(|cx| Pin::new(&mut *sink).poll_ready(cx)).await.unwrap();
    Pin::new(&mut *sink).start_send(event).unwrap();
    poll_fn(|cx| Pin::new(&mut *sink).poll_flush(cx)).await.unwrap();
}

async fn finish(sink: &mut Submissions<Link>) {
    poll_fn(|cx| Pin::new(&mut *sink).poll_close(cx)).await.unwrap();
}

async fn take(outcomes: &mut Outcomes) -> Option<Outcome> {
    poll_fn(|cx| Pin::new(&mut *outcomes).poll_next(cx)).await
}

#[tokio::test(start_paused = true)]
async fn outcomes_come_in_the_order_of_submission_and_end_after_the_last() {
    let link = Link::new(&virtual_clock());
    link.plan(0, [Act::Slow(3 * SECOND)]);
    link.plan(2, [Act::Answer(400)]);
    let sender = link.builder().build().unwrap();
    let (mut sink, mut stream) = sender.channel();
    for number in 0..4 {
        put(&mut sink, track(&format!("user-{number}"), number)).await;
    }
    finish(&mut sink).await;
    let mut elapsed = Vec::new();
    let mut delivered = Vec::new();
    while let Some(outcome) = take(&mut stream).await {
        elapsed.push(outcome.elapsed.as_secs());
        delivered.push(outcome.result.is_delivered());
    }
    assert_eq!(
        elapsed,
        [3, 0, 0, 0],
        "the others were ready and waited for the first one"
    );
    assert_eq!(delivered, [true, true, false, true]);
    assert!(take(&mut stream).await.is_none(), "it stays at its end");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_sink_ends_the_stream_too() {
    let link = Link::new(&virtual_clock());
    let (mut sink, mut stream) = link.builder().build().unwrap().channel();
    put(&mut sink, track("u", 1)).await;
    drop(sink);
    assert!(
        take(&mut stream)
            .await
            .is_some_and(|outcome| outcome.result.is_delivered())
    );
    assert!(take(&mut stream).await.is_none());
}

fn channel_of(link: &Link, queue: usize) -> (Sender<Link>, Submissions<Link>, Outcomes) {
    let sender = link.limited(|limits| limits.queue = queue);
    let (sink, stream) = sender.channel();
    (sender, sink, stream)
}

#[tokio::test(start_paused = true)]
async fn outcomes_that_nobody_takes_stop_the_sink_at_as_many_as_fit_into_the_queue() {
    let link = Link::new(&virtual_clock());
    let (_, mut sink, mut stream) = channel_of(&link, 3);
    let mut handed_over = 0;
    while tokio::time::timeout(SECOND, put(&mut sink, track("u", handed_over)))
        .await
        .is_ok()
    {
        handed_over += 1;
    }
    assert_eq!(handed_over, 3);
    assert_eq!(
        link.order().len(),
        4,
        "the one more is delivered, its outcome waits in the sink"
    );
    assert!(take(&mut stream).await.is_some());
    let flushed = tokio::time::timeout(SECOND, finish(&mut sink)).await;
    assert!(flushed.is_ok(), "one was taken, so there is room for one");
    let mut left = 0;
    while take(&mut stream).await.is_some() {
        left += 1;
    }
    assert_eq!(left, 3);
}

#[tokio::test(start_paused = true)]
async fn who_drops_the_outcomes_stops_nothing() {
    let link = Link::new(&virtual_clock());
    let (sender, mut sink, stream) = channel_of(&link, 2);
    for number in 0..3 {
        let put = put(&mut sink, track("u", number));
        drop(tokio::time::timeout(SECOND, put).await);
    }
    drop(stream);
    for number in 3..20 {
        let put = tokio::time::timeout(SECOND, put(&mut sink, track("u", number))).await;
        assert!(put.is_ok(), "{number}");
    }
    finish(&mut sink).await;
    sender.settle().await;
    assert_eq!(link.order(), (0..20).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_makes_the_sink_wait() {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.otherwise([Act::Slow(SECOND)]);
    let (_, mut sink, stream) = channel_of(&link, 2);
    drop(stream);
    for number in 0..6 {
        put(&mut sink, track(&format!("user-{number}"), number)).await;
    }
    assert_eq!(clock.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn after_a_close_the_sink_takes_events_whose_outcome_is_that_they_were_not_sent() {
    let link = Link::new(&virtual_clock());
    let (sender, mut sink, mut stream) = channel_of(&link, 2);
    sender.close(SECOND).await;
    put(&mut sink, track("u", 1)).await;
    finish(&mut sink).await;
    let outcome = take(&mut stream).await.unwrap();
    assert_eq!(outcome.result, Delivery::Interrupted);
    assert!(take(&mut stream).await.is_none());
}
