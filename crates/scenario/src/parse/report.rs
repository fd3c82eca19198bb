//! `report:`, at the top of a scenario and in an `expect`: what the report is asked for.
//!
//! The keys are the options of `harness report`, and their values are read by what reads those.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use attribution_report::{NO_PERIOD, period};
use expectation::read::{Fields, REPORT_PARTS, flag, help, quoted, text};
use expectation::tree::{Entry, Node, Shape};
use expectation::{Diagnostic, Section, Sink};
use jiff::civil::Date;

use crate::asked::Asked;

/// What a report can be asked for.
pub(crate) const KEYS: &[&str] = &[
    "by",
    "model",
    "look_back",
    "direct",
    "event",
    "booked",
    "utc_offset",
    "from",
    "to",
    "company",
    "currency",
];

/// The only one that an `expect` can't ask for: the spend was read in the scenario's currency.
const CURRENCY: &str = "currency";

/// `report:` of a scenario. What is not said or mistaken stays unsaid.
pub(super) fn asked(node: &Node, sink: &mut Sink) -> Asked {
    match Fields::of(node, "report", KEYS, sink) {
        Some(fields) => read(fields, sink),
        None => Asked::default(),
    }
}

/// What the `report` of an `expect` is asked for, and the `expect` without that.
pub(super) fn apart<'n>(expect: &'n Node, sink: &mut Sink) -> (Asked, Cow<'n, Node>) {
    let unchanged = (Asked::default(), Cow::Borrowed(expect));
    let Shape::Entries(sections) = &expect.shape else {
        return unchanged;
    };
    let place = sections.iter().position(|entry| entry.key == Section::Report.as_str());
    let Some((place, report)) = place.map(|place| (place, &sections[place].value)) else {
        return unchanged;
    };
    let Shape::Entries(entries) = &report.shape else {
        return unchanged;
    };
    let (settings, claims): (Vec<Entry>, Vec<Entry>) = entries
        .iter()
        .filter(|entry| is_known(entry, sink))
        .cloned()
        .partition(|entry| KEYS.contains(&entry.key.as_str()));
    let fields = Fields {
        at: report.at,
        entries: &settings,
    };
    let asked = read(fields, sink);
    let mut sections = sections.clone();
    sections[place].value.shape = Shape::Entries(claims);
    let shape = Shape::Entries(sections);
    (asked, Cow::Owned(Node { at: expect.at, shape }))
}

fn is_known(entry: &Entry, sink: &mut Sink) -> bool {
    let key = entry.key.as_str();
    if key == CURRENCY {
        let mistake = Diagnostic::new(entry.at, "an `expect` can't change the currency");
        sink.push(mistake.help("write `currency` below the scenario's own `report:`: its spend is read in it"));
        return false;
    }
    let legal: Vec<&str> = [REPORT_PARTS, KEYS].concat();
    let is_known = legal.contains(&key) || Section::Report.keys().contains(&key);
    if !is_known {
        let legal: Vec<&str> = legal.into_iter().filter(|key| *key != CURRENCY).collect();
        let mistake = Diagnostic::new(entry.at, format!("`report` has no key {}", quoted(key)));
        sink.push(mistake.help(help(key, &legal)));
    }
    is_known
}

fn read(fields: Fields<'_>, sink: &mut Sink) -> Asked {
    let mut asked = Asked::default();
    for entry in fields.entries {
        let (node, place) = (&entry.value, format!("report.{}", entry.key));
        match entry.key.as_str() {
            "by" => asked.by = each(node, &place, true, sink),
            "model" => asked.models = each(node, &place, true, sink),
            "event" => asked.events = each(node, &place, false, sink),
            "direct" => asked.direct = one(node, &place, sink),
            "booked" => asked.booked = one(node, &place, sink),
            "currency" => asked.currency = one(node, &place, sink),
            "utc_offset" => asked.utc_offset = one(node, &place, sink),
            "from" => asked.from = date(node, &place, sink),
            "to" => asked.to = date(node, &place, sink),
            "company" => asked.by_company = flag(node, &place, sink),
            "look_back" => asked.look_back = value(node, &place, |text| period(text).ok_or(NO_PERIOD), sink),
            _ => {}
        }
    }
    if let (Some(from), Some(to), Some(node)) = (asked.from, asked.to, fields.get("to"))
        && to < from
    {
        let mistake = Diagnostic::new(node.at, "`report.to` is before `report.from`");
        sink.push(mistake.help("swap the two; both days count"));
    }
    asked
}

/// One value, or a list of them.
fn each<T: FromStr<Err: Display>>(node: &Node, place: &str, some: bool, sink: &mut Sink) -> Option<Vec<T>> {
    let Shape::Items(items) = &node.shape else {
        return one(node, place, sink).map(|one| vec![one]);
    };
    if items.is_empty() && some {
        let mistake = Diagnostic::new(node.at, format!("`{place}` names nothing"));
        sink.push(mistake.help("name at least one, or leave the key out"));
        return None;
    }
    // All are read before any is missed, so that no mistake hides another.
    let read: Vec<Option<T>> = items.iter().map(|item| one(item, place, sink)).collect();
    read.into_iter().collect()
}

