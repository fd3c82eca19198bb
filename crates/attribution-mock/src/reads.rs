use attribution_ledger::{
    AttributionReport, Conversion, Entry, EntryRow, EntryVerdict, Identity, Ledger, Merge, PageView, RecordedViolation,
    Visit, Visitor,
};

use crate::filter::{Page, Paging, RequestFilter};
use crate::mock::Mock;
use crate::shown::{RequestDetail, Shown, rules};

/// Requests in the order of their arrival; see [`Mock::arrivals_after`].
#[derive(Clone, Debug)]
pub struct Arrivals {
    /// How often everything was forgotten.
    pub resets: u64,
    /// The requests.
    pub rows: Vec<Arrival>,
}

/// A request as it came, and what was made of it then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Its number.
    pub seq: u64,
    /// Its path.
    pub path: String,
    /// Its body, decompressed.
    pub body: Vec<u8>,
    /// Whether it counts.
    pub recorded: bool,
    /// The ids of the rules that it was found to break, each once.
    pub rules: Vec<&'static str>,
}

/// What Attribution makes of what was received, as of now.
impl Mock {
    /// Every request, as people look at it.
    pub fn requests(&self) -> Vec<EntryRow> {
        self.requests_where(&RequestFilter::default())
    }

    /// The requests that the filter fits, in the order of arrival.
    ///
    /// ```
    /// use attribution_ledger::Call;
    /// use attribution_mock::{Mock, MockConfig, RequestFilter};
    ///
    /// let mock = Mock::new(MockConfig::new(clock::Clock::system()));
    /// let aliases = RequestFilter { kind: Some(Call::Alias), ..RequestFilter::default() };
    /// assert!(mock.requests_where(&aliases).is_empty());
    /// ```
    pub fn requests_where(&self, filter: &RequestFilter) -> Vec<EntryRow> {
        self.requests_page(filter, &Paging::first(usize::MAX)).rows
    }

    /// A part of the requests that the filter fits, with how many there are of them. What it costs depends on the size of
    /// that part, not on how much was received.
    ///
    /// ```
    /// use attribution_mock::{Mock, MockConfig, Paging, RequestFilter};
    ///
    /// let mock = Mock::new(MockConfig::new(clock::Clock::system()));
    /// let newest = mock.requests_page(&RequestFilter::default(), &Paging::last(10));
    /// assert_eq!((newest.rows.len(), newest.next, newest.total), (0, None, 0));
    /// ```
    pub fn requests_page(&self, filter: &RequestFilter, paging: &Paging) -> Page<EntryRow> {
        let (found, shown) = {
            let record = self.record();
            let found = record.index.query(filter, &record.ledger).find(paging);
            let shown = record.shown(&found.seqs);
            (found, shown)
        };
        Page {
            next: found.seqs.last().copied().filter(|_| found.more),
            total: found.total,
            // Reading the bodies takes its time, for which nobody should have to wait.
            rows: shown.into_iter().map(Shown::row).collect(),
        }
    }

    /// How many requests the filter fits.
    pub fn count_requests(&self, filter: &RequestFilter) -> usize {
        let record = self.record();
        record.index.query(filter, &record.ledger).count()
    }

    /// One request, by its number.
    pub fn request(&self, seq: u64) -> Option<RequestDetail> {
        let record = self.record();
        let entry = record.entry(seq)?.clone();
        let violations = record.ledger.violations_on_arrival(seq).to_vec();
        drop(record);
        Some(RequestDetail::new(&entry, violations))
    }

    /// What was received after the request of this number, at most so many, with the rules that each was found to break when it
    /// arrived; and how often everything was forgotten, as numbers begin anew then.
    ///
    /// ```
    /// use attribution_mock::{Mock, MockConfig};
    ///
    /// let mock = Mock::new(MockConfig::new(clock::Clock::system()));
    /// mock.reset();
    /// let arrivals = mock.arrivals_after(0, 10);
    /// assert_eq!((arrivals.resets, arrivals.rows.len()), (1, 0));
    /// ```
    pub fn arrivals_after(&self, seq: u64, limit: usize) -> Arrivals {
        let record = self.record();
        let all = record.journal.entries();
        let first = all.partition_point(|entry| entry.seq <= seq);
        let new = all.iter().skip(first).take(limit);
        let arrival = |entry: &Entry| Arrival {
            seq: entry.seq,
            path: entry.request.path.clone().into_owned(),
            body: entry.request.body.to_vec(),
            recorded: entry.verdict == EntryVerdict::Recorded,
            rules: rules(record.ledger.violations_on_arrival(entry.seq)),
        };
        Arrivals {
            resets: record.news.now().resets,
            rows: new.map(arrival).collect(),
        }
    }

    /// Every page and screen view, by time.
    pub fn page_views(&self) -> Vec<PageView> {
        self.with_ledger(Ledger::page_views)
    }

    /// The sessions of page views, by time.
    pub fn visits(&self) -> Vec<Visit> {
        self.with_ledger(Ledger::visits)
    }

    /// Everyone who was identified.
    pub fn identities(&self) -> Vec<Identity> {
        self.with_ledger(Ledger::identities)
    }

    /// Every event that is no page view, by time.
    pub fn conversions(&self) -> Vec<Conversion> {
        self.with_ledger(Ledger::conversions)
    }

    /// Every alias that names both ids, in the order of arrival.
    pub fn merges(&self) -> Vec<Merge> {
        self.with_ledger(Ledger::merges)
    }

    /// Everyone, known or anonymous, by the time they were first seen.
    pub fn visitors(&self) -> Vec<Visitor> {
        self.with_ledger(Ledger::visitors)
    }

    /// Every broken rule, in the order of arrival.
    pub fn violations(&self) -> Vec<RecordedViolation> {
        self.with_ledger(Ledger::violations)
    }

    /// All of these at one moment, requests aside.
    pub fn report(&self) -> AttributionReport {
        self.with_ledger(Ledger::report)
    }
}
