use std::collections::BTreeMap;

use crate::computation::{Audience, ComputedTrait};
use crate::key::{self, KeyFlaw};

/// What is wrong with one of a list of computations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Which one, from 0: the audiences in their order, then the computed traits.
    pub computation: usize,
    /// What is wrong.
    pub kind: FlawKind,
}

/// What can be wrong with a computation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// The name has no Latin letter or digit of which a key could be made.
    NameWithoutKey,
    /// The key that is given is none that Segment would make.
    Key {
        /// The key.
        key: String,
        /// What is wrong with it.
        why: KeyFlaw,
    },
    /// Another computation has this key already: a destination could not tell the two apart.
    KeyTwice {
        /// The key.
        key: String,
        /// The computation that has it.
        first: usize,
    },
}

/// Everything that is wrong with these computations, in their order.
///
/// ```
/// use segment_engage::{Audience, Condition, FlawKind, flaws};
///
/// let everyone = || Condition::All(Vec::new());
/// let found = flaws(&[Audience::new("Big Spenders", everyone()), Audience::new("Big spenders!", everyone())], &[]);
/// assert_eq!(found[0].computation, 1);
/// assert_eq!(found[0].kind, FlawKind::KeyTwice { key: "big_spenders".into(), first: 0 });
/// ```
pub fn flaws(audiences: &[Audience], traits: &[ComputedTrait]) -> Vec<Flaw> {
    let audiences = audiences.iter().map(|audience| (audience.key.as_ref(), audience.key()));
    let traits = traits.iter().map(|computed| (computed.key.as_ref(), computed.key()));
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for (computation, (given, key)) in audiences.chain(traits).enumerate() {
        let kind = match (given, key::flaw(&key)) {
            (None, Some(_)) => Some(FlawKind::NameWithoutKey),
            (Some(_), Some(why)) => Some(FlawKind::Key { key: key.clone(), why }),
            (_, None) => seen.get(&key).map(|first| FlawKind::KeyTwice {
                key: key.clone(),
                first: *first,
            }),
        };
        seen.entry(key).or_insert(computation);
        found.extend(kind.map(|kind| Flaw { computation, kind }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::computation::Aggregate;
    use crate::condition::Condition;
    use crate::selection::Selection;

    fn audience(name: &str, key: Option<&str>) -> Audience {
        Audience {
            key: key.map(str::to_owned),
            ..Audience::new(name, Condition::All(Vec::new()))
        }
    }

    #[test]
    fn everything_is_found_at_once() {
        let audiences = [
            audience("VIP", None),
            audience("Покупатели", None),
            audience("Buyers", Some("Buyers")),
            audience("Покупатели", Some("buyers")),
        ];
        let orders = ComputedTrait {
            name: "vip".to_owned(),
            key: None,
            events: Selection::track("Order"),
            within: None,
            aggregate: Aggregate::Count,
        };
        let found = flaws(&audiences, &[orders]);
        let kinds: Vec<(usize, FlawKind)> = found.into_iter().map(|flaw| (flaw.computation, flaw.kind)).collect();
        let buyers = FlawKind::Key {
            key: "Buyers".to_owned(),
            why: KeyFlaw::Character('B'),
        };
        let twice = FlawKind::KeyTwice {
            key: "vip".to_owned(),
            first: 0,
        };
        assert_eq!(kinds, [(1, FlawKind::NameWithoutKey), (2, buyers), (4, twice)]);
    }
}
