//! Small records.

use attribution_ledger::{Headers, Request};
use attribution_report::record::{ConversionRow, Facts, FactsBuilder, VisitRow};
use attribution_report::{Channels, Report, Settings, Spend};
use jiff::Timestamp;

/// A visit of a few words: who, when in minutes since 2024, where to and where from.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) visitor: String,
    pub(crate) minute: i64,
    pub(crate) query: String,
    pub(crate) referrer: Option<String>,
    pub(crate) campaign: Option<String>,
}

/// A conversion of a few words.
#[derive(Clone, Debug)]
pub(crate) struct Conversion {
    pub(crate) visitor: String,
    pub(crate) minute: i64,
    pub(crate) event: String,
    pub(crate) revenue: Option<String>,
}

pub(crate) fn visit(visitor: &str, minute: i64, query: &str) -> Visit {
    Visit {
        visitor: visitor.to_owned(),
        minute,
        query: query.to_owned(),
        referrer: None,
        campaign: None,
    }
}

pub(crate) fn order(visitor: &str, minute: i64, revenue: &str) -> Conversion {
    Conversion {
        visitor: visitor.to_owned(),
        minute,
        event: "Order Completed".to_owned(),
        revenue: Some(revenue.to_owned()),
    }
}

pub(crate) fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_704_067_200 + minute * 60).unwrap()
}

pub(crate) fn facts(visits: &[Visit], conversions: &[Conversion], channels: &Channels, settings: &Settings) -> Facts {
    let mut facts = FactsBuilder::new(channels, settings);
    fill(&mut facts, visits, conversions);
    facts.finish()
}

pub(crate) fn fill(facts: &mut FactsBuilder<'_>, visits: &[Visit], conversions: &[Conversion]) {
    for visit in visits {
        facts.visit(&VisitRow {
            visitor: &visit.visitor,
            at: at(visit.minute),
            url: Some(&format!("https://shop.example/{}", visit.query)),
            referrer: visit.referrer.as_deref(),
            campaign: visit.campaign.as_deref(),
        });
    }
    for conversion in conversions {
        facts.conversion(&ConversionRow {
            visitor: &conversion.visitor,
            at: at(conversion.minute),
            event: &conversion.event,
            revenue: conversion.revenue.as_deref(),
            currency: None,
        });
    }
}

pub(crate) fn report(visits: &[Visit], conversions: &[Conversion], channels: &Channels, settings: &Settings) -> Report {
    let facts = facts(visits, conversions, channels, settings);
    Report::new(&facts, &Spend::default(), channels, settings)
}

/// A request as the classic destination sends it.
pub(crate) fn request(path: &'static str, body: &serde_json::Value) -> Request {
    Request {
        received_at: "2024-03-01T00:00:00Z".parse().unwrap(),
        path: path.into(),
        browser: false,
        headers: Headers::default(),
        encoding: None,
        body: body.to_string().into_bytes().into(),
    }
}
