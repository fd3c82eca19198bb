use jiff::Timestamp;
use serde::Serialize;

use crate::decode::AliasHit;

/// One alias that names both ids. It is listed even when it changed nothing: said again, or onto itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Merge {
    /// The previous id.
    pub from: String,
    /// The id that it joined.
    pub into: String,
    /// When, by the sender's clock; the time of receipt where the message gives none, as on the classic wire.
    pub at: Timestamp,
    /// The number of the request that made it.
    pub request: u64,
}

/// Every merge, in the order of arrival.
#[derive(Clone, Debug, Default)]
pub(crate) struct Merges {
    merges: Vec<Merge>,
}

impl Merges {
    /// Takes an alias hit in.
    pub(crate) fn record(&mut self, request: u64, at: Timestamp, hit: AliasHit) {
        if let (Some(from), Some(into)) = (hit.previous, hit.user.or(hit.cookie)) {
            self.merges.push(Merge {
                from,
                into,
                at,
                request,
            });
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.merges.len()
    }

    /// The one of this place in the order of arrival.
    pub(crate) fn row(&self, place: usize) -> Option<Merge> {
        self.merges.get(place).cloned()
    }

    /// In the order of arrival.
    pub(crate) fn rows(&self) -> Vec<Merge> {
        self.merges.clone()
    }
}
