use jiff::Timestamp;
use segment_event::{Event, MessageId, RejectionCode, channel, integrations, timestamp};
use serde_json::Value;

const DESTINATION: &str = "Attribution";

/// What a rejection may be about although nothing stands there.
const OF_WHAT_IS_MISSING: [RejectionCode; 4] = [
    RejectionCode::TypeInvalid,
    RejectionCode::NoUserAnonId,
    RejectionCode::IdRequired,
    RejectionCode::EventNotDefined,
];

/// The input is JSON. It is a message and is kept as it came, or it is told why not.
pub(crate) fn check(input: &[u8]) {
    let Ok(message) = json_value::from_slice(input) else {
        return;
    };
    let unchecked = Event::unchecked(message.clone());
    match (Event::ingest(message.clone()), &unchecked) {
        (Ok(event), Ok(unchecked)) => {
            assert_eq!(event, *unchecked);
            assert!(event.user_id().is_some() || event.anonymous_id().is_some() || event.previous_id().is_some());
        }
        (Ok(event), Err(rejections)) => panic!("{event:?} is taken, but unchecked: {rejections:?}"),
        (Err(rejections), unchecked) => {
            told(&message, &rejections);
            let some = unchecked.as_ref().err().into_iter().flatten();
            assert!(
                some.into_iter().all(|rejection| rejections.contains(rejection)),
                "{rejections:?}"
            );
        }
    }
    if let Ok(event) = unchecked {
        kept(&event, &message);
        decided(&event);
        filled(event);
    }
}

fn told(message: &Value, rejections: &[segment_event::Rejection]) {
    assert!(!rejections.is_empty());
    for rejection in rejections {
        assert!(!rejection.message.is_empty(), "{rejection:?}");
        let there = message.pointer(&rejection.pointer);
        let is_there = there.is_some_and(|value| !value.is_null() || rejection.pointer.is_empty());
        assert!(
            is_there || OF_WHAT_IS_MISSING.contains(&rejection.code),
            "{rejection:?}"
        );
    }
}

fn kept(event: &Event, message: &Value) {
    let shown = serde_json::to_string(event.message()).expect("a message is JSON");
    assert_eq!(shown, message.to_string());
}

/// Where a destination is disabled, the place that says so is there.
fn decided(event: &Event) {
    let message = event.message();
    if let integrations::Enablement::Disabled { pointer, detail } = integrations::enablement(message, DESTINATION) {
        assert!(
            Value::Object(message.clone()).pointer(&pointer).is_some() && !detail.is_empty(),
            "{pointer}: {detail}"
        );
    }
    let _ = integrations::near_misses(message, DESTINATION);
    let _ = channel::unknown(message);
    let time = |name| event.get(name).and_then(Value::as_str)?.parse::<Timestamp>().ok();
    if let (Some(sent), Some(original)) = (time("sentAt"), time("timestamp")) {
        assert_eq!(
            timestamp::corrected(sent, sent, original),
            original,
            "a clock without skew changes nothing"
        );
        let _ = timestamp::corrected(Timestamp::UNIX_EPOCH, sent, original);
    }
}

/// What is filled in is there afterwards, and once it is there it stays.
fn filled(event: Event) {
    let id = MessageId::new("msg-1").expect("it is not empty");
    let given = event.get("messageId").cloned();
    let once = event.with_message_id(id.clone()).with_timestamp(Timestamp::UNIX_EPOCH);
    match given {
        None | Some(Value::Null) => assert_eq!(once.message_id(), Some(id.clone())),
        Some(given) if given != "" => assert_eq!(once.get("messageId"), Some(&given)),
        Some(_) => {}
    }
    assert!(once.get("timestamp").is_some_and(|timestamp| !timestamp.is_null()));
    let twice = once.clone().with_message_id(id).with_timestamp(Timestamp::MAX);
    assert_eq!(twice, once);
}
