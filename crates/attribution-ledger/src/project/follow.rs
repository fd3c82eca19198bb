use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

use super::people::{People, Person};
use super::visits::visits_of;
use super::{Conversion, Conversions, Identities, PageViews, Visit};
use crate::hash::HashMap;

/// Remembers what has been told of a ledger, so that only what has changed since is told next: see
/// [`Ledger::changes`](crate::Ledger::changes).
///
/// It follows one ledger from wherever that is. One that has begun anew needs a new follower.
#[derive(Clone, Debug, Default)]
pub struct Follower {
    /// What each person has who has been told of.
    people: HashMap<Person, Theirs>,
    /// So many of the ledger's page views, tracks, identifies and joined persons have been looked at.
    seen: [usize; 4],
}

/// The places of what one person did.
#[derive(Clone, Debug, Default)]
struct Theirs {
    /// In the order in which they were found.
    views: Vec<usize>,
    /// In the same order, which is put right before anything is made of them.
    identifies: Vec<usize>,
}

/// What has changed of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The person, by a number that stays until they join another.
    pub person: u64,
    /// Who of those told of before is this person now. Nothing is told of them any more.
    pub joined: Vec<u64>,
    /// All visits of the person as they are now, by the time they began; none where no page view came or changed hands. A
    /// late page view may have begun, prolonged, joined or cut any of them.
    pub visits: Option<Vec<Visit>>,
    /// The person's conversions that no one has been told of, in the order of arrival. A conversion never changes.
    pub conversions: Vec<Conversion>,
    /// All that identifies said of the person as it is now, as in [`Identity`](super::Identity); none where no identify came
    /// or changed hands.
    pub traits: Option<Map<String, Value>>,
}

/// The rows that are followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Followed<'a> {
    pub(crate) people: &'a People,
    pub(crate) page_views: &'a PageViews,
    pub(crate) conversions: &'a Conversions,
    pub(crate) identities: &'a Identities,
    pub(crate) visit_gap: Duration,
}

/// The same in numbers.
#[derive(Debug, Default)]
struct Touched {
    joined: Vec<Person>,
    is_reshaped: bool,
    tracks: Vec<usize>,
    is_identified: bool,
}

impl Follower {
    /// Looks at what is new, and tells what comes of it person by person.
    pub(crate) fn follow(&mut self, ledger: Followed<'_>, mut tell: impl FnMut(Change)) {
        for (person, touched) in self.touched(ledger) {
            let theirs = self.people.entry(person).or_default();
            tell(Change {
                person: person.number(),
                joined: touched.joined.into_iter().map(Person::number).collect(),
                visits: touched.is_reshaped.then(|| theirs.visits(ledger)),
                conversions: touched
                    .tracks
                    .into_iter()
                    .filter_map(|place| ledger.conversions.row(place, ledger.people))
                    .collect(),
                traits: touched.is_identified.then(|| theirs.traits(ledger)),
            });
        }
    }

    /// Whom anything new is of.
    fn touched(&mut self, ledger: Followed<'_>) -> BTreeMap<Person, Touched> {
        let Followed {
            people,
            page_views,
            conversions,
            identities,
            ..
        } = ledger;
        let [views, tracks, identifies, joined] = self.seen;
        let mut all: BTreeMap<Person, Touched> = BTreeMap::new();
        for gone in &people.joined()[joined..] {
            if let Some(theirs) = self.people.remove(gone) {
                let person = people.today(*gone);
                let touched = all.entry(person).or_default();
                touched.joined.push(*gone);
                touched.is_reshaped |= !theirs.views.is_empty();
                touched.is_identified |= !theirs.identifies.is_empty();
                self.people.entry(person).or_default().absorb(theirs);
            }
        }
        for (place, view) in page_views.views().iter().enumerate().skip(views) {
            let person = people.today(view.arrival.person);
            all.entry(person).or_default().is_reshaped = true;
            self.people.entry(person).or_default().views.push(place);
        }
        for (place, arrival) in conversions.arrivals().enumerate().skip(tracks) {
            let person = people.today(arrival.person);
            all.entry(person).or_default().tracks.push(place);
        }
        for (place, arrival) in identities.arrivals().enumerate().skip(identifies) {
            let person = people.today(arrival.person);
            all.entry(person).or_default().is_identified = true;
            self.people.entry(person).or_default().identifies.push(place);
        }
        self.seen = [
            page_views.views().len(),
            conversions.len(),
            identities.len(),
            people.joined().len(),
        ];
        all
    }
}

impl Theirs {
    fn visits(&self, ledger: Followed<'_>) -> Vec<Visit> {
        let views = self.views.iter();
        let views = views.map(|place| (*place, &ledger.page_views.views()[*place]));
        visits_of(views.collect(), ledger.people, ledger.visit_gap)
    }

    fn traits(&mut self, ledger: Followed<'_>) -> Map<String, Value> {
        self.identifies.sort_unstable();
        ledger.identities.traits(&self.identifies)
    }

    fn absorb(&mut self, other: Self) {
        self.views.extend(other.views);
        self.identifies.extend(other.identifies);
    }
}
