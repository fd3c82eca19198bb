use std::sync::atomic::{AtomicBool, Ordering as AtomicOrdering};
use std::time::Duration;

use bytes::Bytes;
use clock::Clock;
use jiff::Timestamp;

use super::*;
use crate::deliver::outcome::Delivery;
use crate::settings::{Dialect, ProjectId};

/// An intake whose jobs are kept until they are done by hand.
struct Kept {
    intake: Arc<Intake>,
    jobs: Arc<Mutex<Vec<Job>>>,
}

fn clock() -> Clock {
    Clock::starting_at(Timestamp::UNIX_EPOCH)
}

impl Kept {
    fn new(limits: &Limits, batch: Batch, ordering: Ordering) -> Self {
        let jobs: Arc<Mutex<Vec<Job>>> = Arc::default();
        let kept = Arc::clone(&jobs);
        let begin = move |job| kept.lock().unwrap().push(job);
        Self {
            intake: Intake::new(limits, batch, ordering, Seed::from(1), clock(), begin),
            jobs,
        }
    }

    fn batching(events: usize, bytes: usize) -> Self {
        let batch = Batch {
            events,
            bytes,
            ..Batch::default()
        };
        Self::new(&Limits::default(), batch, Ordering::PerVisitor)
    }

    async fn enter(&self, ids: &[&str], bytes: usize) -> Ticket {
        let room = self.intake.room(bytes).await;
        let project = ProjectId::new("demo-project").unwrap();
        let request = WireRequest::new(Dialect::Classic, &project, "/track", vec![b'x'; bytes]);
        let visitor = Visitor::of(ids.iter().copied(), self.intake.key());
        self.intake
            .enter(room, Message::Json(Bytes::new(), None), request, &visitor)
    }

    /// The parcels that are to be delivered, as the ordinals in them; they stay under way.
    fn parcels(&self) -> Vec<Vec<u64>> {
        let mut jobs = self.jobs.lock().unwrap();
        let ordinals = |job: &mut Job| match job {
            Job::Deliver(parcel) => Some(parcel.items().iter().map(|item| item.ordinal).collect()),
            Job::Linger(..) | Job::Hold(..) => None,
        };
        jobs.iter_mut().filter_map(ordinals).collect()
    }

