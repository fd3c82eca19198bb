use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::people::{People, Person};
use super::visits::sessions;
use super::{Conversions, PageViews};

/// One person, known or anonymous.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Visitor {
    /// The canonical name.
    pub visitor: String,
    /// Every user id of the person, the one that stands for the person first.
    pub user_ids: Vec<String>,
    /// Every cookie that the person holds now. A cookie that has passed on to another user is that one's.
    pub cookie_ids: Vec<String>,
    /// How many page views.
    pub page_views: u64,
    /// How many visits.
    pub visits: u64,
    /// How many conversions.
    pub conversions: u64,
    /// The earliest time of anything that the person did, by the sender's clock where it says, else by the time of receipt.
    pub first_seen: Timestamp,
    /// The latest such time.
    pub last_seen: Timestamp,
}

/// Everyone there is, or one person only; by the time they were first seen, then by name.
pub(crate) fn visitors(
    people: &People,
    views: &PageViews,
    tracks: &Conversions,
    gap: Duration,
    only: Option<Person>,
) -> Vec<Visitor> {
    let mut visitors: Vec<Visitor> = Vec::new();
    let mut by_person = HashMap::new();
    for (person, first_seen, last_seen) in people.everyone().filter(|(person, ..)| people.is(*person, only)) {
        let visitor = people.name(person);
        by_person.insert(person, visitors.len());
        let (user_ids, cookie_ids) = (people.user_ids(person), people.cookie_ids(person));
        let counts = Visitor {
            visitor,
            user_ids,
            cookie_ids,
            page_views: 0,
            visits: 0,
            conversions: 0,
            first_seen,
            last_seen,
        };
        visitors.push(counts);
    }
    let place = |person| by_person[&people.today(person)];
    for view in views.views().iter().filter(|view| people.is(view.arrival.person, only)) {
        visitors[place(view.arrival.person)].page_views += 1;
    }
    for arrival in tracks.arrivals().filter(|arrival| people.is(arrival.person, only)) {
        visitors[place(arrival.person)].conversions += 1;
    }
    for visit in sessions(views, people, gap, only) {
        visitors[place(visit.person())].visits += 1;
    }
    visitors.sort_by(|a, b| (a.first_seen, &a.visitor).cmp(&(b.first_seen, &b.visitor)));
    visitors
}
