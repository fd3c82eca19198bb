//! Reports of small records, figure by figure.

use attribution_report::record::{ConversionRow, FactsBuilder, Rows, VisitRow};
use attribution_report::{Channels, Cohorts, Dimension, Direct, Model, Preset, Report, Settings, Spend, Table};
use test_support::snapshots;

use crate::support::{at, facts, order, report, visit};

/// A day in minutes.
const DAY: i64 = 24 * 60;

fn channels() -> Channels {
    Channels::preset(Preset::Attribution)
}

/// Ada's path: Google, Facebook, direct, and an order.
fn ada() -> (Vec<crate::support::Visit>, Vec<crate::support::Conversion>) {
    let visits = vec![
        visit("ada", 0, "?utm_source=google"),
        visit("ada", 7 * DAY, "?utm_source=facebook"),
        visit("ada", 14 * DAY, ""),
    ];
    (visits, vec![order("ada", 14 * DAY + 5, "100.00")])
}

/// Channel by channel, the revenue by each model.
fn revenue(report: &Report) -> Vec<(&str, Vec<i128>)> {
    let rows = report.rows.iter().map(|row| {
        let models = row.figures.models.iter().map(|model| model.revenue);
        (row.group.channel.as_deref().unwrap_or_default(), models.collect())
    });
    rows.collect()
}

#[test]
fn each_model_divides_in_its_own_way() {
    let (visits, orders) = ada();
    let settings = Settings {
        models: Model::all().to_vec(),
        ..Settings::default()
    };
    let report = report(&visits, &orders, &channels(), &settings);
    // First, last, last non-direct, linear, decay of seven days, position 40/20/40, Markov.
    assert_eq!(
        revenue(&report),
        [
            ("Google Ads", vec![10_000, 0, 0, 3_334, 1_429, 4_000, 3_334]),
            ("Facebook", vec![0, 0, 10_000, 3_333, 2_857, 2_000, 3_333]),
            ("direct", vec![0, 10_000, 0, 3_333, 5_714, 4_000, 3_333]),
        ]
    );
}

#[test]
fn direct_visits_can_be_left_out_always_or_from_an_event_on() {
    let (mut visits, orders) = ada();
    visits.push(visit("ada", 1, ""));
    let of = |direct, sign_up: Option<i64>| {
        let settings = Settings {
            direct,
            events: vec!["Order Completed".to_owned()],
            ..Settings::default()
        };
        let sign_up = sign_up.map(|minute| crate::support::Conversion {
            event: "Sign Up".to_owned(),
            ..order("ada", minute, "0")
        });
        let conversions: Vec<_> = orders.iter().cloned().chain(sign_up).collect();
        let report = report(&visits, &conversions, &channels(), &settings);
        let direct = report
            .rows
            .iter()
            .find(|row| row.group.channel.as_deref() == Some("direct"));
        direct.unwrap().figures.models[0].revenue
    };
    let until = || Direct::UntilEvent("Sign Up".to_owned());
    assert_eq!(of(Direct::Included, None), 5_000);
    assert_eq!(of(Direct::Excluded, None), 0);
    assert_eq!(of(until(), None), 5_000, "who never did it keeps all");
    assert_eq!(of(until(), Some(DAY)), 3_333);
    assert_eq!(of(until(), Some(0)), 0);
}

#[test]
fn what_no_visit_can_get_is_unattributed() {
    let visits = [visit("ada", 0, ""), visit("bob", 5, "")];
    let orders = [
        order("ada", 90 * DAY, "1"),
        order("ada", 90 * DAY + 1, "2"),
        order("bob", 4, "4"),
        order("eve", 4, "8"),
    ];
    let found = report(&visits, &orders, &channels(), &Settings::default());
    assert_eq!(revenue(&found), [("direct", vec![100]), ("unattributed", vec![1_400])]);
}

#[test]
fn a_refund_takes_revenue_away_and_is_no_conversion() {
    let visits = [visit("ada", 0, "")];
    let orders = [order("ada", 1, "10"), order("ada", 2, "-4.50")];
    let report = report(&visits, &orders, &channels(), &Settings::default());
    let figures = report.rows[0].figures.models[0];
    assert_eq!((figures.conversions, figures.revenue), (1_000_000_000, 550));
}

