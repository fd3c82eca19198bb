//! What holds of whatever is sent.

use axum::Router;
use axum::body::Body;
use clock::{Clock, Seed};
use http::{Request, StatusCode};
use jiff::Timestamp;
use proptest::prelude::*;
use segment_event::Event;
use segment_source::{AcceptedEvents, AdminApi, Limits, Receipt, Source, SourceConfig, Verdict};
use serde_json::{Value, json};
use tower_service::Service as _;

const KINDS: [&str; 6] = ["identify", "track", "page", "screen", "group", "alias"];

/// A source in virtual time, without a socket.
struct Dry {
    source: Source,
    router: Router,
    accepted: AcceptedEvents,
}

impl Dry {
    fn new(limits: Limits) -> Self {
        let (source, accepted) = Source::new(SourceConfig {
            seed: Seed::from(1),
            limits,
            ..SourceConfig::new(Clock::starting_at(Timestamp::UNIX_EPOCH))
        });
        Self {
            router: source.router(AdminApi::default()),
            source,
            accepted,
        }
    }

    async fn post(&mut self, path: &str, body: &Value) -> StatusCode {
        let request = Request::post(path).header("authorization", "Basic d2stMTo=");
        let request = request.body(Body::from(body.to_string())).unwrap();
        let answered = self.router.call(request).await;
        answered.unwrap_or_else(|never| match never {}).status()
    }

    fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.accepted.try_next())
            .map(|accepted| accepted.event())
            .collect()
    }

    fn receipts(&self) -> Vec<Receipt> {
        self.source.receipts(Some(0), usize::MAX).rows
    }
}

fn in_virtual_time<T>(test: impl AsyncFnOnce() -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(test())
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
        Just(json!({})),
        Just(json!({"direct": true, "x": {"y": 1}})),
        Just(json!([])),
        Just(json!("2024-01-15T10:00:00Z")),
    ]
}

/// A message of a known kind, right or wrong in any of its fields.
fn message() -> impl Strategy<Value = Value> {
    let fields = prop::sample::select(vec![
        "userId",
        "anonymousId",
        "previousId",
        "groupId",
        "event",
        "name",
        "properties",
        "traits",
        "context",
        "timestamp",
        "originalTimestamp",
        "messageId",
        "channel",
        "writeKey",
    ]);
    let members = prop::collection::vec((fields, scalar()), 0..6);
    (prop::sample::select(KINDS.to_vec()), any::<bool>(), members).prop_map(|(kind, good, members)| {
        let mut message = json!({"type": kind});
        if good {
            message = json!({"type": kind, "userId": "u", "event": "e", "groupId": "g"});
        }
        for (key, value) in members {
            message[key] = value;
        }
        message
    })
}

/// The verdict, and what is against it at which place of the message.
fn verdicts(receipts: Vec<Receipt>, place: impl Fn(usize) -> String) -> Vec<(Option<String>, Verdict)> {
    let receipts = receipts.into_iter().enumerate();
    let verdict = |(index, mut receipt): (usize, Receipt)| {
        if let Verdict::Rejected(refusals) = &mut receipt.verdict {
            for refusal in refusals {
                let place = place(index);
                let pointer = refusal.pointer.strip_prefix(&*place).expect("it is in this message");
                refusal.pointer = pointer.to_owned();
            }
        }
        (receipt.about.message_id, receipt.verdict)
    };
    receipts.map(verdict).collect()
}

