use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Number, Value};

/// All of a record that is exported.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ExportRecord {
    pub(super) visitors: Vec<Visitor>,
    pub(super) page_views: Vec<PageView>,
    pub(super) visits: Vec<Visit>,
    pub(super) identities: Vec<Identity>,
    pub(super) conversions: Vec<Conversion>,
    pub(super) dropped: Option<u64>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Visitor {
    #[serde(rename = "visitor")]
    pub(super) id: String,
    pub(super) user_ids: Vec<String>,
    pub(super) cookie_ids: Vec<String>,
    pub(super) page_views: u64,
    pub(super) visits: u64,
    pub(super) conversions: u64,
    pub(super) first_seen: Timestamp,
    pub(super) last_seen: Timestamp,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Identity {
    pub(super) visitor: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    #[serde(deserialize_with = "json_value::object")]
    pub(super) traits: Map<String, Value>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct PageView {
    pub(super) visitor: String,
    pub(super) at: Timestamp,
    pub(super) kind: Kind,
    pub(super) name: Option<String>,
    pub(super) url: Option<String>,
    pub(super) referrer: Option<String>,
    pub(super) request: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Page,
    Screen,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Visit {
    pub(super) visitor: String,
    pub(super) started_at: Timestamp,
    pub(super) ended_at: Timestamp,
    pub(super) page: Option<String>,
    pub(super) url: Option<String>,
    pub(super) name: Option<String>,
    pub(super) referrer: Option<String>,
    pub(super) source: Option<String>,
    pub(super) medium: Option<String>,
    pub(super) campaign: Option<String>,
    pub(super) term: Option<String>,
    pub(super) content: Option<String>,
    pub(super) gclid: Option<String>,
    pub(super) fbaid: Option<String>,
    pub(super) page_views: u64,
    pub(super) request: u64,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Conversion {
    pub(super) visitor: String,
    pub(super) at: Timestamp,
    pub(super) event: String,
    pub(super) revenue: Option<Number>,
    pub(super) currency: Option<String>,
    #[serde(deserialize_with = "json_value::object")]
    pub(super) properties: Map<String, Value>,
    pub(super) request: u64,
}

/// A time as a cell.
pub(super) fn time(at: Timestamp) -> Value {
    Value::String(at.to_string())
}

/// A text as a cell, where there is one.
pub(super) fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |text| Value::String(text.to_owned()))
}
