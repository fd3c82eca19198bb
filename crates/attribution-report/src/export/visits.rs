use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::Value;

use super::events::{Event, Source, host_of};
use super::record::{ExportRecord, Visit, text, time};
use super::rows::RowWriter;
use crate::channels::{Channels, Classifier};

pub(super) const COLUMNS: [&str; 20] = [
    "id",
    "user_id",
    "browser_id",
    "time",
    "ended_at",
    "name",
    "uri",
    "page",
    "referring_url",
    "referring_host",
    "source",
    "medium",
    "campaign",
    "term",
    "content",
    "gclid",
    "fbaid",
    "page_views",
    "channel",
    "filter",
];

/// What tells the page view that began a visit from others: its request, its time, its url and whose it was.
type Landing<'a> = (u64, Timestamp, Option<&'a str>, &'a str);

/// In the order of the record. The id is that of the event that began it.
pub(super) fn write<W: Write>(
    record: &ExportRecord,
    events: &[Event],
    channels: &Channels,
    rows: &mut RowWriter<'_, W>,
) -> io::Result<()> {
    let mut landings = landings(record, events);
    let mut classifier = Classifier::new(channels);
    for visit in &record.visits {
        let key = (
            visit.request,
            visit.started_at,
            visit.url.as_deref(),
            visit.visitor.as_str(),
        );
        // Of equal page views each begins at most one visit.
        let event = landings.get_mut(&key).and_then(Iterator::next);
        let filter = classifier.classify(visit.url.as_deref(), visit.referrer.as_deref());
        rows.row(row(
            visit,
            event,
            channels.channel_name(filter),
            channels.filter_name(filter),
        ))?;
    }
    rows.finish()
}

fn landings<'a>(
    record: &'a ExportRecord,
    events: &'a [Event],
) -> BTreeMap<Landing<'a>, std::vec::IntoIter<(u64, Option<&'a str>)>> {
    let mut found: BTreeMap<Landing<'a>, Vec<(u64, Option<&'a str>)>> = BTreeMap::new();
    for (id, event) in (1..).zip(events) {
        if let Source::PageView(place) = event.source {
            let view = &record.page_views[place];
            let key = (view.request, view.at, view.url.as_deref(), view.visitor.as_str());
            found.entry(key).or_default().push((id, event.browser.as_deref()));
        }
    }
    found.into_iter().map(|(key, all)| (key, all.into_iter())).collect()
}

fn row(visit: &Visit, event: Option<(u64, Option<&str>)>, channel: &str, filter: &str) -> [Value; COLUMNS.len()] {
    [
        event.map_or(Value::Null, |(id, _)| id.into()),
        text(Some(&visit.visitor)),
        text(event.and_then(|(_, browser)| browser)),
        time(visit.started_at),
        time(visit.ended_at),
        text(visit.name.as_deref()),
        text(visit.url.as_deref()),
        text(visit.page.as_deref()),
        text(visit.referrer.as_deref()),
        text(host_of(visit.referrer.as_deref()).as_deref()),
        text(visit.source.as_deref()),
        text(visit.medium.as_deref()),
        text(visit.campaign.as_deref()),
        text(visit.term.as_deref()),
        text(visit.content.as_deref()),
        text(visit.gclid.as_deref()),
        text(visit.fbaid.as_deref()),
        visit.page_views.into(),
        text(Some(channel)),
        text(Some(filter)),
    ]
}
