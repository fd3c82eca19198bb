use std::time::Duration;

use crate::assess::Assessment;
use crate::decode::{Dialect, Hit, Message, Route};
use crate::history::History;
use crate::journal::{Entry, EntryVerdict};
use crate::project::people::{Deed, DeedKind, People};
use crate::project::{
    Arrival, AttributionReport, Change, Changed, Conversion, Conversions, Follower, Identities, Identity, Merge,
    Merges, OneVisitor, PageView, PageViews, RecordedViolation, Spoken, Tables, Visit, Visitor, visitors, visits,
};
use crate::rules::{self, Listing, Recorded, RuleLevels, Violation};

/// What the vendor's public material leaves open and how strictly it is looked at, with this project's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerConfig {
    /// So long without a page view ends a visit; 30 minutes. One that comes exactly then begins the next.
    pub visit_gap: Duration,
    /// What is made of each broken rule; by default what the rule itself says.
    pub rules: RuleLevels,
}

impl Default for LedgerConfig {
    fn default() -> Self {
        Self {
            visit_gap: Duration::from_secs(30 * 60),
            rules: RuleLevels::default(),
        }
    }
}

/// How many rows there are of what is recorded one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Pages and screens.
    pub page_views: usize,
    /// Events that are no page views.
    pub conversions: usize,
    /// Aliases with both ids.
    pub merges: usize,
}

/// What Attribution knows: a state machine over journal entries.
///
/// It has no clock, no files and no chance in it: the same entries make the same ledger, whether they are applied one by one
/// as they arrive or replayed from a journal. Entries are applied in the order of their numbers.
///
/// ```
/// use attribution_ledger::{EntryVerdict, Headers, Journal, Ledger, LedgerConfig, Request};
///
/// let mut journal = Journal::new();
/// for (path, body) in [
///     ("/track", r#"{"cookie_id":"anon-1","timestamp":"2024-01-15T10:00:00Z","event":"Sign Up","properties":{"revenue":9.90}}"#),
///     ("/identify", r#"{"cookie_id":"anon-1","user_id":"user-1","traits":{"email":"ada@example.com"}}"#),
/// ] {
///     let request = Request {
///         received_at: "2024-01-15T10:00:01Z".parse()?,
///         path: path.into(),
///         browser: false,
///         headers: Headers::default(),
///         encoding: None,
///         body: body.as_bytes().into(),
///     };
///     journal.append(request, EntryVerdict::Recorded, 200);
/// }
/// let ledger = Ledger::replay(LedgerConfig::default(), journal.entries());
/// assert_eq!(ledger.conversions()[0].visitor, "user-1");
/// assert_eq!(ledger.identities()[0].email.as_deref(), Some("ada@example.com"));
/// assert_eq!(ledger.resolve("anon-1"), ledger.resolve("user-1"));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    config: LedgerConfig,
    people: People,
    page_views: PageViews,
    conversions: Conversions,
    identities: Identities,
    merges: Merges,
    history: History,
    violations: Vec<RecordedViolation>,
}

impl Ledger {
    /// An empty ledger.
    pub fn new(config: LedgerConfig) -> Self {
        Self {
            config,
            ..Self::default()
        }
    }

