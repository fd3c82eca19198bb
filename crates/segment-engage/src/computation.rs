use std::time::Duration;

use crate::condition::Condition;
use crate::key;
use crate::selection::Selection;

/// People who are in it as long as a condition holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Audience {
    /// What it is called in Segment's application.
    pub name: String,
    /// Its key, where that is not made of the name.
    pub key: Option<String>,
    /// Who is in it.
    pub when: Condition,
}

impl Audience {
    /// An audience whose key is made of its name.
    pub fn new(name: impl Into<String>, when: Condition) -> Self {
        let name = name.into();
        Self { name, key: None, when }
    }

    /// The trait under which a destination is told: its `key`, else made of its name.
    ///
    /// ```
    /// use segment_engage::{Audience, Condition};
    ///
    /// let audience = Audience::new("First-Time Shopper", Condition::All(Vec::new()));
    /// assert_eq!(audience.key(), "first_time_shopper");
    /// ```
    pub fn key(&self) -> String {
        given_or_made(self.key.as_ref(), &self.name)
    }
}

/// A trait whose value is computed from what someone did.
#[derive(Clone, Debug, PartialEq)]
pub struct ComputedTrait {
    /// What it is called in Segment's application.
    pub name: String,
    /// Its key, where that is not made of the name.
    pub key: Option<String>,
    /// Which events are looked at.
    pub events: Selection,
    /// How old they are at most; any age without.
    pub within: Option<Duration>,
    /// What is made of them.
    pub aggregate: Aggregate,
}

impl ComputedTrait {
    /// The trait's name at a destination: its `key`, else made of its name.
    pub fn key(&self) -> String {
        given_or_made(self.key.as_ref(), &self.name)
    }
}

fn given_or_made(key: Option<&String>, name: &str) -> String {
    key.cloned().unwrap_or_else(|| key::snake_case(name))
}

/// What is made of events. All but [`Aggregate::Count`] name the property that is looked at; an event without it, or with
/// null there, counts for nothing, nor does in a sum, minimum, maximum or average one whose property is no number.
///
/// Events are in the order in which they happened, those of one moment in that of their arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// How many events there are.
    Count,
    /// The sum.
    Sum(String),
    /// The smallest number, with the digits it came with.
    Minimum(String),
    /// The largest number, with the digits it came with.
    Maximum(String),
    /// The mean.
    Average(String),
    /// The value that occurs most often; of several, the one that occurred last.
    MostFrequent(String),
    /// The first event's value.
    First(String),
    /// The last event's value.
    Last(String),
    /// Each value once, in the order of their first occurrence.
    UniqueList(String),
    /// How many different values there are.
    UniqueCount(String),
}

/// `context.personas.computation_class`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Membership of an audience, which is true or false.
    Audience,
    /// A computed trait.
    Trait,
}

impl Class {
    /// The class as a message spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audience => "audience",
            Self::Trait => "trait",
        }
    }
}

/// What a destination is told about: an audience or a computed trait, by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computation {
    /// Which of the two.
    pub class: Class,
    /// The key, which is a trait's name for the destination.
    pub key: String,
}
