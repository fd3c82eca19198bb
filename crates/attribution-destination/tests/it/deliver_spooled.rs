//! A sender with a spool before it. In virtual time, but for the disk.

use std::path::Path;
use std::time::Duration;

use attribution_destination::deliver::{Delivery, Sender, Settled, Settlements, SpooledSender};
use attribution_destination::{Dialect, Settings};
use segment_event::Event;
use serde_json::json;
use spool::{Spool, SpoolError, SpoolOptions};
use tempfile::TempDir;

use crate::deliver_link::{Act, Link, event, settings, track, virtual_clock};

async fn open(link: &Link, folder: &TempDir) -> (SpooledSender<Link>, Settlements) {
    let sender = link.builder().build().unwrap();
    opened(sender, folder.path()).await.unwrap()
}

async fn opened(sender: Sender<Link>, folder: &Path) -> Result<(SpooledSender<Link>, Settlements), SpoolError> {
    SpooledSender::open(sender, folder, SpoolOptions::default()).await
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn numbered(numbers: std::ops::Range<u64>) -> Vec<(Event, u64)> {
    numbers.map(|number| (track("u", number), number)).collect()
}

async fn all(settlements: &mut Settlements) -> Vec<Settled> {
    let mut all = Vec::new();
    while let Some(settled) = settlements.next().await {
        all.push(settled.unwrap());
    }
    all
}

fn receipts(settled: &[Settled]) -> Vec<attribution_destination::deliver::Receipt> {
    settled.iter().filter_map(Settled::receipt).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_accepted_is_settled_in_order_and_leaves_the_spool_when_acknowledged() {
    let (link, folder) = (Link::new(&virtual_clock()), folder());
    link.plan(1, [Act::Answer(503), Act::CloseAfter]);
    link.plan(2, [Act::Answer(400)]);
    let (spooled, mut settlements) = open(&link, &folder).await;
    spooled.accept(numbered(0..2)).await.unwrap();
    spooled.accept(numbered(2..5)).await.unwrap();
    spooled.finish();
    let settled = all(&mut settlements).await;
    let numbers: Vec<u64> = settled.iter().map(|settled| settled.number).collect();
    assert_eq!(numbers, [0, 1, 2, 3, 4]);
    assert!(settled.iter().all(|settled| !settled.resumed));
    assert!(matches!(settled[2].outcome.result, Delivery::Rejected { .. }));
    assert_eq!(spooled.kept(), 5);
    spooled.acknowledge(receipts(&settled[..3])).await.unwrap();
    assert_eq!(spooled.kept(), 2);
    spooled.acknowledge(receipts(&settled[3..])).await.unwrap();
    assert_eq!(spooled.kept(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_acknowledged_is_delivered_again_and_before_what_is_new() {
    let (link, folder) = (Link::new(&virtual_clock()), folder());
    let (spooled, mut settlements) = open(&link, &folder).await;
    spooled.accept(numbered(0..3)).await.unwrap();
    let first = settlements.next().await.unwrap().unwrap();
    spooled.acknowledge(receipts(&[first])).await.unwrap();
    spooled.finish();
    assert_eq!(all(&mut settlements).await.len(), 2);
    drop((spooled, settlements));

    let (spooled, mut settlements) = reopened(&link, &folder).await;
    spooled.accept(numbered(9..10)).await.unwrap();
    spooled.finish();
    let told: Vec<_> = all(&mut settlements)
        .await
        .iter()
        .map(|settled| (settled.number, settled.resumed))
        .collect();
    assert_eq!(told, [(1, true), (2, true), (9, false)]);
    assert_eq!(link.order(), [0, 1, 2, 1, 2, 9]);
}

/// Opens it again, as soon as the tasks of the one before have let go of it.
async fn reopened(link: &Link, folder: &TempDir) -> (SpooledSender<Link>, Settlements) {
    for _ in 0..100 {
        let sender = link.builder().build().unwrap();
        match opened(sender, folder.path()).await {
            Err(SpoolError::Locked { .. }) => tokio::time::sleep(Duration::from_millis(1)).await,
            opened => return opened.unwrap(),
        }
    }
    panic!("it stays locked");
}

#[tokio::test(start_paused = true)]
async fn what_is_interrupted_has_no_receipt_and_stays() {
    let (link, folder) = (Link::new(&virtual_clock()), folder());
    link.plan(0, [Act::Hang]);
    let sender = link.builder().build().unwrap();
    let (spooled, mut settlements) = opened(sender.clone(), folder.path()).await.unwrap();
    spooled.accept(numbered(0..3)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    spooled.stop();
    assert_eq!(sender.close(Duration::ZERO).await.len(), 3);
    let settled = all(&mut settlements).await;
    assert!(
        settled
            .iter()
            .all(|settled| settled.outcome.result == Delivery::Interrupted),
        "{settled:?}"
    );
    assert!(receipts(&settled).is_empty());
    assert_eq!(spooled.kept(), 3);
}

#[tokio::test(start_paused = true)]
async fn stopping_settles_what_is_under_way_and_leaves_the_rest() {
    let (link, folder) = (Link::new(&virtual_clock()), folder());
    link.plan(0, [Act::Slow(Duration::from_secs(2))]);
    let sender = link.builder().limits(attribution_destination::deliver::Limits {
        queue: 2,
        ..Default::default()
    });
    let (spooled, mut settlements) = opened(sender.build().unwrap(), folder.path()).await.unwrap();
    spooled.accept(numbered(0..10)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    spooled.stop();
    let settled = all(&mut settlements).await;
    assert!((1..=3).contains(&settled.len()), "{}", settled.len());
    assert!(settled.iter().all(|settled| settled.outcome.result.is_delivered()));
    assert_eq!(spooled.kept(), 10);
}

#[tokio::test(start_paused = true)]
async fn both_requests_of_an_event_have_the_same_id_and_time() {
    let folder = folder();
    let mut bodies = Vec::new();
    for round in 0..2 {
        let clock = virtual_clock();
        clock.sleep(Duration::from_secs(round * 3_600)).await;
        let link = Link::new(&clock);
        link.plan(7, [Act::Answer(400)]);
        let settings = Settings {
            dialect: Dialect::Actions,
            ..settings()
        };
        let sender = Sender::builder(settings)
            .connector(link.clone())
            .clock(clock)
            .build()
            .unwrap();
        let (spooled, mut settlements) = loop {
            match opened(sender.clone(), folder.path()).await {
                Err(SpoolError::Locked { .. }) => tokio::time::sleep(Duration::from_millis(1)).await,
                opened => break opened.unwrap(),
            }
        };
        if round == 0 {
            let bare = json!({"type": "track", "userId": "u", "event": "Tried", "properties": {"n": 7}});
            spooled.accept(vec![(event(bare), 1)]).await.unwrap();
        }
        let settled = settlements.next().await.unwrap().unwrap();
        bodies.push(settled.outcome.dead_letter.unwrap().request.body);
    }
    assert_eq!(bodies[0], bodies[1]);
    assert!(String::from_utf8_lossy(&bodies[0]).contains(r#""timestamp":"2024-01-15T10:00:00.000Z""#));
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_no_event_ends_it_with_its_place_and_is_not_lost() {
    let (link, folder) = (Link::new(&virtual_clock()), folder());
    let spool = Spool::open(folder.path(), SpoolOptions::default()).unwrap();
    spool.append(b"something else").unwrap();
    spool.close().unwrap();
    let (spooled, mut settlements) = open(&link, &folder).await;
    let error = settlements.next().await.unwrap().unwrap_err().to_string();
    assert!(error.contains("record 1, which is no accepted event"), "{error}");
    assert!(settlements.next().await.is_none());
    assert_eq!(spooled.kept(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_forgets_to_say_that_it_is_over_is_not_waited_for() {
    let (link, folder) = (Link::new(&virtual_clock()), folder());
    let (spooled, mut settlements) = open(&link, &folder).await;
    spooled.accept(numbered(0..1)).await.unwrap();
    drop(spooled);
    assert_eq!(all(&mut settlements).await.len(), 1);
}
