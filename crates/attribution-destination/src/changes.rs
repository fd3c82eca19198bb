use segment_event::json::{child, resembles};
use serde::Serialize;
use serde_json::{Map, Value};

/// One difference between what a message says and what is delivered of it. Places are JSON pointers: `from` into the
/// message, `to` into the body, and in the import dialect into its one item.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The same value goes by another name.
    Renamed {
        /// Where the message has it.
        from: String,
        /// Where the body has it.
        to: String,
    },
    /// Another value is delivered.
    Rewritten {
        /// Where the message has it.
        from: String,
        /// Where the body has it.
        to: String,
        /// The value of the message.
        before: Value,
        /// The value of the body.
        after: Value,
    },
    /// It is not delivered.
    Dropped {
        /// Where the message has it.
        from: String,
        /// The value of the message.
        before: Value,
    },
    /// The message does not say it.
    Added {
        /// Where the body has it.
        to: String,
        /// The value of the body.
        after: Value,
    },
}

/// Every difference between a message and the JSON that is delivered of it, found by comparing the two and not by
/// knowing how one was made of the other: so it tells what happened, whatever the mapping meant to do.
///
/// Members are the same where their names differ at most in spelling, `userId` and `user_id`. What is left on both sides is
/// taken to have moved where the values are the same. Of the message's `type` nothing is said: the path tells it.
///
/// ```
/// use attribution_destination::{Change, changes};
/// use serde_json::json;
///
/// let message = json!({"type": "track", "userId": "user-1", "properties": {"on": "2024-01-15"}});
/// let body = json!({"user_id": "user-1", "properties": {"on": "2024-01-15T00:00:00.000Z"}});
/// let message = message.as_object().expect("it is one");
/// let renamed = Change::Renamed {
///     from: "/userId".to_owned(),
///     to: "/user_id".to_owned(),
/// };
/// assert_eq!(changes(message, &body)[0], renamed);
/// ```
pub fn changes(message: &Map<String, Value>, body: &Value) -> Vec<Change> {
    let mut comparison = Comparison::default();
    let nothing = Map::new();
    comparison.objects(("", message), ("", body.as_object().unwrap_or(&nothing)));
    comparison.dropped.retain(|(from, _)| from != "/type");
    comparison.finish()
}

type Placed<'a> = (String, &'a Value);

#[derive(Default)]
struct Comparison<'a> {
    changes: Vec<Change>,
    /// What only the message has.
    dropped: Vec<Placed<'a>>,
    /// What only the body has.
    added: Vec<Placed<'a>>,
}

impl<'a> Comparison<'a> {
    /// Compares two objects at their places.
    fn objects(&mut self, (from, before): (&str, &'a Map<String, Value>), (to, after): (&str, &'a Map<String, Value>)) {
        let mut rest: Vec<_> = after.iter().filter(|(key, _)| !before.contains_key(*key)).collect();
        for (key, value) in before {
            let other = after.get_key_value(key).or_else(|| {
                let index = rest.iter().position(|(other, _)| resembles(other, key))?;
                Some(rest.remove(index))
            });
            let from = child(from, key);
            match other {
                Some((other, after)) => self.values((from, value), (child(to, other), after)),
                None => self.dropped.push((from, value)),
            }
        }
        self.added
            .extend(rest.into_iter().map(|(key, value)| (child(to, key), value)));
    }

    fn values(&mut self, (from, before): Placed<'a>, (to, after): Placed<'a>) {
        if before == after {
            if from != to {
                self.changes.push(Change::Renamed { from, to });
            }
        } else if let (Value::Object(before), Value::Object(after)) = (before, after) {
            self.objects((&from, before), (&to, after));
        } else {
            self.changes.push(Change::Rewritten {
                from,
                to,
                before: before.clone(),
                after: after.clone(),
            });
        }
    }

    /// Pairs what moved, and tells the rest.
    fn finish(mut self) -> Vec<Change> {
        for (from, before) in self.dropped {
            let moved = self
                .added
                .iter()
                .position(|(_, after)| *after == before && tells(before));
            self.changes.push(match moved {
                Some(index) => Change::Renamed {
                    from,
                    to: self.added.remove(index).0,
                },
                None => Change::Dropped {
                    from,
                    before: before.clone(),
                },
            });
        }
        self.changes
            .extend(self.added.into_iter().map(|(to, after)| Change::Added {
                to,
                after: after.clone(),
            }));
        self.changes
    }
}

