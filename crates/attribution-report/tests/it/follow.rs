//! A report that goes on with a ledger, whose visits change with every page view that arrives late.

use std::sync::LazyLock;

use attribution_ledger::{EntryVerdict, Follower, Journal, Ledger, LedgerConfig, Request};
use attribution_report::record::{FactsBuilder, Rows};
use attribution_report::{Channels, Dimension, Direct, LiveReport, Model, Preset, Report, Settings, Spend};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{at, request};

static CHANNELS: LazyLock<Channels> = LazyLock::new(|| Channels::preset(Preset::Analytics));

/// The report of all that a ledger has recorded.
fn recomputed(ledger: &Ledger, spend: &Spend, settings: &Settings) -> Report {
    let mut facts = FactsBuilder::new(&CHANNELS, settings);
    Rows::from(ledger.report()).fill(&mut facts, false);
    Report::new(&facts.finish(), spend, &CHANNELS, settings)
}

/// A ledger and the report that goes on with it.
struct Both<'a> {
    settings: &'a Settings,
    spend: Spend,
    journal: Journal,
    ledger: Ledger,
    follower: Follower,
    live: LiveReport<'a>,
}

impl<'a> Both<'a> {
    fn new(settings: &'a Settings) -> Self {
        let text = "date,channel,campaign,spend\n2024-01-01,Email,b,3\n2024-01-02,direct,aa,5\n";
        Self {
            settings,
            spend: Spend::parse("spend.csv", text, &CHANNELS, settings).unwrap(),
            journal: Journal::new(),
            ledger: Ledger::new(LedgerConfig::default()),
            follower: Follower::default(),
            live: LiveReport::new(&CHANNELS, settings),
        }
    }

    fn apply(&mut self, request: Request) {
        let entry = self.journal.append(request, EntryVerdict::Recorded, 200);
        self.ledger.apply(entry);
    }

    /// The report as it goes on, and the same computed anew.
    fn look(&mut self) -> (Report, Report) {
        let Self {
            ledger, follower, live, ..
        } = self;
        ledger.changes(follower, |change| live.follow(&change));
        (live.report(&self.spend), recomputed(ledger, &self.spend, self.settings))
    }

    /// How many visits there are, whoever says so.
    fn visits(&mut self) -> u64 {
        let (live, anew) = self.look();
        assert_eq!(live, anew);
        live.total.visits
    }
}

fn page(ids: Value, minute: i64, query: &str) -> Request {
    let body = json!({
        "timestamp": at(minute).to_string(),
        "event": "Loaded a Page",
        "properties": {"url": format!("https://shop.example/{query}")},
    });
    request("/track", &merged(ids, body))
}

fn merged(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}

#[test]
fn a_late_page_view_makes_other_visits_of_old_ones() {
    let settings = Settings {
        by: vec![Dimension::Channel, Dimension::Day],
        ..Settings::default()
    };
    let cookie = || json!({"cookie_id": "c"});
    let mut both = Both::new(&settings);
    both.apply(page(cookie(), 30, "?utm_medium=email"));
    both.apply(page(cookie(), 65, ""));
    let order = json!({
        "cookie_id": "c", "timestamp": at(70).to_string(), "event": "Order Completed", "properties": {"revenue": 9.9},
    });
    both.apply(request("/track", &order));
    assert_eq!(both.visits(), 2);
    both.apply(page(cookie(), 50, ""));
    assert_eq!(both.visits(), 1, "it joins two");
    both.apply(page(cookie(), 10, ""));
    assert_eq!(both.visits(), 2, "it begins one, which the campaign ends");
    both.apply(page(cookie(), 55, "?gclid=1"));
    assert_eq!(both.visits(), 3, "it cuts one");
    both.apply(page(cookie(), 90, ""));
    assert_eq!(both.visits(), 3, "it prolongs one");
}

#[test]
fn a_late_merge_makes_one_visit_of_two_persons_in_one_browser() {
    let settings = Settings::default();
    let mut both = Both::new(&settings);
    let ids = |user: &str| json!({"user_id": user, "cookie_id": "shared"});
    for (minute, user) in [(0, "u"), (10, "v"), (20, "u")] {
        both.apply(page(ids(user), minute, ""));
    }
    assert_eq!(both.visits(), 2);
    both.apply(request("/alias", &json!({"previous_id": "u", "user_id": "v"})));
    assert_eq!(both.visits(), 1);
}

fn ids() -> impl Strategy<Value = Value> {
    let id = || prop::sample::select(vec!["a", "b", "c"]);
    prop_oneof![
        id().prop_map(|cookie| json!({"cookie_id": cookie})),
        id().prop_map(|user| json!({"user_id": user})),
        (id(), id()).prop_map(|(user, cookie)| json!({"user_id": user, "cookie_id": cookie})),
    ]
}

/// A call of any time, so that it comes late as often as not.
fn call() -> impl Strategy<Value = Request> {
    let query = prop::sample::select(vec![
        "",
        "",
        "?utm_medium=email&utm_campaign=b",
        "?utm_campaign=A",
        "?gclid=2",
    ]);
    let event = prop::sample::select(vec!["Order Completed", "Sign Up"]);
    let currency = prop::sample::select(vec![json!(null), json!("USD"), json!("EUR")]);
    prop_oneof![
        8 => (ids(), 0..240_i64, query).prop_map(|(ids, minute, query)| page(ids, minute, query)),
        4 => (ids(), 0..240_i64, event, -99..999_i32, currency).prop_map(|(ids, minute, event, revenue, currency)| {
            let properties = json!({"revenue": revenue, "currency": currency});
            let body = json!({"timestamp": at(minute).to_string(), "event": event, "properties": properties});
            request("/track", &merged(ids, body))
        }),
        1 => ids().prop_map(|ids| request("/identify", &merged(ids, json!({"traits": {}})))),
        1 => ("[a-d]", "[a-d]").prop_map(|(from, to)| {
            request("/alias", &json!({"previous_id": from, "user_id": to}))
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_report_that_follows_a_ledger_equals_the_one_computed_anew(
        calls in prop::collection::vec((call(), any::<bool>()), 0..25),
        until_sign_up in any::<bool>(), markov in any::<bool>(),
    ) {
        let settings = Settings {
            models: Model::all().into_iter().filter(|model| markov || model.is_rule_based()).collect(),
            direct: if until_sign_up { Direct::UntilEvent("Sign Up".to_owned()) } else { Direct::Included },
            by: Dimension::ALL.to_vec(),
            ..Settings::default()
        };
        let mut both = Both::new(&settings);
        for (request, looks) in calls {
            both.apply(request);
            if looks {
                let (live, anew) = both.look();
                prop_assert_eq!(live, anew);
            }
        }
        let (live, anew) = both.look();
        prop_assert_eq!(live, anew);
    }
}