    /// Ends what is at this place among the jobs.
    fn end(&self, index: usize) {
        let job = self.jobs.lock().unwrap().remove(index);
        if let Job::Deliver(parcel) = job {
            for item in parcel.into_items() {
                item.record.close(Delivery::Delivered { status: 200 }, Duration::ZERO);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn settling_waits_for_what_is_in_and_not_for_what_comes_later() {
    let kept = Kept::batching(1, 100);
    drop(kept.enter(&["a"], 1).await);
    let settling = tokio::spawn({
        let intake = Arc::clone(&kept.intake);
        async move { intake.settle().await }
    });
    tokio::task::yield_now().await;
    drop(kept.enter(&["b"], 1).await);
    assert!(!settling.is_finished());
    kept.end(0);
    settling.await.unwrap();
    assert_eq!(kept.intake.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_empty_intake_is_settled() {
    let settled = tokio::time::timeout(Duration::from_secs(1), Kept::batching(1, 1).intake.settle()).await;
    assert!(settled.is_ok(), "nothing is in, and yet it waits");
}

#[tokio::test(start_paused = true)]
async fn there_is_room_for_so_many_events_and_bytes() {
    let limits = Limits {
        queue: 2,
        queue_bytes: 10,
        ..Limits::default()
    };
    let kept = Kept::new(&limits, Batch::default(), Ordering::PerVisitor);
    let second = Duration::from_secs(1);
    drop(kept.enter(&["a"], 6).await);
    assert!(
        tokio::time::timeout(second, kept.intake.room(5)).await.is_err(),
        "too many bytes"
    );
    drop(kept.enter(&["b"], 4).await);
    assert!(
        tokio::time::timeout(second, kept.intake.room(0)).await.is_err(),
        "too many events"
    );
    kept.end(0);
    kept.end(0);
    assert!(
        tokio::time::timeout(second, kept.intake.room(1_000)).await.is_ok(),
        "alone, anything has room"
    );
}

#[tokio::test(start_paused = true)]
async fn what_ends_lets_its_lane_move_up_however_it_ends() {
    let kept = Kept::batching(1, 100);
    let first = kept.enter(&["a"], 1).await;
    drop(kept.enter(&["a"], 1).await);
    assert_eq!(kept.parcels(), [[0]]);
    // Thrown away, as by a task that panics or a runtime that stops.
    let thrown_away = kept.jobs.lock().unwrap().remove(0);
    drop(thrown_away);
    assert_eq!(first.await.result, Delivery::Interrupted);
    assert_eq!(kept.parcels(), [[1]]);
}

#[tokio::test(start_paused = true)]
async fn a_long_lane_that_is_thrown_away_does_not_overflow_the_stack() {
    // The first job is kept; every other one is dropped as soon as it is begun, and that begins the next one.
    let head: Arc<Mutex<Option<Job>>> = Arc::default();
    let (kept_head, is_first) = (Arc::clone(&head), AtomicBool::new(true));
    let begin = move |job| {
        if is_first.swap(false, AtomicOrdering::Relaxed) {
            *kept_head.lock().unwrap() = Some(job);
        }
    };
    let limits = Limits {
        queue: 20_000,
        ..Limits::default()
    };
    let kept = Kept {
        intake: Intake::new(
            &limits,
            Batch::default(),
            Ordering::PerVisitor,
            Seed::from(1),
            clock(),
            begin,
        ),
        jobs: Arc::default(),
    };
    let mut last = None;
    for _ in 0..20_000 {
        last = Some(kept.enter(&["a"], 1).await);
    }
    let head = head.lock().unwrap().take();
    assert!(head.is_some());
    drop(head);
    assert_eq!(last.unwrap().await.result, Delivery::Interrupted);
    assert_eq!(kept.intake.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_parcel_is_closed_when_it_is_full_and_keeps_each_visitor_in_order() {
    let kept = Kept::batching(3, 100);
    for id in ["a", "a", "b", "a", "b"] {
        drop(kept.enter(&[id], 1).await);
    }
    assert_eq!(
        kept.parcels(),
        [[0, 1, 2]],
        "the others have theirs before them under way"
    );
    let timer = kept
        .jobs
        .lock()
        .unwrap()
        .iter()
        .position(|job| matches!(job, Job::Linger(..)));
    assert_eq!(timer, Some(0));
    kept.end(1);
    kept.intake.close_parcel(|_| true);
    assert_eq!(kept.parcels(), [[3, 4]]);
}

#[tokio::test(start_paused = true)]
async fn a_parcel_is_closed_by_its_timer_and_not_by_one_of_before() {
    let kept = Kept::batching(2, 100);
    for _ in 0..3 {
        drop(kept.enter(&[], 1).await);
    }
    assert_eq!(kept.parcels(), [[0, 1]]);
    kept.end(0);
    assert_eq!(kept.parcels(), [[0, 1]], "its timer is too late");
    kept.end(1);
    assert_eq!(kept.parcels(), [vec![0, 1], vec![2]]);
}

#[tokio::test(start_paused = true)]
async fn a_parcel_has_no_more_bytes_than_allowed_but_for_an_event_that_has_more_itself() {
    let kept = Kept::batching(10, 100);
    for (id, bytes) in [("a", 60), ("a", 60), ("b", 30), ("c", 400), ("d", 1)] {
        drop(kept.enter(&[id], bytes).await);
    }
    assert_eq!(kept.parcels(), [vec![0], vec![2], vec![3]]);
    kept.intake.close_parcel(|_| true);
    assert_eq!(
        kept.parcels()[3],
        [4],
        "the second one of the visitor waits for the first"
    );
}

#[tokio::test(start_paused = true)]
async fn without_order_each_event_is_held_back_by_itself() {
    let kept = Kept::new(&Limits::default(), Batch::default(), Ordering::UNORDERED);
    for _ in 0..3 {
        drop(kept.enter(&["a"], 1).await);
    }
    assert!(kept.parcels().is_empty());
    let held: Vec<Duration> = kept
        .jobs
        .lock()
        .unwrap()
        .iter()
        .map(|job| match job {
            Job::Hold(time, _) => *time,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(held.iter().all(|time| *time <= Duration::from_secs(10)) && held[0] != held[1]);
    kept.end(1);
    assert_eq!(kept.parcels(), [[1]]);
}
