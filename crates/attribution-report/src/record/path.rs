use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::received::Received;
use super::rows::{ReadVisit, Rows, RowsError};

/// The record with all that a path is made of: who has which ids, what was told of them, and which rules were broken.
#[derive(Clone, Debug)]
pub struct PathRecord {
    /// Visits and conversions.
    pub rows: Rows,
    /// The requests that count, for where ids come from; none where nobody asks.
    pub received: Received,
    more: More,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct More {
    visitors: Vec<ReadPerson>,
    visits: Vec<Source>,
    page_views: Vec<ViewOf>,
    identities: Vec<History>,
    merges: Vec<ReadMerge>,
    violations: Vec<Value>,
}

/// A person and all their ids.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ReadPerson {
    pub(crate) visitor: String,
    pub(crate) user_ids: Vec<String>,
    pub(crate) cookie_ids: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Source {
    source: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct ViewOf {
    visitor: String,
    request: u64,
}

#[derive(Clone, Debug, Deserialize)]
struct History {
    visitor: String,
    #[serde(default)]
    history: Vec<Change>,
}

#[derive(Clone, Debug, Deserialize)]
struct Change {
    at: Timestamp,
    #[serde(deserialize_with = "json_value::object")]
    traits: Map<String, Value>,
    request: u64,
}

/// One alias.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ReadMerge {
    pub(crate) from: String,
    pub(crate) into: String,
    pub(crate) at: Timestamp,
    pub(crate) request: u64,
}

impl ReadPerson {
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        let others = self.user_ids.iter().chain(&self.cookie_ids);
        std::iter::once(&self.visitor).chain(others).map(String::as_str)
    }
}

impl PathRecord {
    /// Reads the JSON of an `attribution_ledger::AttributionReport`, which is what `/__admin/report` answers.
    ///
    /// # Errors
    ///
    /// When it is not that; the error says where.
    pub fn parse(json: &[u8]) -> Result<Self, RowsError> {
        Ok(Self {
            rows: Rows::parse(json)?,
            received: Received::default(),
            more: serde_json::from_slice(json).map_err(RowsError)?,
        })
    }

    /// The ids that are most like this one, which nobody has: at most three, the nearest first.
    pub fn near(&self, id: &str) -> Vec<&str> {
        const MOST: usize = 3;
        const LONGEST: usize = 64;
        let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
        let id = short(id);
        let all: BTreeSet<&str> = self.more.visitors.iter().flat_map(ReadPerson::ids).collect();
        let mut scored: Vec<(usize, &str)> = all
            .into_iter()
            .map(|known| (strsim::damerau_levenshtein(&id, &short(known)), known))
            .collect();
        scored.sort_unstable();
        scored.into_iter().take(MOST).map(|(_, known)| known).collect()
    }

    pub(crate) fn person(&self, id: &str) -> Option<&ReadPerson> {
        self.more
            .visitors
            .iter()
            .find(|person| person.ids().any(|own| own == id))
    }

    /// Each visit with its `utm_source`.
    pub(crate) fn visits(&self) -> impl Iterator<Item = (&ReadVisit, Option<&str>)> {
        let sources = self.more.visits.iter().map(|visit| visit.source.as_deref());
        self.rows.visits.iter().zip(sources)
    }

    /// When a person was identified, by which request, and which traits were not so before.
    pub(crate) fn identifies(&self, visitor: &str) -> impl Iterator<Item = (Timestamp, u64, Map<String, Value>)> {
        let own = self.more.identities.iter().filter(move |one| one.visitor == visitor);
        let mut known = Map::new();
        own.flat_map(|one| &one.history).map(move |change| {
            let mut changed = Map::new();
            for (key, value) in &change.traits {
                if known.get(key) != Some(value) {
                    known.insert(key.clone(), value.clone());
                    changed.insert(key.clone(), value.clone());
                }
            }
            (change.at, change.request, changed)
        })
    }

    pub(crate) fn merges_of<'a>(&'a self, person: &'a ReadPerson) -> impl Iterator<Item = &'a ReadMerge> {
        let is_own = |id: &str| person.ids().any(|own| own == id);
        let all = self.more.merges.iter();
        all.filter(move |merge| is_own(&merge.from) || is_own(&merge.into))
    }

    /// The violations of these requests and of the person's page views.
    pub(crate) fn violations_of(&self, visitor: &str, mut requests: BTreeSet<u64>) -> Vec<Value> {
        let views = self.more.page_views.iter().filter(|view| view.visitor == visitor);
        requests.extend(views.map(|view| view.request));
        let is_own = |violation: &&Value| {
            let request = violation.get("request").and_then(Value::as_u64);
            request.is_some_and(|request| requests.contains(&request))
        };
        self.more.violations.iter().filter(is_own).cloned().collect()
    }
}
