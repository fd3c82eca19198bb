use std::time::Duration;

use super::people::{People, Person};
use super::{
    Conversion, Conversions, Identities, Identity, Merge, Merges, PageView, PageViews, Visit, Visitor, visitors, visits,
};

/// One visitor as the ledger knows them now: the same rows as for everyone, but theirs only.
#[derive(Debug)]
pub struct OneVisitor<'a> {
    pub(crate) person: Person,
    pub(crate) people: &'a People,
    pub(crate) page_views: &'a PageViews,
    pub(crate) conversions: &'a Conversions,
    pub(crate) identities: &'a Identities,
    pub(crate) merges: &'a Merges,
    pub(crate) visit_gap: Duration,
}

impl OneVisitor<'_> {
    /// The canonical name.
    pub fn name(&self) -> String {
        self.people.name(self.person)
    }

    /// Every user id, the one that stands for the person first.
    pub fn user_ids(&self) -> Vec<String> {
        self.people.user_ids(self.person)
    }

    /// Every cookie that the person holds now. One that has passed on to another user is that one's.
    pub fn cookie_ids(&self) -> Vec<String> {
        self.people.cookie_ids(self.person)
    }

    /// The row among all visitors. None for someone whom only the other side of an alias names: that one has done nothing.
    pub fn row(&self) -> Option<Visitor> {
        let (people, only) = (self.people, Some(self.person));
        visitors(people, self.page_views, self.conversions, self.visit_gap, only).pop()
    }

    /// Their sessions of page views, by the time they began.
    pub fn visits(&self) -> Vec<Visit> {
        visits(self.page_views, self.people, self.visit_gap, Some(self.person))
    }

    /// Their pages and screens, by time.
    pub fn page_views(&self) -> Vec<PageView> {
        self.page_views.rows(self.people, Some(self.person))
    }

    /// Their events that are no page views, by time.
    pub fn conversions(&self) -> Vec<Conversion> {
        self.conversions.rows(self.people, Some(self.person))
    }

    /// Whether the [conversion of this place](crate::Ledger::conversion) is theirs.
    pub fn has_conversion(&self, place: usize) -> bool {
        self.conversions.person(place).is_some_and(|person| self.is(person))
    }

    /// Whether the [page view of this place](crate::Ledger::page_view) is theirs.
    pub fn has_page_view(&self, place: usize) -> bool {
        self.page_views.person(place).is_some_and(|person| self.is(person))
    }

    fn is(&self, person: Person) -> bool {
        self.people.is(person, Some(self.person))
    }

    /// Who they are, once they have been identified.
    pub fn identity(&self) -> Option<Identity> {
        self.identities.rows(self.people, Some(self.person)).pop()
    }

    /// The aliases that name one of their ids on either side, in the order of arrival.
    pub fn merges(&self) -> Vec<Merge> {
        let is_theirs = |id: &str| self.people.find(id) == Some(self.person);
        let mut merges = self.merges.rows();
        merges.retain(|merge| is_theirs(&merge.from) || is_theirs(&merge.into));
        merges
    }
}
