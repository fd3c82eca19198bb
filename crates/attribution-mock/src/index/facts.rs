use attribution_ledger::{Call, Dialect, Entry, EntryVerdict, Mention as Named, Route};

use super::numbered::low_half;
use crate::filter::RequestFilter;

/// What is asked of entries without a word, in so few bits that all entries can be looked at: the status, the calls of its
/// messages, the dialect, the verdict, and the path if it is one to which events go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// The low half of the number of the entry's first mention.
    pub(super) mentions: u32,
    bits: u32,
}

/// Which facts are wanted: in these places, these bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WantedFacts {
    places: u32,
    bits: u32,
}

/// Where the calls begin, of which there can be several; the status comes before.
const CALLS: u32 = 16;
/// Where the dialect begins.
const DIALECT: u32 = 22;
/// Where the verdict begins.
const VERDICT: u32 = 25;

/// Where the path begins.
const PATH: u32 = 27;

impl Facts {
    /// Those of an entry whose mentions begin at this number.
    pub(super) fn new(entry: &Entry, named: &[Named], mentions: u64) -> Self {
        let calls = named.iter().filter_map(|named| named.call);
        let bits = calls.fold(u32::from(entry.status), |bits, call| bits | call_bit(call))
            | entry
                .request
                .route()
                .map_or(0, |route| dialect_bits(Route::dialect(route)))
            | verdict_bits(entry.verdict)
            | path_bits(&entry.request.path).unwrap_or(0);
        Self {
            mentions: low_half(mentions),
            bits,
        }
    }

    pub(super) fn are(self, wanted: WantedFacts) -> bool {
        self.bits & wanted.places == wanted.bits
    }
}

impl WantedFacts {
    /// Those that a filter asks for.
    pub(super) fn of(filter: &RequestFilter) -> Self {
        let RequestFilter {
            dialect,
            kind,
            status,
            verdict,
            path,
            ..
        } = filter;
        let path = path.as_deref().and_then(path_bits);
        let parts = [
            status.map(|status| (0xffff, u32::from(status))),
            kind.map(|call| (call_bit(call), call_bit(call))),
            dialect.map(|dialect| (0b111 << DIALECT, dialect_bits(dialect))),
            verdict.map(|verdict| (0b11 << VERDICT, verdict_bits(verdict))),
            path.map(|path| (0b1111 << PATH, path)),
        ];
        let parts = parts.into_iter().flatten();
        parts.fold(Self::default(), |wanted, (places, bits)| Self {
            places: wanted.places | places,
            bits: wanted.bits | bits,
        })
    }

    /// Whether any facts will do.
    pub(super) fn are_any(self) -> bool {
        self == Self::default()
    }
}

fn call_bit(call: Call) -> u32 {
    let place = match call {
        Call::Track => 0,
        Call::Page => 1,
        Call::Screen => 2,
        Call::Identify => 3,
        Call::Group => 4,
        Call::Alias => 5,
    };
    1 << (CALLS + place)
}

fn dialect_bits(dialect: Dialect) -> u32 {
    let number = match dialect {
        Dialect::Classic => 1,
        Dialect::Actions => 2,
        Dialect::Import => 3,
        Dialect::Browser => 4,
    };
    number << DIALECT
}

fn verdict_bits(verdict: EntryVerdict) -> u32 {
    let number = match verdict {
        EntryVerdict::Recorded => 0,
        EntryVerdict::Refused => 1,
        EntryVerdict::Ignored => 2,
    };
    number << VERDICT
}

/// None for a path to which no event goes: of those there can be any number, and so they are words.
pub(super) fn path_bits(path: &str) -> Option<u32> {
    let place = Route::ALL.iter().position(|route| route.path() == path)?;
    u32::try_from(place + 1).ok().map(|number| number << PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_to_which_events_go_has_room() {
        assert!(Route::ALL.len() <= 0b1111);
        assert_eq!(path_bits("/track/"), None);
    }
}
