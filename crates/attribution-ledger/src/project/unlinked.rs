use std::collections::{BTreeMap, HashSet};

use super::people::{People, Person};
use super::{Conversions, PageViews, Spoken};

/// A user whose conversions have nothing to do with any visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unlinked {
    /// The number of the request that made the first conversion to arrive.
    pub(crate) request: u64,
    /// Where in that request it stands.
    pub(crate) spoken: Spoken,
    /// That conversion's event.
    pub(crate) event: String,
    /// The canonical name of the user.
    pub(crate) visitor: String,
    /// How many conversions there are.
    pub(crate) conversions: u64,
}

/// Every user with a conversion who has no page view and never held a cookie, by the arrival of the first conversion. None
/// while nobody has a page view.
pub(crate) fn unlinked(people: &People, views: &PageViews, tracks: &Conversions) -> Vec<Unlinked> {
    let viewers: HashSet<Person> = views
        .views()
        .iter()
        .map(|view| people.today(view.arrival.person))
        .collect();
    if viewers.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Unlinked> = Vec::new();
    let mut places: BTreeMap<Person, usize> = BTreeMap::new();
    for (arrival, spoken, event) in tracks.events() {
        let person = people.today(arrival.person);
        if people.had_cookie(person) || viewers.contains(&person) {
            continue;
        }
        let place = *places.entry(person).or_insert(found.len());
        match found.get_mut(place) {
            Some(known) => known.conversions += 1,
            None => found.push(Unlinked {
                request: arrival.request,
                spoken,
                event: event.to_owned(),
                visitor: people.name(person),
                conversions: 1,
            }),
        }
    }
    found
}
