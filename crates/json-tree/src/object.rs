use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::{BuildHasher as _, Hash, Hasher};
use std::mem;
use std::ops::Range;

use crate::Value;

/// Of no more members than these a key is found sooner by comparing than by its hash.
const FEW: usize = 32;

/// Members in their order, no key twice. Two objects are equal whatever the order is, and wherever they stand.
///
/// Keys are looked for one by one: an object has few members, and one with many is asked for a few.
#[derive(Clone, Default)]
pub struct Object<'a> {
    members: Vec<(Cow<'a, str>, Value<'a>)>,
    place: Option<Place>,
}

/// The first byte and the one after the last.
type Place = (u32, u32);

impl<'a> Object<'a> {
    /// One without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that stands there in its text, of members as they follow each other: of a key that stands twice the last value counts,
    /// in the place of the first.
    pub(crate) fn at(place: Range<usize>, members: Vec<(Cow<'a, str>, Value<'a>)>) -> Self {
        let place = u32::try_from(place.start).ok().zip(u32::try_from(place.end).ok());
        Self {
            members: last_of_each(members),
            place,
        }
    }

    /// The same without the text that it was read of.
    pub fn into_owned(self) -> Object<'static> {
        let owned = |(key, value): (Cow<'a, str>, Value<'a>)| (Cow::Owned(key.into_owned()), value.into_owned());
        Object {
            members: self.members.into_iter().map(owned).collect(),
            place: self.place,
        }
    }

    /// Where it stands in the text that was read, if that is known and it is still what stands there: a text with anything odd
    /// in it is read in another way.
    pub fn place(&self) -> Option<Range<usize>> {
        self.place.map(|(start, end)| start as usize..end as usize)
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.iter().find(|(found, _)| *found == key).map(|(_, value)| value)
    }

    /// Whether there is such a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Takes a member out. The others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value<'a>> {
        let index = self.members.iter().position(|(found, _)| found == key)?;
        self.place = None;
        Some(self.members.remove(index).1)
    }

    /// Puts a value in the place of the key's own, or behind all others.
    pub fn insert(&mut self, key: impl Into<Cow<'a, str>>, value: Value<'a>) {
        let key = key.into();
        self.place = None;
        match self.members.iter_mut().find(|(found, _)| *found == key) {
            Some((_, own)) => *own = value,
            None => self.members.push((key, value)),
        }
    }

    /// The members in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.members.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }

    /// The members by their keys, which are no two the same.
    fn sorted(&self) -> Vec<(&str, &Value<'a>)> {
        let mut members: Vec<_> = self.iter().collect();
        members.sort_unstable_by_key(|(key, _)| *key);
        members
    }
}

impl<'a> FromIterator<(Cow<'a, str>, Value<'a>)> for Object<'a> {
    /// Of a key that comes twice the last value counts, in the place of the first.
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, Value<'a>)>>(members: I) -> Self {
        Self {
            members: last_of_each(members.into_iter().collect()),
            place: None,
        }
    }
}

impl<'a> IntoIterator for Object<'a> {
    type Item = (Cow<'a, str>, Value<'a>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl PartialEq for Object<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.sorted().eq(&other.sorted())
    }
}

impl Eq for Object<'_> {}

impl Hash for Object<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // A sum is the same in any order.
        let hash = |member| foldhash::quality::FixedState::default().hash_one(member);
        self.iter().map(hash).fold(0, u64::wrapping_add).hash(state);
    }
}

/// As compact JSON.
impl fmt::Display for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        serde_json::Value::Object(self.into()).fmt(f)
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Moves the last value of each key to where the key stands first.
fn last_of_each<'a>(members: Vec<(Cow<'a, str>, Value<'a>)>) -> Vec<(Cow<'a, str>, Value<'a>)> {
    if members.len() > FEW {
        return last_of_many(members);
    }
    let is_repeated = |index: usize| members[..index].iter().any(|(key, _)| *key == members[index].0);
    if (1..members.len()).any(is_repeated) {
        last_of_many(members)
    } else {
        members
    }
}

fn last_of_many<'a>(members: Vec<(Cow<'a, str>, Value<'a>)>) -> Vec<(Cow<'a, str>, Value<'a>)> {
    let mut places: HashMap<Cow<'a, str>, usize, foldhash::fast::RandomState> = HashMap::default();
    let mut kept: Vec<(Cow<'a, str>, Value<'a>)> = Vec::with_capacity(members.len());
    for (key, value) in members {
        match places.entry(key.clone()) {
            Entry::Occupied(place) => drop(mem::replace(&mut kept[*place.get()].1, value)),
            Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push((key, value));
            }
        }
    }
    kept
}