/// Whether a value is so particular that the same one elsewhere is the same thing moved.
fn tells(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn of(message: &Value, body: &Value) -> Vec<Change> {
        changes(message.as_object().unwrap(), body)
    }

    fn renamed(from: &str, to: &str) -> Change {
        Change::Renamed {
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    #[test]
    fn what_is_the_same_is_not_told() {
        assert_eq!(of(&json!({"type": "page", "a": [1]}), &json!({"a": [1]})), []);
    }

    #[test]
    fn ids_keep_their_own_names_though_their_values_are_the_same() {
        let message = json!({"anonymousId": "x", "userId": "x"});
        let told = of(&message, &json!({"user_id": "x", "cookie_id": "x"}));
        assert_eq!(
            told,
            [renamed("/userId", "/user_id"), renamed("/anonymousId", "/cookie_id")]
        );
    }

    #[test]
    fn a_name_that_moves_into_the_properties_has_moved() {
        let message = json!({"name": "Pricing", "properties": {"url": "u"}});
        let body = json!({"properties": {"url": "u", "name": "Pricing"}, "event": "Viewed Pricing Page"});
        let event = Change::Added {
            to: "/event".to_owned(),
            after: json!("Viewed Pricing Page"),
        };
        assert_eq!(of(&message, &body), [renamed("/name", "/properties/name"), event]);
    }

    #[test]
    fn a_rewritten_value_is_told_at_its_place_and_a_dropped_object_once() {
        let message = json!({"properties": {"a/b": "2024-01-15"}, "integrations": {"All": true, "x": 1}});
        let body = json!({"properties": {"a/b": "2024-01-15T00:00:00.000Z"}});
        let rewritten = Change::Rewritten {
            from: "/properties/a~1b".to_owned(),
            to: "/properties/a~1b".to_owned(),
            before: json!("2024-01-15"),
            after: json!("2024-01-15T00:00:00.000Z"),
        };
        let dropped = Change::Dropped {
            from: "/integrations".to_owned(),
            before: json!({"All": true, "x": 1}),
        };
        assert_eq!(of(&message, &body), [rewritten, dropped]);
    }

    #[test]
    fn what_says_nothing_has_not_moved() {
        let message = json!({"a": true, "b": "", "c": {}});
        assert_eq!(of(&message, &json!({"x": true, "y": "", "z": {}})).len(), 6);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(Value::from),
            (0..3_i64).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            let key = "(a|a_b|aB|c|d)";
            prop::collection::btree_map(key, inner, 0..4).prop_map(|members| members.into_iter().collect())
        })
    }

    fn object() -> impl Strategy<Value = Value> {
        value().prop_map(|value| match value {
            Value::Object(_) => value,
            other => json!({ "a": other }),
        })
    }

    proptest! {
        /// Nothing is told of what is the same, and whoever makes the changes told of one to it has the other: nothing
        /// is left out.
        #[test]
        fn the_changes_are_all_there_is_between_the_two(message in object(), body in object()) {
            prop_assert_eq!(of(&message, &message), []);
            let mut made = message.clone();
            for change in of(&message, &body) {
                match change {
                    Change::Renamed { from, .. } | Change::Rewritten { from, .. } | Change::Dropped { from, .. } => {
                        take(&mut made, &from);
                    }
                    Change::Added { .. } => {}
                }
            }
            let mut kept = body.clone();
            for change in of(&message, &body) {
                match change {
                    Change::Renamed { to, .. } | Change::Rewritten { to, .. } | Change::Added { to, .. } => {
                        take(&mut kept, &to);
                    }
                    Change::Dropped { .. } => {}
                }
            }
            prop_assert_eq!(leaves(&made), leaves(&kept));
        }
    }

    /// Takes out what stands at a place.
    fn take(value: &mut Value, pointer: &str) {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).and_then(Value::as_object_mut).unwrap();
        assert!(
            parent.shift_remove(key).is_some(),
            "{pointer} is told twice, or is not there"
        );
    }

    /// What is neither an object nor in one that is empty, in no order and without the names of what it is in.
    fn leaves(value: &Value) -> Vec<String> {
        let mut all: Vec<String> = match value {
            Value::Object(members) => members.values().flat_map(leaves).collect(),
            leaf => vec![leaf.to_string()],
        };
        all.sort();
        all
    }
}
