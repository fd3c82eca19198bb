//! What holds of every record.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use attribution_ledger::{EntryVerdict, Journal, Ledger, LedgerConfig, Request};
use attribution_report::record::{ConversionRow, FactsBuilder, Rows, VisitRow};
use attribution_report::{
    Booked, Channels, Cohorts, Dimension, Direct, LiveReport, Model, Preset, Report, Settings, Spend,
};
use proptest::prelude::*;

use crate::support::{Conversion, Visit, at, facts, fill, report, request};

static CHANNELS: LazyLock<Channels> = LazyLock::new(|| Channels::preset(Preset::Analytics));

/// A billionth of so many make one.
const ONE: i128 = 1_000_000_000;

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let query = prop::sample::select(vec![
        "",
        "?utm_source=google&utm_medium=cpc",
        "?utm_medium=email",
        "?fbclid=1",
        "?gclid=2",
        "?page=2",
    ]);
    let referrer = prop::option::of(Just("https://www.google.com/".to_owned()));
    let campaign = prop::option::of("[aAbB]");
    let visit = ("[a-d]", 0..200_000_i64, query, referrer, campaign);
    let visit = visit.prop_map(|(visitor, minute, query, referrer, campaign)| Visit {
        visitor,
        minute,
        query: query.to_owned(),
        referrer,
        campaign,
    });
    prop::collection::vec(visit, 0..25)
}

fn conversions() -> impl Strategy<Value = Vec<Conversion>> {
    let revenue = prop::option::of("-?[1-9][0-9]{0,4}(\\.[0-9]{1,3})?");
    let event = prop::sample::select(vec!["Order Completed", "Sign Up"]);
    let conversion = ("[a-e]", 0..200_000_i64, event, revenue);
    let conversion = conversion.prop_map(|(visitor, minute, event, revenue)| Conversion {
        visitor,
        minute,
        event: event.to_owned(),
        revenue,
    });
    prop::collection::vec(conversion, 0..12)
}

fn settings() -> impl Strategy<Value = Settings> {
    let direct = prop_oneof![
        Just(Direct::Included),
        Just(Direct::Excluded),
        Just(Direct::UntilEvent("Sign Up".to_owned())),
    ];
    let by = prop::sample::subsequence(Dimension::ALL.to_vec(), 0..=4);
    let extra = prop::sample::select(vec!["position:30/5/30/5/30", "time-decay:1h", "position:1/0/9"]);
    let booked = prop_oneof![Just(Booked::OnVisit), Just(Booked::OnConversion)];
    (direct, by, extra, booked, 1..200_i64).prop_map(|(direct, by, extra, booked, days)| Settings {
        models: Model::all().into_iter().chain([extra.parse().unwrap()]).collect(),
        look_back: jiff::SignedDuration::from_hours(days * 24),
        direct,
        by,
        booked,
        ..Settings::default()
    })
}

/// Settings of which none is always the default.
fn every_setting() -> impl Strategy<Value = Settings> {
    let events = prop::option::of(Just("Sign Up".to_owned()));
    let offset = prop::sample::select(vec!["+00:00", "+05:45", "-11:00"]);
    let day = |from: i64| {
        prop::option::of((from..from + 70).prop_map(|day| at(day * 1440).strftime("%F").to_string().parse().unwrap()))
    };
    let currency = prop::sample::select(vec!["USD", "JPY", "KWD"]);
    let others = (
        events,
        offset,
        (day(0), day(70)),
        currency,
        any::<bool>(),
        any::<bool>(),
    );
    (settings(), others).prop_map(
        |(settings, (events, offset, (from, to), currency, markov, by_company))| Settings {
            models: settings
                .models
                .into_iter()
                .filter(|model| markov || model.is_rule_based())
                .collect(),
            look_back: settings.look_back,
            direct: settings.direct,
            booked: settings.booked,
            currency: currency.parse().unwrap(),
            events: events.into_iter().collect(),
            by: settings.by,
            utc_offset: offset.parse().unwrap(),
            from,
            to,
            by_company,
        },
    )
}