fn one<T: FromStr<Err: Display>>(node: &Node, place: &str, sink: &mut Sink) -> Option<T> {
    value(node, place, str::parse, sink)
}

/// A value by what reads it on the command line. Its errors are what to write instead, or that behind what is wrong.
fn value<T, E: Display>(
    node: &Node,
    place: &str,
    read: impl FnOnce(&str) -> Result<T, E>,
    sink: &mut Sink,
) -> Option<T> {
    let text = text(node, place, sink)?;
    read(text)
        .map_err(|error| {
            let told = error.to_string();
            let instead = told.split_once("; ").map_or(told.as_str(), |(_, instead)| instead);
            let mistake = Diagnostic::new(node.at, format!("`{place}` can't be {}", quoted(text)));
            sink.push(mistake.help(instead));
        })
        .ok()
}

fn date(node: &Node, place: &str, sink: &mut Sink) -> Option<Date> {
    let read = |text: &str| {
        let is_date = text.len() == 10;
        text.parse()
            .ok()
            .filter(|_| is_date)
            .ok_or("write a day, as in 2024-01-15")
    };
    value(node, place, read, sink)
}

#[cfg(test)]
mod tests {
    use attribution_report::{Booked, Dimension, Direct, Model, Settings};
    use expectation::Sink;
    use expectation::tree::Node;

    use super::{apart, asked};
    use crate::parse::testing::{good, helps, mistakes};

    #[test]
    fn what_is_not_asked_is_as_in_a_report_that_is_asked_for_nothing() {
        assert_eq!(good("{}", asked).over(&Settings::default()), Settings::default());
    }

    #[test]
    fn every_option_of_the_command_is_a_key() {
        let text = "{ by: [day, channel], model: [first-touch, 'time-decay:14d'], look_back: 36h, company: true, \
                    direct: 'exclude-after:Signed Up', event: Order, booked: conversion, from: 2024-01-15, \
                    to: 2024-01-16, currency: eur, utc_offset: +02:00 }";
        let found = good(text, asked).over(&Settings::default());
        assert_eq!(found.by, [Dimension::Channel, Dimension::Day]);
        assert_eq!(found.models, [Model::FirstTouch, "time-decay:14d".parse().unwrap()]);
        assert_eq!((found.look_back.as_hours(), found.by_company), (36, true));
        assert_eq!(found.direct, Direct::UntilEvent("Signed Up".to_owned()));
        assert_eq!(
            (found.events, found.booked),
            (vec!["Order".to_owned()], Booked::OnConversion)
        );
        assert_eq!(found.currency.code(), "EUR");
        assert_eq!(found.utc_offset.to_string(), "+02:00");
        assert_eq!(
            found.from.zip(found.to).map(|(from, to)| to.day() - from.day()),
            Some(1)
        );
    }

    #[test]
    fn what_can_not_be_asked_is_told_with_what_can() {
        let text = "{ by: chanel, model: [liner, 5], look_back: 90, direct: no, booked: visits, from: 2024-13-01, \
                    currency: euro, event: [], modle: linear, utc_offset: +2:00 }";
        let told: Vec<(String, String)> = mistakes(text, asked).into_iter().zip(helps(text, asked)).collect();
        let expected = [
            ("`report.by` can't be `chanel`", "did you mean `channel`?"),
            ("`report.model` can't be `liner`", "did you mean `linear`?"),
            ("`report.model` must be text, not `5`", "quote it: `model: \"5\"`"),
            (
                "`report.look_back` must be text, not `90`",
                "quote it: `look_back: \"90\"`",
            ),
            (
                "`report.direct` can't be `no`",
                "write include, exclude or exclude-after:EVENT",
            ),
            ("`report.booked` can't be `visits`", "did you mean `visit`?"),
            ("`report.from` can't be `2024-13-01`", "write a day, as in 2024-01-15"),
            (
                "`report.currency` can't be `euro`",
                "a currency is written as its three letters in ISO 4217, as in USD or EUR",
            ),
            ("`report` has no key `modle`", "did you mean `model`?"),
            (
                "`report.utc_offset` can't be `+2:00`",
                "write hours and minutes from -12:00 to +14:00 with their sign, as in +02:00",
            ),
        ];
        for (message, help) in expected {
            let pair = (message.to_owned(), help.to_owned());
            assert!(told.contains(&pair), "{pair:?} is not among {told:#?}");
        }
    }

    #[test]
    fn of_an_expect_only_what_is_claimed_is_left() {
        let text = "{ report: { by: day, rows: [{ day: 2024-01-15 }] }, visits: [] }";
        let (asked, left) = good(text, |node: &Node, sink: &mut Sink| {
            let (asked, left) = apart(node, sink);
            (asked, left.into_owned().to_value().to_string())
        });
        assert_eq!(asked.by, Some(vec![Dimension::Day]));
        assert_eq!(left, r#"{"report":{"rows":[{"day":"2024-01-15"}]},"visits":[]}"#);
        let text = "{ report: { currency: EUR, modle: linear, count: 1 } }";
        let told = mistakes(text, |node, sink| apart(node, sink).0);
        assert_eq!(
            told,
            ["an `expect` can't change the currency", "`report` has no key `modle`"]
        );
    }
}
