//! Dead letters: what did not arrive can be sent again, and gives nothing away. In virtual time.

use std::time::Duration;

use attribution_destination::Dialect;
use attribution_destination::deliver::{DeadLetter, Delivery};
use segment_event::Event;
use serde_json::{Value, json};

use crate::deliver_link::{Act, Link, batches_of, event, outcomes, virtual_clock};

const DIALECTS: [Dialect; 3] = [Dialect::Classic, Dialect::Actions, Dialect::Import];

/// Messages that lack what the sender or the mapping fills in, or have it.
fn messages() -> [Value; 6] {
    [
        json!({"type": "track", "userId": "u", "event": "Tried", "properties": {"n": 1, "price": 1.50}}),
        json!({"type": "page", "anonymousId": "a", "name": "Home", "properties": {"n": 1}}),
        json!({"type": "track", "userId": "u", "event": "Null", "timestamp": null, "properties": {"n": 1}}),
        json!({"type": "identify", "userId": "u", "traits": {"n": 1, "born": "2001-02-03"}}),
        json!({"type": "alias", "userId": "u", "previousId": "a", "traits": {"n": 1}, "properties": {"n": 1}}),
        json!({
            "type": "track", "userId": "u", "event": "Whole", "messageId": "m-1",
            "timestamp": "2024-01-15T10:00:00Z", "properties": {"n": 1},
        }),
    ]
}

/// The letter of an event that was refused, at a time later than that of the first one.
async fn refused(dialect: Dialect, message: Event) -> (DeadLetter, String) {
    let clock = virtual_clock();
    let link = Link::new(&clock);
    link.otherwise([Act::Answer(503), Act::Answer(400)]);
    let sender = link.builder_of(dialect).build().unwrap();
    clock.sleep(Duration::from_secs(7)).await;
    let outcome = sender.send(message).await;
    assert!(matches!(outcome.result, Delivery::Rejected { .. }), "{outcome:?}");
    let letter = *outcome.dead_letter.unwrap();
    assert_eq!(letter.reason, outcome.result);
    let bodies: Vec<String> = link
        .script()
        .received
        .iter()
        .map(|received| received.body.clone())
        .collect();
    assert_eq!(bodies, [bodies[0].as_str(); 2], "every attempt is the same");
    (letter, bodies[0].clone())
}

#[tokio::test(start_paused = true)]
async fn sent_again_hours_later_it_makes_the_same_request() {
    let mut compared = 0;
    for dialect in DIALECTS {
        for message in messages() {
            let (letter, sent) = refused(dialect, event(message)).await;
            assert_eq!(letter.request.body, sent);

            let clock = virtual_clock();
            clock.sleep(Duration::from_secs(5 * 3_600)).await;
            let link = Link::new(&clock);
            let sender = link.builder_of(dialect).seed(clock::Seed::from(99)).build().unwrap();
            let again = event(serde_json::from_slice(&letter.event).unwrap());
            assert!(sender.send(again).await.result.is_delivered());
            assert_eq!(link.script().received[0].body, sent, "{dialect}");
            compared += 1;
        }
    }
    assert_eq!(compared, 18);
}

#[tokio::test(start_paused = true)]
async fn it_says_what_was_sent_why_it_did_not_arrive_and_never_the_project() {
    for dialect in DIALECTS {
        for message in messages().into_iter().take(2) {
            let (letter, sent) = refused(dialect, event(message)).await;
            let written: Value = serde_json::from_str(&serde_json::to_string(&letter).unwrap()).unwrap();
            assert_eq!(
                written["request"]["body"],
                serde_json::from_str::<Value>(&sent).unwrap()
            );
            assert_eq!(written["reason"], "rejected: answered 400 Bad Request");
            assert_eq!(written["answer"], "{}");
            let shown = format!("{letter:?}{letter:#?}{written}");
            assert!(!shown.contains("demo-project") && !shown.contains("ZGVtby"), "{shown}");
            assert!(!String::from_utf8_lossy(&letter.event).contains('\n'), "one line");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_should_have_arrived_and_did_not_has_one() {
    let link = Link::new(&virtual_clock());
    link.plan(2, [Act::RetryAfter(503, "99999".to_owned())]);
    let sender = link.builder().build().unwrap();
    let track = |number: u64, more: Value| {
        let mut message = json!({"type": "track", "userId": "u", "event": "Tried", "properties": {"n": number}});
        message
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        sender.send(event(message))
    };
    assert_eq!(track(1, json!({})).await.dead_letter, None);
    let expired = track(2, json!({})).await;
    assert!(matches!(expired.dead_letter.unwrap().reason, Delivery::Expired { .. }));
    assert_eq!(
        track(3, json!({"integrations": {"All": false}})).await.dead_letter,
        None
    );
    assert_eq!(track(4, json!({"timestamp": "no time"})).await.dead_letter, None);
}

#[tokio::test(start_paused = true)]
async fn an_event_of_a_batch_has_a_request_of_its_own() {
    let link = Link::new(&virtual_clock());
    link.otherwise([Act::Answer(401)]);
    let sender = link.builder_of(Dialect::Import).batch(batches_of(2)).build().unwrap();
    let mut tickets = Vec::new();
    for message in messages().into_iter().take(2) {
        tickets.push(sender.submit(event(message)).await);
    }
    let outcomes = outcomes(tickets).await;
    assert_eq!(link.batches().len(), 1);
    for outcome in outcomes {
        let letter = outcome.dead_letter.unwrap();
        let event: Value = serde_json::from_slice(&letter.event).unwrap();
        let body: Value = serde_json::from_slice(&letter.request.body).unwrap();
        assert_eq!(body["batch"].as_array().unwrap().len(), 1);
        assert_eq!(body["batch"][0]["messageId"], event["messageId"]);
    }
}