fn cents(text: &str) -> i64 {
    attribution_report::money::minor_units(text, 2, attribution_report::money::Rounding::HalfAway).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn models_below_each_other_say_what_they_say_side_by_side(
        visits in visits(), conversions in conversions(), settings in settings(),
    ) {
        let report = report(&visits, &conversions, &CHANNELS, &settings);
        let (wide, long) = (report.table(), report.table_by_model());
        let wide: Vec<_> = wide.rows.iter().map(|row| wide.object(row)).collect();
        let long: Vec<_> = long.rows.iter().map(|row| long.object(row)).collect();
        let models: Vec<String> = settings.models.iter().map(ToString::to_string).collect();
        prop_assert_eq!(long.len(), wide.len() * models.len());
        for (place, row) in long.iter().enumerate() {
            let (model, beside) = (&models[place % models.len()], &wide[place / models.len()]);
            prop_assert_eq!(row["model"].as_str(), Some(model.as_str()));
            for (key, value) in row.iter().filter(|(key, _)| *key != "model") {
                let prefixed = format!("{model} {key}").replace([' ', '-'], "_");
                prop_assert_eq!(Some(value), beside.get(key).or_else(|| beside.get(&prefixed)), "{}", key);
            }
        }
    }

    #[test]
    fn all_credit_adds_up_to_all_conversions_and_all_revenue(
        visits in visits(), conversions in conversions(), settings in settings(),
    ) {
        let report = report(&visits, &conversions, &CHANNELS, &settings);
        let amounts: Vec<i64> = conversions.iter().map(|one| one.revenue.as_deref().map_or(0, cents)).collect();
        let counted = amounts.iter().filter(|amount| **amount >= 0).count() as i128;
        let revenue: i128 = amounts.iter().map(|amount| i128::from(*amount)).sum();
        for model in 0..settings.models.len() {
            let of_rows = |what: fn(&attribution_report::report::ModelFigures) -> i128| -> i128 {
                report.rows.iter().map(|row| what(&row.figures.models[model])).sum()
            };
            prop_assert_eq!(of_rows(|figures| figures.conversions), counted * ONE);
            prop_assert_eq!(of_rows(|figures| figures.revenue), revenue);
            prop_assert_eq!(report.total.models[model].conversions, counted * ONE);
            prop_assert_eq!(report.total.models[model].revenue, revenue);
        }
        prop_assert_eq!(report.rows.iter().map(|row| row.figures.visits).sum::<u64>(), visits.len() as u64);
    }

    #[test]
    fn days_by_an_offset_are_those_of_a_record_that_is_so_much_later(
        visits in visits(), conversions in conversions(), settings in settings(), minutes in -720..=840_i64,
        spent in prop::collection::vec(0..140_u8, 0..5),
    ) {
        let (from, to) = (Some("2024-01-20".parse().unwrap()), Some("2024-04-20".parse().unwrap()));
        let there = Settings { from, to, ..settings };
        let (sign, whole) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
        let utc_offset = format!("{sign}{:02}:{:02}", whole / 60, whole % 60).parse().unwrap();
        let here = Settings { utc_offset, ..there.clone() };
        let later = |minute: i64| minute + minutes;
        let later_visits: Vec<Visit> =
            visits.iter().map(|visit| Visit { minute: later(visit.minute), ..visit.clone() }).collect();
        let later_conversions: Vec<Conversion> =
            conversions.iter().map(|one| Conversion { minute: later(one.minute), ..one.clone() }).collect();
        let row = |day: &u8| format!("{},Organic Search,10\n", at(i64::from(*day) * 1440).strftime("%F"));
        let csv = spent.iter().map(row).fold("date,channel,spend\n".to_owned(), |csv, row| csv + &row);
        let made = |visits: &[Visit], conversions: &[Conversion], settings: &Settings| {
            let facts = facts(visits, conversions, &CHANNELS, settings);
            let spend = Spend::parse("spend.csv", &csv, &CHANNELS, settings).unwrap();
            let report = Report::new(&facts, &spend, &CHANNELS, settings).table();
            let cohorts = Cohorts::new(&facts, &spend, &CHANNELS, settings, 3).table();
            [report, cohorts].map(|table| table.rows.iter().map(|row| table.object(row)).collect::<Vec<_>>())
        };
        prop_assert_eq!(
            made(&visits, &conversions, &here),
            made(&later_visits, &later_conversions, &there)
        );
    }

    #[test]
    fn every_conversion_is_one_whole(visits in visits(), conversions in conversions(), settings in settings()) {
        for conversion in &conversions {
            let alone = report(&visits, std::slice::from_ref(conversion), &CHANNELS, &settings);
            let is_refund = conversion.revenue.as_deref().is_some_and(|revenue| cents(revenue) < 0);
            for model in &alone.total.models {
                prop_assert_eq!(model.conversions, if is_refund { 0 } else { ONE });
            }
        }
    }

    #[test]
    fn no_order_of_arrival_changes_a_report(
        (visits, shuffled) in visits().prop_flat_map(|visits| (Just(visits.clone()), Just(visits).prop_shuffle())),
        (conversions, mixed) in conversions().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        settings in settings(),
    ) {
        prop_assert_eq!(
            report(&visits, &conversions, &CHANNELS, &settings),
            report(&shuffled, &mixed, &CHANNELS, &settings)
        );
    }

    #[test]
    fn another_s_visit_changes_nobody_s_credit(
        visits in visits(), conversions in conversions(), settings in settings(), more in visits(),
    ) {
        let settings = Settings { models: Model::all().into_iter().filter(Model::is_rule_based).collect(), ..settings };
        let theirs: Vec<Conversion> = conversions.into_iter().filter(|one| one.visitor != "z").collect();
        let before = report(&visits, &theirs, &CHANNELS, &settings);
        let stranger = more.into_iter().map(|visit| Visit { visitor: "z".to_owned(), ..visit });
        let after = report(&visits.into_iter().chain(stranger).collect::<Vec<_>>(), &theirs, &CHANNELS, &settings);
        for row in &before.rows {
            let found = after.rows.iter().find(|found| found.group == row.group);
            prop_assert_eq!(found.map(|found| &found.figures.models), Some(&row.figures.models));
        }
        prop_assert_eq!(before.total.models, after.total.models);
    }
}

