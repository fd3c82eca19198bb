use std::collections::BTreeSet;
use std::io::{self, Write};

use attribution_ledger::{Hit, PageKind};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::record::{Conversion, ExportRecord, Kind, PageView, text, time};
use super::rows::RowWriter;
use crate::channels::referring_host;
use crate::record::{Received, ReceivedRequest, Told};

pub(super) const COLUMNS: [&str; 15] = [
    "id",
    "name",
    "ip",
    "created_at",
    "time",
    "user_id",
    "browser_id",
    "referring_url",
    "referring_host",
    "uri",
    "kind",
    "revenue",
    "currency",
    "properties",
    "request",
];

/// Where an event's row stands in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    PageView(usize),
    Conversion(usize),
}

/// One event: its row, and what only the request tells.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) source: Source,
    pub(super) browser: Option<String>,
    ip: Option<String>,
    created_at: Option<Timestamp>,
    properties: Option<Map<String, Value>>,
}

/// Every event in the order of arrival, so that no id changes when more come.
pub(super) fn events(record: &ExportRecord, received: &Received) -> Vec<Event> {
    let mut used = BTreeSet::new();
    let mut found = Vec::new();
    let views = record.page_views.iter().enumerate();
    let views = views.map(|(place, view)| (Source::PageView(place), view.request));
    let conversions = record.conversions.iter().enumerate();
    let conversions = conversions.map(|(place, conversion)| (Source::Conversion(place), conversion.request));
    for (source, number) in views.chain(conversions) {
        let request = received.request(number);
        let is_its = |place: usize| request.is_some_and(|request| is_of(record, source, request, place));
        let places = 0..request.map_or(0, |request| request.messages.len());
        let place = places
            .into_iter()
            .find(|place| !used.contains(&(number, *place)) && is_its(*place));
        used.extend(place.map(|place| (number, place)));
        let event = event(source, request, place);
        found.push(((number, place.unwrap_or(usize::MAX), source), event));
    }
    found.sort_by_key(|(arrived, _)| *arrived);
    found.into_iter().map(|(_, event)| event).collect()
}

/// Whether the message at this place of the request is the one that the row was made of.
fn is_of(record: &ExportRecord, source: Source, request: &ReceivedRequest, place: usize) -> bool {
    let hit = &request.messages[place].hit;
    let at = Told::by(hit).at.unwrap_or(request.at);
    match (source, hit) {
        (Source::PageView(row), Hit::Page(page)) => {
            let view = &record.page_views[row];
            let is_kind = matches!(
                (view.kind, page.kind),
                (Kind::Page, PageKind::Page) | (Kind::Screen, PageKind::Screen)
            );
            let url = page.properties.get("url").and_then(|url| url.as_str());
            let is_url = url.filter(|url| !url.is_empty()) == view.url.as_deref();
            is_kind && is_url && view.at == at && view.name == page.name
        }
        (Source::Conversion(row), Hit::Track(track)) => {
            let conversion = &record.conversions[row];
            let is_event = conversion.at == at && conversion.event == track.event;
            is_event && conversion.properties == Map::from(&track.properties)
        }
        _ => false,
    }
}

fn event(source: Source, request: Option<&ReceivedRequest>, place: Option<usize>) -> Event {
    let told = request
        .zip(place)
        .map(|(request, place)| Told::by(&request.messages[place].hit));
    let ip = told.and_then(|told| told.context?.get("ip")?.as_str());
    Event {
        source,
        browser: told.and_then(|told| told.cookie).map(str::to_owned),
        ip: ip.map(str::to_owned),
        created_at: request.map(|request| request.at),
        properties: told.and_then(|told| told.properties).map(Map::from),
    }
}

/// By their ids, which count from 1.
pub(super) fn write<W: Write>(record: &ExportRecord, events: &[Event], rows: &mut RowWriter<'_, W>) -> io::Result<()> {
    for (id, event) in (1_u64..).zip(events) {
        rows.row(match event.source {
            Source::PageView(place) => page_view(id, event, &record.page_views[place]),
            Source::Conversion(place) => conversion(id, event, &record.conversions[place]),
        })?;
    }
    rows.finish()
}

fn page_view(id: u64, event: &Event, view: &PageView) -> [Value; COLUMNS.len()] {
    let (kind, word) = match view.kind {
        Kind::Page => ("page", "Page"),
        Kind::Screen => ("screen", "Screen"),
    };
    let name = match &view.name {
        Some(name) => format!("Viewed {name} {word}"),
        None => format!("Loaded a {word}"),
    };
    [
        id.into(),
        name.into(),
        text(event.ip.as_deref()),
        event.created_at.map_or(Value::Null, time),
        time(view.at),
        text(Some(&view.visitor)),
        text(event.browser.as_deref()),
        text(view.referrer.as_deref()),
        text(host_of(view.referrer.as_deref()).as_deref()),
        text(view.url.as_deref()),
        kind.into(),
        Value::Null,
        Value::Null,
        event.properties.clone().map_or(Value::Null, Value::Object),
        view.request.into(),
    ]
}

fn conversion(id: u64, event: &Event, conversion: &Conversion) -> [Value; COLUMNS.len()] {
    let property = |key: &str| conversion.properties.get(key).and_then(Value::as_str);
    let (url, referrer) = (property("url"), property("referrer"));
    [
        id.into(),
        conversion.event.clone().into(),
        text(event.ip.as_deref()),
        event.created_at.map_or(Value::Null, time),
        time(conversion.at),
        text(Some(&conversion.visitor)),
        text(event.browser.as_deref()),
        text(referrer),
        text(host_of(referrer).as_deref()),
        text(url),
        "track".into(),
        conversion.revenue.clone().map_or(Value::Null, Value::Number),
        text(conversion.currency.as_deref()),
        Value::Object(conversion.properties.clone()),
        conversion.request.into(),
    ]
}

/// The host of a referrer, where it can be read.
pub(super) fn host_of(url: Option<&str>) -> Option<String> {
    referring_host(url?)
}
