use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use attribution_destination::WireRequest;
use attribution_destination::deliver::{Delivery, Outcome};
use attribution_mock::{Arrival, Mock};

use super::passage::Passage;

/// How many arrivals are looked at under one lock of the double.
const AT_ONCE: usize = 1_000;

/// How far each accepted event came, as long as its receipt is kept, and the counts of all.
#[derive(Debug)]
pub(super) struct Fates {
    projects: Vec<String>,
    // A std mutex: it is never held across an await.
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    passages: BTreeMap<u64, Passage>,
    /// What is under way, by route and request. Alike requests are of one visitor, so they are made one after the other.
    under_way: HashMap<(usize, Vec<u8>), VecDeque<u64>>,
    /// The request of each event that is under way.
    requests: BTreeMap<u64, (usize, Vec<u8>)>,
    recorders: Vec<Option<Recorder>>,
    ends: Ends,
}

/// Where a lane's events are recorded, and how far that was read.
#[derive(Debug)]
struct Recorder {
    mock: Mock,
    resets: u64,
    last: u64,
}

/// How many accepted events ended how.
#[derive(Clone, Debug, Default)]
pub(super) struct Ends {
    pub(super) begun: u64,
    pub(super) mapped: u64,
    pub(super) attempted: u64,
    pub(super) delivered: u64,
    pub(super) skipped: BTreeMap<&'static str, u64>,
    pub(super) failed: BTreeMap<String, u64>,
    pub(super) recorded: u64,
    pub(super) flagged: u64,
    pub(super) retrying: u64,
}

impl Fates {
    pub(super) fn new(lanes: impl Iterator<Item = (String, Option<Mock>)>) -> Self {
        let (projects, mocks): (Vec<String>, Vec<Option<Mock>>) = lanes.unzip();
        let recorder = |mock: Mock| {
            // What is there already, from a journal say, is of nobody here.
            let mut recorder = Recorder {
                resets: 0,
                last: 0,
                mock,
            };
            while !recorder.arrivals().is_empty() {}
            recorder
        };
        let state = State {
            passages: BTreeMap::new(),
            under_way: HashMap::new(),
            requests: BTreeMap::new(),
            recorders: mocks.into_iter().map(|mock| mock.map(recorder)).collect(),
            ends: Ends::default(),
        };
        Self {
            projects,
            state: Mutex::new(state),
        }
    }

    /// Whose events a route's are, where there are several.
    pub(super) fn project(&self, route: usize) -> Option<&str> {
        let project = self.projects.get(route)?;
        (self.projects.len() > 1).then_some(project)
    }

    /// An event is about to be handed over. Those whose receipts are gone are forgotten once they are decided.
    pub(super) fn begin(&self, number: u64, route: usize, request: Option<WireRequest>, first: u64) {
        let mut state = self.state();
        state.ends.begun += 1;
        let path = request.as_ref().map(|request| request.path);
        if let Some(request) = request {
            state.ends.mapped += 1;
            let key = (route, key(request.path, &request.body));
            state.under_way.entry(key.clone()).or_default().push_back(number);
            state.requests.insert(number, key);
        }
        let passage = Passage {
            route,
            path,
            ..Passage::default()
        };
        state.passages.insert(number, passage);
        state.forget_before(first);
    }

    /// An event is decided.
    pub(super) fn end(&self, number: u64, outcome: Outcome) {
        let mut state = self.state();
        state.catch_up();
        state.ends.count(&outcome);
        if let Some(key) = state.requests.remove(&number)
            && let Some(alike) = state.under_way.get_mut(&key)
        {
            alike.retain(|other| *other != number);
            if alike.is_empty() {
                state.under_way.remove(&key);
            }
        }
        if let Some(passage) = state.passages.get_mut(&number) {
            passage.outcome = Some(outcome);
        }
    }

    /// Reads what was recorded meanwhile.
    pub(super) fn catch_up(&self) {
        self.state().catch_up();
    }

    pub(super) fn passage(&self, number: u64) -> Option<Passage> {
        self.state().passages.get(&number).cloned()
    }

    pub(super) fn ends(&self) -> Ends {
        let state = self.state();
        let under_way = state.requests.keys().filter_map(|number| state.passages.get(number));
        let retrying = under_way.filter(|passage| !passage.requests.is_empty()).count();
        Ends {
            retrying: retrying as u64,
            ..state.ends.clone()
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every statement leaves it valid, so a panic elsewhere can't have broken it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn catch_up(&mut self) {
        for route in 0..self.recorders.len() {
            loop {
                let arrivals = self.recorders[route]
                    .as_mut()
                    .map(Recorder::arrivals)
                    .unwrap_or_default();
                if arrivals.is_empty() {
                    break;
                }
                for arrival in arrivals {
                    self.note(route, arrival);
                }
            }
        }
    }

    fn note(&mut self, route: usize, arrival: Arrival) {
        let Some(alike) = self.under_way.get(&(route, key(&arrival.path, &arrival.body))) else {
            return;
        };
        let Some(passage) = alike.front().and_then(|number| self.passages.get_mut(number)) else {
            return;
        };
        self.ends.recorded += u64::from(arrival.recorded && !passage.recorded);
        self.ends.flagged += u64::from(!arrival.rules.is_empty() && passage.rules.is_empty());
        passage.requests.push(arrival.seq);
        passage.recorded |= arrival.recorded;
        for rule in arrival.rules {
            if !passage.rules.contains(&rule) {
                passage.rules.push(rule);
            }
        }
    }

    /// What is under way is kept: the sender's queue bounds it.
    fn forget_before(&mut self, first: u64) {
        while let Some(oldest) = self.passages.first_entry()
            && *oldest.key() < first
            && oldest.get().outcome.is_some()
        {
            oldest.remove();
        }
    }
}

impl Recorder {
    fn arrivals(&mut self) -> Vec<Arrival> {
        let mut arrivals = self.mock.arrivals_after(self.last, AT_ONCE);
        if arrivals.resets != self.resets {
            self.resets = arrivals.resets;
            self.last = 0;
            arrivals = self.mock.arrivals_after(0, AT_ONCE);
        }
        self.last = arrivals.rows.last().map_or(self.last, |last| last.seq);
        arrivals.rows
    }
}

fn key(path: &str, body: &[u8]) -> Vec<u8> {
    [path.as_bytes(), b"\n", body].concat()
}

impl Ends {
    fn count(&mut self, outcome: &Outcome) {
        self.attempted += u64::from(!outcome.attempts.is_empty());
        let failed = match &outcome.result {
            Delivery::Delivered { .. } => {
                self.delivered += 1;
                return;
            }
            Delivery::Skipped(skip) => {
                *self.skipped.entry(skip.reason.as_str()).or_default() += 1;
                return;
            }
            Delivery::Invalid(_) => "invalid".to_owned(),
            Delivery::Rejected { reason, .. } => reason.to_string(),
            Delivery::Expired { last } => format!("expired: {last}"),
            Delivery::Interrupted => "interrupted".to_owned(),
        };
        *self.failed.entry(failed).or_default() += 1;
    }
}
