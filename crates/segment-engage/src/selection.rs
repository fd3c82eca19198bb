use segment_event::{Event, Kind};

use crate::predicate::Predicate;

/// Which events are meant: a kind, a name, and what is asked of their properties.
///
/// ```
/// use segment_engage::{Predicate, Selection};
/// use segment_event::Event;
/// use serde_json::json;
///
/// let dear = Selection::track("Order Completed").filter("revenue", Predicate::AtLeast(100.into()));
/// let event = |revenue| {
///     let properties = json!({ "revenue": revenue });
///     Event::unchecked(json!({"type": "track", "event": "Order Completed", "properties": properties})).unwrap()
/// };
/// assert!(dear.matches(&event(120)));
/// assert!(!dear.matches(&event(90)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    kind: Kind,
    name: String,
    filters: Vec<(String, Predicate)>,
}

impl Selection {
    /// Track calls whose `event` is exactly this.
    pub fn track(event: impl Into<String>) -> Self {
        Self::of(Kind::Track, event)
    }

    /// Page calls whose `name` is exactly this.
    pub fn page(name: impl Into<String>) -> Self {
        Self::of(Kind::Page, name)
    }

    /// Screen calls whose `name` is exactly this.
    pub fn screen(name: impl Into<String>) -> Self {
        Self::of(Kind::Screen, name)
    }

    fn of(kind: Kind, name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            kind,
            name,
            filters: Vec::new(),
        }
    }

    /// Of those, only the ones whose property of this name is what the predicate asks for.
    #[must_use]
    pub fn filter(mut self, property: impl Into<String>, predicate: Predicate) -> Self {
        self.filters.push((property.into(), predicate));
        self
    }

    /// Whether an event is meant.
    pub fn matches(&self, event: &Event) -> bool {
        event.kind() == self.kind && Self::name_of(event) == Some(self.name()) && self.filters_hold(event)
    }

    fn filters_hold(&self, event: &Event) -> bool {
        let property = |name: &str| event.properties().and_then(|properties| properties.get(name));
        self.filters
            .iter()
            .all(|(name, predicate)| predicate.holds(property(name)))
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The name by which an event is selected, whatever its kind.
    pub(crate) fn name_of(event: &Event) -> Option<&str> {
        match event.kind() {
            Kind::Track => event.event(),
            Kind::Page | Kind::Screen => event.name(),
            Kind::Identify | Kind::Group | Kind::Alias => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use segment_event::Event;
    use serde_json::{Value, json};

    use super::*;

    fn event(message: Value) -> Event {
        Event::unchecked(message).unwrap()
    }

    #[test]
    fn a_page_of_the_name_of_a_track_is_another_event() {
        let page = event(json!({"type": "page", "name": "Pricing", "event": "Pricing"}));
        assert!(Selection::page("Pricing").matches(&page));
        assert!(!Selection::track("Pricing").matches(&page));
        assert!(!Selection::screen("Pricing").matches(&page));
        assert!(!Selection::page("pricing").matches(&page));
    }

    #[test]
    fn every_filter_must_hold() {
        let both = Selection::track("Order")
            .filter("revenue", Predicate::MoreThan(10.into()))
            .filter("coupon", Predicate::Exists(false));
        let order = |properties: Value| event(json!({"type": "track", "event": "Order", "properties": properties}));
        assert!(both.matches(&order(json!({"revenue": 11}))));
        assert!(!both.matches(&order(json!({"revenue": 11, "coupon": "X"}))));
        assert!(!both.matches(&order(json!({}))));
    }
}
