use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use jiff::Timestamp;
use segment_event::Event;
use serde_json::Value;

use crate::computation::{Audience, Class, Computation, ComputedTrait};
use crate::flaw::{Flaw, flaws};
use crate::identity::{Aliases, ExternalId, Id, People, Person};
use crate::profile::Profile;
use crate::program::{EMAIL, Program};

/// Audiences and computed traits over everything that was recorded, and what the destination was told of them.
///
/// Times never run back: a sync at a moment before the last one is one at the moment of the last.
#[derive(Clone, Debug)]
pub struct Engage {
    computations: Vec<Computation>,
    program: Program,
    people: People,
    profiles: Vec<Profile>,
    /// Who is looked at in the next sync, because something happened.
    touched: Vec<Person>,
    /// Who is looked at in the first sync after a moment, because something has become too old by then. A profile that
    /// by now wakes at another moment is passed over.
    wakes: BinaryHeap<Reverse<(Timestamp, Person)>>,
    /// How many messages were recorded.
    recorded: u64,
    last_sync: Timestamp,
    told: Told,
}

/// What the destination was told, of each external id by itself.
#[derive(Clone, Debug, Default)]
struct Told {
    /// The memberships that were told true, in as many words for each id.
    memberships: Vec<u64>,
    words: usize,
    values: HashMap<(Id, usize), Value>,
}

/// A change by numbers alone, of which a first sync has very many at once.
struct Found {
    number: usize,
    id: Id,
    news: News,
}

enum News {
    IsMember(bool),
    Value(Box<Value>),
}

/// Something that the destination is to be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'a> {
    /// Of what: its number among [`Engage::computations`].
    pub number: usize,
    /// Of what.
    pub computation: &'a Computation,
    /// Of whom.
    pub id: &'a ExternalId,
    /// The trait `email` of the profile, where it is text.
    pub email: Option<&'a str>,
    /// Of an audience, whether this is a member now; the value of a computed trait.
    pub value: Value,
}

impl Engage {
    /// Audiences and computed traits of which nothing is known yet.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with their keys, as [`flaws`] tells.
    pub fn new(audiences: Vec<Audience>, traits: Vec<ComputedTrait>) -> Result<Self, Vec<Flaw>> {
        let found = flaws(&audiences, &traits);
        if !found.is_empty() {
            return Err(found);
        }
        let computation = |class, key| Computation { class, key };
        let of_audiences = audiences.iter().map(|one| computation(Class::Audience, one.key()));
        let of_traits = traits.iter().map(|one| computation(Class::Trait, one.key()));
        Ok(Self {
            computations: of_audiences.chain(of_traits).collect(),
            told: Told {
                words: audiences.len().div_ceil(64),
                ..Told::default()
            },
            program: Program::new(audiences, traits),
            people: People::default(),
            profiles: Vec::new(),
            touched: Vec::new(),
            wakes: BinaryHeap::new(),
            recorded: 0,
            last_sync: Timestamp::MIN,
        })
    }

    /// What aliases do, from now on; by default they join profiles.
    #[must_use]
    pub fn with_aliases(mut self, aliases: Aliases) -> Self {
        self.people.set_aliases(aliases);
        self
    }

    /// What is computed: the audiences, then the computed traits, each in their order.
    pub fn computations(&self) -> &[Computation] {
        &self.computations
    }

    /// Takes in a message that the source received at this moment.
    pub fn record(&mut self, event: &Event, received_at: Timestamp) {
        let Some(resolved) = self.people.resolve(event) else {
            return;
        };
        self.recorded += 1;
        self.profiles.resize_with(self.people.len(), Profile::default);
        self.told
            .memberships
            .resize(self.people.ids().len() * self.told.words, 0);
        let mut is_touched = resolved.is_new || resolved.joined.is_some();
        if let Some(joined) = resolved.joined {
            let joined = std::mem::take(&mut self.profiles[joined as usize]);
            self.profiles[resolved.person as usize].absorb(joined, &self.program);
        }
        is_touched |= self.remember(resolved.person, event, received_at);
        if is_touched {
            self.touch(resolved.person);
        }
    }

    /// Remembers what is of interest in a message; returns whether anything is.
    fn remember(&mut self, person: Person, event: &Event, received_at: Timestamp) -> bool {
        let profile = &mut self.profiles[person as usize];
        let at = happened_at(event).unwrap_or(received_at);
        let mut is_touched = false;
        for slot in self.program.slots_of(event) {
            if let Some(memory) = self.program.slot(*slot).of(event, at, self.recorded) {
                profile.remember(*slot, memory, &self.program);
                is_touched = true;
            }
        }
        for (id, value) in self.program.traits_of(event) {
            is_touched |= profile.set(id, value.clone(), self.recorded);
        }
        is_touched
    }

    fn touch(&mut self, person: Person) {
        let profile = &mut self.profiles[person as usize];
        if !profile.is_listed {
            profile.is_listed = true;
            self.touched.push(person);
        }
    }

