//! A sync looks only at what may have changed, and says what looking at everything would.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::prelude::*;
use segment_engage::{Aggregate, Aliases, Audience, ComputedTrait, Engage, ExternalId};
use segment_event::Event;
use serde_json::{Value, json};

use crate::generate::{Step, audiences, start, steps, traits};
use crate::specification::{Name, Specification};

/// What a destination knows after it was told everything so far.
type Told = BTreeMap<(String, Name), Value>;

struct Twins {
    engage: Engage,
    specification: Specification,
    audiences: Vec<Audience>,
    traits: Vec<ComputedTrait>,
    told: Told,
}

fn name(id: &ExternalId) -> Name {
    match id {
        ExternalId::User(id) => format!("user {id}"),
        ExternalId::Anonymous(id) => format!("anonymous {id}"),
    }
}

/// What is told of someone whose events are all too old.
fn nothing(aggregate: &Aggregate) -> Value {
    match aggregate {
        Aggregate::Count | Aggregate::Sum(_) | Aggregate::UniqueCount(_) => json!(0),
        Aggregate::UniqueList(_) => json!([]),
        _ => Value::Null,
    }
}

impl Twins {
    fn new(audiences: Vec<Audience>, traits: Vec<ComputedTrait>, aliases: Aliases) -> Self {
        let engage = Engage::new(audiences.clone(), traits.clone()).expect("no key twice");
        Self {
            engage: engage.with_aliases(aliases),
            specification: Specification {
                aliases,
                ..Specification::default()
            },
            audiences,
            traits,
            told: Told::new(),
        }
    }

    fn record(&mut self, message: Value, now: Timestamp) {
        let event = Event::unchecked(message).expect("a message");
        self.engage.record(&event, now);
        self.specification.record(event, now);
    }

    /// Syncs, and holds what was told since the beginning against what is true now.
    fn sync(&mut self, now: Timestamp) -> Result<(), TestCaseError> {
        let may_change = self.engage.may_change(now);
        let changes = self.engage.sync(now);
        prop_assert!(may_change || changes.len() == 0);
        let mut in_this_sync = BTreeSet::new();
        let mut places = Vec::new();
        for change in changes {
            let key = (change.computation.key.clone(), name(change.id));
            prop_assert!(in_this_sync.insert(key.clone()), "{key:?} is told twice in one sync");
            prop_assert_ne!(self.told.get(&key), Some(&change.value), "{:?} is told again", key);
            places.push(change.number);
            self.told.insert(key, change.value.clone());
        }
        prop_assert!(places.is_sorted());
        self.compare(now)
    }

    fn compare(&self, now: Timestamp) -> Result<(), TestCaseError> {
        for (number, audience) in self.audiences.iter().enumerate() {
            let expected = self.specification.members(audience, now);
            let incremental: BTreeSet<Name> = self.engage.members(number).map(name).collect();
            prop_assert_eq!(&incremental, &expected, "computed in steps and at once");
            let is_member = |(key, name): (&(String, Name), &Value)| {
                (key.0 == audience.key() && *name == json!(true)).then(|| key.1.clone())
            };
            let replayed: BTreeSet<Name> = self.told.iter().filter_map(is_member).collect();
            prop_assert_eq!(&replayed, &expected, "told and true");
        }
        for computed in &self.traits {
            let mut expected = self.specification.values(computed, now);
            let told: BTreeMap<Name, Value> = self
                .told
                .iter()
                .filter(|((key, _), _)| *key == computed.key())
                .map(|((_, name), value)| (name.clone(), value.clone()))
                .collect();
            for name in told.keys() {
                expected
                    .entry(name.clone())
                    .or_insert_with(|| nothing(&computed.aggregate));
            }
            prop_assert_eq!(told, expected);
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn what_is_told_in_steps_is_what_is_true_computed_from_the_beginning(
        audiences in audiences(), traits in traits(), steps in steps(), joins in prop::bool::weighted(0.8),
    ) {
        let aliases = if joins { Aliases::Join } else { Aliases::Ignore };
        let mut twins = Twins::new(audiences, traits, aliases);
        let mut now = start();
        for step in steps {
            match step {
                Step::Message(message) => twins.record(message, now),
                Step::Wait(duration) => now += duration,
                Step::Sync => twins.sync(now)?,
            }
        }
        twins.sync(now)?;
        // Once everything that can become too old has, too.
        twins.sync(now + std::time::Duration::from_secs(24 * 60 * 60))?;
    }

    #[test]
    fn a_sync_at_a_moment_before_the_last_tells_nothing_new(audiences in audiences(), steps in steps()) {
        let mut engage = Engage::new(audiences, Vec::new()).expect("no key twice");
        let mut now = start();
        for step in steps {
            match step {
                Step::Message(message) => engage.record(&Event::unchecked(message).expect("a message"), now),
                Step::Wait(duration) => now += duration,
                Step::Sync => {
                    drop(engage.sync(now));
                    prop_assert_eq!(engage.sync(start()).len(), 0);
                    prop_assert_eq!(engage.sync(now).len(), 0);
                }
            }
        }
    }
}
