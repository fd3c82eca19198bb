//! Where the wire carries a `messageId`, every event has one, and all its attempts the same. In virtual time.

use attribution_destination::Dialect;
use serde_json::{Value, json};

use crate::deliver_link::{Act, Link, batches_of, event, track, virtual_clock};

/// The ids in the requests, in order; of a batch each.
fn ids(link: &Link) -> Vec<Value> {
    let script = link.script();
    let bodies = script
        .received
        .iter()
        .map(|received| serde_json::from_str::<Value>(&received.body).unwrap());
    bodies
        .flat_map(|body| match body.get("batch") {
            Some(batch) => batch.as_array().unwrap().clone(),
            None => vec![body],
        })
        .map(|event| event["messageId"].clone())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn an_event_without_one_gets_one_and_every_attempt_carries_it() {
    for dialect in [Dialect::Actions, Dialect::Import] {
        let link = Link::new(&virtual_clock());
        link.plan(1, [Act::Answer(503), Act::CloseAfter, Act::Hang, Act::HalfAnswer]);
        let sender = link.builder_of(dialect).build().unwrap();
        sender.send(track("u", 1)).await;
        sender.send(track("u", 2)).await;
        let ids = ids(&link);
        assert_eq!(ids.len(), 6);
        assert!(
            ids[..5]
                .iter()
                .all(|id| *id == ids[0] && id.as_str().unwrap().len() == 36),
            "{ids:?}"
        );
        assert_ne!(ids[5], ids[0]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_halves_of_a_batch_carry_the_ids_of_the_whole() {
    let link = Link::new(&virtual_clock());
    link.script().poisonous = std::collections::BTreeSet::from([3]);
    let sender = link.builder_of(Dialect::Import).batch(batches_of(4)).build().unwrap();
    for number in 0..4 {
        drop(sender.submit(track("u", number)).await);
    }
    sender.settle().await;
    let ids = ids(&link);
    // The whole, the first half, the second half, its first and its second one.
    assert_eq!(ids.len(), 4 + 2 + 2 + 1 + 1);
    assert_eq!(ids[4..], [&ids[..4], &ids[2..4]].concat());
}

#[tokio::test(start_paused = true)]
async fn one_that_is_there_stays_and_the_classic_wire_has_none() {
    let message = json!({"type": "track", "userId": "u", "event": "A", "messageId": "mine", "properties": {"n": 1}});
    for (dialect, expected) in [
        (Dialect::Actions, json!("mine")),
        (Dialect::Import, json!("mine")),
        (Dialect::Classic, Value::Null),
    ] {
        let link = Link::new(&virtual_clock());
        let sender = link.builder_of(dialect).build().unwrap();
        sender.send(event(message.clone())).await;
        assert_eq!(ids(&link), [expected]);
    }
}