    /// The ledger of all these entries.
    pub fn replay<'a>(config: LedgerConfig, entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut ledger = Self::new(config);
        for entry in entries {
            ledger.apply(entry);
        }
        ledger
    }

    /// Takes the next entry in.
    pub fn apply(&mut self, entry: &Entry) {
        if entry.verdict != EntryVerdict::Ignored {
            self.apply_assessed(entry, entry.request.assess());
        }
    }

    /// [`apply`](Self::apply) for a caller who has just assessed the entry's own request, to decide on the answer.
    pub fn apply_assessed(&mut self, entry: &Entry, assessment: Assessment<'_>) {
        let Assessment {
            messages,
            mut violations,
            mentions: _,
        } = assessment;
        match entry.verdict {
            EntryVerdict::Ignored => {}
            EntryVerdict::Refused => self.list(entry, violations),
            EntryVerdict::Recorded => {
                violations.extend(self.record_all(entry, messages));
                // The sort is stable: of one rule, the places stay in the order of the batch.
                violations.sort_by_key(|violation| violation.rule);
                self.list(entry, violations);
            }
        }
    }

    fn list(&mut self, entry: &Entry, mut violations: Vec<Violation>) {
        self.config.rules.apply(&mut violations);
        self.violations.extend(
            violations
                .into_iter()
                .map(|violation| RecordedViolation::new(entry.seq, violation)),
        );
    }

    /// Records every message whose id is new, and says what is wrong with each beside those before it.
    fn record_all(&mut self, entry: &Entry, messages: Vec<Message<'_>>) -> Vec<Violation> {
        let mut listing = Listing::default();
        let dialect = entry.request.route().map_or(Dialect::Classic, Route::dialect);
        for message in messages {
            let received_at = entry.request.received_at;
            let noted = self
                .history
                .note(&message, entry.seq, received_at, self.config.visit_gap, &self.people);
            let recorded = Recorded::new(&message, dialect, received_at, &noted.facts);
            rules::recorded(&recorded, &mut listing);
            if noted.is_new {
                self.record(entry, dialect, message);
            }
        }
        listing.finish()
    }

    fn record(&mut self, entry: &Entry, dialect: Dialect, message: Message<'_>) {
        let (request, received_at, body) = (entry.seq, entry.request.received_at, &entry.request.body);
        let [views, tracks, identifies] = self.tables().counts();
        let people = &mut self.people;
        let mut arrive = |ids, at: Option<_>, deed| {
            let at = at.unwrap_or(received_at);
            let (person, browser) = people.arrive(ids, deed, at);
            Arrival {
                request,
                at,
                person,
                browser,
            }
        };
        match message.hit {
            Hit::Page(hit) => {
                let deed = Deed::new(DeedKind::View, views);
                self.page_views.record(arrive(&hit.ids, hit.at, deed), &hit);
            }
            Hit::Track(hit) => {
                let index = message.index;
                let spoken = Spoken { dialect, index };
                let deed = Deed::new(DeedKind::Track, tracks);
                self.conversions
                    .record(arrive(&hit.ids, hit.at, deed), spoken, &hit, body);
            }
            Hit::Identify(hit) => {
                let deed = Deed::new(DeedKind::Identify, identifies);
                self.identities.record(arrive(&hit.ids, hit.at, deed), &hit, body);
            }
            Hit::Alias(hit) => {
                let at = hit.at.unwrap_or(received_at);
                people.alias(&hit, at);
                self.merges.record(request, at, hit);
            }
            // No row is made of groups, and so nobody becomes a visitor by one.
            Hit::Group(_) => {}
        }
    }

    /// Sessions of page views, by the time they began.
    pub fn visits(&self) -> Vec<Visit> {
        visits(&self.page_views, &self.people, self.config.visit_gap)
    }

    /// Tells whose visits, conversions and traits have changed since this follower was told the last time, person by person, and what
    /// they are now. A new follower is told of everyone.
    ///
    /// It costs what is new and what those persons did, however much else there is.
    ///
    /// ```
    /// use attribution_ledger::{Follower, Ledger};
    ///
    /// let (ledger, mut follower) = (Ledger::default(), Follower::default());
    /// let mut persons = Vec::new();
    /// ledger.changes(&mut follower, |change| persons.push(change.person));
    /// assert!(persons.is_empty());
    /// ```
    pub fn changes(&self, follower: &mut Follower, mut tell: impl FnMut(Change)) {
        for changed in self.follow(follower, usize::MAX) {
            tell(changed.change());
        }
    }

    /// The same of all that is made of persons, and of at most so many of them; none once all has been told. What has changed of
    /// a person is made when it is asked for.
    ///
    /// ```
    /// use attribution_ledger::{Follower, Ledger};
    ///
    /// let (ledger, mut follower) = (Ledger::default(), Follower::default());
    /// assert!(ledger.follow(&mut follower, 500).is_empty());
    /// ```
    pub fn follow(&self, follower: &mut Follower, most: usize) -> Vec<Changed<'_>> {
        follower.follow(self.tables(), most)
    }

    /// A follower who is told of nothing that there is already.
    pub fn follower(&self) -> Follower {
        Follower::from_now(self.tables())
    }

    fn tables(&self) -> Tables<'_> {
        Tables {
            people: &self.people,
            page_views: &self.page_views,
            conversions: &self.conversions,
            identities: &self.identities,
            merges: &self.merges,
            visit_gap: self.config.visit_gap,
            rules: &self.config.rules,
        }
    }

    /// Pages and screens, by time.
    pub fn page_views(&self) -> Vec<PageView> {
        self.page_views.rows(&self.people, None)
    }

    /// Persons who have been identified, by the request that did so first.
    pub fn identities(&self) -> Vec<Identity> {
        self.identities.rows(&self.people, None)
    }

    /// Events that are no page views, by time.
    pub fn conversions(&self) -> Vec<Conversion> {
        self.conversions.rows(&self.people, None)
    }

    /// The page view of this place in the order of arrival, from 0. It keeps its place, and stays as it is but for its visitor.
    ///
    /// Who remembers how many there were reads only what is new.
    pub fn page_view(&self, place: usize) -> Option<PageView> {
        self.page_views.row(place, &self.people)
    }

    /// The conversion of this place; see [`page_view`](Self::page_view).
    pub fn conversion(&self, place: usize) -> Option<Conversion> {
        self.conversions.row(place, &self.people)
    }

    /// The event of that conversion, which costs less than all of it.
    pub fn event(&self, place: usize) -> Option<&str> {
        self.conversions.event(place)
    }

    /// The merge of this place; see [`page_view`](Self::page_view).
    pub fn merge(&self, place: usize) -> Option<Merge> {
        self.merges.row(place)
    }

    /// How many [`page_views`](Self::page_views), [`conversions`](Self::conversions) and [`merges`](Self::merges) there are,
    /// without making a row of any.
    pub fn counts(&self) -> Counts {
        Counts {
            page_views: self.page_views.count(),
            conversions: self.conversions.count(),
            merges: self.merges.count(),
        }
    }

    /// Aliases with both ids, in the order of arrival.
    pub fn merges(&self) -> Vec<Merge> {
        self.merges.rows()
    }

    /// Everyone there is, by the time they were first seen.
    pub fn visitors(&self) -> Vec<Visitor> {
        visitors(self.tables().everyone())
    }

    /// The visitor who has this id now; see [`resolve`](Self::resolve). None when the id was never seen.
    pub fn visitor(&self, id: &str) -> Option<OneVisitor<'_>> {
        Some(self.tables().one(self.people.find(id)?))
    }

    /// The visitor of this [number](OneVisitor::number), or whom they have joined.
    pub fn visitor_of(&self, number: u64) -> Option<OneVisitor<'_>> {
        self.people.of_number(number).map(|person| self.tables().one(person))
    }

    /// Every id that a visitor has, by the order in which visitors were first heard of.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.people.ids()
    }

    /// Broken rules, in the order of arrival and for each request by rule. Those of refused requests are listed, too.
    ///
    /// Conversions that nothing links to a visit are among them for as long as that is so: a later request can make the
    /// link, and then they are listed no more.
    pub fn violations(&self) -> Vec<RecordedViolation> {
        let mut violations = self.violations.clone();
        let mut unlinked: Vec<_> = self.tables().everyone().flat_map(|one| one.unlinked()).collect();
        unlinked.sort_by_key(|(place, _)| *place);
        violations.extend(unlinked.into_iter().map(|(_, violation)| violation));
        // The sort is stable, and what was found on arrival is in this order already.
        violations.sort_by_key(|violation| (violation.request, violation.rule));
        violations
    }

    /// The rules that requests were found to break when they arrived, in that order: these stay listed.
    pub fn found_on_arrival(&self) -> &[RecordedViolation] {
        &self.violations
    }

    /// The rules that a request was found to break when it arrived: what [`violations`](Self::violations) lists for it, but
    /// for what only later requests tell.
    pub fn violations_on_arrival(&self, request: u64) -> &[RecordedViolation] {
        let from = self.violations.partition_point(|violation| violation.request < request);
        let listed = &self.violations[from..];
        let to = listed.partition_point(|violation| violation.request == request);
        &listed[..to]
    }

    /// The canonical name of the visitor who has this id now, the same for every id of one visitor.
    ///
    /// An id is a user's, else a cookie's, else one known only as an alias's previous id; the canonical name itself is one,
    /// too. None when it was never seen.
    pub fn resolve(&self, id: &str) -> Option<String> {
        self.people.find(id).map(|person| self.people.name(person))
    }

    /// All projections at once.
    pub fn report(&self) -> AttributionReport {
        AttributionReport {
            visitors: self.visitors(),
            page_views: self.page_views(),
            visits: self.visits(),
            identities: self.identities(),
            conversions: self.conversions(),
            merges: self.merges(),
            violations: self.violations(),
        }
    }
}
