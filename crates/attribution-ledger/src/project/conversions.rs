use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::Arrival;
use super::packed::Packed;
use super::people::{People, Person};
use super::revenue::revenue;
use super::texts::Texts;
use crate::decode::{Dialect, TrackHit, property, text_property};

/// One event that is not a page view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conversion {
    /// The canonical name of who did it.
    pub visitor: String,
    /// When, by the sender's clock; the time of receipt where the request gives none.
    pub at: Timestamp,
    /// The event's name.
    pub event: String,
    /// `properties.revenue`, with the digits as written; negative for a refund. `total` and `value` don't count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<Number>,
    /// `properties.currency`, as received. Never guessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// All properties, as received.
    pub properties: Map<String, Value>,
    /// The number of the request that made it.
    pub request: u64,
}

/// Every conversion, in the order of arrival.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conversions {
    tracks: Vec<Track>,
    texts: Texts,
}

#[derive(Clone, Debug)]
struct Track {
    arrival: Arrival,
    spoken: Spoken,
    event: Arc<str>,
    properties: Packed,
}

/// In which words of which message of its request a track came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) dialect: Dialect,
    /// The message's place in a batch; none where it is the whole body.
    pub(crate) index: Option<usize>,
}

impl Conversions {
    /// Takes a track hit in, which was read of this body.
    pub(crate) fn record(&mut self, arrival: Arrival, spoken: Spoken, hit: &TrackHit<'_>, body: &Arc<[u8]>) {
        self.tracks.push(Track {
            arrival,
            spoken,
            properties: Packed::new(body, &hit.properties),
            event: self.texts.share(&hit.event),
        });
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.tracks.len()
    }

    /// Everyone's or one person's, by time; of equal times in the order of arrival.
    pub(crate) fn rows(&self, people: &People, only: Option<Person>) -> Vec<Conversion> {
        let tracks = self.tracks.iter().filter(|track| people.is(track.arrival.person, only));
        let mut rows: Vec<Conversion> = tracks.map(|track| row(track, people)).collect();
        rows.sort_by_key(|row| (row.at, row.request));
        rows
    }

    /// The one of this place in the order of arrival.
    pub(crate) fn row(&self, place: usize, people: &People) -> Option<Conversion> {
        self.tracks.get(place).map(|track| row(track, people))
    }

    /// Its event.
    pub(crate) fn event(&self, place: usize) -> Option<&str> {
        self.tracks.get(place).map(|track| &*track.event)
    }

    /// As whom and how each arrived, and its event, in the order of arrival.
    pub(super) fn events(&self) -> impl Iterator<Item = (&Arrival, Spoken, &str)> {
        let tracks = self.tracks.iter();
        tracks.map(|track| (&track.arrival, track.spoken, &*track.event))
    }

    /// As whom each arrived.
    pub(super) fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.tracks.iter().map(|track| &track.arrival)
    }
}

fn row(track: &Track, people: &People) -> Conversion {
    let properties = track.properties.unpack();
    Conversion {
        visitor: people.name(track.arrival.person),
        at: track.arrival.at,
        event: track.event.as_ref().to_owned(),
        revenue: property(&properties, "revenue").and_then(revenue),
        currency: text_property(&properties, "currency").map(str::to_owned),
        properties: (&properties).into(),
        request: track.arrival.request,
    }
}