    /// Whether a sync at this moment could tell anything. Where it is false, the sync may be left out.
    pub fn may_change(&self, at: Timestamp) -> bool {
        let wakes = |Reverse((wake, _)): &Reverse<(Timestamp, Person)>| *wake < at;
        !self.touched.is_empty() || self.wakes.peek().is_some_and(wakes)
    }

    /// What the destination has not been told yet at this moment: of each audience who has become a member and who is no
    /// longer one, and each computed trait with another value than before. The first sync tells of every member.
    ///
    /// In the order of the computations, and of each in that in which the external ids appeared first. All of it counts as
    /// told, whether it is read or not.
    #[must_use = "what is returned is never returned again"]
    pub fn sync(&mut self, now: Timestamp) -> impl ExactSizeIterator<Item = Change<'_>> {
        let now = now.max(self.last_sync);
        self.last_sync = now;
        self.wake(now);
        let mut found = Vec::new();
        for person in std::mem::take(&mut self.touched) {
            self.look_at(person, now, &mut found);
        }
        found.sort_unstable_by_key(|found| (found.number, found.id));
        found.into_iter().map(|found| self.change(found))
    }

    /// Lists everyone of whom something is too old by now.
    fn wake(&mut self, now: Timestamp) {
        while let Some(Reverse((wake, person))) = self.wakes.peek().copied()
            && wake < now
        {
            self.wakes.pop();
            let profile = &mut self.profiles[person as usize];
            if profile.wake == Some(wake) {
                profile.wake = None;
                self.touch(person);
            }
        }
    }

    fn look_at(&mut self, person: Person, now: Timestamp, found: &mut Vec<Found>) {
        let profile = &mut self.profiles[person as usize];
        profile.is_listed = false;
        let wake = profile.prune(&self.program, now);
        if profile.wake != wake {
            profile.wake = wake;
            self.wakes.extend(wake.map(|wake| Reverse((wake, person))));
        }
        let profile = &self.profiles[person as usize];
        let ids = self.people.ids_of(person);
        for (number, is_member) in self.program.memberships(profile).enumerate() {
            for id in ids {
                if self.told.membership(*id, number, is_member) {
                    let news = News::IsMember(is_member);
                    found.push(Found { number, id: *id, news });
                }
            }
        }
        for (number, (value, of_nothing)) in (self.program.audiences()..).zip(self.program.values(profile)) {
            for id in ids {
                if let Some(value) = self.told.value(*id, number, value.as_ref(), &of_nothing) {
                    let news = News::Value(Box::new(value.clone()));
                    found.push(Found { number, id: *id, news });
                }
            }
        }
    }

    fn change(&self, Found { number, id, news }: Found) -> Change<'_> {
        let profile = &self.profiles[self.people.owner_of(id) as usize];
        Change {
            number,
            computation: &self.computations[number],
            id: &self.people.ids()[id as usize],
            email: profile.value(EMAIL).and_then(Value::as_str),
            value: match news {
                News::IsMember(is_member) => is_member.into(),
                News::Value(value) => *value,
            },
        }
    }

    /// Who was in an audience at the last sync, by its number among [`Engage::computations`]; nobody is in a computed
    /// trait. In the order in which the external ids appeared first.
    pub fn members(&self, audience: usize) -> impl Iterator<Item = &ExternalId> {
        let ids = self.people.ids().iter().zip(0..);
        ids.filter(move |(_, id)| self.told.is_member(*id, audience))
            .map(|(id, _)| id)
    }
}

impl Told {
    /// Notes a membership; returns whether it is another one than was told.
    fn membership(&mut self, id: Id, audience: usize, is_member: bool) -> bool {
        let is_told = self.is_member(id, audience);
        if is_told != is_member {
            self.memberships[id as usize * self.words + audience / 64] ^= 1 << (audience % 64);
        }
        is_told != is_member
    }

    fn is_member(&self, id: Id, audience: usize) -> bool {
        let word = (audience / 64 < self.words).then(|| self.memberships.get(id as usize * self.words + audience / 64));
        word.flatten().is_some_and(|word| word >> (audience % 64) & 1 == 1)
    }

    /// Notes a value; returns it if it is another one than was told. Of someone of whom there never was anything, nothing
    /// is told.
    fn value<'a>(
        &mut self,
        id: Id,
        number: usize,
        value: Option<&'a Value>,
        of_nothing: &'a Value,
    ) -> Option<&'a Value> {
        let told = self.values.get(&(id, number));
        let value = value.or_else(|| told.map(|_| of_nothing))?;
        if told == Some(value) {
            return None;
        }
        self.values.insert((id, number), value.clone());
        Some(value)
    }
}

/// When an event says that it happened.
fn happened_at(event: &Event) -> Option<Timestamp> {
    event.get("timestamp")?.as_str()?.parse().ok()
}
