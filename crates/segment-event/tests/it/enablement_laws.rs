use proptest::prelude::*;
use segment_event::integrations::{enablement, near_misses};
use segment_event::{Enablement, Event, json};
use serde_json::Value;

use crate::messages::{addressed_message, any_json, any_message};

const NAME: &str = "Attribution";

fn unchecked(message: Value) -> Event {
    Event::unchecked(message).expect("an object with a known type")
}

/// The message without the value that the pointer leads to.
fn without(mut message: Value, pointer: &str) -> Value {
    let (parent, _) = pointer.rsplit_once('/').expect("a pointer to a member");
    let members = message
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .expect("the parent is an object");
    members.retain(|key, _| json::child(parent, key) != pointer);
    message
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_disabled_message_points_at_a_falsy_value(message in addressed_message()) {
        let event = unchecked(message.clone());
        if let Enablement::Disabled { pointer, detail } = enablement(event.message(), NAME) {
            prop_assert!(!json::truthy(message.pointer(&pointer).expect("the pointer leads somewhere")));
            prop_assert!(!detail.is_empty());
        }
    }

    #[test]
    fn near_misses_decide_nothing(message in addressed_message()) {
        let event = unchecked(message.clone());
        for near in near_misses(event.message(), NAME) {
            prop_assert_ne!(&near.key, NAME);
            let rest = unchecked(without(message.clone(), &near.pointer));
            let verdict = enablement(event.message(), NAME).is_enabled();
            prop_assert_eq!(enablement(rest.message(), NAME).is_enabled(), verdict, "{}", near.pointer);
        }
    }

    #[test]
    fn the_destinations_own_entry_decides_alone(message in any_message(), entry in any_json()) {
        let enabled = entry != Value::Bool(false);
        let mut message = message;
        message["integrations"] = serde_json::json!({"All": !enabled, NAME: entry});
        prop_assert_eq!(enablement(unchecked(message).message(), NAME).is_enabled(), enabled);
    }

    #[test]
    fn a_message_that_says_nothing_is_for_everybody(name in any::<String>()) {
        let event = unchecked(serde_json::json!({"type": "page"}));
        prop_assert!(enablement(event.message(), &name).is_enabled());
    }
}
