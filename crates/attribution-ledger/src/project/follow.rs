use std::collections::BTreeMap;
use std::time::Duration;

use super::people::{People, Person};
use super::visits::visits_of;
use super::{Conversion, Conversions, PageViews, Visit};
use crate::hash::HashMap;

/// Remembers what has been told of a ledger, so that only what has changed since is told next: see
/// [`Ledger::changes`](crate::Ledger::changes).
///
/// It follows one ledger from wherever that is. One that has begun anew needs a new follower.
#[derive(Clone, Debug, Default)]
pub struct Follower {
    /// Which page views each person has who has been told of, in the order in which they were found.
    views: HashMap<Person, Vec<usize>>,
    /// So many of the ledger's page views, tracks and joined persons have been looked at.
    seen: [usize; 3],
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
}

/// The same in numbers.
#[derive(Debug, Default)]
struct Touched {
    joined: Vec<Person>,
    is_reshaped: bool,
    tracks: Vec<usize>,
}

impl Follower {
    /// Looks at what is new, and tells what comes of it person by person.
    pub(crate) fn follow(
        &mut self,
        people: &People,
        page_views: &PageViews,
        conversions: &Conversions,
        gap: Duration,
        mut tell: impl FnMut(Change),
    ) {
        for (person, touched) in self.touched(people, page_views, conversions) {
            let theirs = self.views.get(&person).filter(|_| touched.is_reshaped);
            let theirs = theirs.map(|places| {
                places
                    .iter()
                    .map(|place| (*place, &page_views.views()[*place]))
                    .collect()
            });
            tell(Change {
                person: person.number(),
                joined: touched.joined.into_iter().map(Person::number).collect(),
                visits: theirs.map(|views| visits_of(views, people, gap)),
                conversions: touched
                    .tracks
                    .into_iter()
                    .filter_map(|place| conversions.row(place, people))
                    .collect(),
            });
        }
    }

    /// Whom anything new is of.
    fn touched(
        &mut self,
        people: &People,
        page_views: &PageViews,
        conversions: &Conversions,
    ) -> BTreeMap<Person, Touched> {
        let [views, tracks, joined] = &mut self.seen;
        let mut all: BTreeMap<Person, Touched> = BTreeMap::new();
        for gone in &people.joined()[*joined..] {
            if let Some(theirs) = self.views.remove(gone) {
                let person = people.today(*gone);
                let touched = all.entry(person).or_default();
                touched.joined.push(*gone);
                touched.is_reshaped |= !theirs.is_empty();
                self.views.entry(person).or_default().extend(theirs);
            }
        }
        for (place, view) in page_views.views().iter().enumerate().skip(*views) {
            let person = people.today(view.arrival.person);
            all.entry(person).or_default().is_reshaped = true;
            self.views.entry(person).or_default().push(place);
        }
        for (place, arrival) in conversions.arrivals().enumerate().skip(*tracks) {
            let person = people.today(arrival.person);
            all.entry(person).or_default().tracks.push(place);
            self.views.entry(person).or_default();
        }
        *joined = people.joined().len();
        *views = page_views.views().len();
        *tracks = conversions.len();
        all
    }
}