/// What is told to a report that goes on.
#[derive(Clone, Debug)]
enum Told {
    Visit(Visit),
    Conversion(Conversion),
    Merge(String, String),
    /// A visitor is of this company now, or of none.
    Belongs(String, Option<String>),
    /// The visits of somebody have changed; what they are now comes next, or there are none any more.
    Forget(String),
    /// Nothing: the report is only looked at.
    Look,
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    let merges = prop::collection::vec(("[a-e]", "[a-e]"), 0..4);
    let belongings = prop::collection::vec(("[a-e]", prop::option::weighted(0.8, "[pq]")), 0..6);
    let forgets = prop::collection::vec("[a-e]", 0..4);
    (visits(), conversions(), merges, belongings, forgets, 0..6_usize).prop_flat_map(
        |(visits, conversions, merges, belongings, forgets, looks)| {
            let visits = visits.into_iter().map(Told::Visit);
            let conversions = conversions.into_iter().map(Told::Conversion);
            let merges = merges.into_iter().map(|(from, into)| Told::Merge(from, into));
            let belongings = belongings
                .into_iter()
                .map(|(whose, company)| Told::Belongs(whose, company));
            let forgets = forgets.into_iter().map(Told::Forget);
            let looks = std::iter::repeat_n(Told::Look, looks);
            let all: Vec<Told> = visits
                .chain(conversions)
                .chain(merges)
                .chain(belongings)
                .chain(forgets)
                .chain(looks)
                .collect();
            Just(all).prop_shuffle()
        },
    )
}

/// The report of all this, computed at once under the names that the merges leave.
fn recomputed(told: &[Told], spend: &Spend, settings: &Settings) -> Report {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut companies: BTreeMap<String, String> = BTreeMap::new();
    let name = |names: &BTreeMap<String, String>, id: &str| names.get(id).map_or(id.to_owned(), Clone::clone);
    let (mut visits, mut conversions) = (Vec::new(), Vec::new());
    for one in told {
        match one.clone() {
            Told::Visit(visit) => visits.push(visit),
            Told::Conversion(one) => conversions.push(one),
            Told::Forget(whose) => {
                let whose = name(&names, &whose);
                visits.retain(|visit| name(&names, &visit.visitor) != whose);
            }
            Told::Merge(from, into) => {
                let (from, into) = (name(&names, &from), name(&names, &into));
                if from != into
                    && let Some(company) = companies.remove(&from)
                {
                    companies.entry(into.clone()).or_insert(company);
                }
                for id in ["a", "b", "c", "d", "e"] {
                    if name(&names, id) == from {
                        names.insert(id.to_owned(), into.clone());
                    }
                }
            }
            Told::Belongs(whose, Some(company)) => drop(companies.insert(name(&names, &whose), company)),
            Told::Belongs(whose, None) => drop(companies.remove(&name(&names, &whose))),
            Told::Look => {}
        }
    }
    for visitor in visits.iter_mut().map(|visit| &mut visit.visitor) {
        *visitor = name(&names, visitor);
    }
    for visitor in conversions.iter_mut().map(|conversion| &mut conversion.visitor) {
        *visitor = name(&names, visitor);
    }
    let mut facts = FactsBuilder::new(&CHANNELS, settings);
    for (visitor, company) in companies.iter().filter(|_| settings.by_company) {
        facts.belongs(visitor, company);
    }
    fill(&mut facts, &visits, &conversions);
    Report::new(&facts.finish(), spend, &CHANNELS, settings)
}

