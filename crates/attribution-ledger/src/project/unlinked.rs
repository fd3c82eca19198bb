use super::people::{DeedKind, Person};
use super::{Spoken, Tables};

/// A user whose conversions have nothing to do with any visit: one who has no page view and never held a cookie.
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

/// What is so of this person of today, where it is. Of nobody while nobody has a page view.
pub(super) fn unlinked(person: Person, tables: Tables<'_>) -> Option<Unlinked> {
    let people = tables.people;
    if tables.page_views.count() == 0 || people.had_cookie(person) || people.did(person, DeedKind::View) {
        return None;
    }
    let places = people.deeds(person, DeedKind::Track);
    let first = tables.conversions.events().nth(*places.first()?);
    first.map(|(arrival, spoken, event)| Unlinked {
        request: arrival.request,
        spoken,
        event: event.to_owned(),
        visitor: people.name(person),
        conversions: places.len() as u64,
    })
}
