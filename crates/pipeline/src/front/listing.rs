use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::routing::get;
use segment_source::{AdminApi, Counts, Listing, Receipt, Source, Verdict};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::fates::Fates;
use super::passage::Passage;

/// How many messages came how far, in the words of Segment's Delivery Overview (documentation, "Delivery Overview").
///
/// `received` is the sum of `duplicates`, `failed_on_ingest`, `filtered_at_source`, `filtered_at_destination`, `pending`,
/// `failed_delivery` and `successful_delivery`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// Messages that reached the Tracking API.
    pub received: u64,
    /// Dropped because their `messageId` was seen before; Segment counts them nowhere.
    pub duplicates: u64,
    /// Rejected by ingest.
    pub failed_on_ingest: u64,
    /// Blocked by a source's schema settings, of which there are none here: always 0.
    pub filtered_at_source: u64,
    /// Not for the destination: the integrations object, or a call that it doesn't take.
    pub filtered_at_destination: u64,
    /// Not decided yet.
    pub pending: u64,
    /// Those of them that were tried already, as far as the double saw it.
    pub pending_retry: u64,
    /// Refused for good, not writable as a request, out of time, or given up.
    pub failed_delivery: u64,
    /// Answered with success.
    pub successful_delivery: u64,
    /// Events that became a request.
    pub mapped: u64,
    /// Decided events that were sent at least once.
    pub attempted: u64,
    /// Events that the double counts.
    pub recorded: u64,
    /// Events in which the double found a broken rule.
    pub flagged: u64,
    /// Requests that the Tracking API answered 429, of which nothing was taken.
    pub throttled: u64,
    /// What failed on ingest, by the code of the first thing against each.
    pub failed_on_ingest_by_code: BTreeMap<&'static str, u64>,
    /// What was filtered at the destination, by code.
    pub filtered_at_destination_by_code: BTreeMap<&'static str, u64>,
    /// What failed at delivery, by reason.
    pub failed_delivery_by_reason: BTreeMap<String, u64>,
}

impl Funnel {
    pub(super) fn of(counts: &Counts, fates: &Fates) -> Self {
        let ends = fates.ends();
        let (filtered, failed) = (ends.skipped.values().sum(), ends.failed.values().sum());
        Self {
            received: counts.received,
            duplicates: counts.duplicates,
            failed_on_ingest: counts.rejected,
            filtered_at_source: 0,
            filtered_at_destination: filtered,
            pending: counts.accepted.saturating_sub(filtered + failed + ends.delivered),
            pending_retry: ends.retrying,
            failed_delivery: failed,
            successful_delivery: ends.delivered,
            mapped: ends.mapped,
            attempted: ends.attempted,
            recorded: ends.recorded,
            flagged: ends.flagged,
            throttled: counts.throttled,
            failed_on_ingest_by_code: counts.rejected_by_code.clone(),
            filtered_at_destination_by_code: ends.skipped,
            failed_delivery_by_reason: ends.failed,
        }
    }
}

/// In a line: `7 received: 1 failed on ingest, 6 delivered`.
impl fmt::Display for Funnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} received", self.received)?;
        let parts = [
            (self.duplicates, "dropped as duplicates"),
            (self.failed_on_ingest, "failed on ingest"),
            (self.filtered_at_destination, "filtered at destination"),
            (self.pending, "pending"),
            (self.failed_delivery, "failed delivery"),
            (self.successful_delivery, "delivered"),
        ];
        let mut lead = ": ";
        for (count, what) in parts.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "{lead}{count} {what}")?;
            lead = ", ";
        }
        Ok(())
    }
}

/// What OpenAPI says of it.
const DOCUMENT: &str = include_str!("openapi.json");

pub(super) fn admin(source: Source, fates: Arc<Fates>) -> AdminApi {
    AdminApi::described(DOCUMENT).route("/__admin/pipeline", get(pipeline).with_state((source, fates)))
}

/// The funnel is made after the rows, so that it never knows less than they do.
async fn pipeline(State((source, fates)): State<(Source, Arc<Fates>)>, listing: Listing) -> Json<Listed> {
    fates.catch_up();
    let page = source.receipts(listing.after, listing.limit);
    let rows = page.rows.into_iter().map(|receipt| {
        let passage = fates.passage(receipt.number);
        let route = receipt.route.or(passage.as_ref().map(|passage| passage.route));
        Row {
            project: route.and_then(|route| fates.project(route)).map(str::to_owned),
            receipt,
            passage,
        }
    });
    Json(Listed {
        events: rows.collect(),
        next: page.next,
        dropped: page.dropped,
        funnel: Funnel::of(&source.counts(), &fates),
    })
}

#[derive(Debug, Serialize)]
struct Listed {
    events: Vec<Row>,
    next: u64,
    dropped: u64,
    funnel: Funnel,
}

/// A message, and how far it came.
#[derive(Debug)]
struct Row {
    project: Option<String>,
    receipt: Receipt,
    passage: Option<Passage>,
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.receipt.serialize_about(&mut map)?;
        if let Some(project) = &self.project {
            map.serialize_entry("project", project)?;
        }
        match (&self.receipt.verdict, &self.passage) {
            (Verdict::Accepted, Some(passage)) => passage.serialize(&mut map)?,
            // It waits to be taken.
            (Verdict::Accepted, None) => Passage::default().serialize(&mut map)?,
            (verdict, _) => {
                map.serialize_entry("stage", verdict.as_str())?;
                map.serialize_entry("stages", &["received", verdict.as_str()])?;
            }
        }
        if let Verdict::Rejected(refusals) = &self.receipt.verdict {
            map.serialize_entry("rejections", refusals)?;
        }
        map.end()
    }
}