fn tell(live: &mut LiveReport<'_>, one: &Told) {
    match one {
        Told::Visit(visit) => {
            live.visit(&VisitRow {
                visitor: &visit.visitor,
                at: at(visit.minute),
                url: Some(&format!("https://shop.example/{}", visit.query)),
                referrer: visit.referrer.as_deref(),
                campaign: visit.campaign.as_deref(),
            });
        }
        Told::Conversion(conversion) => live.conversion(&ConversionRow {
            visitor: &conversion.visitor,
            at: at(conversion.minute),
            event: &conversion.event,
            revenue: conversion.revenue.as_deref(),
            currency: None,
        }),
        Told::Merge(from, into) => live.merge(from, into),
        Told::Belongs(whose, company) => live.belongs(whose, company.as_deref()),
        Told::Forget(whose) => live.forget_visits(whose),
        Told::Look => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_report_that_goes_on_equals_the_one_computed_anew(
        told in told(), settings in every_setting(),
    ) {
        let text = "date,channel,campaign,spend\n2024-01-15,Email,b,3\n2024-02-15,direct,aa,5\n";
        let spend = Spend::parse("spend.csv", text, &CHANNELS, &settings).unwrap();
        let mut live = LiveReport::new(&CHANNELS, &settings);
        for (place, one) in told.iter().enumerate() {
            tell(&mut live, one);
            if matches!(one, Told::Look) || place + 1 == told.len() {
                prop_assert_eq!(live.report(&spend), recomputed(&told[..=place], &spend, &settings));
            }
        }
    }
}

fn reported(requests: impl Iterator<Item = Request>, settings: &Settings) -> Report {
    let mut journal = Journal::new();
    for request in requests {
        journal.append(request, EntryVerdict::Recorded, 200);
    }
    let ledger = Ledger::replay(LedgerConfig::default(), journal.entries());
    let mut facts = FactsBuilder::new(&CHANNELS, settings);
    Rows::from(ledger.report()).fill(&mut facts, false);
    Report::new(&facts.finish(), &Spend::default(), &CHANNELS, settings)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn merging_ids_first_or_last_gives_the_same_report(
        visits in visits(), conversions in conversions(), settings in settings(),
        aliases in prop::collection::vec(("[a-e]", "[a-e]"), 0..4),
    ) {
        let visits = visits.iter().map(|visit| request("/track", &serde_json::json!({
            "user_id": visit.visitor,
            "timestamp": crate::support::at(visit.minute).to_string(),
            "event": "Loaded a Page",
            "properties": {"url": format!("https://shop.example/{}", visit.query), "referrer": visit.referrer},
        })));
        let conversions = conversions.iter().map(|conversion| request("/track", &serde_json::json!({
            "user_id": conversion.visitor,
            "timestamp": crate::support::at(conversion.minute).to_string(),
            "event": conversion.event,
            "properties": {"revenue": conversion.revenue},
        })));
        let aliases = aliases.iter().map(|(from, to)| request("/alias", &serde_json::json!({
            "previous_id": from, "user_id": to,
        })));
        let events: Vec<Request> = visits.chain(conversions).collect();
        let aliases: Vec<Request> = aliases.collect();
        let first = reported(aliases.iter().chain(&events).cloned(), &settings);
        let last = reported(events.iter().chain(&aliases).cloned(), &settings);
        prop_assert_eq!(first, last);
    }
}
