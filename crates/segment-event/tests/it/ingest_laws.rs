use proptest::prelude::*;
use segment_event::{Event, Rejection, RejectionCode, channel};
use serde_json::Value;

use crate::messages::{acceptable_message, any_json, any_message};

/// Reads everything that an event offers.
fn look_at(event: &Event) -> usize {
    let texts = [event.event(), event.name(), event.category(), event.previous_id()];
    let objects = [event.properties(), event.traits(), event.context()];
    let ids = [
        event.user_id().is_some(),
        event.anonymous_id().is_some(),
        event.message_id().is_some(),
    ];
    let channel = usize::from(channel::unknown(event.message()).is_some());
    texts.iter().flatten().count() + objects.iter().flatten().count() + ids.iter().filter(|id| **id).count() + channel
}

fn is_about_a_known_field(rejection: &Rejection) -> bool {
    rejection.pointer.is_empty() || (rejection.pointer.starts_with('/') && rejection.pointer.matches('/').count() == 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_json_is_taken_or_refused_with_reasons(message in prop_oneof![any_json(), any_message()]) {
        match Event::ingest(message) {
            Ok(event) => prop_assert!(look_at(&event) >= 1, "an accepted message names somebody"),
            Err(rejections) => {
                prop_assert!(!rejections.is_empty());
                for rejection in rejections {
                    prop_assert!(is_about_a_known_field(&rejection), "{rejection:?}");
                    prop_assert!(!rejection.message.is_empty() && !rejection.message.ends_with('.'), "{rejection:?}");
                }
            }
        }
    }

    #[test]
    fn a_message_is_kept_to_the_byte(message in prop_oneof![any_message(), acceptable_message()]) {
        let before = message.to_string();
        if let Ok(event) = Event::ingest(message.clone()) {
            prop_assert_eq!(Value::Object(event.into_message()).to_string(), before.clone());
        }
        let event = Event::unchecked(message).expect("an object with a known type");
        prop_assert_eq!(serde_json::to_string(event.message()).expect("a message is JSON"), before);
    }

    #[test]
    fn a_message_within_the_rules_is_taken(message in acceptable_message()) {
        prop_assert_eq!(Event::ingest(message).err(), None);
    }

    #[test]
    fn what_ingest_takes_is_also_taken_unchecked(message in prop_oneof![any_json(), any_message()]) {
        let unchecked = Event::unchecked(message.clone());
        match (Event::ingest(message), unchecked) {
            (Ok(checked), unchecked) => prop_assert_eq!(Ok(checked), unchecked),
            (Err(all), Err(some)) => prop_assert!(some.iter().all(|rejection| all.contains(rejection))),
            (Err(all), Ok(_)) => {
                prop_assert!(all.iter().all(|rejection| rejection.code != RejectionCode::TypeInvalid));
            }
        }
    }

    #[test]
    fn a_rejection_points_at_what_is_there_unless_it_misses_something(message in prop_oneof![any_json(), any_message()]) {
        let missing = [
            RejectionCode::TypeInvalid,
            RejectionCode::NoUserAnonId,
            RejectionCode::IdRequired,
            RejectionCode::EventNotDefined,
        ];
        for rejection in Event::ingest(message.clone()).err().unwrap_or_default() {
            let there = message.pointer(&rejection.pointer).is_some_and(|value| !value.is_null() || rejection.pointer.is_empty());
            prop_assert!(there || missing.contains(&rejection.code), "{rejection:?}");
        }
    }
}