#[test]
fn a_company_is_one_visitor() {
    let json = br#"{
        "visits": [
            {"visitor": "ada", "started_at": "2024-01-01T00:00:00Z", "url": "https://a.example/?utm_source=google"},
            {"visitor": "bob", "started_at": "2024-01-02T00:00:00Z", "url": "https://a.example/?utm_source=bing"}
        ],
        "conversions": [{"visitor": "bob", "at": "2024-01-03T00:00:00Z", "event": "Order", "revenue": 10}],
        "identities": [
            {"visitor": "ada", "traits": {"companyId": "acme"}},
            {"visitor": "bob", "traits": {"CompanyId": "acme"}}
        ]
    }"#;
    let (channels, settings) = (channels(), Settings::default());
    let rows = Rows::parse(json).unwrap();
    let of = |by_company| {
        let mut facts = FactsBuilder::new(&channels, &settings);
        rows.fill(&mut facts, by_company);
        Report::new(&facts.finish(), &Spend::default(), &channels, &settings)
    };
    assert_eq!(revenue(&of(false)), [("Google Ads", vec![0]), ("Bing", vec![1_000])]);
    assert_eq!(revenue(&of(true)), [("Google Ads", vec![500]), ("Bing", vec![500])]);
    assert_eq!((of(false).total.visitors, of(true).total.visitors), (2, 1));
}

#[test]
fn revenue_of_another_currency_is_left_out_and_told() {
    let (channels, settings) = (channels(), Settings::default());
    let mut facts = FactsBuilder::new(&channels, &settings);
    for (revenue, currency) in [("5", None), ("5", Some("usd")), ("7", Some("EUR")), ("1e30", Some(" "))] {
        facts.conversion(&ConversionRow {
            visitor: "ada",
            at: at(1),
            event: "Order",
            revenue: Some(revenue),
            currency,
        });
    }
    let report = Report::new(&facts.finish(), &Spend::default(), &channels, &settings);
    let figures = report.total.models[0];
    assert_eq!((figures.conversions, figures.revenue), (4_000_000_000, 1_000));
    assert_eq!(
        report.table().notes,
        [
            "the revenue of 1 in `EUR` is left out: the report is in USD, and nothing is converted",
            "the revenue of 1 is left out: it has more than 18 digits",
        ]
    );
}

fn written(table: &Table) -> String {
    let mut lines = vec![table.columns.join(" | ")];
    let cells = |row: &[attribution_report::Cell]| {
        let cells: Vec<&str> = row.iter().map(attribution_report::Cell::as_str).collect();
        cells.join(" | ")
    };
    lines.extend(table.rows.iter().map(|row| cells(row)));
    lines.push(cells(&table.total));
    lines.join("\n")
}

#[test]
fn a_table_has_spend_beside_what_it_brought() {
    let (mut visits, mut orders) = ada();
    visits[0].campaign = Some("Spring".to_owned());
    visits.push(visit("bob", 3, "?utm_source=google"));
    orders.push(order("bob", 20 * DAY, "20"));
    let settings = Settings {
        models: vec![Model::Linear, Model::LastTouch],
        by: vec![Dimension::Channel, Dimension::Campaign, Dimension::Day],
        ..Settings::default()
    };
    let spend = "date,channel,campaign,spend\n2024-01-01,Google Ads,spring,30\n2024-01-08,Facebook,summer,5.50\n";
    let spend = Spend::parse("spend.csv", spend, &channels(), &settings).unwrap();
    let facts = facts(&visits, &orders, &channels(), &settings);
    let report = Report::new(&facts, &spend, &channels(), &settings);
    let _guard = snapshots("attribution-report");
    insta::assert_snapshot!("by_channel_campaign_and_day", written(&report.table()));
    let cohorts = Cohorts::new(&facts, &spend, &channels(), &settings, 21);
    assert_eq!(cohorts.rows[0].revenue[13..16], [0, 3_334, 3_334]);
    assert_eq!(
        (cohorts.rows[0].break_even(), cohorts.rows[1].break_even()),
        (Some(15), Some(8))
    );
    assert_eq!(cohorts.total.revenue[20], 12_000);
    insta::assert_snapshot!(
        "cohorts",
        written(&Cohorts::new(&facts, &spend, &channels(), &settings, 2).table())
    );
}

#[test]
fn only_the_days_asked_for_count() {
    let settings = Settings {
        by: vec![Dimension::Day],
        from: Some("2024-01-02".parse().unwrap()),
        to: Some("2024-01-02".parse().unwrap()),
        ..Settings::default()
    };
    let channels = channels();
    let mut facts = FactsBuilder::new(&channels, &settings);
    for minute in [DAY - 1, DAY, 2 * DAY - 1, 2 * DAY] {
        facts.visit(&VisitRow {
            visitor: "ada",
            at: at(minute),
            url: Some("https://a.example/"),
            referrer: None,
            campaign: None,
        });
    }
    let report = Report::new(&facts.finish(), &Spend::default(), &channels, &settings);
    assert_eq!(
        (report.rows.len(), report.total.visits, report.total.visitors),
        (1, 2, 1)
    );
    assert_eq!(report.rows[0].group.day, settings.from);
}
