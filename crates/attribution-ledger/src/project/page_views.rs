use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::Arrival;
use super::campaign::page_of;
use super::people::{People, Person};
use super::texts::Texts;
use crate::decode::{PageHit, PageKind, text_property};

/// One page or screen view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageView {
    /// The canonical name of who viewed it.
    pub visitor: String,
    /// When, by the sender's clock; the time of receipt where the request gives none.
    pub at: Timestamp,
    /// Page or screen.
    pub kind: PageKind,
    /// The page's name; on the classic wire from the event `Viewed <name> Page`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `properties.url`, as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The url without its query and fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// `properties.referrer`, as received; an empty one is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// The number of the request that made it.
    pub request: u64,
}

/// What is kept of a page hit: all that page views and visits are made of.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) arrival: Arrival,
    pub(super) kind: PageKind,
    pub(super) name: Option<Arc<str>>,
    pub(super) url: Option<Arc<str>>,
    pub(super) referrer: Option<Arc<str>>,
}

/// Every page and screen view, in the order of arrival.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageViews {
    views: Vec<View>,
    texts: Texts,
}

impl PageViews {
    /// Takes a page hit in.
    pub(crate) fn record(&mut self, arrival: Arrival, hit: &PageHit<'_>) {
        let property = |key| text_property(&hit.properties, key);
        let texts = [hit.name.as_deref(), property("url"), property("referrer")];
        let [name, url, referrer] = texts.map(|text| text.map(|text| self.texts.share(text)));
        self.views.push(View {
            arrival,
            kind: hit.kind,
            name,
            url,
            referrer,
        });
    }

    /// As they were recorded.
    pub(super) fn views(&self) -> &[View] {
        &self.views
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.views.len()
    }

    /// The one of this place in the order of arrival.
    pub(crate) fn row(&self, place: usize, people: &People) -> Option<PageView> {
        self.views.get(place).map(|view| row(view, people))
    }

    /// Everyone's or one person's, by time; of equal times in the order of arrival.
    pub(crate) fn rows(&self, people: &People, only: Option<Person>) -> Vec<PageView> {
        let views = self.views.iter().filter(|view| people.is(view.arrival.person, only));
        let mut rows: Vec<PageView> = views.map(|view| row(view, people)).collect();
        rows.sort_by_key(|row| (row.at, row.request));
        rows
    }
}

fn row(view: &View, people: &People) -> PageView {
    PageView {
        visitor: people.name(view.arrival.person),
        at: view.arrival.at,
        kind: view.kind,
        name: view.name.as_deref().map(str::to_owned),
        url: view.url.as_deref().map(str::to_owned),
        page: view.url.as_deref().map(|url| page_of(url).to_owned()),
        referrer: view.referrer.as_deref().map(str::to_owned),
        request: view.arrival.request,
    }
}
