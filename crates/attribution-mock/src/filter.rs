use attribution_ledger::{Call, Dialect, EntryVerdict};
use jiff::Timestamp;

/// Which requests are wanted: those of which everything is so that is given here.
///
/// ```
/// use attribution_ledger::EntryVerdict;
/// use attribution_mock::{Mock, MockConfig, RequestFilter};
///
/// let mock = Mock::new(MockConfig::new(clock::Clock::system()));
/// let refused = RequestFilter { verdict: Some(EntryVerdict::Refused), ..RequestFilter::default() };
/// assert_eq!(mock.count_requests(&refused), 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestFilter {
    /// The dialect that it speaks.
    pub dialect: Option<Dialect>,
    /// The path, by its exact text.
    pub path: Option<String>,
    /// It names an id of whoever has this id today, be it a user's or a cookie's, or for one that was never recorded this
    /// very id. A cookie counts as that of the user who holds it now.
    pub visitor: Option<String>,
    /// The `event` of a message in it, by its exact text. On the classic wire pages have one, too: `Viewed Pricing Page`.
    pub event: Option<String>,
    /// What a message in it is.
    pub kind: Option<Call>,
    /// The id of a rule that it was found to break when it arrived, `ATT012`.
    pub rule: Option<String>,
    /// The HTTP status of the answer that was meant; 0 where none was.
    pub status: Option<u16>,
    /// What became of it.
    pub verdict: Option<EntryVerdict>,
    /// It was received at this time or later.
    pub since: Option<Timestamp>,
    /// It was received before this time.
    pub until: Option<Timestamp>,
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Only requests with a higher number than this.
    pub after: Option<u64>,
    /// Only requests with a lower number than this.
    pub before: Option<u64>,
    /// At most so many, the first in this order.
    pub limit: usize,
    /// Which comes first.
    pub order: Order,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The list's own: the oldest first.
    #[default]
    Ascending,
    /// The other way round: the newest first.
    Descending,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows of this part.
    pub rows: Vec<T>,
    /// Where the next part begins, if there is more: [`Paging::after`] that, or [`Paging::before`] it when the order is
    /// descending.
    pub next: Option<u64>,
    /// How many there are in all parts.
    pub total: usize,
}

impl Paging {
    /// The first so many, oldest first.
    pub fn first(limit: usize) -> Self {
        Self {
            after: None,
            before: None,
            limit,
            order: Order::Ascending,
        }
    }

    /// The last so many, newest first.
    pub fn last(limit: usize) -> Self {
        Self {
            order: Order::Descending,
            ..Self::first(limit)
        }
    }
}
