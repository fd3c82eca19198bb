use std::marker::PhantomData;

use attribution_ledger::{Conversion, EntryRow, Identity, Merge, PageView, RecordedViolation, Visit, Visitor};
use serde_json::{Map, Value, json};

use super::recorded::Recorded;

/// A row that there must be, with at least these values: `{"contains": [{…}]}` of a scenario's `expect`.
///
/// A value may be one of the operators of that language, such as `json!({"$gte": 10})`; a visitor may be any of their ids.
///
/// ```
/// use attribution_mock::{Wanted, conversion, visit};
/// use serde_json::{Value, json};
///
/// let order = conversion("Order Completed").by("user-1").revenue(99.9).property("plan", "pro");
/// let expected = json!({"conversions": {"contains": [
///     {"event": "Order Completed", "visitor": "user-1", "revenue": 99.9, "properties": {"plan": "pro"}}
/// ]}});
/// assert_eq!(Value::from(order), expected);
/// let long = visit().of("anonymous-1").source("google").with("page_views", json!({"$gte": 3}));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing is looked at before it is verified or waited for"]
pub struct Wanted<R> {
    fields: Map<String, Value>,
    row: PhantomData<fn() -> R>,
}

/// A conversion by the name of its event.
pub fn conversion(event: impl Into<String>) -> Wanted<Conversion> {
    Wanted::new().with("event", event.into())
}

/// A visit.
pub fn visit() -> Wanted<Visit> {
    Wanted::new()
}

/// A view of a page or screen.
pub fn page_view() -> Wanted<PageView> {
    Wanted::new()
}

/// Someone who was identified, by any of their ids.
pub fn identity(visitor: impl Into<String>) -> Wanted<Identity> {
    Wanted::new().with("visitor", visitor.into())
}

/// An alias, by the id that was given up.
pub fn merge(from: impl Into<String>) -> Wanted<Merge> {
    Wanted::new().with("from", from.into())
}

/// Anyone, by any of their ids.
pub fn visitor(visitor: impl Into<String>) -> Wanted<Visitor> {
    Wanted::new().with("visitor", visitor.into())
}

/// A request.
pub fn request() -> Wanted<EntryRow> {
    Wanted::new()
}

/// A broken rule, by its id.
pub fn violation(rule: impl Into<String>) -> Wanted<RecordedViolation> {
    Wanted::new().with("rule", rule.into())
}

impl<R: Recorded> Wanted<R> {
    fn new() -> Self {
        Self {
            fields: Map::new(),
            row: PhantomData,
        }
    }

    /// With this value at a key of the row; that there is such a key is checked where the row is looked for.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(key.into(), value.into());
        self
    }

    /// With this value inside of a mapping of the row.
    fn inside(mut self, mapping: &str, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let fields = self.fields.entry(mapping).or_insert_with(|| json!({}));
        fields[key.into()] = value.into();
        self
    }
}

/// Builders of one key each, named for what is said.
macro_rules! keys {
    ($($row:ty { $($(#[$doc:meta])* $name:ident($value:ty) = $key:literal;)* })*) => {$(
        impl Wanted<$row> {$(
            $(#[$doc])*
            pub fn $name(self, value: impl Into<$value>) -> Self {
                self.with($key, value.into())
            }
        )*}
    )*};
}

keys! {
    Conversion {
        /// Of this visitor, by any of their ids.
        by(String) = "visitor";
        /// Worth this much: a number, or an operator on numbers.
        revenue(Value) = "revenue";
        /// In this currency.
        currency(String) = "currency";
    }
    Visit {
        /// Of this visitor, by any of their ids.
        of(String) = "visitor";
        /// From this source.
        source(String) = "source";
        /// By this medium.
        medium(String) = "medium";
        /// From this campaign.
        campaign(String) = "campaign";
        /// Beginning at this path.
        page(String) = "page";
        /// Beginning at this address.
        url(String) = "url";
        /// Coming from this address.
        referrer(String) = "referrer";
        /// Of so many page views: a number, or an operator on numbers.
        page_views(Value) = "page_views";
    }
    PageView {
        /// Of this visitor, by any of their ids.
        of(String) = "visitor";
        /// Called so.
        name(String) = "name";
        /// Of this path.
        page(String) = "page";
        /// Of this address.
        url(String) = "url";
    }
    Identity {
        /// Called so.
        name(String) = "name";
        /// With this address.
        email(String) = "email";
    }
    Merge {
        /// Which goes on as this visitor.
        into(String) = "into";
    }
    Visitor {
        /// Of so many visits: a number, or an operator on numbers.
        visits(Value) = "visits";
        /// Of so many page views: a number, or an operator on numbers.
        page_views(Value) = "page_views";
        /// Of so many conversions: a number, or an operator on numbers.
        conversions(Value) = "conversions";
    }
    EntryRow {
        /// To this path.
        to(String) = "path";
        /// Answered with this status: a number, or an operator on numbers.
        status(Value) = "status";
        /// Whether it was recorded.
        recorded(bool) = "recorded";
        /// With at least this in its body.
        body(Value) = "body";
    }
    RecordedViolation {
        /// At this place of the body, as a JSON pointer.
        at(String) = "pointer";
        /// Of this request, by its number.
        of_request(u64) = "request";
    }
}

impl Wanted<Conversion> {
    /// With this property.
    pub fn property(self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.inside("properties", key, value)
    }
}

impl Wanted<Identity> {
    /// With this trait, as of the last time it was told.
    pub fn known_as(self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.inside("traits", key, value)
    }
}

impl<R: Recorded> From<Wanted<R>> for Value {
    /// The whole `expect`.
    fn from(wanted: Wanted<R>) -> Self {
        json!({ R::SECTION.as_str(): { "contains": [wanted.fields] } })
    }
}
