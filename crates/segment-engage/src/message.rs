use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::computation::{Class, Computation};
use crate::engage::Change;

/// As which call the destination is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// An identify with a trait of the computation's key.
    #[default]
    Identify,
    /// A track: `Audience Entered` and `Audience Exited`, or `Trait Computed`.
    Track,
}

impl Form {
    /// What a form can be called.
    pub const NAMES: &[&str] = &["identify", "track"];
}

/// Makes messages of changes, as Engage sends them.
///
/// Sources: Segment's documentation on using Engage data and its destination tests for the shape; the ids are as long and
/// of the same letters as there. `context.__segment_internal`, which only those tests show, is left out.
#[derive(Clone, Debug)]
pub struct Messages {
    destination: String,
    form: Form,
    space: String,
    /// `computation_id` of each computation.
    ids: Vec<String>,
}

impl Messages {
    /// Messages for a destination, by its name in the integrations object. `bits` returns 64 random bits at each call, of
    /// which ids are made.
    pub fn new(
        destination: impl Into<String>,
        form: Form,
        computations: &[Computation],
        bits: &mut dyn FnMut() -> u64,
    ) -> Self {
        Self {
            destination: destination.into(),
            form,
            space: made_up("spa_", 22, bits),
            ids: computations
                .iter()
                .map(|computation| match computation.class {
                    Class::Audience => made_up("aud_", 27, bits),
                    Class::Trait => made_up("tra_", 27, bits),
                })
                .collect(),
        }
    }

    /// The message that tells of a change at this moment. It names exactly one external id.
    pub fn message(&self, change: &Change<'_>, now: Timestamp, bits: &mut dyn FnMut() -> u64) -> Value {
        let Computation { class, key } = change.computation;
        let mut context = json!({
            "library": { "name": "unknown", "version": "unknown" },
            "personas": {
                "computation_class": class.as_str(),
                "computation_id": self.ids.get(change.number),
                "computation_key": key,
                "namespace": self.space,
                "space_id": self.space,
            },
        });
        let mut told = Map::from_iter([(key.clone(), change.value.clone())]);
        let email = change.email.filter(|_| key != "email");
        let mut message = match self.form {
            Form::Identify => {
                told.extend(email.map(|email| ("email".to_owned(), email.into())));
                json!({ "type": "identify", "traits": told })
            }
            Form::Track => {
                told.insert(format!("{}_key", class.as_str()), key.as_str().into());
                if let Some(email) = email {
                    context["traits"] = json!({ "email": email });
                }
                json!({ "type": "track", "event": event(*class, &change.value), "properties": told })
            }
        };
        message[change.id.field()] = change.id.as_str().into();
        message["context"] = context;
        message["integrations"] = json!({ "All": false, (self.destination.as_str()): true });
        message["channel"] = "server".into();
        message["messageId"] = made_up("personas_", 27, bits).into();
        message["timestamp"] = format!("{now:.3}").into();
        message
    }
}

fn event(class: Class, value: &Value) -> &'static str {
    match (class, value) {
        (Class::Trait, _) => "Trait Computed",
        (Class::Audience, Value::Bool(true)) => "Audience Entered",
        (Class::Audience, _) => "Audience Exited",
    }
}

/// An id of letters and digits after its prefix.
fn made_up(prefix: &str, length: usize, bits: &mut dyn FnMut() -> u64) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    /// As many as 64 bits hold.
    const AT_ONCE: usize = 10;
    let mut id = prefix.to_owned();
    let mut left = 0;
    for place in 0..length {
        if place % AT_ONCE == 0 {
            left = bits();
        }
        let letter = usize::try_from(left % 62).unwrap_or_default();
        id.push(char::from(LETTERS[letter]));
        left /= 62;
    }
    id
}

#[cfg(test)]
mod tests {
    use segment_event::{Event, UserId};

    use super::*;
    use crate::identity::ExternalId;

    fn told(form: Form, class: Class, value: Value) -> Value {
        let mut number = 0;
        let mut bits = || {
            number += 1;
            number
        };
        let computation = Computation {
            class,
            key: "orders".to_owned(),
        };
        let messages = Messages::new("Attribution", form, std::slice::from_ref(&computation), &mut bits);
        let change = Change {
            number: 0,
            computation: &computation,
            id: &ExternalId::User(UserId::new("user-1").unwrap()),
            email: Some("ada@shop.example"),
            value,
        };
        messages.message(&change, Timestamp::UNIX_EPOCH, &mut bits)
    }

    #[test]
    fn an_identify_has_the_key_for_a_trait() {
        let message = told(Form::Identify, Class::Audience, true.into());
        let expected = json!({
            "type": "identify",
            "traits": { "orders": true, "email": "ada@shop.example" },
            "userId": "user-1",
            "context": {
                "library": { "name": "unknown", "version": "unknown" },
                "personas": {
                    "computation_class": "audience",
                    "computation_id": "aud_400000000050000000006000000",
                    "computation_key": "orders",
                    "namespace": "spa_1000000000200000000030",
                    "space_id": "spa_1000000000200000000030",
                },
            },
            "integrations": { "All": false, "Attribution": true },
            "channel": "server",
            "messageId": "personas_700000000080000000009000000",
            "timestamp": "1970-01-01T00:00:00.000Z",
        });
        assert_eq!(message, expected);
    }

    #[test]
    fn a_track_says_what_happened_and_to_which_key() {
        let entered = told(Form::Track, Class::Audience, true.into());
        assert_eq!(entered["event"], "Audience Entered");
        assert_eq!(
            entered["properties"],
            json!({ "orders": true, "audience_key": "orders" })
        );
        assert_eq!(entered["context"]["traits"], json!({ "email": "ada@shop.example" }));
        let exited = told(Form::Track, Class::Audience, false.into());
        assert_eq!(exited["event"], "Audience Exited");
        let computed = told(Form::Track, Class::Trait, 3.into());
        assert_eq!(computed["event"], "Trait Computed");
        assert_eq!(computed["properties"], json!({ "orders": 3, "trait_key": "orders" }));
    }

    #[test]
    fn segment_s_ingest_takes_every_form() {
        for form in [Form::Identify, Form::Track] {
            for class in [Class::Audience, Class::Trait] {
                assert!(Event::ingest(told(form, class, false.into())).is_ok());
            }
        }
    }
}
