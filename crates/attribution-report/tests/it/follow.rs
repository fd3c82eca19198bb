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
    Rows::from(ledger.report()).fill(&mut facts, settings.by_company);
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
        self.same().total.visits
    }

    /// How many visitors there are, whoever says so.
    fn visitors(&mut self) -> u64 {
        self.same().total.visitors
    }

    fn same(&mut self) -> Report {
        let (live, anew) = self.look();
        assert_eq!(live, anew);
        live
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

fn works_at(user: &str, company: &Value) -> Request {
    request("/identify", &json!({"user_id": user, "traits": {"companyId": company}}))
}

#[test]
fn whoever_is_told_to_belong_to_a_company_counts_as_it_with_all_they_did() {
    let settings = Settings {
        by_company: true,
        ..Settings::default()
    };
    let mut both = Both::new(&settings);
    for (minute, user) in [(0, "ada"), (5, "bob"), (9, "eve")] {
        both.apply(page(json!({"user_id": user}), minute, "?utm_medium=email"));
    }
    assert_eq!(both.visitors(), 3);
    both.apply(works_at("ada", &json!("acme")));
    assert_eq!(both.visitors(), 3);
    both.apply(works_at("bob", &json!("acme")));
    assert_eq!(both.visitors(), 2, "two are of one company");
    both.apply(works_at("eve", &json!(7)));
    both.apply(request(
        "/track",
        &json!({"user_id": "bob", "timestamp": at(60).to_string(), "event": "Order Completed", "properties": {"revenue": 8}}),
    ));
    assert_eq!(
        both.same().rows[0].figures.models[0].revenue,
        800,
        "to what both visited"
    );
    both.apply(works_at("bob", &json!(7)));
    assert_eq!(both.visitors(), 2, "one has gone over to another");
    both.apply(works_at("eve", &json!(null)));
    assert_eq!(both.visitors(), 3, "one has left");
    both.apply(request("/alias", &json!({"previous_id": "eve", "user_id": "ada"})));
    assert_eq!(both.visitors(), 2, "of one person, what was told last counts");
    both.apply(works_at("ada", &json!(7)));
    assert_eq!(both.visitors(), 1, "all are of one company");
}

#[test]
fn a_company_s_direct_visits_end_with_the_first_event_of_anyone_in_it() {
    let settings = Settings {
        by_company: true,
        direct: Direct::UntilEvent("Sign Up".to_owned()),
        ..Settings::default()
    };
    let mut both = Both::new(&settings);
    let track = |user: &str, minute, event: &str| {
        let body =
            json!({"user_id": user, "timestamp": at(minute).to_string(), "event": event, "properties": {"revenue": 6}});
        request("/track", &body)
    };
    both.apply(page(json!({"user_id": "ada"}), 50, ""));
    both.apply(track("ada", 90, "Order Completed"));
    both.apply(works_at("ada", &json!("acme")));
    let direct = |report: &Report| {
        let row = report
            .rows
            .iter()
            .find(|row| row.group.channel.as_deref() == Some("direct"));
        row.unwrap().figures.models[0].revenue
    };
    assert_eq!(direct(&both.same()), 600);
    both.apply(track("bob", 10, "Sign Up"));
    assert_eq!(direct(&both.same()), 600);
    both.apply(works_at("bob", &json!("acme")));
    assert_eq!(direct(&both.same()), 0, "it was signed up before the visit");
    both.apply(works_at("bob", &json!("")));
    assert_eq!(direct(&both.same()), 600, "they have left");
}

fn ids() -> impl Strategy<Value = Value> {
    let id = || prop::sample::select(vec!["a", "b", "c"]);
    prop_oneof![
        id().prop_map(|cookie| json!({"cookie_id": cookie})),
        id().prop_map(|user| json!({"user_id": user})),
        (id(), id()).prop_map(|(user, cookie)| json!({"user_id": user, "cookie_id": cookie})),
    ]
}

/// What is told of somebody: a company in any letter case, that there is none any more, or nothing of one.
fn traits() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec!["companyId", "companyId", "CompanyId", "plan"]);
    let company = prop::sample::select(vec![
        json!("acme"),
        json!("7"),
        json!(7),
        json!(""),
        json!(null),
        json!(["acme"]),
    ]);
    (key, company).prop_map(|(key, company)| json!({ key: company }))
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
        3 => (ids(), traits()).prop_map(|(ids, traits)| request("/identify", &merged(ids, json!({"traits": traits})))),
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
        until_sign_up in any::<bool>(), markov in any::<bool>(), by_company in any::<bool>(),
    ) {
        let settings = Settings {
            models: Model::all().into_iter().filter(|model| markov || model.is_rule_based()).collect(),
            direct: if until_sign_up { Direct::UntilEvent("Sign Up".to_owned()) } else { Direct::Included },
            by: Dimension::ALL.to_vec(),
            by_company,
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