proptest! {
    #[test]
    fn a_batch_is_the_same_as_its_calls_one_by_one(
        messages in prop::collection::vec(message(), 1..8), shared in scalar(), sent_at in scalar(),
    ) {
        in_virtual_time(async || {
            let (mut batched, mut single) = (Dry::new(Limits::default()), Dry::new(Limits::default()));
            let body = json!({"batch": messages, "integrations": shared, "sentAt": sent_at});
            prop_assert_eq!(batched.post("/v1/batch", &body).await, StatusCode::OK);
            for message in &messages {
                let path = format!("/v1/{}", message["type"].as_str().unwrap());
                let mut message = message.clone();
                message["integrations"] = shared.clone();
                message["sentAt"] = sent_at.clone();
                if let Value::Object(message) = &mut message {
                    message.retain(|_, value| !value.is_null());
                    message.shift_remove("writeKey");
                }
                prop_assert_eq!(single.post(&path, &message).await, StatusCode::OK);
            }
            let present = |event: &Event| {
                let members = event.message().iter().filter(|(_, value)| !value.is_null());
                members.map(|(key, value)| (key.clone(), value.clone())).collect::<std::collections::BTreeMap<_, _>>()
            };
            let (batched_events, single_events) = (batched.events(), single.events());
            prop_assert_eq!(
                batched_events.iter().map(present).collect::<Vec<_>>(),
                single_events.iter().map(present).collect::<Vec<_>>()
            );
            prop_assert_eq!(
                verdicts(batched.receipts(), |index| format!("/batch/{index}")),
                verdicts(single.receipts(), |_| String::new())
            );
            Ok(())
        })?;
    }

    #[test]
    fn a_replay_of_messages_with_ids_adds_nothing(messages in prop::collection::vec(message(), 1..8)) {
        in_virtual_time(async || {
            let mut source = Dry::new(Limits::default());
            let numbered = messages.into_iter().enumerate().map(|(number, mut message)| {
                message["messageId"] = format!("m-{}", number / 2).into();
                message
            });
            let body = json!({"batch": numbered.collect::<Vec<_>>()});
            source.post("/v1/batch", &body).await;
            let first = source.source.counts();
            prop_assert_eq!(source.events().len() as u64, first.accepted);
            source.post("/v1/batch", &body).await;
            let second = source.source.counts();
            prop_assert_eq!(second.accepted, first.accepted);
            prop_assert_eq!(second.duplicates, first.duplicates * 2 + first.accepted);
            prop_assert_eq!(second.rejected, first.rejected * 2);
            prop_assert_eq!(source.events(), vec![]);
            Ok(())
        })?;
    }

    #[test]
    fn nothing_accepted_is_lost_however_often_the_queue_is_full(
        batches in prop::collection::vec(1..5_usize, 1..20), taken in prop::collection::vec(0..4_usize, 1..20),
    ) {
        in_virtual_time(async || {
            let limits = Limits { batch_events: 4, queue_events: 5, ..Limits::default() };
            let mut source = Dry::new(limits);
            let mut taken = taken.into_iter().cycle();
            let (mut sent, mut got) = (0, Vec::new());
            for size in batches {
                let item = |number: usize| json!({"type": "page", "userId": "u", "messageId": format!("m-{number}")});
                let body = json!({"batch": (sent..sent + size).map(item).collect::<Vec<_>>()});
                sent += size;
                // As a sender does that is asked to come again.
                while source.post("/v1/batch", &body).await == StatusCode::TOO_MANY_REQUESTS {
                    let take = taken.next().unwrap_or(1).max(1);
                    got.extend(std::iter::from_fn(|| source.accepted.try_next()).take(take));
                }
            }
            got.extend(std::iter::from_fn(|| source.accepted.try_next()));
            let ids: Vec<String> = got.iter().map(|got| got.event().message_id().unwrap().to_string()).collect();
            prop_assert_eq!(ids, (0..sent).map(|number| format!("m-{number}")).collect::<Vec<_>>());
            let numbers: Vec<u64> = got.iter().map(|got| got.number).collect();
            prop_assert_eq!(numbers, (1..=sent as u64).collect::<Vec<_>>());
            prop_assert_eq!(source.source.counts().duplicates, 0);
            Ok(())
        })?;
    }

    #[test]
    fn what_is_looked_at_again_is_what_went_on(
        messages in prop::collection::vec(message(), 1..8), shared in scalar(), sent_at in scalar(),
    ) {
        in_virtual_time(async || {
            let mut source = Dry::new(Limits::default());
            let body = json!({"batch": messages, "integrations": shared, "sentAt": sent_at, "writeKey": "secret"});
            source.post("/v1/batch", &body).await;
            for message in &messages {
                source.post(&format!("/v1/{}", message["type"].as_str().unwrap()), message).await;
            }
            while let Some(accepted) = source.accepted.try_next() {
                let event = accepted.event();
                let id = event.message_id().unwrap().to_string();
                let again = source.source.messages(&id);
                let row = again.rows.iter().find(|row| row.receipt.number == accepted.number).expect("it is kept");
                prop_assert_eq!(row.completed.as_object(), Some(event.message()));
                prop_assert_eq!(row.sent.get("writeKey"), None);
            }
            Ok(())
        })?;
    }

    #[test]
    fn of_the_messages_the_latest_are_kept_and_the_others_counted(
        lengths in prop::collection::vec(0..100_usize, 1..20), message_bytes in 0..1_000_usize, receipts in 1..20_usize,
    ) {
        in_virtual_time(async || {
            let mut source = Dry::new(Limits { message_bytes, receipts, ..Limits::default() });
            let mut sizes = Vec::new();
            for (number, length) in lengths.into_iter().enumerate() {
                let body = json!({"userId": "u".repeat(length + 1), "messageId": format!("m-{number}")});
                sizes.push(body.to_string().len());
                source.post("/v1/page", &body).await;
                let (mut bytes, mut fits) = (0, 0);
                for size in sizes.iter().rev().take(receipts) {
                    bytes += size;
                    fits += usize::from(bytes <= message_bytes);
                }
                for place in 0..=number {
                    let again = source.source.messages(&format!("m-{place}"));
                    prop_assert_eq!(again.found, u64::from(place + fits > number));
                    prop_assert_eq!((again.kept, again.dropped), (fits as u64, (number + 1 - fits) as u64));
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_body_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..200), path in prop::sample::select(vec![
        "/v1/track", "/v1/batch", "/v1/b", "/v1/m",
    ])) {
        in_virtual_time(async || {
            let mut source = Dry::new(Limits::default());
            let request = Request::post(path).body(Body::from(body)).unwrap();
            let status = source.router.call(request).await.unwrap_or_else(|never| match never {}).status();
            prop_assert!(matches!(status.as_u16(), 200 | 400));
            Ok(())
        })?;
    }
}

#[test]
fn a_day_later_an_id_is_new_again() {
    in_virtual_time(async || {
        let mut source = Dry::new(Limits::default());
        let clock = source.source.config().clock.clone();
        let call = json!({"userId": "u", "messageId": "m"});
        for (hours, accepted) in [(0, 1), (23, 1), (2, 2)] {
            clock.sleep(std::time::Duration::from_secs(hours * 3600)).await;
            source.post("/v1/page", &call).await;
            assert_eq!(source.source.counts().accepted, accepted, "{hours}");
        }
    });
}
