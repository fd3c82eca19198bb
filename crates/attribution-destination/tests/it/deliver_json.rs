//! The law of messages in JSON: they are sent, and told of, as the events in them. In virtual time.

use std::time::Duration;

use attribution_destination::deliver::{Delivery, Outcome};
use attribution_destination::{Dialect, parse};
use clock::{Clock, Seed};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::deliver_link::{Act, Link, virtual_clock};
use crate::mapper_laws::message;

/// Everything that can be seen of sending some lines one after the other.
#[derive(Debug, PartialEq)]
struct Seen {
    outcomes: Vec<String>,
    /// The paths and bodies that arrived, and when.
    requests: Vec<(Duration, String, Value)>,
}

/// An outcome in which JSON that was parsed and written again stands for itself.
fn shown(mut outcome: Outcome) -> String {
    let body = outcome.dead_letter.as_mut().map(|letter| {
        let body: Value = json_value::from_slice(&letter.request.body).unwrap();
        letter.request.body = Vec::new().into();
        body.to_string()
    });
    format!("{outcome:#?} {body:?}")
}

async fn seen(lines: &[String], dialect: Dialect, ingest: bool, clock: Clock, as_json: bool) -> Seen {
    let link = Link::new(&clock);
    link.otherwise([Act::Answer(503), Act::Answer(200), Act::Answer(400)]);
    let builder = link.builder_of(dialect).ingest(ingest).seed(Seed::from(7));
    let sender = builder.build().unwrap();
    clock.sleep(Duration::from_micros(1_234_567)).await;
    let mut tickets = Vec::new();
    for line in lines {
        let ticket = if as_json {
            Ok(sender.submit_json(line.clone().into()).await)
        } else {
            match parse(line.as_bytes(), ingest) {
                Ok(event) => Ok(sender.submit(event).await),
                Err(invalid) => Err(Outcome {
                    attempts: Vec::new(),
                    elapsed: Duration::ZERO,
                    result: Delivery::Invalid(invalid),
                    dead_letter: None,
                }),
            }
        };
        tickets.push(ticket);
    }
    let mut outcomes = Vec::new();
    for ticket in tickets {
        outcomes.push(shown(match ticket {
            Ok(ticket) => ticket.await,
            Err(outcome) => outcome,
        }));
    }
    let script = link.script();
    let requests = script.received.iter().map(|received| {
        let path = received.head.lines().next().unwrap_or_default().to_owned();
        (received.at, path, json_value::from_str(&received.body).unwrap())
    });
    Seen {
        outcomes,
        requests: requests.collect(),
    }
}

fn check(lines: &[String], ingest: bool, epoch: Timestamp) {
    for dialect in Dialect::ALL {
        let seen = |as_json| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .start_paused(true)
                .build();
            runtime.unwrap().block_on(async {
                let clock = Clock::starting_at(epoch);
                seen(lines, *dialect, ingest, clock, as_json).await
            })
        };
        assert_eq!(seen(true), seen(false), "{dialect}: {lines:#?}");
    }
}

/// Messages that lack what a sender fills in, in every way in which they can, and some that are no messages.
fn lacking() -> Vec<String> {
    let mut lines = Vec::new();
    for kind in ["track", "page", "screen", "identify", "alias", "group"] {
        for id in [
            "",
            r#""messageId":null,"#,
            r#""messageId":"","#,
            r#""messageId":7,"#,
            r#""messageId":"m-1","#,
        ] {
            for time in [
                "",
                r#""timestamp":null,"#,
                r#""timestamp":"2024-01-15","#,
                r#""timestamp":"","#,
            ] {
                lines.push(format!(
                    r#"{{"type":"{kind}",{id}{time}"userId":"u","event":"e","groupId":"g","context":{{"traits":{{"anonymousId":"a"}}}}}}"#
                ));
            }
        }
    }
    lines.extend(["", "[]", "{}", "{", "\u{feff}{}", r#"{"type":"track","userId":"u"}"#].map(str::to_owned));
    lines.push(r#"{"type":"track","userId":"u","event":"e","integrations":{"All":false}}"#.to_owned());
    lines
}

#[test]
fn whatever_is_missing_is_filled_in_alike() {
    for epoch in ["2024-01-15T10:00:00Z", "1969-12-31T23:00:00Z"] {
        for ingest in [true, false] {
            check(&lacking(), ingest, epoch.parse().unwrap());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_dead_letter_of_json_is_one_line_and_makes_the_same_request_again() {
    for dialect in Dialect::ALL {
        let clock = virtual_clock();
        let link = Link::new(&clock);
        link.otherwise([Act::Answer(400), Act::Answer(200)]);
        let sender = link.builder_of(*dialect).build().unwrap();
        let json = serde_json::to_string_pretty(&json!({"type": "page", "userId": "u", "properties": {"n": 1}}));
        let letter = sender.send_json(json.unwrap().into()).await.dead_letter.unwrap();
        assert!(!letter.event.contains(&b'\n'), "one line");
        clock.sleep(Duration::from_secs(3_600)).await;
        assert!(sender.send_json(letter.event).await.result.is_delivered());
        let script = link.script();
        let [sent, again] = script.received.as_slice() else {
            panic!("{:?}", script.received)
        };
        assert_eq!(sent.body, again.body, "{dialect}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn json_is_sent_as_the_event_in_it(lines in prop::collection::vec(message(), 1..5), ingest in any::<bool>()) {
        check(&lines, ingest, "2024-01-15T10:00:00Z".parse().unwrap());
    }
}
