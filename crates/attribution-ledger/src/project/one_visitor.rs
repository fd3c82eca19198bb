use std::time::Duration;

use serde_json::{Map, Value};

use super::page_views::View;
use super::people::{DeedKind, People, Person};
use super::unlinked::unlinked;
use super::visits::{count_visits, visits_of};
use super::{
    Conversion, Conversions, Identities, Identity, Merge, Merges, PageView, PageViews, RecordedViolation, Visit,
    Visitor,
};
use crate::rules::{self, RuleLevels};

/// All that rows are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tables<'a> {
    pub(crate) people: &'a People,
    pub(crate) page_views: &'a PageViews,
    pub(crate) conversions: &'a Conversions,
    pub(crate) identities: &'a Identities,
    pub(crate) merges: &'a Merges,
    pub(crate) visit_gap: Duration,
    pub(crate) rules: &'a RuleLevels,
}

/// One visitor as the ledger knows them now: the same rows as for everyone, but theirs only. They cost what the visitor did,
/// however much others did.
#[derive(Clone, Copy, Debug)]
pub struct OneVisitor<'a> {
    person: Person,
    tables: Tables<'a>,
}

impl<'a> Tables<'a> {
    /// The person of today as these tell.
    pub(crate) fn one(self, person: Person) -> OneVisitor<'a> {
        OneVisitor { person, tables: self }
    }

    /// How many page views, tracks and identifies there are.
    pub(crate) fn counts(self) -> [usize; 3] {
        [
            self.page_views.count(),
            self.conversions.count(),
            self.identities.count(),
        ]
    }

    /// Everyone who did something.
    pub(crate) fn everyone(self) -> impl Iterator<Item = OneVisitor<'a>> {
        self.people.everyone().map(move |person| self.one(person))
    }
}

impl<'a> OneVisitor<'a> {
    /// A number that stays the visitor's until they join another.
    pub fn number(&self) -> u64 {
        self.person.number()
    }

    /// The canonical name.
    pub fn name(&self) -> String {
        self.tables.people.name(self.person)
    }

    /// Every user id, the one that stands for the person first.
    pub fn user_ids(&self) -> Vec<String> {
        self.tables.people.user_ids(self.person)
    }

    /// Every cookie that the person holds now. One that has passed on to another user is that one's.
    pub fn cookie_ids(&self) -> Vec<String> {
        self.tables.people.cookie_ids(self.person)
    }

    /// The row among all visitors. None for someone whom only the other side of an alias names: that one has done nothing.
    pub fn row(&self) -> Option<Visitor> {
        let (first_seen, last_seen) = self.tables.people.seen(self.person)?;
        let views = self.views();
        Some(Visitor {
            visitor: self.name(),
            user_ids: self.user_ids(),
            cookie_ids: self.cookie_ids(),
            page_views: views.len() as u64,
            visits: count_visits(views, self.tables.people, self.tables.visit_gap) as u64,
            conversions: self.conversion_places().len() as u64,
            first_seen,
            last_seen,
        })
    }

    /// Their sessions of page views, by the time they began.
    pub fn visits(&self) -> Vec<Visit> {
        let visits = self.placed_visits().into_iter();
        visits.map(|(_, visit)| visit).collect()
    }

    /// The same, each with the place in the order of arrival of the page view that began it.
    pub fn placed_visits(&self) -> Vec<(usize, Visit)> {
        visits_of(self.views(), self.tables.people, self.tables.visit_gap)
    }

    /// Their pages and screens, by time.
    pub fn page_views(&self) -> Vec<PageView> {
        let places = self.page_view_places().into_iter();
        let rows = places.filter_map(|place| self.tables.page_views.row(place, self.tables.people));
        let mut rows: Vec<PageView> = rows.collect();
        rows.sort_by_key(|row| (row.at, row.request));
        rows
    }

    /// The [places](crate::Ledger::page_view) of these, in the order of arrival.
    pub fn page_view_places(&self) -> Vec<usize> {
        self.tables.people.deeds(self.person, DeedKind::View)
    }

    /// Their events that are no page views, by time.
    pub fn conversions(&self) -> Vec<Conversion> {
        let places = self.conversion_places().into_iter();
        let rows = places.filter_map(|place| self.conversion(place));
        let mut rows: Vec<Conversion> = rows.collect();
        rows.sort_by_key(|row| (row.at, row.request));
        rows
    }

    /// The [places](crate::Ledger::conversion) of these, in the order of arrival.
    pub fn conversion_places(&self) -> Vec<usize> {
        self.tables.people.deeds(self.person, DeedKind::Track)
    }

    /// Who they are, once they have been identified.
    pub fn identity(&self) -> Option<Identity> {
        self.placed_identity().map(|(_, identity)| identity)
    }

    /// The same, with the place in the order of arrival of what identified them first: identities are in that order.
    pub fn placed_identity(&self) -> Option<(usize, Identity)> {
        let places = self.tables.people.deeds(self.person, DeedKind::Identify);
        let identity = self.tables.identities.row(self.person, &places, self.tables.people);
        Some((*places.first()?, identity))
    }

    /// What is wrong with their conversions as long as nothing links them to a visit, with the place in the order of arrival of
    /// the first of these.
    pub fn unlinked(&self) -> Vec<(usize, RecordedViolation)> {
        let Some(unlinked) = unlinked(self.person, self.tables) else {
            return Vec::new();
        };
        let mut found = rules::unlinked(&unlinked);
        self.tables.rules.apply(&mut found);
        let places = self.conversion_places();
        let recorded = |violation| Some((*places.first()?, RecordedViolation::new(unlinked.request, violation)));
        found.into_iter().filter_map(recorded).collect()
    }

    /// All that identifies said of them, as in their [`identity`](Self::identity).
    pub(super) fn traits(&self) -> Map<String, Value> {
        let places = self.tables.people.deeds(self.person, DeedKind::Identify);
        self.tables.identities.traits(&places)
    }

    pub(super) fn conversion(&self, place: usize) -> Option<Conversion> {
        self.tables.conversions.row(place, self.tables.people)
    }

    fn views(&self) -> Vec<(usize, &'a View)> {
        let all = self.tables.page_views.views();
        let places = self.page_view_places().into_iter();
        places.map(|place| (place, &all[place])).collect()
    }

    /// The aliases that name one of their ids on either side, in the order of arrival.
    pub fn merges(&self) -> Vec<Merge> {
        let is_theirs = |id: &str| self.tables.people.find(id) == Some(self.person);
        let mut merges = self.tables.merges.rows();
        merges.retain(|merge| is_theirs(&merge.from) || is_theirs(&merge.into));
        merges
    }
}
